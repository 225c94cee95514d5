"""Members of unnamed unions and structs of a cdef that are in C the struct's own, or elsewhere.

CFFI asks the compiler for each of them, and for no union. Ours are unions where the compiler has
them so.
"""

import emitted
import pytest

from cffi_core import FFI, _core

# As in cffi.FFI, structs with `...;`: what C has, what the cdef says of it, where the members are.
SOURCE = """
struct apart { int a, padding; char c, d, b; };
struct behind { int a, padding; char c, d, b; };
struct really { int a; union { int b; char c; }; int more; };
struct deep { char p; union { int q; struct { short r; int s; }; }; char t; };
struct shallow { char p; int q; short r; int s; char t; };
struct bits { int more; unsigned f : 3; unsigned g : 4; char h; };
struct order { int c, b, a; };
struct macros { int n; union { int m_a; char m_b; } u; };
#define m_a u.m_a
#define m_b u.m_b
"""
CDEF = """
struct apart { struct { char b; ...; }; union { char c, d; }; };
struct behind { union { char c, d; }; struct { int a; char b; }; ...; };
struct really { int a; union { int b; char c; }; ...; };
struct deep { char p; union { int q; struct { short r; int s; }; }; char t; ...; };
struct shallow { char p; union { int q; struct { short r; int s; }; }; char t; ...; };
struct bits { union { unsigned f : 3; unsigned g : 4; }; char h; ...; };
struct order { struct { int a, b; }; int c; ...; };
struct macros { union { int m_a; char m_b; }; int n; ...; };
"""
PLACES = {
    "apart": (12, {"b": 10, "c": 8, "d": 9}),
    "behind": (12, {"c": 8, "d": 9, "a": 0, "b": 10}),
    "really": (12, {"a": 0, "b": 4, "c": 4}),
    "deep": (16, {"p": 0, "q": 4, "r": 4, "s": 8, "t": 12}),
    "shallow": (20, {"p": 0, "q": 4, "r": 8, "s": 12, "t": 16}),
    "bits": (8, {"f": 4, "g": 4, "h": 5}),
    "order": (12, {"a": 8, "b": 4, "c": 0}),
    "macros": (8, {"m_a": 4, "m_b": 4, "n": 0}),
}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    stub = emitted.stub_of(CDEF, SOURCE)
    return str(emitted.built(stub, tmp_path_factory.mktemp("unnamed")))


@pytest.fixture(scope="module", params=["module", "verify"])
def partial(request, path):
    if request.param == "module":
        return _core.load_stub(path, "_m")[0]
    return _core.load_stub(path, "_m", emitted.ffi_of(CDEF))[0]


def places(ffi, name):
    fields = ffi.typeof(f"struct {name}").fields
    return ffi.sizeof(f"struct {name}"), {name: field.offset for name, field in fields}


@pytest.mark.parametrize("name", PLACES)
def test_members_are_where_the_compiler_has_them(partial, name):
    assert places(partial, name) == PLACES[name]


def test_they_are_read_and_written(partial):
    p = partial.new("struct shallow *", {"p": b"p", "q": 1, "r": 2, "s": 3, "t": b"t"})
    assert (p.p, p.q, p.r, p.s, p.t) == (b"p", 1, 2, 3, b"t")
    assert partial.offsetof("struct shallow", "s") == 12
    bits = partial.new("struct bits *", {"f": 5, "g": 9})
    assert (bits.f, bits.g) == (5, 9)
    assert partial.typeof("struct bits").fields[1][1].bitshift == 3


def test_a_list_gives_one_member_of_what_is_a_union_and_all_of_what_is_none(partial):
    behind = partial.new("struct behind *", [b"c", b"d", 7, b"b"])
    assert (behind.c, behind.d, behind.a, behind.b) == (b"c", b"d", 7, b"b")
    really = partial.new("struct really *", [1, 2])
    assert (really.a, really.b, really.c) == (1, 2, b"\x02")
    with pytest.raises(ValueError, match="too many"):
        partial.new("struct really *", [1, 2, b"c"])


def test_in_line_a_compiler_is_needed():
    ffi = emitted.ffi_of(CDEF)
    with pytest.raises(_core.VerificationMissing):
        ffi.sizeof("struct apart")


WRONG = "struct foo { int a; union { char c; short d; }; };"
MORE = "struct foo { int more, a; char c; short d; };"
OTHER = "struct foo { int more, a; union { short c; short d; }; };"


def as_found(cdef, source, folder):
    return str(emitted.built(emitted.stub_of(cdef, source, as_found=True), folder))


def test_without_dots_cffi_asks_the_compiler_as_well(tmp_path):
    """Of what set_source() compiles, that is; verify() compares."""
    path = as_found(WRONG, MORE, tmp_path)
    ffi, _ = _core.load_stub(path, "_m")
    assert places(ffi, "foo") == (12, {"a": 4, "c": 8, "d": 10})
    with pytest.raises(_core.VerificationError, match="struct foo"):
        emitted.ffi_of(WRONG).verify(MORE)


def test_such_a_struct_goes_by_value_only_where_nothing_else_can_matter(tmp_path):
    cdef = "struct foo { union { float c; float d; }; }; struct bar { union { int i; short j; }; };"
    path = as_found(
        cdef, "struct foo { float c, d; int x; }; struct bar { int i, k; short j; };", tmp_path
    )
    ffi, _ = _core.load_stub(path, "_m")
    assert places(ffi, "foo") == (12, {"c": 0, "d": 4})
    with pytest.raises(NotImplementedError, match="declared with"):
        ffi.callback("void(struct foo)", lambda x: None)
    seen = []
    call = ffi.callback("void(struct bar)", lambda x: seen.append((x.i, x.j)))
    call(ffi.new("struct bar *", [3, 4])[0])
    assert seen == [(3, 4)]


def test_a_size_that_differs_is_an_error(tmp_path):
    path = as_found(WRONG, OTHER, tmp_path)
    with pytest.raises(_core.FFIError, match="wrong size for field 'c'"):
        _core.load_stub(path, "_m")[0].sizeof("struct foo")


def test_the_same_declaration_again():
    ffi = FFI()
    ffi.cdef(CDEF)
    ffi.cdef(CDEF)
