"""The C unit tests: testing/c/test_*.c, with the sanitizers where there are any.

They test the parser alone, but test_stub*.c: what makes a table of a compiled stub.
"""

from pathlib import Path

import pytest
from native import ROOT, STUB_HEADERS, STUB_SOURCES, build, checked, output

TESTS = sorted((ROOT / "testing" / "c").glob("test_*.c"))
DECLS = sorted((ROOT / "testing" / "decls").glob("*.h"))


@pytest.mark.parametrize("source", TESTS, ids=lambda path: path.stem)
def test_unit(source: Path, tmp_path: Path) -> None:
    if source.stem.startswith("test_stub"):
        sources = [source, *STUB_SOURCES]
        program = build(tmp_path, source.stem, sources, checked(), STUB_HEADERS)
    else:
        program = build(tmp_path, source.stem, [source], checked())
    output(program)
    if source.name == "test_table.c":  # each golden, made to fail behind each of its tokens
        output(program, *DECLS)
