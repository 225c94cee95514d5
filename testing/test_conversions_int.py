"""Integers, _Bool and enums: what is accepted, what they are read as, every range check."""

import decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

CDEF = "enum e { A, B = 5, C = -1 }; enum big { UA = 1, UB = 3000000000 };"

SIGNED = ["signed char", "short", "int", "long", "long long", "int8_t", "int16_t", "int32_t",
          "int64_t", "intptr_t", "ssize_t", "ptrdiff_t", "int_fast16_t", "intmax_t"]
UNSIGNED = ["unsigned char", "unsigned short", "unsigned int", "unsigned long", "uint8_t",
            "unsigned long long", "uint16_t", "uint32_t", "uint64_t", "size_t", "uintptr_t"]


class Int:
    def __init__(self, value):
        self.value = value

    def __int__(self):
        return self.value


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class MyInt(int):
    pass


def limits(ffi, name: str) -> tuple[int, int]:
    bits = 8 * ffi.sizeof(name)
    if name in UNSIGNED or name.startswith("unsigned"):
        return 0, 2**bits - 1
    return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1


@pytest.mark.parametrize("name", [*SIGNED, *UNSIGNED, "__int128", "unsigned __int128"])
def test_limits(ffi, name):
    low, high = limits(ffi, name)
    p = ffi.new(f"{name} *")
    for value in (low, high, 0, 1, 100, high // 2, low // 2, high - 1, low + 1):
        p[0] = value
        assert p[0] == value
        assert type(p[0]) is int
    for value in (low - 1, high + 1, 2**70 * high + 2, -(2**130)):
        before = p[0]
        with pytest.raises(OverflowError):
            p[0] = value
        assert p[0] == before


@pytest.mark.parametrize("name", ["int", "uint64_t", "long", "__int128", "unsigned char", "short"])
def test_what_is_an_integer(ffi, name):
    p = ffi.new(f"{name} *")
    for value in (7, True + 6, MyInt(7), Int(7), Index(7), decimal.Decimal("7.9"),
                  ffi.cast("int", 7), ffi.cast("uint64_t", 7), ffi.cast("char", 7),
                  ffi.cast("wchar_t", 7), ffi.cast("enum e", 7)):
        p[0] = 0
        p[0] = value
        assert p[0] == 7
    p[0] = ffi.cast("_Bool", 7)
    assert p[0] == 1
    p[0] = True
    assert p[0] == 1


@pytest.mark.parametrize("value", [1.0, "1", b"1", None, [1], 1j, {}, object(), float("nan")])
@pytest.mark.parametrize("name", ["int", "uint64_t", "_Bool", "enum e", "unsigned __int128"])
def test_what_is_none(ffi, name, value):
    with pytest.raises(TypeError, match="^an integer is required"):
        ffi.new(f"{name} *")[0] = value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (lambda ffi: ffi.cast("float", 3), "an integer is required"),
        (lambda ffi: ffi.cast("long double", 3), "an integer is required"),
        (lambda ffi: ffi.cast("void *", 3), "int() not supported on cdata 'void *'"),
        (lambda ffi: ffi.new("int[2]"), "int() not supported on cdata 'int[2]'"),
        (lambda ffi: Int("x"), "integer conversion failed"),
    ],
)
def test_refused_cdata(ffi, value, message):
    with pytest.raises(TypeError) as caught:
        ffi.new("int *", value(ffi))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("int", 2**31, "integer 2147483648 does not fit 'int'"),
        ("int", -(2**31) - 1, "integer -2147483649 does not fit 'int'"),
        ("int", 2**80, "int too big to convert"),
        ("unsigned int", -1, "can't convert negative number to unsigned"),
        ("unsigned int", 2**32, "integer 4294967296 does not fit 'unsigned int'"),
        ("uint64_t", 2**64, "int too big to convert"),
        ("uint64_t", -(2**80), "can't convert negative number to unsigned"),
        ("long", 2**63, "int too big to convert"),
        ("uint8_t", 256, "integer 256 does not fit 'uint8_t'"),
        ("_Bool", 2, "integer 2 does not fit '_Bool'"),
        ("_Bool", -1, "can't convert negative number to unsigned"),
        ("enum e", 2**40, "integer 1099511627776 does not fit 'enum e'"),
        ("enum big", -1, "can't convert negative number to unsigned"),
    ],
)
def test_messages(ffi, name, value, message):
    with pytest.raises(OverflowError) as caught:
        ffi.new(f"{name} *", value)
    assert str(caught.value) == message


@given(st.integers(-(2**66), 2**66), st.sampled_from([*SIGNED, *UNSIGNED]))
def test_every_value_fits_or_raises(ffi, value, name):
    low, high = limits(ffi, name)
    p = ffi.new(f"{name} *")
    try:
        p[0] = value
    except OverflowError:
        assert not low <= value <= high
    else:
        assert low <= value <= high and p[0] == value


@given(st.integers(-(2**140), 2**140), st.sampled_from([*SIGNED, *UNSIGNED, "__int128"]))
def test_cast_wraps(ffi, value, name):
    bits = 8 * ffi.sizeof(name)
    expected = value % 2**bits
    if limits(ffi, name)[0] < 0 and expected >= 2 ** (bits - 1):
        expected -= 2**bits
    assert int(ffi.cast(name, value)) == expected


class TestBool:
    def test_values(self, ffi):
        p = ffi.new("_Bool *", True)
        assert p[0] is True
        p[0] = 0
        assert p[0] is False

    def test_other_byte_values(self, ffi):
        p = ffi.new("_Bool *")
        ffi.buffer(p)[0] = b"\x05"
        with pytest.raises(ValueError, match="got a _Bool of value 5, expected 0 or 1"):
            p[0]

    @pytest.mark.parametrize(
        ("value", "expected"),
        [(3, True), (0, False), (0.5, True), (-1, True), (2**64, True), (256, True), ("a", True),
         ("\0", False), (float("nan"), True), (0.0, False), (Fraction(1, 2), True),
         (Fraction(0), False), (-(2**200), True), (Index(0), False)],
    )  # fmt: skip
    def test_cast(self, ffi, value, expected):
        assert bool(ffi.cast("_Bool", value)) is expected
        assert repr(ffi.cast("_Bool", value)) == f"<cdata '_Bool' {expected}>"

    @pytest.mark.parametrize("value", [None, 1j, object(), []])
    def test_no_cast(self, ffi, value):
        with pytest.raises(TypeError, match="integer/float expected"):
            ffi.cast("_Bool", value)


class TestEnum:
    def test_read_as_int(self, ffi):
        p = ffi.new("enum e *", 5)
        assert p[0] == 5 and type(p[0]) is int
        p[0] = 77
        assert p[0] == 77
        p[0] = -1
        assert p[0] == -1

    def test_repr(self, ffi):
        assert repr(ffi.cast("enum e", 5)) == "<cdata 'enum e' 5: B>"
        assert repr(ffi.cast("enum e", 6)) == "<cdata 'enum e' 6>"
        assert repr(ffi.cast("enum e", -1)) == "<cdata 'enum e' -1: C>"
        assert repr(ffi.cast("enum big", 3000000000)) == "<cdata 'enum big' 3000000000: UB>"

    def test_names_are_not_values(self, ffi):
        with pytest.raises(TypeError):
            ffi.new("enum e *", "B")
        assert int(ffi.cast("enum e", "B")) == ord("B")


def test_casts_from_everything(ffi):
    assert int(ffi.cast("int", 3.9)) == 3
    assert int(ffi.cast("int", -3.9)) == -3
    assert int(ffi.cast("int", "a")) == 97
    assert int(ffi.cast("int", b"a")) == 97
    assert int(ffi.cast("int", "\U00012345")) == 0x12345
    assert int(ffi.cast("int", ffi.cast("void *", 3))) == 3
    assert int(ffi.cast("int", ffi.cast("long double", 3.5))) == 3
    assert int(ffi.cast("int", ffi.cast("char", 255))) == 255
    assert int(ffi.cast("unsigned char", -1.5)) == 255
    assert int(ffi.cast("uint64_t", 1e19)) == 10**19
    a = ffi.new("int[2]")
    assert int(ffi.cast("uintptr_t", a)) == int(ffi.cast("uintptr_t", ffi.cast("void *", a)))


@pytest.mark.parametrize(
    ("value", "exception", "message"),
    [
        (b"ab", TypeError, "initializer for ctype 'char' must be a bytes of length 1, not bytes"),
        ("ab", TypeError, "cannot cast unicode string of length 2 to ctype 'int'"),
        (None, TypeError, "an integer is required"),
        ([1], TypeError, "an integer is required"),
        (1j, TypeError, "an integer is required"),
        (float("nan"), ValueError, "cannot convert float NaN to integer"),
        (float("inf"), OverflowError, "cannot convert float infinity to integer"),
    ],
)
def test_cast_errors(ffi, value, exception, message):
    with pytest.raises(exception) as caught:
        ffi.cast("int", value)
    assert str(caught.value) == message


def test_unaligned(ffi):
    a = ffi.new("char[32]")
    p = ffi.cast("uint64_t *", a + 1)
    p[0] = 0x0123456789ABCDEF
    assert p[0] == 0x0123456789ABCDEF
    q = ffi.cast("__int128 *", a + 3)
    q[0] = -5
    assert q[0] == -5
