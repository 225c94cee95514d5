"""CFFI's exceptions."""

from cffi_core import CDefError as CDefError
from cffi_core import FFIError as FFIError
from cffi_core import PkgConfigError as PkgConfigError
from cffi_core import VerificationError as VerificationError
from cffi_core import VerificationMissing as VerificationMissing
