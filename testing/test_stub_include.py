"""ffi.include() across separately compiled stubs."""

import importlib
import sys

import pytest
from handmade import Stub

import cffi_core
from cffi_core import FFIError

COMMON = "struct point { int x; double y; }; enum color { RED, GREEN };\n"
BASE = (
    COMMON
    + r"""
#include <string.h>
static int shared = 4;
static double norm(struct point *p) { return p->x + p->y; }
#define LIMIT 99
static const double ratio = 0.5;
"""
)
USER = (
    COMMON
    + r"""
struct line { struct point from, to; };
static struct point middle(struct line *l)
{
    struct point p = {(l->from.x + l->to.x) / 2, (l->from.y + l->to.y) / 2};
    return p;
}
static int own;
"""
)


def make_base(name="_base"):
    s = Stub(name, BASE)
    int_, double = s.prim("INT", "int"), s.prim("DOUBLE", "double")
    point = s.struct("point", ("x", int_), ("y", double))
    s.typedef("point_t", point)
    s.enum("color", "RED", "GREEN")
    s.function("norm", s.func(double, s.pointer(point)))
    s.variable("shared", int_)
    s.int("LIMIT")
    s.value("ratio", double)
    return s


def make_user(name="_user", include="_base", size=""):
    s = Stub(name, USER)
    s.includes.append(include)
    point = s.imported("struct point", "point", 1, size)
    line = s.struct("line", ("from", point), ("to", point))
    s.function("middle", s.func(point, s.pointer(line)))
    s.variable("own", s.prim("INT", "int"))
    return s


@pytest.fixture
def importing(tmp_path, monkeypatch):
    """Compiles stubs where import finds them."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def compile_all(*stubs):
        for stub in stubs:
            stub.compile(tmp_path)
        importlib.invalidate_caches()
        return tmp_path

    yield compile_all
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_types_functions_and_values_are_seen(importing):
    importing(make_base(), make_user())
    user = importlib.import_module("_user")
    base = sys.modules["_base"]
    ffi, lib = user.ffi, user.lib
    assert ffi.typeof("struct point") is base.ffi.typeof("struct point")
    assert ffi.typeof("point_t") is base.ffi.typeof("point_t")
    line = ffi.new("struct line *", [[2, 4.0], [4, 8.0]])
    middle = lib.middle(line)
    assert ffi.typeof(middle) is ffi.typeof("struct point")
    assert (middle.x, middle.y) == (3, 6.0)
    assert lib.norm(ffi.new("point_t *", [1, 2])) == 3.0
    assert lib.norm is base.lib.norm
    lib.shared = 17
    assert base.lib.shared == 17
    assert ffi.addressof(lib, "shared") == ffi.addressof(base.lib, "shared")
    assert (lib.LIMIT, lib.ratio, lib.GREEN) == (99, 0.5, 1)
    assert ffi.integer_const("LIMIT") == 99
    assert dir(lib) == ["GREEN", "LIMIT", "RED", "middle", "own"]
    with pytest.raises(AttributeError, match="cffi library '_user' has no function"):
        lib.zz  # noqa: B018
    assert ffi.list_types() == (["point_t"], ["line", "point"], [])


def test_two_levels(importing):
    importing(make_base(), make_user(), make_user("_third", "_user"))
    third = importlib.import_module("_third")
    assert third.lib.norm(third.ffi.new("point_t *", [1, 2])) == 3.0
    assert third.lib.LIMIT == 99


def test_the_module_is_missing(importing):
    folder = importing(make_user())
    with pytest.raises(ImportError, match="it includes the module _base, which cannot be") as error:
        importlib.import_module("_user")
    assert isinstance(error.value.__cause__, ModuleNotFoundError)
    with pytest.raises(ImportError, match="includes the module _base"):
        cffi_core.load(folder / "_user.so")


@pytest.mark.parametrize("text", ["", "ffi = lib = 3", "raise ValueError('broken')"])
def test_the_module_is_another(importing, text):
    folder = importing(make_user())
    (folder / "_base.py").write_text(text)
    with pytest.raises(ImportError, match="it includes the module _base, which cannot be"):
        importlib.import_module("_user")


def test_sizes_are_compared(importing):
    importing(make_base(), make_user(size="24"))
    ffi = importlib.import_module("_user").ffi
    with pytest.raises(FFIError, match="its size or alignment is another now"):
        ffi.new("struct line *")


def test_checking_without_the_modules(importing):
    folder = importing(make_user())
    other = cffi_core.FFI()
    other.cdef("struct point { int x; double y; }; typedef struct point point_t;")
    ffi = cffi_core.FFI()
    ffi.include(other)
    check = cffi_core._core.check_stub
    assert check(str(folder / "_user.so"), "_user", ffi) == []
    with pytest.raises(ImportError):
        check(str(folder / "_user.so"), "_user")


def test_verify_sees_included_constants(compiled):
    base, user = cffi_core.FFI(), cffi_core.FFI()
    base.cdef("struct point { int x; double y; }; enum color { RED, GREEN };\n#define LIMIT ...")
    base.verify(COMMON + "#define LIMIT 99\n")
    user.include(base)
    user.cdef("double norm(struct point *p);")
    lib = user.verify(COMMON + "static double norm(struct point *p) { return p->x + p->y; }\n")
    assert lib.norm(base.new("struct point *", [1, 2])) == 3.0
    assert (lib.GREEN, lib.LIMIT) == (1, 99)
    assert not hasattr(lib, "point")
