"""FFI.set_source() and set_source_pkgconfig(): what an FFI is to be compiled with."""

from cffi_core.named import named

from .included import with_headers
from .options import Options, check_name, shown, with_unicode

# What set_source() records on the FFI, as its attribute _assigned_source.
Source = named("Source", "module_name source source_extension kwds")


def set_source(ffi, module_name, source, source_extension=".c", **kwds) -> None:
    record(ffi, "set_source", module_name, source, source_extension, kwds)


def set_source_pkgconfig(
    ffi, module_name, pkgconfig_libs, source, source_extension=".c", **kwds
) -> None:
    from .pkgconfig import add_flags

    if not isinstance(pkgconfig_libs, (list, tuple)):
        raise TypeError("the pkgconfig_libs argument must be a list of package names")
    Options("set_source_pkgconfig", source_extension, kwds)
    add_flags(kwds, pkgconfig_libs)
    record(ffi, "set_source_pkgconfig", module_name, source, source_extension, kwds)


def record(ffi, function, module_name, source, source_extension, kwds) -> None:
    if getattr(ffi, "_assigned_source", None) is not None:
        raise ValueError("set_source() cannot be called several times per ffi object")
    check_name(module_name)
    if not isinstance(source, (str, type(None))):
        raise TypeError(f"'source' must be a str, or None for the ABI mode, not {shown(source)}")
    Options(function, source_extension, kwds)
    ffi._assigned_source = Source(module_name, source, source_extension, kwds)
    ffi._table.module = module_name


def recorded(ffi, function: str) -> Source:
    source = getattr(ffi, "_assigned_source", None)
    if source is None:
        raise ValueError(f"set_source() must be called before {function}()")
    source = Source(*source)
    text, kwds = with_headers(ffi, source.source, source.kwds)
    return source._replace(source=text, kwds=with_unicode(ffi, kwds))


def require_c(ffi, function: str) -> Source:
    """What was recorded, for what works only with C source."""
    source = recorded(ffi, function)
    if source.source is None:
        raise TypeError(
            f"{function}() is only for C extension modules, not for dlopen()-style pure Python "
            "modules"
        )
    return source
