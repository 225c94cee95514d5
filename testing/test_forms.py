"""Rarer forms of C, at work: what the parser makes of them is what the compiled library does.

testing/decls shows each form as the parser alone sees it; here they are called, in every mode.
"""

import pytest

OLD_STYLE = "int old_style(a, b, c) char a; float b; unsigned char c; { return 0; }"


@pytest.fixture
def opened(opener):
    return opener("forms.h")


@pytest.fixture
def lib(opened):
    return opened[1]


def test_transparent_union(opened) -> None:
    """An argument of any member's type; what Python has for a member's type, too."""
    ffi, lib = opened
    assert lib.first_of(ffi.new("char[]", b"A"), True) == 65
    assert lib.first_of(ffi.new("int[]", [42]), False) == 42
    assert lib.first_of(b"B", True) == 66
    assert lib.first_of([7], False) == 7
    assert lib.first_of({"numbers": ffi.new("int *", 3)}, False) == 3
    numbers = ffi.new("int[2]", [1, 2])
    assert lib.same_of(numbers).numbers == numbers
    assert lib.same_of(ffi.NULL).text == ffi.NULL
    with pytest.raises(TypeError):
        lib.first_of(ffi.new("double *"), False)


def test_old_style(opener) -> None:
    """What its definition says is what it is called with, promoted."""
    ffi, lib = opener("forms.h", OLD_STYLE)
    assert ffi.typeof(lib.old_style).args == tuple(map(ffi.typeof, ("int", "double", "int")))
    assert lib.old_style(-1, 2.5, 255) == 279


def test_redefine_extname(lib) -> None:
    assert (lib.renamed_before(), lib.renamed_behind()) == (1, 2)


def test_a_universal_character_name(lib) -> None:
    assert lib.café(1) == 2


def test_a_pointer_to_what_does_not_return(opened) -> None:
    """It is no other type here: any callback will do."""
    ffi, lib = opened
    assert ffi.typeof("handler") is ffi.typeof("void(*)(int)")
    callback = ffi.callback("void(int)", print)
    assert lib.set_handler(callback) == callback


def test_composite_types(opened) -> None:
    """Two declarations are one with what both know."""
    ffi, lib = opened
    callback = ffi.callback("int(int)", lambda x: 2 * x)
    assert lib.apply(callback, 21) == 42
    assert [list(row) for row in lib.table] == [[1, 2], [3, 4], [5, 6]]
    assert ffi.sizeof(lib.table) == 24
