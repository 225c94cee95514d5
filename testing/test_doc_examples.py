"""The documentation runs: every ```python block of doc/ and README.md, page by page.

The blocks of a page run from top to bottom in one namespace.  What they claim is checked,
in the notation that doc/index.md explains:

    EXPRESSION  # -> the result's repr()
    STATEMENT   # raises ValueError: the message

A claim may also stand alone on the line under its statement, and goes on in comment lines
indented by four spaces or more: the lines of a message; of a result, one line.  In
the text of a claim `...` stands for anything.
"""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("doc/**/*.md"))]
FENCE = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
CLAIM = re.compile(r"#\s*(->|raises)\s(.*)")
MORE = re.compile(r"#    (.*)")


class Comments:
    """The comments of one block: what each line claims, and which claims were checked."""

    def __init__(self, code: str) -> None:
        self.text: dict[int, str] = {}
        self.alone: set[int] = set()
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.COMMENT:
                self.text[token.start[0]] = token.string
                if not token.line[: token.start[1]].strip():
                    self.alone.add(token.start[0])
        self.unchecked = {line for line, text in self.text.items() if CLAIM.match(text)}

    def claim_of(self, statement: ast.stmt) -> tuple[str, str] | None:
        """(kind, text) of what is claimed of a statement, or None."""
        line = statement.end_lineno
        if line not in self.unchecked:
            line += 1
            if line not in self.unchecked or line not in self.alone:
                return None
        self.unchecked.remove(line)
        kind, text = CLAIM.match(self.text[line]).groups()
        lines = [text.rstrip()]
        while (line := line + 1) in self.alone and (more := MORE.match(self.text[line])):
            lines.append(more[1].rstrip())
        return kind, "\n".join(lines)


def agrees(found: str, claimed: str) -> bool:
    pattern = ".*".join(map(re.escape, claimed.split("...")))
    return re.fullmatch(pattern, "\n".join(map(str.rstrip, found.splitlines())), re.S) is not None


def run_statement(statement: ast.stmt, claim, where: str, namespace: dict) -> None:
    kind, text = claim or ("", "")
    if kind == "->":
        assert isinstance(statement, ast.Expr), f"{where}: `# ->` belongs to an expression"
        code = compile(ast.Expression(statement.value), where.rpartition(":")[0], "eval")
        found = repr(eval(code, namespace))
        one_line = " ".join(text.split("\n"))
        assert agrees(found, one_line), f"{where}: found {found}, the page claims {one_line}"
        return
    code = compile(ast.Module([statement], []), where.rpartition(":")[0], "exec")
    try:
        exec(code, namespace)
    except Exception as error:
        found = f"{type(error).__name__}: {error}"
        if kind != "raises":
            raise
        assert agrees(found, text), f"{where}: found\n{found}\nthe page claims\n{text}"
    else:
        assert kind != "raises", f"{where}: nothing raised, the page claims {text}"


def run_page(page: Path) -> int:
    """Runs a page's blocks; how many there were."""
    text = page.read_text(encoding="utf-8")
    namespace = {"__name__": page.stem}
    blocks = list(FENCE.finditer(text))
    for block in blocks:
        first = text.count("\n", 0, block.start(1))
        comments = Comments(block[1])
        for statement in ast.parse(block[1]).body:
            claim = comments.claim_of(statement)
            ast.increment_lineno(statement, first)
            run_statement(statement, claim, f"{page}:{statement.lineno}", namespace)
        lines = sorted(first + line for line in comments.unchecked)
        assert not lines, f"{page}: claims that belong to no top-level statement, lines {lines}"
    return len(blocks)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # what examples write goes there
    count = run_page(page)
    if page.parent.name == "guide":
        assert count, "a page of the guide without an example"


def test_fences_are_closed_and_named():
    """A block is python (it runs), c, sh or text: no block escapes by a slip of the pen."""
    for page in PAGES:
        opening = True
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith("```"):
                known = line[3:] in ("python", "c", "sh", "text") if opening else line == "```"
                assert known, f"{page}:{number}: {line}"
                opening = not opening
        assert opening, f"{page}: a block is not closed"


def test_links_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page}: {target}"


@pytest.mark.parametrize("claim", ["2", "...4", "'3'"])
def test_a_wrong_claim_is_noticed(tmp_path, claim):
    page = tmp_path / "page.md"
    page.write_text(f"```python\n1 + 2  # -> {claim}\n```\n")
    with pytest.raises(AssertionError, match="the page claims"):
        run_page(page)


def test_a_missing_exception_is_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```python\nx = 1  # raises ValueError: ...\n```\n")
    with pytest.raises(AssertionError, match="nothing raised"):
        run_page(page)


def test_a_claim_inside_a_block_statement_is_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```python\nif True:\n    1 + 1  # -> 3\n    x = 1\n```\n")
    with pytest.raises(AssertionError, match="belong"):
        run_page(page)
