"""Each test is something that a project written for CFFI leans on."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import SimpleNamespace

import pytest
from native import compiler

from cffi_core import FFI, CDefError
from cffi_core.builder.options import FILES, WORDS, Options
from cffi_core.builder.unit import Unit
from cffi_core.builder.verifier import Verifier


def test_a_tag_that_the_source_does_not_have():
    """notmuch2: the cdef gives a tag to what has only a typedef."""
    ffi = FFI()
    ffi.cdef("""
        typedef enum status { GOOD, BAD } status_t;
        typedef struct point { int x; ...; } point_t;
        typedef union both { int i; float f; } both_t;
        int is_bad(status_t);
        struct point swap(struct point *of_three[3]);
        int as_int(both_t);
    """)
    lib = ffi.verify("""
        typedef enum { GOOD, BAD } status_t;
        typedef struct { int y, x; } point_t;
        typedef union { int i; float f; } both_t;
        int is_bad(status_t s) { return s == BAD; }
        point_t swap(point_t *p[3]) { point_t r = { p[0]->x, p[0]->y }; return r; }
        int as_int(both_t b) { return b.i; }
    """)
    assert [lib.is_bad(lib.GOOD), lib.is_bad(lib.BAD)] == [0, 1]
    point = ffi.new("struct point *", {"x": 5})
    assert (lib.swap([point]).x, ffi.offsetof("point_t", "x")) == (0, 4)
    assert lib.as_int({"f": 1.0}) == 0x3F800000


def test_a_tag_that_only_an_argument_has():
    """gcc does not say then which type is incomplete."""
    ffi = FFI()
    ffi.cdef("typedef enum status { GOOD, BAD } status_t; int is_bad(status_t);")
    source = "typedef enum { GOOD, BAD } status_t; static int is_bad(status_t s) { return s; }"
    assert ffi.verify(source).is_bad(1) == 1


def test_a_function_that_is_a_variable():
    """cryptography: `int (*f)(int) = NULL;` where the library has no f, for a declared function."""
    ffi = FFI()
    ffi.cdef("const long K; int missing(int); int next(int);")
    lib = ffi.verify("""
        #define K 8
        static int add_one(int x) { return x + 1; }
        static int (*missing)(int) = 0;
        int (*next)(int) = add_one;
    """)
    assert (lib.K, lib.next(3), callable(lib.missing)) == (8, 4, True)
    assert ffi.addressof(lib, "next")(4) == 5


def test_python_h_in_a_file_of_the_project(tmp_path):
    """persistent: the source includes a C file that includes Python.h, round about."""
    (tmp_path / "ring.c").write_text('#include "ring.h"\nstatic int one(void) { return 1; }\n')
    (tmp_path / "ring.h").write_text('# include "ring.h"\n#include <Python.h>\n')
    ffi = FFI()
    ffi.cdef("int one(void);")
    for source, count in ('#include "ring.c"', 2), ('#include "none.h"\n#include <stdio.h>', 1):
        options = Options("set_source", ".c", {"include_dirs": [str(tmp_path)]})
        assert len(Unit(ffi, "_ring", source, options).options.include_dirs) == count


@pytest.mark.parametrize("given", ["", (), None])
def test_no_words(given):
    """miniaudio: an empty text for an empty list."""
    assert Options("set_source", ".c", {"extra_link_args": given}).extra_link_args == []


def test_sources_from_here(tmp_path, monkeypatch):
    """picosat-cffi: setuptools refuses absolute paths of what it puts into SOURCES.txt."""
    monkeypatch.chdir(tmp_path)
    ffi = FFI()
    ffi.cdef("int f(void);")
    steps = Verifier(ffi, "int f(void);", tmpdir=str(tmp_path / "build"), sources=["more.c"])
    name = steps.get_module_name()
    assert steps.get_extension().sources == [str(Path("build") / f"{name}.c"), "more.c"]


def test_a_compiler_that_setup_py_has_told():
    """pycares: its build_ext speaks to self.compiler, and says 1 where a text is meant."""
    ccompiler = pytest.importorskip("setuptools._distutils.ccompiler")
    from cffi_core.setuptools_ext import add_options

    compiler = ccompiler.new_compiler()
    compiler.add_include_dir("config")
    compiler.define_macro("HAVE_CONFIG_H", 1)
    compiler.undefine_macro("NDEBUG")
    compiler.add_library("rt")
    words = {name: [] for name in (*FILES, *WORDS, "define_macros")}
    add_options(words, SimpleNamespace(compiler=compiler))
    options = Options("set_source", ".c", words)
    assert (options.include_dirs, options.libraries) == (["config"], ["rt"])
    assert (options.define_macros, options.undef_macros) == ([("HAVE_CONFIG_H", "1")], ["NDEBUG"])


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("struct s { char rev[LEN]; };\n#define LEN 11\n", 11),
        ("struct s { char rev[LEN + 1]; };\n # define LEN 0xBul /* here */\n#define LEN2 3", 12),
        ("struct s { int a : LEN; };\n#define LEN 8 // bits", 4),
        ("enum e { E = LEN };\n/*\n#define LEN 5 */\n#define LEN -2\nstruct s { char c[-E]; };", 2),
    ],
)
def test_an_integer_macro_below(text, size):
    """libyang: CFFI reads a text's integer macros before its declarations."""
    ffi = FFI()
    ffi.cdef(text)
    assert ffi.sizeof("struct s") == size


@pytest.mark.parametrize(
    "below", ["/*\n#define LEN 5\n*/", "#define LENGTH 5", "#define LEN 1 + 4", "#define LEN 5.0"]
)
def test_no_integer_macro_below(below):
    ffi = FFI()
    with pytest.raises(CDefError, match="'LEN' is not declared"):
        ffi.cdef("struct s { char rev[LEN]; };\n" + below)


def test_an_unnamed_part_with_more_in_it():
    """libyang: some members of an unnamed struct, in another order."""
    ffi = FFI()
    ffi.cdef("""
        struct node { int a; ...; };
        struct leaf {
            union { struct node node; struct { void *z; short b; ...; }; };
            int kind;
            struct { char y; struct { long l; char x; ...; }; };
            ...;
        };
    """)
    ffi.verify("""
        struct node { int a; short b; void *z; };
        struct leaf {
            union { struct node node; struct { int a; short b; void *z; }; };
            int more, kind;
            struct { char y; struct { char x; int i; long l; }; };
        };
    """)
    names = ("z", "b", "kind", "y", "x", "l")
    assert [ffi.offsetof("struct leaf", name) for name in names] == [8, 4, 20, 24, 32, 40]
    assert ffi.sizeof("struct leaf") == 48
    p = ffi.new("struct leaf *", {"b": 3, "x": b"!", "l": 5})
    assert bytes(ffi.buffer(p)[4:6]) == b"\3\0" and (p.b, p.x, p.l) == (3, b"!", 5)


def test_an_array_of_what_has_its_body_below():
    """clipspy: a struct's array of structs that are defined further down."""
    ffi = FFI()
    ffi.cdef("""
        typedef struct value value;
        typedef struct { int n; value contents[1]; value more[2][3]; value rest[]; } several;
        struct value { int x; };
    """)
    fields = {name: (str(f.type), f.offset) for name, f in ffi.typeof("several").fields}
    assert fields["contents"] == ("<ctype 'value[1]'>", 4)
    assert (fields["more"], fields["rest"][1]) == (("<ctype 'value[2][3]'>", 8), 32)
    with pytest.raises(CDefError, match=r"2:27: array of 'struct none', which has no size"):
        ffi.cdef("struct none;\nstruct with { struct none some[2]; };\nstruct late { int x; };")
    for wrong in "struct me { struct me a[2]; };", "struct by { struct b2 (*p)[2]; };":
        with pytest.raises(CDefError, match="which has no size"):
            ffi.cdef(wrong)


WITHIN = """
#include <Python.h>
extern PyObject *PyInit__inner(void);
static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "outer_of_inner", NULL, -1, NULL};
PyMODINIT_FUNC PyInit_outer_of_inner(void)
{
    PyObject *module = PyModule_Create(&def);
    if (module == NULL || PyModule_AddObject(module, "inner", PyInit__inner()) < 0)
        return NULL;
    return module;
}
"""


def test_a_module_linked_into_another(tmp_path):
    """cryptography: Rust calls PyInit_ of what is linked in, and takes the result for a module."""
    ffi = FFI()
    ffi.cdef("int add(int, int); struct pair { int x; ...; };")
    source = "static int add(int a, int b) { return a + b; } struct pair { long l; int x; };"
    ffi.set_source("_inner", source)
    ffi.emit_c_code(str(tmp_path / "_inner.c"))
    (tmp_path / "outer.c").write_text(WITHIN)
    include = f"-I{sysconfig.get_path('include')}"
    words = [*compiler(), "-shared", "-fPIC", include, "_inner.c", "outer.c"]
    subprocess.run([*words, "-o", "outer_of_inner.so"], cwd=tmp_path, check=True)
    program = """if 1:
        import outer_of_inner, sys
        inner = outer_of_inner.inner
        print(inner.lib.add(2, 3), inner.ffi.sizeof("struct pair"), type(inner) is type(sys))
    """
    env = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{Path(__file__).parents[1]}"}
    words = [sys.executable, "-W", "ignore", "-c", program]
    assert subprocess.check_output(words, env=env, text=True) == "5 16 True\n"
