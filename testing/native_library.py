"""The tests' own C library: testing/clib/*.c, compiled once a session.

Each header there is read by C and by ffi.cdef() alike.
"""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parent / "clib"


def compiler() -> list[str]:
    """The words of the C compiler's command; without one the test is skipped."""
    words = shlex.split(os.environ.get("CC", "cc"))
    if not shutil.which(words[0]):
        pytest.skip("no C compiler")
    return words


def compile_library(folder: Path, name: str, *sources: Path, flags: tuple[str, ...] = ()) -> Path:
    """A shared library of C sources in FOLDER."""
    path = folder / f"{name}.so"
    subprocess.run(
        [*compiler(), "-std=gnu11", "-O1", "-g", "-shared", "-fPIC", *flags]
        + [f"-I{SOURCES}", "-o", path, *sources, "-lpthread", "-lm"],
        check=True,
    )
    return path


def header(name: str) -> str:
    return (SOURCES / name).read_text()
