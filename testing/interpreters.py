"""Programs in a process of their own, which may make subinterpreters: a crash shows as one."""

import subprocess
import sys
import textwrap

import native_library
import pytest

# create(own_gil=...) and execute() whatever this Python calls them; SETUP is what an
# interpreter runs first, to find the same modules.
PRELUDE = """
import sys, threading
sys.path[:] = {path!r}
SETUP = "import sys; sys.path[:] = {path!r}\\n"
try:
    import _interpreters
except ImportError:
    try:
        import _xxsubinterpreters as _interpreters
    except ImportError:
        _interpreters = None

def create(own_gil=True):
    if _interpreters is None:
        print("none", flush=True)
        import os; os._exit(0)
    if sys.version_info >= (3, 13):
        return _interpreters.create("isolated" if own_gil else "legacy")
    if sys.version_info >= (3, 12):
        return _interpreters.create(isolated=own_gil)
    return _interpreters.create(isolated=False)  # has no GIL of its own, either way

def execute(interp, code):
    problem = getattr(_interpreters, "exec", _interpreters.run_string)(interp, code)
    assert problem is None, problem

"""

# `ffi` and `lib` of the tests' own library.
READY = """
import cffi_core
ffi = cffi_core.FFI()
ffi.cdef(HEADER)
lib = ffi.dlopen(PATH)
"""


def run(body: str, *folders, timeout=120, options=(), **names: object) -> tuple[str, str]:
    """What a program prints: (stdout, stderr). It must end well.

    It finds modules in FOLDERS, too, and begins with NAMES bound to these values.
    """
    program = PRELUDE.format(path=[*map(str, folders), *filter(None, sys.path)])
    program += "".join(f"{name} = {value!r}\n" for name, value in names.items())
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", *options, "-c", program + textwrap.dedent(body)],
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    if done.stdout.endswith("none\n"):
        pytest.skip("this Python cannot make subinterpreters")
    assert done.returncode == 0, (done.returncode, done.stdout[-500:], done.stderr[-3000:])
    return done.stdout, done.stderr


def run_clib(clib, code: str, **names: object) -> str:
    """What a program prints that has `ffi` and `lib`; READY gives them to an interpreter, too."""
    names |= {"HEADER": native_library.header("callbacks.h"), "PATH": str(clib), "READY": READY}
    return "".join(run("exec(READY)\n" + textwrap.dedent(code), **names))
