"""FFI.embedding_init_code(): a module that starts Python for the C program which calls it."""

import os

from cffi_core import VerificationError

from .options import shown


def embedding_init_code(ffi, pysource) -> None:
    if not isinstance(pysource, str):
        raise TypeError(f"embedding_init_code() argument must be a str, not {shown(pysource)}")
    if getattr(ffi, "_embedding_code", None) is not None:
        raise ValueError("embedding_init_code() can only be called once")
    code = dedented(pysource)
    compile(code, "cffi_init", "exec")  # SyntaxError now, not in somebody's program
    ffi._embedding_code = code


def dedented(text: str) -> str:
    """The code as it would stand in a file of its own."""
    import textwrap

    return textwrap.dedent(text).strip("\n") + "\n"


def is_embedding(ffi) -> bool:
    """Whether embedding_api() was called."""
    return any(isinstance(text, str) and options["embedding"] for text, options in ffi._sources)


def embedding(ffi):
    """What the emitter needs to know of it; None for a module that only Python imports."""
    code = getattr(ffi, "_embedding_code", None)
    if not is_embedding(ffi):
        if code is not None:
            raise VerificationError(
                "embedding_init_code() was called, but no function is declared by embedding_api()"
            )
        return None
    from cffi_core.verifier import Embedding

    return Embedding(code or "")


def macros(ffi) -> list[tuple[str, str]]:
    """What is defined when it is compiled here: the Python library that is tried first."""
    found = libpython() if is_embedding(ffi) else ""
    return [("CD_EMBED_LIBPYTHON", '"{}"'.format(found.replace("\\", "/")))] if found else []


def libpython() -> str:
    """The shared library of the Python that runs us, if it is one; "" otherwise."""
    from sysconfig import get_config_var

    name = get_config_var("INSTSONAME") or get_config_var("LDLIBRARY") or ""
    path = os.path.join(get_config_var("LIBDIR") or "", name)
    shared = (".so", ".dylib", ".dll")
    return path if any(s in name for s in shared) and os.path.exists(path) else ""
