"""What modules of compiled stubs take is given back; nothing crashes when memory is refused."""

import subprocess
import sys
import sysconfig

import pytest
from test_extern_python import make_stub as make_extern_stub
from test_stub_include import make_base, make_user
from test_stub_load import make_late_stub, make_stub

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))

JOB = """
import gc, io, sys
sys.path[:] = {path!r}
import cffi_core
from cffi_core import FFI, FFIError, _core

def attempt(call):
    try:
        return call()
    except (FFIError, TypeError, ValueError, AttributeError, ImportError):
        pass

def job():
    m = cffi_core.load({folder!r} + "/_basic.so")
    ffi, lib = m.ffi, m.lib
    for name in dir(lib):
        attempt(lambda: getattr(lib, name))
    lib.add(1, 2), lib.mk(3).y, lib.fill(b"x"), lib.many(*range(14)), lib.twice(2), lib.tiny(1)
    attempt(lambda: lib.add(1)), attempt(lambda: lib.add("x", 1)), attempt(lambda: lib.mk(1, a=2))
    attempt(lambda: lib.zz), attempt(lambda: ffi.integer_const("WRONG"))
    lib.apply(lib.add, 1, 2), lib.add.__doc__, ffi.addressof(lib, "add")(1, 2)
    lib.origin = {{"x": 1}}
    ffi.list_types(), ffi.unavailable(), lib.__all__
    ffi.cdef("struct more {{ point_t a; }};")
    attempt(lambda: cffi_core.load({folder!r} + "/_none.so"))
    _core.check_stub({folder!r} + "/_basic.so", "_basic")
    ffi.me = lib
    m = cffi_core.load({folder!r} + "/_extern.so")
    m.ffi.def_extern(name="plus")(lambda a, b, me=[m]: a)
    attempt(lambda: m.ffi.def_extern(name="zz")(abs))
    attempt(lambda: m.ffi.def_extern(name="plus", error="x")(abs))
    assert m.lib.call_plus(3, 4) == 3
    m = cffi_core.load({folder!r} + "/_user.so")
    m.lib.norm(m.ffi.new("point_t *")), m.lib.shared
    ffi = FFI()
    ffi.cdef("typedef int... code_t; code_t code(code_t); struct point {{ double y; ...; }};"
             "extern int numbers[...];")
    ffi.typeof("struct point *"), ffi.typeof("code_t *")
    _, lib = _core.load_stub({folder!r} + "/_late.so", "_late", ffi)
    lib.code(3), ffi.sizeof("struct point"), len(lib.numbers)

def builds():
    # What is Python around the compiler, warm: it does not run.
    ffi = FFI()
    ffi.cdef("typedef int... code_t; code_t abs(code_t); struct div_t_ {{ int quot; ...; }};"
             'extern "Python" int called(int);')
    lib = ffi.verify("#include <stdlib.h>\\ntypedef int code_t; static int called(int x);"
                     "struct div_t_ {{ int quot, rem; }};")
    lib.abs(-3), ffi.sizeof("struct div_t_"), ffi.typeof("code_t")
    attempt(lambda: ffi.def_extern(name="called")(abs))
    attempt(lambda: ffi.verify("something else", modulename="a/b"))
    ffi = FFI()
    ffi.cdef("int abs(int);")
    ffi.set_source("_built", "#include <stdlib.h>\\n")
    cffi_core.load(ffi.compile(tmpdir={folder!r})).lib.abs(3)
    ffi.emit_c_code(io.StringIO())
    attempt(lambda: ffi.set_source("_again", ""))
    attempt(lambda: FFI().compile())

def pages():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1])

def refs():
    return getattr(sys, "gettotalrefcount", int)()

def jobs(n):
    for i in range(n):
        job()
        if i % 10 == 0:
            builds()
        gc.collect()  # a Lib and its functions are a cycle

jobs(150)  # until the heap has the size that it keeps
before = pages(), refs()
jobs(150)
print(pages() - before[0], refs() - before[1])
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stubs")
    for stub in make_stub(), make_late_stub(), make_extern_stub(), make_base(), make_user():
        stub.compile(folder, "-pthread")
    return folder


@pytest.mark.skipif(FREE_THREADED, reason="FFIs are immortal")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_nothing_leaks(folder, compiled):
    program = JOB.format(path=[str(folder), *sys.path], folder=str(folder))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    grown, references = map(int, done.stdout.split())
    assert references < 300  # on a debug build; 0 on others
    assert grown < 100  # pages of 4 kB; a leaked FFI would be 3 pages, 150 times


REFUSING = """
import sys
sys.path[:] = {path!r}
from _testcapi import remove_mem_hooks, set_nomemory
import cffi_core
from cffi_core import FFI, FFIError, _core

def load(name):
    return cffi_core.load({folder!r} + f"/{{name}}.so")

def names():
    lib = load("_basic").lib
    for name in ("add", "sum", "counter", "ANSWER", "tau", "unit", "numbers", "GREETING"):
        getattr(lib, name)

def late():
    ffi = FFI()
    ffi.cdef("typedef int... code_t; code_t code(code_t); extern int numbers[...];")
    _core.load_stub({folder!r} + "/_late.so", "_late", ffi)[1].code(3)

# Made beforehand: 3.12 and 3.13 drop a reference too many when a function finds no memory.
first = lambda a, b: a
m, x = load("_basic"), load("_extern")
load("_user")
JOBS = [
    lambda: load("_basic"), lambda: load("_user").lib.norm, lambda: load("_none"), names, late,
    lambda: _core.check_stub({folder!r} + "/_basic.so", "_basic"),
    lambda: m.lib.mk(3), lambda: m.lib.many(*range(14)), lambda: m.lib.twice(1.5),
    lambda: x.ffi.def_extern(name="plus")(first), lambda: x.lib.call_plus(3, 4),
    lambda: m.ffi.list_types(), lambda: m.ffi.typeof(m.lib.add), lambda: m.lib.__all__,
]
sys.unraisablehook = lambda problem: None

def attempt(job):
    try:
        job()
    except (FFIError, ImportError):
        pass
    except (MemoryError, OSError):
        return False
    except SystemError as e:  # Python had no memory for a frame, and forgot the error
        assert str(e) == "error return without exception set", e
        return False
    return True

def fails(job, nth):
    try:
        set_nomemory(nth, nth + 1)
        return not attempt(job)
    except MemoryError:  # from the handlers above
        return True
    finally:
        remove_mem_hooks()

for job in JOBS:
    nth = last = 1
    while nth < last + 200:
        if fails(job, nth):
            last = nth
        nth += 1
    attempt(job)
assert m.lib.add(1, 2) == 3 and m.lib.mk(3).y == 7.5
names(), late()
print("whole")
"""


@pytest.mark.skipif(
    hasattr(sys, "gettotalrefcount"), reason="a debug build asserts that frames can be made"
)
def test_memory_is_refused(folder):
    pytest.importorskip("_testcapi")
    program = REFUSING.format(path=[str(folder), *sys.path], folder=str(folder))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "whole\n"), done.stderr
