"""doc/reference/cffi-surface.md: the tests that it names exist and run in the modes that it says,
and no method is left out; doc/compiled-modules.md: the tests exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from cffi_core import FFI

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "doc" / "reference" / "cffi-surface.md"
if not PAGE.exists():
    pytest.skip("no doc/ beside the tests", allow_module_level=True)
TEXT = PAGE.read_text(encoding="utf-8")
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and "::" in line]
MODES = {"every", "in line", "Python module", "verify", "module", "no matter"}


@cache
def functions_of(name):
    """The functions and methods of a file: name -> what it takes; classes: -> of all methods."""
    tree = ast.parse((HERE / name).read_text(encoding="utf-8"))
    found = {}
    for node in tree.body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        methods = [m for m in members if isinstance(m, ast.FunctionDef)]
        found |= {m.name: taken(m) for m in methods}
        if isinstance(node, ast.ClassDef):
            found[node.name] = {a for m in methods for a in taken(m)}
    return found


def taken(function):
    """A function's arguments, and the list of modes.py that a fixture is made for."""
    lists = {m for d in function.decorator_list for m in re.findall(r"\w+_MODES", ast.unparse(d))}
    return lists | {a.arg for a in function.args.args}


def in_every_mode(file, test):
    """Does it use, by a fixture of its file or not, one of those that have a mode?"""
    waiting, seen = set(functions_of(file)[test]), set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        found = functions_of(file).get(name) or functions_of("conftest.py").get(name, set())
        waiting |= found - seen
    return bool(seen & {"declare", "opener", "LIBRARY_MODES"})


def cells(row):
    """item, modes, shown by."""
    _, *cells, _ = re.split(r"(?<!\\)\|", row)
    return [cell.strip() for cell in cells]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: cells(row)[0])
def test_a_row(row):
    _, modes, shown = cells(row)
    named = re.findall(r"`(test_\w+\.py)::(\w+)`", shown)
    assert named and len(named) == shown.count("`") // 2
    for file, test in named:
        assert test.startswith(("test_", "Test")) and test in functions_of(file), test
    assert set(modes.split(", ")) <= MODES
    assert any(in_every_mode(*one) for one in named) == ("every" in modes)


def test_what_is_promised_of_compiled_modules_is_tested():
    text = (PAGE.parent.parent / "compiled-modules.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+\.py)::(\w+)`", text)
    assert len(named) == text.count("::") > 80
    assert not [f"{file}::{test}" for file, test in named if test not in functions_of(file)]


def test_every_method_has_a_row():
    assert len(ROWS) > 100
    named = set(re.findall(r"\w+", " ".join(cells(row)[0] for row in ROWS)))
    public = {name for name in dir(FFI) if not name.startswith("_")}
    ours = {"cdef_header"}
    missing = public - named - ours - {n for n in public if n.startswith("RTLD_")}
    assert not missing
