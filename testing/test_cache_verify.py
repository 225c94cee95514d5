"""verify() and the cache together: what must be compiled anew, and that nothing stale is loaded."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cache_build import entry_of, object_of, old, run_python, settle, start_python

from cffi_core import FFI
from cffi_core._core import sha256
from cffi_core.builder import programs
from cffi_core.cache import CacheWarning, fill
from cffi_core.cache.entry import Entry
from cffi_core.cache.prebuilt import export

pytestmark = pytest.mark.skipif(not shutil.which("gcc"), reason="no gcc")


class Project:
    """A folder with a header; verify() in it, by a compiler that counts its runs."""

    def __init__(self, folder: Path, monkeypatch) -> None:
        self.folder, self.monkeypatch = folder, monkeypatch
        self.cache, self.log = folder / "cache", folder / "log"
        self.compiler = self.program("cc", f'echo x >>"{self.log}"')
        monkeypatch.setenv("CC", str(self.compiler))
        monkeypatch.setenv("CFFI_CORE_CACHE", str(self.cache))
        for name in ("CXX", "CFFI_TMPDIR", *programs.ENVIRONMENT):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.chdir(folder)
        monkeypatch.setattr(fill, "_said", set())

    def program(self, name: str, text: str) -> Path:
        path = self.folder / name
        questions = 'case "$*" in *-dumpmachine* | *" -E "*) exec gcc "$@" ;; esac'
        path.write_text(f'#!/bin/sh\n{questions}\n{text}\nexec gcc "$@"\n')
        path.chmod(0o755)
        settle()
        return path

    def runs(self) -> int:
        return len(self.log.read_text().splitlines()) if self.log.exists() else 0

    def header(self, place: str, value: int) -> Path:
        return old(self.folder / place / "value.h", f"#define VALUE {value}\n")

    def value(self, **options) -> int:
        """What a new FFI finds VALUE to be."""
        ffi = FFI()
        ffi.cdef("#define VALUE ...")
        return ffi.verify('#include "value.h"', **options).VALUE


@pytest.fixture
def project(tmp_path, monkeypatch) -> Project:
    return Project(tmp_path, monkeypatch)


def test_the_second_time_nothing_runs(project):
    project.header("inc", 1)
    assert project.value(include_dirs=["inc"]) == 1
    project.compiler.write_text("#!/bin/sh\nexit 1\n")
    os.utime(project.compiler, ns=(0, 0))
    assert project.runs() == 1


@pytest.mark.parametrize("how", ["edited", "replaced", "same time"])
def test_a_header_edited(project, how):
    header = project.header("inc", 1)
    assert [project.value(include_dirs=["inc"]) for _ in range(2)] == [1, 1]
    assert project.runs() == 1
    before = header.stat()
    if how == "replaced":
        (project.folder / "new.h").write_text("#define VALUE 2\n")
        (project.folder / "new.h").replace(header)
    else:
        header.write_text("#define VALUE 2\n")
    if how == "same time":
        os.utime(header, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert project.value(include_dirs=["inc"]) == 2


@pytest.mark.parametrize("exists", [False, True])
def test_a_header_shadowed(project, exists):
    if exists:
        (project.folder / "first").mkdir()
    project.header("second", 1)
    folders = ["first", "second"]
    assert [project.value(include_dirs=folders) for _ in range(2)] == [1, 1]
    assert project.runs() == 1
    project.header("first", 2)
    assert project.value(include_dirs=folders) == 2


def test_the_compiler_upgraded(project):
    project.header("inc", 1)
    assert project.value(include_dirs=["inc"]) == 1
    project.program("cc", f'echo x >>"{project.log}"\n# newer')
    assert project.value(include_dirs=["inc"]) == 1
    assert project.runs() == 2


def test_a_wrapped_compiler_upgraded(project):
    """Every word of CC that names a program counts."""
    project.header("inc", 1)
    real = project.program("real", "")
    wrapper = project.folder / "wrapper"
    wrapper.write_text(f'#!/bin/sh\necho x >>"{project.log}"\nexec "$@"\n')
    wrapper.chmod(0o755)
    project.monkeypatch.setenv("CC", f"{wrapper} {real}")
    project.value(include_dirs=["inc"])
    before = project.runs()
    project.value(include_dirs=["inc"])
    assert project.runs() == before
    project.program("real", "# newer")
    project.value(include_dirs=["inc"])
    assert project.runs() > before


@pytest.mark.parametrize("variable", ["CPATH", "C_INCLUDE_PATH", "CFLAGS", "CPPFLAGS"])
def test_the_environment_changed(project, variable):
    option = "-I" if variable.endswith("FLAGS") else ""
    for value in (1, 2, 1):
        folder = project.header(f"inc{value}", value).parent
        project.monkeypatch.setenv(variable, f"{option}{folder}")
        assert project.value() == value
    assert project.runs() == 2


def test_two_checkouts(project):
    """The same declarations and options, other headers."""
    for value in (1, 2, 1):
        project.header(f"checkout{value}/inc", value)
        project.monkeypatch.chdir(project.folder / f"checkout{value}")
        assert project.value(include_dirs=["inc"]) == value
    for value in (3, 4, 3):
        project.header(f"checkout{value}", value)
        project.monkeypatch.chdir(project.folder / f"checkout{value}")
        project.monkeypatch.setenv("CFLAGS", "-I.")
        assert project.value() == value


NAMES = ["a b", "quo\"te'", "do$lar", "ha#sh", "back\\slash", "é ü", "new\nline", "per%cent"]


@pytest.mark.parametrize("name", NAMES)
def test_names(project, name):
    """Of the project's folder, the header's, the cache's and the temporary one."""
    folder = project.folder / name
    for part in ("cache", "tmp"):
        (folder / part).mkdir(parents=True, mode=0o700)
    project.monkeypatch.chdir(folder)
    project.monkeypatch.setenv("TMPDIR", str(folder / "tmp"))
    project.monkeypatch.setenv("CFFI_CORE_CACHE", str(folder / "cache"))
    project.header(f"{name}/inc {name}", 1)
    options = {"include_dirs": [f"inc {name}"]}
    assert [project.value(**options) for _ in range(2)] == [1, 1]
    project.header(f"{name}/inc {name}", 2)
    assert project.value(**options) == 2


def test_a_name_that_is_misunderstood_in_a_tmpdir(project):
    """What the compiler says it read is not there: nothing vouches for what was compiled."""
    program = VALUE.format(value="value(include_dirs=['back\\\\slash'], tmpdir='tmp')")
    if not shutil.which("clang"):
        pytest.skip("no clang, which writes / for the backslash")
    project.monkeypatch.setenv("CC", "clang")
    for value in (1, 2):
        project.header("back\\slash", value)
        assert run_python(program) == f"{value}\n"


# --- faults ------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["truncated", "a bit", "empty", "gone", "another's"])
def test_a_damaged_object(project, damage):
    project.header("inc", 1)
    program = VALUE.format(value="value(include_dirs=['inc'])")
    assert run_python(program) == "1\n"
    path = object_of(project.cache)
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
    elif damage == "another's":
        shutil.copy(shutil.which("gcc"), path)
    else:
        new = {"truncated": data[:-100], "empty": b"", "a bit": data[:999] + b"\1" + data[1000:]}
        path.write_bytes(new[damage])
    assert run_python(program) == "1\n"
    assert path.read_bytes() == data, "compiled again, to the same bytes"


def test_an_object_of_another_platform(project):
    """With an entry that vouches for it, which only another program's bug could make."""
    project.header("inc", 1)
    program = VALUE.format(value="value(include_dirs=['inc'])")
    run_python(program)
    entry_path, path = entry_of(project.cache), object_of(project.cache)
    foreign = bytearray(path.read_bytes())
    foreign[18:20] = b"\x00\x16"  # e_machine: a big-endian s390's
    name = sha256(foreign).hex() + ".so"
    path.with_name(name).write_bytes(foreign)
    entry = Entry.read(entry_path, entry_path.stem)
    entry.object = name
    entry_path.write_bytes(entry.data())
    process = start_python(program)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "VerificationError: importing " in err and "for another machine" in err
    entry_path.unlink()
    assert run_python(program) == "1\n"


VALUE = """
from cffi_core import FFI
def value(**options):
    ffi = FFI()
    ffi.cdef("#define VALUE ...")
    return ffi.verify('#include "value.h"', **options).VALUE
print({value})
"""

AT_ONCE = """
import os, sys, time
import cffi_core.builder.verify, cffi_core.cache.fill
from cffi_core import FFI
for _ in range(200):
    if os.fork() == 0:
        while not os.path.exists("go"):
            time.sleep(0.01)
        ffi = FFI()
        ffi.cdef("int value(void);")
        assert ffi.verify('#include "value.h"\\nstatic int value(void) { return VALUE; }',
                          include_dirs=["inc"]).value() == 7
        os._exit(0)
open("go", "w").close()
sys.exit(any(os.wait()[1] for _ in range(200)))
"""


def test_two_hundred_processes_compile_once(project):
    project.header("inc", 7)
    run_python(AT_ONCE)
    assert project.runs() == 1


def test_killed_while_it_compiles(project):
    project.header("inc", 1)
    started = project.folder / "started"
    slow = project.program("slow", f"echo x >'{started}'; exec sleep 5")
    program = VALUE.format(value="value(include_dirs=['inc'])")
    process = start_python(program, CC=str(slow))
    deadline = time.monotonic() + 60
    while not started.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    settle()
    slow.write_text(project.compiler.read_text())
    assert run_python(program, CC=str(slow)) == "1\n"


@pytest.fixture
def tiny(project):
    """A tmpfs too small for what a compiler writes."""
    folder = project.folder / "tiny"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("cannot mount a tmpfs")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_the_compiler_fills_the_disk(project, tiny):
    project.header("inc", 1)
    project.monkeypatch.setenv("TMPDIR", str(tiny))
    with pytest.raises(Exception, match="No space left on device") as raised:
        project.value(include_dirs=["inc"])
    assert raised.type.__name__ in ("VerificationError", "OSError")
    assert list(project.cache.glob("*.entry")) == []
    assert os.listdir(tiny) == []
    project.monkeypatch.delenv("TMPDIR")
    assert project.value(include_dirs=["inc"]) == 1


def test_a_cache_on_a_full_disk(project, tiny):
    project.header("inc", 1)
    project.monkeypatch.setenv("CFFI_CORE_CACHE", str(tiny / "cache"))
    with pytest.warns(CacheWarning, match="it cannot be written: No space left on device"):
        assert project.value(include_dirs=["inc"]) == 1
    assert project.value(include_dirs=["inc"]) == 1


def test_a_cache_that_others_can_write_to(project):
    project.header("inc", 1)
    project.cache.mkdir()
    project.cache.chmod(0o777)
    with pytest.warns(CacheWarning, match="others can write to it") as said:
        assert project.value(include_dirs=["inc"]) == 1
    assert said[0].filename == __file__
    assert os.listdir(project.cache) == []


# --- a package that ships what it compiled -----------------------------------------------------


def test_prebuilt(project):
    """Found without a compiler, and without the headers."""
    project.header("inc", 1)
    project.value(include_dirs=["inc"])
    digests = export(str(project.cache), str(project.folder / "shipped"))
    shutil.rmtree(project.cache)
    shutil.rmtree(project.folder / "inc")
    options = f"include_dirs=['inc'], prebuilt=({str(project.folder / 'shipped')!r}, {digests!r})"
    program = VALUE.format(value=f"value({options})")
    assert run_python(program, CC="/no/compiler", PATH="/nothing") == "1\n"
    assert not project.cache.exists()


def test_explained(project):
    """The command names the variable, as a user set it."""
    project.header("one", 1)
    project.header("two", 2)
    for folder in ("one", "two"):
        project.monkeypatch.setenv("CPATH", str(project.folder / folder))
        project.value()
    command = [sys.executable, "-m", "cffi_core", "cache", "explain"]
    text = subprocess.run(command, capture_output=True, text=True).stdout
    assert "new: nothing was kept for this key" in text
    assert "CPATH" in text
    project.header("two", 3)
    project.value()
    text = subprocess.run(command, capture_output=True, text=True).stdout
    assert f"{project.folder / 'two' / 'value.h'} changed: from content " in text
