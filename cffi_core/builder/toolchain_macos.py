"""clang of the Xcode tools, where modules are Mach-O bundles. Not tried on a Mac yet."""

import os

from . import toolchain_elf
from .toolchain_elf import (
    OBJECT,
    SHARED,
    compile,
    folders_told,
    preprocess,
    read_dependencies,
    search_command,
    sort_output,
    undefined,
)

# Symbols of Python and of what else is loaded are found when the bundle is.
BUNDLE = ["-bundle", "-undefined", "dynamic_lookup"]

__all__ = [
    "OBJECT",
    "compile",
    "compile_and_link",
    "folders_told",
    "link",
    "preprocess",
    "read_dependencies",
    "search_command",
    "sort_output",
    "undefined",
]


def architectures() -> list[str]:
    """ARCHFLAGS, as everybody who builds universal wheels sets it."""
    return os.environ.get("ARCHFLAGS", "").split()


def bundled(command: list[str]) -> list[str]:
    at = command.index(SHARED[0])
    return [*command[:at], *BUNDLE, *architectures(), *command[at + len(SHARED) :]]


def compile_and_link(job, depends: str, output: str) -> list[str]:
    return bundled(toolchain_elf.compile_and_link(job, depends, output))


def link(job, objects: list[str], output: str) -> list[str]:
    return bundled(toolchain_elf.link(job, objects, output))
