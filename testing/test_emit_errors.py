"""Where C disagrees with a declaration: the compiler fails, on a line that says which; and the
disagreements that are none, as a call would not mind them."""

import ctypes
import re

import emitted
import pytest

# cdef, source, name and aspect of the declaration that is wrong
WRONG = {
    "arguments": ("int f(int, int);", "static int f(int x) { return x; }", "f", "call"),
    "pointer argument": (
        *("int f(int);", "struct s { int x; }; static int f(struct s x) { return x.x; }"),
        *("f", "call"),
    ),
    "pointer result": ("int f(void);", "static char *f(void) { return 0; }", "f", "call"),
    "no result": ("int f(void);", "static void f(void) {}", "f", "call"),
    "no function": ("int f(void);", "", "f", "call"),
    "no macro": ("#define X ...", "", "X", "constant"),
    "no integer": ("#define X ...", "#define X 1.5", "X", "constant"),
    "pointer constant": ("#define X ...", '#define X "text"', "X", "constant"),
    "another text": ('#define X "abc"', '#define X "abd"', "X", "text"),
    "longer text": ('#define X "abc"', '#define X "abcd"', "X", "text"),
    "no enumerator": ("enum e { A, B };", "enum e { A };", "B", "constant"),
    "no member": ("struct s { int x, y; };", "struct s { int x; };", "struct s", "field y"),
    "no struct": ("struct s { int x; };", "", "struct s", "size"),
    "pointer member": ("struct s { int x; };", "struct s { char *x; };", "struct s", "field x"),
    "integer member": ("struct s { char *x; };", "struct s { long x; };", "struct s", "field x"),
    "array member": ("struct s { char *x; };", "struct s { char x[8]; };", "struct s", "field x"),
    "no array": ("struct s { char x[8]; };", "struct s { char *x; };", "struct s", "field x"),
    "float member": ("struct s { double x; };", "struct s { long x; };", "struct s", "field x"),
    "short float": ("struct s { float x; };", "struct s { int x; };", "struct s", "field x"),
    "integer for float": ("struct s { int x; };", "struct s { float x; };", "struct s", "field x"),
    "nested": (
        *("struct s { struct { int a; } x[2]; };", "struct s { struct { int b; } x[2]; };"),
        *("struct s", "field a"),
    ),
    "anonymous": (
        *("struct s { union { int a; char b; }; };", "struct s { union { int a; }; };"),
        *("struct s", "field b"),
    ),
    "bit-field": ("struct s { int x; };", "struct s { int x : 3; };", "struct s", "field x"),
    "no variable": ("int v;", "", "v", "variable"),
    "wide variable": ("int v;", "static long v;", "v", "variable"),
    "array variable": ("int v[4];", "static int v[5];", "v", "variable"),
    "scalar variable": ("int v[1];", "static int v;", "v", "variable"),
    "no array length": ("int v[...];", "static int *v;", "v", "length"),
    "array of others": ("int v[...];", "static char v[24];", "v", "length"),
    "array of arrays of others": ("int v[...][...];", "static char v[2][4];", "v", "length"),
    "array of structs": (
        *("struct s { int x; ...; }; struct s v[...];", "struct s { long x; }; static int v[8];"),
        *("v", "length"),
    ),
    "array of pointers": ("char *v[...];", "static char v[16];", "v", "length"),
    "typedef of an array": ("typedef int t[...];", "typedef char t[8];", "t", "length"),
    "value": ("static const int v;", "static int *v;", "v", "value"),
    "late pointer": ("typedef int... t;", "typedef int *t;", "t", "type"),
    "late float": ("typedef int... t;", "typedef float t;", "t", "type"),
    "late integer": ("typedef float... t;", "typedef int t;", "t", "type"),
    "no typedef": ("typedef int... t;", "", "t", "type"),
    "extern python": (
        *('extern "Python" int f(int);', "static long f(char *);"),
        *("f", 'extern "Python"'),
    ),
}

# cdef, source
LENIENT = {
    "strchr": ("char *strchr(char *, int);", "#include <string.h>"),
    "long for int": ("int f(int, long);", "static long f(long a, int b) { return a + b; }"),
    "double for int": ("double f(int);", "static int f(double a) { return (int)a; }"),
    "enum for int": ("int f(int);", "enum e { A }; static enum e f(enum e a) { return a; }"),
    "void pointer": ("int f(void *);", "static int f(const char *a) { return !a; }"),
    "const pointer": ("int f(char *);", "static int f(const char *const a) { return !a; }"),
    "result dropped": ("void f(void);", "static int f(void) { return 1; }"),
    "unsigned member": ("struct s { int x; };", "struct s { unsigned x; };"),
    "const member": ("struct s { int x; char *y; };", "struct s { const int x; char *const y; };"),
    "enum member": ("struct s { int x; };", "enum e { A }; struct s { enum e x; };"),
    "pointee": ("struct s { void *x; };", "struct s { struct t *x; };"),
    "function member": ("struct s { void (*x)(void); };", "struct s { int (*x)(int); };"),
    "const variable": ("int v; char *w;", "static const int v = 1; static char *const w = 0;"),
    "more members": ("struct s { int b; ...; };", "struct s { double a; int b; };"),
    "macro of two": ("int f(int, int);", "#define f(a, b) ((a) < (b) ? (a) : (b))"),
    "address of a macro's value": (
        "struct s { const int x; } f(int);",
        "struct s { const int x; }; static struct s g(int x) { struct s a = {x}; return a; }\n"
        "#define f(a) g(a)",
    ),
    "narrow constant": ("enum e { A = 1 }; ", "enum e { A = 2 };"),  # at load
}

STRICT = {
    "argument": ("int f(int);", "static int f(long a) { return (int)a; }", "f", "call"),
    "result": ("long f(int);", "static int f(int a) { return a; }", "f", "call"),
    "const": ("int f(char *);", "static int f(const char *a) { return !a; }", "f", "call"),
    "variadic": ("int f(char *, ...);", "int f(const char *, ...);", "f", "call"),
    "member": ("struct s { int x; };", "struct s { unsigned x; };", "struct s", "field x"),
    "pointee": ("struct s { void *x; };", "struct s { char *x; };", "struct s", "field x"),
    "variable": ("int v;", "static unsigned v;", "v", "variable"),
}

COMPILERS = [["gcc"], ["clang"], ["g++", "-xc++"], ["clang++", "-xc++"]]
compilers = pytest.mark.parametrize("command", COMPILERS, ids=lambda c: c[0])


def blamed(stub, output: str) -> set[tuple[str, str]]:
    """The declarations that the compiler's errors are about."""
    found = set()
    for block in re.split(r"\n(?=.*error: )", "\n" + output):
        if "error: " not in block:
            continue
        lines = [int(n) for n in re.findall(rf"{re.escape(stub.filename)}:(\d+)", block)]
        origins = [stub.origin(n) for n in lines if stub.origin(n)]
        found |= {(o.name, o.what) for o in origins[:1]}
    return found


def check_blamed(tmp_path, command, case, **options):
    cdef, source, name, what = case
    stub = emitted.stub_of(cdef, source, **options)
    done = emitted.compile(stub, tmp_path, *command, "-Wno-all", warnings=False)
    assert done.returncode != 0, "it compiles"
    found = blamed(stub, done.stderr)
    assert (name, what) in found, done.stderr
    assert {n for n, _ in found} == {name}, done.stderr


@compilers
@pytest.mark.parametrize("case", WRONG)
def test_wrong(case, command, tmp_path):
    check_blamed(tmp_path, command, WRONG[case])


@compilers
@pytest.mark.parametrize("case", STRICT)
def test_strict(case, command, tmp_path):
    check_blamed(tmp_path, command, STRICT[case], strict=True)


@compilers
@pytest.mark.parametrize("case", LENIENT)
def test_lenient(case, command, tmp_path):
    cdef, source = LENIENT[case]
    stub = emitted.stub_of(cdef, source)
    if "++" in command[0] and case in ("enum for int", "void pointer"):
        pytest.skip("C++ has no such conversion")
    done = emitted.compile(stub, tmp_path, *command, warnings=False)
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stderr


@pytest.mark.parametrize("compiler", ["g++", "clang++"])
def test_overloads_of_cxx(compiler, tmp_path):
    """C++ has two of each, of which neither is declared so."""
    cdef = """
    char *strchr(const char *, int); void *memchr(const void *, int, size_t);
    char *strstr(const char *, const char *); double fabs(double); int abs(int);
    """
    source = "#include <cstring>\n#include <cmath>\n#include <cstdlib>\nusing namespace std;\n"
    stub = emitted.stub_of(cdef, source, language="c++")
    assert stub.filename == "_m.cpp"
    r = emitted.Reader(emitted.built(stub, tmp_path, compiler))
    text = ctypes.create_string_buffer(b"a text")
    assert r.call("strchr", ctypes.c_char_p, emitted.p(text), emitted.i(ord("x"))) == b"xt"
    strchr = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int)(r.address("strchr"))
    assert strchr(b"abc", ord("b")) == b"bc"


def test_origins_say_where_and_what():
    stub = emitted.stub_of('# 7 "api.h"\nint f(int x);\nstruct s { long y; };', "#define a\nint f;")
    lines = stub.text.split("\n")
    assert lines[2] == '#line 4 "_m.c"'
    assert [stub.origin(n) for n in range(4)] == [None] * 4
    at = next(n for n, line in enumerate(lines, 1) if "cd_t_0" in line)
    assert stub.origin(at) == ("f", "call", "api.h:7:5", "int f(int);")
    at = next(n for n, line in enumerate(lines, 1) if "offsetof(struct s, y)" in line)
    assert stub.origin(at) == ("struct s", "field y", "api.h:8:8", "long y")
    assert stub.origin(len(lines) + 10) is None


def test_errors_in_the_users_source_are_on_its_lines(tmp_path):
    stub = emitted.stub_of("int f(void);", "static int f(void)\n{\n    return oops;\n}")
    done = emitted.compile(stub, tmp_path, "gcc", warnings=False)
    assert re.search(r"_m\.c:3:12: error: .*oops", done.stderr)
    assert stub.origin(3) is None
