"""Modules from declarations, without set_source() having been called."""

import os
from io import StringIO as NativeIO

from cffi_core.builder.replay import replay

from .api import FFI


def _prepared(ffi, module_name, preamble, source_extension=".c", **kwds):
    """An FFI with the declarations of ffi, and its set_source() called."""
    copy = replay(ffi, FFI())
    copy._embedding_code = getattr(ffi, "_embedding_code", None)
    copy.set_source(module_name, preamble, source_extension, **kwds)
    return copy


def _write(emit, target, verbose):
    """Whether the target, a path or a file, was written: not where it has that text already."""
    if hasattr(target, "write"):
        emit(target)
        return True
    text = NativeIO()
    emit(text)
    from cffi_core.builder.files import write_if_changed

    written = write_if_changed(os.fspath(target), text.getvalue())
    if verbose:
        print("generating" if written else "(already up-to-date)", target)
    return written


def make_c_source(ffi, module_name, preamble, target_c_file, verbose=False):
    assert preamble is not None
    return _write(_prepared(ffi, module_name, preamble).emit_c_code, target_c_file, verbose)


def make_py_source(ffi, module_name, target_py_file, verbose=False):
    return _write(_prepared(ffi, module_name, None).emit_python_code, target_py_file, verbose)


class Recompiler:
    """Its steps, for build tools that take them one by one; only the last does something."""

    def __init__(self, ffi, module_name, target_is_python=False):
        self.ffi, self.module_name, self.target_is_python = ffi, module_name, target_is_python

    def collect_type_table(self):
        pass

    def collect_step_tables(self):
        pass

    def write_source_to_f(self, f, preamble):
        if self.target_is_python:
            make_py_source(self.ffi, self.module_name, f)
        else:
            make_c_source(self.ffi, self.module_name, preamble, f)


def recompile(
    ffi,
    module_name,
    preamble,
    tmpdir=".",
    call_c_compiler=True,
    c_file=None,
    source_extension=".c",
    extradir=None,
    compiler_verbose=1,
    target=None,
    debug=None,
    uses_ffiplatform=True,
    **kwds,
):
    """The compiled file; without call_c_compiler (extension, whether its source was written)."""
    if call_c_compiler:
        if hasattr(c_file, "write"):
            raise TypeError(
                "Writing to file-like objects is not supported with call_c_compiler=True"
            )
        ready = _prepared(ffi, module_name, preamble, source_extension, **kwds)
        return ready.compile(tmpdir, compiler_verbose, target, debug)
    path = c_file
    if c_file is None:
        name = module_name.replace(".", os.sep) + (".py" if preamble is None else source_extension)
        path, c_file = os.path.join(extradir or "", name), os.path.join(tmpdir, name)
    if preamble is None:
        return None, make_py_source(ffi, module_name, c_file, compiler_verbose)
    ready = _prepared(ffi, module_name, preamble, source_extension, **kwds)
    extension = None
    if uses_ffiplatform:
        from .ffiplatform import get_extension

        extension = get_extension(path, module_name, **kwds)
    return extension, _write(ready.emit_c_code, c_file, compiler_verbose)
