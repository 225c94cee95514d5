"""CFFI's name for cffi_core: put here by `python -m cffi_core dropin`, which also removes it."""

try:
    from .api import FFI
except ImportError as error:
    raise ImportError(
        f"{error}. This `cffi` was made by another cffi_core: `python -m cffi_core dropin` makes "
        "it again, `pip uninstall cffi` removes it"
    ) from None
from .error import CDefError, FFIError, VerificationError, VerificationMissing
from .error import PkgConfigError as PkgConfigError

__all__ = ["FFI", "CDefError", "FFIError", "VerificationError", "VerificationMissing"]

# Whose interface this is.
__version__ = "2.1.1"
__version_info__ = (2, 1, 1)
__version_verifier_modules__ = "0.8.6"
