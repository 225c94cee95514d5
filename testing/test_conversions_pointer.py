"""Pointers: which types fit which, and what a pointer may be cast from."""

import io

import pytest
from modes import evaluated

from cffi_core import FFI

CDEF = "struct pt { int x, y; }; struct one { char c; }; struct op; typedef int (*fn)(int, int);"

ADVICE = ("(check that the types are as you expect; use an explicit ffi.cast() if they are "
          "correct)")
TO_CHAR = f"implicit cast to 'char *' from a different pointer type.{ADVICE}"
FROM_CHAR = f"implicit cast from 'char *' to a different pointer type: {ADVICE}"


def assign(ffi, target: str, value):
    """The pointer that results when `value` is stored in a variable of that type."""
    return ffi.new(ffi.getctype(target, "*"), value)[0]


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("int *", "int *"), ("void *", "int *"), ("int *", "void *"), ("void *", "fn"),
        ("fn", "void *"), ("fn", "fn"), ("char *", "unsigned char *"), ("char *", "signed char *"),
        ("int8_t *", "char *"), ("char *", "_Bool *"), ("_Bool *", "char *"),
        ("char *", "struct one *"), ("struct one *", "char *"), ("void *", "char **"),
        ("struct op *", "struct op *"), ("const int *", "int *"), ("int *", "const int *"),
    ],
)
def test_fits(ffi, target, source):
    assert assign(ffi, target, ffi.cast(source, 24)) == ffi.cast("void *", 24)


@pytest.mark.parametrize(
    ("target", "source", "message"),
    [
        ("int *", "short *", None), ("int *", "unsigned int *", None),
        ("unsigned char *", "signed char *", None), ("uint8_t *", "unsigned char *", None),
        ("long *", "long long *", None), ("long *", "int64_t *", None), ("fn", "int *", None),
        ("void **", "char **", None), ("int *", "struct pt *", None),
        ("struct pt *", "struct op *", None), ("int(*)[2]", "int(*)[]", None),
        ("char *", "int *", TO_CHAR), ("char *", "fn", TO_CHAR), ("int *", "char *", FROM_CHAR),
        ("fn", "char *", FROM_CHAR), ("wchar_t *", "char *", FROM_CHAR),
    ],
)
def test_does_not_fit(ffi, target, source, message):
    value = ffi.cast(source, 24)
    if message is None:
        message = (f"initializer for ctype '{ffi.getctype(target)}' must be a pointer to same "
                   f"type, not cdata '{ffi.getctype(source)}'")
    with pytest.raises(TypeError) as caught:
        assign(ffi, target, value)
    assert str(caught.value) == message


def test_arrays_decay(ffi):
    a = ffi.new("int[3]")
    assert assign(ffi, "int *", a) == a
    assert assign(ffi, "void *", a) == a
    assert assign(ffi, "int(*)[2]", ffi.new("int[2][2]")) != ffi.NULL
    assert assign(ffi, "char *", ffi.new("uint8_t[3]")) != ffi.NULL
    with pytest.raises(TypeError):
        assign(ffi, "int *", ffi.new("int[2][2]"))


@pytest.mark.parametrize("value", [0, None, b"abc", [1], "abc", lambda: 1, 1.5])
@pytest.mark.parametrize("target", ["int *", "void *", "char *", "fn", "struct pt *"])
def test_only_cdata(ffi, target, value):
    with pytest.raises(TypeError) as caught:
        ffi.new(ffi.getctype(target, "[1]"), [value])
    assert str(caught.value) == (
        f"initializer for ctype '{ffi.getctype(target)}' must be a cdata pointer, not "
        f"{type(value).__name__}"
    )


@pytest.mark.parametrize("value", ["ffi.cast('int', 3)", "ffi.new('struct pt *')[0]"])
def test_only_pointers(ffi, value):
    cdata = evaluated(ffi, value)
    with pytest.raises(TypeError) as caught:
        assign(ffi, "int *", cdata)
    name = ffi.getctype(ffi.typeof(cdata))
    assert str(caught.value) == (
        f"initializer for ctype 'int *' must be a pointer or array, not cdata '{name}'"
    )


class TestCast:
    @pytest.mark.parametrize("value", [3, 3.5, "ffi.cast('int', 3)", "ffi.cast('float', 3)",
                                       "ffi.cast('char', 3)", "ffi.cast('void *', 3)"])
    def test_from_numbers(self, ffi, value):
        p = ffi.cast("int *", evaluated(ffi, value))
        assert repr(p) == "<cdata 'int *' 0x3>"

    def test_wraps(self, ffi):
        assert ffi.cast("int *", 2**64) == ffi.NULL
        everything = int(ffi.cast("uintptr_t", ffi.cast("int *", -1)))
        assert everything == 2 ** (8 * ffi.sizeof("void *")) - 1
        assert ffi.cast("int *", ffi.cast("int", -1)) == ffi.cast("int *", -1)

    @pytest.mark.parametrize("value", ["a", b"a", None, [1], print])
    def test_refused(self, ffi, value):
        with pytest.raises(TypeError, match="an integer is required"):
            ffi.cast("int *", value)

    def test_record_is_no_number(self, ffi):
        with pytest.raises(TypeError, match=r"int\(\) not supported on cdata 'struct pt'"):
            ffi.cast("int *", ffi.new("struct pt *")[0])

    def test_to_arrays(self, ffi):
        a = ffi.new("int[4]", [1, 2, 3, 4])
        assert list(ffi.cast("int[2]", a + 1)) == [2, 3]
        assert repr(ffi.cast("int[3]", 3)) == "<cdata 'int[3]' 0x3>"

    @pytest.mark.parametrize("target", ["int[]", "struct pt", "void", "struct op"])
    def test_to_what_nothing_is_cast(self, ffi, target):
        with pytest.raises(TypeError) as caught:
            ffi.cast(target, 3)
        assert str(caught.value) == f"cannot cast to ctype '{target}'"

    def test_functions(self, ffi):
        f = ffi.cast("fn", 24)
        assert repr(f) == "<cdata 'int(*)(int, int)' 0x18>"
        assert ffi.cast("void *", f) == ffi.cast("void *", 24)
        assert repr(ffi.cast("fn", 0)) == "<cdata 'int(*)(int, int)' NULL>"
        assert isinstance(f, ffi.CData)


class TestFiles:
    """Python files where C wants a FILE *."""

    @pytest.fixture
    def opened(self, opener):
        return opener("library.h", "int fputs(const char *, FILE *); int fgetc(FILE *);")

    @pytest.fixture
    def lib(self, opened):
        return opened[1]

    def test_name(self, opened):
        ffi, lib = opened
        assert repr(ffi.typeof("FILE *")) == "<ctype 'FILE *'>"
        assert ffi.getctype("FILE", "*x") == "FILE *x"
        message = r"^initializer for ctype 'FILE \*' must be a cdata pointer, not int"
        with pytest.raises(TypeError, match=message):
            lib.fgetc(5)

    def test_one_s_own_body(self):
        ffi = FFI()
        ffi.cdef("struct _IO_FILE { int x; };")
        assert repr(ffi.new("FILE *")) == "<cdata 'struct _IO_FILE *' owning 4 bytes>"

    def test_shared_position(self, lib, tmp_path):
        for mode, text in (("w+", "abc"), ("wb+", b"abc")):
            with open(tmp_path / "file", mode) as file:
                file.write(text)
                assert lib.fputs(b"hi", file) >= 0
                assert lib.fputs(b"!", file) >= 0
            assert (tmp_path / "file").read_bytes() == b"abchi!"
        with open(tmp_path / "file") as file:
            assert lib.fgetc(file) == ord("a")

    def test_cast(self, opened, tmp_path):
        ffi, lib = opened
        with open(tmp_path / "file", "w") as file:
            stream = ffi.cast("FILE *", file)
            assert repr(stream).startswith("<cdata 'FILE *' 0x") or "_IO_FILE" in repr(stream)
            assert lib.fputs(b"cast", stream) >= 0
            assert ffi.cast("FILE *", file) == stream
        assert (tmp_path / "file").read_bytes() == b"cast"

    @pytest.mark.parametrize("value", [5, "x", b"x", [1], None])
    def test_others(self, lib, value):
        with pytest.raises(TypeError, match="must be a cdata pointer, not"):
            lib.fputs(b"hi", value)

    def test_arguments_only(self, opened, tmp_path):
        ffi, _ = opened
        with open(tmp_path / "file", "w") as file, pytest.raises(TypeError):
            ffi.new("FILE **", file)

    def test_no_descriptor(self, lib):
        with pytest.raises(io.UnsupportedOperation):
            lib.fputs(b"hi", io.BytesIO())


def test_transparent_union(declare):
    local = declare("typedef union { int *i; char *c; } any_p __attribute__((transparent_union));")
    i, c = local.new("int *", 5), local.new("char[]", b"x")
    assert local.new("any_p *", i).i == i
    assert local.new("any_p *", c).c == c
    assert local.new("any_p *", {"c": c}).c == c
    with pytest.raises(TypeError, match="list or tuple or dict or struct-cdata"):
        local.new("any_p *", 5)
