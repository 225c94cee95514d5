"""cffi_core.declared: what CFFI's tools find in ffi._parser, read and written back."""

import pickle

import pytest

from cffi_core import FFI, VerificationError
from cffi_core.declared import classes, syntax
from cffi_core.declared.parser import Parser

TEXT = """
typedef struct { int x; unsigned y : 3; struct { char a; }; union { int u; float f; } n[2], *p; } P;
typedef P *PP; typedef const P *CPP; typedef const int ci; typedef uint8_t byte;
struct node { struct node *next; const char *name; int a[5]; enum { LOCAL = 3 } k; ...; };
struct one { struct two *p; }; struct two { struct one o; P q; };
enum C { A, B = 5 }; typedef enum { X = -1, Y } E; enum { DOTS = ... , NEXT };
typedef enum C2 { Z } C2;
int add(int, P *, ...); void f(void); size_t g(byte b[], const char *const *p, int (*cb)(int, E));
static const int K; static const char *const S;
#define M 42
#define N ...
extern int v; extern int arr[]; extern const int w[4];
typedef int (*fn_t)(int[5]); typedef int fun_t(char); typedef ... opaque; typedef ... *opaque_p;
typedef int... myint; typedef float... myfloat; typedef struct { int in; } *inner_p;
struct fwd; typedef struct fwd fwd_t; FILE *fp(bool b, wchar_t w); int h(fun_t *, fun_t, opaque *);
extern "Python" int cb1(int, fwd_t *); extern "Python+C" void cb2(E, inner_p);
#pragma pack(push, 2)
struct packed { char c; int i; };
#pragma pack(pop)
"""

# As CFFI 2.1.1 has them.
SPELLED = {
    "anonymous P": "P",
    "typedef PP": "P *",
    "typedef CPP": "P const *",
    "typedef byte": "uint8_t",
    "struct node": "struct node",
    "enum C": "enum C",
    "typedef C2": "C2",
    "function add": "int(*)(int, P *, ...)",
    "function f": "void(*)(void)",
    "function g": "size_t(*)(uint8_t *, char const * const *, int(*)(int, E))",
    "constant S": "char const *",
    "variable arr": "int[]",
    "typedef fn_t": "int(*)(int *)",
    "typedef fun_t": "int()(char)",
    "typedef opaque_p": "opaque_p",
    "struct fwd": "fwd_t",
    "function fp": "FILE *(*)(_Bool, wchar_t)",
    "function h": "int(*)(int(*)(char), int(*)(char), opaque *)",
    "extern_python cb1": "int(*)(int, fwd_t *)",
}


@pytest.fixture(scope="module")
def parser() -> Parser:
    ffi = FFI()
    ffi.cdef(TEXT)
    return Parser(ffi)


def test_types_are_spelled_as_cffi_does(parser):
    rows = parser._declarations
    assert {key: repr(rows[key][0])[1:-1] for key in SPELLED} == SPELLED
    assert [rows[f"macro {name}"][0] for name in "MN"] == [42, "..."]
    assert (rows["constant K"][1], rows["typedef ci"][1], rows["variable w"][1]) == (1, 1, 1)
    assert rows["typedef fun_t"][0].is_raw_function
    assert rows["variable w"][0].get_c_name(" foo") == "int foo[4]"
    assert rows["function f"][0].get_c_name("x") == "void(* x)(void)"


def test_records_and_enums(parser):
    rows = parser._declarations
    record, node = rows["typedef P"][0], rows["struct node"][0]
    assert record is rows["anonymous P"][0] and record is rows["typedef PP"][0].totype
    assert record.fldnames == ("x", "y", "", "n", "p") and record.fldbitsize == (-1, 3, -1, -1, -1)
    assert [name for name, *_ in record.enumfields()] == ["x", "y", "a", "n", "p"]
    assert (node.partial, record.partial, rows["struct packed"][0].packed) == (True, False, 2)
    assert node.fldtypes[0].totype is node and node.fldtypes[3].enumvalues == (3,)
    assert (rows["enum C"][0].enumerators, rows["enum C"][0].enumvalues) == (("A", "B"), (0, 5))
    assert rows["typedef opaque"][0].fldnames is None
    found = {f"{name}={value}" for name, value in parser._int_constants.items()}
    assert found == set("A=0 B=5 X=-1 Y=0 DOTS=0 NEXT=1 Z=0 M=42 LOCAL=3".split())  # noqa: SIM905


def test_a_typedef_is_an_object_of_its_own():
    ffi = FFI()
    ffi.cdef("typedef struct s *handle; handle a(handle, struct s *); void b(handle);")
    rows = Parser(ffi)._declarations
    handle, a = rows["typedef handle"][0], rows["function a"][0]
    assert a.result is handle and rows["function b"][0].args[0] is handle
    assert a.args[1] == handle and a.args[1] is not handle and hash(handle) == hash(a.args[1])


def test_kinds_of_primitives():
    kinds = {name: classes.PrimitiveType(name) for name in ("int", "char", "double", "wchar_t")}
    assert [t.is_integer_type() for t in kinds.values()] == [True, False, False, False]
    assert [t.is_char_type() for t in kinds.values()] == [False, True, False, True]
    assert [t.is_float_type() for t in kinds.values()] == [False, False, True, False]
    assert "size_t" in classes.PrimitiveType.ALL_PRIMITIVE_TYPES
    ours = classes.KINDS.keys() - classes.PrimitiveType.ALL_PRIMITIVE_TYPES.keys()
    assert {"_Float16", "__int128", "float _Complex"} <= ours and len(ours) == 8
    assert classes.PrimitiveType("_Float16").is_float_type()
    assert not classes.void_type.is_integer_type()


def plain(rows: dict) -> dict:
    """The rows, comparable."""

    def members(made):
        if getattr(made, "fldnames", None) is None:
            return getattr(made, "enumvalues", None)
        return made.fldnames, repr(made.fldtypes), made.fldbitsize, made.fldquals, made.packed

    return {key: (repr(made), quals, members(made)) for key, (made, quals) in rows.items()}


def test_declarations_go_through_a_pickle(parser):
    """pyvex keeps them in a file, and gives them to an FFI that never saw the text."""
    kept = pickle.loads(pickle.dumps([parser._declarations, parser._int_constants]))
    ffi = FFI()
    other = Parser(ffi)
    other._declarations, other._int_constants = kept
    numbers = str.maketrans("", "", "0123456789")
    before, after = (str(sorted(plain(p._declarations).items())) for p in (parser, other))
    assert before.translate(numbers) == after.translate(numbers)
    assert other._int_constants == parser._int_constants
    assert ffi.sizeof("struct packed") == 6 and ffi.new("struct two *").q.x == 0
    assert ffi.typeof("fn_t").cname == "int(*)(int *)"


def test_types_by_their_text(parser):
    before = len(parser._declarations)
    assert repr(parser.parse_type("const P *[3]")) == "<P const *[3]>"
    assert parser.parse_type("P *").totype is parser._declarations["typedef P"][0]
    assert parser.parse_type_and_quals("const int") == (classes.PrimitiveType("int"), 1)
    assert repr(parser.parse_type("int(int, ...)")) == "<int()(int, ...)>"
    assert len(parser._declarations) == before
    assert repr(Parser().parse_type("struct unknown *")) == "<struct unknown *>"


def test_ctypes_of_them(parser):
    ffi = parser._ffi
    rows = parser._declarations
    for key in "typedef PP", "struct one", "enum C", "function add", "variable w", "typedef opaque":
        made = rows[key][0]
        assert made.get_cached_btype(ffi) is ffi.typeof(repr(made)[1:-1])
    array = classes.ArrayType(classes.PointerType(classes.PrimitiveType("char")), None)
    assert array.get_cached_btype(ffi) is ffi.typeof("char *[]")
    with pytest.raises(VerificationError, match=r"cannot generate 'struct \$\d' in a C file"):
        rows["typedef P"][0].fldtypes[2].get_c_name()


def test_what_is_declared_later_is_seen():
    parser = Parser()
    assert parser._declarations == {}
    parser.parse("struct s; struct s *f(void);")
    assert parser._declarations["struct s"][0].fldnames is None
    parser.parse("struct s { int a; };")
    assert parser._declarations["struct s"][0].fldnames == ("a",)


def test_includes():
    base, other = Parser(), Parser()
    base.parse("typedef struct { int a; } T; struct t { T x; }; enum e { ONE }; int f(void);")
    other.include(base)
    other.parse("T g(struct t *);")
    rows = other._declarations
    assert list(rows) == ["anonymous T", "typedef T", "struct t", "enum e", "function g"]
    assert rows["function g"][0].result is rows["typedef T"][0]
    assert other._int_constants == {"ONE": 0}


def test_the_tree_of_pycparser():
    c_ast = pytest.importorskip("pycparser.c_ast")
    tree, macros, _ = syntax.parse("""
        #define X 5 /* five */
        typedef int own_t; // int8_t
        struct s { uint8_t a[...]; ...; }; enum { A, B = ..., ... };
        extern "Python" int f(int count, FILE *, bool flag, own_t o, ...); int... x;
    """)
    function = next(node for node in tree.ext if isinstance(node, c_ast.Decl) and node.name == "f")
    names = [getattr(param, "name", None) for param in function.type.args.params]
    assert names == ["count", None, "flag", "o", None]
    assert macros == {"X": "5"}


def test_the_names_of_cffi(tmp_path):
    """By the drop-in the classes are cffi.model's, also in pickles."""
    from test_dropin import install, python

    install.install(str(tmp_path), force=False)
    program = """
import cffi, cffi.model, cffi.cparser, cffi.commontypes, pickle, pickletools
ffi = cffi.FFI()
ffi.cdef("typedef struct { int x; } P; enum C { A }; int add(int, P *);")
print(*ffi._parser._declarations)
text = pickle.dumps(ffi._parser._declarations)
print(sorted({arg for op, arg, _ in pickletools.genops(text) if arg == "cffi.model"}))
with ffi._lock:
    print(ffi._get_cached_btype(cffi.model.PointerType(ffi._parser._declarations["typedef P"][0])))
print(cffi.cparser.Parser().parse_type("uint8_t[4]"), cffi.cparser.lock.acquire())
print(cffi.commontypes.resolve_common_type(ffi._parser, "bool"), cffi.cparser.pycparser.__name__)
"""
    assert python(tmp_path, program).split("\n") == [
        "anonymous P typedef P enum C function add",
        "['cffi.model']",
        "<ctype 'P *'>",
        "<uint8_t[4]> True",
        "(<_Bool>, 0) pycparser",
    ]


def test_a_pointer_to_an_array_of_what_is_const():
    const_int = classes.ConstPointerType(classes.ArrayType(classes.PrimitiveType("int"), 5))
    assert const_int.get_c_name("*x") == "int const (* *x)[5]"
