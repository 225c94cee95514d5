"""Builds small C programs around parser/ for tests, and runs them."""

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARSER = ROOT / "parser"
FUZZ = ROOT / "testing" / "fuzz"
STUBS = ROOT / "testing" / "stubs"
# What makes a table of a stub, without Python, and stubs written by hand.
STUB_SOURCES = [
    *(
        ROOT / "c" / f"stub_{name}.c"
        for name in ("asserts", "check", "facts", "source", "types")
    ),
    # Stubs of all contracts have one name; the oldest is the one that is hard to read.
    *sorted(set(STUBS.glob("*.c")) - set(STUBS.glob("contract-*.c"))),
    STUBS / "contract-1.0.c",
]
STUB_HEADERS = (ROOT / "c", ROOT / "verifier", STUBS)
COMMON = ("-std=c11", "-g", "-O1", "-Wall", "-Wextra", "-Werror")
SANITIZE = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
CC = os.environ.get("CC", "gcc")


def compiler() -> list[str]:
    """The C compiler as a command; without one the test is skipped."""
    command = CC.split()
    if not shutil.which(command[0]):
        pytest.skip("no C compiler")
    if not PARSER.is_dir():
        pytest.skip("no parser sources beside the tests")
    return command


@functools.cache
def checked() -> tuple[str, ...]:
    """The flags of a build that finds errors: the sanitizers, where their libraries are.

    CD_DEBUG_MOVE moves every scratch buffer when it grows, so that a stale pointer is found.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, program = Path(folder, "a.c"), Path(folder, "a")
        source.write_text("int main(void) { return 0; }\n")
        command = [*compiler(), *SANITIZE, source, "-o", program]
        built = subprocess.run(command, capture_output=True, check=False)
        if built.returncode == 0 and subprocess.run([program], check=False).returncode == 0:
            return ("-DCD_DEBUG_MOVE", *SANITIZE)
    return ("-DCD_DEBUG_MOVE",)


@functools.cache
def parser_objects(flags: tuple[str, ...]) -> list[Path]:
    """The whole parser (but its cdump command), compiled once for each set of FLAGS."""
    folder = Path(tempfile.mkdtemp(prefix="parser"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    sources = [path for path in sorted(PARSER.glob("*.c")) if path.name != "cdump.c"]
    command = [*compiler(), *COMMON, *flags, "-c"]
    subprocess.run([*command, *sources], cwd=folder, check=True)
    return sorted(folder.glob("*.o"))


def build(
    folder: Path,
    name: str,
    sources: list[Path],
    flags: tuple[str, ...] = (),
    include: tuple[Path, ...] = (),
) -> Path:
    """A program of SOURCES, which find headers in INCLUDE too, and the parser."""
    program = folder / name
    headers = [f"-I{path}" for path in (PARSER, FUZZ, *include)]
    command = [*compiler(), *COMMON, *flags, *headers]
    subprocess.run(
        [*command, "-o", program, *sources, *parser_objects(flags), "-lm"],
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
