"""The GIL is released around calls, unless the declaration says to keep it."""

import sys
import threading
import time

import native_library
import pytest

from cffi_core import FFI

HEADER = native_library.header("callbacks.h")
WITH_GIL = getattr(sys, "_is_gil_enabled", lambda: True)()


def opened(clib, text, **options):
    ffi = FFI()
    ffi.cdef(text, **options)
    return ffi, ffi.dlopen(str(clib))


def test_released_by_default(clib, backend):
    """One thread waits inside C for a flag that the other sets from Python."""
    ffi, lib = opened(clib, HEADER)
    flag = ffi.new("int *", 0)
    waiter = threading.Thread(target=lib.wait_for, args=(flag,))
    begin = time.monotonic()
    waiter.start()
    lib.raise_flag(flag)
    waiter.join()
    assert time.monotonic() - begin < 9


def runs_beside(clib, declaration, **options):
    """How often another thread gets to run while this one is 100 ms inside C."""
    ffi, lib = opened(clib, declaration, **options)
    count, stop = 0, False

    def work():
        nonlocal count
        while not stop:
            count += 1
            time.sleep(0.001)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.01)
    before = count
    lib.sleep_ms(100)
    seen = count - before
    stop = True
    thread.join()
    return seen


def test_how_to_keep_it(clib, backend):
    if not WITH_GIL:
        pytest.skip("there is no GIL to keep")
    assert runs_beside(clib, "void sleep_ms(int ms);") > 5
    assert runs_beside(clib, "void sleep_ms(int ms);", release_gil=False) <= 2
    assert runs_beside(clib, "[[cffi::keep_gil]] void sleep_ms(int ms);") <= 2
    assert runs_beside(clib, "void sleep_ms(int ms) __attribute__((const));") <= 2


def test_released_for_libffi_and_variadic_calls(clib, backend, tmp_path):
    source = tmp_path / "sleepers.c"
    source.write_text(
        """
        #include <time.h>
        struct wide { long v[4]; };
        static void nap(void)
        {
            struct timespec t = {0, 300000000};
            nanosleep(&t, 0);
        }
        long by_value(struct wide w) { nap(); return w.v[3]; }
        int variadic(int n, ...) { nap(); return n; }
        """
    )
    path = native_library.compile_library(tmp_path, "sleepers", source)
    ffi, lib = opened(
        path, "struct wide { long v[4]; }; long by_value(struct wide); int variadic(int, ...);"
    )
    for call in (lambda: lib.by_value([[1, 2, 3, 4]])), (lambda: lib.variadic(4)):
        results = []
        threads = [threading.Thread(target=lambda: results.append(call())) for _ in range(4)]
        begin = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results == [4] * 4
        assert time.monotonic() - begin < 1.1  # one after the other: 1.2


def test_callback_from_a_call_that_kept_it(clib, backend):
    ffi, lib = opened(clib, HEADER, release_gil=False)
    inner = ffi.callback("int(int)", lambda x: x + 1)
    outer = ffi.callback("int(int)", lambda x: lib.call_int(inner, x) * 2)
    assert lib.call_int(outer, 4) == 10


def test_kept_inside_released_inside_kept(clib, backend):
    _, keeps = opened(clib, HEADER, release_gil=False)
    ffi, releases = opened(clib, HEADER)
    chain = ffi.callback("int(int)", lambda x: x + 1)
    callbacks = [chain]
    for i, lib in enumerate([keeps, releases] * 4):
        chain = ffi.callback(
            "int(int)", lambda x, lib=lib, f=chain, i=i: lib.call_int(f, x) + 10**i
        )
        callbacks.append(chain)
    for lib in keeps, releases:
        assert lib.call_int(chain, 0) == 11111112


def test_calls_from_many_threads(clib, backend):
    ffi, lib = opened(clib, "int set_errno(int); int get_errno(void);")
    failures = []

    def work(n):
        for i in range(2000):
            lib.set_errno(n * 10000 + i)
            if ffi.errno != n * 10000 + i or lib.get_errno() != n * 10000 + i:
                failures.append((n, i))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_first_use_from_many_threads(clib, backend):
    """Names, plans and cifs are made by whoever comes first, once."""
    for _ in range(20):
        ffi, lib = opened(
            clib, "struct triple { long a, b, c; };" + "struct triple call_triple("
            "struct triple (*f)(struct triple, int), struct triple x, int y);"
        )
        barrier = threading.Barrier(4)
        functions, results = [], []
        callback = ffi.callback("struct triple(struct triple, int)", lambda t, i: t)

        def work():
            barrier.wait()
            functions.append(lib.call_triple)
            results.append(lib.call_triple(callback, [1, 2, 3], 4).c)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results == [3] * 4
        assert all(f is functions[0] for f in functions)
