"""FFI.distutils_extension(): for a setup.py that lists its extensions itself."""

import os

from .options import FILES, WORDS, Options
from .source import require_c


def distutils_extension(ffi, tmpdir="build", verbose=True):
    from setuptools import Extension

    from .emit import c_text
    from .files import write_if_changed

    source = require_c(ffi, "distutils_extension")
    path = os.path.join(tmpdir, *source.module_name.split(".")) + source.source_extension
    written = write_if_changed(path, c_text(ffi, "distutils_extension"))
    if verbose:
        print(("regenerated: %r" if written else "not modified: %r") % path)
    options = Options("distutils_extension", source.source_extension, source.kwds)
    words = {name: getattr(options, name) for name in FILES + WORDS if name != "sources"}
    return Extension(
        source.module_name,
        sources=[path, *options.sources],
        define_macros=options.define_macros,
        language="c++" if options.cplusplus else None,
        py_limited_api=True,
        **words,
    )
