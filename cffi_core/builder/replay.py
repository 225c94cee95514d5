"""The same declarations once more, in an FFI of their own."""


def replay(ffi):
    """A plain FFI with all that ffi was told. verify() completes the table of the FFI it is called
    on; what is emitted must not depend on whether that has happened before."""
    from cffi_core import FFI

    copy = FFI()
    for text, options in ffi._sources:
        if isinstance(text, str):
            copy.cdef(text, **given(options))
        else:
            copy.include(text)
    return copy


def given(options: dict) -> dict:
    """The arguments of cdef() that lead to these recorded options."""
    return {name: value for name, value in options.items() if name != "pack" or value}


def declarations(ffi) -> str:
    """All that ffi was told, as one text; what it includes in brackets."""
    parts: list[str] = []
    for text, options in ffi._sources:
        if isinstance(text, str):
            parts.append(f"{len(text)} {sorted(options.items())}\n{text}\n")
        else:
            parts.append(f"[\n{declarations(text)}]\n")
    return "".join(parts)
