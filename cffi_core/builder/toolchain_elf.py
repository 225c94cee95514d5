"""gcc, clang and what takes their options, where shared libraries are ELF files."""

import os

from .options import CPLUSPLUS

OBJECT = ".o"
# What the user's C defines is seen by others, as C has it; its functions call each other all the
# same, whatever else in the process has their names.
SHARED = ["-shared", "-Wl,-Bsymbolic-functions"]
PLACEABLE = ["-fPIC", "-fno-semantic-interposition"]
# The preprocessor says, before all else, where it looks for headers.
TELL_FOLDERS = ["-Wp,-v"]
LISTING_ENDS = b"End of search list.\n"
IN_LISTING = (b"ignoring ", b"#include ", b" ", b"clang -cc1 version ")


def compile_words(job, source: str) -> list[str]:
    """The compiler and its options for one source.

    What is given by keyword stands behind the environment's, and so wins.
    """
    options = job.options
    cplusplus = options.cplusplus if source == job.source else source.endswith(CPLUSPLUS)
    return [
        *job.compiler(source),
        *level(job, cplusplus),
        *job.compile_flags(cplusplus),
        *PLACEABLE,
        f"-ffile-prefix-map={job.folder}=.",
        *(["-xc++"] if cplusplus and not source.endswith(CPLUSPLUS) else []),
        *(f"-D{name}" if value is None else f"-D{name}={value}" for name, value in macros(job)),
        *(f"-U{name}" for name in options.undef_macros),
        *(f"-I{folder}" for folder in job.include_dirs),
    ]


def macros(job) -> list[tuple[str, str | None]]:
    """NDEBUG as in every release build of Python and its modules, unless it is undefined."""
    release = [] if job.debug else [("NDEBUG", None)]
    return release + job.options.define_macros


def level(job, cplusplus: bool) -> list[str]:
    """-O2, unless a level is asked for."""
    if job.debug:
        return ["-O0", "-g"]
    asked = job.compile_flags(cplusplus) + job.options.extra_compile_args
    return [] if any(word.startswith("-O") for word in asked) else ["-O2"]


def at_once(job) -> list[str]:
    """Compiler and assembler start together; with -save-temps, that would be warned of."""
    words = job.compile_flags(job.cplusplus) + job.options.extra_compile_args
    return [] if any(word.startswith("-save-temps") for word in words) else ["-pipe"]


def link_words(job) -> list[str]:
    options = job.options
    return [
        *job.flags("LDFLAGS"),
        *(f"-L{folder}" for folder in options.library_dirs),
        *(f"-Wl,-rpath,{folder}" for folder in options.runtime_library_dirs),
        *(f"-l{name}" for name in options.libraries),
        *options.extra_link_args,
        "-Wl,-t",  # prints the files that are linked
        *(TELL_UNDEFINED if job.tells_undefined else []),
    ]


def compile_and_link(job, depends: str, output: str) -> list[str]:
    """One command from source to shared library; it also says what search_command() does."""
    return [
        *compile_words(job, job.source),
        *TELL_FOLDERS,
        *at_once(job),
        *("-MD", "-MF", depends),
        *job.options.extra_compile_args,
        *SHARED,
        *("-o", output, job.source),
        *(["-xnone"] if job.options.cplusplus else []),
        *job.options.extra_objects,
        *link_words(job),
    ]


def compile(job, source: str, object_file: str, depends: str) -> list[str]:
    return [
        *compile_words(job, source),
        *("-MD", "-MF", depends),
        *("-c", "-o", object_file, source),
        *job.options.extra_compile_args,
    ]


def link(job, objects: list[str], output: str) -> list[str]:
    flags = job.compile_flags(job.cplusplus)
    return [
        *job.linker(),
        *flags,
        *SHARED,
        *("-o", output),
        *objects,
        *job.options.extra_objects,
        *link_words(job),
    ]


# What the linker prints: an object, an archive, or `(archive)member`. Shared libraries are not
# among the inputs: a compatible one takes the place of another without a new link; nor is what
# belongs to the compiler, which counts as a whole.
def linked_file(line: str) -> str:
    if line.startswith("(") and ")" in line:
        line = line[1 : line.rindex(")")]
    return line if line.endswith((".o", ".a")) else ""


def is_own(path: str) -> bool:
    """crti.o, crtbeginS.o, Scrt1.o, libgcc_eh.a, libc_nonshared.a, ..."""
    stem, _, kind = os.path.basename(path).rpartition(".")
    if not stem.replace("_", "x").isalnum():
        return False
    if kind == "o":
        return "crt" in stem
    return stem.startswith("libgcc") or stem == "libc_nonshared"


def sort_output(out: str, err: str) -> tuple[str, list[str]]:
    """(what a user should see of a command's output, the files it names as linked)."""
    linked = filter(None, map(linked_file, out.splitlines()))
    return err.strip("\n"), [path for path in linked if not is_own(path)]


def folders_told(said: bytes) -> tuple[bytes, bytes]:
    """(where headers are looked for, the rest) of what TELL_FOLDERS makes a compiler say."""
    before, end, behind = said.partition(LISTING_ENDS)
    if not end:
        return b"", said
    lines = before.splitlines(keepends=True)
    first = len(lines)
    while first and lines[first - 1].startswith(IN_LISTING):
        first -= 1
    return b"".join(lines[first:]) + end, b"".join(lines[:first]) + behind


# They are warnings then.
TELL_UNDEFINED = ["-Wl,-z,defs", "-Wl,--warn-unresolved-symbols", "-Wl,--no-demangle"]


def undefined(remarks: str) -> tuple[set[str], str]:
    """(the symbols that a linker has not found, the rest of what was said)."""
    from .undefined import sort

    return sort(remarks)


def read_dependencies(path: str, folder: str) -> list[str]:
    """The absolute paths of what -MD listed."""
    from cffi_core.cache import depfile

    return depfile.read(path, folder)


def search_command(job) -> list[str]:
    """Prints, on stderr, where the compiler looks for headers."""
    return [
        *compile_words(job, job.source),
        *job.options.extra_compile_args,
        *("-v", "-E", "-xc++" if job.options.cplusplus else "-xc", os.devnull),
        *("-o", os.devnull),
    ]


def preprocess(job, *options: str) -> list[str]:
    """Reads C from its input, with the options that it will be compiled with."""
    words = compile_words(job, job.source)
    return [*words, *job.options.extra_compile_args, *options, "-xc", "-"]
