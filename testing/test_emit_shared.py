"""Functions of one type share a trampoline, where the compiler finds that they have that type."""

import emitted
import pytest
from emitted import Reader

from cffi_core import FFI, VerificationError
from cffi_core.model import D
from cffi_core.verifier.emit_functions import SHARED_FROM

CDEF = """
struct pair { int x; const double y; };
int exact(int); int inexact(int); int macro(int); int object(int); int wrapped(int); int attr(int);
struct pair swap(struct pair, ...); struct pair one(struct pair); struct pair two(struct pair);
typedef int... word;
word late(word, long double); word later(word, long double);
int none(void); int old(); void nothing(void); void nothing_too(void);
const char *name(const char *); char *text(char *); const char *names(const char *);
int nine(int, int, int, int, int, int, int, int, int);
int more(int, int, int, int, int, int, int, int, int);
int const_int(const int); int of_typedef(int);
double half(double); double narrow(double);
int by_pointer(int (*)(int)); int by_pointer_too(int (*)(int));
"""
SOURCE = """
#include <stdarg.h>
#include <stddef.h>
struct pair { int x; const double y; };
int exact(int); int exact(int x) { return x + 1; }
static long inexact(int x) { return x + 2; }
#define macro(x) ((x) + 3)
static int object_(int x) { return x + 4; }
static int (*object)(int) = object_;
static int wrapped_(int x) { return x + 5; }
#define wrapped wrapped_
__attribute__((const)) static int attr(int x) { return x + 6; }
static struct pair swap(struct pair p, ...) { return p; }
static struct pair one(struct pair p) { struct pair q = {p.x + 1, p.y}; return q; }
static struct pair two(struct pair p) { struct pair q = {p.x + 2, p.y}; return q; }
typedef short word;
static word late(word x, long double y) { return (word)(x + (int)y); }
static word later(word x, long double y) { return (word)(x - (int)y); }
static int none(void) { return 1; }
static int old(void) { return 2; }
static int count;
static void nothing(void) { count++; }
static void nothing_too(void) { count += 2; }
static const char *name(const char *x) { return x; }
static char *text(char *x) { return x + 1; }
static const char *names(const char *x) { return x + 2; }
#define NINE int a, int b, int c, int d, int e, int f, int g, int h, int i
static int nine(NINE) { return a + b * 2 + c + d + e + f + g + h + i * 9; }
static int more(NINE) { return a - b * 2 - c - d - e - f - g - h - i * 9; }
static int const_int(const int x) { return x; }
typedef int function(int);
static function of_typedef;
static int of_typedef(int x) { return -x; }
static double half(double x) { return x / 2; }
static float narrow(double x) { return (float)x / 4; }
static int by_pointer(int (*f)(int)) { return f(1); }
static int by_pointer_too(int (*f)(int)) { return f(2); }
"""
# Not of the declared type in C, or the only one of it.
OWN = {"inexact", "narrow", "text", "const_int"}
VARIADIC = {"swap"}


@pytest.fixture(scope="module", params=["gcc", "clang"])
def path(request, tmp_path_factory):
    with emitted.sharing():
        # What the first try finds of `object`.
        stub = emitted.stub_of(CDEF, SOURCE, not_constant=frozenset({"object"}))
    return emitted.built(stub, tmp_path_factory.mktemp("shared"), request.param)


def test_whose_type_is_as_declared_is_called_by_that_of_its_type(path):
    reader = Reader(path)
    stub = reader.stub
    own, shared = {}, {}
    for name, declared in reader.globals.items():
        if declared.kind == D.FUNCTION:
            own[name], shared[name] = stub.tramp[declared.slot], stub.shared[declared.slot]
    assert {name for name, code in own.items() if code} == OWN
    assert {name for name, code in shared.items() if code} == own.keys() - OWN - VARIADIC
    assert len({shared[n] for n in ("exact", "macro", "object", "wrapped", "attr")}) == 1
    assert shared["name"] == shared["names"] != shared["one"]
    assert stub.min_core == 1 << 16 | 2


def test_calls(path):
    from cffi_core import load

    module = load(path)
    ffi, lib = module.ffi, module.lib
    functions = (lib.exact, lib.inexact, lib.macro, lib.object, lib.wrapped, lib.attr)
    assert [f(10) for f in functions] == [11, 12, 13, 14, 15, 16]
    assert [(p.x, p.y) for p in (lib.one([1, 2]), lib.two([1, 2]))] == [(2, 2), (3, 2)]
    assert (lib.late(5, 2), lib.later(5, 2)) == (7, 3)
    assert (lib.none(), lib.old(), lib.nothing(), lib.nothing_too()) == (1, 2, None, None)
    texts = [ffi.string(f(b"abc")) for f in (lib.name, lib.names)]
    assert texts == [b"abc", b"c"] and ffi.string(lib.text(ffi.new("char[]", b"abc"))) == b"bc"
    assert (lib.nine(*range(9)), lib.more(*range(9))) == (101, -101)
    assert (lib.const_int(3), lib.of_typedef(3), lib.half(3), lib.narrow(3)) == (3, -3, 1.5, 0.75)
    assert (lib.by_pointer(lib.exact), lib.by_pointer_too(lib.of_typedef)) == (2, -2)
    assert ffi.addressof(lib, "macro")(1) == 4
    with pytest.raises(TypeError, match="an integer is required"):
        lib.macro("x")


@pytest.mark.parametrize(("n", "min_core"), [(SHARED_FROM - 1, (1, 1)), (SHARED_FROM, (1, 2))])
def test_in_large_modules_only(n, min_core):
    text = "".join(f"int f{i}(int);" for i in range(n))
    assert emitted.stub_of(text).min_core == min_core
    assert emitted.stub_of(text, language="c++").min_core == (1, 1)


def test_nothing_is_shared_by_functions_of_different_types():
    text = "".join(f"int f{i}(int (*)[{i + 1}]);" for i in range(SHARED_FROM))
    assert emitted.stub_of(text).min_core == (1, 1)


def test_errors_say_no_more_than_of_others():
    ffi = FFI()
    ffi.cdef("int missing(int); int there(int);")
    with emitted.sharing(), pytest.raises(VerificationError) as error:
        ffi.verify("int there(int x) { return x; }")
    assert "missing: call" in str(error.value) and "choose_expr not" not in str(error.value)
    assert "there" not in str(error.value)
