"""Which C compiler is used: found by name and environment, without running anything.

The key of the cache needs it, so this imports nothing but os and sys.
"""

import os
import sys

from cffi_core import VerificationError

DEFAULTS = {"CC": ("cc", "gcc", "clang"), "CXX": ("c++", "g++", "clang++")}
# The C++ compiler that goes with a C compiler, by the end of its name.
PLUSPLUS = (("gcc", "g++"), ("clang", "clang++"), ("cc", "c++"))
# They run the compiler named after them; what they cache or send away is compiling alone.
WRAPPERS = ("ccache", "sccache", "distcc", "icecc", "icerun", "buildcache")

# What else changes what a compiler does.
ENVIRONMENT = (
    *("CPPFLAGS", "CFLAGS", "CXXFLAGS", "LDFLAGS", "CPATH", "C_INCLUDE_PATH"),
    *("CPLUS_INCLUDE_PATH", "LIBRARY_PATH", "LD_RUN_PATH", "COMPILER_PATH", "GCC_EXEC_PREFIX"),
    *("SDKROOT", "MACOSX_DEPLOYMENT_TARGET", "ARCHFLAGS", "INCLUDE", "LIB", "CL", "_CL_"),
    *("SOURCE_DATE_EPOCH",),
)


def words_of(variable: str) -> list[str]:
    """The words of an environment variable, as a shell would see them; where there is nothing to
    quote, without shlex."""
    text = os.environ.get(variable, "")
    if not any(c in text for c in "\"'\\"):
        return text.split()
    import shlex

    try:
        return shlex.split(text, posix=sys.platform != "win32")
    except ValueError as error:
        raise VerificationError(f"the environment variable {variable}={text}: {error}") from None


def find(program: str) -> str | None:
    """The path of an executable file, looked up in PATH unless it has a folder."""
    folders = [""] if os.path.dirname(program) else path_folders()
    for folder in folders:
        path = os.path.join(folder, program)
        if os.access(path, os.X_OK) and not os.path.isdir(path):
            return path
        if sys.platform == "win32" and os.path.isfile(path + ".exe"):
            return path + ".exe"
    return None


def path_folders() -> list[str]:
    return os.environ.get("PATH", os.defpath).split(os.pathsep)


def default_command(variable: str) -> list[str]:
    """Without CC or CXX. The C++ compiler is the one that belongs to CC, if it is there."""
    cc = words_of("CC") if variable == "CXX" else []
    if cc:
        index = program_index(cc)
        companion = plusplus_of(cc[index])
        if companion and find(companion):
            return [*cc[:index], companion, *cc[index + 1 :]]
    if sys.platform == "win32":
        return ["cl"]
    return [next(filter(find, DEFAULTS[variable]), DEFAULTS[variable][0])]


def plusplus_of(program: str) -> str | None:
    """The C++ compiler that goes with a C compiler: g++-12 with gcc-12."""
    folder, name = os.path.split(program)
    for ending, plusplus in PLUSPLUS:
        stem, found, version = name.rpartition(ending)
        if found and not version.lstrip("-.0123456789"):
            return os.path.join(folder, stem + plusplus + version)
    return None


def command(cplusplus: bool) -> list[str]:
    """The compiler's words: CC (for C++: CXX), else what is there."""
    variable = "CXX" if cplusplus else "CC"
    return words_of(variable) or default_command(variable)


def is_wrapper(program: str) -> bool:
    return os.path.basename(program).partition(".")[0] in WRAPPERS


def program_index(words: list[str]) -> int:
    """Where the compiler itself stands, behind wrappers like ccache."""
    for index, word in enumerate(words):
        if not is_wrapper(word) and not word.startswith("-"):
            return index
    return 0


def wrapped(words: list[str]) -> bool:
    """Whether a wrapper runs, named or by a link to it that has a compiler's name."""
    if any(map(is_wrapper, words)):
        return True
    path = find(words[0])
    return path is not None and is_wrapper(os.path.realpath(path))


def described(words: list[str]) -> str:
    """The words with path, size and mtime of each that names a program: another compiler, or an
    upgraded one, has another text."""
    lines = []
    for word in words:
        path = None if word.startswith("-") else find(word)
        if path is None:
            lines.append(f"{word}\n")
        else:
            found = os.stat(path)
            lines.append(f"{word} {path} {found.st_size} {found.st_mtime_ns}\n")
    return "".join(lines)


def environment() -> str:
    """The variables that compilers read, one a line."""
    given = os.environ
    return "".join(f"{name}={given[name]!r}\n" for name in ENVIRONMENT if name in given)
