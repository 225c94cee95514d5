"""CFFI's second engine by name: it chooses the one there is. And names of Python 2's, which
programs import from here."""

import _cffi_backend

long, unicode, xrange = int, str, range


class CTypesBackend:
    """For FFI(backend=CTypesBackend())."""

    def __getattr__(self, name):
        return getattr(_cffi_backend, name)
