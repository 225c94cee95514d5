"""Compilers as child processes."""

import os
import subprocess
import sys
import threading

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has subprocess for it")
ENVIRONMENT = {"PATH": os.environ["PATH"], "NAME": "value"}


def run(*command: str, folder: str = "/") -> tuple[int, bytes, bytes]:
    from cffi_core.builder.process_posix import Process

    return Process(list(command), folder, ENVIRONMENT).finish()


def test_output_status_folder_and_environment(tmp_path):
    folder = tmp_path / "-a 'b' $c"
    folder.mkdir()
    script = 'pwd; echo "$NAME" "$1" >&2; exit 3'
    status, out, err = run("sh", "-c", script, "", "d  e", folder=str(folder))
    assert (status, out, err) == (3, f"{folder}\n".encode(), b"value d  e\n")


def test_much_on_both_pipes():
    script = "import sys\nfor f in sys.stderr, sys.stdout: f.write('x' * 300_000)"
    status, out, err = run(sys.executable, "-c", script)
    assert (status, len(out), len(err)) == (0, 300_000, 300_000)


def test_nothing_to_read():
    assert run("cat") == (0, b"", b"")


def test_a_signal_is_a_negative_status():
    assert run("sh", "-c", "kill -9 $$")[0] == -9


def test_sigpipe_is_not_ignored():
    assert run("sh", "-c", "kill -13 $$; echo ignored") == (-13, b"", b"")


def test_no_such_program(tmp_path):
    with pytest.raises(FileNotFoundError):
        run("there-is-no-such-compiler")
    (tmp_path / "cc").write_text("#!/bin/sh\n")
    with pytest.raises(PermissionError):
        run("./cc", folder=str(tmp_path))


INTERRUPTED = """
import signal, sys, threading
sys.path[:0] = %r
import cffi_core
cffi_core.__path__[:] = %r
from cffi_core.builder.process_posix import Process
child = Process(["sleep", "1000"], "/", {"PATH": "/bin:/usr/bin"})
interrupt = signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT)
threading.Timer(0.2, *interrupt).start()
try:
    child.finish()
except KeyboardInterrupt:
    print(child.pid)
"""


def test_an_interrupt_kills_it():
    import cffi_core

    text = INTERRUPTED % (sys.path, list(cffi_core.__path__))
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, check=True, timeout=60)
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)


@pytest.mark.parametrize("closed", ["0", "1", "2", "0 1", "0 2", "1 2", "0 1 2"])
def test_without_standard_streams(closed, tmp_path):
    """The pipes then have the numbers of the streams that are closed."""
    import cffi_core

    text = f"""
import os, sys
sys.path[:0] = {sys.path!r}
import cffi_core
cffi_core.__path__[:] = {list(cffi_core.__path__)!r}
from cffi_core.builder.process_posix import Process
for fd in {[int(fd) for fd in closed.split()]}:
    os.close(fd)
found = Process(["sh", "-c", "echo out; echo err >&2; cat"], "/", {ENVIRONMENT!r}).finish()
with open({str(tmp_path / "found")!r}, "w") as file:
    file.write(repr(found))
"""
    subprocess.run([sys.executable, "-c", text], check=True, capture_output=True)
    assert (tmp_path / "found").read_text() == repr((0, b"out\n", b"err\n"))


def test_no_descriptor_is_left():
    before = os.listdir("/dev/fd")
    run("true")
    with pytest.raises(FileNotFoundError):
        run("there-is-no-such-compiler")
    assert len(os.listdir("/dev/fd")) == len(before)


def test_many_at_once():
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(run("sh", "-c", "sleep 0.1; echo out")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [(0, b"out\n", b"")] * 8
