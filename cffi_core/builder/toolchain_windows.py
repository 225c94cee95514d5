"""Microsoft's cl, from a developer command prompt. Not tried on Windows yet.

With CC set (mingw's gcc, clang), toolchain_elf.py's options are used.
"""

import re

OBJECT = ".obj"
# cl lists what it reads on its output, after the source's own name.
INCLUDED = re.compile(r"Note: including file: +(.*)")


def compile_words(job, source: str) -> list[str]:
    options = job.options
    flags = job.compile_flags(options.cplusplus)
    optimised = any(word[:2] in ("/O", "-O") for word in flags + options.extra_compile_args)
    return [
        *job.compiler(source),
        *("/nologo", "/showIncludes", "/utf-8", "/Brepro"),
        *(["/Od", "/Z7", "/MDd"] if job.debug else ["/MD", "/DNDEBUG"]),
        *([] if job.debug or optimised else ["/O2"]),
        *flags,
        *(f"/D{name}" if value is None else f"/D{name}={value}" for name, value in macros(job)),
        *(f"/U{name}" for name in options.undef_macros),
        *(f"/I{folder}" for folder in options.include_dirs),
        *options.extra_compile_args,
    ]


def macros(job) -> list[tuple[str, str | None]]:
    return job.options.define_macros


def link_words(job, output: str) -> list[str]:
    options = job.options
    return [
        *("/link", "/DLL", "/Brepro", f"/OUT:{output}", f"/IMPLIB:{job.scratch}\\stub.lib"),
        *(f"/LIBPATH:{folder}" for folder in options.library_dirs),
        *(f"{name}.lib" for name in options.libraries),
        *(f"/EXPORT:{name}" for name in options.export_symbols),
        *job.flags("LDFLAGS"),
        *options.extra_link_args,
    ]


def compile_and_link(job, depends: str, output: str) -> list[str]:
    return [
        *compile_words(job, job.source),
        f"/Fo{job.scratch}\\",
        job.source,
        *job.options.extra_objects,
        *link_words(job, output),
    ]


def compile(job, source: str, object_file: str, depends: str) -> list[str]:
    return [*compile_words(job, source), "/c", f"/Fo{object_file}", source]


def link(job, objects: list[str], output: str) -> list[str]:
    return [
        *job.linker(),
        *("/nologo", "/LD"),
        *objects,
        *job.options.extra_objects,
        *link_words(job, output),
    ]


def sort_output(out: str, err: str) -> tuple[str, list[str]]:
    lines = (out + err).splitlines()
    files = [found[1] for found in map(INCLUDED.match, lines) if found]
    return "\n".join(line for line in lines if not INCLUDED.match(line)), files


def folders_told(said: bytes) -> tuple[bytes, bytes]:
    """cl has no such option: the folders are those of /I and of INCLUDE."""
    return b"", said


def read_dependencies(path: str, folder: str) -> list[str]:
    """cl writes no such file; see sort_output()."""
    return []


def search_command(job) -> None:
    """See folders_told()."""
