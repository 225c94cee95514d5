"""Builds small C programs around parser/ for tests, and runs them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARSER = ROOT / "parser"
CC = os.environ.get("CC", "cc")


def compiler() -> list[str]:
    """The C compiler as a command; without one the test is skipped."""
    command = CC.split()
    if not shutil.which(command[0]):
        pytest.skip("no C compiler")
    if not PARSER.is_dir():
        pytest.skip("no parser sources beside the tests")
    return command


def build(folder: Path, name: str, sources: list[Path], flags: tuple[str, ...] = ()) -> Path:
    """A program of SOURCES and the whole parser (but its cdump command)."""
    program = folder / name
    parser = [path for path in sorted(PARSER.glob("*.c")) if path.name != "cdump.c"]
    subprocess.run(
        [*compiler(), "-std=c11", "-g", "-O1", *flags, f"-I{PARSER}", "-o", program]
        + [*sources, *parser, "-lm"],
        check=True,
    )
    return program


def output(program: Path, *arguments: object, text: str = "") -> str:
    """What PROGRAM prints, given TEXT; it must end well."""
    done = subprocess.run(
        [program, *map(str, arguments)],
        input=text,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout
