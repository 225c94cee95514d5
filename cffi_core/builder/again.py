"""A second verify() of one FFI: what the first one has completed must be the same now.

A complete type never changes, so a source in which it is another cannot be used with this FFI.
"""

from cffi_core import FFIError, VerificationError, VerificationMissing, _core

from .replay import replay


def check(ffi, path: str, name: str) -> None:
    """Raises VerificationError when the stub in path has a type that is another one in ffi."""
    fresh = replay(ffi)
    _core.load_stub(path, name, fresh)
    typedefs, structs, unions = fresh.list_types()
    tags = [f"struct {tag}" for tag in structs] + [f"union {tag}" for tag in unions]
    different = [type for type in typedefs + tags if differ(layout(ffi, type), layout(fresh, type))]
    if different:
        raise VerificationError(
            f"to the C compiler these are not what they were in an earlier verify() of the same "
            f"FFI: {', '.join(different)}. A type never changes; use another FFI."
        )


def differ(before, now) -> bool:
    return before is not None and now is not None and before != now


def layout(ffi, name: str):
    """What can be compared of a type; None: it is not complete."""
    try:
        ctype = ffi.typeof(name)
        if ctype.kind not in ("struct", "union"):
            return ffi.sizeof(ctype)
        fields = [(n, f.offset, f.bitshift, f.bitsize) for n, f in ctype.fields or ()]
        return ffi.sizeof(ctype), fields
    except (FFIError, VerificationMissing, ValueError, TypeError):
        return None
