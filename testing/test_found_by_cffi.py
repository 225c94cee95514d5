"""What CFFI's own test-suites found (`./run projects cffi`), tried here in our words."""

import weakref

import pytest

from cffi_core import FFI, FFIError, VerificationMissing
from cffi_core.model import Model


def test_file_of_another_ffi():
    """Each FFI declares a FILE; the C library has one for all."""
    one, two = FFI(), FFI()
    one.cdef("FILE *fopen(const char *, const char *);")
    two.cdef("int fclose(FILE *); struct with { FILE *file; };")
    file = one.dlopen(None).fopen(b"/dev/null", b"r")
    record = two.new("struct with *", {"file": file})
    assert record.file == file
    assert two.dlopen(None).fclose(file) == 0
    with pytest.raises(TypeError, match="must be a pointer to same type, not cdata 'FILE \\* \\*'"):
        record.file = one.new("FILE **")


def test_enumerators_without_values():
    ffi = FFI()
    ffi.cdef("enum partial { A, ... }; enum whole { B, C };")
    lib = ffi.dlopen(None)
    assert (lib.B, lib.C) == (0, 1)
    with pytest.raises(VerificationMissing, match="^A: declared with `...`"):
        lib.A


@pytest.mark.parametrize("packed", [2, -1, 1 << 70])
def test_packed_is_no_number(packed):
    with pytest.raises(ValueError, match="^'packed' should be False or True; use 'pack' to give"):
        FFI().cdef("", packed=packed)


def test_libs_can_be_referred_to_weakly():
    lib = FFI().dlopen(None)
    reference = weakref.ref(lib)
    assert reference() is lib


def test_every_cdata_has_a_name():
    ffi = FFI()
    names = {ffi.cast("int", 3).__name__, ffi.new("int *").__name__, ffi.NULL.__name__}
    assert names == {"<cdata>"}
    with pytest.raises(AttributeError):
        ffi.new("int *").__name__ = "x"


def test_errors_of_libraries_are_ffi_errors():
    """As with CFFI out-of-line; and the builtin ones, as in-line."""
    ffi = FFI()
    ffi.cdef("int no_such_function(void); extern int no_such_variable;")
    lib = ffi.dlopen(None)
    for name in "no_such_function", "no_such_variable":
        assert not hasattr(lib, name)
        with pytest.raises(ffi.error, match=f"'{name}' not found in library '<None>'") as caught:
            getattr(lib, name)
        assert isinstance(caught.value, AttributeError)
    ffi.dlclose(lib)
    with pytest.raises(FFIError, match="has already been closed") as caught:
        lib.no_such_function
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("words", ["Python+C", "C+Python", " C +\tPython ", "Python + C"])
def test_both_orders_of_a_linkage(words):
    expected, ffi = FFI(), FFI()
    expected.cdef('extern "Python+C" int f(int);')
    ffi.cdef(f'extern "{words}" int f(int);')
    [one], [other] = ([d for d in Model(f).decls if d.name == "f"] for f in (expected, ffi))
    assert (one.kind, one.flags) == (other.kind, other.flags)


@pytest.mark.parametrize("words", ["P ython+CC", "C+", "Python+", "+C", "C+Python+C", ""])
def test_no_linkage(words):
    with pytest.raises(FFIError, match="extern is followed by"):
        FFI().cdef(f'extern "{words}" int f(int);')
