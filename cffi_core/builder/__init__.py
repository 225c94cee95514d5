"""Between an FFI and a compiled module: what set_source(), compile() and verify() do.

The methods of FFI that are written in Python; the core imports them by their first call.

    source.py      set_source(): what is recorded on an FFI      options.py   its arguments
    pkgconfig.py   flags from pkg-config; pkgconfig_kept.py: the same from the cache
    compile.py     compile()       progress.py  of several       stamp.py     up to date or not
    emit.py        emit_c_code(), emit_python_code()             pymodule.py  the Python module
    extension.py   distutils_extension()
    verify.py      verify()        verifier.py  Verifier         key.py       what it depends on
    unit.py        emit, compile, check: one module from declarations to a file
    advice.py      what a failed run tells the emitter
    replay.py      the same FFI once more                        files.py     whole or not at all
    programs.py    which compiler                                compiler.py  running it
    toolchain_*.py its options by platform                       errors.py    what its errors mean
    again.py       a second verify() of one FFI             own_name.py  a module made anew
    links.py       folders under names that do not move
    unresolved.py, undefined.py    what headers declare and no library has
    header.py      cdef_header()   request.py   what it is asked for
    included.py    what it has recorded on an FFI                unicode.py   set_unicode()
    embedding.py   embedding_init_code()
    process_*.py   a compiler as a child process, by platform
    cli.py         the command emit                              requires.py  the command requires
    script.py      the FFI of a build script

Warm, verify() uses verify.py, verifier.py, key.py, options.py, programs.py, replay.py and the cache
alone: these import nothing that costs milliseconds.
"""


def __getattr__(name: str):
    if name == "compile_all":
        from .compile import compile_all

        return compile_all
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
