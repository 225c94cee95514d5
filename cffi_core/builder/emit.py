"""FFI.emit_c_code() and emit_python_code(): the text that compile() starts from."""

from .options import Options, path_of
from .source import recorded, require_c


def emit_c_code(ffi, filename) -> None:
    deliver(c_text(ffi, "emit_c_code"), filename)


def emit_python_code(ffi, filename) -> None:
    from .pymodule import module_text

    source = recorded(ffi, "emit_python_code")
    if source.source is not None:
        raise TypeError(
            "emit_python_code() is only for dlopen()-style pure Python modules, not for C "
            "extension modules"
        )
    deliver(module_text(ffi, source), filename)


def c_text(ffi, function: str) -> str:
    return stub_of(ffi, function).text


def stub_of(ffi, function: str):
    """The Stub of the module that set_source() named, for a method of FFI or a command."""
    from .unit import Unit

    source = require_c(ffi, function)
    options = Options(function, source.source_extension, source.kwds)
    return Unit(ffi, source.module_name, source.source, options).emit()


def deliver(text: str, filename) -> None:
    """To a file, which is left alone if it has this text; or to an object with write()."""
    if hasattr(filename, "write"):
        filename.write(text)
        return
    from .files import write_if_changed

    write_if_changed(path_of("filename", filename), text, make_folder=False)
