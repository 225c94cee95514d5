"""Floating and complex types of every width."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st


class Real:
    def __float__(self):
        return 2.5


class Complex:
    def __complex__(self):
        return 1 + 2j


class Index:
    def __index__(self):
        return 3


@pytest.mark.parametrize("name", ["float", "double", "_Float16", "__bf16"])
def test_read_as_float(ffi, name):
    p = ffi.new(f"{name} *", 1.5)
    assert p[0] == 1.5 and type(p[0]) is float
    for value in (2, True, Real(), Index(), ffi.cast("double", 2.0), ffi.cast("long double", 2.0)):
        p[0] = value
        assert p[0] == float(value)
    p[0] = math.inf
    assert p[0] == math.inf
    p[0] = math.nan
    assert math.isnan(p[0])
    p[0] = -0.0
    assert math.copysign(1, p[0]) == -1


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1", "must be real number, not str"),
        (None, "must be real number, not NoneType"),
        (1j, "must be real number, not complex"),
    ],
)
@pytest.mark.parametrize("name", ["float", "double", "long double", "_Float16"])
def test_refused(ffi, name, value, message):
    p = ffi.new(f"{name} *")
    with pytest.raises(TypeError) as caught:
        p[0] = value
    assert str(caught.value) == message


def test_integer_cdata_is_no_float(ffi):
    for value in (ffi.cast("int", 3), ffi.cast("char", 65)):
        with pytest.raises(TypeError, match="not supported on cdata"):
            ffi.new("double *", value)


def test_too_large(ffi):
    assert ffi.new("float *", 1e300)[0] == math.inf
    assert ffi.new("_Float16 *", 70000)[0] == math.inf
    with pytest.raises(OverflowError, match="int too large to convert to float"):
        ffi.new("double *", 10**400)


@given(st.floats(allow_nan=False))
def test_half_as_struct_does(ffi, value):
    p = ffi.new("_Float16 *", value)
    try:
        expected = struct.pack("e", value)
    except OverflowError:
        expected = struct.pack("e", math.copysign(math.inf, value))
    assert ffi.buffer(p)[:] == expected
    assert struct.pack("e", p[0]) == expected


@given(st.integers(0, 0xFFFF))
def test_every_half_is_read(ffi, bits):
    p = ffi.new("uint16_t *", bits)
    value = ffi.cast("_Float16 *", p)[0]
    (expected,) = struct.unpack("e", struct.pack("H", bits))
    assert value == expected or (math.isnan(value) and math.isnan(expected))


@given(st.floats(width=32, allow_nan=False), st.integers(0, 0xFFFF))
def test_bfloat_is_the_top_of_a_float(ffi, value, bits):
    raw = ffi.new("uint16_t *", bits)
    read = ffi.cast("__bf16 *", raw)[0]
    (expected,) = struct.unpack("f", struct.pack("I", bits << 16))
    assert read == expected or (math.isnan(read) and math.isnan(expected))
    p = ffi.new("__bf16 *", value)
    (word,) = struct.unpack("I", struct.pack("f", value))
    rounded = (word + 0x7FFF + (word >> 16 & 1)) >> 16  # to nearest, ties to even
    assert struct.unpack("H", ffi.buffer(p)[:])[0] == rounded & 0xFFFF


@given(st.floats(allow_nan=False))
def test_float_as_struct_does(ffi, value):
    p = ffi.new("float *", value)
    try:
        expected = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        expected = math.copysign(math.inf, value)
    assert p[0] == expected


class TestLongDouble:
    def test_stays_cdata(self, ffi):
        p = ffi.new("long double *", 1.5)
        assert repr(p[0]) == "<cdata 'long double' 1.500000E+00>"
        assert float(p[0]) == 1.5 and int(p[0]) == 1 and bool(p[0])
        assert not ffi.cast("long double", 0)

    def test_every_bit_survives(self, ffi):
        p = ffi.new("long double *")
        raw = b"\x01\x23\x45\x67\x89\xab\xcd\xef\xff\x3f"
        ffi.buffer(p)[: len(raw)] = raw
        q = ffi.new("long double *", p[0])
        assert ffi.buffer(q)[:10] == raw
        r = ffi.new("long double *", ffi.cast("long double", p[0]))
        assert ffi.buffer(r)[:10] == raw

    def test_large_integers(self, ffi):
        p = ffi.new("long double *")
        raw = (2**63 + 12345).to_bytes(8, "little") + (16383 + 63).to_bytes(2, "little")
        if ffi.sizeof("long double") == 16 and struct.pack("h", 1)[0] == 1:
            ffi.buffer(p)[:10] = raw
            assert int(p[0]) == 2**63 + 12345

    def test_no_comparison(self, ffi):
        x = ffi.cast("long double", 1.5)
        with pytest.raises(NotImplementedError, match="cannot use <cdata 'long double'> in a"):
            x == 1.5
        assert isinstance(hash(x), int)

    def test_float128(self, ffi):
        p = ffi.new("_Float128 *", 1.5)
        assert float(p[0]) == 1.5
        q = ffi.new("_Float128 *", p[0])
        assert ffi.buffer(q)[:] == ffi.buffer(p)[:]


class TestComplex:
    @pytest.mark.parametrize("name", ["float _Complex", "double _Complex"])
    def test_values(self, ffi, name):
        p = ffi.new(f"{name} *", 1 + 2j)
        assert p[0] == 1 + 2j and type(p[0]) is complex
        for value in (3, 1.5, Complex(), Real(), ffi.cast(name, 1j)):
            p[0] = value
            assert p[0] == complex(value)

    def test_refused(self, ffi):
        with pytest.raises(TypeError):
            ffi.new("double _Complex *", "a")
        with pytest.raises(TypeError, match=r"complex\(\) not supported on cdata 'int'"):
            ffi.new("double _Complex *", ffi.cast("int", 1))

    def test_operations(self, ffi):
        x = ffi.cast("double _Complex", 1 + 2j)
        assert complex(x) == 1 + 2j and bool(x) and x == 1 + 2j
        assert hash(x) == hash(1 + 2j)
        assert not ffi.cast("float _Complex", 0)
        for function in (int, float):
            with pytest.raises(TypeError, match="not supported on cdata"):
                function(x)

    def test_casts(self, ffi):
        assert complex(ffi.cast("double _Complex", ffi.cast("int", 5))) == 5
        assert complex(ffi.cast("double _Complex", ffi.cast("double", 5))) == 5
        assert complex(ffi.cast("double _Complex", ffi.cast("float _Complex", 5j))) == 5j
        assert complex(ffi.cast("double _Complex", "a")) == 97

    def test_long_double_complex_stays_cdata(self, ffi):
        p = ffi.new("long double _Complex *", 1 + 2j)
        assert complex(p[0]) == 1 + 2j
        assert repr(p[0]).startswith("<cdata 'long double _Complex' (1.000000E+00+2.000000E+00j)")


class TestCasts:
    def test_from_everything(self, ffi):
        for value, expected in [
            (3, 3.0), ("a", 97.0), (b"a", 97.0), (1.1, 1.1), (ffi.cast("int", 3), 3.0),
            (ffi.cast("char", 65), 65.0), (ffi.cast("wchar_t", "a"), 97.0),
            (ffi.cast("long double", 1.5), 1.5), (ffi.cast("_Bool", 5), 1.0), (Index(), 3.0),
        ]:
            assert float(ffi.cast("double", value)) == expected
            assert float(ffi.cast("long double", value)) == expected

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            (lambda ffi: ffi.cast("void *", 3), "cannot cast ctype 'void *' to ctype 'double'"),
            (lambda ffi: ffi.new("int[2]"), "cannot cast ctype 'int[2]' to ctype 'double'"),
            (lambda ffi: "ab", "cannot cast str object to ctype 'double'"),
            (lambda ffi: None, "must be real number, not NoneType"),
            (lambda ffi: 1j, "must be real number, not complex"),
        ],
    )
    def test_refused(self, ffi, value, message):
        with pytest.raises(TypeError) as caught:
            ffi.cast("double", value(ffi))
        assert str(caught.value) == message


def test_unaligned(ffi):
    a = ffi.new("char[64]")
    for name, value in [("float", 1.5), ("double", 1.1), ("_Float16", 0.5), ("float _Complex", 1j)]:
        p = ffi.cast(f"{name} *", a + 3)
        p[0] = value
        assert p[0] == value
    p = ffi.cast("long double *", a + 5)
    p[0] = 1.5
    assert float(p[0]) == 1.5
