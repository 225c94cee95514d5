"""Every allocation of Python's that the runtime makes fails once: MemoryError, and all is whole."""

import importlib.util
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from cffi_core import FFI

if importlib.util.find_spec("_testcapi") is None:
    pytest.skip("this Python cannot make allocations fail", allow_module_level=True)

import no_memory


@pytest.mark.skipif(
    hasattr(sys, "gettotalrefcount"), reason="a debug build asserts that frames can be made"
)
@pytest.mark.skipif(
    bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    reason="CPython 3.13t frees what never was, where there is no memory for a list's items",
)
def test_each_allocation_fails(compiled):
    ffi = FFI()
    ffi.cdef(no_memory.CDEF)
    ffi.set_source(no_memory.NAME, no_memory.SOURCE)
    done = subprocess.run(
        [sys.executable, Path(no_memory.__file__), ffi.compile(tmpdir=str(compiled))],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    word, total = done.stdout.split()
    assert word == "failed"
    assert int(total) > 400
