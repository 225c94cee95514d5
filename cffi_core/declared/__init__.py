"""Types and declarations as CFFI's Python objects, for tools that read what cdef() has parsed.

    classes.py  the types: PrimitiveType, PointerType, StructType, ...
    reading.py  from an FFI's table to objects
    writing.py  from objects to C text for cdef(): they may come from a file
    parser.py   what is called ffi._parser
    engine.py   FFI(backend=...): types that somebody else makes

The drop-in's cffi.model and cffi.cparser offer these. cffi_core.model is the smaller and complete
view: typedefs, parameter names and places are not in CFFI's objects.
"""
