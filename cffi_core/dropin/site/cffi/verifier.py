"""The files of a verify()."""

from cffi_core.builder.verifier import Verifier as Verifier
from cffi_core.builder.verifier import cleanup_tmpdir as cleanup_tmpdir
from cffi_core.builder.verifier import set_tmpdir as set_tmpdir
from cffi_core.builder.verifier import suffixes as _get_so_suffixes  # noqa: F401
