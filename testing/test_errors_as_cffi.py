"""Errors of C text are CDefError, and what CFFI raises as well: what has caught one catches it."""

import pytest

from cffi_core import FFI, CDefError

TYPES = {
    "int[-5]": ValueError,
    "int[10][]": ValueError,
    "void[3]": ValueError,
    "struct nobody[3]": ValueError,
    "int(*)(int)[5]": TypeError,
    "int(int)[3]": TypeError,
    "int[9223372036854775807]": OverflowError,
    "struct { void x; }": TypeError,
    "struct { int x[]; int y; }": TypeError,
    "struct { float x : 1; }": TypeError,
    "struct { char x : 0; }": TypeError,
    "struct { char x : 9; }": TypeError,
    "struct { int x(int); }": TypeError,
}


@pytest.mark.parametrize("text", TYPES)
def test_the_class_is_both(text):
    ffi = FFI()
    with pytest.raises(CDefError) as caught:
        ffi.typeof(text)
    assert isinstance(caught.value, TYPES[text])
    assert str(caught.value).startswith("<type>:1:")
    assert str(caught.value).rstrip().endswith("^")
    with pytest.raises(TYPES[text]):
        ffi.cdef(f"typedef __typeof__({text}) t;")
    assert ffi.list_types() == ([], [], [])


def test_all_others_are_none_of_these():
    for text in ("int[", "nothing", "int[3](int)", "int[1.5]"):
        with pytest.raises(CDefError) as caught:
            FFI().typeof(text)
        assert type(caught.value) is CDefError


def test_the_class_has_a_name():
    with pytest.raises(ValueError, match="negative") as caught:
        FFI().typeof("int[-1]")
    made = type(caught.value)
    assert (made.__module__, made.__name__) == ("cffi_core", "CDefValueError")
    assert made.__bases__ == (ValueError, CDefError)
