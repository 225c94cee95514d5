"""Bytes that one object takes: what a process grows by while it makes many of them.

cdata_bytes.py PEER KIND [COUNT]     prints bytes an object, list entry not counted, or `none`

Growth is that of the resident set: whatever an object needs is in it, the allocator's own share
too, and no accounting of any library has to be believed.  One kind a process, so that no memory of
another is used again.
"""

import sys
from collections.abc import Callable

COUNT = 200_000
DECLARED = """
    struct point { int x, y; };
    struct line { struct point a, b; };
    int add(int, int);
"""


def resident() -> int:
    """Bytes of the process's own; pages of files, such as code, are not among them."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("RssAnon")) * 1024


def grown(make: Callable[[int], object], count: int) -> float:
    """Bytes an object, of `count`; the list that holds them is there before."""
    first = count // 10  # what is made once, and memory that was free
    kept = [None] * count
    for i in range(first):
        kept[i] = make(i)
    before = resident()
    for i in range(first, count):
        kept[i] = make(i)
    return (resident() - before) / (count - first)


def by_ffi(module: str) -> dict[str, Callable[[int], object]]:
    from importlib import import_module

    ffi = import_module(module).FFI()
    ffi.cdef(DECLARED)
    new, cast, data, thing = ffi.new, ffi.cast, bytes(100), object()
    line, array, point = new("struct line *"), new("int[10]"), new("struct point *")
    types = {text: ffi.typeof(text) for text in ("struct point *", "int[10]", "int", "int *")}
    function = ffi.typeof("int(*)(int, int)")
    record, ints, number, pointer = types.values()
    return {
        "new('struct point *'), 8 bytes": lambda i: new(record),
        "new('int[10]'), 40 bytes": lambda i: new(ints),
        "a pointer": lambda i: cast(pointer, i * 16),
        "a number": lambda i: cast(number, i),
        "a function pointer": lambda i: cast(function, i * 16 + 16),
        "p.a, a struct inside another": lambda i: line.a,
        "p[0], a struct that new() made": lambda i: point[0],
        "a[1:9]": lambda i: array[1:9],
        "new_handle()": lambda i: ffi.new_handle(thing),
        "gc()": lambda i: ffi.gc(array, id),
        "from_buffer()": lambda i: ffi.from_buffer(data),
        "buffer()": lambda i: ffi.buffer(array),
    }


def by_ctypes() -> dict[str, Callable[[int], object]]:
    import ctypes

    class Point(ctypes.Structure):
        _fields_ = (("x", ctypes.c_int), ("y", ctypes.c_int))

    class Line(ctypes.Structure):
        _fields_ = (("a", Point), ("b", Point))

    ints, line, data = ctypes.c_int * 10, Line(), bytearray(100)
    function = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int)
    array = ints()
    pointer = ctypes.POINTER(ctypes.c_int)
    return {
        "new('struct point *'), 8 bytes": lambda i: Point(),
        "new('int[10]'), 40 bytes": lambda i: ints(),
        "a pointer": lambda i: pointer.from_address(0),
        "a number": lambda i: ctypes.c_int(i),
        "a function pointer": lambda i: function(i * 16 + 16),
        "p.a, a struct inside another": lambda i: line.a,
        "from_buffer()": lambda i: (ctypes.c_char * 100).from_buffer(data),
        "buffer()": lambda i: memoryview(array),
    }


PEERS = {
    "cffi_core": lambda: by_ffi("cffi_core"),
    "cffi": lambda: by_ffi("cffi"),
    "ctypes": by_ctypes,
}


def kinds() -> list[str]:
    """Of cdata."""
    return list(by_ffi("cffi_core"))


def main() -> None:
    peer, kind, *count = sys.argv[1:]
    make = PEERS[peer]().get(kind)
    print("none" if make is None else grown(make, int(count[0]) if count else COUNT))


if __name__ == "__main__":
    main()
