"""The same declarations once more, in an FFI of their own."""

from .options import is_for_cffi


def replay(ffi, copy=None):
    """A plain FFI, or the new FFI copy, with all that ffi was told. verify() completes the table of
    the FFI it is called on; what is emitted must not depend on whether that happened before."""
    from cffi_core import FFI

    copy = FFI() if copy is None else copy
    if is_for_cffi(ffi):
        copy._table.guess_enums()
    for text, options in ffi._sources:
        if isinstance(text, str):
            declare = copy.embedding_api if options["embedding"] else copy.cdef
            declare(text, **given(options))
        else:
            copy.include(text)
    copy._table.docs.update(ffi._table.docs)
    return copy


def given(options: dict) -> dict:
    """The arguments of cdef() or embedding_api() that lead to these recorded options."""
    pack = {"pack": options["pack"]} if options["pack"] else {}
    if options["embedding"]:
        return pack
    return pack | {name: options[name] for name in ("override", "release_gil")}


def declarations(ffi) -> str:
    """All that ffi was told, as one text; what it includes in brackets."""
    parts: list[str] = []
    for text, options in ffi._sources:
        if isinstance(text, str):
            parts.append(f"{len(text)} {sorted(options.items())}\n{text}\n")
        else:
            parts.append(f"[\n{declarations(text)}]\n")
    return "".join(parts)
