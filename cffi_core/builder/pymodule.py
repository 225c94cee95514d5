"""The Python module that a set_source() without C source makes: an ffi with its declarations."""

from cffi_core import VerificationError, VerificationMissing

from .embedding import is_embedding
from .options import is_for_cffi
from .replay import given
from .source import Source

HEAD = '''\
"""Declarations of C, made by cffi_core. Use: from {module} import ffi"""

from cffi_core import FFI as _FFI
'''


def module_text(ffi, source: Source) -> str:
    """The module's text: the declarations as they were given, readable."""
    imports: list[str] = []
    body = ["", "ffi = _FFI()", "ffi._table.mark_out_of_line()"]
    if is_embedding(ffi):
        raise VerificationError('embedding_api() needs C source: give set_source() some, or ""')
    if is_for_cffi(ffi):
        refuse_late(ffi)
        body.append("ffi._table.guess_enums()")
    for text, options in ffi._sources:
        if isinstance(text, str):
            body.append(cdef_call(text, given(options)))
        else:
            name = f"_ffi{len(imports)}"
            imports.append(f"from {included_module(ffi, text)} import ffi as {name}")
            body.append(f"ffi.include({name})")
    return HEAD.format(module=source.module_name) + "\n".join([*imports, *body]) + "\n"


def refuse_late(ffi) -> None:
    """What only a compiler knows, and CFFI says so here: of what was written for it, that is a
    mistake.  Everybody else is told when it is used."""
    from cffi_core.model import D, F, K, Model

    model = Model(ffi)
    for decl in model.decls:
        if decl.where is None or decl.include:
            continue
        if decl.kind == D.EXTERN_PYTHON:
            raise VerificationError(
                f"extern_python {decl.name}: cannot use 'extern \"Python\"' in the ABI mode"
            )
        if decl.kind != D.MACRO:
            continue
        if not decl.type and decl.value is None:
            raise VerificationError(
                f"macro {decl.name}: cannot use the syntax '...' in '#define {decl.name} ...' when "
                "using the ABI mode"
            )
        row = model.types[decl.type] if decl.type else None
        if row and row.kind == K.ENUM and row.flags & F.PARTIAL:
            raise VerificationMissing(f"{model.spell(row.id)}: {decl.name} has no value here")


def cdef_call(text: str, options: dict) -> str:
    defaults = {"override": False, "release_gil": True}
    words = [f", {k}={v!r}" for k, v in options.items() if defaults.get(k) != v]
    return f"ffi.cdef({literal(text)}{''.join(words)})"


def literal(text: str) -> str:
    """A Python literal for text: over several lines, as it was, where that is possible."""
    plain = text.isprintable() or all(c.isprintable() or c in "\n\t" for c in text)
    if not plain or '"""' in text or text.endswith('"'):
        return repr(text)
    if "\\" not in text:
        return f'"""{text}"""'
    return repr(text) if text.endswith("\\") else f'r"""{text}"""'


def included_module(ffi, included) -> str:
    """The module that makes an included FFI."""
    source = getattr(included, "_assigned_source", None)
    if source is None:
        raise VerificationError(
            f"ffi object {ffi!r} includes {included!r}, but the latter has not been prepared with "
            "set_source()"
        )
    if source[1] is not None:
        raise VerificationError(
            f"a Python module cannot include the compiled module {source[0]!r}: give both C "
            "source, or none"
        )
    return source[0]
