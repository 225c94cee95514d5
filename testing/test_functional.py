"""cffi_core.functional in this process; test_dropin.py has it as _cffi_backend."""

import sys

import pytest

from cffi_core import FFI
from cffi_core import functional as backend

Char, Short, Int = map(backend.new_primitive_type, ("char", "short", "int"))
Unsigned, Double = map(backend.new_primitive_type, ("unsigned int", "double"))
MSVC, ARM, BIG_ENDIAN = 1, 2, 4


def record(fields, *options):
    made = backend.new_struct_type("struct made")
    backend.complete_struct_or_union(made, fields, *options)
    return made


def laid_out(fields, flags, pack=0):
    """(offset of `c`, size, alignment)"""
    made = record(fields, None, -1, -1, flags, pack)
    offset = backend.typeoffsetof(made, "c")[1]
    return offset, backend.sizeof(made), backend.alignof(made)


FIELDS = {
    "bits": [("a", Char, -1), ("b1", Int, 9), ("b2", Unsigned, 7), ("c", Char, -1)],
    "unnamed": [("a", Char, -1), ("", Short, 9), ("c", Char, -1)],
    "none": [("a", Char, -1), ("", Int, 0), ("", Int, 0), ("c", Char, -1)],
}


@pytest.mark.parametrize(
    ("fields", "flags", "expected"),
    [
        ("bits", MSVC, (8, 12, 4)),
        ("unnamed", MSVC, (4, 6, 2)),
        ("none", MSVC, (1, 2, 1)),
        ("bits", ARM, (3, 4, 4)),
        ("unnamed", ARM, (4, 6, 2)),
        ("none", ARM, (4, 8, 4)),
        ("bits", BIG_ENDIAN, (3, 4, 4)),
    ],
)
def test_layouts_of_other_compilers(fields, flags, expected):
    assert laid_out(FIELDS[fields], flags) == expected


@pytest.mark.skipif(sys.byteorder != "little", reason="the other end")
def test_bit_fields_from_the_other_end():
    made = record(FIELDS["bits"], None, -1, -1, BIG_ENDIAN)
    p = backend.newp(backend.new_pointer_type(made), [b"A", -201, 99, b"\x9d"])
    assert bytes(FFI().buffer(p)) == b"A\xe3\x9b\x9d"
    assert (p.b1, p.b2) == (-201, 99)


def test_by_value_where_something_is_not_declared():
    """A register depends on what is between the members."""
    whole = record([("a", Double, -1), ("c", Double, -1)], None, 16, 8)
    gap = record([("c", Double, -1, 8)], None, 16, 8)
    integer = record([("a", Int, -1, 0), ("c", Double, -1, 8)], None, 16, 8)
    large = record([("c", Double, -1, 8)], None, 24, 8)
    for made in whole, integer, large:
        function = backend.new_function_type((made,), Double)
        called = backend.callback(function, lambda x: x.c)
        assert called(backend.newp(backend.new_pointer_type(made), {"c": 2.5})[0]) == 2.5
    for function in ((gap,), Double), ((), gap):
        called = backend.cast(backend.new_function_type(*function), 1)
        with pytest.raises(NotImplementedError, match="depend on the missing fields"):
            called("?") if function[0] else called()
