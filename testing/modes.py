"""One library, and one text of types, in every way there is: behaviour tests run in all of them.

register    dlopen(), calls through registers where they can
libffi      dlopen(), calls through libffi alone
python      set_source(name, None): dlopen() of the ffi of a Python module
verify      ffi.verify(): a compiled stub completes the FFI that has the declarations
module      ffi.compile(): a compiled stub is loaded as a module, as of a large library: functions
            of one type share a trampoline

and for what needs no library:

inline      an FFI with a cdef()
included    an FFI with an include() of that of a compiled module
"""

import hashlib
import importlib.util
from typing import ClassVar

import native_library
import pytest
from emitted import sharing

import cffi_core
from cffi_core import FFI, _core

MODES = ["register", "libffi", "python", "verify", "module"]
COMPILED = ["verify", "module"]
UNCOMPILED = ["inline", "register", "libffi", "python"]
LIBRARY_MODES = ["inline", "python", *COMPILED]
TYPE_MODES = [*LIBRARY_MODES, "included"]

HEADERS = "stddef.h", "stdint.h", "stdio.h", "sys/types.h", "uchar.h", "wchar.h"
INCLUDES = "".join(f"#include <{name}>\n" for name in HEADERS)


class Builder:
    """FFIs and modules of declarations; each module is made once in FOLDER.

    The folder may be that of an earlier run, by another Python: what is up to date there
    is not compiled again, because one compiled module loads on each.
    """

    paths: ClassVar[dict] = {}  # what was made: all that it depends on -> path

    def __init__(self, folder) -> None:
        self.folder = folder

    def __call__(self, mode: str, text: str, source: str | None, options: dict, **build):
        """(ffi, lib): text declared in this mode, and with a compiler, compiled with source.

        lib is None where there is none yet.
        """
        if mode not in UNCOMPILED:
            native_library.compiler()
        if mode in ("module", "included"):
            module = cffi_core.load(self.made(text, source, options, build))
            if mode == "module":
                return module.ffi, module.lib
            ffi = FFI()
            ffi.include(module.ffi)
            return ffi, None
        if mode == "python":
            return self.imported(self.made(text, None, options, {})).ffi, None
        ffi = declared(text, options)
        return ffi, ffi.verify(source, **build) if mode == "verify" else None

    def made(self, text: str, source: str | None, options: dict, build: dict) -> str:
        """The path of a module."""
        key = repr((text, source, sorted(options.items()), sorted(build.items())))
        if key not in self.paths:
            ffi = declared(text, options)
            ffi.set_source(f"_m{hashlib.sha256(key.encode()).hexdigest()[:12]}", source, **build)
            with sharing():
                self.paths[key] = ffi.compile(tmpdir=str(self.folder))
        return self.paths[key]

    def imported(self, path: str):
        """A Python module from its file, anew each time."""
        spec = importlib.util.spec_from_file_location("_python_module", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


class Opener:
    """opener(header, ...) is (ffi, lib) for a header of testing/clib, in its mode.

    With text, that is declared instead of all that is in the header.
    """

    def __init__(self, mode: str, clib, folder) -> None:
        self.mode, self.clib, self.builder = mode, clib, Builder(folder)

    def __call__(self, header: str, text: str = "", **cdef_options):
        text = text or native_library.header(header)
        build = {
            "include_dirs": [str(native_library.SOURCES)],
            "extra_link_args": [str(self.clib)],
            "extra_compile_args": ["-D_GNU_SOURCE"],
        }
        source = f'{INCLUDES}#include "{header}"\n'
        ffi, lib = self.builder(self.mode, text, source, cdef_options, **build)
        return ffi, lib or ffi.dlopen(str(self.clib))


class Declarer:
    """declare(text, ...) is an ffi with these types, in its mode.

    source is their C text where that is another one; options are those of cdef().
    """

    def __init__(self, mode: str, folder) -> None:
        self.mode, self.builder = mode, Builder(folder)

    def __call__(self, text: str = "", source: str | None = None, **options):
        if source is None:
            source = packed_as(options, text)
        ffi, _ = self.builder(self.mode, text, INCLUDES + source, options)
        return ffi

    def completing(self) -> None:
        """The test gives a body to a struct that is opaque in the ffi."""
        if self.mode == "included":
            pytest.skip("as another type, where it is included: test_include.py")


def declared(text: str, options: dict) -> FFI:
    ffi = FFI()
    ffi.cdef(text, **options)
    return ffi


def packed_as(options: dict, text: str) -> str:
    """C text of declarations to which options of cdef() apply."""
    pack = 1 if options.get("packed") else options.get("pack")
    return text if pack is None else f"#pragma pack(push, {pack})\n{text}\n#pragma pack(pop)\n"


def evaluated(ffi, expression, **names):
    """The value of a str, with ffi at hand; what is no str is itself."""
    names |= {"ffi": ffi}
    return eval(expression, names) if isinstance(expression, str) else expression


def set_backend(mode: str) -> None:
    _core._set_backend("libffi" if mode == "libffi" else "auto")
