"""What snippets work on: one library, opened in every way by cffi_core and stock cffi alike.

abi     cdef() and dlopen()
python  an out-of-line module without a compiler, and its dlopen()
verify  cdef() and verify()
api     an out-of-line compiled module
"""

import importlib
import subprocess
import sys
from pathlib import Path

MODES = ["abi", "python", "verify", "api"]
COMPILED = ["verify", "api"]

# Read by C too.
TYPES = """
struct s { int a; short b; char c; double d; int *p; char name[8]; struct { int q; } in; };
struct pt { int x, y; };
union u { int a; float f; char c[4]; };
struct bf { int a:3; unsigned b:5; signed char c:2; _Bool d:1; int64_t e:40; };
struct fl { int n; int arr[]; };
struct zero { int n; int arr[0]; };
struct m { int n; int arr[0]; int b; };
struct nz { int n; struct zero z; };
struct op;
struct one { char c; };
enum e { A, B=5, C=-1 };
enum eu { UA=1, UB=3000000000 };
typedef int (*fn)(int, int);
struct nest { int k; struct pt p; struct pt a[2]; union u u; };
struct fc { int n; char a[]; };
struct fw { int n; wchar_t a[]; };
struct nf { int k; struct fl f; };
union uf { int a; struct { int n; int b[]; } s; };
typedef int (*rowp)[2];
struct anon { int a; union { int b; float c; }; struct { int d, e; }; int f; };
"""
# Gcc and stock cffi disagree about its size, so only without a compiler.
EMPTY = "struct empty { };\n"

# Every primitive type, by the letters that name what belongs to it.
NAMED = {
    "bool": "_Bool",
    "char": "char",
    "schar": "signed char",
    "uchar": "unsigned char",
    "short": "short",
    "ushort": "unsigned short",
    "int": "int",
    "uint": "unsigned int",
    "long": "long",
    "ulong": "unsigned long",
    "llong": "long long",
    "ullong": "unsigned long long",
    "i8": "int8_t",
    "u16": "uint16_t",
    "i32": "int32_t",
    "u64": "uint64_t",
    "size": "size_t",
    "ptrdiff": "ptrdiff_t",
    "float": "float",
    "double": "double",
    "ldouble": "long double",
    "wchar": "wchar_t",
    "char16": "char16_t",
    "char32": "char32_t",
    "enum": "enum e",
    "uenum": "enum eu",
    "ptr": "int *",
    "cptr": "char *",
    "ucptr": "unsigned char *",
    "wptr": "wchar_t *",
    "vptr": "void *",
    "sptr": "struct pt *",
    "fptr": "fn",
    "st": "struct pt",
}
# What stock cffi does not take in every mode.
COMPLEX = {"fcomplex": "float _Complex", "dcomplex": "double _Complex"}
WITHOUT_VERIFY = ["char16", "char32"]  # unknown to its verify()

NAMES = """
int add(int a, int b);
int negate(int x);
int no_arguments(void);
void nothing(void);
void set_counter(int x);
int get_counter(void);
struct pt make_point(int x, int y);
int sum_point(struct pt p);
int sum_ints(int *p, int n);
size_t length(const char *s);
double half(double x);
int total(int n, ...);
int apply(int (*f)(int, int), int a, int b);
fn choose(int which);
int print_to(FILE *f, const char *text);
int set_errno(int value);
struct op *opaque(void);
unsigned by_enum(enum eu x);
int *numbers_at(int i);
const char *word(void);
extern int counter;
extern const int fixed;
extern int numbers[4];
extern int open_end[];
extern struct pt origin;
extern struct op *hidden;
extern char *greeting;
extern char letters[6];
extern fn chosen;
extern enum e level;
extern double ratio;
"""
CONSTANTS = """
#define LIMIT 100
#define NEGATIVE -7
#define BIG 0xFFFFFFFFFFFFFFFF
static const int FIXED_INT = 12;
"""
# Only a compiler can complete these.
PARTIAL = """
struct part { int b; ...; };
#define SEVEN ...
#define LOWEST ...
#define HIGHEST ...
enum guessed { G1, G2, G3=... };
enum more { M1, ... };
extern int sized[...];
int macro_add(int, int);
extern int macro_variable;
extern _Thread_local int per_thread;
struct withlen { int a[...]; char b; };
static const double PI_ISH;
static char *const TEXT;
"""
ONLY_API = """
typedef int... chosen_int;
typedef unsigned... chosen_unsigned;
typedef ... hidden_t;
typedef ... *hidden_p;
chosen_int widen(chosen_int x);
extern "Python" int back(int, int);
extern "Python" void back_void(void);
extern "Python" struct pt back_point(struct pt);
extern "Python+C" int back_c(int);
int call_back(int a, int b);
"""

HEAD = """
#include <complex.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <uchar.h>
#include <wchar.h>
"""
BODIES = r"""
struct op { int secret; };
static struct op the_op = {5};
int counter = 5;
const int fixed = 6;
int numbers[4] = {1, 2, 3, 4};
int open_end[3] = {7, 8, 9};
struct pt origin = {1, 2};
struct op *hidden = &the_op;
char *greeting = "hello";
char letters[6] = "abcde";
enum e level = B;
double ratio = 1.5;
int add(int a, int b) { return a + b; }
int negate(int x) { return -x; }
int no_arguments(void) { return 42; }
void nothing(void) { }
void set_counter(int x) { counter = x; }
int get_counter(void) { return counter; }
struct pt make_point(int x, int y) { struct pt p = {x, y}; return p; }
int sum_point(struct pt p) { return p.x + p.y; }
int sum_ints(int *p, int n) { int t = 0; while (n-- > 0) t += *p++; return t; }
size_t length(const char *s) { return strlen(s); }
double half(double x) { return x / 2; }
int total(int n, ...)
{ va_list a; int t = 0; va_start(a, n); while (n-- > 0) t += va_arg(a, int); va_end(a); return t; }
int apply(int (*f)(int, int), int a, int b) { return f(a, b); }
fn chosen = add;
fn choose(int which) { return which ? add : NULL; }
int print_to(FILE *f, const char *text) { return f ? fputs(text, f) >= 0 && !fflush(f) : -1; }
int set_errno(int value) { int old = errno; errno = value; return old; }
struct op *opaque(void) { return &the_op; }
unsigned by_enum(enum eu x) { return x; }
int *numbers_at(int i) { return i < 0 ? NULL : &numbers[i]; }
const char *word(void) { return "word"; }
"""
PARTIAL_BODIES = """
struct part { int a; int b; int c; };
#define SEVEN 7
#define LOWEST (-0x7fffffffffffffffLL - 1)
#define HIGHEST 0xffffffffffffffffULL
enum guessed { G1, G2, G3 = 77 };
enum more { M0 = 3, M1 = 9, M2 = -4 };
int sized[5] = {1, 2, 3, 4, 5};
#define macro_add(a, b) ((a) + (b))
static int behind_macro = 9;
#define macro_variable behind_macro
static _Thread_local int per_thread = 40;
struct withlen { int a[6]; char b; };
static const double PI_ISH = 3.25;
static char *const TEXT = "text";
"""
ONLY_API_BODIES = """
typedef long long chosen_int;
typedef unsigned short chosen_unsigned;
typedef struct { int a; } hidden_t;
typedef struct { int a; } *hidden_p;
chosen_int widen(chosen_int x) { return x; }
static int back(int, int);
int call_back(int a, int b) { return back(a, b); }
"""


def named(mode: str) -> dict[str, str]:
    """The types of the table that stock cffi has in this mode."""
    found = NAMED | (COMPLEX if mode == "api" else {})
    return {k: t for k, t in found.items() if mode != "verify" or k not in WITHOUT_VERIFY}


def of_types(types: dict[str, str]) -> str:
    """Declarations of what the table uses of each type."""
    return "".join(
        f"{t} echo_{k}({t} x);\n"
        f"extern {t} global_{k};\nextern {t} row_{k}[3];\n"
        f"struct box_{k} {{ char pad; {t} x; }};\n"
        f"int call_{k}({t} (*f)(void));\n"
        for k, t in types.items()
    )


def definitions(types: dict[str, str]) -> str:
    return "".join(
        f"{t} global_{k}; {t} row_{k}[3];\n"
        f"{t} echo_{k}({t} x) {{ return x; }}\n"
        f"int call_{k}({t} (*f)(void)) {{ global_{k} = f(); return 0; }}\n"
        for k, t in types.items()
    )


def extern_python(types: dict[str, str]) -> str:
    return "".join(f'extern "Python" {t} ext_{k}(void);\n' for k, t in types.items())


def callers(types: dict[str, str]) -> str:
    return "".join(
        f"static {t} ext_{k}(void);\nint run_{k}(void) {{ global_{k} = ext_{k}(); return 0; }}\n"
        for k, t in types.items()
    )


def cdef(mode: str) -> str:
    types = named(mode)
    text = TYPES + NAMES + CONSTANTS + of_types(types)
    if mode not in COMPILED:
        return EMPTY + text.replace("static const int FIXED_INT = 12;", "")
    if mode == "verify":
        return text + PARTIAL
    runs = "".join(f"int run_{k}(void);\n" for k in types)
    return text + PARTIAL + ONLY_API + extern_python(types) + runs


def source(mode: str) -> str:
    """The C text behind what cdef() declares."""
    types = named(mode)
    text = HEAD + TYPES + NAMES + CONSTANTS + of_types(types) + BODIES + definitions(types)
    if mode in COMPILED:
        text += PARTIAL_BODIES
    if mode == "api":
        text += ONLY_API_BODIES + callers(types)
    return text


# Two modules, of which the second includes the first: names, declarations, C.
FIRST = (
    """
struct base { int x; };
typedef struct base base_t;
enum be { BA, BB=7 };
#define BASE_LIMIT 33
""",
    """
int base_f(struct base *p);
extern int base_v;
static const double base_c;
int base_total(int n, ...);
""",
    """
static int base_f(struct base *p) { return p->x; }
static int base_v = 3;
static const double base_c = 1.5;
static int base_total(int n, ...) { return n; }
static int base_back(int n);
""",
)
SECOND = (
    """
struct top { struct base b; int y; };
#define TOP_LIMIT 44
""",
    "int top_f(base_t *p, enum be e);",
    "static int top_f(base_t *p, enum be e) { return p->x + e; }",
)


def included(FFI, folder: Path):
    """Both modules."""
    first, second = FFI(), FFI()
    first.cdef(FIRST[0] + FIRST[1] + 'extern "Python" int base_back(int n);')
    first.set_source("_first_mod", FIRST[0] + FIRST[2])
    second.include(first)
    second.cdef(SECOND[0] + SECOND[1])
    second.set_source("_second_mod", FIRST[0] + SECOND[0] + SECOND[2])
    for ffi in first, second:
        ffi.compile(tmpdir=str(folder))
    return importlib.import_module("_first_mod"), importlib.import_module("_second_mod")


def compile_library(folder: Path) -> Path:
    """The shared library that the modes without a compiler open."""
    path = folder / "library.so"
    if not path.exists():
        (folder / "library.c").write_text(source("abi"), encoding="utf-8")
        command = ["cc", "-std=gnu11", "-w", "-shared", "-fPIC", "-o", path, folder / "library.c"]
        subprocess.run(command, check=True)
    return path


def open_in(mode: str, FFI, folder: Path):
    """(ffi, lib, module or None), made in FOLDER unless it is there."""
    ffi, flags = FFI(), {"extra_compile_args": ["-std=gnu11", "-w", "-O0"]}
    if mode in ("abi", "verify"):
        ffi.cdef(cdef(mode))
    if mode == "abi":
        return ffi, ffi.dlopen(str(compile_library(folder))), None
    if mode == "verify":
        return ffi, ffi.verify(source(mode), tmpdir=str(folder / "verify"), **flags), None
    name = f"_{mode}_mod"
    if not list(folder.glob(f"{name}*.*")):
        builder = FFI()
        builder.cdef(cdef(mode))
        builder.set_source(name, None if mode == "python" else source(mode), **flags)
        builder.compile(tmpdir=str(folder))
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    module = importlib.import_module(name)
    if mode == "python":
        return module.ffi, module.ffi.dlopen(str(compile_library(folder))), module
    return module.ffi, module.lib, module
