"""What the compiler's words become: whose declaration it is about, and what to do."""

from collections import namedtuple

import pytest

from cffi_core import VerificationError
from cffi_core.builder import errors
from cffi_core.builder.compiler import CompilerFailed
from cffi_core.builder.unit import Advice

Origin = namedtuple("Origin", "name what where declared")

ADD = Origin("add", "call", "<cdef>:3:5", "int add(int,\n        int);")
FOO = Origin("struct foo", "field x", "<cdef>:1:1", "struct foo { int x; };")
ONE = Origin("ONE", "constant", "<cdef>:2:9", "#define ONE ...")
TWO = Origin("TWO", "constant", "<cdef>:2:9", "#define TWO ...")


LINES = {10: ADD, 20: FOO, 21: FOO, 30: ONE, 31: TWO}


class Stub:
    def origin(self, line):
        return LINES.get(line)


def failed(output: str, status: int | None = 1) -> CompilerFailed:
    return CompilerFailed(["cc", "-O2", "a b.c"], status, output)


def message(output: str, status: int | None = 1, file: str = "m.c") -> str:
    error = errors.compile_error(Stub(), failed(output, status), file, "pkg.m")
    assert type(error) is VerificationError
    return str(error)


GCC = """\
In file included from /usr/include/x.h:3,
                 from m.c:1:
m.c: In function 'cd_t_1':
m.c:10:20: error: too few arguments to function 'add'
   10 |     add(a[0].i);
      |     ^~~
m.c:2:5: note: declared here
    2 | int add(int, int);
      |     ^~~
m.c:5:1: warning: something else
    5 | int odd;
m.c: At top level:
m.c:20:9: error: invalid use of 'x'
m.c:21:9: error: again 'x'
"""


def test_errors_are_sorted_by_declaration():
    assert (
        message(GCC)
        == """\
the C compiler disagrees with 2 declarations of module 'pkg.m':

<cdef>:3:5: add: call
    declared: int add(int, int);
    m.c:10:20: error: too few arguments to function 'add'
       10 |     add(a[0].i);
          |     ^~~
    m.c:2:5: note: declared here
        2 | int add(int, int);
          |     ^~~

<cdef>:1:1: struct foo: field x
    declared: struct foo { int x; };
    m.c:20:9: error: invalid use of 'x'
    m.c:21:9: error: again 'x'"""
    )


def test_colours_are_not_part_of_the_words():
    coloured = "\x1b[01m\x1b[Km.c:10:20:\x1b[m\x1b[K \x1b[01;31m\x1b[Kerror: \x1b[m\x1b[Kno\n"
    assert "m.c:10:20: error: no" in message(coloured)
    assert "\x1b" not in message(coloured)
    assert "\x1b" not in message("\x1b[01mld: cannot find -lx\x1b[m\n")


def test_clang_and_cl_are_understood():
    assert "add: call" in message("m.c:10:20: error: use of undeclared identifier 'add'\n")
    assert "add: call" in message("m.c(10): error C2065: 'add': undeclared identifier\n")
    assert "add: call" in message("m.c:10:20: fatal error: too many errors\n")


def test_warnings_name_the_declaration():
    warning = (
        "m.c: In function 'cd_t_1':\nm.c:10:20: warning: makes integer from pointer\n   10 | x"
    )
    assert (
        errors.annotated(Stub(), warning + "\nm.c:1:1: warning: the user's own", "m.c")
        == """\
m.c: In function 'cd_t_1':
<cdef>:3:5: add: call
    declared: int add(int, int);
m.c:10:20: warning: makes integer from pointer
   10 | x
m.c:1:1: warning: the user's own"""
    )


@pytest.mark.parametrize(
    "words",
    [
        "size of unnamed array is negative",
        "'long' declared as an array with a negative size; array size is negative",
        "'_Generic' selector of type 'long' is not compatible with any association",
    ],
)
def test_a_check_of_types_is_explained(words):
    text = message(f"m.c:20:9: error: {words}\n")
    assert text.endswith("\n    that is: to the compiler it has another type")


def test_many_declarations():
    class Many(Stub):
        def origin(self, line):
            return Origin(f"f{line}", "call", f"<cdef>:{line}:1", f"int f{line}(void);")

    output = "".join(f"m.c:{n}:1: error: no\n" for n in range(1, 31))
    text = str(errors.compile_error(Many(), failed(output), "m.c", "m"))
    assert "with 30 declarations" in text
    assert "f10" in text and "f11" not in text
    assert text.endswith("... and 20 more")


def test_the_users_own_c():
    text = message("m.c:1:10: fatal error: no.h: No such file or directory\n")
    assert text.startswith("the C compiler refuses the C source of module 'pkg.m' (exit status 1):")
    assert "m.c:1:10: fatal error: no.h" in text
    assert "Install the package that has this header, or name its folder in include_dirs" in text
    assert text.endswith("command: cc -O2 'a b.c'")


def test_an_error_of_each_kind_shows_everything():
    """A wrong header makes errors everywhere; the first may be the reason."""
    text = message("m.c:1:1: error: unknown type\nm.c:10:20: error: no add\n")
    assert "unknown type" in text and "no add" in text
    text = message("/usr/include/x.h:10:1: error: odd\n")
    assert "x.h:10:1: error: odd" in text and "add" not in text


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("/usr/bin/ld: cannot find -lfrob: No such file or directory", "library_dirs=[...]"),
        ("ld: library not found for -lfrob", "library_dirs=[...]"),
        ("/tmp/x.o: in function `f': undefined reference to `g'", "libraries=[...]"),
        ("m.c:9: fatal error: x: No space left on device", "The disk is full"),
        ("ld: x.o: relocation; recompile with -fPIC", "was not compiled with -fPIC"),
        ("m.c:1:10: fatal error: vector: No such file or directory", "source_extension='.cpp'"),
        ("m.c:1:10: fatal error: 'vector' file not found", "source_extension='.cpp'"),
        ("m.c:1:10: fatal error: 'a/b.h' file not found", "include_dirs=[...]"),
        ("cc1: fatal error: /x/y.c: No such file or directory", "sources=[...]"),
        ("clang: error: no such file or directory: 'y.c'", "sources=[...]"),
    ],
)
def test_advice(output, advice):
    text = message(output)
    assert advice in text
    assert text.count("[...]") + text.count("'.cpp'") <= 2  # no other


@pytest.mark.parametrize(
    ("output", "meaning"),
    [
        ("error: 'add' undeclared here (not in a function)", "perhaps an #include is missing"),
        ("error: use of undeclared identifier 'add'", "perhaps an #include is missing"),
        (
            "error: invalid operands to binary | (have 'char *' and 'int')",
            "text to the compiler: `static char *const add;`",
        ),
        (
            "error: invalid operands to binary expression ('double' and 'int')",
            "`static const double add;`",
        ),
    ],
)
def test_meaning(output, meaning):
    text = message(f"m.c:10:20: {output}\n")
    assert "disagrees with a declaration" in text
    assert meaning in text


def test_killed():
    text = message("", -9)
    assert text.startswith("the C compiler was killed by signal 9 (SIGKILL)")
    assert "out of memory" in text
    assert "signal 99 (unknown)" in message("", -99)


def test_missing():
    text = message("No such file or directory", None)
    assert text.startswith("cannot run the C compiler 'cc': No such file or directory\n")
    assert "name another in CC." in text
    assert "name another in CXX." in message("No such file or directory", None, "m.cpp")


def test_advice_for_the_emitter():
    constants = "m.c:30:5: error: not constant\nm.c:31:5: error: not constant\n"
    fields = "m.c:20:5: error: no member\n"
    found = errors.advice(Stub(), failed(constants + fields), "m.c")
    assert found == Advice({"ONE", "TWO"}, {"x"})
    for other in "m.c:10:1: error: x\n", "m.c:1:1: error: x\n", "/x.h:30:1: error: x\n":
        assert errors.advice(Stub(), failed(constants + other), "m.c") == Advice()
    assert errors.advice(Stub(), failed("ld: no\n"), "m.c") == Advice()
    assert found | Advice({"THREE"}) == Advice({"ONE", "TWO", "THREE"}, {"x"})
    call = "m.c:10:1: error: initializer element is not {}constant\n"
    for words in "", "a compile-time ":
        assert errors.advice(Stub(), failed(call.format(words)), "m.c") == Advice({"add"})


def test_an_error_inside_a_macro_of_ours():
    """gcc places it where the macro is defined, and says in a note where it is used."""
    output = (
        "m.c:5:21: error: initializer element is not constant\n"
        "    5 | #define CD_VALUE(x) x\n"
        "m.c:31:5: note: in expansion of macro 'CD_VALUE'\n"
    )
    assert errors.advice(Stub(), failed(output), "m.c").not_constant == {"TWO"}
    assert "TWO: constant" in message(output)


def test_what_the_core_found():
    one = [("struct foo", None, 3, "size is 8, declared 4")]
    error = errors.check_error("m", one)
    assert type(error) is VerificationError
    assert str(error) == (
        "the C compiler disagrees with a declaration of module 'm':\n\n"
        "<cdef>:3: struct foo: size is 8, declared 4"
    )
    text = str(errors.check_error("m", [(f"f{n}", "x.h", n, "no") for n in range(12)]))
    assert "12 declarations" in text and "x.h:9: f9: no" in text
    assert text.endswith("... and 2 more")
