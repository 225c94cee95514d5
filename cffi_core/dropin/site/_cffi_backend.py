"""CFFI's extension module by name, for cffi_core: what programs take from it without going
through an FFI, and what modules that CFFI compiled look for. The rest is in cffi_core.functional,
which is imported when it is asked for."""

from cffi_core import FFI as FFI
from cffi_core import _core
from cffi_core._core import CField as CField
from cffi_core._core import CType as CType
from cffi_core._core import Lib as Lib
from cffi_core._core import _CDataBase as _CDataBase
from cffi_core._core import buffer as buffer

__version__ = "2.1.1"
CData = _CDataBase

_core._name_types()

for _name in dir(FFI):
    if _name.startswith("RTLD_"):
        globals()[_name] = getattr(FFI, _name)
del _name


def __getattr__(name):
    from cffi_core import functional

    if name == "__all__":
        own = {word for word in globals() if not word.startswith("_")}
        return sorted(own | set(functional.NAMES))
    if name in functional.NAMES:
        return getattr(functional, name)
    if name == "_C_API":  # what modules of CFFI's verify() ask for
        _refuse("module that is being imported")
    if name.startswith("__CData"):
        return getattr(_core, name)
    raise AttributeError(f"module '_cffi_backend' has no attribute {name!r}")


def _get_types():
    return CData, CType


def _get_common_types(names):
    names["bool"] = "_Bool"


def _init_cffi_1_0_external_module(address):
    """What modules compiled by CFFI call when they are imported."""
    ffi = FFI()
    _refuse("module " + ffi.string(ffi.cast("char **", address)[0]).decode())


def _refuse(what):
    raise ImportError(
        f"the {what} was compiled by CFFI and can only run on CFFI. `import cffi` is cffi_core in "
        "this environment: build the module again here (for a package: pip install "
        "--force-reinstall --no-deps --no-build-isolation --no-binary :all: NAME), or bring CFFI "
        "back with `python -m cffi_core dropin --remove`"
    )
