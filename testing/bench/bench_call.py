"""A call of `int add(int, int)` from a shared library: what one call costs,
the loop that makes it included, against cffi's ABI mode and ctypes."""

import ctypes
import subprocess
import tempfile
from pathlib import Path
from timeit import Timer

import cffi
from measure import Row, beside, interleaved

import cffi_core

SOURCE = """
#include <math.h>
struct point { int x, y; };
int add(int a, int b) { return a + b; }
double half(double x) { return x / 2; }
int first(const char *text) { return text[0]; }
void nothing(void) { }
int apply(int (*f)(int), int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += f(i);
    return sum;
}
"""
CDEF = """
int add(int, int);
double half(double);
int first(const char *);
void nothing(void);
int apply(int (*)(int), int);
"""
CALLBACKS = 1000  # calls of the Python function by one apply()


def library(folder: str) -> str:
    source, target = Path(folder, "lib.c"), str(Path(folder, "lib.so"))
    source.write_text(SOURCE)
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", source, "-o", target], check=True)
    return target


def by_ffi(module, path: str) -> dict:
    """The functions of the library through cffi or cffi_core."""
    ffi = module.FFI()
    ffi.cdef(CDEF)
    lib = ffi.dlopen(path)
    names = {name: getattr(lib, name) for name in ("add", "half", "first", "nothing", "apply")}
    return names | {"callback": ffi.callback("int (*)(int)", lambda i: i), "keep": (ffi, lib)}


def by_ctypes(path: str) -> dict:
    lib = ctypes.CDLL(path)
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)
    for name, result, *arguments in (
        ("add", ctypes.c_int, ctypes.c_int, ctypes.c_int),
        ("half", ctypes.c_double, ctypes.c_double),
        ("first", ctypes.c_int, ctypes.c_char_p),
        ("nothing", None),
        ("apply", ctypes.c_int, kind, ctypes.c_int),
    ):
        getattr(lib, name).restype = result
        getattr(lib, name).argtypes = arguments
    names = {name: getattr(lib, name) for name in ("add", "half", "first", "nothing", "apply")}
    return names | {"callback": kind(lambda i: i)}


CASES = [
    # title, statement, runs of it by one measurement, calls it makes, target against cffi
    ("int add(int, int)", "add(1, 2)", 200_000, 1, 0.35),
    ("double half(double)", "half(3.0)", 200_000, 1, None),
    ("int first(const char *)", "first(b'text')", 200_000, 1, None),
    ("void nothing(void)", "nothing()", 200_000, 1, None),
    ("a callback int (*)(int)", f"apply(callback, {CALLBACKS})", 100, CALLBACKS, None),
]


def run(quick: bool) -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = library(folder)
        peers = [by_ffi(cffi_core, path), by_ffi(cffi, path), by_ctypes(path)]
        for title, statement, number, calls, target in CASES:
            timers = [Timer(statement, globals=names) for names in peers]
            jobs = [lambda t=t, n=number: t.timeit(n) / n for t in timers]
            ours, by_cffi, by_c = (t / calls for t in interleaved(3 if quick else 15, *jobs))
            rows.append(beside(title, ours, "cffi ABI", by_cffi, target))
            rows.append(beside(f"  {title}", ours, "ctypes", by_c))
    return rows
