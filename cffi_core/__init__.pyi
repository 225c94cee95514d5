"""The module's names for type checkers, which would take its __getattr__ for one of any name."""

from os import PathLike
from typing import Protocol

from ._core import FFI as FFI
from ._core import CDefError as CDefError
from ._core import FFIError as FFIError
from ._core import Lib as _Lib
from ._core import PkgConfigError as PkgConfigError
from ._core import VerificationError as VerificationError
from ._core import VerificationMissing as VerificationMissing

class _Module(Protocol):
    __name__: str
    __file__: str
    ffi: FFI
    lib: _Lib

def load(path: str | bytes | PathLike[str]) -> _Module: ...

__version__: str
