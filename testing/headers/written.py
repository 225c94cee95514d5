"""What `cffi_core.header` writes of a header, read back: it must mean the same."""

from cffi_core import FFI
from cffi_core.header import Header, read
from cffi_core.header.diff import lost
from cffi_core.header.write import Everything, text
from cffi_core.model import Model


def differences(path: str, before: tuple[str, ...], flags: list[str]) -> list[tuple[str, str]]:
    """(what was written, what is wrong with it) of a header's own declarations, then of all."""
    header = read(path, before=before, extra_compile_args=flags)
    found = []
    for what, shown in ("own", header), ("all", Everything(header.model)):
        found += [(what, line) for line in wrong(shown)]
    return found


def wrong(header: Header | Everything) -> list[str]:
    written = text(header)
    if text(header) != written:
        return ["another text the second time"]
    ffi = FFI()
    try:
        ffi.cdef(written)
    except FFI.error as error:
        return [f"refused: {error}"]
    return lost(header.model, Model(ffi), [kept for kept in header.keep if kept.own])
