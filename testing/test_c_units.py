"""The parser's C unit tests: testing/c/test_*.c, with the sanitizers where there are any.

CD_DEBUG_MOVE moves every scratch buffer when it grows, so that a stale pointer is found.
"""

import functools
import subprocess
import tempfile
from pathlib import Path

import pytest
from cdump import CC, ROOT

TESTS = sorted((ROOT / "testing" / "c").glob("test_*.c"))
DECLS = sorted((ROOT / "testing" / "decls").glob("*.h"))
SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
WARNINGS = ["-Wall", "-Wextra", "-Werror"]


@functools.cache
def sanitizers() -> list[str]:
    """The switches, if the compiler has the sanitizers' libraries."""
    with tempfile.TemporaryDirectory() as folder:
        source, binary = Path(folder, "a.c"), Path(folder, "a")
        source.write_text("int main(void) { return 0; }\n")
        built = subprocess.run([*CC, *SANITIZE, source, "-o", binary], capture_output=True)
        if built.returncode == 0 and subprocess.run([binary]).returncode == 0:
            return SANITIZE
    return []


def compile_test(source: Path, folder: Path) -> Path:
    binary = folder / source.stem
    parser = [path for path in sorted((ROOT / "parser").glob("*.c")) if path.name != "cdump.c"]
    paths = [f"-I{ROOT / 'parser'}", f"-I{source.parent}", *parser, source, "-o", binary]
    options = ["-std=c11", "-O1", "-g", "-DCD_DEBUG_MOVE", *WARNINGS, *sanitizers()]
    subprocess.run([*CC, *options, *paths], check=True)
    return binary


@pytest.mark.parametrize("source", TESTS, ids=lambda path: path.stem)
def test_unit(source: Path, tmp_path: Path) -> None:
    binary = compile_test(source, tmp_path)
    done = subprocess.run([binary], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    if source.name == "test_table.c":  # each golden, made to fail behind each of its tokens
        done = subprocess.run([binary, *DECLS], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
