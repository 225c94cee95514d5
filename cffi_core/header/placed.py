"""The cdef text that is cached: with the places in the headers, and what is unavailable."""

from cffi_core.model import DF

from .macros import unavailable
from .text import marker
from .write import Writer


class Placed(Writer):
    """Writes a line marker before each declaration."""

    def add(self, mark, where, *rest) -> None:
        first = len(self.chunks)
        super().add(mark, where, *rest)
        for i, chunk in enumerate(self.chunks[first:], first):
            text = marker(where.line, where.file) + chunk.text
            self.chunks[i] = chunk._replace(text=text)


def text(header) -> str:
    """For cdef(): what a Header keeps, and what it could not."""
    return Placed(header).write() + "".join(map(refusal, refused(header)))


def refused(header) -> list:
    decls = [header.model.decls[kept.index] for kept in header.keep if kept.kind == "unavailable"]
    return [decl for decl in decls if not decl.flags & DF.ENUMERATOR]


def refusal(decl) -> str:
    return f"\n{marker(decl.where.line, decl.where.file)}{unavailable(decl.name, decl.text)}"
