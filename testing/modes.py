"""One library, opened in every way there is: behaviour tests run in all of them.

register    dlopen(), calls through registers where they can
libffi      dlopen(), calls through libffi alone
verify      ffi.verify(): a compiled stub completes the FFI that has the declarations
module      ffi.compile(): a compiled stub is loaded as a module
"""

from typing import ClassVar

import native_library

import cffi_core
from cffi_core import FFI, _core

MODES = ["register", "libffi", "verify", "module"]
COMPILED = ["verify", "module"]


class Opener:
    """opener(header, ...) is (ffi, lib) for a header of testing/clib, in its mode.

    With text, that is declared instead of all that is in the header.
    """

    modules: ClassVar[dict] = {}  # what was compiled: (header, text, options) -> path

    def __init__(self, mode: str, clib, folder) -> None:
        self.mode, self.clib, self.folder = mode, clib, folder

    def __call__(self, header: str, text: str = "", **cdef_options):
        ffi = FFI()
        ffi.cdef(text or native_library.header(header), **cdef_options)
        if self.mode not in COMPILED:
            return ffi, ffi.dlopen(str(self.clib))
        build = {
            "include_dirs": [str(native_library.SOURCES)],
            "extra_link_args": [str(self.clib)],
            "extra_compile_args": ["-D_GNU_SOURCE"],
        }
        included = "<stddef.h>", "<stdint.h>", "<wchar.h>", f'"{header}"'
        source = "".join(f"#include {name}\n" for name in included)
        if self.mode == "verify":
            return ffi, ffi.verify(source, **build)
        key = header, text, *sorted(cdef_options.items())
        if key not in self.modules:
            name = f"_{header.partition('.')[0]}_{len(self.modules)}"
            ffi.set_source(name, source, **build)
            self.modules[key] = ffi.compile(tmpdir=str(self.folder))
        module = cffi_core.load(self.modules[key])
        return module.ffi, module.lib


def module_of(folder, name: str, cdef: str, source: str, **build):
    """(ffi, lib) of a module compiled from SOURCE."""
    ffi = FFI()
    ffi.cdef(cdef)
    assert ffi.unavailable() == []
    ffi.set_source(name, source, **build)
    module = cffi_core.load(ffi.compile(tmpdir=str(folder)))
    return module.ffi, module.lib


def set_backend(mode: str) -> None:
    _core._set_backend("libffi" if mode == "libffi" else "auto")
