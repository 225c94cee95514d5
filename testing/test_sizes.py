"""Sizes that keep the code readable: lines a file, lines a function, columns.

OVERSIZE names what is too large all the same. The list only shrinks: an entry
that is no longer needed fails the test too.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES = 800
FUNCTION_LINES = 100
FUNCTION_LINES_P95 = 50
COLUMNS = {".c": 80, ".h": 80, ".def": 80, ".py": 100}
FOLDERS = ["c", "parser", "verifier", "cache", "cffi_core", "testing"]

# An empty line, the end of a comment, of a declaration or body, a directive.
ENDS_BEFORE_SIGNATURE = re.compile(r"^$|[*]/$|[;}]$|^#")

# "path" or "path:function" -> why it is so large.
OVERSIZE: dict[str, str] = {}


def sources() -> list[Path]:
    """Our source files. The goldens are texts to parse, not code; the frozen stubs were emitted."""
    found = [ROOT / "setup.py"]
    for folder in FOLDERS:
        found += [
            path
            for path in (ROOT / folder).rglob("*")
            if path.suffix in COLUMNS
            and not path.is_relative_to(ROOT / "testing" / "decls")
            and not path.match("testing/stubs/contract-*.c")
        ]
    return sorted(found)


def c_functions(text: str) -> Iterator[tuple[str, int]]:
    """(name, lines) of every function: our style puts its brace alone on a line."""
    start, name = 0, ""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line == "{":
            start = number
            # The signature stands directly above, after what is not part of it.
            while start > 0 and not ENDS_BEFORE_SIGNATURE.search(lines[start - 1]):
                start -= 1
            name = " ".join(lines[start:number]).partition("(")[0].split(" ")[-1].lstrip("*")
        elif line == "}" and name:
            yield name, number - start + 1
            name = ""


def python_functions(text: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.end_lineno - node.lineno + 1


def functions(path: Path) -> list[tuple[str, int]]:
    text = path.read_text()
    return list(python_functions(text) if path.suffix == ".py" else c_functions(text))


def too_large() -> dict[str, int]:
    found = {}
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        length = len(path.read_text().splitlines())
        if length > FILE_LINES:
            found[name] = length
        for function, lines in functions(path):
            if lines > FUNCTION_LINES:
                found[f"{name}:{function}"] = lines
    return found


def test_files_and_functions_are_small():
    surprises = {name: n for name, n in too_large().items() if name not in OVERSIZE}
    assert not surprises, "too long; split them, do not list them"


def test_exceptions_are_still_needed():
    assert not OVERSIZE.keys() - too_large().keys(), "small enough now: take it off the list"


def test_all_but_a_few_functions_fit_on_a_screen():
    c_files = [path for path in sources() if path.suffix == ".c"]
    sizes = sorted(lines for path in c_files for _, lines in functions(path))
    if not sizes:
        pytest.skip("no C functions in this tree")
    assert sizes[int(len(sizes) * 0.95)] <= FUNCTION_LINES_P95


def test_lines_fit():
    wide = []
    for path in sources():
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if len(line.expandtabs()) > COLUMNS[path.suffix]:
                wide.append(f"{path.relative_to(ROOT)}:{number}: {len(line)} columns")
    assert not wide


def test_the_c_scanner_sees_functions():
    """The scanner above, on a text where the answer is known."""
    text = """
int a;
/* Of two lines. */
static int *f(int x,
              int y)
{
    if (x) {
    }
    return y;
}

struct s {
    int x;
};
void g(void)
{
}
"""
    assert list(c_functions(text)) == [("f", 7), ("g", 3)]
