"""The core takes what is emitted: every case, as a module of its own and for an FFI's verify()."""

import emitted
import pytest
from test_emit import CASES

from cffi_core import _core


@pytest.fixture(scope="module", params=CASES)
def loadable(request, tmp_path_factory):
    cdef, source = CASES[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    return cdef, str(emitted.built(emitted.stub_of(cdef, source), folder))


def read_all(lib) -> set[str]:
    for name in dir(lib):
        repr(getattr(lib, name))
    return set(dir(lib))


def test_a_module(loadable):
    cdef, path = loadable
    assert _core.check_stub(path, "_m") == []
    ffi, lib = _core.load_stub(path, "_m")
    inline = emitted.ffi_of(cdef)
    assert ffi.list_types() == inline.list_types()
    assert read_all(lib) == {
        d.name
        for d in emitted.Model(inline).decls
        if d.where and d.kind not in (emitted.D.TYPEDEF, emitted.D.NONE)
    }


def test_verify(loadable):
    cdef, path = loadable
    ffi = emitted.ffi_of(cdef)
    same, lib = _core.load_stub(path, "_m", ffi)
    assert same is ffi
    assert read_all(lib) == read_all(_core.load_stub(path, "_m")[1])
    for kind, names in zip(("", "struct ", "union "), ffi.list_types(), strict=True):
        for name in names:
            ctype = ffi.typeof(kind + name)
            if ctype.kind in ("struct", "union") and ctype.fields is not None:
                assert ffi.sizeof(ctype) >= 0
