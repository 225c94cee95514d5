"""A build for the cache's tests: no compiler, it counts, its object tells what it was made from."""

import os
import subprocess
import sys
import time
from pathlib import Path

from cffi_core.cache import Built

KEY = {"name": "module", "source": "int x;\nint y;\n"}


class Builder:
    def __init__(self, *inputs: Path, absent=(), suffix: str = ".so") -> None:
        self.inputs, self.absent, self.suffix, self.count = inputs, absent, suffix, 0
        self.meanwhile = lambda: None  # happens while the "compiler" runs, after it has read all

    def __call__(self, folder: str) -> Built:
        self.count += 1
        path = os.path.join(folder, "object" + self.suffix)
        content = b"object\n" + b"".join(Path(path).read_bytes() for path in self.inputs)
        Path(path).write_bytes(content)
        self.meanwhile()
        return Built(path, self.inputs, self.absent)


def fail_if_called(folder: str) -> Built:
    raise AssertionError("compiled, though the cache has it")


def old(path: Path, content: str = "") -> Path:
    """Writes a header; its change time is before any later build's start."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    settle()
    return path


def settle() -> None:
    """Past the tick of the kernel's coarse clock, by which files get their times."""
    time.sleep(0.02)


def entry_of(directory) -> Path:
    (path,) = Path(directory).glob("*.entry")
    return path


def object_of(directory) -> Path:
    (path,) = Path(directory).glob("*.so")
    return path


def names(directory) -> set[str]:
    """The kinds of files in a cache, but for the limits' stamp."""
    return {path.suffix for path in Path(directory).iterdir() if path.name != "checked.tmp"}


def start_python(program: str, *arguments: object, wrapper=(), cwd=None, **environment: str):
    return subprocess.Popen(
        [*wrapper, sys.executable, "-c", program, *map(str, arguments)],
        cwd=cwd,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_python(program: str, *arguments: object, wrapper=(), cwd=None, **environment: str) -> str:
    """What a program prints in a process of its own, which must succeed."""
    process = start_python(program, *arguments, wrapper=wrapper, cwd=cwd, **environment)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out
