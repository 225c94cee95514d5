"""The cache when things go wrong: many at once, killed, not trusted, full, read-only, noexec."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cache_build import (
    KEY,
    Builder,
    entry_of,
    fail_if_called,
    names,
    run_python,
    start_python,
)

from cffi_core.cache import Built, Cache, CacheWarning, default_directory, fill

NOBODY = 65534


@pytest.fixture
def cache(tmp_path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture(autouse=True)
def warnings_are_new(monkeypatch):
    """Each is given once a process; here, once a test."""
    monkeypatch.setattr(fill, "_said", set())


# --- many at once ------------------------------------------------------------------------------

# Waits for the start, then asks the cache; each build adds a line to a file.
ASK = """
import os, sys, time
from cffi_core.cache import Built, Cache
directory, go, log, seconds, at_once = sys.argv[1:]
def build(folder):
    with open(log, "a") as file:
        file.write(f"{os.getpid()}\\n")
    time.sleep(float(seconds))
    with open(os.path.join(folder, "object.so"), "wb") as file:
        file.write(b"object" * 1000)
    return Built("object.so")
for _ in range(int(at_once)):
    if os.fork() == 0:
        break
else:
    failed = 0
    for _ in range(int(at_once)):
        failed |= os.wait()[1]
    sys.exit(1 if failed else 0)
while not os.path.exists(go):
    time.sleep(0.001)
path = Cache(directory, lock_seconds=60).get({"name": "m"}, build)
assert open(path, "rb").read() == b"object" * 1000
os._exit(0)
"""


def ask(tmp_path, seconds: float = 0, at_once: int = 1, wrapper=()):
    return start_python(
        ASK,
        tmp_path / "cache",
        tmp_path / "go",
        tmp_path / "log",
        seconds,
        at_once,
        wrapper=wrapper,
    )


def finished(process) -> None:
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err


def builds(tmp_path) -> int:
    log = tmp_path / "log"
    return len(log.read_text().splitlines()) if log.exists() else 0


def test_two_hundred_processes_build_once(tmp_path):
    process = ask(tmp_path, seconds=0.5, at_once=200)
    time.sleep(0.5)
    (tmp_path / "go").touch()
    finished(process)
    assert builds(tmp_path) == 1
    assert names(tmp_path / "cache") == {".entry", ".so"}


def wait_for(condition) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.005)


def test_a_killed_lock_holder_does_not_block(tmp_path):
    (tmp_path / "go").touch()
    holder = ask(tmp_path, seconds=100)
    wait_for(lambda: builds(tmp_path) == 1)
    second = ask(tmp_path)
    time.sleep(0.3)
    assert second.poll() is None, "it waits for the holder"
    child = int((tmp_path / "log").read_text())
    os.kill(child, signal.SIGKILL)
    finished(second)
    assert builds(tmp_path) == 2
    holder.communicate(timeout=60)


def test_a_stopped_lock_holder_does_not_block_for_ever(tmp_path):
    (tmp_path / "go").touch()
    holder = ask(tmp_path, seconds=100)
    wait_for(lambda: builds(tmp_path) == 1)
    child = int((tmp_path / "log").read_text())
    os.kill(child, signal.SIGSTOP)
    try:
        build = Builder()
        Cache(tmp_path / "cache", lock_seconds=0.2).get({"name": "m"}, build)
        assert build.count == 1
    finally:
        os.kill(child, signal.SIGKILL)
        holder.communicate(timeout=60)


def test_waiters_of_a_failed_build_try_themselves(cache):
    """One after the other: each is told by its own compiler."""
    import threading

    failed = []

    def build(folder):
        time.sleep(0.01)
        raise RuntimeError("no")

    def ask_for_it():
        try:
            cache.get(KEY, build)
        except RuntimeError as error:
            failed.append(error)

    threads = [threading.Thread(target=ask_for_it) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 5
    assert os.listdir(cache.directory) == []


# --- killed at every step ----------------------------------------------------------------------

# Dies by SIGKILL at the n-th of the system calls that change the cache.
DIE = """
import os, signal, sys
step = int(sys.argv[2])
def dying(call):
    def die_or(*args, **kwargs):
        global step
        step -= 1
        if step == 0:
            if call is os.write:  # half of it arrives
                call(args[0], bytes(args[1][: len(args[1]) // 2]))
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **kwargs)
    return die_or
def build(folder):
    with open(os.path.join(folder, "object.so"), "wb") as file:
        file.write(b"object" * 1000)
    return Built("object.so", [sys.argv[3]])
from cffi_core.cache import Built, Cache
import cffi_core.cache.fill, cffi_core.cache.limits, cffi_core.cache.lock
for name in "open", "write", "replace", "unlink", "mkdir", "close", "rmdir", "utime":
    setattr(os, name, dying(getattr(os, name)))
Cache(sys.argv[1]).get({"name": "m"}, build)
print("survived", step)
"""


def test_killed_at_every_step(tmp_path):
    """Afterwards the same look-up works, and nothing partial is ever seen."""
    header = tmp_path / "a.h"
    header.write_text("one")
    for step in range(1, 200):
        directory = tmp_path / f"cache{step}"
        process = start_python(DIE, directory, step, header, TMPDIR=str(tmp_path))
        out, err = process.communicate(timeout=60)
        if out.startswith("survived"):
            break
        assert process.returncode == -signal.SIGKILL, err
        seen = [path for path in directory.glob("*.so") if path.suffix == ".so"]
        assert all(path.read_bytes() == b"object" * 1000 for path in seen)
        cache = Cache(directory)
        path = cache.get({"name": "m"}, lambda folder: big(folder, header))
        assert Path(path).read_bytes() == b"object" * 1000
        assert cache.get({"name": "m"}, fail_if_called) == path
    assert 20 < step < 199


def big(folder: str, header: Path):
    build = Builder(header)
    built = build(folder)
    Path(built.path).write_bytes(b"object" * 1000)
    return built


def test_a_writer_that_fails_leaves_nothing(cache, monkeypatch):
    def no_replace(source, target):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "replace", no_replace)
    with pytest.warns(CacheWarning, match="it cannot be written: Input/output error"):
        path = cache.get(KEY, Builder())
    assert Path(path).read_bytes() == b"object\n"
    assert names(cache.directory) == set()


# --- trust -------------------------------------------------------------------------------------


def test_a_new_directory_is_ours_alone(cache):
    cache.get(KEY, Builder())
    assert os.stat(cache.directory).st_mode & 0o777 == 0o700


def test_a_mask_of_zero(cache):
    mask = os.umask(0)
    try:
        cache.get(KEY, Builder())
    finally:
        os.umask(mask)
    for path in [Path(cache.directory), *Path(cache.directory).iterdir()]:
        assert not path.stat().st_mode & 0o022, path


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702, 0o1777, 0o720])
def test_a_directory_that_others_can_write_to(cache, mode):
    cache.get(KEY, Builder())
    os.chmod(cache.directory, mode)
    build = Builder()
    with pytest.warns(CacheWarning, match=r"others can write to it \(mode .*chmod go-w.*anew") as w:
        path = cache.get(KEY, build)
    assert build.count == 1
    assert Path(path).parent != Path(cache.directory)
    assert Path(path).read_bytes() == b"object\n"
    assert w[0].filename == __file__
    os.chmod(cache.directory, 0o700)
    cache.get(KEY, fail_if_called)


def test_the_warning_comes_once(cache, recwarn):
    os.makedirs(cache.directory)
    os.chmod(cache.directory, 0o777)
    for number in range(3):
        cache.get({"name": str(number)}, Builder())
    assert len(recwarn) == 1


def test_a_directory_of_another_user(cache):
    if os.geteuid() != 0:
        pytest.skip("only root can give a directory away")
    cache.get(KEY, Builder())
    os.chown(cache.directory, NOBODY, NOBODY)
    build = Builder()
    with pytest.warns(CacheWarning, match=f"it belongs to user {NOBODY}, and this is user 0"):
        cache.get(KEY, build)
    assert build.count == 1


def test_a_link_to_a_directory(cache, tmp_path):
    Cache(tmp_path / "real").get(KEY, Builder())
    os.symlink("real", cache.directory)
    with pytest.warns(CacheWarning, match="a symbolic link: name the directory that it leads to"):
        cache.get(KEY, Builder())


def test_a_parent_may_be_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    cache = Cache(tmp_path / "link" / "cache")
    path = cache.get(KEY, Builder())
    assert cache.get(KEY, fail_if_called) == path


@pytest.mark.parametrize("parent", ["file", "nothing\0here", "x" * 300])
def test_a_directory_that_cannot_be_made(tmp_path, parent):
    (tmp_path / "file").touch()
    with pytest.warns(CacheWarning, match="it cannot be (made|opened)"):
        path = Cache(tmp_path / parent / "cache").get(KEY, Builder())
    assert Path(path).read_bytes() == b"object\n"


def test_private_objects_live_until_the_process_ends(tmp_path):
    program = """if 1:
        import os, sys, warnings
        warnings.simplefilter("ignore")
        from cffi_core.cache import Built, Cache
        def build(folder):
            open(os.path.join(folder, "object.so"), "wb").close()
            return Built("object.so")
        path = Cache(sys.argv[1]).get({}, build)
        if os.fork() == 0:
            sys.exit()  # a child leaves its parent's files alone
        os.wait()
        assert os.path.exists(path)
        print(path)
    """
    (tmp_path / "file").touch()
    (tmp_path / "temporary").mkdir()
    path = run_python(program, tmp_path / "file" / "cache", TMPDIR=str(tmp_path / "temporary"))
    assert path.startswith(str(tmp_path / "temporary"))
    assert os.listdir(tmp_path / "temporary") == []


# --- an unprivileged user, mounts --------------------------------------------------------------

# As an unprivileged user: prints where the object is, and what was said.
AS_USER = """
import os, sys, warnings
from cffi_core.cache import Built, Cache
def build(folder):
    if len(sys.argv) > 2:
        raise SystemExit("compiled")
    with open(os.path.join(folder, "object.so"), "wb") as file:
        file.write(b"object" * 10000)
    return Built("object.so")
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    path = Cache(sys.argv[1]).get({"name": "m"}, build)
print(path)
print(len(open(path, "rb").read()), *[warning.message for warning in said])
"""


@pytest.fixture
def user():
    """A wrapper that runs a command as an unprivileged user, and a directory of that user's."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("needs root and setpriv")
    import tempfile

    wrapper = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]
    if subprocess.run([*wrapper, sys.executable, "-c", "import cffi_core.cache"]).returncode:
        pytest.skip("an unprivileged user cannot run this Python")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        own = Path(folder, "own")
        own.mkdir(mode=0o700)
        os.chown(own, NOBODY, NOBODY)
        yield wrapper, own


def test_a_read_only_directory(user):
    wrapper, own = user
    directory = own / "cache"
    first, said = run_python(AS_USER, directory, wrapper=wrapper).splitlines()
    assert first.startswith(str(directory))
    assert said == "60000"
    os.chmod(directory, 0o500)
    kept = run_python(AS_USER, directory, "must hit", wrapper=wrapper).splitlines()
    assert kept == [first, "60000"], "what is there can be used"
    entry_of(directory).unlink()
    path, said = run_python(AS_USER, directory, wrapper=wrapper).splitlines()
    assert not path.startswith(str(directory))
    assert "it cannot be written: Permission denied" in said
    assert "set CFFI_CORE_CACHE to a directory of yours" in said


def test_a_directory_of_root(user):
    wrapper, own = user
    directory = own.parent / "roots"
    directory.mkdir(mode=0o755)
    path, said = run_python(AS_USER, directory, wrapper=wrapper).splitlines()
    assert f"it belongs to user 0, and this is user {NOBODY}" in said
    assert not path.startswith(str(directory))


def test_a_home_that_is_not_there(user):
    wrapper, own = user
    path, said = run_python(
        AS_USER.replace("sys.argv[1]", ""),
        "-",
        wrapper=wrapper,
        HOME="/nonexistent",
        XDG_CACHE_HOME="",
        CFFI_CORE_CACHE="",
    ).splitlines()
    assert "/nonexistent/.cache/cffi_core" in said
    assert "it cannot be made: Permission denied" in said


@pytest.fixture
def mount(tmp_path):
    """Mounts a tmpfs with the options given; unmounted afterwards."""
    mounted = []

    def mount(options: str) -> Path:
        folder = tmp_path / f"mount{len(mounted)}"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder]
        try:
            done = subprocess.run(command, capture_output=True, text=True)
        except OSError:
            pytest.skip("no mount command")
        if done.returncode:
            pytest.skip(f"cannot mount a tmpfs: {done.stderr.strip()}")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_noexec_mount(mount):
    cache = Cache(mount("noexec") / "cache")
    with pytest.warns(CacheWarning, match="mounted noexec, so nothing can be loaded from it"):
        path = cache.get(KEY, Builder())
    assert not path.startswith(cache.directory)


def test_a_temporary_directory_mounted_noexec(mount, tmp_path, monkeypatch):
    """It is passed over for the next."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("TMPDIR", str(mount("noexec")))
    monkeypatch.setenv("TEMP", str(tmp_path))
    with pytest.warns(CacheWarning):
        path = Cache(tmp_path / "file" / "cache").get(KEY, Builder())
    assert path.startswith(str(tmp_path / "cffi_core-"))


def test_no_temporary_directory_at_all(mount, tmp_path, monkeypatch):
    from cffi_core.cache import private

    nowhere = [str(mount("noexec")), str(tmp_path / "nothing")]
    monkeypatch.setattr(private, "candidates", lambda: nowhere)
    with pytest.raises(OSError, match="set TMPDIR to one .*mounted noexec; .*No such file"):
        Cache(tmp_path / "cache").get(KEY, Builder())


@pytest.mark.parametrize("free", [0, 4096, 20480])
def test_a_full_disk(mount, tmp_path, free):
    folder = mount("size=128k")
    cache = Cache(folder / "cache")
    (folder / "cache").mkdir(mode=0o700)
    with open(folder / "ballast", "wb") as file:
        file.write(bytes(128 * 1024 - free - 4096))

    def build(private):
        Path(private, "object.so").write_bytes(b"object" * 10000)
        return Built("object.so")

    with pytest.warns(CacheWarning, match="it cannot be written: No space left on device"):
        path = cache.get(KEY, build)
    assert Path(path).read_bytes() == b"object" * 10000
    assert names(cache.directory) <= {".lock"}
    (folder / "ballast").unlink()
    path = cache.get(KEY, build)
    assert cache.get(KEY, fail_if_called) == path


def test_a_read_only_mount(mount):
    folder = mount("rw")
    cache = Cache(folder / "cache")
    path = cache.get(KEY, Builder())
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    assert cache.get(KEY, fail_if_called) == path
    with pytest.warns(CacheWarning, match="it cannot be written: Read-only file system"):
        cache.get({"name": "another"}, Builder())


# --- the directory -----------------------------------------------------------------------------


def test_the_environment_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("CFFI_CORE_CACHE", str(tmp_path))
    assert Cache().directory == str(tmp_path)
    assert Cache(tmp_path / "other").directory == str(tmp_path / "other")


@pytest.mark.parametrize("xdg", [None, "", "/xdg", "relative"])
def test_the_platforms_place(monkeypatch, xdg):
    platformdirs = pytest.importorskip("platformdirs")
    monkeypatch.delenv("CFFI_CORE_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if xdg is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", xdg)
    if xdg == "relative":  # platformdirs takes it; the specification says to ignore it
        monkeypatch.delenv("XDG_CACHE_HOME")
        expected = platformdirs.user_cache_dir("cffi_core")
        monkeypatch.setenv("XDG_CACHE_HOME", xdg)
    else:
        expected = platformdirs.user_cache_dir("cffi_core")
    assert default_directory() == expected


def test_other_platforms_places(monkeypatch):
    """As platformdirs computes them there."""
    macos = pytest.importorskip("platformdirs.macos")
    monkeypatch.delenv("CFFI_CORE_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert default_directory() == macos.MacOS("cffi_core").user_cache_dir
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", r"C:\Users\me\AppData\Local")
    windows = pytest.importorskip("platformdirs.windows")
    monkeypatch.setattr(windows, "get_win_folder", lambda name: os.environ["LOCALAPPDATA"])
    expected = windows.Windows("cffi_core", appauthor=False).user_cache_dir
    assert default_directory() == expected
