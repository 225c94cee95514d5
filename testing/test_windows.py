"""What Windows alone has, as far as a cross compiler shows: every file is C for it."""

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
from conftest import FULL
from native import ROOT

COMPILER = shutil.which("x86_64-w64-mingw32-gcc")
HEADERS = Path(sysconfig.get_path("include"))
# Debian's stands for those of several architectures, none of them Windows.
OTHERS = (HEADERS / "pyconfig.h").exists() and "multiarch" in (HEADERS / "pyconfig.h").read_text()
pytestmark = [
    pytest.mark.skipif(COMPILER is None, reason="there is no MinGW here"),
    pytest.mark.skipif(OTHERS, reason="the headers of this Python do without Windows"),
]

FILES = sorted([*ROOT.glob("c/*.c"), *ROOT.glob("parser/*.c")])
OWN = [path for path in FILES if "_WIN32" in path.read_text()]  # has lines for Windows


def compiled(files: list[Path], *options: str) -> str:
    """What the compiler says, or prints, of files; with the headers of this Python."""
    include = [ROOT / "parser", ROOT / "c", ROOT / "verifier", HEADERS]
    command = [COMPILER, "-std=c11", "-Wall", "-Wextra", "-Wno-missing-field-initializers"]
    command += ["-D_WIN32_WINNT=0x0601", "-include", str(ROOT / "testing/windows/pyconfig.h")]
    command += [f"-I{path}" for path in include] + [*options, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stderr + done.stdout


@pytest.mark.skipif(not any((ROOT / "c").glob("*.c")), reason="no sources beside the tests")
def test_files_compile():
    files = FILES if FULL else OWN
    without_libffi = [path for path in files if "#include <ffi.h>" not in path.read_text()]
    assert compiled(without_libffi, "-fsyntax-only") == ""


def test_getwinerror_is_there():
    text = compiled([ROOT / "c" / "ffi.c"], "-E")
    assert re.search(r'\{"getwinerror", \(PyCFunction\)', text)
