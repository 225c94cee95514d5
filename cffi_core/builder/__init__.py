"""Between an FFI and a compiled module: what set_source(), compile() and verify() do.

The methods of FFI that are written in Python; the core imports them by their first call.

    source.py      set_source(): what is recorded on an FFI      options.py  its keywords
    pkgconfig.py   flags from pkg-config
    compile.py     compile(), and compile_all() for several      stamp.py    up to date or not
    emit.py        emit_c_code(), emit_python_code()             pymodule.py the Python module
    extension.py   distutils_extension()
    verify.py      verify()        verifier.py  Verifier         key.py      what makes it another
    unit.py        emit, compile, check: one module from declarations to a file
    compiler.py    which compiler, and running it                errors.py   what its errors mean
    toolchain_*.py its options by platform                       replay.py   the same FFI again

Warm, verify() uses key.py, verify.py, verifier.py, options.py and the cache alone: these import
nothing that costs milliseconds.
"""


def __getattr__(name: str):
    if name == "compile_all":
        from .compile import compile_all

        return compile_all
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
