"""Hostile text, and hostile values for every argument of the public surface.

Text is refused at once, with a place, however long or deep it is. A value gives a result or a
documented exception; nothing crashes, and nobody keeps a reference.
"""

import functools
import sys
import time

import cdump
import pytest
from conftest import FULL
from hostile import CDEF, World, argument, attempt, check_kept, ffi_for
from modes import LIBRARY_MODES, Builder

from cffi_core import FFI

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
    ("invalid UTF-8", b"int a;\nint \xff;\n", "2:5: this is not valid UTF-8"),
    ("a truncated character", b"int a; int \xe2\x82", "1:12: this is not valid UTF-8"),
    ("an overlong character", b"int \xc0\xaf", "1:5: this is not valid UTF-8"),
    ("a surrogate", b"int \xed\xa0\x80", "1:5: this is not valid UTF-8"),
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
    ("comments and literals of any bytes", b'// \xff\n#define S "\xc0\xaf"\n'),
    ("63 parentheses", f"enum {{ A = {'(' * 63}1{')' * 63} }};"),
]  # fmt: skip


@pytest.mark.parametrize("text", [pytest.param(t, id=w) for w, t in ACCEPTED])
def test_accepted(text):
    start = time.monotonic()
    cdump.lines(text)
    assert time.monotonic() - start < 2


# ---- values ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world():
    return World()


SOURCE = CDEF.replace("int abs(int);  extern int opterr;", "")


@pytest.fixture(scope="module")
def worlds(compiled):
    """worlds(mode): the world with an FFI of that mode."""
    build = Builder(compiled)

    @functools.cache
    def world_in(mode):
        return World(*build(mode, CDEF, "#include <stdlib.h>\n#include <unistd.h>\n" + SOURCE, {}))

    return world_in


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    """Destructors and callbacks of hostile kinds complain; let them."""
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: None)
    monkeypatch.setattr("ctypes.util.find_library", lambda name: None)  # runs programs


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
# A method and a mode: all with all in the full tests, else the modes in turn.
IN_MODES = [
    pytest.param(*method, mode, id=f"{IDS[i]}-{mode}")
    for i, method in enumerate(METHODS)
    for mode in (LIBRARY_MODES if FULL else [LIBRARY_MODES[i % len(LIBRARY_MODES)]])
]


@pytest.mark.filterwarnings("ignore:ffi.buffer")
@pytest.mark.parametrize(("name", "valid", "skip", "mode"), IN_MODES)
def test_every_argument(worlds, name, valid, skip, mode):
    world = worlds(mode)
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
    if name not in ("list_types", "unavailable", "new_allocator", "def_extern", "dlopen"):
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


@pytest.mark.parametrize("mode", LIBRARY_MODES if FULL else ["inline", "module"])
def test_every_operation(worlds, mode):
    """On every kind of cdata, ctype, buffer and lib, with every value."""
    world = worlds(mode)
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
        assert issubclass(attempt(use), ValueError)
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
