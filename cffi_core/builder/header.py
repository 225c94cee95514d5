"""FFI.cdef_header(): what headers declare, as the cache has it or cffi_core.header finds it out.

What is cached is a small text for cdef(), with `# 12 "file"` lines for places, and what comments
say. So a warm cdef_header() runs no preprocessor, and parses nothing but what it declares.
"""

import marshal
import os

from cffi_core import _core

from . import programs
from .included import record
from .key import circumstances
from .request import Request

# Raised when the same headers would lead to another text.
REVISION = "6"


def cdef_header(
    ffi,
    headers,
    *more,
    before=(),
    select=None,
    follow=None,
    packages=(),
    override=False,
    release_gil=True,
    **kwds,
) -> None:
    if more:
        raise TypeError("cdef_header() takes several headers as a list, and all else by keyword")
    request = Request(
        headers, before=before, select=select, follow=follow, packages=packages, **kwds
    )
    found = Found(request)
    ffi.cdef(found.text, override=override, release_gil=release_gil)
    ffi._table.docs.update(found.docs)
    record(ffi, request.source, request.compiling(), found.files)


class Found:
    """text: for cdef(); docs: name -> comment; files: those that declarations are from."""

    def __init__(self, request) -> None:
        from cffi_core.cache import Cache

        self.request = request
        self.made = None
        key = {"name": " ".join(request.headers), **request.described()}
        how = circumstances(request.options, os.getcwd())
        core = os.stat(_core.__file__)
        how["contract"] += f" {REVISION} {core.st_size} {core.st_mtime_ns}"
        cache = Cache()
        if compiler_is_there():
            path = cache.get(key, self.build, host=how)
            if self.made is not None:
                cache.get(key, self.again, host=without_compiler(how))
        else:
            path = cache.get(key, self.build, host=without_compiler(how))
        with open(path, "rb") as file:
            self.text, self.docs, self.files = marshal.loads(file.read())

    def build(self, folder: str):
        """Asks the preprocessor."""
        from cffi_core.header import Header, placed

        header = Header(self.request)
        docs, header.docs = header.docs, {}  # the text need not repeat them
        files = sorted({decl.where.file for decl in header.model.decls if decl.where})
        self.made = (placed.text(header), docs, files), header.files, header.absent
        return self.keep(folder, header.files)

    def again(self, folder: str):
        """The same for a day when there is no compiler; its own headers are gone then as well."""
        return self.keep(folder, [path for path in self.made[1] if not is_compilers(path)])

    def keep(self, folder: str, inputs):
        from cffi_core.cache import Built

        path = os.path.join(folder, "header.cdef")
        with open(path, "wb") as file:
            file.write(marshal.dumps(self.made[0]))
        return Built(path, inputs, self.made[2])


def compiler_is_there() -> bool:
    words = programs.command(False)
    return programs.find(words[programs.program_index(words)]) is not None


def without_compiler(how: dict[str, str]) -> dict[str, str]:
    return how | {"compiler": f"not there: {os.environ.get('CC', '')}"}


def is_compilers(path: str) -> bool:
    return any(f"/lib/{name}/" in path for name in ("gcc", "clang", "llvm"))
