"""Call C libraries from Python through their C declarations.

    from cffi_core import FFI

    ffi = FFI()
    ffi.cdef("size_t strlen(const char *);")
    libc = ffi.dlopen(None)
    libc.strlen(b"hello")  # 5

This module imports the core and nothing else, so that importing it is fast.
"""

from ._core import (
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
]


def __getattr__(name: str) -> str:
    if name == "__version__":
        from importlib.metadata import version

        return version("cffi_core")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
