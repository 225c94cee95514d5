"""From declarations to C: one file that a C compiler checks and completes.

    stub = emit(Model(ffi), "package._module", "#include <foo.h>")
    stub.text            # the file: the user's source, then tables and code for the declarations
    stub.origin(1234)    # which declaration line 1234 is about

A pure function of its arguments: the same text on every machine, for every target.  cd_stub.h is
the contract between the file and the core, and a part of the file.
"""

import os

from cffi_core.model import Model, sha256

from . import emit_embedding
from .emit_checks import Strict
from .emit_embedding import Embedding
from .emit_text import Origin
from .emit_unit import Unit

__all__ = ["Embedding", "Origin", "Stub", "emit"]


class Stub:
    """What emit() makes.

    text      the C file
    filename  what it calls itself in its #line
    min_core  the lowest contract (major, minor) of a core that can load it
    """

    __slots__ = ("_first", "_origins", "filename", "min_core", "text")

    def __init__(self, text, filename, min_core, first, origins):
        self.text: str = text
        self.filename: str = filename
        self.min_core: tuple[int, int] = min_core
        self._first = first
        self._origins = origins

    def origin(self, line: int) -> Origin | None:
        """What a line of the text is about; None: the user's source, or no declaration's line."""
        index = line - self._first
        return self._origins[index] if 0 <= index < len(self._origins) else None

    def is_source(self, line: int) -> bool:
        """Whether a line of the text is the user's source."""
        return line < self._first - 1


def header() -> str:
    """The text of cd_stub.h as it is pasted; paste.py makes it."""
    with open(os.path.join(os.path.dirname(__file__), "cd_pasted.txt"), encoding="utf-8") as file:
        return file.read()


def emit(
    model: Model,
    module_name: str,
    source: str,
    *,
    strict: bool | frozenset[str] = False,
    lenient: bool = False,
    language: str = "c",
    not_constant: frozenset[str] = frozenset(),
    not_macros: frozenset[str] = frozenset(),
    missing: frozenset[str] = frozenset(),
    not_tags: frozenset[str] = frozenset(),
    not_variables: frozenset[str] = frozenset(),
    comments: bool = False,
    embedding: Embedding | None = None,
    for_cffi: bool = False,
    as_found: bool = False,
    importable: bool = True,
) -> Stub:
    """The C file for a module.

    source        C text that declares what the model declares; it comes first
    strict        types must be exactly the declared ones; names of files: where they are from there
    lenient       else what the compiler only warns of is no error, as long as it is memory-safe
    language      "c" or "c++": what the file will be compiled as
    not_constant  names of constants that the compiler does not take for constant expressions, and
                  of functions that are variables to it
    not_macros    names of fields that are macros in the source as well, and not meant as such
    missing       symbols that need not be there when the module is loaded
    not_tags      tags that the source has not, or their typedefs: those are written instead
    not_variables names of const variables that have no address: they are values
    comments      functions have what comments say of them
    embedding     C programs call the extern "Python" functions: the code is with them that starts
                  Python when the first of them is called
    for_cffi      the declarations are those of the drop-in's cffi.FFI
    as_found      enumerators have the values, and structs with unnamed members the layouts, that
                  the compiler finds, whatever is declared
    importable    CPython may import it; else it is loaded by its data symbol alone

    ValueError: a module name that no file or C symbol can have.
    """
    check_arguments(model, source, language, embedding)
    check_name(module_name)
    checks = Strict(strict, language, lenient)
    unit = Unit(model, checks, language == "c++", not_constant, not_macros)
    unit.not_variables = not_variables
    unit.for_cffi = for_cffi
    unit.as_found = unit.types.mirrors.as_found = as_found
    unit.importable = importable
    unit.functions.missing = missing
    unit.spell.avoid(not_tags, for_cffi)
    unit.comments = model.docs if comments else {}
    unit.collect()
    last = module_name.rpartition(".")[2]
    filename = f"{last}.{'cpp' if language == 'c++' else 'c'}"
    if source and not source.endswith("\n"):
        source += "\n"
    source = "".join(f"#pragma weak {name}\n" for name in sorted(missing)) + source
    if embedding is not None:
        source = emit_embedding.before(filename) + source
    # The line behind the #line is the first of ours.
    first = source.count("\n") + 2
    text = unit.text(module_name, header(), embedding and emit_embedding.START)
    own = "\n".join(text.lines) + "\n"
    if embedding is not None:
        own += emit_embedding.behind(embedding, module_name)
    whole = f'{source}#line {first} "{filename}"\n{own}'
    digest = sha256(whole.encode("utf-8", "surrogateescape"))
    words = [f"0x{digest[i : i + 8].hex()}u" for i in range(0, 32, 8)]
    whole = whole.replace(unit.NO_DIGEST, ", ".join(words))
    return Stub(whole, filename, unit.min_core, first, text.origins)


def check_arguments(model, source, language, embedding) -> None:
    for name, value, wanted in (
        ("model", model, Model),
        ("source", source, str),
        ("embedding", embedding, (Embedding, type(None))),
    ):
        if not isinstance(value, wanted):
            kind = "an Embedding or None" if name == "embedding" else f"a {wanted.__name__}"
            raise TypeError(f"'{name}' must be {kind}, not {type(value).__name__}")
    if not isinstance(language, str) or language not in ("c", "c++"):
        raise ValueError("'language' must be 'c' or 'c++'")


def check_name(module: str) -> None:
    if not isinstance(module, str):
        raise TypeError(f"'module_name' must be a str, not {type(module).__name__}")
    if not all(part.isidentifier() for part in module.split(".")):
        raise ValueError(f"a module cannot be called {module!r}")
