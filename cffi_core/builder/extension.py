"""FFI.distutils_extension(): for a setup.py that lists its extensions itself."""


def distutils_extension(ffi, tmpdir="build", verbose=True):
    from cffi_core import setuptools_ext  # imports setuptools

    return setuptools_ext.distutils_extension(ffi, tmpdir, verbose)
