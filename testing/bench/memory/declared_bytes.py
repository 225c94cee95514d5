"""Bytes that one declaration takes, in line: what a process grows by in a cdef(), and in using it.

declared_bytes.py PEER KIND [COUNT]       prints bytes a declaration, or `none`
"""

import sys
from importlib import import_module

from cdata_bytes import resident

COUNT = 5_000
STRUCT = "struct s{0} {{ int first; struct s{0} *next; double value; }};\n"
DEFINE = "#define NUMBER_{0} {0}\n"
FUNCTION = "int function_{0}(int, char *);\n"


def grown(do, count: int) -> float:
    before = resident()
    kept = do()
    after = resident()
    del kept
    return (after - before) / count


def declare(ffi, line: str, count: int):
    """The cdef() to measure: its text is made before."""
    text = "".join(line.format(i) for i in range(count))
    return lambda: ffi.cdef(text)


def declared(line: str):
    return lambda ffi, count: grown(declare(ffi, line, count), count)


def structs_used(ffi, count: int) -> float:
    """Declared, and each type's fields looked at."""
    cdef = declare(ffi, STRUCT, count)
    names = [f"struct s{i}" for i in range(count)]
    return grown(lambda: (cdef(), [len(ffi.typeof(name).fields) for name in names]), count)


def constants_used(ffi, count: int) -> float:
    cdef = declare(ffi, DEFINE, count)
    names = [sys.intern(f"NUMBER_{i}") for i in range(count)]

    def read():
        cdef()
        lib = ffi.dlopen(None)
        return lib, [getattr(lib, name) for name in names]

    return grown(read, count)


def functions_opened(ffi, count: int) -> float:
    """A library of them, of which one is used: what is declared and not used costs nothing more."""
    warm = type(ffi)()
    warm.cdef("int abs(int);")
    kept = warm.dlopen(None).abs(-1)
    declare(ffi, FUNCTION, count)()
    ffi.cdef("int abs(int);")
    names = warm, kept
    return grown(lambda: (ffi.dlopen(None).abs, names), count)


KINDS = {
    "a struct declared": declared(STRUCT),
    "a struct declared and used": structs_used,
    "a constant declared": declared(DEFINE),
    "a constant declared and read": constants_used,
    "a function declared": declared(FUNCTION),
    "  more, of the library once opened, unused": functions_opened,
}


def main() -> None:
    peer, kind, *count = sys.argv[1:]
    if peer == "ctypes":
        print("none")
        return
    ffi = import_module(peer).FFI()
    ffi.cdef("int warm(int);")
    print(KINDS[kind](ffi, int(count[0]) if count else COUNT))


if __name__ == "__main__":
    main()
