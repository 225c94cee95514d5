"""Hostile values, and how a table of calls is walked with them: what test_hostile*.py share."""

import gc
import sys
import sysconfig

from modes import declared

from cffi_core import FFI, FFIError, PkgConfigError, VerificationError, VerificationMissing

DOCUMENTED = (
    TypeError, ValueError, OverflowError, KeyError, IndexError, AttributeError, RuntimeError,
    NotImplementedError, MemoryError, BufferError, OSError, SyntaxError, ImportError, FFIError,
    VerificationError, VerificationMissing, PkgConfigError,
)  # fmt: skip
COUNTED = not sysconfig.get_config_var("Py_GIL_DISABLED")  # there, references are not
NOT_AGAIN = "the value's own method raised this"

CDEF = """
    struct s { int a; struct s *next; char name[4]; int bits : 3; };
    union u { int i; float f; };  struct opaque;  enum e { A, B = 5 };
    struct flex { int n; short items[]; };
    int abs(int);  extern int opterr;  typedef int plus(int);
    typedef int v4 __attribute__((vector_size(16)));
"""


class Raises:
    """Every conversion is asked for, and fails."""

    def fail(self, *args):
        raise ZeroDivisionError(NOT_AGAIN)

    __int__ = __index__ = __float__ = __complex__ = __len__ = __iter__ = __getitem__ = fail
    __bool__ = __hash__ = __call__ = __str__ = __enter__ = __fspath__ = __contains__ = fail
    keys = fileno = write = fail
    __eq__ = __lt__ = __add__ = __radd__ = __sub__ = __rsub__ = fail


class Lies:
    """Every conversion gives something else."""

    def __int__(self):
        return "no int"

    def __float__(self):
        return "no float"

    def __complex__(self):
        return "no complex"

    def __iter__(self):
        return 3

    def __len__(self):
        return -5  # noqa: PLE0303

    def __fspath__(self):
        return 3.5

    def fileno(self):
        return 2**70

    keys = None


class Huge:
    def __index__(self):
        return 2**100

    def __len__(self):
        return sys.maxsize

    def __getitem__(self, i):
        return 0


class Str(str):
    """Equal and hashed as a str, but not one that C code may take for exact."""

    __slots__ = ()


class Int(int):
    def __index__(self):
        return 7

    __int__ = __index__


class Shrinking(list):
    """Loses its items while it is read."""

    def __iter__(self):
        self.clear()
        return iter([1, 2, 3])


class Emptier:
    """Empties, when it is converted, the list that it is in."""

    def __init__(self, items):
        self.items = items

    def __int__(self):
        self.items.clear()
        return 1

    __index__ = __int__


def emptying():
    items = []
    items += [1, Emptier(items), 3, 4]
    return items


class World:
    """An FFI and everything that may be passed to it.

    The FFI may be that of a compiled module, with its lib: see modes.py.
    """

    def __init__(self, ffi=None, lib=None):
        self.ffi = ffi = ffi or declared(CDEF, {})
        self.other = declared(CDEF, {})
        self.lib = lib or ffi.dlopen(None)
        self.closed = ffi.dlopen(None)
        self.gone = self.closed.abs
        ffi.dlclose(self.closed)
        self.kept = [ffi.new("int[3]"), ffi.new("struct s *"), ffi.new("char[]", b"abc")]
        self.values = {**self.plain(), **self.ctypes(), **self.cdata()}

    def plain(self):
        loop = []
        loop.append(loop)
        return {
            "None": None, "True": True, "zero": 0, "one": 1, "minus": -1, "2**31": 2**31,
            "2**63": 2**63, "2**64": 2**64, "-2**63-1": -(2**63) - 1, "2**200": 2**200,
            "-2**200": -(2**200), "nan": float("nan"), "inf": float("inf"), "1.5": 1.5, "1j": 1j,
            "empty": "", "type": "struct s *", "nul": "in\0t", "surrogate": "\ud800",
            "wide": "\U0001f600", "long": "x" * 70_000, "unknown": "no_such_t", "brackets": "int[" ,
            "bytes": b"abc", "no bytes": b"", "nul bytes": b"a\0b", "bytearray": bytearray(b"ab"),
            "strided": memoryview(bytearray(9))[::2], "list": [1, 2], "loop": loop, "deep": [[[]]],
            "mixed": [1, None, "x"], "tuple": (), "dict": {"a": 1}, "bad dict": {1: 2, None: 3},
            "no field": {"zz": 1}, "set": {1}, "object": object(), "class": int, "function": len,
            "raises": Raises(), "lies": Lies(), "huge": Huge(), "str": Str("int"), "int": Int(3),
            "shrinking": Shrinking([1, 2, 3]), "emptying": emptying(), "generator": iter([1]),
            "range": range(3), "exception": ValueError, "slice": slice(0, 2),
        }  # fmt: skip

    def ctypes(self):
        names = ["void", "int", "char", "int *", "void *", "int[3]", "int[]", "struct s",
                 "struct s *", "struct opaque", "struct opaque *", "union u", "enum e", "plus *",
                 "long double", "double _Complex", "_Bool", "wchar_t", "__int128", "v4", "FILE *",
                 "struct flex"]  # fmt: skip
        own = {f"ctype {name}": self.ffi.typeof(name) for name in names}
        return {**own, "foreign ctype": self.other.typeof("struct s")}

    def cdata(self):
        ffi = self.ffi
        released = ffi.from_buffer(bytearray(8))
        ffi.release(released)
        collected = ffi.gc(self.kept[0], lambda p: None)
        ffi.release(collected)
        stale = ffi.cast("void *", ffi.new_handle([]))
        return {
            "ffi": ffi, "other ffi": self.other, "lib": self.lib, "closed lib": self.closed,
            "closed function": self.gone, "NULL": ffi.NULL, "NULL int *": ffi.cast("int *", 0),
            "NULL struct *": ffi.cast("struct s *", 0), "NULL function": ffi.cast("plus *", 0),
            "released": released, "collected": collected, "stale handle": stale,
            "handle": ffi.new_handle(3), "array": self.kept[0], "no items": ffi.new("int[]", 0),
            "struct *": self.kept[1], "struct": self.kept[1][0], "chars": self.kept[2],
            "field": self.kept[1].name, "opaque": ffi.cast("struct opaque *", self.kept[1]),
            "foreign": self.other.new("struct s *"), "foreign s": self.other.new("struct s *")[0],
            "flex": ffi.new("struct flex *", [1, [1, 2]]), "union": ffi.new("union u *")[0],
            "c int": ffi.cast("int", -3), "c char": ffi.cast("char", 200),
            "c enum": ffi.cast("enum e", 5), "c double": ffi.cast("double", 2.5),
            "c nan": ffi.cast("double", float("nan")), "c bool": ffi.cast("_Bool", 1),
            "c long double": ffi.cast("long double", 1e300), "c wchar": ffi.cast("wchar_t", 65),
            "c complex": ffi.cast("double _Complex", 1j), "c int128": ffi.cast("__int128", 2**100),
            "vector": ffi.new("v4"), "function c": self.lib.abs, "buffer": ffi.buffer(self.kept[0]),
            "callback": ffi.callback("plus", abs), "from buffer": ffi.from_buffer(b"abcdefgh"),
        }  # fmt: skip


# Some of each kind, for walks that would be long with all.
CHOSEN = (
    "None", "minus", "2**63", "2**200", "nan", "empty", "nul", "surrogate", "nul bytes", "strided",
    "loop", "bad dict", "object", "class", "raises", "lies", "huge", "str", "shrinking", "slice",
    "ctype struct s", "foreign ctype", "closed lib", "NULL int *", "released", "collected",
    "stale handle", "foreign s", "c nan", "ffi",
)  # fmt: skip

FEW = CHOSEN[::3] + ("nul", "raises", "lies")  # each call of them costs milliseconds


# ---- calls ----------------------------------------------------------------------------------


def argument(world, given):
    """A valid argument; what the call uses up is made anew."""
    if isinstance(given, str):
        fresh = {"FRESH": FFI, "FRESH ARRAY": lambda: world.ffi.new("int[3]"),
                 "FRESH LIB": lambda: world.ffi.dlopen(None)}  # fmt: skip
        if given in fresh:
            return fresh[given]()
        if given in ("NULL", "callback", "array", "chars", "handle", "struct", "lib", "bytearray"):
            return world.values[given]
    return given


def ffi_for(world, name):
    """A new one for what changes it."""
    return FFI() if name in ("cdef", "include", "def_extern") else world.ffi


def attempt(call, *args, **kwargs):
    """The call's exception, or None: a documented one, or what the value itself raised."""
    try:
        call(*args, **kwargs)
    except DOCUMENTED as error:
        assert not isinstance(error, SystemError)
        return type(error)
    except ZeroDivisionError as error:
        assert str(error) == NOT_AGAIN
        return ZeroDivisionError
    return None


def check_kept(call, value, times=4):
    """No call keeps a reference to the value, but the first may, in a cache."""
    call()
    before = sys.getrefcount(value)
    for _ in range(times):
        call()
    if COUNTED and sys.getrefcount(value) - before >= times:
        gc.collect()
        assert sys.getrefcount(value) - before < times
