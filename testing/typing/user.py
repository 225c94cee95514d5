"""A program that uses the public surface; never run: mypy --strict reads it, and must agree.

A line that must be refused carries a `type: ignore`, which mypy would call unused otherwise.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from typing_extensions import assert_type

import cffi_core
from cffi_core import (
    FFI,
    CDefError,
    FFIError,
    PkgConfigError,
    VerificationError,
    VerificationMissing,
)

ffi = FFI()
errors: list[type[Exception]] = [FFIError, PkgConfigError, VerificationError, VerificationMissing]
base: type[FFIError] = CDefError
also: type[FFIError] = ffi.error
version: str = cffi_core.__version__
cffi_core.no_such_name  # type: ignore[attr-defined]


def declare() -> None:
    ffi.cdef("int abs(int);", override=True, packed=False, pack=4, release_gil=False)
    ffi.cdef(b"int abs(int);")  # type: ignore[arg-type]
    ffi.cdef()  # type: ignore[call-arg]
    ffi.include(FFI())
    ffi.include(ffi_to_include=FFI())
    ffi.include("other")  # type: ignore[arg-type]
    ffi.cdef_header("stdio.h", select="f*", follow=True, packages="zlib", include_dirs=["x"])
    ffi.cdef_header(["a.h", Path("b.h")], before="c.h", select=["a", "b"], release_gil=False)
    ffi.cdef_header(3)  # type: ignore[arg-type]
    ffi.set_unicode(enabled_flag=True)
    assert_type(ffi.integer_const(name="A"), int)
    assert_type(ffi.unavailable(), list[tuple[str, str, str]])
    assert_type(ffi.list_types(), tuple[list[str], list[str], list[str]])
    assert_type(ffi.integer_const("A"), int)


def types() -> None:
    ct = ffi.typeof("int *")
    assert_type(ct, cffi_core._core.CType)
    assert_type(ffi.typeof(ffi.new(ct)), cffi_core._core.CType)
    ffi.typeof(3)  # type: ignore[arg-type]
    assert_type(ffi.typeof(cdecl="int"), cffi_core._core.CType)
    assert_type(ffi.sizeof(cdecl="int") + ffi.alignof(cdecl=ct), int)
    assert_type(ct.cname, str)
    assert_type(ct.item.kind == "primitive", bool)
    assert_type(ct.length, int | None)
    for name, field in ct.fields or []:
        assert_type(name, str)
        assert_type(field.offset + field.bitshift + field.bitsize + field.flags, int)
        assert_type(field.type, cffi_core._core.CType)
    assert_type(ct.args, tuple[cffi_core._core.CType, ...])
    assert_type(ct.elements, dict[int, str])
    assert_type(ct.relements, dict[str, int])
    assert_type(ffi.sizeof("int") + ffi.alignof(ct) + ffi.offsetof("struct s", "a", 3), int)
    ffi.offsetof("struct s", 1.5)  # type: ignore[arg-type]
    assert_type(ffi.getctype(ct, "x"), str)


def values() -> None:
    p = ffi.new("int[]", [1, 2, 3])
    assert isinstance(p, ffi.CData)
    assert_type(p + 1, FFI.CData)
    assert_type(p - 1, FFI.CData)
    assert_type(p - p, int)
    p * 2  # type: ignore[operator]
    assert_type(p[0], Any)
    p[1] = 3
    p.field = p.other
    assert_type(len(p), int)
    assert_type(int(p), int)
    assert_type(bool(p == p), bool)
    with ffi.new("int *") as q:
        assert_type(q, FFI.CData)
    for x in p:
        assert_type(x, Any)
    assert_type(ffi.cast("int", 3), FFI.CData)
    assert_type(ffi.from_buffer(bytearray(8)), FFI.CData)
    assert_type(ffi.from_buffer("int[]", bytearray(8), require_writable=True), FFI.CData)
    ffi.from_buffer(3)  # type: ignore[call-overload]
    assert_type(ffi.from_handle(ffi.new_handle(object())), Any)
    assert_type(ffi.addressof(p), FFI.CData)
    assert_type(ffi.gc(p, print, size=3), FFI.CData)
    ffi.memmove(p, b"abc", 3)
    ffi.memmove(p, 3, 3)  # type: ignore[arg-type]
    ffi.release(p)
    view = ffi.buffer(p, 3)
    assert_type(view[0:2], bytes)
    view[0:2] = b"ab"
    assert_type(len(view), int)
    new: Callable[..., FFI.CData] = ffi.new_allocator(lambda size: p, None, True)
    new("int *")


def calls() -> None:
    lib = ffi.dlopen(None, ffi.RTLD_NOW | FFI.RTLD_GLOBAL)
    assert_type(lib.abs(3), Any)
    lib.variable = 3
    assert_type(ffi.addressof(lib, "abs"), FFI.CData)
    ffi.dlclose(lib)
    ffi.dlclose("libc")  # type: ignore[arg-type]
    assert_type(ffi.callback("int(int)", lambda x: x), FFI.CData)

    @ffi.callback("int(int)", error=-1)
    def plus(x: int) -> int:
        return x + 1

    assert_type(plus, FFI.CData)

    @ffi.def_extern(error=3)
    def named(x: int) -> int:
        return x

    assert_type(named(3), int)
    ffi.errno = ffi.errno + 1
    assert_type(ffi.init_once(lambda: 3, "tag"), int)


def compiling() -> None:
    ffi.set_source("module", "#include <math.h>", libraries=["m"])
    assert_type(ffi.compile(verbose=True), str)
    assert_type(ffi.verify("").f(3), Any)
    module = cffi_core.load("module.so")
    assert_type(module.ffi, FFI)
