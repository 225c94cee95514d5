"""Messages that help: each was found unhelpful, or a value silently wrong, by someone new."""

import pytest

import cffi_core
from cffi_core import FFI, CDefError, VerificationMissing


def test_texts_are_told_apart():
    """A conflict names the text of the other place, when there have been several."""
    ffi = FFI()
    ffi.cdef("struct s { int a; };")
    ffi.cdef("int x;")
    with pytest.raises(CDefError, match=r"^<cdef 3>:1:8: .* than the one at <cdef>:1:8\n"):
        ffi.cdef("struct s { int b; };")
    with pytest.raises(CDefError, match=r"^<cdef 3>:1:6: .* at <cdef 2>:1:5\n"):
        ffi.cdef("long x;")


def test_a_text_and_a_compiled_module(tmp_path):
    """The declarations of the module are not taken for those of the text."""
    texts = ["struct s { int a; };\ntypedef int num;\n", "enum { A = 1 };"]
    ffi = FFI()
    for text in texts:
        ffi.cdef(text)
    ffi.set_source("_told", "".join(texts))
    ffi = cffi_core.load(ffi.compile(tmpdir=str(tmp_path))).ffi
    with pytest.raises(CDefError, match=r"than the one at <cdef of _told>:1\n"):
        ffi.cdef("struct s { int b; };")
    with pytest.raises(CDefError, match=r"but 'int' at <cdef of _told>:2\n"):
        ffi.cdef("typedef long num;")
    with pytest.raises(CDefError, match=r"has another value at <cdef 2 of _told>:1\n"):
        ffi.cdef("enum { A = 2 };")
    ffi.cdef("".join(texts))
    user = FFI()
    user.include(ffi)
    with pytest.raises(CDefError, match=r" <cdef of _told>:2\n"):
        user.cdef("typedef long num;")


def test_places_of_unavailable_names_say_which_text():
    ffi = FFI()
    ffi.cdef("int x;")
    ffi.cdef("_Decimal64 f(void);")
    assert ffi.unavailable()[0][:2] == ("f", "<cdef 2>:1:12")


def test_missing_compilation_says_why():
    ffi = FFI()
    ffi.cdef("struct s { int a; ...; };\n#define LIMIT ...")
    for use in (lambda: ffi.new("struct s *"), lambda: ffi.sizeof("struct s")):
        with pytest.raises(VerificationMissing, match=r"struct s: declared with `...`"):
            use()
    with pytest.raises(VerificationMissing, match=r"LIMIT: declared with `...`"):
        ffi.integer_const("LIMIT")


def test_flags_of_dlopen_do_not_lose_bits():
    with pytest.raises(OverflowError, match="flags"):
        FFI().dlopen(None, 1 << 40)


def test_alignof_a_typedef_with_an_alignment():
    ffi = FFI()
    ffi.cdef("typedef int wide __attribute__((aligned(64)));  struct s { char c; wide w; };")
    assert ffi.alignof("wide") == 64
    assert ffi.alignof("struct s") == 64
    assert ffi.alignof("int") == ffi.alignof(ffi.typeof("wide")) == 4


def test_text_that_has_no_utf8_is_refused_with_its_place():
    ffi = FFI()
    with pytest.raises(CDefError, match=r"<cdef>:1:6: this is not valid UTF-8"):
        ffi.cdef("int x\ud800;")
    with pytest.raises(CDefError, match="this is not valid UTF-8"):
        ffi.typeof("int *\udc80")


def test_typedefs_of_what_cannot_be_represented_are_listed():
    ffi = FFI()
    ffi.cdef("typedef _Decimal64 price_t;  typedef price_t cost_t, *pointer_t;  typedef int ok_t;")
    assert [entry[:2] for entry in ffi.unavailable()] == [
        ("price_t", "<cdef>:1:20"),
        ("cost_t", "<cdef>:1:46"),
    ]
    assert all("decimal" in reason for _, _, reason in ffi.unavailable())


VALUELESS = "#define X ...", "static const int X;"


@pytest.mark.parametrize("declaration", VALUELESS)
def test_constants_without_a_value_say_so(declaration):
    ffi = FFI()
    ffi.cdef(declaration)
    with pytest.raises(NotImplementedError, match=r"constant 'X' .* no value that is known"):
        ffi.dlopen(None).X


def test_enumerators_without_a_value_say_so():
    ffi = FFI()
    ffi.cdef("enum { X = ... };")
    with pytest.raises(VerificationMissing, match=r"X: declared with `\.\.\.`, .* compiled"):
        ffi.dlopen(None).X
