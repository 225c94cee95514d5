"""Call C libraries from Python through their C declarations.

    from cffi_core import FFI

    ffi = FFI()
    ffi.cdef("size_t strlen(const char *);")
    libc = ffi.dlopen(None)
    libc.strlen(b"hello")  # 5

This module imports the core and nothing else, so that importing it is fast. The core is a module
beside this package, so that a compiled module's import finds it in one step and runs no Python code
of ours. Here it is also called cffi_core._core.
"""

import sys

import _cffi_core as _core
from _cffi_core import (
    FFI,
    CDefError,
    FFIError,
    PkgConfigError,
    VerificationError,
    VerificationMissing,
)

__all__ = [
    "FFI",
    "CDefError",
    "FFIError",
    "PkgConfigError",
    "VerificationError",
    "VerificationMissing",
    "load",
]

sys.modules[__name__ + "._core"] = _core


def load(path):
    """A module of the compiled stub in the shared library PATH, with its `ffi` and `lib`.

    The module's name is the file's, up to the first dot. It is not put into sys.modules; the
    library stays loaded. ImportError says what to do.
    """
    import os
    import types

    path = os.fsdecode(path)
    name = os.path.basename(path).partition(".")[0]
    module = types.ModuleType(name)
    try:
        module.ffi, module.lib = _core.load_stub(os.path.abspath(path), name)
    except ImportError:
        from .builder.compiler import is_foreign

        if not is_foreign(path):
            raise
        # The dynamic linker says that there is no such file.
        text = f"{name}: {path} was compiled for another machine than this one: build it here"
        raise ImportError(text, name=name, path=path) from None
    module.__file__ = path
    return module


def __getattr__(name: str) -> str:
    if name == "__version__":
        from importlib.metadata import version

        return version("cffi_core")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
