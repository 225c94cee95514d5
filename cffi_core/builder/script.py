"""The FFI that a build script makes: for the command line, and for setuptools."""

import os
import sys


class NoSuchFFI(Exception):
    """The script makes no FFI of that name."""


class NoScript(NoSuchFFI):
    """There is no such script."""


def made_by(script: str, name: str, run_as: str = "__cffi__"):
    """What the Python file script calls name; the result, if that is a function.

    Executed, not imported: a package's __init__.py may need the module that is not built yet. It
    sees the modules beside it, as when it is run. NoSuchFFI: there is no such name.
    """
    from cffi_core import FFI

    namespace = {"__name__": run_as, "__file__": script}
    try:
        with open(script, "rb") as file:
            text = file.read()
    except (OSError, ValueError) as error:
        raise NoScript(f"cannot read the script {script!r}: {reason(error)}") from None
    code = compile(text, script, "exec")
    sys.path.insert(0, os.path.dirname(os.path.abspath(script)))
    try:
        exec(code, namespace)
        if name not in namespace:
            raise NoSuchFFI(f"{script} has no {name!r}")
        found = namespace[name]
        return found() if callable(found) and not isinstance(found, FFI) else found
    finally:
        del sys.path[0]


def reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def ffi_of(script: str, name: str):
    """That, which must be an FFI. NoSuchFFI: it is none."""
    from cffi_core import FFI

    found = made_by(script, name)
    if not isinstance(found, FFI):
        raise NoSuchFFI(f"{name!r} in {script} is no FFI, and no function that returns one")
    return found
