"""doc/reference/cffi-surface.md: the tests that it names exist, and no method is left out."""

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
# What the page leaves to that of FFI: it needs a compiler, or is its result.
COMPILING = {
    *("set_source", "set_source_pkgconfig", "compile", "emit_c_code", "emit_python_code"),
    *("distutils_extension", "verify", "def_extern", "embedding_api", "embedding_init_code"),
}


@cache
def names_in(name):
    """The tests, and the classes of tests, in a file."""
    tree = ast.parse((HERE / name).read_text(encoding="utf-8"))
    return {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }


def test_every_row_has_tests_that_exist():
    assert len(ROWS) > 70
    for row in ROWS:
        _, item, shown, _ = re.split(r"(?<!\\)\|", row)
        named = re.findall(r"`(test_\w+\.py)::(\w+)`", shown)
        assert named and len(named) == shown.count("`") // 2, row
        for file, test in named:
            assert test.startswith(("test_", "Test")) and test in names_in(file), (item, test)


def test_every_method_has_a_row():
    items = " ".join(row.split("|")[1] for row in ROWS)
    named = set(re.findall(r"\w+", items))
    public = {name for name in dir(FFI) if not name.startswith("_")}
    missing = public - named - COMPILING - {n for n in public if n.startswith("RTLD_")}
    assert not missing
