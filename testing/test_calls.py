"""Calls: every primitive, many arguments, temporaries, what is refused and how."""

import ctypes
import re

import native_library
import pytest
from modes import COMPILED

from cffi_core import FFI

HEADER = native_library.header("scalars.h")


@pytest.fixture(params=[True, False], ids=["released", "kept"])
def opened(opener, request):
    return opener("scalars.h", release_gil=request.param)


@pytest.fixture
def lib(opened):
    return opened[1]


def limits(ffi, name):
    """Least and greatest value of an integer type."""
    bits = 8 * ffi.sizeof(name)
    signed = int(ffi.cast(name, -1)) < 0
    return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)


INTEGERS = {
    "schar": "signed char",
    "uchar": "unsigned char",
    "short": "short",
    "ushort": "unsigned short",
    "int": "int",
    "uint": "unsigned int",
    "long": "long",
    "ulong": "unsigned long",
    "llong": "long long",
    "ullong": "unsigned long long",
    **{f"{u}int{n}": f"{u}int{n}_t" for u in ("", "u") for n in (8, 16, 32, 64)},
    "size": "size_t",
    "ptrdiff": "ptrdiff_t",
}


@pytest.mark.parametrize("name", INTEGERS)
def test_integers(opened, name):
    ffi, lib = opened
    echo = getattr(lib, f"echo_{name}")
    least, greatest = limits(ffi, INTEGERS[name])
    values = {0, 1, 7, least, least + 1, greatest, greatest - 1, greatest // 2, 100}
    for power in (15, 30, 31, 60):
        values |= {v for v in (2**power - 1, 2**power, -(2**power)) if least <= v <= greatest}
    for value in values:
        assert echo(value) == value
        assert type(echo(value)) is int
    for value in least - 1, greatest + 1, 2**70, -(2**70):
        with pytest.raises(OverflowError):
            echo(value)
    for wrong in 1.0, "1", b"1", None, [], ffi.NULL:
        with pytest.raises(TypeError):
            echo(wrong)
    assert echo(ffi.cast("int", 5)) == 5
    assert echo(True) == 1


class Number:
    """What int() accepts, and no int."""

    def __int__(self):
        return 77

    __index__ = __int__


def test_int_of_an_object(lib):
    for name in INTEGERS:
        assert getattr(lib, f"echo_{name}")(Number()) == 77


def test_int_subclass(lib):
    class Mine(int):
        pass

    assert lib.echo_int(Mine(-3)) == -3
    assert lib.echo_ullong(Mine(2**64 - 1)) == 2**64 - 1


def test_conversion_that_raises(lib):
    class Bad:
        def __int__(self):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        lib.echo_int(Bad())
    with pytest.raises(ZeroDivisionError):
        lib.mixed_6(1, 2, 3, 4, Bad(), 6)


def test_each_argument_is_converted_once(lib):
    """Also behind arguments that need no conversion worth the name."""

    class Counted(Number):
        def __int__(self):
            asked.append(self)
            return 0

        __index__ = __int__

    asked: list[Counted] = []
    objects = Counted(), Counted()
    lib.ints_6(1, 2**40, objects[0], True, -3, objects[1])
    assert asked == [*objects]


def test_bool(lib):
    for value in True, False, 0, 1:
        assert lib.echo_bool(value) is bool(value)
    for wrong in 2, -1, 2**40, -(2**70):
        with pytest.raises(OverflowError):
            lib.echo_bool(wrong)


def test_characters(lib):
    for i in range(256):
        assert lib.echo_char(bytes([i])) == bytes([i])
    for char in "a", "\0", "\uffff", "\U0010ffff":
        assert lib.echo_wchar(char) == char
    for function, wrong in (lib.echo_char, "a"), (lib.echo_char, b"ab"), (lib.echo_char, 65), \
            (lib.echo_wchar, b"a"), (lib.echo_wchar, "ab"), (lib.echo_wchar, 65):
        with pytest.raises(TypeError):
            function(wrong)


def test_floats(opened):
    ffi, lib = opened
    for value in 0.0, -0.0, 1.5, -1e300, 5e-324, float("inf"):
        assert lib.echo_double(value) == value
    assert str(lib.echo_double(-0.0)) == "-0.0"
    nan = lib.echo_double(float("nan"))
    assert nan != nan
    assert lib.echo_float(1.5) == 1.5
    assert lib.echo_float(0.1) == ctypes.c_float(0.1).value
    assert lib.echo_float(1e300) == float("inf")
    assert lib.echo_double(3) == 3.0
    assert lib.echo_double(ffi.cast("float", 2.5)) == 2.5
    for function in lib.echo_float, lib.echo_double:
        for wrong in "1.5", None, 1j, ffi.cast("int", 3):
            with pytest.raises(TypeError):
                function(wrong)


def test_long_double(opened):
    ffi, lib = opened
    x = lib.echo_ldouble(1.25)
    assert ffi.typeof(x) is ffi.typeof("long double")
    assert float(x) == 1.25
    third = ffi.new("long double *", 1.0)
    exact = bytes(range(1, 8)) + b"\x80\xff\x3f"
    ffi.buffer(third)[0:10] = exact + b"" if len(exact) == 10 else exact.ljust(10, b"\0")
    assert ffi.buffer(ffi.new("long double *", lib.echo_ldouble(third[0])))[0:10] == (
        ffi.buffer(third)[0:10]
    )
    assert lib.int_and_long_double(1, 2.5, 3) == 15.0


def test_complex(lib):
    assert lib.echo_dcomplex(1 + 2j) == 1 + 2j
    assert lib.echo_fcomplex(0.5 - 4j) == 0.5 - 4j
    assert lib.echo_dcomplex(3) == 3


def test_enum(opened):
    ffi, lib = opened
    for value in lib.RED, lib.GREEN, lib.BLUE, 1234:
        assert lib.echo_color(value) == value
    with pytest.raises(OverflowError):
        lib.echo_color(2**31)


def test_pointers(opened):
    ffi, lib = opened
    p = ffi.new("int[3]")
    assert lib.echo_ptr(p) == p
    assert ffi.typeof(lib.echo_ptr(p)) is ffi.typeof("void *")
    assert lib.echo_ptr(ffi.NULL) == ffi.NULL
    assert lib.same_pointer(ffi.cast("void *", 2**64 - 8)) == ffi.cast("void *", 2**64 - 8)
    for wrong in 0, None, "x", 1.5:
        with pytest.raises(TypeError, match=r"initializer for ctype 'void \*' must be a"):
            lib.echo_ptr(wrong)
    with pytest.raises(TypeError, match=r"initializer for ctype 'int \*' must be a pointer"):
        lib.sum_ints(ffi.new("long[2]"), 2)


def test_no_arguments(lib):
    assert lib.no_arguments() == 42
    before = lib.was_called()
    assert lib.nothing() is None
    assert lib.was_called() == before + 1


def test_order_of_arguments(lib):
    def weighed(values):
        return sum((i + 1) * v for i, v in enumerate(values))

    ints = [3, -(2**40), 5, 2**50, -7, 11, 13]
    assert lib.ints_6(*ints[:6]) == weighed(ints[:6])
    assert lib.ints_7(*ints) == weighed(ints)
    doubles = [0.5, -1.25, 1e10, 3.0, -4.5, 5.5, 6.25, -7.125, 8.0]
    assert lib.doubles_8(*doubles[:8]) == weighed(doubles[:8])
    assert lib.doubles_9(*doubles) == weighed(doubles)
    assert lib.floats_3(0.5, 1.5, -2.5) == weighed([0.5, 1.5, -2.5])
    mixed = [1, 2.5, -3, 4.5, -5, 6.5]
    assert lib.mixed_6(*mixed) == weighed(mixed)
    many = [i + 0.5 if i % 2 else i for i in range(20)]
    assert lib.mixed_20(*many) == weighed(many)


@pytest.mark.parametrize("n", range(21))
def test_any_number_of_arguments(clib, backend, n, tmp_path):
    """n longs in, told apart by position; compiled for this test."""
    source = tmp_path / "many.c"
    parameters = ", ".join(f"long a{i}" for i in range(n)) or "void"
    prototype = f"long many({parameters})"
    total = " + ".join(f"a{i} * {3**i}" for i in range(n)) or "0"
    source.write_text(f"{prototype} {{ return {total}; }}")
    ffi = FFI()
    ffi.cdef(prototype + ";")
    many = ffi.dlopen(str(native_library.compile_library(tmp_path, "many", source))).many
    values = [(-1) ** i * (i + 1) for i in range(n)]
    assert many(*values) == sum(v * 3**i for i, v in enumerate(values))
    for wrong in {max(n - 1, 0), n + 1} - {n}:
        with pytest.raises(TypeError, match=f"expects {n} arguments, got {wrong}"):
            many(*range(wrong))


def test_wrong_number_of_arguments(lib, opener):
    def message(name, signature, n, given):
        if opener.mode in COMPILED:  # a builtin function
            takes = "exactly one argument" if n else "no arguments"
            return re.escape(f".Lib.{name}() takes {takes} ({given} given)")
        return re.escape(f"'{signature}' expects {n} arguments, got {given}")

    with pytest.raises(TypeError, match=message("echo_int", "int(*)(int)", 1, 0)):
        lib.echo_int()
    with pytest.raises(TypeError, match=message("echo_int", "int(*)(int)", 1, 2)):
        lib.echo_int(1, 2)
    with pytest.raises(TypeError, match=message("no_arguments", "int(*)()", 0, 1)):
        lib.no_arguments(1)


def test_keyword_arguments(lib, opener):
    message = "a cdata function cannot be called with keyword arguments"
    if opener.mode in COMPILED:
        message = r"echo_int\(\) takes no keyword arguments"
    with pytest.raises(TypeError, match=message):
        lib.echo_int(x=1)
    with pytest.raises(TypeError, match=message):
        lib.echo_int(1, x=1)
    assert lib.echo_int(*[3], **{}) == 3


def test_null_function(opened):
    ffi, _ = opened
    null = ffi.cast("int(*)(int)", 0)
    text = "cannot call null pointer pointer from cdata 'int(*)(int)'"
    with pytest.raises(RuntimeError, match=re.escape(text)):
        null(3)
    with pytest.raises(RuntimeError):
        ffi.new("int(**)(int)")[0](3)


# ---- temporaries made from initializers ----------------------------------------------


def test_bytes_for_a_string(opened):
    ffi, lib = opened
    assert lib.length(b"hello") == 5
    assert lib.length(b"") == 0
    assert lib.length(b"x" * 100000) == 100000
    assert lib.length(ffi.new("char[]", b"abc")) == 3
    assert lib.length([b"a", b"b", b"\0"]) == 2
    with pytest.raises(TypeError, match="must be a bytes or list or tuple, not str"):
        lib.length("hello")


def test_bytes_are_passed_without_a_copy(opened):
    ffi, lib = opened
    data = b"some bytes"
    assert lib.echo_ptr(data) == ffi.cast("void *", id(data) + bytes.__basicsize__ - 1)


def test_str_for_a_wide_string(opened):
    _, lib = opened
    assert lib.wide_length("h\u00e9llo \U0001f600") == 7
    assert lib.wide_length("x" * 5000) == 5000


@pytest.mark.parametrize("n", [0, 1, 2, 50, 127, 128, 129, 130, 160, 1000, 100000])
def test_list_for_a_pointer(lib, n):
    values = [i % 1000 for i in range(n)]
    assert lib.sum_ints(values, n) == sum(values)
    assert lib.sum_ints(tuple(values), n) == sum(values)
    assert lib.sum_doubles([0.5] * n, n) == 0.5 * n


def test_lists_for_several_arguments(clib, backend):
    ffi = FFI()
    ffi.cdef("void *memcpy(void *, const int *, size_t); int memcmp(char *, char *, size_t);")
    libc = ffi.dlopen(None)
    target = ffi.new("int[200]")
    libc.memcpy(target, list(range(200)), 800)
    assert list(target) == list(range(200))
    assert libc.memcmp([b"a"] * 600, [b"a"] * 599 + [b"b"], 599) == 0
    assert libc.memcmp([b"a"] * 600, [b"a"] * 599 + [b"b"], 600) < 0


def test_list_of_pointers(opened):
    ffi, lib = opened
    a, b = ffi.new("int *", 20), ffi.new("int *", 22)
    assert lib.sum_pointers([a, b], 2) == 42
    assert lib.sum_pointers([a, ffi.NULL], 2) == 1020
    with pytest.raises(TypeError):
        lib.sum_pointers([a, 3], 2)


def test_wrong_item_in_a_list(lib):
    with pytest.raises(TypeError):
        lib.sum_ints([1, "x"], 2)
    with pytest.raises(OverflowError):
        lib.sum_ints([1] * 5000 + [2**40], 5001)


def test_temporaries_are_aligned(lib):
    for _ in range(3):
        assert lib.address_modulo_16([1.5]) == 0
        assert lib.address_modulo_16([1.5] * 100) == 0


def test_changes_through_a_temporary_are_lost(opened):
    ffi, lib = opened
    values = [b"a", b"b"]
    lib.fill(values, b"x", 2)
    assert values == [b"a", b"b"]
    array = ffi.new("char[2]")
    lib.fill(array, b"x", 2)
    assert ffi.buffer(array)[:] == b"xx"


# ---- types that cannot be passed --------------------------------------------------------


def test_opaque_types(clib, backend):
    ffi = FFI()
    ffi.cdef("struct later; int echo_int(struct later); struct later no_arguments(void);")
    lib = ffi.dlopen(str(clib))
    for call in (lambda: lib.echo_int(1)), lib.no_arguments:
        with pytest.raises(TypeError, match="struct later"):
            call()


def test_type_completed_after_the_function_was_taken(clib, backend):
    ffi = FFI()
    ffi.cdef("struct later; int echo_int(struct later);")
    echo = ffi.dlopen(str(clib)).echo_int
    with pytest.raises(TypeError, match="struct later"):
        echo([7])
    ffi.cdef("struct later { int x; };")
    assert echo([7]) == 7


@pytest.mark.parametrize("convention", ["__stdcall", "__cdecl", "WINAPI"])
def test_conventions_that_mean_nothing_here(opener, convention):
    _, lib = opener("scalars.h", f"int {convention} echo_int(int);")
    assert lib.echo_int(5) == 5


def test_convention_of_another_system(clib, backend, tmp_path):
    """On x86-64 Linux gcc can compile functions that Windows' rules apply to."""
    source = tmp_path / "ms.c"
    prototype = "double __attribute__((ms_abi)) ms(int a, double b, long c, double d, int e)"
    source.write_text(prototype + "{ return a + 2 * b + 3 * c + 4 * d + 5 * e; }")
    try:
        path = native_library.compile_library(tmp_path, "ms", source, flags=("-Werror",))
    except Exception:
        pytest.skip("not on this machine")
    ffi = FFI()
    ffi.cdef(prototype + ";")
    lib = ffi.dlopen(str(path))
    assert lib.ms(1, 2.5, 3, 4.5, 5) == 1 + 5 + 9 + 18 + 25


def test_vector_argument(clib, backend):
    """One whose place depends on the compiler's options is refused, when it is called."""
    ffi = FFI()
    ffi.cdef(
        "typedef int v16 __attribute__((vector_size(64))); int echo_int(v16);"
        "int echo_uint(int);"
    )
    lib = ffi.dlopen(str(clib))
    with pytest.raises(NotImplementedError, match="not supported as argument"):
        lib.echo_int(list(range(16)))
    assert lib.echo_uint(3) == 3


def test_transparent_union(clib, backend):
    """Any member's type is accepted; it travels as the first one would."""
    ffi = FFI()
    ffi.cdef(
        """
        typedef union { const char *text; const int *numbers; }
            any __attribute__((transparent_union));
        size_t length(any);
        int sum_ints(any, int);
        any same_pointer(any);
        """
    )
    lib = ffi.dlopen(str(clib))
    numbers = ffi.new("int[]", [20, 22])
    text = ffi.new("char[]", b"four")
    assert lib.length(text) == 4
    assert lib.length({"text": text}) == 4
    assert lib.length(ffi.new("any *", [text])[0]) == 4
    assert lib.sum_ints(numbers, 2) == 42
    assert lib.same_pointer(numbers).numbers == numbers
    # what an argument of a member's type takes, too
    assert lib.length(b"bytes") == 5
    assert lib.sum_ints([20, 21, 1], 3) == 42
    assert lib.same_pointer(ffi.NULL).text == ffi.NULL
    for wrong in 3, None, ffi.new("double *"):
        with pytest.raises(TypeError):
            lib.length(wrong)


def test_128_bits(clib, backend, tmp_path):
    """Two registers, or 16 aligned bytes of the stack."""
    source = tmp_path / "wide.c"
    prototypes = [
        "__int128 echo(__int128 x)",
        "double mixed(double d, int a, int b, int c, __int128 x, unsigned __int128 y, long e)",
        "__int128 call(__int128 (*f)(__int128, int), __int128 x)",
    ]
    bodies = ["return x;", "return d + a + b + c + (double)(x + y) + e;", "return f(x, 5);"]
    source.write_text("".join(f"{p} {{ {b} }}" for p, b in zip(prototypes, bodies, strict=True)))
    path = native_library.compile_library(tmp_path, "wide", source)
    ffi = FFI()
    ffi.cdef("".join(p + ";" for p in prototypes))
    lib = ffi.dlopen(str(path))
    for value in 0, -1, 2**100, -(2**127), 2**127 - 1:
        assert lib.echo(value) == value
    assert lib.mixed(0.5, 1, 2, 3, 2**90, -(2**90) % 2**128, 7) == 13.5
    f = ffi.callback("__int128(__int128, int)", lambda x, y: x * y)
    assert lib.call(f, -(2**100)) == -5 * 2**100
    with pytest.raises(OverflowError):
        lib.echo(2**127)


def test_backend_names():
    from cffi_core import _core

    with pytest.raises(ValueError, match="'auto' or 'libffi'"):
        _core._set_backend("other")
    with pytest.raises(TypeError):
        _core._set_backend(3)
