"""Standard names that a cdef declares as something else: that is what they are, as in CFFI."""

import pytest

from cffi_core import FFI, CDefError

CDEF = """
typedef long int16_t;
typedef uint16_t char16_t;
typedef unsigned char bool;
typedef int wchar_t;
typedef unsigned long size_t;
struct all { char16_t a; int16_t b; bool c; wchar_t d[2]; size_t e; };
"""
SOURCE = """
struct all { unsigned short a; long b; unsigned char c; int d[2]; size_t e; };
"""
NAMES = {
    "int16_t": "long",
    "char16_t": "uint16_t",
    "bool": "unsigned char",
    "wchar_t": "int",
    "size_t": "size_t",  # of equal size and sign: it stays the primitive
    "char32_t": "char32_t",
}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_name_is(ffi, name):
    assert ffi.typeof(name) is FFI().typeof(NAMES[name])


def test_fields(ffi):
    p = ffi.new("struct all *", [1, 2, 3, [4, 5], 6])
    assert (p.a, p.b, p.c, list(p.d), p.e) == (1, 2, 3, [4, 5], 6)
    assert [field.type.cname for _, field in ffi.typeof(p).item.fields] == [
        *("uint16_t", "long", "unsigned char", "int[2]", "size_t")
    ]


def test_who_includes_has_the_same(ffi):
    for middle in (ffi, FFI()):
        if middle is not ffi:
            middle.include(ffi)
        other = FFI()
        other.include(middle)
        other.cdef("struct w { char16_t a; bool b; };")
        assert [f.type.cname for _, f in other.typeof("struct w").fields] == [
            *("uint16_t", "unsigned char")
        ]
        assert {n: other.typeof(n).cname for n in NAMES} == NAMES


def test_the_last_of_two_includes():
    plain, changed, other = FFI(), FFI(), FFI()
    changed.cdef("typedef char ssize_t;")
    other.include(plain)
    assert other.typeof("ssize_t") is FFI().typeof("ssize_t")
    other.include(changed)
    assert other.typeof("ssize_t") is other.typeof("char")
    assert plain.sizeof("ssize_t") == plain.sizeof("size_t")


def test_a_failed_cdef_changes_nothing():
    ffi = FFI()
    with pytest.raises(CDefError):
        ffi.cdef("typedef int ssize_t; nothing *x;")
    assert ffi.typeof("ssize_t").cname == "ssize_t"
    ffi.cdef("typedef int ssize_t;")
    assert ffi.typeof("ssize_t").cname == "int"
    assert ffi.list_types()[0] == ["ssize_t"]
    ffi.cdef("typedef int ssize_t;")
    with pytest.raises(CDefError, match="'ssize_t' is 'long' here"):
        ffi.cdef("typedef long ssize_t;")
    assert FFI().typeof("ssize_t").cname == "ssize_t"


def test_a_preprocessed_header_says_again_what_a_character_is():
    ffi = FFI()
    ffi.cdef('# 1 "uchar.h"\ntypedef unsigned short char16_t;\n')
    assert ffi.typeof("char16_t").cname == "char16_t"
