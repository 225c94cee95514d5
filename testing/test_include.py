"""ffi.include(): another FFI's types and constants, by reference."""

import pytest

from cffi_core import FFI, CDefError, FFIError

BASE = """
    struct point { int x, y; };
    typedef struct point point_t;
    typedef struct { point_t from, to; } line_t;
    union u { int i; float f; };
    enum color { RED, GREEN = 5 };
    typedef int number;
    #define LIMIT 40
    int unrelated(int);
"""


@pytest.fixture
def base(declare):
    """An FFI with declarations, to be included."""
    return declare(BASE, BASE.replace("unrelated(int);", "unrelated(int x) { return x; }"))


def including(other):
    ffi = FFI()
    ffi.include(other)
    return ffi


@pytest.mark.parametrize(
    "text",
    ["struct point", "point_t *", "line_t", "union u", "enum color", "number", "int(*)(line_t *)"],
)
def test_included_types_are_the_same_ctypes(base, text):
    assert including(base).typeof(text) is base.typeof(text)


def test_included_types_can_be_built_upon(base):
    ffi = including(base)
    ffi.cdef("struct box { line_t lines[4]; struct point at; enum color c; }; number f(line_t *);")
    box = ffi.typeof("struct box")
    fields = dict(box.fields)
    assert fields["lines"].type.item is base.typeof("line_t")
    assert fields["at"].offset == 4 * base.sizeof("line_t")
    assert fields["c"].type is base.typeof("enum color")
    assert ffi.sizeof("struct box") == 4 * 16 + 8 + 4


def test_included_constants(base):
    ffi = including(base)
    assert ffi.integer_const("LIMIT") == 40
    assert ffi.integer_const("GREEN") == 5
    assert ffi.typeof("int[LIMIT + GREEN]").length == 45


NAMES = "BASE", "LIMIT", "ONE", "TWO"


def test_a_lib_shows_included_constants(declare):
    """Whatever the library, what it includes has been compiled or not."""
    first = "enum e { ONE = 1, TWO }; enum { BASE = 7 };\n#define LIMIT 33\nint base(void);\n"
    second = "#define OWN 44\n#define LIMIT 33\nlong own(long);\n"
    ffi = including(declare(first, first + "int base(void) { return 3; }"))
    ffi.cdef(second)
    lib = ffi.dlopen(None)
    assert dir(lib) == lib.__all__ == sorted([*NAMES, "OWN", "own"])
    assert {n: lib.__dict__[n] for n in NAMES} == {"BASE": 7, "LIMIT": 33, "ONE": 1, "TWO": 2}
    with pytest.raises(FFIError, match="'base' must be fetched from its original 'lib' object"):
        ffi.integer_const("base")


def test_anonymous_members_from_an_included_ffi(declare):
    first = declare("struct inner { int a; struct { int b; }; };")
    ffi = including(first)
    ffi.cdef("struct outer { long l; struct inner; };")
    assert [name for name, _ in ffi.typeof("struct outer").fields] == ["l", "a", "b"]


def test_include_is_transitive(base):
    second = including(base)
    second.cdef("struct mid { struct point p; };")
    third = including(second)
    assert third.typeof("struct point") is base.typeof("struct point")
    assert third.typeof("struct mid") is second.typeof("struct mid")


def test_the_included_ffi_is_kept_alive(base):
    ffi = including(base)
    assert [name for name, _ in ffi.typeof("line_t").fields] == ["from", "to"]
    fields = ffi.typeof("struct point").fields
    del ffi
    assert fields[0][1].type.cname == "int"


def test_a_struct_completed_later_in_the_included_ffi(declare):
    declare.completing()
    first = declare("struct late;")
    second = including(first)
    ct = second.typeof("struct late")
    assert ct.fields is None
    first.cdef("struct late { int x; };")
    assert ct.fields[0][0] == "x"
    assert second.sizeof("struct late") == 4


def test_a_struct_opaque_in_the_included_ffi_may_be_completed_here(declare):
    first = declare("struct late;")
    second = including(first)
    theirs = second.typeof("struct late")
    second.cdef("struct late { int x; };")
    ours = second.typeof("struct late")
    assert ours.fields[0][0] == "x"
    assert second.sizeof("struct late") == 4
    assert first.typeof("struct late") is theirs is not ours
    assert theirs.fields is None


def test_list_types(base):
    ffi = including(base)
    ffi.cdef("typedef struct mine_s *mine; struct box { int x; };")
    typedefs, structs, unions = ffi.list_types()
    assert typedefs == ["line_t", "mine", "number", "point_t"]
    assert structs == ["box", "mine_s", "point"]
    assert unions == ["u"]


def test_a_conflict_is_an_error_and_changes_nothing(base):
    ffi = including(base)
    with pytest.raises(CDefError):
        ffi.cdef("struct other { int z; }; typedef float number;")
    assert ffi.typeof("number").cname == "int"
    assert "other" not in ffi.list_types()[1]


@pytest.mark.parametrize(
    "declaration",
    [
        "struct point { long z; };",
        "enum color { BLUE };",
        "union point *p;",
        "struct color { int x; };",
    ],
)
def test_an_included_tag_is_not_declared_anew(base, declaration):
    ffi = including(base)
    with pytest.raises(CDefError):
        ffi.cdef(declaration)
    assert ffi.typeof("struct point") is base.typeof("struct point")


def test_refusals():
    ffi = FFI()
    with pytest.raises(TypeError, match="expects an argument that is also of type cffi_core.FFI"):
        ffi.include(5)
    with pytest.raises(ValueError, match="self.include"):
        ffi.include(ffi)


def test_a_cycle_is_refused():
    first, second, third = FFI(), FFI(), FFI()
    second.include(first)
    third.include(second)
    with pytest.raises(CDefError):
        first.include(third)
    assert first.list_types() == ([], [], [])


def test_too_many_includes_are_refused():
    ffi = FFI()
    with pytest.raises(CDefError):
        for _ in range(200):
            ffi.include(FFI())
    ffi.cdef("int still_works(void);")


def test_the_same_body_again_is_no_declaration(base):
    ffi = including(base)
    ffi.cdef("struct point { int x, y; }; enum color { RED, GREEN = 5 };")
    ffi.cdef("union u { int i; float f; };")
    assert ffi.typeof("struct point") is base.typeof("struct point")
    assert ffi.typeof("enum color") is base.typeof("enum color")


def test_what_is_opaque_in_an_included_ffi_may_be_completed(declare):
    first = declare("struct hidden; typedef struct hidden *hidden_p;")
    ffi = including(first)
    ffi.cdef("struct hidden { int x; };")
    assert ffi.sizeof("struct hidden") == 4
    assert first.typeof("struct hidden").kind == "struct"
    with pytest.raises(ValueError, match="unknown size|know the size"):
        first.sizeof("struct hidden")
