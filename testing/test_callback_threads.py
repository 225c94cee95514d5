"""Callbacks from threads, of Python and of C; in interpreters; while they end."""

import sys
import threading
import time

import pytest
from interpreters import run_clib as run

import cffi_core


@pytest.fixture
def opened(opener):
    return opener("callbacks.h")


def test_foreign_threads(opened):
    ffi, lib = opened
    seen = set()

    @ffi.callback("int(int, int)")
    def callback(arg, index):
        seen.add((index, threading.get_ident()))
        return arg + index

    n, times = 8, 50
    total = lib.on_threads(callback, 10, n, times)
    assert total == sum((10 + i) * times for i in range(n))
    assert len({index for index, _ in seen}) == n
    assert len(seen) == n  # each thread is one to Python too
    assert threading.get_ident() not in {ident for _, ident in seen}


def test_exceptions_on_foreign_threads(opened, monkeypatch):
    ffi, lib = opened
    seen = []
    monkeypatch.setattr(sys, "unraisablehook", lambda args: seen.append(args.exc_type))
    callback = ffi.callback("int(int, int)", lambda a, b: 1 // 0, error=2)
    assert lib.on_threads(callback, 0, 4, 5) == 40
    assert seen == [ZeroDivisionError] * 20


def test_state_of_a_foreign_thread_lasts_as_long_as_the_thread(opened):
    """Thread-local values survive from one callback to the next."""
    ffi, lib = opened
    local = threading.local()
    counts = []

    @ffi.callback("int(int, int)")
    def callback(arg, index):
        local.count = getattr(local, "count", 0) + 1
        counts.append(local.count)
        return 0

    lib.on_threads(callback, 0, 4, 25)
    assert sorted(counts) == sorted(list(range(1, 26)) * 4)


def test_destructors_at_the_end_of_a_foreign_thread(clib):
    """What they call by PyGILState_Ensure finds the state that is attached."""
    out = run(
        clib,
        """
        import ctypes, threading
        local = threading.local()
        five = ctypes.PYFUNCTYPE(ctypes.c_int)(lambda: 5)
        class Last:
            def __del__(self):
                print("last", five())
        def callback(arg, index):
            local.last = Last()
            return 0
        lib.on_threads(ffi.callback("int(int, int)", callback), 0, 1, 1)
        """,
    )
    assert out == "last 5\n"


def test_foreign_thread_calls_c_that_calls_back(opened):
    ffi, lib = opened
    inner = ffi.callback("int(int)", lambda x: x + 1)

    @ffi.callback("int(int, int)")
    def outer(arg, index):
        return lib.call_int(inner, arg)

    assert lib.on_threads(outer, 5, 4, 10) == 6 * 40


def test_python_threads(opened):
    ffi, lib = opened
    callback = ffi.callback("int(int)", lambda x: x * 2)
    sums = []

    def work():
        sums.append(sum(lib.call_int(callback, i) for i in range(500)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sums == [sum(range(500)) * 2] * 4


def test_on_the_calling_thread_it_is_the_same_thread(opened):
    ffi, lib = opened
    local = threading.local()
    local.x = 5
    callback = ffi.callback("int(int)", lambda _: local.x)
    assert lib.call_int(callback, 0) == 5


def test_called_by_ctypes(opened):
    """Another extension's call released the GIL, or kept it."""
    import ctypes

    ffi, lib = opened
    callback = ffi.callback("int(int)", lambda x: x + 7)
    address = int(ffi.cast("uintptr_t", callback))
    assert ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(address)(1) == 8
    assert ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_int)(address)(2) == 9
    seen = []
    worker = threading.Thread(
        target=lambda: seen.append(ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(address)(3))
    )
    worker.start()
    worker.join()
    assert seen == [10]


def test_calls_ctypes_that_calls_back(opened):
    import ctypes

    ffi, lib = opened
    inner = ffi.callback("int(int)", lambda x: x + 1)
    address = int(ffi.cast("uintptr_t", inner))
    through_ctypes = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(address)
    outer = ffi.callback("int(int)", lambda x: through_ctypes(x) * 10)
    assert lib.call_int(outer, 4) == 50


def test_ticker(opened):
    """Callbacks arrive while the main thread runs Python."""
    ffi, lib = opened
    seen = []
    callback = ffi.callback("int(int)", lambda i: seen.append(i) or i)
    assert lib.start_ticker(callback) == 0
    end = time.monotonic() + 10
    while len(seen) < 20 and time.monotonic() < end:
        sum(range(1000))
    assert lib.stop_ticker() == len(seen) >= 20
    assert lib.ticker_sum() == sum(seen)
    assert seen == list(range(len(seen)))


# ---- in processes of their own ------------------------------------------------------------


IN_INTERPRETER = """
import threading
mark = "sub"
def callback(x):
    assert mark == "sub" and sys.modules["cffi_core"] is cffi_core
    return x + 1
callback = ffi.callback("int(int)", callback, -1)
assert lib.call_int(callback, 1) == 2
two = ffi.callback("int(int, int)", lambda a, b: a + b if mark == "sub" else 0, -1)
assert lib.on_threads(two, 1, 3, 2) == 12
errors = []
def work():
    errors.append(lib.call_int(callback, 5) - 6)
thread = threading.Thread(target=work)
thread.start()
thread.join()
assert errors == [0]
lib.keep(callback)
"""

INTERPRETERS = """
CODE = SETUP + f"HEADER = {HEADER!r}; PATH = {PATH!r}" + READY + CODE
assert lib.call_int(ffi.callback("int(int)", lambda x: x + 1), 1) == 2
first = create(OWN_GIL)
execute(first, CODE)
two = ffi.callback("int(int, int)", lambda a, b: a + b)
assert lib.on_threads(two, 1, 3, 2) == 12
# The callback that the interpreter left with the library runs there, called from here.
assert lib.call_kept(10) == 11
second = create(OWN_GIL)
execute(second, CODE)
assert lib.call_kept(20) == 21
execute(first, "assert lib.call_kept(3) == 4")
_interpreters.destroy(first)
assert lib.call_kept(30) == 31
_interpreters.destroy(second)
assert lib.call_int(ffi.callback("int(int)", lambda x: x + 1), 1) == 2
print("end")
"""


@pytest.mark.parametrize("own_gil", [True, False])
def test_subinterpreters(clib, own_gil):
    if own_gil and sys.version_info < (3, 12):
        pytest.skip("no interpreter has a GIL of its own in this Python")
    assert run(clib, INTERPRETERS, CODE=IN_INTERPRETER, OWN_GIL=own_gil) == "end\n"


def test_package_under_test_is_the_one_imported(clib):
    assert run(clib, "print(cffi_core.__file__)").strip() == cffi_core.__file__
