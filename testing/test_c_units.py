"""The parser's C unit tests: testing/c/test_*.c, with the sanitizers where there are any."""

from pathlib import Path

import pytest
from native import ROOT, build, checked, output

TESTS = sorted((ROOT / "testing" / "c").glob("test_*.c"))
DECLS = sorted((ROOT / "testing" / "decls").glob("*.h"))


@pytest.mark.parametrize("source", TESTS, ids=lambda path: path.stem)
def test_unit(source: Path, tmp_path: Path) -> None:
    program = build(tmp_path, source.stem, [source], checked())
    output(program)
    if source.name == "test_table.c":  # each golden, made to fail behind each of its tokens
        output(program, *DECLS)
