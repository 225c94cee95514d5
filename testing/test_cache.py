"""cffi_core.cache: what is a hit, and what is a miss."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cffi_core.cache import Built, Cache

KEY = {"name": "module", "source": "int x;\n"}


class Builder:
    """A build function that counts, and whose object tells what it was made from."""

    def __init__(self, *inputs: Path, absent=()) -> None:
        self.inputs, self.absent, self.count = inputs, absent, 0

    def __call__(self, folder: str) -> Built:
        self.count += 1
        path = os.path.join(folder, "object.so")
        with open(path, "wb") as file:
            file.write(b"object\n" + b"".join(path.read_bytes() for path in self.inputs))
        return Built(path, self.inputs, self.absent)


@pytest.fixture
def cache(tmp_path) -> Cache:
    return Cache(tmp_path / "cache")


def old(path: Path, content: str) -> Path:
    """A header; its change time is before any build's start."""
    path.write_text(content)
    time.sleep(0.02)
    return path


def test_miss_then_hit(cache):
    build = Builder()
    path = cache.get(KEY, build)
    assert Path(path).read_bytes() == b"object\n"
    assert Path(path).parent == Path(cache.directory)
    assert cache.get(KEY, build) == path
    assert build.count == 1


def test_a_failing_build_raises_and_leaves_nothing(cache):
    def fail(folder):
        raise RuntimeError("the compiler's words")

    with pytest.raises(RuntimeError, match="the compiler's words"):
        cache.get(KEY, fail)
    assert os.listdir(cache.directory) == []
    assert cache.get(KEY, Builder())


def test_a_header_edited(cache, tmp_path):
    header = old(tmp_path / "a.h", "one")
    build = Builder(header)
    first = cache.get(KEY, build)
    assert cache.get(KEY, build) == first
    header.write_text("two")
    second = cache.get(KEY, build)
    assert build.count >= 2
    assert Path(second).read_bytes() == b"object\ntwo"
    assert Path(first).read_bytes() == b"object\none", "a loaded object is never overwritten"


def test_commands_run(cache):
    cache.get(KEY, Builder())
    command = [sys.executable, "-m", "cffi_core", "cache", "--directory", cache.directory]
    for action in "dir", "list", "explain", "verify", "prune", "clear":
        done = subprocess.run([*command, action], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert done.stdout
    assert os.listdir(cache.directory) == []
