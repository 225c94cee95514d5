"""ctype objects: names, attributes, fields, what they refuse."""

import copy
import gc
import pickle
import sys
import sysconfig
import threading
import weakref

import pytest

from cffi_core import FFI, CDefError, FFIError

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))

CDEF = """
    typedef struct { int a; } anon;
    struct s { int x; int y; };
    struct opaque;
    union u { int a; char b; };
    enum e { A, B, C = 10, D = 10 };
    typedef enum { NEG = -1, POS = 0x7fffffff } ae;
    typedef ... op;
    typedef ... *foo_p;
    typedef int (*fp)(int, ...);
    typedef int myint;
    typedef int fn(int);
    typedef struct _x *xp;
    typedef const char *ccp;
    struct flex { int n; int a[]; };
    struct zero { int n; int a[0]; };
    struct nest {
        struct { int q; int r; };
        union { int m; struct { int n; int o; }; };
        int b : 3;
        int : 5;
        int c : 9;
        struct { int z; } in;
    };
    union un { struct { int i, j; }; int k; };
    struct empty { };
"""
SOURCE = CDEF.replace("typedef ... op", "typedef struct op op").replace("... *", "struct foo_s *")

# type string: the ctype's name, its kind
NAMES = [
    ("int", "int", "primitive"),
    ("const int", "int", "primitive"),
    ("unsigned", "unsigned int", "primitive"),
    ("long unsigned int", "unsigned long", "primitive"),
    ("long long", "long long", "primitive"),
    ("signed char", "signed char", "primitive"),
    ("bool", "_Bool", "primitive"),
    ("size_t", "size_t", "primitive"),
    ("int8_t", "int8_t", "primitive"),
    ("char16_t", "char16_t", "primitive"),
    ("long double", "long double", "primitive"),
    ("float _Complex", "_cffi_float_complex_t", "primitive"),
    ("double _Complex", "_cffi_double_complex_t", "primitive"),
    ("myint", "int", "primitive"),
    ("void", "void", "void"),
    ("void*", "void *", "pointer"),
    ("void**", "void * *", "pointer"),
    ("int*", "int *", "pointer"),
    ("const char*", "char *", "pointer"),
    ("char *const", "char *", "pointer"),
    ("ccp*", "char * *", "pointer"),
    ("int[]", "int[]", "array"),
    ("int[3]", "int[3]", "array"),
    ("int[B + 2]", "int[3]", "array"),
    ("int[3][4]", "int[3][4]", "array"),
    ("int[][4]", "int[][4]", "array"),
    ("int *[3]", "int *[3]", "array"),
    ("int(*)[5]", "int(*)[5]", "pointer"),
    ("int(*)[]", "int(*)[]", "pointer"),
    ("int(*)()", "int(*)()", "function"),
    ("int(*)(void)", "int(*)()", "function"),
    ("int(*)(int,...)", "int(*)(int, ...)", "function"),
    ("int(**)(int)", "int(* *)(int)", "pointer"),
    ("int(*(*)(void))(long)", "int(*(*)())(long)", "function"),
    ("int(*(*)[3])(int)", "int(*(*)[3])(int)", "pointer"),
    ("char*(*[4])(int)", "char *(*[4])(int)", "array"),
    ("void(*)(anon, struct s*, char[5])", "void(*)(anon, struct s *, char *)", "function"),
    ("int __stdcall(*)(int)", "int(*)(int)", "function"),
    ("fp", "int(*)(int, ...)", "function"),
    ("fn*", "int(*)(int)", "function"),
    ("struct s", "struct s", "struct"),
    ("anon", "anon", "struct"),
    ("anon*", "anon *", "pointer"),
    ("xp", "struct _x *", "pointer"),
    ("op", "op", "struct"),
    ("op*", "op *", "pointer"),
    ("foo_p", "struct $$foo_p *", "pointer"),
    ("foo_p*", "struct $$foo_p * *", "pointer"),
    ("struct unknown*", "struct unknown *", "pointer"),
    ("union u", "union u", "union"),
    ("enum e", "enum e", "enum"),
    ("enum e*", "enum e *", "pointer"),
    ("ae", "ae", "enum"),
]


@pytest.mark.parametrize("text, name, kind", NAMES)
def test_name_and_kind(ffi, text, name, kind):
    ct = ffi.typeof(text)
    assert ct.cname == name
    assert repr(ct) == f"<ctype '{name}'>"
    assert ct.kind == kind


SPEAKABLE = [row for row in NAMES if "$" not in row[1] and "_cffi" not in row[1]]


@pytest.mark.parametrize("text, name, kind", SPEAKABLE)
def test_a_name_is_a_type_string(ffi, text, name, kind):
    assert ffi.typeof(name) is ffi.typeof(text)


def test_abi_is_the_number_of_libffi(ffi):
    default = ffi.typeof("int(*)(int)").abi
    assert default > 0
    assert ffi.typeof("int(__stdcall *)(int)").abi == default or sys.platform == "win32"


@pytest.mark.parametrize(
    "text, attributes",
    [
        ("int", []),
        ("void", []),
        ("int*", ["item"]),
        ("int[3]", ["item", "length"]),
        ("int(*)(int)", ["abi", "args", "ellipsis", "result"]),
        ("struct s", ["fields"]),
        ("union u", ["fields"]),
        ("enum e", ["elements", "relements"]),
    ],
)
def test_only_the_attributes_of_its_kind(ffi, text, attributes):
    ct = ffi.typeof(text)
    assert dir(ct) == sorted([*attributes, "cname", "kind"])
    every = "item length fields args result ellipsis abi elements relements"
    for name in every.split():
        if name in attributes:
            getattr(ct, name)
        else:
            with pytest.raises(AttributeError, match=name):
                getattr(ct, name)


def test_pointer_and_array(ffi):
    assert ffi.typeof("int*").item is ffi.typeof("int")
    assert ffi.typeof("int[3][4]").item is ffi.typeof("int[4]")
    assert ffi.typeof("int[3][4]").length == 3
    assert ffi.typeof("int[]").length is None


def test_function(ffi):
    ct = ffi.typeof("struct s (*)(int, char[5], fn, ...)")
    assert ct.result is ffi.typeof("struct s")
    assert ct.args == (ffi.typeof("int"), ffi.typeof("char *"), ffi.typeof("fn *"))
    assert ct.ellipsis is True
    assert ffi.typeof("fn *").ellipsis is False


def test_enum(ffi):
    ct = ffi.typeof("enum e")
    assert ct.elements == {0: "A", 1: "B", 10: "C"}
    assert ct.relements == {"A": 0, "B": 1, "C": 10, "D": 10}
    assert ffi.typeof("ae").elements == {-1: "NEG", 0x7FFFFFFF: "POS"}
    ct.elements.clear()  # a copy
    assert len(ct.elements) == 3


def test_enum_of_large_values(declare):
    ffi = declare("enum big { TOP = 0xffffffffffffffff, LOW = 0 };")
    assert ffi.typeof("enum big").elements == {2**64 - 1: "TOP", 0: "LOW"}
    assert ffi.sizeof("enum big") == 8


LATER = "enum later { A = 3 }; typedef enum later *later_p;"


def test_an_opaque_enum_stays_opaque_until_completed(declare):
    declare.completing()
    ffi = declare("enum later; typedef enum later *later_p;", LATER)
    ct = ffi.typeof("enum later")
    assert (ct.kind, ct.elements) == ("enum", {})
    with pytest.raises(ValueError, match="(unknown size|know the size)"):
        ffi.sizeof(ct)
    ffi.cdef("enum later { A = 3 };")
    assert ct.elements == {3: "A"}
    assert ffi.sizeof(ct) == 4


def columns(ct):
    return [(name, f.type.cname, f.offset, f.bitshift, f.bitsize, f.flags) for name, f in ct.fields]


def test_fields(ffi):
    x, y = columns(ffi.typeof("struct s"))
    assert (x, y) == (("x", "int", 0, -1, -1, 0), ("y", "int", 4, -1, -1, 0))
    a, b = columns(ffi.typeof("union u"))
    assert (a, b) == (("a", "int", 0, -1, -1, 0), ("b", "char", 0, -1, -1, 1))
    assert ffi.typeof("struct empty").fields == []
    assert ffi.typeof("struct opaque").fields is None


def test_fields_of_anonymous_members_and_bit_fields(ffi):
    rows = columns(ffi.typeof("struct nest"))
    assert rows[:-1] == [
        ("q", "int", 0, -1, -1, 0),
        ("r", "int", 4, -1, -1, 0),
        ("m", "int", 8, -1, -1, 0),
        ("n", "int", 8, -1, -1, 1),
        ("o", "int", 12, -1, -1, 1),
        ("b", "int", 16, 0, 3, 0),
        ("c", "int", 16, 8, 9, 0),
    ]
    name, cname, offset, *_ = rows[-1]
    assert (name, offset) == ("in", 20)
    assert cname.startswith("struct $")
    # A list initialises the first member of a union, a whole struct here.
    assert [row[0] for row in columns(ffi.typeof("union un")) if row[-1] == 0] == ["i", "j"]


def test_fields_of_variable_length(ffi):
    assert columns(ffi.typeof("struct flex"))[1] == ("a", "int[]", 4, -2, -1, 0)
    assert columns(ffi.typeof("struct zero"))[1] == ("a", "int[0]", 4, -2, -1, 0)


def test_fields_is_a_new_list_of_the_same_fields(ffi):
    ct = ffi.typeof("struct s")
    assert ct.fields is not ct.fields
    assert ct.fields[0][1] is ct.fields[0][1]
    ct.fields.clear()
    assert len(ct.fields) == 2


def test_a_field_is_read_only(ffi):
    field = ffi.typeof("struct s").fields[0][1]
    with pytest.raises(AttributeError):
        field.offset = 3
    with pytest.raises(TypeError):
        type(field)()


def test_self_reference(declare):
    ffi = declare("struct node { struct node *next; struct node *(*f)(struct node *); };")
    node = ffi.typeof("struct node")
    assert node.fields[0][1].type.item is node
    assert node.fields[1][1].type.result.item is node


def test_refusals(ffi):
    ct = ffi.typeof("int")
    with pytest.raises(TypeError, match="cannot create 'cffi_core.CType' instances"):
        type(ct)()
    with pytest.raises(AttributeError):
        ct.note = 1
    with pytest.raises(TypeError):
        ct.kind < ct  # noqa: B015
    for copier in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot pickle"):
            copier(ct)
    with pytest.raises(TypeError):

        class Derived(type(ct)):
            pass


def test_identity_equality_hash(ffi):
    assert ffi.typeof("int *") == ffi.typeof("int*")
    assert ffi.typeof("int") != "int"
    assert {ffi.typeof("int"): 1}[ffi.typeof("const int")] == 1


def test_weak_reference(ffi):
    ct = ffi.typeof("int *")
    assert weakref.ref(ct)() is ct


@pytest.mark.skipif(FREE_THREADED, reason="ctypes are immortal")
def test_a_ctype_dies_with_the_last_that_uses_it():
    ffi = FFI()
    seen = weakref.ref(ffi.typeof("short(*)(short, short *****)"))
    assert seen() is not None
    del ffi
    gc.collect()
    assert seen() is None


@pytest.mark.skipif(FREE_THREADED, reason="ctypes are immortal")
def test_a_cycle_of_ctypes_dies(declare):
    ffi = declare("struct node { struct node *next; int (*f)(struct node *); };")
    node = ffi.typeof("struct node")
    assert node.fields[0][1].type.item is node
    seen = weakref.ref(node)
    del ffi, node
    gc.collect()
    assert seen() is None


def test_completion_gives_the_old_ctype_its_body(declare):
    declare.completing()
    ffi = declare("struct s; typedef struct s *p;")
    ct, pointer = ffi.typeof("struct s"), ffi.typeof("p")
    assert ct.fields is None
    ffi.cdef("struct s { int x; struct s *next; };")
    assert ffi.typeof("struct s") is ct
    assert pointer.item is ct
    assert [name for name, _ in ct.fields] == ["x", "next"]
    assert ffi.sizeof(ct) == 2 * ffi.sizeof("void *")


NAMED = """
    typedef struct s { int x; } s_t, *s_p;
    struct t { struct { int y; } m; };
    enum e { A };
    typedef enum e e_t;
    typedef struct { int z; } *nameless;
"""


def test_a_typedef_is_the_name_in_line():
    ffi = FFI()
    ffi.cdef(NAMED)
    assert ffi.typeof("struct s") is ffi.typeof("s_t")
    names = [ffi.typeof(t).cname for t in ("struct s", "s_p", "struct t", "e_t", "nameless")]
    assert names == ["s_t", "s_t *", "struct t", "enum e", "struct $2 *"]
    assert repr(ffi.new("struct s *")) == "<cdata 's_t *' owning 4 bytes>"
    assert ffi._table.spell(ffi._table.n_types) != "" and ffi.list_types()[1] == ["s", "t"]


def test_the_name_of_an_older_ctype_stays():
    ffi = FFI()
    ffi.cdef("struct s; struct t;")
    old = ffi.typeof("struct s *")
    ffi.cdef("typedef struct s s_t; typedef struct t t_t;")
    with pytest.raises(FFIError):
        ffi.cdef("struct u; typedef struct u u_t; int broken(")
    ffi.cdef("struct u;")
    assert ffi.typeof("s_t *") is old and old.cname == "struct s *"
    assert [ffi.typeof(f"struct {t} *").cname for t in "tu"] == ["t_t *", "struct u *"]


def test_override_leaves_the_old_ctype_alone(declare):
    ffi = declare("typedef int t; struct s { int x; };")
    old_t, old_s = ffi.typeof("t"), ffi.typeof("struct s")
    ffi.cdef("typedef long t; struct s { long y, z; };", override=True)
    assert ffi.typeof("t") is ffi.typeof("long") is not old_t
    assert ffi.typeof("struct s") is not old_s
    assert [name for name, _ in old_s.fields] == ["x"]
    assert ffi.sizeof(old_s) == 4
    assert [name for name, _ in ffi.typeof("struct s").fields] == ["y", "z"]


def test_a_raw_function_type_is_no_ctype(ffi):
    for text in ("int(int)", "fn"):
        with pytest.raises(CDefError) as caught:
            ffi.typeof(text)
        assert str(caught.value) == (
            f"the type '{text}' is a function type, not a pointer-to-function type"
        )


def test_long_chains_of_types_end():
    ffi = FFI()
    depth = 20_000
    ffi.cdef("".join(f"typedef t{i} *t{i + 1};" for i in range(depth)).replace("t0 ", "int ", 1))
    try:
        ct = ffi.typeof(f"t{depth}")
    except RecursionError:
        return
    assert ct.kind == "pointer"


@pytest.mark.skipif(FREE_THREADED, reason="ctypes are immortal")
def test_a_long_chain_of_types_dies_on_a_small_stack():
    ffi = FFI()
    depth = 4000
    ffi.cdef("typedef int t0;" + "".join(f"typedef t{i} *t{i + 1};" for i in range(depth)))
    for i in range(0, depth, 100):  # no deeper than that at a time
        ffi.typeof(f"t{i}")
    chain = [ffi.typeof(f"t{depth}")]
    assert chain[0].item.item.kind == "pointer"
    del ffi

    def work():
        chain.clear()
        gc.collect()

    # From 3.12 on Python itself counts on some thousand levels to fit.
    before = threading.stack_size((128 if sys.version_info < (3, 12) else 1024) * 1024)
    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert chain == []
