"""The names that each peer has for the statements of cases.py, by the peer's name."""

import ctypes
import sys
from collections.abc import Callable
from pathlib import Path

from build import DECLARED

FUNCTIONS = ("add", "nothing", "mul", "first", "norm1", "same", "mixed", "make_point", "sum_point")
METHODS = ("new", "unpack", "string", "from_buffer", "buffer", "cast")


def by_ffi(ffi, lib) -> dict:
    """cffi and cffi_core, in every mode."""
    names = {name: getattr(lib, name) for name in (*FUNCTIONS, "sum_ints", "apply")}
    point = ffi.new("struct point *", [3, 4])
    if hasattr(lib, "from_c"):
        ffi.def_extern("from_c")(lambda i: i)
        names["from_c"] = lib.from_c
    return names | {
        "lib": lib,
        "point": point,
        "value": point[0],
        "line": ffi.new("struct line *"),
        "array": ffi.new("int[10]"),
        "thousand": ffi.new("int[1000]"),
        "text": ffi.new("char[]", b"some text of a usual length"),
        "one": ffi.cast("int", 1),
        "two": ffi.cast("int", 2),
        "three": [1, 2, 3],
        "hundred": list(range(100)),
        "data": b"x" * 100,
        "callback": ffi.callback("int(int)", lambda i: i),
        **{
            n: getattr(ffi, n) for n in ("new", "unpack", "string", "from_buffer", "buffer", "cast")
        },
        "keep": ffi,
    }


def abi(module: str, **options) -> dict:
    from importlib import import_module

    ffi = import_module(module).FFI()
    ffi.cdef(DECLARED, **options)
    return by_ffi(ffi, ffi.dlopen(str(folder() / "libfunctions.so")))


def api(name: str) -> dict:
    from importlib import import_module

    module = import_module(name)
    return by_ffi(module.ffi, module.lib)


def by_ctypes() -> dict:
    class Point(ctypes.Structure):
        _fields_ = (("x", ctypes.c_int), ("y", ctypes.c_int))

    class Line(ctypes.Structure):
        _fields_ = (("a", Point), ("b", Point))

    number, real, text, address = ctypes.c_int, ctypes.c_double, ctypes.c_char_p, ctypes.c_void_p
    callback = ctypes.CFUNCTYPE(number, number)
    pointer = ctypes.POINTER(Point)
    declared = {
        "add": (number, number, number),
        "nothing": (None,),
        "mul": (real, real, real),
        "first": (number, text),
        "norm1": (number, pointer),
        "same": (address, pointer),
        "mixed": (real, number, real, text, ctypes.c_long, ctypes.c_float, pointer),
        "make_point": (Point, number, number),
        "sum_point": (number, Point),
        "apply": (number, callback, number),
    }
    lib = ctypes.CDLL(str(folder() / "libfunctions.so"))
    for name, (result, *arguments) in declared.items():
        getattr(lib, name).restype, getattr(lib, name).argtypes = result, arguments
    names = {name: getattr(lib, name) for name in declared}
    value = Point(3, 4)
    return names | {
        "lib": lib,
        "point": value,
        "value": value,
        "line": Line(),
        "array": (number * 10)(),
        "thousand": (number * 1000)(),
        "three": [1, 2, 3],
        "callback": callback(lambda i: i),
    }


def by_module(name: str) -> dict:
    """Cython, nanobind, pybind11 and the hand-written one."""
    from importlib import import_module

    module = import_module(name)
    names = {f: getattr(module, f) for f in (*FUNCTIONS, "gil_pair") if hasattr(module, f)}
    if hasattr(module, "Point"):
        names["point"] = names["value"] = module.make_point(3, 4)
    return names


def folder() -> Path:
    """Where build.py has built, which is on the path."""
    return Path(sys.path[0])


PEERS: dict[str, Callable[[], dict]] = {
    "cffi_core API": lambda: api("_api_cffi_core"),
    "cffi_core API, GIL kept": lambda: api("_api_cffi_core_kept"),
    "cffi_core ABI": lambda: abi("cffi_core"),
    "cffi_core ABI, GIL kept": lambda: abi("cffi_core", release_gil=False),
    "cffi API": lambda: api("_api_cffi"),
    "cffi ABI": lambda: abi("cffi"),
    "ctypes": by_ctypes,
    "METH_FASTCALL": lambda: by_module("fastcall"),
    "Cython": lambda: by_module("cythonic"),
    "nanobind": lambda: by_module("nano"),
    "pybind11": lambda: by_module("bind11"),
}
