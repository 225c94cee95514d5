"""The module's names for type checkers, which would take its __getattr__ for one of any name."""

from ._core import FFI as FFI
from ._core import CDefError as CDefError
from ._core import FFIError as FFIError
from ._core import PkgConfigError as PkgConfigError
from ._core import VerificationError as VerificationError
from ._core import VerificationMissing as VerificationMissing

__version__: str
