"""ffi._parser, as far as programs look into it."""

from functools import cached_property

from cffi_core import FFI

from . import writing
from .reading import Reader


class Parser:
    """The declarations of an FFI, of a new one if none is given."""

    def __init__(self, ffi=None):
        self._ffi = FFI() if ffi is None else ffi
        self._read_at = None

    # ---- declaring ------------------------------------------------------------------------------

    def parse(self, csource, override=False, packed=False, pack=None, dllexport=False):
        declare = self._ffi.embedding_api if dllexport else self._ffi.cdef
        more = {} if dllexport else {"override": override}
        declare(csource, packed=packed, pack=pack, **more)

    def include(self, other):
        self._ffi.include(other._ffi)

    def _parse(self, csource):
        """(pycparser's tree, {macro: text}, the text that it was given); needs pycparser."""
        from .syntax import parse

        return parse(csource)

    # ---- reading --------------------------------------------------------------------------------

    @cached_property
    def _reader(self):
        return Reader(self._ffi._table)

    @cached_property
    def _scratch(self):
        """Types are parsed there: asking for one must not declare anything."""
        scratch = FFI()
        scratch.include(self._ffi)
        reader = Reader(scratch._table)
        reader.included.append(self._reader)
        return scratch, reader

    def _refreshed(self):
        """The reader; it is asked again when there is more to read."""
        table = self._ffi._table
        seen = table.n_types, table.n_decls, len(self._ffi._sources)
        if seen != self._read_at:
            self._reader.refresh()
            self._read_at = seen
            self.__dict__.pop("_declared", None)
        return self._reader

    def parse_type(self, cdecl):
        return self.parse_type_and_quals(cdecl)[0]

    def parse_type_and_quals(self, cdecl):
        self._refreshed()
        scratch, reader = self._scratch
        name = f"_cffi_type_{scratch._table.n_decls}"
        declarator = f"__typeof__({cdecl}) {name}"
        scratch.cdef(f"typedef {declarator};")
        reader.refresh(deep=False)
        types, decls = reader.model.types, reader.model.decls
        return reader.of(types[decls[len(decls)].type].a)

    @property
    def _declarations(self):
        reader = self._refreshed()
        if "_declared" not in self.__dict__:
            self._declared = reader.declarations()
        return self._declared

    @_declarations.setter
    def _declarations(self, rows):
        self._ffi.cdef(writing.text(rows), override=True)

    @property
    def _int_constants(self):
        return self._refreshed().int_constants()

    @_int_constants.setter
    def _int_constants(self, values):
        known = self._int_constants
        more = {name: value for name, value in values.items() if known.get(name) != value}
        self._ffi.cdef(writing.constants(more), override=True)
