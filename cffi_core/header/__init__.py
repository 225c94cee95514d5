"""Real headers: from the name of a .h file to declarations, values and comments.

    header = read(["sqlite3.h"])
    header.ffi       an FFI with all that the preprocessed text declares, and the macros' values
    header.keep      what of it is asked for
    text = write.text(header)               what is asked for, as C text for cdef()

    preprocess.py  running the C preprocessor
    text.py        what it prints: line markers, #define lines, comments; the text without them
    macros.py      object-like macros, expanded by the preprocessor, evaluated by our parser
    own.py         which files belong to the named headers
    again.py       what they declare once more, after headers that do not belong to them
    selection.py   what is kept: their declarations, and the types that these need
    comments.py    which comment belongs to which declaration
    faults.py      what a failure means, and what helps
    placed.py      all of it as the text that is cached
    write.py       as a text for people; write_types.py, write_layout.py, write_text.py
    diff.py        what two texts declare differently

FFI.cdef_header() is in cffi_core/builder/header.py, which caches what is found out here.
"""

from cffi_core.builder.request import Request

from . import again, comments, macros, own, selection
from .preprocess import Preprocessor
from .selection import Kept
from .text import Text, declarable

__all__ = ["Header", "Kept", "Request", "read"]


class Header:
    """What was found out about some headers.

    ffi      an FFI with everything that the preprocessed text declares, the system's headers
             included, and the macros of the named headers: constants with their values
    model    cffi_core.model.Model of it
    keep     list of Kept, ordered so that what a declaration needs stands before it
    docs     name -> comment; of records and enums "struct name" and the like
    macros   name -> what the preprocessor makes of it; None: it has parameters
    skipped  list of (macro, "file:line:column", reason): not available, or not as it stands
    files    the files that were read
    absent   places where they were looked for before
    names    the headers, as they were named
    request  the Request: request.source is the C text that includes them
    """

    def __init__(self, request: Request) -> None:
        from cffi_core import FFI, CDefError
        from cffi_core.model import Model

        self.request = request
        self.names = request.headers
        run = Preprocessor(request)
        text = Text(run.definitions())
        files = own.files(text, request)
        found = macros.expand(run, text, files)
        self.macros = {one.macro.name: one.text for one in found}
        self.ffi = FFI()
        self.ffi.cdef(declarable(text.clean))
        self.model = Model(self.ffi)
        again.move(self.model, text, files)
        self.skipped = macros.declare(self.ffi, found)
        self.keep = selection.keep(self.model, text, files, request.select)
        if request.select and not any(kept.own for kept in self.keep):
            patterns = " or ".join(request.select)
            raise CDefError(f"{', '.join(self.names)}: no name that is declared is like {patterns}")
        self.docs = comments.attach(self.model, self.keep, text)
        self.files = text.files
        self.absent = run.absent


def read(headers, **options) -> Header:
    """Preprocesses, parses and evaluates; the options are those of FFI.cdef_header()."""
    return Header(Request(headers, **options))
