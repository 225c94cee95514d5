"""What a verify() depends on: texts by name. Another text, another compilation.

Made on the warm path, so this imports only what is light.
"""

import os
import sys

from cffi_core import _core

from . import programs
from .options import is_for_cffi
from .replay import declarations

# Raised when the same key would lead to another stub: the emitter's text or our options changed.
REVISION = "16"


def machine() -> str:
    """What an extension module of this Python runs on."""
    system = os.uname() if hasattr(os, "uname") else None
    return " ".join(
        [
            sys.platform,
            system.machine if system else os.environ.get("PROCESSOR_ARCHITECTURE", ""),
            getattr(sys.implementation, "_multiarch", ""),
            str(sys.maxsize),
        ]
    )


def meaning(ffi, source: str, options, tag: str) -> dict[str, str]:
    """What is compiled: the same everywhere."""
    return {
        "declarations": declarations(ffi),
        "source": source,
        "options": options.described(),
        "for_cffi": str(is_for_cffi(ffi)),
        "tag": tag,
        "python": sys.implementation.cache_tag if "Python.h" in source else "any",
    }


def circumstances(options, base: str) -> dict[str, str]:
    """With what it is compiled: our emitter, this machine, its compiler, the environment, and
    where relative folders start: the headers of another checkout are other headers."""
    words = programs.command(options.cplusplus)
    environment = programs.environment()
    return {
        "contract": f"{_core.CONTRACT} {REVISION}",
        "machine": machine(),
        "compiler": programs.described(words),
        "environment": environment,
        "files": options.described(),
        "base": base if environment else "",
    }


def module_name(meaning: dict[str, str], tag: str) -> str:
    """The name of a module that has this meaning; it is part of the emitted C."""
    text = "\0".join(f"{name}\0{value}" for name, value in sorted(meaning.items()))
    digest = _core.sha256(text.encode("utf-8", "surrogatepass"))
    return f"_cffi_{tag}_{digest[:8].hex()}"
