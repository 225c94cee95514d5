"""The emitted C: what it contains compiles without a warning, and says what C says.

Each case is a cdef and a C source that declares the same, compiled by every compiler and for every
standard that the machine has; then its records are read.
"""

import ctypes

import emitted
import pytest
from emitted import Reader, d, f, i, p

from cffi_core.model import D

CALLS = (
    """
    int add(int, long long);
    unsigned char narrow(unsigned char, signed char, short, unsigned short, char, _Bool);
    float half(float);
    double twice(double);
    long double third(long double);
    void nothing(void);
    const char *pass(const char *, void *, int (*)(int, ...), int *const *);
    int (*choose(int))(int);
    enum color { RED, GREEN = 7 } paint(enum color);
    struct pair { int x; const double y; } swap(struct pair);
    union both { int i; float f; } other(union both);
    double _Complex conjugate(double _Complex, float _Complex);
    size_t size(ssize_t, wchar_t, char16_t, char32_t, int8_t, uintmax_t);
    int (*table(int (*)[3]))[4];
    int noproto();
    int many(const char *format, ...);
    volatile int *vol(const volatile int *restrict a);
    const int constant(const int);
    FILE *file(FILE *);
    typedef int word;
    typedef word words[3];
    word sum(word, words, const word *);
    """,
    """
    #include <stdarg.h>
    #include <stdio.h>
    #include <stddef.h>
    #include <stdint.h>
    #include <sys/types.h>
    #ifdef __cplusplus
    #define _Bool bool
    #define restrict __restrict
    #else
    #include <uchar.h>
    #endif
    static int add(int a, long long b) { return a + (int)b; }
    static unsigned char narrow(unsigned char a, signed char b, short c, unsigned short d, char e,
                                _Bool f)
    { return (unsigned char)(a + b + c + d + e + f); }
    static float half(float x) { return x / 2; }
    static double twice(double x) { return x * 2; }
    static long double third(long double x) { return x / 3; }
    static void nothing(void) {}
    static const char *pass(const char *a, void *b, int (*c)(int, ...), int *const *d)
    { (void)b; (void)c; (void)d; return a; }
    static int one(int x) { return x; }
    static int (*choose(int x))(int) { (void)x; return one; }
    enum color { RED, GREEN = 7 };
    static enum color paint(enum color c) { return c; }
    struct pair { int x; const double y; };
    static struct pair swap(struct pair a) { struct pair b = {(int)a.y, (double)a.x}; return b; }
    union both { int i; float f; };
    static union both other(union both a) { a.i++; return a; }
    static double _Complex conjugate(double _Complex x, float _Complex y) { return x + y; }
    static size_t size(ssize_t a, wchar_t b, char16_t c, char32_t d, int8_t e, uintmax_t f)
    { return (size_t)a + (size_t)b + c + d + (size_t)e + (size_t)f; }
    static int (*table(int (*x)[3]))[4] { (void)x; return 0; }
    static int noproto(void) { return 1; }
    static int many(const char *format, ...)
    { va_list l; int r; va_start(l, format); r = va_arg(l, int); va_end(l); return r; }
    static volatile int *vol(const volatile int *restrict a) { return (volatile int *)a; }
    static int constant(int x) { return x; }
    static FILE *file(FILE *x) { return x; }
    static int sum(int a, int *b, const int *c) { return a + *b + *c; }
    """,
)

MACROS = (
    """
    int plus(int, int);
    void assign(int *, int);
    const char *name(void);
    int inlined(int);
    int aliased(int);
    int vmacro(int, ...);
    struct big { int a[9]; } large(struct big *);
    int getc_like(int) ;
    """,
    """
    #define plus(x, y) ((x) + (y))
    #define assign(p, v) do { *(p) = (v); } while (0)
    #define name() "name"
    static inline int inlined(int x) { return x + 1; }
    static int original(int x) { return x - 1; }
    #define aliased original
    static int vmacro(int n, ...) { return -n; }
    #define vmacro(n, ...) ((vmacro)(n, __VA_ARGS__) + 1)
    struct big { int a[9]; };
    #define large(p) (*(p))
    extern int getc_like(int x);
    #define getc_like(x) (x)
    """,
)

VARIABLES = (
    """
    int counter; const int fixed; extern double numbers[]; int grid[2][3];
    int open_grid[...][...]; const char *const words[...]; struct s { int x; } record;
    static _Thread_local int local; int *errno_like; int (*hook)(int);
    FILE *stdout; volatile unsigned char flag; const char name[...];
    static const struct s origin; static const char *const title; static const double ratio;
    static const long number; static const struct cm { const int a; int b[2]; } members;
    static const int list[3]; static const int (*const rows)[3]; static int (*const fn)(int);
    static const char letters[]; static const struct s structs[];
    """,
    """
    #include <stdio.h>
    extern int counter; int counter = 5;
    extern const int fixed; const int fixed = 6;
    extern double numbers[4]; double numbers[4] = {1, 2, 3, 4};
    static int grid[2][3] = {{1, 2, 3}, {4, 5, 6}};
    static int open_grid[4][5];
    static const char *const words[] = {"a", "b", "c"};
    struct s { int x; };
    static struct s record = {3};
    static __thread int local = 9;
    static int errno_value = 11;
    #define errno_like (*(int **)&errno_pointer)
    static int *errno_pointer = &errno_value;
    static int one(int x) { return x; }
    static int (*hook)(int) = one;
    static volatile unsigned char flag = 1;
    static const char name[] = "hello";
    static const struct s origin = {77};
    #define title "title"
    #define ratio 0.75
    static const long number = 1234567;
    struct cm { const int a; int b[2]; };
    static const struct cm members = {1, {2, 3}};
    static const int list[3] = {7, 8, 9};
    static const int (*const rows)[3] = &list;
    static int (*const fn)(int) = one;
    static const char letters[] = "abc";
    static const struct s structs[2] = {{1}, {2}};
    """,
)

CONSTANTS = (
    """
    #define FIVE 5
    #define MINUS -5
    #define BIG 18446744073709551615
    #define LEAST (-9223372036854775807 - 1)
    #define ANY ...
    #define CHAR 'x'
    #define FLOAT 2.5
    #define TEXT "a?\\?=\\"b\\\\"
    #define SIZE ...
    #define HUGE ...
    #define NEGATIVE ...
    #define TRUTH ...
    enum small { A, B = 200 };
    enum minus { M = -1, N };
    enum wide { W = 0x100000000 };
    enum partial { P, Q = ..., ... };
    enum unknown { U1, U2, ... };
    enum { LOOSE = 3, ENDS = -4 };
    typedef enum { T1, T2 } named;
    enum opaque;
    """,
    """
    #define FIVE 5
    #define MINUS -5
    #define BIG 18446744073709551615u
    #define LEAST (-9223372036854775807 - 1)
    #define ANY 1 << 3
    #define CHAR 'x'
    #define FLOAT 2.5
    #define TEXT "a?\\?=\\"b\\\\"
    #define SIZE sizeof(int)
    #define HUGE 0xfffffffffffffffeu
    #define NEGATIVE -77LL
    #define TRUTH (1 < 2)
    enum small { A, B = 200 };
    enum minus { M = -1, N };
    enum wide { W = 0x100000000 };
    enum partial { P = 8, Q = -3, R };
    enum unknown { U0, U1, U2, U3 = 40000 };
    enum { LOOSE = 3, ENDS = -4 };
    typedef enum { T1, T2 } named;
    """,
)

RECORDS = (
    """
    struct full { char c; int i; double d; void *p; float f[3]; long double l; };
    struct partial { short s; ...; };
    struct late { int a[...]; char b[...][...]; struct partial q[2]; unsigned size; };
    struct flex { int n; char data[]; };
    union u { int i; char c[7]; };
    struct packed { char c; int i; } __attribute__((packed));
    struct nest {
        char first;
        struct { short a; struct { char b; int c; } deep; } inner[2];
        union { int x; struct { char y, z; }; struct { double w; } named; };
        struct { int k; } *pointer;
    };
    typedef struct { int a; } *handle;
    typedef struct { int v; } plain;
    typedef struct opaque_s opaque_t;
    typedef ... hidden; typedef ... *hidden_p;
    struct uses { plain p; handle h; opaque_t *o; hidden *q; hidden_p r; int (*fn)(plain *); };
    struct cm { const int x; const char *const y; };
    struct loop { struct loop *next; struct other *other; };
    struct other { struct loop l; };
    struct complexes { float _Complex f; double _Complex d; _Bool b; wchar_t c; };
    """,
    """
    #include <stddef.h>
    struct full { char c; int i; double d; void *p; float f[3]; long double l; };
    struct partial { int hidden; short s; };
    struct late { int a[4]; char b[2][3]; struct partial q[2]; unsigned size; };
    struct flex { int n; char data[]; };
    union u { int i; char c[7]; };
    struct packed { char c; int i; } __attribute__((packed));
    struct nest {
        char first;
        struct { short a; struct { char b; int c; } deep; } inner[2];
        union { int x; struct { char y, z; }; struct { double w; } named; };
        struct { int k; } *pointer;
    };
    typedef struct { int a; } *handle;
    typedef struct { int v; } plain;
    typedef struct opaque_s opaque_t;
    typedef struct h_s hidden; typedef struct hp_s *hidden_p;
    struct uses { plain p; handle h; opaque_t *o; hidden *q; hidden_p r; int (*fn)(plain *); };
    struct cm { const int x; const char *const y; };
    struct loop { struct loop *next; struct other *other; };
    struct other { struct loop l; };
    #ifdef __cplusplus
    typedef bool boolean;
    #else
    typedef _Bool boolean;
    #endif
    struct complexes { float _Complex f; double _Complex d; boolean b; wchar_t c; };
    """,
)

BITS = (
    """
    enum few { F0, F1, F2, F3 };
    struct bits { unsigned a : 3; int b : 5; _Bool c : 1; unsigned long long d : 40; enum few e : 2;
                  char f : 4; long long g : 60; int plain; };
    struct anon { int x; struct { unsigned p : 4; unsigned q : 4; int r; };
                  union { struct { unsigned s : 9; unsigned t : 7; }; unsigned short raw; }; };
    struct only { char c; struct { unsigned p : 4; unsigned q : 12; }; };
    """,
    """
    enum few { F0, F1, F2, F3 };
    #ifdef __cplusplus
    typedef bool boolean;
    #else
    typedef _Bool boolean;
    #endif
    struct bits { unsigned a : 3; int b : 5; boolean c : 1; unsigned long long d : 40;
                  enum few e : 2; char f : 4; long long g : 60; int plain; };
    struct anon { int x; struct { unsigned p : 4; unsigned q : 4; int r; };
                  union { struct { unsigned s : 9; unsigned t : 7; }; unsigned short raw; }; };
    struct only { char c; struct { unsigned p : 4; unsigned q : 12; }; };
    """,
)

LATE = (
    """
    typedef int... t_int; typedef int... t_uint; typedef float... t_float; typedef float... t_ld;
    typedef int... t_bool; typedef float... t_double;
    t_int f1(t_uint); t_float f2(t_float, t_double, t_ld); t_ld f3(t_ld); t_bool f4(t_bool);
    struct s { t_int a; t_float b[2]; };
    typedef int array[...]; typedef unsigned matrix[...][4];
    array *f5(matrix *);
    t_int variable; static const t_uint constant;
    """,
    """
    #ifdef __cplusplus
    typedef bool t_bool;
    #else
    typedef _Bool t_bool;
    #endif
    typedef short t_int; typedef unsigned long t_uint; typedef float t_float;
    typedef long double t_ld; typedef double t_double;
    static t_int f1(t_uint x) { return (t_int)x; }
    static t_float f2(t_float a, t_double b, t_ld c) { return a + (float)b + (float)c; }
    static t_ld f3(t_ld x) { return -x; }
    static t_bool f4(t_bool x) { return !x; }
    struct s { t_int a; t_float b[2]; };
    typedef int array[6]; typedef unsigned matrix[3][4];
    static array *f5(matrix *x) { (void)x; return 0; }
    static t_int variable = -4; static const t_uint constant = 5;
    """,
)

PYTHON = (
    """
    struct s { int x; double y; };
    extern "Python" int simple(int, unsigned char, const char *);
    extern "Python" { void quiet(void); struct s rec(struct s, float, double, long double); }
    extern "Python" int (*pointer(int (*)(int)))(int);
    extern "Python+C" long exported(long);
    extern "Python" enum color { RED, BLUE } paint(enum color);
    int trigger(int);
    """,
    """
    struct s { int x; double y; };
    enum color { RED, BLUE };
    static int simple(int, unsigned char, const char *);
    static void quiet(void);
    static struct s rec(struct s, float, double, long double);
    static int (*pointer(int (*)(int)))(int);
    static enum color paint(enum color);
    #ifdef __cplusplus
    extern "C"
    #endif
    long exported(long);
    static int trigger(int x)
    {
        struct s a = {x, 2};
        quiet();
        a = rec(a, 1.5f, 2.5, 3.5L);
        return simple(x, 200, "text") + a.x + (int)exported(x) + (paint(BLUE) == BLUE) +
               (pointer(0) != 0);
    }
    """,
)

VECTORS = (
    """
    typedef int v4 __attribute__((vector_size(16)));
    v4 vadd(v4, v4);
    struct hasv { v4 v; };
    int __stdcall standard(int); int (__stdcall *pick(int))(int);
    int __attribute__((ms_abi)) ms(int);
    """,
    """
    typedef int v4 __attribute__((vector_size(16)));
    static v4 vadd(v4 a, v4 b) { return a + b; }
    struct hasv { v4 v; };
    static int standard(int x) { return x; }
    static int (*pick(int x))(int) { (void)x; return standard; }
    #ifdef __x86_64__
    static int __attribute__((ms_abi)) ms(int x) { return x; }
    #else
    static int ms(int x) { return x; }
    #endif
    """,
)

INT128 = (
    """
    unsigned __int128 wide(__int128); struct w { char c; __int128 w; }; __int128 variable;
    """,
    """
    struct w { char c; __int128 w; };
    static __int128 variable;
    static unsigned __int128 wide(__int128 x) { return (unsigned __int128)x; }
    """,
)

CASES = {
    name.lower(): value
    for name, value in globals().copy().items()
    if isinstance(value, tuple)
}


@pytest.mark.parametrize("command", [*emitted.C, *emitted.CXX], ids=" ".join)
@pytest.mark.parametrize("case", CASES)
def test_compiles_without_a_warning(case, command, tmp_path):
    cdef, source = CASES[case]
    if "++" in command[0]:
        source = f'extern "C++" {{\n{source}\n}}\n'
    with emitted.sharing():
        stub = emitted.stub_of(cdef, source)
    emitted.built(stub, tmp_path, *command)


@pytest.mark.parametrize("command", [["gcc"], ["clang"], ["g++", "-xc++"]], ids=" ".join)
@pytest.mark.parametrize("case", CASES)
def test_compiles_strictly(case, command, tmp_path):
    cdef, source = CASES[case]
    stub = emitted.stub_of(cdef, source, strict=True)
    emitted.built(stub, tmp_path, *command)


@pytest.fixture(scope="module")
def readers(tmp_path_factory):
    """Reader of a case, compiled by gcc, else the machine's compiler."""
    made = {}

    def reader(case: str) -> Reader:
        if case not in made:
            folder = tmp_path_factory.mktemp(case)
            made[case] = Reader(emitted.built(emitted.stub_of(*CASES[case]), folder, "gcc"))
        return made[case]

    return reader


def test_calls(readers):
    r = readers("calls")
    assert r.call("add", ctypes.c_int, i(3), i(4)) == 7
    assert r.call("narrow", ctypes.c_uint8, i(1), i(-2), i(3), i(4), i(5), i(1)) == 12
    assert r.call("half", ctypes.c_float, f(3)) == 1.5
    assert r.call("twice", ctypes.c_double, d(3)) == 6
    assert r.call("third", ctypes.c_longdouble, p(ctypes.c_longdouble(9))) == 3
    assert r.call("nothing", None) is None
    text = ctypes.create_string_buffer(b"x")
    assert r.call("pass", ctypes.c_char_p, p(text), i(0), i(0), i(0)) == b"x"
    assert r.call("paint", ctypes.c_uint, i(7)) == 7
    Pair = emitted.struct("Pair", x=ctypes.c_int, y=ctypes.c_double)
    pair = r.call("swap", Pair, p(Pair(3, 4)))
    assert (pair.x, pair.y) == (4, 3)
    assert r.call("other", ctypes.c_int, p(ctypes.c_int(5))) == 6
    assert r.call("constant", ctypes.c_int, i(8)) == 8
    assert r.call("noproto", ctypes.c_int) == 1
    many = r.globals["many"]
    assert r.stub.tramp[many.slot] is None and r.stub.address[many.slot]
    assert r.text(many.params) == "format"
    three = (ctypes.c_int * 3)(5, 6, 7)
    assert r.call("sum", ctypes.c_int, i(1), p(three), p(three)) == 11


def test_macros(readers):
    r = readers("macros")
    assert r.call("plus", ctypes.c_int, i(3), i(4)) == 7
    plus = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int)(r.address("plus"))
    assert plus(5, 6) == 11
    value = ctypes.c_int(1)
    assert r.call("assign", None, p(value), i(9)) is None
    assert value.value == 9
    assert r.call("name", ctypes.c_char_p) == b"name"
    assert r.call("inlined", ctypes.c_int, i(1)) == 2
    assert r.call("aliased", ctypes.c_int, i(1)) == 0
    # What varies is called by the function's address, though a macro hides the function.
    assert ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(r.address("vmacro"))(4) == -4


def test_variables(readers):
    r = readers("variables")

    def at(name, type):
        return type.from_address(r.get(name))

    assert at("counter", ctypes.c_int).value == 5
    assert at("fixed", ctypes.c_int).value == 6
    assert list(at("numbers", ctypes.c_double * 4)) == [1, 2, 3, 4]
    assert list(at("grid", ctypes.c_int * 6)) == [1, 2, 3, 4, 5, 6]
    assert at("local", ctypes.c_int).value == 9
    assert at("record", ctypes.c_int).value == 3
    assert at("name", ctypes.c_char * 6).value == b"hello"
    grid = r.type(r.globals["open_grid"].type)
    assert r.facts(grid.x, 1) == [4] and r.facts(r.type(grid.a).x, 1) == [5]
    assert r.get("origin", ctypes.c_int) == 77
    assert r.get("title", ctypes.c_char_p) == b"title"
    assert r.get("ratio", ctypes.c_double) == 0.75
    assert r.get("number", ctypes.c_long) == 1234567
    assert list(r.get("members", ctypes.c_int * 3)) == [1, 2, 3]
    assert list(r.get("list", ctypes.c_int * 3)) == [7, 8, 9]


def test_constants(readers):
    r = readers("constants")
    expected = {
        "FIVE": 5, "MINUS": -5, "BIG": 2**64 - 1, "LEAST": -(2**63), "ANY": 8,
        "CHAR": 120, "SIZE": 4, "HUGE": 2**64 - 2, "NEGATIVE": -77, "TRUTH": 1,
        "A": 0, "B": 200, "M": -1, "N": 0, "W": 2**32, "P": 8, "Q": -3, "U1": 1, "U2": 2,
        "LOOSE": 3, "ENDS": -4, "T1": 0, "T2": 1,
    }
    assert {name: r.integer(name) for name in expected} == expected
    assert r.get("FLOAT", ctypes.c_double) == 2.5
    text = r.globals["TEXT"]
    assert r.text(text.doc) == 'a??="b\\' and text.slot == 7
    for name, facts in {
        "small": [4, 0], "minus": [4, 1], "wide": [8, 0], "partial": [4, 1],
        "unknown": [4, 0],
    }.items():
        enum = r.tagged(name)
        assert r.facts(enum.c, 2) == facts, name
        assert {r.stub.globals[k].kind for k in ids(r, enum)} == {D.INT}
    names = [r.text(r.stub.globals[k].name) for k in ids(r, r.tagged("small"))]
    assert names == ["A", "B"]
    assert r.facts(r.type(r.globals["ENDS"].type).c, 2) == [4, 1]
    assert r.facts(r.globals["BIG"].slot, 4) == [-1, 1, -1, 1]
    assert r.facts(r.globals["M"].slot, 4) == [-1, 0, -1, 0]


def ids(r, type):
    return r.stub.ids[type.a : type.a + type.b]


def test_records(readers):
    r = readers("records")
    ffi = emitted.ffi_of(RECORDS[0])
    for tag in ("full", "flex", "packed", "cm", "loop", "other", "uses", "complexes"):
        ctype = ffi.typeof(f"struct {tag}")
        layout = r.layout(r.tagged(tag))
        assert layout.pop("") == (ffi.sizeof(ctype), ffi.alignof(ctype))
        for name, field in ctype.fields:
            size = 0 if field.bitshift == -2 else ffi.sizeof(field.type)
            assert layout[name] == (field.offset, size), (tag, name)
    assert r.layout(r.tagged("partial")) == {"": (8, 4), "s": (4, 2)}
    late = r.tagged("late")
    assert r.layout(late) == {
        "": (44, 4), "a": (0, 16), "b": (16, 6), "q": (24, 16), "size": (40, 4)
    }
    b = r.type(r.fields(late)["b"].type)
    assert r.facts(b.x, 1) == [2] and r.facts(r.type(b.a).x, 1) == [3]


def test_nested_records(readers):
    r = readers("records")
    nest = r.tagged("nest")
    layout = r.layout(nest)
    assert layout[""] == (48, 8)
    assert layout["inner"] == (4, 24)
    assert layout["_2"] == (32, 8)
    inner = r.type(r.type(r.fields(nest)["inner"].type).a)
    assert r.layout(inner) == {"": (12, 4), "a": (0, 2), "deep": (4, 8)}
    union = r.type(r.fields(nest)["_2"].type)
    assert r.layout(union) == {"": (8, 8), "x": (0, 4), "_1": (0, 2), "named": (0, 8)}
    chars = r.type(r.fields(union)["_1"].type)
    assert r.layout(chars) == {"": (2, 1), "y": (0, 1), "z": (1, 1)}


def test_bit_fields(readers):
    r = readers("bits")
    bits = r.layout(r.tagged("bits"))
    assert bits["a"] == (0x7, 3) and bits["b"] == (0xF8, 5) and bits["c"] == (0x100, 1)
    assert bits["d"] == ((1 << 40) - 1 << 9, 40)
    assert bits["e"] == (3 << 49, 2) and bits["f"] == (15 << 51, 4)
    assert bits["g"] == ((1 << 60) - 1 << 64, 60)
    anon = r.tagged("anon")
    assert r.layout(anon) == {"": (16, 4), "x": (0, 4), "_1": (4, 8), "_2": (12, 4)}
    inside = r.layout(r.type(r.fields(anon)["_1"].type))
    assert inside == {"": (8, 4), "p": (0xF, 4), "q": (0xF0, 4), "r": (4, 4)}
    union = r.type(r.fields(anon)["_2"].type)
    assert r.layout(union) == {"": (4, 4), "_0": (0, 4), "raw": (0, 2)}
    deep = r.layout(r.type(r.fields(union)["_0"].type))
    assert deep == {"": (4, 4), "s": (0x1FF, 9), "t": (0xFE00, 7)}
    only = r.layout(r.tagged("only"))
    assert only == {"": (8, 4), "c": (0, 1), "_1": (4, 4)}


def test_late_types(readers):
    r = readers("late")
    assert r.facts(r.named("t_int").c, 2) == [2, 1]
    assert r.facts(r.named("t_uint").c, 2) == [8, 0]
    assert r.facts(r.named("t_bool").c, 2) == [1, 0]
    assert r.facts(r.named("t_float").c, 1) == [4]
    assert r.facts(r.named("t_double").c, 1) == [8]
    assert r.facts(r.named("t_ld").c, 1) == [16]
    assert r.facts(r.named("array").x, 1) == [6]
    assert r.facts(r.named("matrix").x, 1) == [3]
    assert r.call("f1", ctypes.c_short, i(-3)) == -3
    third = ctypes.c_longdouble(4)
    assert r.call("f2", ctypes.c_float, f(1), d(2), p(third)) == 7
    assert r.call("f3", ctypes.c_longdouble, p(third)) == -4
    assert r.call("f4", ctypes.c_bool, i(1)) is False
    assert r.get("constant", ctypes.c_ulong) == 5


def test_extern_python(readers):
    r = readers("python")
    assert r.call("trigger", ctypes.c_int, i(5)) == 0  # without a core, all is zero
    slots = {r.globals[name].slot: name for name in r.globals if r.globals[name].kind == 8}
    assert len(slots) == r.stub.n_externs == 6
    seen = []

    @emitted.Link.CALL
    def call(stub, slot, result, words):
        name = slots[slot]
        seen.append(name)
        if name == "simple":
            assert (words[0].i, words[1].i) == (5, 200)
            assert ctypes.string_at(words[2].p) == b"text"
            ctypes.c_int.from_address(result).value = 1000
        elif name == "rec":
            assert ctypes.c_int.from_address(words[0].p).value == 5
            assert (words[1].f, words[2].d) == (1.5, 2.5)
            assert ctypes.c_longdouble.from_address(words[3].p).value == 3.5
            ctypes.c_int.from_address(result).value = 20
        elif name == "exported":
            ctypes.c_long.from_address(result).value = words[0].i * 10
        elif name == "paint":
            ctypes.c_int.from_address(result).value = words[0].i
        elif name == "pointer":
            ctypes.c_void_p.from_address(result).value = 1

    emitted.Link.from_address(r.stub.link).call_python = call
    assert r.call("trigger", ctypes.c_int, i(5)) == 1000 + 20 + 50 + 1 + 1
    assert sorted(seen) == sorted(set(slots.values()))
    exported = r.stub.address[r.stub.n_functions + r.globals["exported"].slot]
    assert exported == ctypes.cast(r.library.exported, ctypes.c_void_p).value


def test_vectors(readers):
    r = readers("vectors")
    four = ctypes.c_int * 4
    Four = emitted.struct("Four", v=four)
    result = r.call("vadd", Four, p(Four(four(1, 2, 3, 4))), p(Four(four(5, 6, 7, 8))))
    assert list(result.v) == [6, 8, 10, 12]
    assert r.type(r.type(r.globals["v4"].type).a).b == 4
    assert r.call("ms", ctypes.c_int, i(4)) == 4
