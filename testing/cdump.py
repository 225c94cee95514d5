"""The parser's cdump command, built once, for the tests that drive the parser alone."""

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CC = os.environ.get("CC", "gcc").split()


@functools.cache
def program() -> Path:
    """Where the command is: build/cdump by make, else compiled to a temporary directory."""
    if shutil.which("make"):
        subprocess.run(["make", "-s", "parser"], cwd=ROOT, check=True)
        return ROOT / "build" / "cdump"
    path = Path(tempfile.mkdtemp(prefix="cdump")) / "cdump"
    sources = sorted((ROOT / "parser").glob("*.c"))
    options = ["-std=c11", "-O1", f"-I{ROOT / 'parser'}"]
    subprocess.run([*CC, *options, *sources, "-o", path], check=True)
    return path


def run(text: str | bytes, *options: str) -> subprocess.CompletedProcess:
    """One cdef read from the standard input."""
    data = text.encode() if isinstance(text, str) else text
    done = subprocess.run([program(), *options], input=data, capture_output=True, timeout=60)
    done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
    return done


def lines(text: str, *options: str) -> list[str]:
    """What a correct cdef declares."""
    done = run(text, *options)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
