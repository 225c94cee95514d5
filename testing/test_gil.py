"""The GIL is released around calls, unless the declaration says to keep it."""

import sys
import threading
import time

import pytest

MEET = """ int meet(int *flags, int ms);
struct meeting { int *flags; long ms[3]; };
int meet_by_value(struct meeting m);
int meet_variadic(int *flags, ...);
"""
WITH_GIL = getattr(sys, "_is_gil_enabled", lambda: True)()


def others_run(opener, ms, prefix="", call=None, **options):
    """Whether another thread runs Python while this one is inside C, for MS at most."""
    ffi, lib = opener("callbacks.h", prefix + MEET, **options)
    flags = ffi.new("int[2]")

    def work():
        while not flags[0]:
            time.sleep(0.0005)
        flags[1] = 1

    thread = threading.Thread(target=work)
    thread.start()
    met = call(ffi, lib, flags, ms) if call else lib.meet(flags, ms)
    thread.join()
    return bool(met)


def by_value(ffi, lib, flags, ms):
    return lib.meet_by_value([flags, [ms, 0, 0]])


def variadic(ffi, lib, flags, ms):
    return lib.meet_variadic(flags, ffi.cast("int", ms))


@pytest.mark.parametrize("call", [None, by_value, variadic])
def test_released_by_default(opener, call):
    assert others_run(opener, 20000, call=call)


@pytest.mark.skipif(not WITH_GIL, reason="there is no GIL to keep")
@pytest.mark.parametrize("call", [None, by_value, variadic])
def test_kept_by_option(opener, call):
    assert not others_run(opener, 100, call=call, release_gil=False)


@pytest.mark.skipif(not WITH_GIL, reason="there is no GIL to keep")
@pytest.mark.parametrize("attribute", ["[[cffi::keep_gil]]", "__attribute__((const))"])
def test_kept_by_attribute(opener, attribute):
    assert not others_run(opener, 100, prefix=attribute)


def test_callback_from_a_call_that_kept_it(opener):
    ffi, lib = opener("callbacks.h", release_gil=False)
    inner = ffi.callback("int(int)", lambda x: x + 1)
    outer = ffi.callback("int(int)", lambda x: lib.call_int(inner, x) * 2)
    assert lib.call_int(outer, 4) == 10


def test_kept_inside_released_inside_kept(opener):
    _, keeps = opener("callbacks.h", release_gil=False)
    ffi, releases = opener("callbacks.h")
    chain = ffi.callback("int(int)", lambda x: x + 1)
    callbacks = [chain]
    for i, lib in enumerate([keeps, releases] * 4):
        chain = ffi.callback(
            "int(int)", lambda x, lib=lib, f=chain, i=i: lib.call_int(f, x) + 10**i
        )
        callbacks.append(chain)
    for lib in keeps, releases:
        assert lib.call_int(chain, 0) == 11111112


def test_calls_from_many_threads(opener):
    ffi, lib = opener("callbacks.h", "int set_errno(int); int get_errno(void);")
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


def test_first_use_from_many_threads(opener):
    """Names, plans and cifs are made by whoever comes first, once."""
    for _ in range(20):
        ffi, lib = opener(
            "callbacks.h", "struct triple { long a, b, c; };" + "struct triple call_triple("
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
