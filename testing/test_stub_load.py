"""Modules of compiled stubs: functions, variables, constants, types; refusals."""

import importlib
import sys
import types

import pytest
from handmade import CHECKED, KEEP_GIL, Stub

import cffi_core
from cffi_core import FFI, FFIError, VerificationMissing, _core

CODE = r"""
#include <complex.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
struct point { int x; double y; };
struct big { char c[100]; };
enum color { RED, GREEN = 5, BLUE = -2 };
static int add(int a, int b) { return a + b; }
static int add_kept(int a, int b) { return a + b; }
static double half(double x) { return x / 2; }
static float third(float x) { return x / 3; }
static int nothing(void) { errno = 77; return 0; }
static int get_errno(void) { return errno; }
static struct point mk(int x) { struct point p = {x, x * 2.5}; return p; }
static double sum_point(struct point p) { return p.x + p.y; }
static struct big fill(char c) { struct big b; memset(&b, c, sizeof b); return b; }
static long double twice(long double x) { return x + x; }
static _Complex double turn(_Complex double z) { return z * I; }
static __int128 wide(__int128 x) { return x * x; }
static _Float16 tiny(_Float16 x) { return x + x; }
static unsigned long length(const char *s) { return strlen(s); }
static long many(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k,
                 int l, int m, long n)
{ return a + b*2 + c + d + e + f + g + h + i + j + k + l + m + n; }
static int apply(int (*f)(int, int), int a, int b) { return f(a, b); }
static int sum(int n, ...)
{
    va_list list; int total = 0;
    va_start(list, n);
    while (n-- > 0) total += va_arg(list, int);
    va_end(list);
    return total;
}
static signed char small(signed char c) { return (signed char)(c + 1); }
static unsigned long long top(void) { return ~0ULL; }
static _Bool not(_Bool b) { return !b; }
static enum color next(enum color c) { return c == RED ? GREEN : BLUE; }
static void *same(void *p) { return p; }
static int counter = 5;
static const int fixed = 6;
static int numbers[3] = {1, 2, 3};
static struct point origin = {0, 1.5};
static __thread int mine = 40;
#define ANSWER 42
#define WRONG 43
#define HUGE_ONE 18446744073709551615u
#define MINUS (-7)
static const double tau = 6.25;
static const struct point unit = {1, 1.0};
static int (*chosen)(int, int) = add;
"""


def make_stub(name="_basic", code=CODE, **header):
    s = Stub(name, code, **header)
    void, int_, double = s.prim("VOID", "void"), s.prim("INT", "int"), s.prim("DOUBLE", "double")
    char, float_, long = s.prim("CHAR", "char"), s.prim("FLOAT", "float"), s.prim("LONG", "long")
    color = s.enum("color", "RED", "GREEN", "BLUE")
    point = s.struct("point", ("x", int_), ("y", double))
    big = s.struct("big", ("c", s.array(char, 100)))
    s.typedef("point_t", point)
    binary = s.func(int_, int_, int_)
    s.function("add", binary)
    s.function("add_kept", binary, flags=KEEP_GIL)
    s.function("half", s.func(double, double))
    s.function("third", s.func(float_, float_))
    s.function("nothing", s.func(int_))
    s.function("get_errno", s.func(int_))
    s.function("mk", s.func(point, int_))
    s.function("sum_point", s.func(double, point))
    s.function("fill", s.func(big, char))
    ldouble, dcomplex = s.prim("LDOUBLE", "long double"), s.prim("DCOMPLEX", "_Complex double")
    s.function("twice", s.func(ldouble, ldouble))
    s.function("turn", s.func(dcomplex, dcomplex))
    wide, tiny = s.prim("INT128", "__int128"), s.prim("FLOAT16", "_Float16")
    s.function("wide", s.func(wide, wide))
    s.function("tiny", s.func(tiny, tiny))
    s.function("length", s.func(s.prim("ULONG", "unsigned long"), s.pointer(s.const(char))))
    s.function("many", s.func(long, *[int_] * 13, long))
    s.function("apply", s.func(int_, s.pointer(binary), int_, int_))
    s.function("sum", s.func(int_, int_, variadic=True))
    schar, bool_ = s.prim("SCHAR", "signed char"), s.prim("BOOL", "_Bool")
    s.function("small", s.func(schar, schar))
    s.function("top", s.func(s.prim("ULLONG", "unsigned long long")))
    s.function("not", s.func(bool_, bool_))
    s.function("next", s.func(color, color))
    s.function("same", s.func(s.pointer(void), s.pointer(void)))
    s.variable("counter", int_)
    s.variable("fixed", s.const(int_))
    s.variable("numbers", s.array(int_, 3))
    s.variable("origin", point)
    s.variable("mine", int_)
    s.variable("chosen", s.pointer(binary))
    s.int("ANSWER", flags=CHECKED)
    s.int("WRONG", "44")
    s.int("HUGE_ONE")
    s.int("MINUS")
    s.value("tau", double)
    s.value("unit", point)
    s.add("GREETING", "STRING", slot=8, doc=b"hi\0there")
    s.add("odd", "UNAVAILABLE", doc="it is too odd")
    return s


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return make_stub().compile(tmp_path_factory.mktemp("stub"))


@pytest.fixture(scope="module")
def module(path):
    return cffi_core.load(path)


@pytest.fixture(scope="module")
def lib(module):
    return module.lib


@pytest.fixture(scope="module")
def ffi(module):
    return module.ffi


def test_module(module):
    assert isinstance(module, types.ModuleType)
    assert module.__name__ == "_basic"
    assert type(module.ffi) is FFI
    assert repr(module.lib) == "<Lib object for '_basic'>"
    assert module.__name__ not in sys.modules


def test_calls(lib, ffi):
    assert lib.add(2, 3) == 5
    assert lib.add_kept(2, -3) == -1
    assert lib.half(5) == 2.5
    assert lib.third(1.5) == 0.5
    assert lib.length(b"four") == 4
    assert lib.length(ffi.new("char[]", b"three")) == 5
    assert lib.small(-5) == -4
    assert lib.top() == 2**64 - 1
    assert getattr(lib, "not")(False) is True
    assert lib.next(0) == 5
    assert lib.next(5) == -2
    assert lib.same(ffi.cast("void *", 12)) == ffi.cast("void *", 12)
    assert lib.many(*range(14)) == sum(range(14)) + 1


def test_values_by_address(lib, ffi):
    p = lib.mk(4)
    assert repr(p) == "<cdata 'struct point' owning 16 bytes>"
    assert (p.x, p.y) == (4, 10.0)
    assert lib.sum_point(p) == 14.0
    assert lib.sum_point({"x": 1, "y": 2}) == 3.0
    assert lib.sum_point([1, 2]) == 3.0
    assert ffi.string(lib.fill(b"z").c) == b"z" * 100
    assert float(lib.twice(1.25)) == 2.5
    assert lib.turn(2 + 1j) == -1 + 2j
    assert lib.wide(-(2**40)) == 2**80
    assert lib.tiny(1.5) == 3.0


def test_errno(lib, ffi):
    ffi.errno = 12
    assert lib.get_errno() == 12
    lib.nothing()
    assert ffi.errno == 77


def test_variadic_functions_are_pointers(lib, ffi):
    assert lib.sum(3, *[ffi.cast("int", n) for n in (5, 6, 7)]) == 18
    assert repr(lib.sum).startswith("<cdata 'int(*)(int, ...)' 0x")
    assert lib.sum.__name__ == "sum"


def test_wrong_arguments(lib):
    with pytest.raises(TypeError, match=r"^add expected 2 arguments, got 1$"):
        lib.add(1)
    with pytest.raises(TypeError, match=r"^_basic.Lib.half\(\) takes exactly one argument "):
        lib.half()
    with pytest.raises(TypeError, match=r"^add\(\) takes no keyword arguments$"):
        lib.add(1, b=2)
    with pytest.raises(TypeError):
        lib.add("x", 1)
    with pytest.raises(OverflowError):
        lib.add(2**40, 1)


def test_functions_are_builtins(lib, ffi):
    add = lib.add
    assert type(add) is types.BuiltinFunctionType
    assert add is lib.add
    assert add.__name__ == "add"
    assert add.__module__ == "_basic"
    assert add.__doc__ == "int add(int, int);\n\nCFFI C function from _basic.lib"
    assert not isinstance(add, ffi.CData)
    assert ffi.typeof(add) is ffi.typeof("int(*)(int, int)")
    assert repr(add).startswith("<built-in method add of ")


def test_functions_where_a_pointer_is_needed(lib, ffi):
    address = ffi.addressof(lib, "add")
    assert repr(address).startswith("<cdata 'int(*)(int, int)' 0x")
    assert address(4, 5) == 9
    assert lib.apply(lib.add, 3, 4) == 7
    assert lib.apply(address, 3, 4) == 7
    assert lib.same(lib.add) == ffi.cast("void *", lib.add) == ffi.cast("void *", address)
    assert ffi.new("int(**)(int, int)", lib.add)[0] == address
    with pytest.raises(TypeError, match=r"initializer for ctype 'int\(\*\)\(int, int\)' must be"):
        lib.apply(lib.half, 3, 4)
    with pytest.raises(TypeError):
        lib.same(address.__dir__)  # a builtin, but no function of C
    with pytest.raises(TypeError):
        ffi.sizeof(lib.add)


def test_variables(lib, ffi):
    assert lib.counter == 5
    lib.counter = 9
    assert lib.counter == 9
    assert ffi.addressof(lib, "counter")[0] == 9
    lib.counter = 5
    with pytest.raises(AttributeError, match="cannot write to function or constant 'fixed'"):
        lib.fixed = 3
    assert lib.fixed == 6
    assert list(lib.numbers) == [1, 2, 3]
    assert repr(lib.numbers).startswith("<cdata 'int[3]' 0x")
    lib.numbers[1] = 22
    assert list(lib.numbers) == [1, 22, 3]
    assert lib.origin.y == 1.5
    lib.origin.x = 3
    assert lib.origin.x == 3
    assert lib.chosen(1, 2) == 3
    lib.chosen = lib.add_kept
    assert lib.chosen == ffi.addressof(lib, "add_kept")
    with pytest.raises(AttributeError, match="C attribute cannot be deleted"):
        del lib.counter


def test_thread_local_variables(lib):
    import threading

    lib.mine = 41
    seen = []
    thread = threading.Thread(target=lambda: seen.append(lib.mine))
    thread.start()
    thread.join()
    assert (seen, lib.mine) == ([40], 41)
    lib.mine = 40


def test_constants(lib, ffi):
    assert (lib.ANSWER, lib.HUGE_ONE, lib.MINUS) == (42, 2**64 - 1, -7)
    assert (lib.RED, lib.GREEN, lib.BLUE) == (0, 5, -2)
    assert lib.tau == 6.25
    assert (lib.unit.x, lib.unit.y) == (1, 1.0)
    assert repr(lib.unit) == "<cdata 'struct point' owning 16 bytes>"
    assert lib.GREETING == b"hi\0there"
    with pytest.raises(AttributeError, match="cannot write to function or constant 'ANSWER'"):
        lib.ANSWER = 1
    with pytest.raises(AttributeError, match="cannot take the address of the constant 'tau'"):
        ffi.addressof(lib, "tau")


def test_constants_that_disagree(lib, ffi):
    words = r"the C compiler says 'WRONG' is equal to 43 \(0x2b\), but the cdef disagrees"
    with pytest.raises(FFIError, match=f"{words}$"):
        lib.WRONG  # noqa: B018
    with pytest.raises(ffi.error, match=words):
        ffi.integer_const("WRONG")


def test_names(lib, ffi):
    with pytest.raises(AttributeError, match="cffi library '_basic' has no function, constant or"):
        lib.zz  # noqa: B018
    with pytest.raises(AttributeError, match="'odd' is not available: it is too odd"):
        lib.odd  # noqa: B018
    with pytest.raises(AttributeError, match="has no function"):
        lib.point_t  # noqa: B018
    assert dir(lib) == sorted(dir(lib))
    assert {"add", "counter", "RED", "sum"} < set(dir(lib))
    assert not {"odd", "point_t"} & set(dir(lib))
    assert "counter" not in lib.__all__
    assert "add" in lib.__all__
    assert lib.__name__ == "_basic.lib"
    assert lib.__class__ is types.ModuleType
    assert lib.__spec__ is None


def test_types(ffi):
    assert ffi.sizeof("point_t") == 16
    assert ffi.typeof("point_t") is ffi.typeof("struct point")
    assert [name for name, _ in ffi.typeof("struct point").fields] == ["x", "y"]
    assert ffi.typeof("enum color").elements == {0: "RED", 5: "GREEN", -2: "BLUE"}
    points = ffi.new("point_t[2]", [[1, 2], [3, 4]])
    assert points[1].y == 4
    assert ffi.integer_const("ANSWER") == 42
    assert ffi.integer_const("BLUE") == -2
    assert ffi.typeof("int *") is FFI().typeof("int *")
    with pytest.raises(FFIError):
        ffi.integer_const("add")
    typedefs, structs, unions = ffi.list_types()
    assert (typedefs, structs, unions) == (["point_t"], ["big", "point"], [])


def test_more_declarations(path):
    ffi, lib = _core.load_stub(str(path), "_basic")
    ffi.cdef("struct pair { point_t a, b; int m[ANSWER]; }; int not_in_the_stub(int);")
    assert ffi.sizeof("struct pair") == 32 + 42 * 4
    with pytest.raises(AttributeError):
        lib.not_in_the_stub  # noqa: B018
    assert ffi.dlopen(None) is not lib
    assert ffi.dlclose(lib) is None
    assert lib.add(1, 1) == 2


def test_an_ffi_includes_a_module(ffi):
    user = FFI()
    user.include(ffi)
    user.cdef("struct wide { point_t p; enum color c; int a[ANSWER]; }; int abs(int);")
    assert user.sizeof("struct wide") == 16 + 4 + 42 * 4 + 4
    assert user.typeof("struct point") is ffi.typeof("struct point")
    assert user.integer_const("GREEN") == 5
    assert user.list_types() == (["point_t"], ["big", "point", "wide"], [])
    lib = user.dlopen(None)
    assert (lib.abs(-3), lib.ANSWER, hasattr(lib, "add")) == (3, 42, False)
    with pytest.raises(FFIError, match="the C compiler says 'WRONG' is equal to 43"):
        user.integer_const("WRONG")
    with pytest.raises(AttributeError, match="the C compiler says 'WRONG' is equal to 43"):
        lib.WRONG  # noqa: B018


def test_two_loads_are_two_modules(path):
    one, two = cffi_core.load(path), cffi_core.load(path)
    assert one.ffi is not two.ffi
    assert one.ffi.typeof("struct point") is not two.ffi.typeof("struct point")
    one.lib.counter = 31
    assert two.lib.counter == 31
    one.lib.counter = 5


def test_import(path, monkeypatch):
    monkeypatch.syspath_prepend(str(path.parent))
    importlib.invalidate_caches()
    import _basic

    try:
        import _basic.lib as lib
        from _basic.lib import add

        assert lib is _basic.lib is sys.modules["_basic.lib"]
        assert add(1, 2) == 3
        assert _basic.__file__ == str(path)
        assert _basic.ffi.sizeof("point_t") == 16
        names = {}
        with pytest.raises(FFIError):
            exec("from _basic.lib import *", names)  # WRONG is among them
        again = importlib.reload(_basic)
        assert again is _basic
        assert again.lib is lib
        del sys.modules["_basic"]
        import _basic as new

        assert new is not again
        assert new.lib.add(1, 1) == 2
    finally:
        sys.modules.pop("_basic", None)
        sys.modules.pop("_basic.lib", None)


def test_dotted_names(tmp_path, monkeypatch):
    package = tmp_path / "pack_age"
    package.mkdir()
    (package / "__init__.py").touch()
    make_stub("pack_age._inner").compile(package)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("pack_age._inner")
    try:
        lib = importlib.import_module("pack_age._inner.lib")
        assert lib is module.lib
        assert lib.add(3, 4) == 7
        assert lib.__name__ == "pack_age._inner.lib"
        assert repr(lib) == "<Lib object for 'pack_age._inner'>"
        assert lib.add.__module__ == "pack_age._inner"
    finally:
        for name in "pack_age", "pack_age._inner", "pack_age._inner.lib":
            sys.modules.pop(name, None)


# ---- refusals


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ({"min_core": "99u << 16"}, "upgrade"),
        ({"major": 99}, "cffi_core"),
        ({"target": "CD_TARGET ^ 15"}, "built for|compiled for|machine|platform|target"),
        ({"types": "0"}, "damaged"),
        ({"n_text": 3}, "damaged"),
        ({"n_ids": 1}, "damaged"),
    ],
)
def test_refusals(tmp_path, header, words, monkeypatch):
    path = make_stub("_refused", **header).compile(tmp_path)
    with pytest.raises(ImportError, match=words) as error:
        cffi_core.load(path)
    assert error.value.name == "_refused"
    assert error.value.path == str(path)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ImportError, match=words) as error:
        importlib.import_module("_refused")
    assert error.value.name == "_refused"


def test_no_stub(tmp_path, clib):
    with pytest.raises(ImportError, match="cannot load"):
        cffi_core.load(tmp_path / "absent.so")
    with pytest.raises(ImportError, match="no compiled stub"):
        _core.load_stub(str(clib), "clib")
    with pytest.raises(TypeError):
        _core.load_stub(str(clib), 3)
    with pytest.raises(TypeError):
        _core.load_stub(str(clib), "clib", 3)


def test_the_wrong_name(path):
    with pytest.raises(ImportError, match="no compiled stub"):
        _core.load_stub(str(path), "_other")


# ---- disagreements


def test_check(path, tmp_path):
    [(name, _file, _line, reason)] = _core.check_stub(str(path), "_basic")
    assert name == "WRONG"
    assert "43" in reason
    stub = Stub("_odd", "struct s { int a; };")
    stub.struct("s", ("a", stub.prim("INT", "int")), wrong_size="12")
    odd = stub.compile(tmp_path)
    [(name, _file, _line, reason)] = _core.check_stub(str(odd), "_odd")
    assert name == "struct s"
    assert "12" in reason
    ffi = cffi_core.load(odd).ffi
    with pytest.raises(FFIError, match="12"):
        ffi.new("struct s *")


# ---- verify: an FFI that has the declarations


LATE = """
struct point { int x; double y; };
typedef unsigned short code_t;
static code_t code(code_t c) { return c + 1; }
static double get(struct point *p) { return p->y; }
static int numbers[3] = {1, 2, 3};
#define ANSWER 42
"""


def make_late_stub():
    s = Stub("_late", LATE)
    double, int_ = s.prim("DOUBLE", "double"), s.prim("INT", "int")
    point = s.struct("point", ("y", double), flags=2)
    code = s.typedef("code_t", s.late_int("code_t"))
    s.function("code", s.func(code, code))
    s.function("get", s.func(double, s.pointer(point)))
    s.variable("numbers", s.late_array(int_, "numbers"))
    s.int("ANSWER")
    return s


def test_an_ffi_is_completed_in_place(tmp_path):
    path = make_late_stub().compile(tmp_path)
    ffi = FFI()
    ffi.cdef("""
        struct point { double y; ...; };
        typedef int... code_t;
        code_t code(code_t);
        double get(struct point *);
        extern int numbers[...];
        #define ANSWER ...
    """)
    pointer, code = ffi.typeof("struct point *"), ffi.typeof("code_t *").item
    with pytest.raises(VerificationMissing):
        ffi.new("struct point *")
    same, lib = _core.load_stub(str(path), "_late", ffi)
    assert same is ffi
    assert ffi.typeof("struct point *") is pointer
    assert ffi.sizeof(pointer.item) == 16
    assert ffi.offsetof("struct point", "y") == 8
    assert ffi.typeof("code_t") is code
    assert ffi.sizeof(code) == ffi.sizeof("code_t[1]") == 2
    assert lib.code(65535) == 0
    assert lib.get(ffi.new("struct point *", [2.5])) == 2.5
    assert ffi.integer_const("ANSWER") == lib.ANSWER == 42
    assert len(lib.numbers) == 3


def test_an_ffi_with_other_declarations_stays_as_it_was(path):
    ffi = FFI()
    ffi.cdef("enum color { RED, ... }; struct point { int x; ...; };")
    types = ffi.list_types()
    for _ in range(2):
        with pytest.raises(FFIError, match="'enum color' is another enum where it was compiled"):
            _core.load_stub(str(path), "_basic", ffi)
        assert ffi.list_types() == types
        with pytest.raises(VerificationMissing):
            ffi.new("struct point *")
        with pytest.raises(AttributeError):
            ffi.integer_const("ANSWER")


def test_late_types_of_a_module(tmp_path):
    path = make_late_stub().compile(tmp_path)
    module = cffi_core.load(path)
    ffi, lib = module.ffi, module.lib
    assert ffi.sizeof("struct point") == 16
    assert ffi.sizeof("code_t") == 2
    assert lib.code(7) == 8
    assert len(lib.numbers) == 3
    assert ffi.typeof(lib.numbers) is ffi.typeof("int[3]")


def test_names_that_are_not_ascii(tmp_path, monkeypatch):
    path = make_stub("_caf\u00e9").compile(tmp_path)
    assert cffi_core.load(path).lib.add(1, 2) == 3
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("_caf\u00e9")
    assert module.lib.add(1, 2) == 3
    del sys.modules["_caf\u00e9"], sys.modules["_caf\u00e9.lib"]


def test_first_use_by_many_threads_at_once(path):
    import threading

    for _ in range(10):
        module = cffi_core.load(path)
        names = [name for name in dir(module.lib) if name != "WRONG"]
        barrier, seen = threading.Barrier(6), []

        def work(module=module, names=names, barrier=barrier, seen=seen):
            barrier.wait()
            found = [getattr(module.lib, name) for name in names]
            seen.append([f for f in found if type(f) is types.BuiltinFunctionType])
            assert module.ffi.sizeof("point_t") == 16
            assert module.lib.mk(2).y == 5.0

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(seen) == 6
        assert len(seen[0]) > 15
        for functions in seen:  # the same objects in all threads
            assert [id(f) for f in functions] == [id(f) for f in seen[0]]
