"""Which of many symbols no library of the link has, asked of the linker alone.

A stub of thousands of functions takes seconds to compile, and twice that when only its link has
told which of them are missing. A file with nothing but their names takes a moment.
"""

import os

from .compiler import CompilerFailed, Job

#: With fewer, a second compilation is no more work.
MANY = 500


def symbols(unit, how: dict) -> frozenset[str]:
    """What headers declare and the link has not; empty where that cannot be found out so."""
    if unit.options.cplusplus or unit.options.sources:
        return frozenset()
    names = sorted(declared(unit))
    if len(names) < MANY:
        return frozenset()
    path = os.path.join(how["scratch"], "symbols.c")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text(names))
    job = Job(os.path.relpath(path, how["folder"]), unit.options, **how | {"kept": None})
    job.tells_undefined = True
    try:
        job.make(os.path.join(job.scratch, "symbols.out"))
    except CompilerFailed:
        return frozenset()
    return frozenset(job.undefined & set(names))


def declared(unit) -> set[str]:
    from cffi_core.model import DF, D

    return {
        decl.text or decl.name
        for decl in unit.declarations()
        if decl.kind in (D.FUNCTION, D.VARIABLE)
        and not decl.flags & (DF.STATIC | DF.THREAD)
        and decl.where.file in unit.headers
    }


def text(names: list[str]) -> str:
    lines = [f'extern char s{i} __asm__("{name}");\n' for i, name in enumerate(names)]
    addresses = ", ".join(f"&s{i}" for i in range(len(names)))
    return f"{''.join(lines)}void *const cd_symbols[] = {{{addresses}}};\n"
