"""The wheels that are released: what is in them, and that they need nothing of the system.

Slow (a build for every Python), so only the full tests run it; testing/wheels.sh builds
what is missing or out of date.
"""

import os
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from clean_environment import CleanEnvironment, pythons, wheelhouse

FULL = bool(os.environ.get("CFFI_CORE_FULL"))
pytestmark = pytest.mark.skipif(not FULL, reason="builds for every Python; make check runs it")

# Calls through libffi (a struct by value, a callback), so that a wrong one would be noticed.
PROGRAM = """
import cffi_core, sys, sysconfig
from cffi_core import FFI

ffi = FFI()
ffi.cdef('''
    typedef struct { int quot, rem; } div_t;
    div_t div(int, int);
    void qsort(void *, size_t, size_t, int (*)(const void *, const void *));
''')
c = ffi.dlopen(None)
result = c.div(7, 2)
assert (result.quot, result.rem) == (3, 1)

@ffi.callback("int(const void *, const void *)")
def compare(a, b):
    a, b = ffi.cast("int *", a), ffi.cast("int *", b)
    return a[0] - b[0]

numbers = ffi.new("int[]", [3, 1, 2])
c.qsort(numbers, 3, ffi.sizeof("int"), compare)
assert list(numbers) == [1, 2, 3]

if sysconfig.get_config_var("Py_GIL_DISABLED"):
    assert not sys._is_gil_enabled()
with open("/proc/self/maps") as maps:
    mapped = {line.split()[-1] for line in maps if "libffi" in line}
print(*mapped, sep="\\n")
"""


@pytest.fixture(scope="module", params=pythons() if FULL else [], ids=lambda python: python.tag)
def environment(request, tmp_path_factory) -> CleanEnvironment:
    """The released wheel in an environment of its own, for each Python."""
    made = CleanEnvironment(request.param, tmp_path_factory.mktemp("clean"))
    made.install("cffi_core")
    return made


def wheels() -> list[Path]:
    return sorted(wheelhouse().glob("*.whl"))


def test_there_is_one_for_each_python():
    found = {wheel.name.split("-")[3] for wheel in wheels()}
    assert found == {f"cp{python.tag.replace('.', '')}" for python in pythons()}


def test_they_are_for_every_linux_of_some_age():
    assert all(re.search(r"-manylinux_2_\d+_\w+\.whl$", wheel.name) for wheel in wheels())


def test_they_hold_the_package_and_libffi_with_its_licence():
    for wheel in wheels():
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
        assert "cffi_core/py.typed" in names
        assert any(re.match(r"_cffi_core\.\S+\.so$", name) for name in names)
        assert any(re.match(r"cffi_core\.libs/libffi-\w+\.so", name) for name in names)
        notices = {name.partition("/licenses/")[2] for name in names}
        assert notices >= {"LICENSE", "LICENSE.libffi"}


def test_it_runs_on_the_libffi_it_brings(environment):
    """Neither a compiler nor the system's libffi: only the wheel's own is ever mapped."""
    (mapped,) = environment.python("-c", PROGRAM).split()
    assert Path(mapped).is_relative_to(environment.folder)


def test_the_linker_finds_libffi_beside_it(environment):
    where = "import _cffi_core as core; print(core.__file__)"
    core = environment.python("-c", where).strip()
    listed = subprocess.run(["ldd", core], capture_output=True, text=True, check=True).stdout
    (libffi,) = re.findall(r"libffi\S* => (\S+)", listed)
    assert Path(libffi).resolve().is_relative_to(environment.folder.resolve())
