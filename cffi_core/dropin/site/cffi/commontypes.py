"""Names of types that need no declaration."""

from cffi_core import FFI


def _standard():
    """What FFI() knows before any cdef(): names in _t, bool, FILE."""
    from cffi_core.model import D, Model

    model = Model(FFI())
    return {d.name: model.spell(d.type) for d in model.decls if d.kind == D.TYPEDEF}


COMMON_TYPES = _standard()


def resolve_common_type(parser, commontype):
    """(ctype, qualifiers)"""
    return FFI().typeof(COMMON_TYPES.get(commontype, commontype)), 0
