"""Hostile text, and hostile values for every argument of the public surface.

Text is refused at once, with a place, however long or deep it is. A value gives a result or a
documented exception; nothing crashes, and nobody keeps a reference.
"""

import gc
import sys
import sysconfig
import time

import cdump
import pytest

from cffi_core import FFI, FFIError, VerificationMissing

DEEP = 10_000
LONG = 70_000

# What it is, the text, what the message says.
REFUSED = [
    ("parentheses in a declarator", "int " + "(" * DEEP + "x" + ")" * DEEP + ";", "deep"),
    ("open parentheses", "int " + "(" * DEEP, "deep"),
    ("parentheses in an expression", f"enum {{ A = {'(' * DEEP}1{')' * DEEP} }};", "deep"),
    ("unary operators", f"enum {{ A = {'- ' * DEEP}1 }};", "deep"),
    ("conditions", f"enum {{ A = {'1 ? ' * DEEP}1{' : 1' * DEEP} }};", "deep"),
    ("conditions on the right", f"enum {{ A = {'0 ? 1 : ' * DEEP}1 }};", "deep"),
    ("casts", f"enum {{ A = {'(int)' * DEEP}1 }};", "deep"),
    ("sizeofs", f"enum {{ A = {'sizeof ' * DEEP}1 }};", "deep"),
    ("nested structs", "struct { " * DEEP + "int a;" + " };" * DEEP, "deep"),
    ("nested parameters", "void f(" + "void (*)(" * DEEP, "deep"),
    ("nested alignments", "_Alignas(" * DEEP, "deep"),
    ("alignments of alignments", "int x; " + "_Alignas(_Alignof(" * DEEP, "deep"),
    ("types of enums", "enum : " * DEEP, "deep"),
    ("types of named enums", "enum e : " * DEEP, "deep"),
    ("typeofs", "typeof(" * DEEP, "deep"),
    ("atomic types", "_Atomic(" * DEEP, "deep"),
    ("linkages", 'extern "C" ' * DEEP, "deep"),
    ("linkage blocks", 'extern "C" { ' * DEEP, "deep"),
    ("nested attributes", "int x " + "__attribute__((aligned(sizeof(int " * DEEP, "deep"),
    ("a chain of anonymous members", "struct s0 { int a; };" + "".join(
        f"struct s{i} {{ struct s{i - 1}; }};" for i in range(1, DEEP)), "deep"),
    ("doubled anonymous members", "struct s0 { };" + "".join(
        f"struct s{i} {{ struct s{i - 1}; struct s{i - 1}; }};" for i in range(1, 100)), "many"),
    ("a long name", f"int {'x' * LONG};", "65535"),
    ("a long number", f"enum {{ A = {'0' * LONG}1 }};", "65535"),
    ("a long string", f'int f(void) __asm__("{"x" * LONG}");', "65535"),
    ("a NUL byte", "int a;\n int \0b;", "2:6: a NUL byte"),
    ("a NUL byte in a comment", "int a; /* \0 */", "1:11: a NUL byte"),
    ("invalid UTF-8", b"int a;\n// \xff\n", "2:4: this is not valid UTF-8"),
    ("a truncated character", b"int a; // \xe2\x82", "1:11: this is not valid UTF-8"),
    ("an overlong character", b"// \xc0\xaf", "1:4: this is not valid UTF-8"),
    ("a surrogate", b"// \xed\xa0\x80", "1:4: this is not valid UTF-8"),
    ("a huge array", "char a[0x8000000000000000];", "1:"),
    ("a huge array of arrays", "char a[1 << 30][1 << 30][1 << 30];", "1:"),
    ("a huge struct", "struct s { char a[0x7fffffffffffffff], b[0x7fffffffffffffff]; };", "1:"),
    ("a negative array", "char a[-1];", "1:8:"),
    ("a struct in itself", "struct s { int a; struct s b; };", "1:"),
    ("a struct in itself, later", "struct s; struct t { struct s a; }; struct s { struct t b; };",
     "1:"),
    ("a huge alignment", "struct s { int a; } __attribute__((aligned(1ull << 40)));", "1:"),
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def built():
    """So that no test's time is the compiler's."""
    cdump.program()


@pytest.mark.parametrize(("text", "message"), [pytest.param(t, m, id=w) for w, t, m in REFUSED])
def test_refused_at_once(text, message):
    start = time.monotonic()
    done = cdump.run(text)
    assert done.returncode == 1, done.stdout[:1000]
    assert message in done.stderr.splitlines()[0], done.stderr
    assert done.stderr.startswith("<cdef>:")
    assert time.monotonic() - start < 2


# Long, but nothing that a header might not hold.
ACCEPTED = [
    ("many statements in a body", "void f(void) {" + "{ ( [ ] ) }" * DEEP + "}"),
    ("a deep body", "void f(void) {" + "{([" * DEEP + "])}" * DEEP + "}"),
    ("a long chain of typedefs", "typedef int t0;" + "".join(
        f"typedef t{i - 1} *t{i};" for i in range(1, DEEP)) + f"t{DEEP - 1} a, b; void f(t9);"),
    ("a long sum", f"enum {{ A = {'1 + ' * DEEP}1 }};"),
    ("a long enum", "enum { " + ", ".join(f"E{i}" for i in range(DEEP)) + " };"),
    ("many members", "struct s { " + "".join(f"int m{i};" for i in range(DEEP)) + " };"),
    ("many pushes", "#pragma pack(push, 1)\n" * DEEP),
    ("a long comment", "/*" + "*\n" * LONG + "*/"),
    ("many strings", "#define S " + '"abc" ' * DEEP),
    ("a long continued line", "#define X 1" + " \\\n" * DEEP + " + 1\n"),
    ("63 parentheses", f"enum {{ A = {'(' * 63}1{')' * 63} }};"),
]  # fmt: skip


@pytest.mark.parametrize("text", [pytest.param(t, id=w) for w, t in ACCEPTED])
def test_accepted(text):
    start = time.monotonic()
    cdump.lines(text)
    assert time.monotonic() - start < 2


# ---- values -----------------------------------------------------------------

DOCUMENTED = (
    TypeError, ValueError, OverflowError, KeyError, IndexError, AttributeError, RuntimeError,
    NotImplementedError, MemoryError, BufferError, OSError, FFIError, VerificationMissing,
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
    """An FFI and everything that may be passed to it."""

    def __init__(self):
        ffi = self.ffi = FFI()
        ffi.cdef(CDEF)
        other = self.other = FFI()
        other.cdef(CDEF)
        self.lib = ffi.dlopen(None)
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
            "wide": "\U0001f600", "long": "x" * LONG, "unknown": "no_such_t", "brackets": "int[" ,
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


@pytest.fixture(scope="module")
def world():
    return World()


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    """Destructors and callbacks of hostile kinds complain; let them."""
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: None)


# What is the caller's fault, as in C: a pointer that shows to nothing of its type, or to less than
# is asked for, and a length that nobody can check. Positions that follow them take none of these.
HANDLES = ("handle", "stale handle")
SHORT = (*HANDLES, "no items")
COUNTS = ("one", "True", "2**31", "int", "c int128", "huge")
DEEPBIND = ("minus", "c int", "c char")  # flags that ASan dies of
OPENED = ("handle", "stale handle", "opaque", "struct *", "array", "chars")

# method, a valid call (names of values, or values), positions that skip pointers or counts
METHODS = [
    ("cdef", ["int getpid(void);", False, False, None, True], {}),
    ("include", ["FRESH"], {}),
    ("integer_const", ["A"], {}),
    ("typeof", ["int *"], {}),
    ("sizeof", ["int"], {}),
    ("alignof", ["int"], {}),
    ("offsetof", ["struct s", "name", 1], {}),
    ("getctype", ["int[3]", "x"], {}),
    ("new", ["int[]", 3], {}),
    ("new", ["struct s *", [1]], {}),
    ("new", ["struct flex *", [1, [2]]], {}),
    ("new", ["v4", [1]], {}),
    ("new", ["wchar_t[]", "abc"], {}),
    ("new", ["char **", "NULL"], {}),
    ("new", ["plus **", "callback"], {}),
    ("new", ["__int128 *", 3], {}),
    ("new", ["long double *", 3], {}),
    ("new", ["double _Complex *", 3], {}),
    ("cast", ["int", 3], {}),
    ("cast", ["double", 3], {}),
    ("cast", ["struct s *", 0], {}),
    ("cast", ["int[3]", "array"], {}),
    ("cast", ["enum e", 0], {}),
    ("cast", ["_Bool", 0], {}),
    ("cast", ["plus *", 0], {}),
    ("from_buffer", ["char[]", "bytearray", False], {}),
    ("from_buffer", ["bytearray", True], {}),
    ("new_handle", [3], {}),
    ("from_handle", ["handle"], {}),
    ("new_allocator", [None, None, True], {}),
    ("string", ["chars", 2], {}),
    ("unpack", ["chars", 2], {0: SHORT, 1: COUNTS}),
    ("buffer", ["array", 4], {}),
    ("memmove", ["array", b"abcd", 4], {0: SHORT, 1: SHORT, 2: COUNTS}),
    ("addressof", ["struct", "name", 1], {}),
    ("addressof", ["lib", "abs"], {}),
    ("gc", ["array", len, 0], {2: ("2**63", "2**31")}),
    ("release", ["FRESH ARRAY"], {}),
    ("dlopen", [None, 0], {0: OPENED, 1: DEEPBIND}),
    ("dlclose", ["FRESH LIB"], {0: ("lib",)}),
    ("callback", ["plus", abs, 0, len], {}),
    ("def_extern", ["abs", 0, len], {}),
    ("init_once", [lambda: 3, "tag"], {}),
    ("list_types", [], {}),
    ("unavailable", [], {}),
]
IDS = [f"{name}-{i}" for i, (name, _, _) in enumerate(METHODS)]


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


@pytest.mark.filterwarnings("ignore:ffi.buffer")
@pytest.mark.parametrize(("name", "valid", "skip"), METHODS, ids=IDS)
def test_every_argument(world, name, valid, skip):
    for position in range(len(valid)):
        for what, value in world.values.items():
            if what in skip.get(position, ()):
                continue
            args = [argument(world, given) for given in valid]
            args[position] = value
            check_kept(lambda args=args: attempt(getattr(ffi_for(world, name), name), *args), value)


@pytest.mark.parametrize(("name", "valid", "skip"), METHODS, ids=IDS)
def test_wrong_counts(world, name, valid, skip):
    method = getattr(ffi_for(world, name), name)
    open_ended = name in ("offsetof", "addressof")
    args = [argument(world, given) for given in valid]
    if not open_ended:
        with pytest.raises(TypeError):
            method(*args, *[None] * 5)
    if name not in ("list_types", "unavailable", "new_allocator", "def_extern"):
        with pytest.raises(TypeError):
            method()
    with pytest.raises(TypeError):
        method(*args, no_such_keyword=3)


@pytest.mark.parametrize("kind", ["new", "cast"])
def test_every_type_with_every_value(world, kind):
    """The conversions, all against all."""
    ffi = world.ffi
    for ct in world.ctypes().values():
        if ct.kind == "function" or ct.cname.startswith("struct opaque"):
            continue
        for value in world.values.values():
            attempt(getattr(ffi, kind), ct, value)
            if ct.kind != "void":
                attempt(ffi.new, ffi.typeof(ffi.getctype(ct, "*")), value)


PARAMETERS = ["int", "unsigned char", "unsigned long", "char", "wchar_t", "char16_t", "_Bool",
              "float", "double", "long double", "double _Complex", "__int128", "int *", "char *",
              "const wchar_t *", "void *", "struct s", "struct s *", "union u", "enum e", "plus *",
              "FILE *", "int **", "int[3]", "_Float16", "v4"]  # fmt: skip


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_every_parameter(backend, parameter):
    """Of a call: no declaration here is the function's, which looks at no argument."""
    world = World()
    world.ffi.cdef(f"int getppid({parameter}); int getpid({parameter}, ...);")
    lib = world.ffi.dlopen(None)
    for value in world.values.values():
        check_kept(lambda value=value: attempt(lib.getppid, value), value)
        attempt(lib.getpid, value, value, value)
        assert attempt(lib.getppid) is attempt(lib.getppid, value, value) is TypeError
        assert attempt(lib.getppid, x=value) is TypeError


@pytest.mark.parametrize("result", PARAMETERS)
def test_every_result_of_a_callback(result):
    if result == "int[3]":
        pytest.skip("no array is returned")
    world = World()
    given = [None]
    called = world.ffi.callback(f"{result} (*)(int)", lambda x: given[0])
    for value in world.values.values():
        given[0] = value
        check_kept(lambda: attempt(called, 3), value)
        attempt(world.ffi.callback, f"{result} (*)(int)", len, value)


MEMBERS = " ".join(f"{t.replace('[3]', '')} m{i}{'[3]' * (t == 'int[3]')};"
                   for i, t in enumerate(PARAMETERS))  # fmt: skip


def test_every_field(world):
    ffi = FFI()
    ffi.cdef(CDEF + f"struct all {{ {MEMBERS} int b : 5; unsigned long c : 60; _Bool d : 1; }};")
    p, worlds = ffi.new("struct all *"), [world, World()]
    for field, _ in ffi.typeof("struct all").fields:
        for value in [v for w in worlds for v in w.values.values()]:
            attempt(setattr, p, field, value)
            attempt(ffi.new, "struct all *", {field: value})
    for value in world.values.values():
        attempt(getattr, p, value)
        attempt(delattr, p, value)
        attempt(setattr, world.lib, "opterr", value)
        attempt(setattr, world.lib, "abs", value)
    assert attempt(delattr, p, "m0") in (AttributeError, TypeError)


def test_every_operation(world):
    """On every kind of cdata, ctype, buffer and lib, with every value."""
    unary = [repr, str, bool, int, float, complex, len, iter, list, hash, dir, vars, abs, bytes,
             memoryview, next, reversed, lambda x: x(), lambda x: -x, lambda x: +x, lambda x: ~x,
             lambda x: x.__enter__(), lambda x: x.__reduce_ex__(2),
             lambda x: x.__sizeof__()]  # fmt: skip
    binary = [lambda x, y: x + y, lambda x, y: y + x, lambda x, y: x - y, lambda x, y: y - x,
              lambda x, y: x * y, lambda x, y: x == y, lambda x, y: x < y, lambda x, y: y >= x,
              lambda x, y: x(y), lambda x, y: y in x, lambda x, y: x(y, y, key=y), isinstance,
              getattr, lambda x, y: x.__exit__(y), lambda x, y: setattr(x, "a", y)]  # fmt: skip
    skipped = ("opaque", "handle", "stale handle", "function c", "callback", "ffi", "other ffi",
               "lib", "released", "collected")  # fmt: skip
    for what, x in {**world.cdata(), **world.ctypes()}.items():
        if what == "handle":
            continue
        for operation in unary:
            attempt(operation, x)
        for y in world.values.values():
            for operation in binary:
                attempt(operation, x, y)
            if what not in skipped and (not isinstance(y, int) or y <= 0):
                attempt(lambda x=x, y=y: x[y])
                attempt(lambda x=x, y=y: x[y:y])
                attempt(lambda x=x, y=y: x.__setitem__(0, y))
                attempt(lambda x=x, y=y: x.__setitem__(slice(0, 1), y))
                attempt(lambda x=x, y=y: x.__delitem__(y))


def test_a_closed_library(world):
    """Its functions and names say so; closing again is nothing."""
    ffi = world.ffi
    for use in (lambda: world.closed.abs, lambda: world.gone(3), lambda: world.closed.opterr,
                lambda: ffi.addressof(world.closed, "abs"),
                lambda: setattr(world.closed, "opterr", 3)):  # fmt: skip
        assert attempt(use) is ValueError
    ffi.dlclose(world.closed)
    assert repr(world.gone) and dir(world.closed)


def test_another_ffis_types(world):
    """A struct belongs to its FFI, even where the other declares the same."""
    ffi, other = world.ffi, world.other
    assert ffi.typeof("int *") is other.typeof("int *")
    assert ffi.typeof("struct s") is not other.typeof("struct s")
    foreign = other.new("struct s *")
    assert attempt(setattr, ffi.new("struct s *"), "next", foreign) is TypeError
    assert attempt(ffi.new, "struct s *", foreign[0]) is TypeError
    assert attempt(ffi.new, "struct s **", foreign) is TypeError
    assert ffi.sizeof(foreign) == ffi.sizeof(foreign[0]) - ffi.sizeof(foreign[0]) + 8
    assert ffi.typeof(foreign) is other.typeof("struct s *")
