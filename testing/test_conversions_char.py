"""Characters, narrow and wide, and arrays of them from strings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

WIDE = ["wchar_t", "char16_t", "char32_t"]


class TestChar:
    def test_bytes_of_length_1(self, ffi):
        p = ffi.new("char *", b"a")
        assert p[0] == b"a"
        p[0] = ffi.cast("char", 200)
        assert p[0] == b"\xc8"

    @pytest.mark.parametrize("value", [b"ab", b"", "a", 65, None, bytearray(b"a")])
    def test_refused(self, ffi, value):
        p = ffi.new("char *")
        with pytest.raises(TypeError) as caught:
            p[0] = value
        assert str(caught.value) == (
            "initializer for ctype 'char' must be a bytes of length 1, not "
            + type(value).__name__
        )

    def test_refused_cdata(self, ffi):
        with pytest.raises(TypeError, match="bytes of length 1, not cffi_core._CDataBase"):
            ffi.new("char *", ffi.cast("int", 65))

    def test_all_values(self, ffi):
        a = ffi.new("char[256]", bytes(range(256)))
        assert list(a) == [bytes([i]) for i in range(256)]
        assert [int(ffi.cast("char", i)) for i in range(-128, 128)] == [
            i % 256 for i in range(-128, 128)
        ]


class TestWide:
    @pytest.mark.parametrize("name", WIDE)
    def test_str_of_length_1(self, ffi, name):
        p = ffi.new(f"{name} *", "x")
        assert p[0] == "x"
        p[0] = ffi.cast(name, "y")
        assert p[0] == "y"

    def test_types_of_one_size(self, ffi):
        assert ffi.new("wchar_t *", ffi.cast("char32_t", "a"))[0] == "a"
        with pytest.raises(TypeError):
            ffi.new("char16_t *", ffi.cast("char32_t", "a"))

    @pytest.mark.parametrize(
        ("name", "value", "message"),
        [
            ("char16_t", "ab", "not unicode string of length 2"),
            ("char16_t", "\U00012345", "not larger-than-0xFFFF character"),
            ("char32_t", b"a", "not bytes"),
            ("char32_t", 3, "not int"),
            ("wchar_t", "", "not unicode string of length 0"),
        ],
    )
    def test_refused(self, ffi, name, value, message):
        with pytest.raises(TypeError) as caught:
            ffi.new(f"{name} *", value)
        kind = f"char{8 * ffi.sizeof(name)}_t"
        expected = f"initializer for ctype '{kind}' must be a unicode string of length 1, {message}"
        assert str(caught.value) == expected

    def test_signs(self, ffi):
        assert int(ffi.cast("char16_t", -1)) == 0xFFFF
        assert int(ffi.cast("char32_t", -1)) == 0xFFFFFFFF

    def test_out_of_range(self, ffi):
        p = ffi.new("char32_t *", ffi.cast("char32_t", 0x110000))
        for read in (lambda: p[0], lambda: ffi.string(p, 1), lambda: ffi.unpack(p, 1)):
            with pytest.raises(ValueError, match="char32_t out of range .* 0x110000"):
                read()


class TestArrays:
    def test_nul_where_there_is_room(self, ffi):
        assert ffi.sizeof(ffi.new("char[]", b"abc")) == 4
        assert ffi.buffer(ffi.new("char[3]", b"abc"))[:] == b"abc"
        a = ffi.new("char[5]", b"xxxxx")
        ffi.cast("char(*)[5]", a)[0] = b"ab"
        assert ffi.buffer(a)[:] == b"ab\0xx"

    @pytest.mark.parametrize("name", ["char", "unsigned char", "signed char", "uint8_t", "int8_t"])
    def test_bytes_for_all_of_one_byte(self, ffi, name):
        a = ffi.new(f"{name}[]", b"abc")
        assert len(a) == 4 and ffi.string(a) == b"abc"

    def test_too_long(self, ffi):
        message = r"initializer bytes is too long for 'char\[3\]' \(got 4 characters\)"
        with pytest.raises(IndexError, match=message):
            ffi.new("char[3]", b"abcd")
        message = r"initializer unicode is too long for 'char16_t\[2\]' \(got 3 characters\)"
        with pytest.raises(IndexError, match=message):
            ffi.new("char16_t[2]", "a\U00012345")

    @pytest.mark.parametrize(
        ("cdecl", "value", "message"),
        [
            ("char[]", "abc", "must be a bytes or list or tuple, not str"),
            ("char[3]", bytearray(b"abc"), "must be a bytes or list or tuple, not bytearray"),
            ("wchar_t[]", b"abc", "must be a unicode or list or tuple, not bytes"),
            ("_Bool[2]", "a", "must be a bytes or list or tuple, not str"),
        ],
    )
    def test_refused(self, ffi, cdecl, value, message):
        with pytest.raises(TypeError) as caught:
            ffi.new(cdecl, value)
        assert str(caught.value) == f"initializer for ctype '{cdecl}' {message}"

    def test_bool(self, ffi):
        assert list(ffi.new("_Bool[]", b"\1\0")) == [True, False, False]
        with pytest.raises(ValueError, match=r"an array of _Bool can only contain \\x00 or \\x01"):
            ffi.new("_Bool[]", b"\2")

    @pytest.mark.parametrize("name", WIDE)
    @given(text=st.text(st.characters(min_codepoint=1), max_size=20))
    def test_round_trip(self, ffi, name, text):
        a = ffi.new(f"{name}[]", text)
        # Two surrogates that stand together in UTF-16 are read as one character.
        expected = text
        if name == "char16_t":
            data = text.encode("utf-16-le", "surrogatepass")
            expected = data.decode("utf-16-le", "surrogatepass")
        assert ffi.string(a) == expected
        assert ffi.unpack(a, len(a) - 1) == expected

    def test_lone_surrogates(self, ffi):
        a = ffi.new("char16_t[]", "a\ud800b\udc00")
        assert ffi.string(a) == "a\ud800b\udc00"
        assert len(ffi.new("char16_t[]", "\U00010000")) == 3
        assert ffi.string(ffi.new("char16_t[]", "\ud800\udc00")) == "\U00010000"
        assert ffi.string(ffi.new("char16_t[]", "a\U00012345"), 2) == "a\ud808"


def test_casts(ffi):
    assert repr(ffi.cast("char", 65)) == "<cdata 'char' b'A'>"
    assert repr(ffi.cast("char", 321)) == "<cdata 'char' b'A'>"
    assert repr(ffi.cast("char", "\u1234")) == "<cdata 'char' b'4'>"
    assert repr(ffi.cast("wchar_t", 65.9)) == "<cdata 'wchar_t' 'A'>"
    assert repr(ffi.cast("char16_t", 0x12345)) == "<cdata 'char16_t' '\u2345'>"
    with pytest.raises(TypeError, match="cannot cast unicode string of length 0 to ctype 'char'"):
        ffi.cast("char", "")
