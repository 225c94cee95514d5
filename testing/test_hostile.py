"""Hostile text is refused at once, with a place, however long or deep it is."""

import time

import cdump
import pytest

DEEP = 10_000
LONG = 70_000

# What it is, the text, what the message says.
REFUSED = [
    ("parentheses in a declarator", "int " + "(" * DEEP + "x" + ")" * DEEP + ";", "deep"),
    ("open parentheses", "int " + "(" * DEEP, "deep"),
    ("parentheses in an expression", f"enum {{ A = {'(' * DEEP}1{')' * DEEP} }};", "deep"),
    ("unary operators", f"enum {{ A = {'- ' * DEEP}1 }};", "deep"),
    ("conditions", f"enum {{ A = {'1 ? ' * DEEP}1{' : 1' * DEEP} }};", "deep"),
    ("conditions on the right", f"enum {{ A = {'0 ? 1 : ' * DEEP}1 }};", "deep"),
    ("casts", f"enum {{ A = {'(int)' * DEEP}1 }};", "deep"),
    ("sizeofs", f"enum {{ A = {'sizeof ' * DEEP}1 }};", "deep"),
    ("nested structs", "struct { " * DEEP + "int a;" + " };" * DEEP, "deep"),
    ("nested parameters", "void f(" + "void (*)(" * DEEP, "deep"),
    ("nested alignments", "_Alignas(" * DEEP, "deep"),
    ("alignments of alignments", "int x; " + "_Alignas(_Alignof(" * DEEP, "deep"),
    ("types of enums", "enum : " * DEEP, "deep"),
    ("types of named enums", "enum e : " * DEEP, "deep"),
    ("typeofs", "typeof(" * DEEP, "deep"),
    ("atomic types", "_Atomic(" * DEEP, "deep"),
    ("linkages", 'extern "C" ' * DEEP, "deep"),
    ("linkage blocks", 'extern "C" { ' * DEEP, "deep"),
    ("nested attributes", "int x " + "__attribute__((aligned(sizeof(int " * DEEP, "deep"),
    ("a chain of anonymous members", "struct s0 { int a; };" + "".join(
        f"struct s{i} {{ struct s{i - 1}; }};" for i in range(1, DEEP)), "deep"),
    ("doubled anonymous members", "struct s0 { };" + "".join(
        f"struct s{i} {{ struct s{i - 1}; struct s{i - 1}; }};" for i in range(1, 100)), "many"),
    ("a long name", f"int {'x' * LONG};", "65535"),
    ("a long number", f"enum {{ A = {'0' * LONG}1 }};", "65535"),
    ("a long string", f'int f(void) __asm__("{"x" * LONG}");', "65535"),
    ("a NUL byte", "int a;\n int \0b;", "2:6: a NUL byte"),
    ("a NUL byte in a comment", "int a; /* \0 */", "1:11: a NUL byte"),
    ("invalid UTF-8", b"int a;\n// \xff\n", "2:4: this is not valid UTF-8"),
    ("a truncated character", b"int a; // \xe2\x82", "1:11: this is not valid UTF-8"),
    ("an overlong character", b"// \xc0\xaf", "1:4: this is not valid UTF-8"),
    ("a surrogate", b"// \xed\xa0\x80", "1:4: this is not valid UTF-8"),
    ("a huge array", "char a[0x8000000000000000];", "1:"),
    ("a huge array of arrays", "char a[1 << 30][1 << 30][1 << 30];", "1:"),
    ("a huge struct", "struct s { char a[0x7fffffffffffffff], b[0x7fffffffffffffff]; };", "1:"),
    ("a negative array", "char a[-1];", "1:8:"),
    ("a struct in itself", "struct s { int a; struct s b; };", "1:"),
    ("a struct in itself, later", "struct s; struct t { struct s a; }; struct s { struct t b; };",
     "1:"),
    ("a huge alignment", "struct s { int a; } __attribute__((aligned(1ull << 40)));", "1:"),
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def built():
    """So that no test's time is the compiler's."""
    cdump.program()


@pytest.mark.parametrize(("text", "message"), [pytest.param(t, m, id=w) for w, t, m in REFUSED])
def test_refused_at_once(text, message):
    start = time.monotonic()
    done = cdump.run(text)
    assert done.returncode == 1, done.stdout[:1000]
    assert message in done.stderr.splitlines()[0], done.stderr
    assert done.stderr.startswith("<cdef>:")
    assert time.monotonic() - start < 2


# Long, but nothing that a header might not hold.
ACCEPTED = [
    ("many statements in a body", "void f(void) {" + "{ ( [ ] ) }" * DEEP + "}"),
    ("a deep body", "void f(void) {" + "{([" * DEEP + "])}" * DEEP + "}"),
    ("a long chain of typedefs", "typedef int t0;" + "".join(
        f"typedef t{i - 1} *t{i};" for i in range(1, DEEP)) + f"t{DEEP - 1} a, b; void f(t9);"),
    ("a long sum", f"enum {{ A = {'1 + ' * DEEP}1 }};"),
    ("a long enum", "enum { " + ", ".join(f"E{i}" for i in range(DEEP)) + " };"),
    ("many members", "struct s { " + "".join(f"int m{i};" for i in range(DEEP)) + " };"),
    ("many pushes", "#pragma pack(push, 1)\n" * DEEP),
    ("a long comment", "/*" + "*\n" * LONG + "*/"),
    ("many strings", "#define S " + '"abc" ' * DEEP),
    ("a long continued line", "#define X 1" + " \\\n" * DEEP + " + 1\n"),
    ("63 parentheses", f"enum {{ A = {'(' * 63}1{')' * 63} }};"),
]  # fmt: skip


@pytest.mark.parametrize("text", [pytest.param(t, id=w) for w, t in ACCEPTED])
def test_accepted(text):
    start = time.monotonic()
    cdump.lines(text)
    assert time.monotonic() - start < 2
