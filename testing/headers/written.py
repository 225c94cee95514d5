"""What `cffi_core.header.write` makes of a header's declarations, read back: it means the same."""

from cffi_core import FFI
from cffi_core.header.diff import Facts, lost
from cffi_core.header.write import Everything, text
from cffi_core.model import Model

from .claims import Claim


def examine(result, ffi: FFI) -> list[Claim]:
    """Everything an FFI declares, written and declared again; a claim for what came through."""
    shown = Everything(Model(ffi))
    again = FFI()
    try:
        again.cdef(text(shown))
    except FFI.error as error:
        result.misses.append(("written", result.header, f"refused: {error}"))
        return []
    wrong = lost(shown.model, Model(again), shown.keep)
    result.misses += [("written", result.header, line) for line in wrong]
    return [Claim("written", name) for _, name in Facts(Model(again)).entries][len(wrong) :]
