"""Objects die when they should; where they are immortal, they are few and counted."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from conftest import FULL

from cffi_core import FFI, _core

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))

JOB = """
import gc, sys
sys.path[:] = {path!r}
from cffi_core import FFI, FFIError

def attempt(call):
    try:
        call()
    except (FFIError, TypeError, ValueError, AttributeError, KeyError, OverflowError):
        pass

def job():
    ffi = FFI()
    ffi.cdef('''
        struct node {{ struct node *next; int (*f)(struct node *, int[3]); int b : 3;
                      enum e {{ A, B }} k; union {{ int u; float v; }}; }};
        typedef struct node n; int abs(int); enum later; typedef int plus(int);
    ''')
    ffi.typeof("n *(*)(n, int)"), ffi.typeof("n[3]").item.fields, ffi.typeof("enum e").elements
    other = FFI()
    other.include(ffi)
    other.cdef("struct m {{ n a[2]; }};")
    other.typeof("struct m").fields, other.list_types(), ffi.unavailable()
    later = ffi.typeof("enum later")
    later.elements, ffi.cdef("enum later {{ Q }};"), later.elements
    attempt(lambda: ffi.cdef("int ("))
    attempt(lambda: ffi.typeof("int ("))
    attempt(lambda: ffi.typeof("int(int)"))
    attempt(lambda: ffi.new("int *", 1, 2))
    attempt(lambda: ffi.new("int *", 2**40))
    attempt(lambda: ffi.new("int *", keyword=1))
    attempt(lambda: ffi.sizeof("void"))
    attempt(lambda: ffi.offsetof("n", "zz"))
    attempt(lambda: ffi.include(ffi))
    p = ffi.new("n *", {{"u": 3}})
    p.next = p
    ffi.addressof(p[0], "next"), ffi.getctype("n", "*x"), ffi.offsetof("n", "k")
    lib = ffi.dlopen(None)
    lib.abs(3), ffi.addressof(lib, "abs")
    attempt(lambda: lib.no_such)
    ffi.init_once(lambda: 5, "tag")
    ffi.callback("plus", lambda x: x + 1)(3)
    ffi.from_handle(ffi.new_handle(p))
    ffi.gc(p, lambda x: None)
    ffi.new_allocator()("int *"), list(ffi.from_buffer("char[]", bytearray(8)))
    ffi.me = ffi  # a cycle

def pages():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1])

def refs():
    return getattr(sys, "gettotalrefcount", int)()

for _ in range(400):  # until the heap has the size that it keeps
    job()
gc.collect()
before = pages(), refs()
for _ in range(300):
    job()
gc.collect()
print(pages() - before[0], refs() - before[1])
"""


@pytest.mark.skipif(FREE_THREADED, reason="FFIs are immortal")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_nothing_leaks():
    done = subprocess.run(
        [sys.executable, "-c", JOB.format(path=sys.path)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    grown, references = map(int, done.stdout.split())
    assert references < 300  # on a debug build; 0 on others
    assert grown < 150  # pages of 4 kB; a leaked FFI would be 3 pages, 300 times


SUBSET = ["callbacks", "cdata_ops", "gc", "hostile_mutation", "stub_include"]
if FULL:
    SUBSET += ["buffer", "calls", "cdata_new", "conversions_record", "ctype", "ffi_basics",
               "from_buffer", "handles", "hostile_modules", "lib", "string_unpack", "stub_load",
               "types_by_value", "variadic"]  # fmt: skip


@pytest.mark.skipif(not hasattr(sys, "gettotalrefcount"), reason="needs a debug build of Python")
@pytest.mark.parametrize("name", SUBSET)
def test_no_test_leaves_references(name):
    """What each test of the file leaves behind, round after round: testing/refleaks.py."""
    folder = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "refleaks", "-p", "no:cacheprovider"]
        + [folder / f"test_{name}.py"],
        cwd=folder.parent, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([*filter(None, sys.path), str(folder)])},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed" in done.stdout


def grown(job):
    """What a job adds to the objects that never die."""
    count, size = _core._shared()
    job()
    after = _core._shared()
    return after[0] - count, after[1] - size


@pytest.mark.skipif(FREE_THREADED, reason="there it is otherwise")
def test_with_a_gil_nothing_is_immortal():
    FFI().typeof("int *****")
    assert _core._shared() == (0, 0)


@pytest.mark.skipif(not FREE_THREADED, reason="nothing is immortal with a GIL")
def test_what_is_immortal_is_bounded():
    count, size = grown(lambda: [FFI() for _ in range(100)])
    assert count == 100
    assert size <= 100 * 192
    ffi = FFI()
    make = lambda ffi: ffi.typeof("int(*)(char(*)[71], short *)")  # noqa: E731
    count, size = grown(lambda: make(ffi))
    assert 3 <= count <= 6  # char[71], its pointer, the function; others made short * perhaps
    assert size <= count * 256
    assert grown(lambda: make(ffi)) == (0, 0)
    ffi = FFI()
    assert grown(lambda: make(ffi)) == (0, 0)
