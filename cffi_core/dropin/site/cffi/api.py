"""cffi.FFI: cffi_core's, for sources that were written for CFFI."""

import cffi_core

from . import error as error
from .error import CDefError as CDefError
from .error import FFIError as FFIError
from .error import PkgConfigError as PkgConfigError
from .error import VerificationError as VerificationError
from .error import VerificationMissing as VerificationMissing
from .lock import allocate_lock as allocate_lock


class _Declared:
    """What is declared, as the objects of cffi.model: made when it is first asked for. (What
    functools has for this takes longer to import than all of cffi.)"""

    def __get__(self, ffi, owner=None):
        from .cparser import Parser

        if ffi is None:
            return self
        ffi._parser = Parser(ffi)
        return ffi._parser


class FFI(cffi_core.FFI):
    """In-line use, and what build scripts work with; `from _module import ffi` gives its base."""

    __doc__ = cffi_core.FFI.__doc__

    def __init__(self, backend=None):
        import _cffi_backend

        super().__init__()
        self._table.guess_enums()
        self._backend = _cffi_backend if backend is None else backend
        self._lock = allocate_lock()
        self._parsed_types, self._cached_btypes = {}, {}
        if getattr(self._backend, "CType", None) is not _cffi_backend.CType:
            from cffi_core.declared.engine import Engine

            self._engine = Engine(self, backend)
            self._engine.adopt()

    def _complete_source(self, source):
        """The builder's hook: the C source as it is compiled."""
        from ._headers import complete

        return complete(self, source)

    @property
    def _cdefsources(self):
        return [text for text, _ in self._sources if isinstance(text, str)]

    @property
    def _included_ffis(self):
        return [other for other, _ in self._sources if not isinstance(other, str)]

    _parser = _Declared()

    def _get_cached_btype(self, type):
        return type.get_cached_btype(self)

    def _typeof(self, cdecl, consider_function_as_funcptr=False):
        type = self._parser.parse_type(cdecl)
        if type.is_raw_function and consider_function_as_funcptr:
            type = type.as_function_pointer()
        return self._get_cached_btype(type)

    _windows_unicode = None

    def _apply_windows_unicode(self, kwds):
        from cffi_core.builder.options import with_unicode

        kwds.update(with_unicode(self, kwds))

    _embedding = property(lambda self: getattr(self, "_embedding_code", None))

    def def_extern(self, *args, **kwds):
        raise ValueError("ffi.def_extern() is only available on API-mode FFI objects")
