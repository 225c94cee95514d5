"""pytest's plugin for CFFI's suites on the drop-in: what they take of CFFI's inside, beside its
interface. SUITES_SOURCE is the unpacked source of CFFI, SUITES_STOCK its compiled module.

What is examined for itself, and has no counterpart here, comes from CFFI's source; hooks that the
suites hang themselves into are empty.
"""

import importlib.machinery
import importlib.util
import os
import sys
import sysconfig

import _cffi_backend
import cffi
import cffi.verifier

SOURCE = os.path.join(os.environ["SUITES_SOURCE"], "src", "cffi")
INSIDE = "_imp_emulation", "cffi_opcode"


def take_from_source(name):
    spec = importlib.util.spec_from_file_location(f"cffi.{name}", f"{SOURCE}/{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    setattr(cffi, name, module)
    spec.loader.exec_module(module)


def stock_backend():
    """CFFI's compiled module, beside ours: it has the C functions that test_c.py calls."""
    path = os.environ["SUITES_STOCK"]
    loader = importlib.machinery.ExtensionFileLoader("_cffi_backend", path)
    spec = importlib.machinery.ModuleSpec("_cffi_backend", loader, origin=path)
    module = loader.create_module(spec)
    loader.exec_module(module)
    sys.modules["_cffi_backend"] = _cffi_backend
    return module


def embed(self, kwds):
    """What links a program with Python."""
    kwds.setdefault("libraries", []).append(f"python{sysconfig.get_python_version()}")
    kwds.setdefault("library_dirs", []).append(sysconfig.get_config_var("LIBDIR"))


class Engine:
    """Which of two: there is one here, and its modules have no Python in them."""

    _class_key = "x"
    _gen_python_module = True


for name in INSIDE:
    if importlib.util.find_spec(f"cffi.{name}") is None:
        take_from_source(name)
_cffi_backend._testfunc = stock_backend()._testfunc

for owner, name, value in (
    (cffi.FFI, "_apply_embedding_fix", embed),
    (cffi.verifier, "_FORCE_GENERIC_ENGINE", False),
    (cffi.verifier, "_locate_engine_class", lambda ffi, generic: Engine),
    (cffi.verifier, "_get_so_suffixes", importlib.machinery.EXTENSION_SUFFIXES.copy),
    (cffi.verifier.Verifier, "_write_source", lambda self, file=None: None),
):
    if not hasattr(owner, name):
        setattr(owner, name, value)
