"""What a list, a str or bytes becomes for the time of a call: there while C may look, gone then."""

import gc
import sys
import tracemalloc

import pytest

from cffi_core import FFI


@pytest.fixture
def opened(opener):
    return opener("callbacks.h")


def disturb():
    """What could overwrite memory that nobody holds."""
    gc.collect()
    return [bytes([i % 256]) * 600 for i in range(300)]


@pytest.mark.parametrize("n", [3, 511, 512, 513, 100_000])
def test_bytes_while_c_calls_back(opened, n):
    ffi, lib = opened
    seen = []

    @ffi.callback("void *(*)(void *)")
    def look(p):
        kept = disturb()
        if len(seen) < 2:  # another call with arguments of its own, meanwhile
            seen.append(None)
            lib.call_pointer(look, b"y" * n)
        seen.append(ffi.buffer(ffi.cast("char *", p), n)[:])
        del kept
        return p

    lib.call_pointer(look, b"x" * n)
    assert seen[2:] == [b"y" * n, b"y" * n, b"x" * n]


def sorted_by_c(n, item="int"):
    """Sorts a list, as a temporary array; which values C showed to the callback."""
    ffi = FFI()
    ffi.cdef(f"void qsort({item} *, size_t, size_t, int (*)({item} *, {item} *));")
    shown = set()

    @ffi.callback(f"int(*)({item} *, {item} *)")
    def compare(a, b):
        if len(shown) < 3:
            disturb()
        shown.update((int(a[0]), int(b[0])))
        return int(a[0] - b[0])

    values = list(range(n, 0, -1))
    ffi.dlopen(None).qsort(values, n, ffi.sizeof(item), compare)
    assert values == list(range(n, 0, -1))
    return shown


@pytest.mark.parametrize("n", [2, 100, 128, 129, 2000])
def test_lists_while_c_calls_back(backend, n):
    assert sorted_by_c(n) == set(range(1, n + 1))
    assert sorted_by_c(n, "double") == set(range(1, n + 1))


def test_large_ones_are_not_on_the_stack(opener):
    """16 MB each; the stack has 8."""
    _, lib = opener("scalars.h")
    assert lib.sum_doubles([0.5] * 2_000_000, 2_000_000) == 1e6
    assert lib.wide_length("x" * 4_000_000) == 4_000_000


def test_they_are_given_back(opener):
    _, lib = opener("scalars.h")
    data, text = b"x" * 1000, "x" * 1000
    numbers = [i % 100 for i in range(1000)]
    before = sys.getrefcount(data), sys.getrefcount(text), sys.getrefcount(numbers)
    grown = []
    tracemalloc.start()
    for _ in range(4):
        start = tracemalloc.get_traced_memory()[0]
        for _ in range(100):
            lib.length(data), lib.wide_length(text), lib.sum_ints(numbers, 1000)
            with pytest.raises(TypeError):
                lib.sum_ints([*numbers, "x"], 1)
        gc.collect()  # what pytest keeps of an exception is in a cycle
        grown.append(tracemalloc.get_traced_memory()[0] - start)
    tracemalloc.stop()
    assert (sys.getrefcount(data), sys.getrefcount(text), sys.getrefcount(numbers)) == before
    assert min(grown) < 20_000, grown  # what is never given back is missing in each round
