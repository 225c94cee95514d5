"""What is declared with `...`: a compiler says the rest; without one its use says so."""

import modes
import pytest

from cffi_core import VerificationMissing

CDEF = """
struct part { short b; char text[...]; ...; };
typedef struct { float x; ...; } unnamed_t;
union either { float f; ...; };
typedef int... number;
typedef int... wide;
typedef float... real;
typedef ... hidden, *hidden_p;
enum color { RED, BLUE, ... };
enum { COUNT = ... };
#define LIMIT ...
static const int ANSWER;
static const double RATIO;
static char *const NAME;
static const short ENDLESS[][2];
extern int table[...];
extern int matrix[...][3];
typedef int grid[...][...];
int corner(grid g, grid *all);
struct gap { long a; ...; };
int minus(struct gap g);
static int (*minus_pointer)(struct gap g);
static struct part (*part_pointer)(struct part p);
struct part *make(int b);
hidden_p secret(void);
number twice(number n);
int reveal(hidden *p);
"""
SOURCE = """
struct part { long a; short b; char text[6]; double c; };
typedef struct { char c[20]; float x; } unnamed_t;
union either { int i[4]; float f; };
typedef unsigned char number;
typedef long wide;
typedef float real;
typedef struct { int inside; } hidden, *hidden_p;
enum color { GREEN, BLUE = 7, RED = -2, BLACK };
enum { COUNT = 12 };
#define LIMIT (1ull << 63)
static const int ANSWER = 42;
#define RATIO 2.5
#define NAME "late"
static const short ENDLESS[2][2] = {{1, 2}, {3, 4}};
static int table[] = {1, 2, 3, 4, 5};
static int matrix[2][3] = {{1, 2, 3}, {4, 5, 6}};
typedef int grid[6][7];
static int corner(grid g, grid *all) { return g[5][6] - (*all)[0][0]; }
struct gap { double b; long a; };
static int minus(struct gap g) { return (int)(g.a - (long)g.b); }
static int (*minus_pointer)(struct gap g) = minus;
static struct part same(struct part p) { return p; }
static struct part (*part_pointer)(struct part p) = same;
static struct part made = {1, 2, "hello", 0.5};
static struct part *make(int b) { made.b = (short)b; return &made; }
static hidden_p secret(void) { static hidden h = {99}; return &h; }
static number twice(number n) { return (number)(2 * n); }
static int reveal(hidden *p) { return p->inside; }
"""


@pytest.fixture(scope="module")
def build(compiled):
    return lambda mode: modes.Builder(compiled)(mode, CDEF, SOURCE, {})


@pytest.fixture(scope="module", params=[*modes.COMPILED, "included"])
def ffi(build, request):
    return build(request.param)[0]


@pytest.fixture(scope="module", params=modes.COMPILED)
def opened(build, request):
    return build(request.param)


@pytest.fixture(scope="module", params=["inline", "python"])
def incomplete(build, request):
    return build(request.param)[0]


@pytest.mark.parametrize(
    ("text", "fields", "size"),
    [
        ("struct part", [("b", "short", 8), ("text", "char[6]", 10)], 24),
        ("unnamed_t", [("x", "float", 20)], 24),
        ("union either", [("f", "float", 0)], 16),
    ],
)
def test_records(ffi, text, fields, size):
    listed = ffi.typeof(text).fields
    assert [(name, f.type.cname, f.offset) for name, f in listed] == fields
    assert ffi.sizeof(text) == size
    p = ffi.new(ffi.getctype(text, "*"))
    assert len(ffi.buffer(p)) == size and dir(p) == sorted(name for name, _, _ in fields)


def test_initializers(ffi):
    p = ffi.new("struct part *", [3, b"abc"])
    assert (p.b, ffi.string(p.text), len(p.text)) == (3, b"abc", 6)
    with pytest.raises(ValueError, match="too many initializers for 'struct part'"):
        ffi.new("struct part *", [3, b"abc", 1.5])
    with pytest.raises(IndexError):
        p.text = b"1234567"


def test_by_value(opened):
    """By an address it depends on members that are not declared in which register one goes."""
    ffi, lib = opened
    gap = ffi.new("struct gap *", [50])
    ffi.cast("double *", gap)[0] = 8
    assert lib.minus(gap[0]) == 42
    with pytest.raises(NotImplementedError, match="depend on the missing fields"):
        lib.minus_pointer(gap[0])
    with pytest.raises(NotImplementedError, match="depend on the missing fields"):
        ffi.callback("int(struct gap)", lambda gap: 0)
    assert lib.part_pointer(lib.make(7)[0]).b == 7  # in memory, whatever is in it


def test_numbers(ffi):
    names = [ffi.typeof(name).cname for name in ("number", "wide", "real")]
    assert names == ["uint8_t", "int64_t", "float"]
    assert ffi.new("number *", 255)[0] == 255
    with pytest.raises(OverflowError):
        ffi.new("number *", 256)


def test_enums(ffi):
    assert ffi.typeof("enum color").elements == {-2: "RED", 7: "BLUE"}
    assert repr(ffi.cast("enum color", -2)) == "<cdata 'enum color' -2: RED>"
    assert (ffi.integer_const("COUNT"), ffi.integer_const("LIMIT")) == (12, 2**63)
    assert ffi.typeof("int[COUNT + BLUE]").length == 19


def test_opaque_types_stay_opaque(ffi):
    assert ffi.typeof("hidden_p") is ffi.typeof("hidden *")
    with pytest.raises(ValueError, match="(unknown size|know the size)"):
        ffi.sizeof("hidden")
    with pytest.raises(TypeError):
        ffi.new("hidden_p")


def test_names_of_the_library(opened):
    ffi, lib = opened
    assert (lib.COUNT, lib.LIMIT, lib.ANSWER, lib.RATIO, lib.RED) == (12, 2**63, 42, 2.5, -2)
    assert ffi.string(lib.NAME) == b"late"
    assert ffi.typeof(lib.ENDLESS) is ffi.typeof("short(*)[2]") and lib.ENDLESS[1][0] == 3
    assert list(lib.table) == [1, 2, 3, 4, 5]
    grid = ffi.new("grid *")
    grid[0][5][6] = 8
    assert lib.corner(grid[0], grid) == 8 and ffi.typeof("grid") is ffi.typeof("int[6][7]")
    assert ffi.typeof(lib.matrix) is ffi.typeof("int[2][3]") and list(lib.matrix[1]) == [4, 5, 6]
    p = lib.make(5)
    assert (p.b, ffi.string(p.text), ffi.sizeof(p[0])) == (5, b"hello", 24)
    assert lib.twice(200) == 144 and lib.reveal(lib.secret()) == 99


@pytest.mark.parametrize("text", ["struct part", "unnamed_t", "union either", "number", "real"])
def test_types_need_a_compiler(incomplete, text):
    for use, argument in ((incomplete.sizeof, text), (incomplete.new, f"{text} *")):
        with pytest.raises(VerificationMissing, match=f"{text}: declared with `...`"):
            use(argument)


def test_pointers_need_none(incomplete):
    assert incomplete.cast("struct part *", 0) == incomplete.NULL
    with pytest.raises(VerificationMissing):
        incomplete.cast("struct part *", 8).b
    with pytest.raises(VerificationMissing):
        incomplete.typeof("enum color").elements  # noqa: B018


@pytest.mark.parametrize("name", ["COUNT", "RED"])
def test_enumerators_need_a_compiler(incomplete, name):
    with pytest.raises(VerificationMissing, match=f"{name}: declared with `...`"):
        getattr(incomplete.dlopen(None), name)


@pytest.mark.parametrize("name", ["LIMIT", "ANSWER", "RATIO"])
def test_constants_need_a_compiler(incomplete, name):
    with pytest.raises(NotImplementedError, match=f"constant '{name}' cannot be accessed from a"):
        getattr(incomplete.dlopen(None), name)
