"""Compiler and linker options from pkg-config."""

import os
import re
import shlex

from cffi_core import PkgConfigError

# What begins a word of pkg-config's answer, and the keyword that takes the rest of it.
KEYWORDS = {
    "--cflags": [("-I", "include_dirs"), ("-D", "define_macros"), ("", "extra_compile_args")],
    "--libs": [("-L", "library_dirs"), ("-l", "libraries"), ("", "extra_link_args")],
}

MISSING = """cannot run pkg-config: {error}
Install it (Debian: apt-get install pkg-config), or name it in PKG_CONFIG."""

NOT_FOUND = """
Install the development package of the library (Debian: apt-file search /{name}.pc names it)."""


def add_flags(kwds: dict, packages, ask=None) -> None:
    """Appends what the packages need to the lists in kwds; ask: instead of ask()."""
    ask = ask or globals()["ask"]
    for package in packages:
        if not isinstance(package, str):
            raise TypeError("the pkgconfig_libs argument must be a list of package names")
        for option, kinds in KEYWORDS.items():
            for word in ask(option, package):
                keyword, value = sorted_word(word, kinds)
                kwds[keyword] = [*(kwds.get(keyword) or ()), value]


def sorted_word(word: str, kinds) -> tuple[str, str | tuple[str, str | None]]:
    """(the keyword, what to append to its list) of a word; kinds: an entry of KEYWORDS."""
    prefix, keyword = next(kind for kind in kinds if word.startswith(kind[0]))
    rest = word[len(prefix) :]
    return keyword, definition(rest) if keyword == "define_macros" else rest


def definition(text: str) -> tuple[str, str | None]:
    """-DNAME=VALUE without its -D, as define_macros has it."""
    name, equals, value = text.partition("=")
    return name, value if equals else None


def command() -> list[str]:
    """The program, as PKG_CONFIG names it."""
    return shlex.split(os.environ.get("PKG_CONFIG", "")) or ["pkg-config"]


def ask(option: str, package: str) -> list[str]:
    """The words that `pkg-config OPTION PACKAGE` prints."""
    import subprocess

    line = [*command(), "--print-errors", option, package]
    try:
        done = subprocess.run(line, capture_output=True, check=False)
    except OSError as error:
        raise PkgConfigError(MISSING.format(error=error)) from None
    errors = os.fsdecode(done.stderr).strip()
    if "not found" in errors:
        errors += NOT_FOUND.format(name=package.split()[0])
    if done.returncode != 0:
        raise PkgConfigError(errors or f"{shlex.join(line)}: exit status {done.returncode}")
    text = os.fsdecode(done.stdout)
    # Options like `-framework X` and `-isystem X` are two words that belong together, and stay
    # neighbours: they all go to the same list.
    return [word for word in shlex.split(text) if not re.fullmatch(r"\s*", word)]
