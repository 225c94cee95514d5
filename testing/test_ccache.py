"""Compiling with CC="ccache gcc": a second checkout, on another machine, is served by the first.

Two machines are played by two sets of folders that share nothing but a Redis server, which is
ccache's remote storage: another checkout path, another temporary folder, an empty ccache.
"""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
from cache_build import run_python

from cffi_core import _core
from cffi_core.builder import programs
from cffi_core.builder.compiler import CompilerFailed, Job
from cffi_core.builder.options import Options

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("ccache", "redis-server", "gcc"))),
    reason="needs gcc, and Debian's packages ccache and redis-server",
)


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    """A Redis server of our own: its address."""
    folder = tmp_path_factory.mktemp("redis")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with open(folder / "log", "w") as log:
        server = subprocess.Popen(["redis-server", *options], stdout=log, stderr=log)
    try:
        wait_for_answer(port)
        yield f"redis://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for_answer(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                if connection.recv(7) == b"+PONG\r\n":
                    return
        except OSError:
            pass
        assert time.monotonic() < deadline, "redis-server does not answer"
        time.sleep(0.02)


class Machine:
    """Its own folders; the environment with which to compile there."""

    def __init__(self, folder: Path, checkout: str, redis: str) -> None:
        self.folder, self.checkout = folder, folder / checkout
        self.temporary = folder / f"tmp-{len(checkout)}"
        for path in (self.checkout / "include", self.temporary):
            path.mkdir(parents=True)
        self.header = self.checkout / "include" / "value.h"
        self.header.write_text("#define VALUE 42\n")
        # ccache passes over a header that might change while it looks.
        os.utime(self.header, (1e9, 1e9))
        self.environment = {
            "CC": "ccache gcc",
            "TMPDIR": str(self.temporary),
            "CFFI_CORE_CACHE": str(folder / "cache"),
            "CCACHE_DIR": str(folder / "ccache"),
            "CCACHE_REMOTE_STORAGE": redis,
            "CCACHE_CONFIGPATH": os.devnull,
        }

    def statistics(self) -> dict[str, int]:
        command = ["ccache", "--print-stats"]
        environment = os.environ | self.environment
        text = subprocess.run(command, env=environment, capture_output=True, text=True).stdout
        return {name: int(n) for name, n in map(str.split, text.splitlines()) if n != "0"}

    def enter(self, monkeypatch) -> None:
        for name in ("CXX", *programs.ENVIRONMENT):
            monkeypatch.delenv(name, raising=False)
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(self.checkout)


@pytest.fixture
def machines(tmp_path, redis):
    subprocess.run(["redis-cli", "-u", redis, "flushall"], capture_output=True)
    return [
        Machine(tmp_path / "first", "project", redis),
        Machine(tmp_path / "2nd", "a/b c", redis),
    ]


def all_from_the_first(machine: Machine) -> None:
    """100 % hits, each from the remote storage."""
    found = machine.statistics()
    hits = found.get("direct_cache_hit", 0) + found.get("preprocessed_cache_hit", 0)
    assert hits >= 1
    assert hits == found["remote_storage_hit"]
    assert "cache_miss" not in found, found


SOURCE = '#include <stdio.h>\n#include "value.h"\nint value(void) { return VALUE; }\n'


def test_compile_in_the_checkout(machines, monkeypatch):
    """As ffi.compile() does it: the C file and the module lie in the project."""
    made = []
    for machine in machines:
        machine.enter(monkeypatch)
        Path("module.c").write_text(SOURCE)
        options = Options("test", ".c", {"include_dirs": ["include"]})
        job = Job("module.c", options, folder=".", scratch=str(machine.temporary))
        job.run("module.so")
        made.append(Path("module.so").read_bytes())
        assert str(machine.header) in map(os.path.normpath, job.inputs)
    assert machines[0].statistics()["cache_miss"] == 1
    all_from_the_first(machines[1])
    assert made[0] == made[1]


def in_private(machine: Machine, source: str = SOURCE) -> Job:
    """As ffi.verify() does it: the headers of the project are elsewhere."""
    private = machine.temporary / "private"
    private.mkdir()
    (private / "module.c").write_text(source)
    options = Options("test", ".c", {"include_dirs": ["include"]})
    options.rebase(str(machine.checkout))
    places = {name: str(private) for name in ("folder", "scratch")}
    job = Job("module.c", options, **places, base=str(machine.checkout))
    job.run(str(private / "module.so"))
    return job


def test_compile_in_a_private_folder(machines, monkeypatch):
    made = []
    for machine in machines:
        machine.enter(monkeypatch)
        job = in_private(machine)
        made.append((machine.temporary / "private" / "module.so").read_bytes())
        assert str(machine.header) in job.inputs, "the header itself, not the link to it"
        assert not [path for path in job.absent if "cd_include" in path]
    assert machines[0].statistics()["cache_miss"] == 1
    all_from_the_first(machines[1])
    assert made[0] == made[1]


def test_errors_name_the_header_itself(machines, monkeypatch):
    machines[0].enter(monkeypatch)
    machines[0].header.write_text("#error no value\n")
    with pytest.raises(CompilerFailed) as failed:
        in_private(machines[0])
    assert f"{machines[0].header}:1:2: error: #error no value" in failed.value.output


VERIFY = """
import sys
from cffi_core import FFI
ffi = FFI()
ffi.cdef("int value(void); #define VALUE ...".replace("; ", ";\\n"))
lib = ffi.verify('#include "value.h"\\nstatic int value(void) { return VALUE; }',
                 include_dirs=["include"])
print(lib.value(), lib.VALUE)
"""


@pytest.mark.skipif(not hasattr(_core, "load_stub"), reason="no loader of stubs yet")
def test_verify(machines):
    """The whole of it: the same program in two checkouts."""
    for machine in machines:
        text = run_python(VERIFY, cwd=machine.checkout, **machine.environment)
        assert text == "42 42\n"
    assert machines[0].statistics()["cache_miss"] >= 1
    all_from_the_first(machines[1])
