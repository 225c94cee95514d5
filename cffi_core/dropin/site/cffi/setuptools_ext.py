from cffi_core.setuptools_ext import cffi_modules as cffi_modules
