"""strict="warn", as the drop-in has it: what a C compiler only warns of is built, as long as
nothing is read or written beyond its end.

A row is a declaration, the C that disagrees with it, and what then is true; `@` is its number.
Marks behind a declaration: the compiler warns; without strict="warn" it is refused.  All rows are
one module.
"""

import os
import re
import warnings

import emitted
import pytest
from test_emit_errors import blamed

from cffi_core import FFI, VerificationError, load
from cffi_core.builder import unit

# gcc 14 and clang 16 refuse what they only warned of before, as they do in CFFI's C, unless told.
ALLOWED = ["-Wno-error=incompatible-pointer-types", "-Wno-error=int-conversion"]

BUILT = """
int f@(void);
static long f@(void) { return 5; }
lib.f@() == 5

unsigned f@(void);
static int f@(void) { return -1; }
lib.f@() == 2**32 - 1

short f@(void);
static long long f@(void) { return 65537; }
lib.f@() == 1

int f@(void);
static double f@(void) { return 2.5; }
lib.f@() == 2

_Bool f@(void);
static int f@(void) { return 2; }
lib.f@() is True

enum e@ { A@, B@ }; enum e@ f@(void);
enum e@ { A@, B@ }; static int f@(void) { return 1; }
lib.f@() == 1

uintptr_t f@(void);                                             // warns, refused
static void *f@(void) { return (void *)5; }
lib.f@() == 5

void *f@(void);                                                 // warns
static unsigned long f@(void) { return 5; }
ffi.cast("long", lib.f@()) == 5

int *f@(void);                                                  // warns
static long v@ = 5; static long *f@(void) { return &v@; }
lib.f@() != ffi.NULL

char *f@(void);                                                 // warns
static const char *f@(void) { return "x"; }
ffi.string(lib.f@()) == b"x"

void f@(void);
static int f@(void) { return 1; }
lib.f@() is None

int f@(double);
static int f@(int x) { return x * 2; }
lib.f@(2.7) == 4

int f@(const char *);                                           // warns
static int f@(char *x) { return *x; }
lib.f@(b"a") == 97

int f@(uintptr_t);                                              // warns
static int f@(void *x) { return !x; }
lib.f@(0) == 1

int f@(int, ...);                                               // warns
static int f@(int a, int b) { return a + b; }
lib.f@(1, ffi.cast("int", 2)) == 3

typedef uintptr_t t@; t@ f@(t@);                                // warns, refused
typedef void *t@; static t@ f@(t@ x) { return x; }
lib.f@(3) == 3

int f@(int);
#define f@(x) ((x) + 1L)
lib.f@(1) == 2 and ffi.addressof(lib, "f@")(2) == 3

uintptr_t f@(int);                                              // warns, refused
#define f@(x) ((char *)0 + (x))
lib.f@(1) == 1 and ffi.addressof(lib, "f@")(2) == 2

unsigned char v@;                                               // warns, refused
static int v@ = -1;
lib.v@ == 255

unsigned v@;
static int v@ = -1;
lib.v@ == 2**32 - 1

intptr_t v@;                                                    // warns, refused
static void *v@ = (void *)5;
lib.v@ == 5

void *v@;                                                       // warns, refused
static __SIZE_TYPE__ v@ = 0;
lib.v@ == ffi.NULL

double v@;                                                      // warns, refused
static long long v@ = 0;
lib.v@ == 0.0

int *v@;                                                        // warns
static long *v@ = 0;
lib.v@ == ffi.NULL

int v@;                                                         // warns
static const int v@ = 5;
lib.v@ == 5

int v@[2];                                                      // warns, refused
static int v@[3] = {1, 2, 3};
list(lib.v@) == [1, 2]

int v@[2][2];                                                   // warns, refused
static int v@[4] = {1, 2, 3, 4};
lib.v@[1][0] == 3

int v@;                                                         // warns, refused
static int v@[1] = {4};
lib.v@ == 4

unsigned v@[...];                                               // warns, refused
static long v@[3] = {0};
len(lib.v@) == 3

int (*v@)(int);                                                 // warns
static long g@(long x) { return x + 1; } static void *v@ = (void *)g@;
lib.v@(2) == 3

struct s@ { unsigned a; char b[4]; };                           // warns
struct s@ { int a; unsigned char b[4]; };
ffi.sizeof("struct s@") == 8

struct s@ { double a; };                                        // warns, refused
struct s@ { long long a; };
ffi.new("struct s@ *").a == 0.0

struct s@ { float a; ...; };                                    // warns, refused
struct s@ { int b, a; };
ffi.offsetof("struct s@", "a") == 4

struct s@ { void *a; };                                         // warns, refused
struct s@ { __SIZE_TYPE__ a; };
ffi.new("struct s@ *").a == ffi.NULL

struct s@ { long *a; };                                         // warns
struct s@ { int *a; };
ffi.new("struct s@ *").a == ffi.NULL

struct s@ { int (*a)(int); };                                   // warns
struct s@ { void *a; };
ffi.new("struct s@ *").a == ffi.NULL

struct s@ { int a[1]; int b[2][2]; };                           // warns, refused
struct s@ { int a; int b[4]; };
(lambda p: p.b[1][0] == 3)(ffi.new("struct s@ *", {"b": [[1, 2], [3, 4]]}))

struct t@ { int x; }; struct s@ { struct t@ a; };               // warns
struct t@ { int x; }; struct u@ { int y; }; struct s@ { struct u@ a; };
(lambda p: p.a.x == 0)(ffi.new("struct s@ *"))

enum e@ { A@ }; struct s@ { enum e@ a; };                       // warns
enum e@ { A@ }; struct s@ { int a; };
ffi.new("struct s@ *").a == 0

static void *const K@;                                          // warns
#define K@ 5
ffi.cast("long", lib.K@) == 5

static const int K@[2];                                         // warns, refused
static const int K@[3] = {1, 2, 3};
list(lib.K@) == [1, 2]
"""

# What would be read or written beyond its end, or be no pointer; what no conversion leads to.
REFUSED = """
double f@(void);
static void *f@(void) { return 0; }
f@: call

int f@(void);
static void f@(void) {}
f@: call

struct t@ { int x; }; struct t@ f@(void);
struct t@ { int x; }; struct u@ { int y; }; static struct u@ f@(void);
f@: call

struct t@ { int x; }; struct t@ *f@(void);
struct t@ { int x; }; static struct t@ f@(void);
f@: call

int f@(int);
static int f@(int a, int b);
f@: call

int f@(int);
static int f@;
f@: call

long long v@;
static int v@;
v@: variable

double v@;
static float v@;
v@: variable

int v@[3];
static int v@[2];
v@: variable

char *v@;
static char v@[80];
v@: variable

struct t@ { int x; }; struct t@ *v@;
struct t@ { int x; }; static struct t@ v@[4];
v@: variable

int v@;
static int v@(void);
v@: variable

int (*v@)(void);
static int v@(void);
v@: variable

char *v@[2];
static char v@[2][8];
v@: variable

long long v@[...];
static int v@[4];
v@: length

static const int K@[3];
static const int K@[2] = {1, 2};
K@: value

struct s@ { char *a; ...; };
struct s@ { char a[8]; };
struct s@: field a

struct s@ { char *a; };
struct s@ { double a; };
struct s@: field a

struct s@ { intptr_t a; };
struct s@ { char *a; };
struct s@: field a

struct s@ { int a, b; };
struct s@ { int a; };
struct s@: field b

#define K@ 5
/* not there */
K@: constant

#define K@ 5
#define K@ 5.0
K@: constant
"""

# What the loader finds, when it is used.
LATER = """
struct s@ { int a; };
struct s@ { long long a; };
wrong size for field 'a' (cdef says 4, but C compiler says 8)

struct s@ { int a[5]; };
struct s@ { int a[6]; };
wrong size for field 'a' (cdef says 20, but C compiler says 24)

struct s@ { char a[8]; ...; };
struct s@ { char a[6]; };
wrong size for field 'a' (cdef says 8, but C compiler says 6)

struct s@ { int a, b; };
struct s@ { int b, a; };
wrong offset for field 'a' (cdef says 0, but C compiler says 4)
"""


def rows(text: str) -> list[list[str]]:
    """[declaration, C, the third line, marks] of each."""
    found = []
    for number, row in enumerate(text.strip().split("\n\n")):
        declared, source, third = row.replace("@", str(number)).split("\n")
        declared, _, marks = declared.partition("//")
        found.append([declared.strip(), source, third, marks])
    return found


def text_of(table: list[list[str]], column: int) -> str:
    return "\n".join(row[column] for row in table)


def marked(table: list[list[str]], mark: str) -> set[int]:
    """The numbers of the rows with that mark; a row's line in the cdef is its number and 1."""
    return {number for number, row in enumerate(table) if mark in row[3]}


@pytest.fixture(scope="module")
def built():
    """(ffi, lib, what the compiler said)"""
    table, ffi, said = rows(BUILT), FFI(), []
    ffi.cdef(text_of(table, 0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unit, "say", said.append)
        lib = ffi.verify(
            text_of(table, 1),
            strict="warn",
            tag=f"l{os.getpid()}",  # not from the cache, where nothing is said
            extra_compile_args=["-Wno-all", *ALLOWED],
        )
    return ffi, lib, "".join(said)


@pytest.mark.parametrize("number", range(len(rows(BUILT))))
def test_used(built, number):
    ffi, lib, _ = built
    assert eval(rows(BUILT)[number][2])


def test_what_is_said(built):
    """Each warning says which declaration it is about."""
    told = re.findall(r"^<cdef>:(\d+):\d+: (?:\w+ )?\w+: ", built[2], re.MULTILINE)
    assert {int(line) - 1 for line in told} == marked(rows(BUILT), "warns")


COMPILERS = [["gcc", "-w"], ["clang", "-ferror-limit=0"]]
compilers = pytest.mark.parametrize("command", COMPILERS, ids=lambda command: command[0])


def lines_of_blamed(stub, output: str) -> set[int]:
    """The numbers of the rows that errors are about."""
    numbers = {name: int(re.search(r"\d+", name)[0]) for name, _ in blamed(stub, output)}
    return set(numbers.values())


@compilers
def test_refused_without_it(command, tmp_path):
    table = rows(BUILT)
    stub = emitted.stub_of(text_of(table, 0), text_of(table, 1))
    done = emitted.compile(stub, tmp_path, *command, *ALLOWED, warnings=False)
    assert lines_of_blamed(stub, done.stderr) == marked(table, "refused")


@pytest.mark.parametrize("lenient", [True, False])
@compilers
def test_refused_in_both(command, lenient, tmp_path):
    table = rows(REFUSED)
    stub = emitted.stub_of(text_of(table, 0), text_of(table, 1), lenient=lenient)
    done = emitted.compile(stub, tmp_path, *command, *ALLOWED, warnings=False)
    expected = {tuple(row[2].split(": ")) for row in table}
    found = blamed(stub, done.stderr)
    assert expected <= found, done.stderr
    assert {name for name, _ in found} == {name for name, _ in expected}


def test_error_when_it_is_used(tmp_path, capfd):
    """The module is built; verify() refuses at once, as CFFI's does."""
    table, builder = rows(LATER), FFI()
    builder.cdef(text_of(table, 0))
    builder.set_source("_later", text_of(table, 1), strict="warn", extra_compile_args=ALLOWED)
    path = builder.compile(tmpdir=tmp_path)
    assert f"disagrees with {len(table)} declarations" in capfd.readouterr().err
    ffi = load(path).ffi
    for number, row in enumerate(table):
        with pytest.raises(ffi.error, match=re.escape(f"struct s{number}: {row[2]}")):
            ffi.new(f"struct s{number} *")
    with pytest.raises(VerificationError, match=re.escape(table[0][2])):
        builder.verify(text_of(table, 1), strict="warn", extra_compile_args=ALLOWED)


ADVICE = {
    ("long long v;", "static int v;"): "that is: it is smaller in C",
    ("int v[3];", "static int v[2];"): "`[...]` as an array's length leaves that to the compiler",
    ("char *v;", "static char v[80];"): "that is: it is no pointer in C",
    ("char *v;", "static struct s { int x; } v;"): "that is: it is no pointer in C",
    ("struct s { char *v; };", "struct s { double v; };"): "that is: it is no pointer in C",
}


@pytest.mark.parametrize("case", ADVICE, ids=lambda case: case[1])
def test_what_an_error_comes_down_to(case):
    ffi = FFI()
    ffi.cdef(case[0])
    with pytest.raises(VerificationError, match=re.escape(ADVICE[case])):
        ffi.verify(case[1], strict="warn")


OPAQUE = "enum e; enum e f(enum e); extern enum e v;"
ITS_C = "enum e { A = -5, B }; static enum e f(enum e x) { return x; } static enum e v = A;"


def test_opaque_enum():
    """The compiler knows it."""
    ffi = FFI()
    ffi.cdef(OPAQUE)
    lib = ffi.verify(ITS_C, strict="warn")
    assert (lib.f(-5), lib.v, ffi.sizeof("enum e")) == (-5, -5, 4)
    assert ffi.typeof("enum e").elements == {}


def test_opaque_enum_without_a_compiler():
    """unsigned int, when it is first used; a body may still come before that."""
    ffi = FFI()
    ffi._table.guess_enums()
    ffi.cdef("enum e; typedef enum e t; enum f; enum g; struct s { enum f x; int y[2]; };")
    with warnings.catch_warnings(), pytest.raises(UserWarning, match="'enum e' has no values"):
        warnings.simplefilter("error")
        ffi.typeof("t *")
    text = "'enum e' has no values explicitly defined; guessing that it is equivalent to 'unsigned"
    with pytest.warns(UserWarning, match=text):
        assert int(ffi.cast("t", -1)) == 2**32 - 1
    assert ffi.new("enum e *", 7)[0] == 7
    assert ffi.new("struct s *", [2**32 - 1]).x == 2**32 - 1
    ffi.cdef("enum g { G = -1 };")
    assert int(ffi.cast("enum g", -1)) == -1
    with pytest.raises(ffi.error, match="'LATE' does not fit 'unsigned int'"):
        ffi.cdef("enum e { LATE = -1 };")


def test_enum_that_the_source_has_not():
    """It is of the integer type that its values lead to; its tag stands in for that."""
    model = emitted.Model(emitted.ffi_of("enum e { A, B, C }; enum big { D = 1ll << 40 };"))
    stub = emitted.emit(model, "_m", "", for_cffi=True, not_tags=frozenset(["e", "big"]))
    assert "sizeof(unsigned int)" in stub.text
    assert "sizeof(unsigned long)" in stub.text or "sizeof(unsigned long long)" in stub.text


def test_opaque_enum_stays_opaque_without_the_drop_in():
    ffi = FFI()
    ffi.cdef("enum e;")
    with pytest.raises(ValueError, match="unknown size"):
        ffi.sizeof("enum e")


def test_warnings_can_be_errors():
    """By the options that CFFI's C knows, too."""
    ffi = FFI()
    ffi.cdef("struct s { long *z; }; short f(void);")
    source = "struct s { int *z; }; static int f(void) { return 1; }"
    ffi.verify(source, strict="warn", extra_compile_args=["-Wno-incompatible-pointer-types"])
    for flags in ["-Werror"], ["-Wconversion", "-Werror=conversion", *ALLOWED]:
        with pytest.raises(VerificationError, match="disagrees with a declaration"):
            ffi.verify(source, strict="warn", extra_compile_args=flags)


def test_the_option():
    ffi = FFI()
    ffi.cdef("int v;")
    for strict in None, False, True:
        with pytest.raises(VerificationError, match="another type"):
            ffi.verify("static long v;", strict=strict)
    with pytest.raises(ValueError, match="'strict' must be True, False or 'warn', not 'warning'"):
        ffi.verify("static long v;", strict="warning")
