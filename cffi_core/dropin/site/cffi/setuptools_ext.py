"""The keyword of setuptools that takes the FFIs of build scripts."""

from cffi_core.setuptools_ext import cffi_modules as cffi_modules


def execfile(filename, glob):
    with open(filename, encoding="utf-8") as file:
        exec(compile(file.read(), filename, "exec"), glob, glob)
