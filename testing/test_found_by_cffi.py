"""What CFFI's own test-suites found (`./run suites`), tried here in our words."""

import shutil
import sys
import weakref

import native_library
import pytest

from cffi_core import FFI, FFIError, VerificationError, VerificationMissing, load
from cffi_core.builder.options import Options
from cffi_core.model import Model


def test_file_of_another_ffi():
    """Each FFI declares a FILE; the C library has one for all."""
    one, two = FFI(), FFI()
    one.cdef("FILE *fopen(const char *, const char *);")
    two.cdef("int fclose(FILE *); struct with { FILE *file; };")
    file = one.dlopen(None).fopen(b"/dev/null", b"r")
    record = two.new("struct with *", {"file": file})
    assert record.file == file
    assert two.dlopen(None).fclose(file) == 0
    with pytest.raises(TypeError, match="must be a pointer to same type, not cdata 'FILE \\* \\*'"):
        record.file = one.new("FILE **")


def test_enumerators_without_values():
    ffi = FFI()
    ffi.cdef("enum partial { A, ... }; enum whole { B, C };")
    lib = ffi.dlopen(None)
    assert (lib.B, lib.C) == (0, 1)
    with pytest.raises(VerificationMissing, match="^A: declared with `...`"):
        lib.A


@pytest.mark.parametrize("packed", [2, -1, 1 << 70])
def test_packed_is_no_number(packed):
    with pytest.raises(ValueError, match="^'packed' should be False or True; use 'pack' to give"):
        FFI().cdef("", packed=packed)


def test_libs_can_be_referred_to_weakly():
    lib = FFI().dlopen(None)
    reference = weakref.ref(lib)
    assert reference() is lib


def test_every_cdata_has_a_name():
    ffi = FFI()
    names = {ffi.cast("int", 3).__name__, ffi.new("int *").__name__, ffi.NULL.__name__}
    assert names == {"<cdata>"}
    with pytest.raises(AttributeError):
        ffi.new("int *").__name__ = "x"


def test_errors_of_libraries_are_ffi_errors():
    """As with CFFI out-of-line; and the builtin ones, as in-line."""
    ffi = FFI()
    ffi.cdef("int no_such_function(void); extern int no_such_variable;")
    lib = ffi.dlopen(None)
    for name in "no_such_function", "no_such_variable":
        assert not hasattr(lib, name)
        with pytest.raises(ffi.error, match=f"'{name}' not found in library '<None>'") as caught:
            getattr(lib, name)
        assert isinstance(caught.value, AttributeError)
    ffi.dlclose(lib)
    with pytest.raises(FFIError, match="has already been closed") as caught:
        lib.no_such_function
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("base", [ValueError, AttributeError, OSError, ImportError])
def test_exceptions_have_the_shape_of_exception(base):
    class Mine(FFIError, base):
        pass

    with pytest.raises(FFIError, match="why"):
        raise Mine("why")


@pytest.mark.parametrize("words", ["Python+C", "C+Python", " C +\tPython ", "Python + C"])
def test_both_orders_of_a_linkage(words):
    expected, ffi = FFI(), FFI()
    expected.cdef('extern "Python+C" int f(int);')
    ffi.cdef(f'extern "{words}" int f(int);')
    [one], [other] = ([d for d in Model(f).decls if d.name == "f"] for f in (expected, ffi))
    assert (one.kind, one.flags) == (other.kind, other.flags)


@pytest.mark.parametrize("words", ["P ython+CC", "C+", "Python+", "+C", "C+Python+C", ""])
def test_no_linkage(words):
    with pytest.raises(FFIError, match="extern is followed by"):
        FFI().cdef(f'extern "{words}" int f(int);')


# ---- compiled ----------------------------------------------------------------------------------

CDEF = """
const int BY_MACRO;
typedef const char *const text;
text TEXT;
int (*const function)(int);
extern const int variable;
static const unsigned short LEAST, MOST, SMALL;
static const _Bool TRUTH;
static const char LETTER;
enum counted { FIRST, SECOND = ..., THIRD };
struct grid { int a[...][...]; };
struct part { int x; ...; };
struct whole { struct part p; };
union either { struct part p; };
extern int *(*get_place)(void);
extern int place;
struct pointers { void *restrict b; };
"""
SOURCE = """
#include <stdint.h>
#define BY_MACRO 42
#define TEXT "text"
static int function(int x) { return x + 1; }
const int variable = 7;
#define LEAST INT64_MIN
#define MOST UINT64_MAX
static const unsigned short SMALL = 3;
#define TRUTH 2
#define LETTER 'x'
enum counted { THIRD = 10, FIRST, SECOND };
struct grid { int x; int a[5][8]; int y; };
struct part { int before, x; };
struct whole { int before; struct part p; };
union either { char room[32]; struct part p; };
int *(*get_place)(void);
#define place (*get_place())
struct pointers { void *%s b; };
"""


@pytest.fixture(scope="module", params=[".c", ".cpp"])
def compiled(request):
    native_library.compiler()
    ffi = FFI()
    ffi.cdef(CDEF)
    source = SOURCE % ("__restrict__" if request.param == ".cpp" else "restrict")
    return ffi, ffi.verify(source, source_extension=request.param)


def test_const_variables_that_have_no_address(compiled):
    ffi, lib = compiled
    assert (lib.BY_MACRO, ffi.string(lib.TEXT), lib.function(4)) == (42, b"text", 5)
    assert ffi.addressof(lib, "variable")[0] == lib.variable == 7
    for name in "BY_MACRO", "variable":
        with pytest.raises(AttributeError):
            setattr(lib, name, 1)


def test_integers_have_the_value_they_have_in_c(compiled):
    _, lib = compiled
    assert (lib.LEAST, lib.MOST, lib.SMALL) == (-(1 << 63), (1 << 64) - 1, 3)
    assert (lib.TRUTH, lib.LETTER) == (2, b"x")


def test_counted_enumerators_beside_dots(compiled):
    _, lib = compiled
    assert (lib.FIRST, lib.SECOND, lib.THIRD) == (11, 12, 10)


def test_members_that_leave_a_record_open(compiled):
    ffi, _ = compiled
    sizes = [ffi.sizeof(name) for name in ("struct grid", "struct whole", "union either")]
    assert sizes == [168, 12, 32]
    assert ffi.typeof("struct grid").fields[0][1].type is ffi.typeof("int[5][8]")
    assert ffi.sizeof("struct pointers") == ffi.sizeof("void *")


def test_a_macro_that_gives_null(compiled):
    ffi, lib = compiled
    there = ffi.new("int *", 5)
    results = [there]
    lib.get_place = function = ffi.callback("int *(*)(void)", lambda: results[0])
    assert lib.place == 5
    results[0] = ffi.NULL
    with pytest.raises(ffi.error, match="^global variable 'place' is at address NULL$"):
        lib.place
    del function


@pytest.mark.skipif(not shutil.which("cc"), reason="no C compiler")
def test_anonymous_members_that_are_none_in_c():
    """It is the cdef that is wrong, and not the module that is damaged."""
    ffi = FFI()
    ffi.cdef("struct s { union { char c, d; }; struct { int a; char b; }; };")
    with pytest.raises(VerificationError, match=r"field '[bd]' does not lie in \w+ \$\d"):
        ffi.verify("struct s { int a, padding; char c, d, b; };")


@pytest.mark.skipif(not shutil.which("cc"), reason="no C compiler")
def test_order_and_lengths_that_no_compiler_takes():
    """Bodies that come later, and arrays that leave their length to C anywhere."""
    ffi = FFI()
    ffi.cdef("""struct s { struct later x; int n; }; struct s add(struct s);
        struct later { int a[]; int y; ...; };""")
    lib = ffi.verify("""struct later { int a[4], y; }; struct s { struct later x; int n; };
        static struct s add(struct s s) { s.n += s.x.a[3]; return s; }""")
    s = ffi.new("struct s *", {"x": {"a": [1, 2, 3, 4]}, "n": 5})
    assert lib.add(s[0]).n == 9 and ffi.sizeof("struct later") == 20
    later = ffi.new("struct later *", {"a": [0] * 5})
    assert len(later.a) == 5, "to the end of the struct"
    with pytest.raises(IndexError):
        ffi.new("struct later *", {"a": [0] * 6})
    with pytest.raises(IndexError):
        later.a[5] = 0


def test_sources_in_folders_that_are_not_there():
    options = Options("set_source", ".c", {"sources": ["build/../extra.c", "./other.c"]})
    assert options.sources == ["extra.c", "other.c"]


@pytest.mark.skipif(not hasattr(FFI, "RTLD_NOLOAD"), reason="no such flag")
def test_flags_of_imports(compiled, tmp_path):
    """sys.setdlopenflags() counts for what load() loads, as it does for an import."""
    ffi, _ = compiled
    path = shutil.copy(ffi.verifier.modulefilename, tmp_path)
    before = sys.getdlopenflags()
    sys.setdlopenflags(ffi.RTLD_NOW | ffi.RTLD_NOLOAD)
    try:
        with pytest.raises(ImportError, match="cannot load"):
            load(path)
    finally:
        sys.setdlopenflags(before)
