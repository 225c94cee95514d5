"""cffi_core.header.write: the text of declarations, and that it means the same when it is read."""

import pytest
from test_emit_random import cdef_of

from cffi_core import FFI
from cffi_core.header import read
from cffi_core.header.diff import lost
from cffi_core.header.write import Everything, text
from cffi_core.model import Model

DECLARED = """
typedef int __hidden_t;
typedef __hidden_t shown_t;
typedef struct node node;
struct node { node *next; __hidden_t value; shown_t other; struct far *far; };
typedef struct { int x, y; } point, *points;
typedef struct { int z; } *only, **twice;
struct outer {
    struct { int a; } one, *many[3];
    union { int i; float f; };
    enum { IN, OUT = 5 } where;
    unsigned bits : 3, : 5, more : 4;
    char tail[];
};
struct __attribute__((packed)) tight { char c; int i; };
#pragma pack(push, 2)
struct pairs { char c; int i; };
struct pairs2 { char c; long l; };
#pragma pack(pop)
struct line { char c __attribute__((aligned(8))); } __attribute__((aligned(64)));
typedef int wide __attribute__((aligned(16)));
typedef float vector __attribute__((vector_size(16)));
typedef int deep __attribute__((mode(DI)));
typedef int (*visit)(void *data, int depth), rule(int code);
typedef union { int *i; void *v; } arg __attribute__((transparent_union));
enum colour { RED = 1, GREEN = -2 };
enum small : unsigned char { TINY = 1 };
enum { ALONE = 0x7fffffffffffffff };
int plain(void), bare(), take(point p, arg a, int n, ...);
int (*choose(int which, void (*act)(struct far *f)))(char);
__attribute__((const)) double pure(double x);
int renamed(int) __asm__("real" "_name");
static inline int inlined(int a) { return a; }
int long_one(unsigned long first_parameter, const char *second_parameter, void *third);
extern const char *const names[4];
extern _Thread_local int mine;
#define NUMBER 42
#define TEXT "a\\"b\\n\\001" "2"
#define RATIO 1.5e3
#define LEAST (-9223372036854775807 - 1)
#define MOST 18446744073709551615u
#define INFINITE (1.0 / 0.0)
static const unsigned char LIMIT = 200;
typedef __builtin_va_list va_list;
int vf(va_list ap);
#define f(x) x
#define NOTHING
"""

WRITTEN = """\
typedef struct node node;
typedef int __hidden_t;
typedef __hidden_t shown_t;

struct node {
    node *next;
    __hidden_t value;
    shown_t other;
    struct far *far;
};

typedef struct {
    int x;
    int y;
} point;

struct outer {
    struct {
        int a;
    } one, *many[3];
    union {
        int i;
        float f;
    };
    enum {
        IN = 0,
        OUT = 5,
    } where;
    unsigned int bits : 3;
    unsigned int : 5;
    unsigned int more : 4;
    char tail[];
};

struct tight {
    char c;
    int i;
} __attribute__((packed));

#pragma pack(push, 2)
struct pairs {
    char c;
    int i;
};

struct pairs2 {
    char c;
    long l;
};
#pragma pack(pop)

struct line {
    char c;
} __attribute__((aligned(64)));

typedef union {
    int *i;
    void *v;
} __attribute__((transparent_union)) arg;

enum colour {
    RED = 1,
    GREEN = -2,
};

enum small : unsigned char {
    TINY = 1,
};

enum {
    ALONE = 9223372036854775807,
};

typedef point *points;

typedef struct {
    int z;
} *only, **twice;

typedef int wide __attribute__((aligned(16)));
typedef __attribute__((vector_size(16))) float vector;
typedef long deep;
typedef int (*visit)(void *data, int depth);
typedef int rule(int code);

int plain(void);
int bare();
int take(point p, arg a, int n, ...);
int (*choose(int which, void (*act)(struct far *)))(char);
[[cffi::keep_gil]] double pure(double x);
int renamed(int) __asm__("real_name");
static int inlined(int a);
int long_one(unsigned long first_parameter, const char *second_parameter,
    void *third);

extern const char *const names[4];
extern _Thread_local int mine;

#define NUMBER 42
#define TEXT "a\\"b\\n\\0012"
#define RATIO 1500.0
#define LEAST (-0x7fffffffffffffff - 1)
#define MOST 0xffffffffffffffff
#define INFINITE (1.0 / 0.0)

static const unsigned char LIMIT = 200;

typedef __builtin_va_list va_list;

/* ---- not available ------------------------------------------------------- */

/* a va_list has no value in Python:
 *     vf
 * a function-like macro:
 *     f */
"""


def rewritten(cdef: str) -> str:
    """The text of a cdef; it means the same, and written again it is the same."""
    ffi, again = FFI(), FFI()
    ffi.cdef(cdef)
    shown = Everything(Model(ffi))
    written = text(shown)
    again.cdef(written)
    assert lost(Model(ffi), Model(again), shown.keep) == [], written
    assert text(Everything(Model(again))) == written.partition("\n/* ---- not available")[0]
    return written


@pytest.mark.parametrize("seed", range(2))
def test_random_records(seed):
    """Attributes on members and records, unnamed bit-fields, Microsoft's rules, packing."""
    rewritten(cdef_of(seed)[0])


def test_what_is_written():
    """One of each, as people would write it."""
    assert rewritten(DECLARED) == WRITTEN


def test_numbers_as_the_header_writes_them(tmp_path):
    """Radix and suffix of a literal, flags; what is computed is decimal. Comments stand beside."""
    (tmp_path / "n.h").write_text(
        "#define A 0x0010 /* sixteen */\n#define B (0644)\n#define C (1 << 4)\n"
        "#define D 0b101\n#define E -1\n#define F 10ul\n#define G A\n#define H 1.50f\n"
        "#define I ((1u<<3)|(A << 2))\n#define J ('a')\n#define K '\\n'\n#define L ((int)0x20)\n"
        "#define M (3 * 4)\n#define N (C | C | C | C | C)\n#define O (~0u)\n#define P (I)+(I)\n"
    )
    assert text(read([str(tmp_path / "n.h")])).partition("\n\n")[2] == (
        "#define A 0x0010  /* sixteen */\n#define B 0644\n#define C (1 << 4)\n"
        "#define D 0b101\n#define E -1\n#define F 10ul\n#define G 0x0010\n#define H 1.5\n"
        "#define I ((1u << 3) | (0x0010 << 2))\n#define J 'a'\n#define K '\\n'\n#define L 0x20\n"
        "#define M 12\n#define N ((1 << 4) | (1 << 4) | (1 << 4) | (1 << 4) | (1 << 4))\n"
        "#define O 4294967295\n#define P 0x90\n"
    )


def test_comments(tmp_path):
    """Where they were; wrapped; a long line is broken."""
    (tmp_path / "c.h").write_text(COMMENTED)
    assert text(read([str(tmp_path / "c.h")])).partition("\n\n")[2] == COMMENTS_WRITTEN


COMMENTED = """
/** What a shape is: a thing with sides, of which there may be none at all, one, or many of them. */
struct shape {
    int kind; /**< of colour */
    /* Negative: not known. A long comment stands before its member, for no other place is left. */
    int sides;
};

enum colour { RED, /* as blood */ GREEN };

/* One comment
 *   with indentation
 */
int area(const struct shape *s);
int girth(const struct shape *s);
int (*handler(const char *a_name_that_is_long, struct shape *another_that_is_long))(int code);
"""

COMMENTS_WRITTEN = """\
/* What a shape is: a thing with sides, of which there may be none at all, one,
 * or many of them. */
struct shape {
    int kind;  /* of colour */
    /* Negative: not known. A long comment stands before its member, for no
     * other place is left. */
    int sides;
};

enum colour {
    RED = 0,  /* as blood */
    GREEN = 1,
};

/* One comment
 * with indentation */
int area(const struct shape *s);
int girth(const struct shape *s);
int (*handler(const char *a_name_that_is_long,
    struct shape *another_that_is_long))(int);
"""
