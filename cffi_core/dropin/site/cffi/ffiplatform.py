"""Extensions of setuptools, compiled one at a time."""

import os
import sys

from cffi_core.builder.files import from_here as maybe_relative_path  # noqa: F401
from cffi_core.builder.options import FILES

from .error import VerificationError as VerificationError

LIST_OF_FILE_NAMES = list(FILES)


def get_extension(srcfilename, modname, sources=(), **kwds):
    from setuptools import Extension

    return Extension(modname, [srcfilename, *map(os.path.normpath, sources)], **kwds)


def compile(tmpdir, ext, compiler_verbose=0, debug=None):
    """The path of the file that ext is compiled to, below tmpdir."""
    from setuptools import Distribution
    from setuptools.errors import CompileError, LinkError

    dist = Distribution({"ext_modules": [ext]})
    dist.parse_config_files()
    options = dist.get_option_dict("build_ext")
    given = {"debug": sys.flags.debug if debug is None else debug, "force": True}
    for name, value in (given | {"build_lib": tmpdir, "build_temp": tmpdir}).items():
        options[name] = ("ffiplatform", value)
    try:
        dist.run_command("build_ext")
    except (CompileError, LinkError) as error:
        raise VerificationError(f"{type(error).__name__}: {error}") from None
    [path] = dist.get_command_obj("build_ext").get_outputs()
    return os.path.abspath(path)


def flatten(x):
    """One text for lists, dicts, strings and integers."""
    if isinstance(x, str):
        return f"{len(x)}s{x}"
    if isinstance(x, dict):
        return f"{len(x)}d" + "".join(flatten(k) + flatten(x[k]) for k in sorted(x))
    if isinstance(x, (list, tuple)):
        return f"{len(x)}l" + "".join(map(flatten, x))
    if isinstance(x, int):
        return f"{x}i"
    raise TypeError(f"the keywords to verify() contains unsupported object {x!r}")
