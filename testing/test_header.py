"""FFI.cdef_header(): what headers declare, without and with a C compiler, warm and cold."""

import os
import shutil
import subprocess
from textwrap import dedent

import pytest

from cffi_core import FFI, CDefError, FFIError, VerificationError

HEADER = """
/* The whole file. */
#ifndef SHOP_H
#define SHOP_H
#include <stddef.h>

/**
 * Prices are in cents.
 */
#define SHOP_MAX (1 << 20)      /* the dearest thing */
#define SHOP_NAME "corner" "  shop"
#define SHOP_CAST ((char *)"cast")
#define SHOP_RATE 0.25f
#define SHOP_NEXT SHOP_MAX + 1
#define SHOP_DOUBLE(x) ((x) * 2)
#define SHOP_NOBODY ((shop_visit)-1)
#define SHOP_HERE __LINE__
#define SHOP_INT long long
#define SHOP_EMPTY
#define SHOP_API extern __attribute__((visibility("default")))
#define shop_abs abs

typedef void (*shop_visit)(int);

/* What stands on a shelf. */
struct shelf {
    int width;      /* in mm */
    char *label;
};

/* The absolute value,
   of the C library. */
int abs(int);
long labs(long);

double shop_nowhere(void);      // not here
static inline int shop_twice(int x) { return x * 2; }
static inline int shop_front(void *p) { return p != NULL; }
#define shop_front(p) (*(p) != 0)       // as GLib's atomics: not for a void *
int shop_missing(struct shelf *s);
extern int shop_missing_variable;
int shop_renamed(const char *) __asm__("atoi");

#endif
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A folder with the header."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop.h").write_text(HEADER)
    return folder


@pytest.fixture
def ffi(shop):
    ffi = FFI()
    ffi.cdef_header("shop.h", include_dirs=[shop])
    return ffi


def reasons(ffi):
    return {name: reason for name, _, reason in ffi.unavailable()}


# ---- without a compiler ------------------------------------------------------------------


def test_macros(ffi):
    lib = ffi.dlopen(None)
    assert lib.SHOP_MAX == 1 << 20
    assert lib.SHOP_NEXT == (1 << 20) + 1
    assert lib.SHOP_NAME == b"corner  shop"
    assert lib.SHOP_CAST == b"cast"
    assert lib.SHOP_RATE == 0.25
    assert reasons(ffi) == {
        "SHOP_H": "a macro without a value",
        "SHOP_EMPTY": "a macro without a value",
        "SHOP_API": "a macro for specifiers or attributes",
        "SHOP_DOUBLE": "a macro with parameters: with a signature in cdef(), compiled modules "
        "have it",
        "SHOP_HERE": "__LINE__ has another value wherever it is used",
        "SHOP_INT": "a macro for the type 'long long'",
    }


def test_functions(ffi):
    lib = ffi.dlopen(None)
    assert lib.abs(-3) == 3
    assert lib.shop_abs(-4) == 4  # a macro for a function
    assert lib.shop_renamed(b"12") == 12
    with pytest.raises(AttributeError, match="shop_missing"):
        lib.shop_missing
    assert ffi.new("struct shelf *", [3]).width == 3


def test_comments(ffi):
    lib = ffi.dlopen(None)
    comment = "The absolute value,\nof the C library."
    assert lib.abs.__doc__ == f"int abs(int);\n\n{comment}"
    assert lib.labs.__doc__ == f"long labs(long);\n\n{comment}"
    assert lib.shop_renamed.__doc__ == "int shop_renamed(char *);"
    assert ffi.typeof("struct shelf").__doc__ == "What stands on a shelf."
    assert ffi.typeof("struct shelf *").__doc__ == FFI.CType.__doc__


def test_places(ffi, shop):
    places = {name: place for name, place, _ in ffi.unavailable()}
    line = HEADER.splitlines().index("#define SHOP_EMPTY") + 1
    assert places["SHOP_EMPTY"].startswith(f"{shop}/shop.h:{line}:")


def test_select(shop):
    ffi = FFI()
    ffi.cdef_header("shop.h", include_dirs=[shop], select=["shop_m*", "SHOP_MAX"])
    lib = ffi.dlopen(None)
    assert sorted(dir(lib)) == ["SHOP_MAX", "shop_missing", "shop_missing_variable"]
    assert ffi.sizeof("struct shelf") == 2 * ffi.sizeof("void *")  # it is needed


def test_select_nothing(shop):
    """It was silent."""
    ffi = FFI()
    with pytest.raises(CDefError, match=r"shop\.h: no name that is declared is like shp_\* or y$"):
        ffi.cdef_header("shop.h", include_dirs=[shop], select=["shp_*", "y"])


# ---- with one -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def verified(shop):
    ffi = FFI()
    ffi.cdef_header("shop.h", include_dirs=[shop])
    ffi.cdef("int SHOP_DOUBLE(int);")
    return ffi, ffi.verify()


def test_the_headers_are_included(verified):
    ffi, lib = verified
    assert lib.shop_twice(4) == 8
    assert lib.SHOP_DOUBLE(4) == 8
    assert (lib.shop_front(ffi.NULL), lib.shop_front(ffi.new("int *"))) == (0, 1)  # no macro
    assert (lib.SHOP_NAME, lib.SHOP_CAST) == (b"corner  shop", b"cast")
    assert lib.shop_abs(-4) == 4
    assert lib.abs.__doc__.startswith("int abs(int);\n\nThe absolute value,\nof the C library.\n")
    assert ffi.cast("intptr_t", lib.SHOP_NOBODY) == -1


def test_what_no_library_has(verified):
    _, lib = verified
    for name in ("shop_missing", "shop_nowhere"):
        with pytest.raises(AttributeError, match=f"'{name}' .* no library .*shop.h:"):
            getattr(lib, name)
    assert not hasattr(lib, "shop_missing")


# ---- the cache ------------------------------------------------------------------------------


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A compiler that counts its runs; None: it is gone."""
    log = tmp_path / "runs"
    path = tmp_path / "bin" / "cc"
    path.parent.mkdir()
    path.write_text(f'#!/bin/sh\necho x >> {log}\nexec cc "$@"\n')
    path.chmod(0o755)
    monkeypatch.setenv("CC", str(path))
    monkeypatch.setenv("CFFI_CORE_CACHE", str(tmp_path / "cache"))

    def runs():
        return len(log.read_text().splitlines()) if log.exists() else 0

    runs.path = path
    return runs


def declare(folder, **options):
    ffi = FFI()
    ffi.cdef_header("one.h", include_dirs=[folder], **options)
    return ffi


def one_h(folder, text):
    path = folder / "one.h"
    path.write_text(dedent(text))
    os.utime(path, (1e9, 1e9))
    return path


def test_warm(program, tmp_path):
    one_h(tmp_path, "#define A 1\n")
    assert declare(tmp_path).integer_const("A") == 1
    before = program()
    assert before >= 2
    assert declare(tmp_path).integer_const("A") == 1
    assert program() == before
    one_h(tmp_path, "#define A 2\n")
    assert declare(tmp_path).integer_const("A") == 2
    before = program()
    assert before > 2
    assert declare(tmp_path, define_macros=[("X", None)]).integer_const("A") == 2
    assert program() > before


def test_without_a_preprocessor(program, tmp_path):
    one_h(tmp_path, "#include <stddef.h>\nsize_t f(void);\n#define A 1\n")
    declare(tmp_path)
    program.path.unlink()
    assert declare(tmp_path).integer_const("A") == 1
    one_h(tmp_path, "#define A 2\n")
    with pytest.raises(Exception, match=r"cannot run the C preprocessor .*\nInstall"):
        declare(tmp_path)


# ---- modules ----------------------------------------------------------------------------------

SMALL = """
#ifdef __cplusplus
extern "C" {
#endif
/* Not there. */
int small_nowhere(void);
int small_variadic(const char *, ...);
extern long small_variable;
/* Of the C library. */
long labs(long);
#define small_labs labs
#define small_gone small_nowhere
static inline int small_uses(int x) { return x ? small_nowhere() : 7; }
#ifdef __cplusplus
}
#endif
"""


def small(folder):
    (folder / "small.h").write_text(SMALL)
    ffi = FFI()
    ffi.cdef_header("small.h", include_dirs=[folder])
    return ffi


def check_small(lib):
    assert lib.small_uses(0) == 7
    assert lib.labs(-3) == lib.small_labs(-3) == 3
    for name in ("small_nowhere", "small_gone", "small_variadic"):
        with pytest.raises(AttributeError, match=f"'{name}' is not available: .*small.h:"):
            getattr(lib, name)
    with pytest.raises((AttributeError, FFIError)):
        lib.small_variable


@pytest.mark.parametrize(
    ("variable", "compiler", "options"),
    [
        ("CC", "gcc", {}),
        ("CC", "clang", {}),
        ("CXX", "g++", {"language": "c++"}),
        ("CXX", "clang++", {"language": "c++"}),
    ],
)
def test_compilers(tmp_path, monkeypatch, variable, compiler, options):
    if shutil.which(compiler) is None:
        pytest.skip(f"no {compiler}")
    monkeypatch.setenv(variable, compiler)
    monkeypatch.setenv("CFFI_CORE_CACHE", str(tmp_path / "cache"))
    check_small(small(tmp_path).verify(**options))


def test_as_needed(tmp_path):
    """What the linker does find is no weak reference: else it would leave its library out."""
    args = {"libraries": ["m"], "extra_link_args": ["-Wl,--as-needed"]}
    (tmp_path / "root.h").write_text("double cbrt(double);\nint root_nowhere(void);\n")
    ffi = FFI()
    ffi.cdef_header("root.h", include_dirs=[tmp_path], **args)
    ffi.set_source("_root", "")
    path = ffi.compile(str(tmp_path))
    told = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True)
    assert "libm.so" in told.stdout


def test_missing_symbols_are_asked_for_first(tmp_path, monkeypatch):
    """Of many functions; then a stub is compiled once."""
    from cffi_core.builder import compiler, unresolved

    ffi = small(tmp_path)
    commands, process = [], compiler.process
    monkeypatch.setattr(unresolved, "MANY", 1)
    monkeypatch.setattr(compiler, "process", lambda c, *a: commands.append(c) or process(c, *a))
    ffi.set_source("_asked_module", "")
    ffi.compile(str(tmp_path))
    assert len([command for command in commands if "-shared" in command]) == 2
    monkeypatch.syspath_prepend(tmp_path)
    import _asked_module

    check_small(_asked_module.lib)


def test_warnings(tmp_path, capfd):
    """Of the user's own lines alone: headers have much that compilers warn of."""
    (tmp_path / "warn.h").write_text("static int warn_unused(void) { int x; return x; }\n")
    ffi = FFI()
    ffi.cdef_header("warn.h", include_dirs=[tmp_path])
    source = '#include "warn.h"\n#warning "mine"\nstatic int mine(void) { return 1; }\n'
    ffi.set_source("_warn_module", source, extra_compile_args=["-Wall", "-Wextra"])
    ffi.compile(str(tmp_path))
    said = capfd.readouterr().err
    assert "_warn_module.c:2:2: warning:" in said
    assert "_warn_module.c:3:12: warning:" in said
    assert "warn.h:" not in said


def test_compiled_module(tmp_path, monkeypatch):
    ffi = small(tmp_path)
    ffi.set_source("_small_module", "")
    path = ffi.compile(str(tmp_path))
    before = os.stat(path).st_mtime_ns
    assert ffi.compile(str(tmp_path)) == path
    assert os.stat(path).st_mtime_ns == before
    monkeypatch.syspath_prepend(tmp_path)
    import _small_module

    check_small(_small_module.lib)
    assert _small_module.lib.labs.__doc__ == (
        "long labs(long);\n\nOf the C library.\n\nCFFI C function from _small_module.lib"
    )


def test_exactly_as_the_header_says(tmp_path):
    (tmp_path / "exact.h").write_text("int exact(long);\n")
    ffi = FFI()
    ffi.cdef_header("exact.h", include_dirs=[tmp_path])
    with pytest.raises(VerificationError, match="exact"):
        ffi.verify("static long exact(int x) { return x; }")
    ffi.verify("static long exact(int x) { return x; }", strict=False)
    other = FFI()
    other.cdef("int exact(long);")
    other.verify("static long exact(int x) { return x; }")


def test_with_a_source(shop):
    ffi = FFI()
    ffi.cdef_header("shop.h", include_dirs=[shop], select="shop_twice")
    ffi.cdef("int thrice(int);")
    lib = ffi.verify('#include "shop.h"\nstatic int thrice(int x) { return shop_twice(x) + x; }')
    assert lib.thrice(5) == 15
