"""FFI(backend=...) with an engine that is not ours: any object with CFFI's functional interface
(functional.py has the functions). The core parses; types, data and libraries are the engine's.
"""

import os

from . import classes

# Methods of FFI that take a type or its text first, and what they are called there.
METHODS = {"new": "newp", "cast": "cast", "sizeof": "sizeof", "alignof": "alignof"}


class Engine:
    """What an FFI asks instead of the core."""

    def __init__(self, ffi, backend) -> None:
        self.ffi, self.backend = ffi, backend
        self.made: dict = {}

    def adopt(self) -> None:
        """Makes the FFI's methods the engine's."""
        ffi = self.ffi
        ffi.typeof, ffi.dlopen = self.typeof, self.dlopen
        ffi.CData, ffi.CType = self.backend._get_types()
        ffi.buffer = self.backend.buffer
        for name, theirs in METHODS.items():
            setattr(ffi, name, self._method(theirs))

    def _method(self, name: str):
        def method(cdecl, *args):
            return getattr(self.backend, name)(self.typeof(cdecl), *args)

        return method

    def typeof(self, cdecl):
        return self.ffi._typeof(cdecl) if isinstance(cdecl, str) else cdecl

    def dlopen(self, name, flags: int = 0):
        if isinstance(name, str) and os.sep not in name and "." not in name:
            from ctypes.util import find_library

            path = find_library(name)
            if path is None:
                raise OSError(f"no library called {name!r} is found")
            name = path
        return Library(self, self.backend.load_library(name, flags))

    # ---- types ----------------------------------------------------------------------------------

    def type(self, type):
        """The engine's, of an object of classes.py."""
        if type not in self.made:
            self._make(type)
        return self.made[type]

    def _make(self, type) -> None:
        backend = self.backend
        if isinstance(type, classes.StructOrUnion):
            self._make_record(type)
            return
        if isinstance(type, classes.VoidType):
            made = backend.new_void_type()
        elif isinstance(type, classes.FunctionPtrType):
            args = tuple(map(self.type, type.args))
            made = backend.new_function_type(args, self.type(type.result), type.ellipsis)
        elif isinstance(type, classes.PointerType):
            made = backend.new_pointer_type(self.type(type.totype))
        elif isinstance(type, classes.ArrayType):
            made = backend.new_array_type(self.type(classes.PointerType(type.item)), type.length)
        elif isinstance(type, classes.EnumType):
            name = "int" if min(type.enumvalues, default=0) < 0 else "unsigned int"
            base = self.type(classes.PrimitiveType(name))
            name = type.get_official_name()
            made = backend.new_enum_type(name, type.enumerators, type.enumvalues, base)
        elif isinstance(type, classes.BasePrimitiveType):
            made = backend.new_primitive_type(type.name)
        else:
            made = type.build_backend_type(self.ffi, None)  # which says what it is
        self.made[type] = made

    def _make_record(self, type) -> None:
        """It may point to itself, so it is known before it is complete."""
        new = getattr(self.backend, f"new_{type.kind}_type")
        made = self.made[type] = new(type.get_official_name())
        if type.fldnames is None:
            return
        types = map(self.type, type.fldtypes)
        fields = list(zip(type.fldnames, types, type.fldbitsize, strict=True))
        packed = (8, type.packed) if type.packed else ()  # SF_PACKED
        self.backend.complete_struct_or_union(made, fields, type, -1, -1, *packed)


class Library:
    """What dlopen() gives: names are looked up in the FFI's declarations each time."""

    def __init__(self, engine: Engine, loaded) -> None:
        self.__dict__["_engine"] = engine
        self.__dict__["_loaded"] = loaded

    def _declared(self, name: str, *kinds: str):
        rows = self._engine.ffi._parser._declarations
        for kind in kinds:
            if f"{kind} {name}" in rows:
                return self._engine.type(rows[f"{kind} {name}"][0])
        return None

    def __getattr__(self, name: str):
        function = self._declared(name, "function")
        if function is not None:
            return self._loaded.load_function(function, name)
        variable = self._declared(name, "variable", "constant")
        if variable is not None:
            return self._loaded.read_variable(variable, name)
        try:
            return self._engine.ffi._parser._int_constants[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value) -> None:
        variable = self._declared(name, "variable")
        if variable is None:
            raise AttributeError(name)
        self._loaded.write_variable(variable, name, value)
