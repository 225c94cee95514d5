"""ffi.string() and ffi.unpack()."""

import pytest
from modes import evaluated

from cffi_core import FFI

CDEF = """
    struct pt { int x, y; };
    struct op;
    enum e { A, B = 5, C = -1 };
    enum big { UA = 1, UB = 3000000000 };
    typedef int (*fn)(int);
"""


class TestString:
    @pytest.mark.parametrize("name", ["char", "unsigned char", "signed char", "uint8_t", "int8_t"])
    def test_bytes(self, ffi, name):
        a = ffi.new(f"{name}[]", b"abc")
        assert ffi.string(a) == b"abc"
        assert ffi.string(a + 1) == b"bc"
        assert ffi.string(a, 2) == b"ab" and ffi.string(a, maxlen=0) == b""
        assert ffi.string(a, -5) == b"abc"

    def test_array_without_nul(self, ffi):
        assert ffi.string(ffi.new("char[3]", b"abc")) == b"abc"
        assert ffi.string(ffi.new("char[3]", b"abc"), 10) == b"abc"
        a = ffi.new("char[6]", b"abcdef")
        assert ffi.string(a[1:3]) == b"bc"
        assert ffi.string(ffi.new("wchar_t[2]", "ab")) == "ab"

    @pytest.mark.parametrize("name", ["wchar_t", "char16_t", "char32_t"])
    def test_str(self, ffi, name):
        a = ffi.new(f"{name}[]", "a\u1234b")
        assert ffi.string(a) == "a\u1234b" and ffi.string(a, 2) == "a\u1234"
        assert ffi.string(ffi.cast(f"{name} *", a)) == "a\u1234b"

    def test_one_character(self, ffi):
        for name in ("char", "signed char", "unsigned char", "uint8_t"):
            assert ffi.string(ffi.cast(name, 65)) == b"A"
        for name in ("wchar_t", "char16_t", "char32_t"):
            assert ffi.string(ffi.cast(name, 65)) == "A"

    def test_enum(self, ffi):
        assert ffi.string(ffi.cast("enum e", 5)) == "B"
        assert ffi.string(ffi.cast("enum e", 6)) == "6"
        assert ffi.string(ffi.cast("enum e", -1)) == "C"
        assert ffi.string(ffi.cast("enum e", -7)) == "-7"
        assert ffi.string(ffi.cast("enum big", 3000000000)) == "UB"

    @pytest.mark.parametrize(
        "cdata",
        ["ffi.new('int[3]')", "ffi.new('int *')", "ffi.new('_Bool[]', [1])", "ffi.cast('_Bool', 1)",
         "ffi.cast('int', 65)", "ffi.NULL", "ffi.new('struct pt *')", "ffi.cast('double', 65)",
         "ffi.cast('fn', 0)"],
    )
    def test_refused(self, ffi, cdata):
        cdata = evaluated(ffi, cdata)
        name = ffi.getctype(ffi.typeof(cdata))
        with pytest.raises(TypeError) as caught:
            ffi.string(cdata)
        assert str(caught.value) == f"string(): unexpected cdata '{name}' argument"

    def test_null(self, ffi):
        with pytest.raises(RuntimeError) as caught:
            ffi.string(ffi.cast("char *", 0))
        assert str(caught.value) == "cannot use string() on <cdata 'char *' NULL>"

    def test_no_cdata(self, ffi):
        with pytest.raises(TypeError, match=r"string\(\) argument 1 must be .*_CDataBase, not int"):
            ffi.string(5)


class TestUnpack:
    def test_characters(self, ffi):
        a = ffi.new("char[]", b"ab\0c")
        assert ffi.unpack(a, 5) == b"ab\0c\0" and ffi.unpack(a, 0) == b""
        assert ffi.unpack(ffi.new("wchar_t[]", "abc"), 4) == "abc\0"
        assert ffi.unpack(ffi.new("char16_t[]", "a\U00012345"), 3) == "a\U00012345"
        assert ffi.unpack(ffi.new("char16_t[]", "a\U00012345"), 2) == "a\ud808"

    @pytest.mark.parametrize(
        ("cdecl", "values"),
        [("int[3]", [1, -2, 3]), ("signed char[3]", [1, -2, 3]), ("uint8_t[3]", [1, 2, 255]),
         ("_Bool[3]", [True, False, True]), ("float[3]", [1.0, 2.5, 3.0]),
         ("uint64_t[2]", [2**64 - 1, 0]), ("__int128[2]", [-(2**100), 2**100]),
         ("enum e[2]", [5, 0]), ("double _Complex[1]", [1j])],
    )
    def test_lists(self, ffi, cdecl, values):
        assert ffi.unpack(ffi.new(cdecl, values), len(values)) == values

    def test_references(self, ffi):
        a = ffi.new("struct pt[2]", [[1, 2], [3, 4]])
        first, second = ffi.unpack(a, 2)
        second.y = 9
        assert (first.x, a[1].y) == (1, 9)
        assert ffi.unpack(ffi.new("int *[2]"), 2) == [ffi.NULL, ffi.NULL]
        rows = ffi.new("int[1][2]", [[1, 2]])
        assert [list(row) for row in ffi.unpack(rows, 1)] == [[1, 2]]

    @pytest.mark.parametrize(
        ("cdata", "length", "exception", "message"),
        [
            ("ffi.new('char[3]')", -1, ValueError, "'length' cannot be negative"),
            ("ffi.cast('int *', 0)", 2, RuntimeError,
             "cannot use unpack() on <cdata 'int *' NULL>"),
            ("ffi.cast('void *', 8)", 2, ValueError, "'void *' points to items of unknown size"),
            ("ffi.cast('struct op *', 8)", 2, ValueError,
             "'struct op *' points to items of unknown size"),
            ("ffi.cast('int', 8)", 2, TypeError, "expected a pointer or array, got 'int'"),
            ("ffi.cast('fn', 8)", 2, TypeError, "expected a pointer or array, got 'int(*)(int)'"),
            ("ffi.new('int[2]')", "x", TypeError,
             "'str' object cannot be interpreted as an integer"),
        ],
    )
    def test_errors(self, ffi, cdata, length, exception, message):
        with pytest.raises(exception) as caught:
            ffi.unpack(evaluated(ffi, cdata), length)
        assert str(caught.value) == message


@pytest.mark.parametrize(
    ("pointer", "value"),
    [("char *", b"x"), ("unsigned char *", 120), ("wchar_t *", "x"), ("char32_t *", "\U0001f40d")],
)
def test_one_character_ends_behind_it(pointer, value):
    """As in CFFI, new() of a character has room for a NUL, which does not show."""
    ffi = FFI()
    p = ffi.new(pointer, value)
    assert ffi.string(p) == (b"x" if value == 120 else value)
    size = ffi.sizeof(ffi.typeof(pointer).item)
    assert repr(p) == f"<cdata '{pointer}' owning {size} bytes>"
