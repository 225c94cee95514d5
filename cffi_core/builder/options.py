"""What set_source() and verify() are given, checked: a module's name, and how it is compiled.

The keywords are those of a setuptools Extension, and `strict`. On the warm path of verify(), so
this imports only what is light.
"""

import os

# Lists of files and folders, relative to where the compiler runs.
FILES = ("sources", "include_dirs", "library_dirs", "extra_objects", "depends")
# Other lists of strings.
WORDS = (
    "undef_macros",
    "libraries",
    "runtime_library_dirs",
    "extra_compile_args",
    "extra_link_args",
    "export_symbols",
)
# Known to Extension, and without a meaning here: a stub holds no Python.
IGNORED = ("py_limited_api", "swig_opts", "optional")
CPLUSPLUS = (".cpp", ".cc", ".cxx", ".C", ".c++", ".cp", ".CPP")
LANGUAGES = {None: None, "c": False, "c++": True}


class Options:
    """The keywords, checked: every list is a list of its own, of str."""

    def __init__(self, function: str, source_extension: str, kwds: dict) -> None:
        kwds = dict(kwds)
        for name in FILES + WORDS:
            setattr(self, name, strings(name, kwds.pop(name, None)))
        # A folder may come to be only later, as in "build/../x.c".
        self.sources = list(map(os.path.normpath, self.sources))
        self.define_macros = macros(kwds.pop("define_macros", None))
        self.strict = strictness(kwds.pop("strict", None))
        language = kwds.pop("language", None)
        for name in IGNORED:
            kwds.pop(name, None)
        if kwds:
            raise TypeError(f"{function}() got an unexpected keyword argument {shown(min(kwds))}")
        if not (language is None or (isinstance(language, str) and language in LANGUAGES)):
            raise ValueError(f"'language' must be 'c' or 'c++', not {shown(language)}")
        if not isinstance(source_extension, str) or not source_extension.startswith("."):
            raise ValueError(
                "'source_extension' must begin with a dot, like '.c', not "
                f"{shown(source_extension)}"
            )
        known = LANGUAGES[language]
        self.cplusplus = source_extension in CPLUSPLUS if known is None else known
        self.source_extension = source_extension

    def rebase(self, folder: str) -> None:
        """Relative files and folders start from folder from now on."""
        for name in FILES:
            setattr(self, name, [os.path.join(folder, path) for path in getattr(self, name)])
        self.extra_compile_args = absolute_words(self.extra_compile_args, folder)
        self.extra_link_args = absolute_words(self.extra_link_args, folder)

    def described(self) -> str:
        """One text for all of it; other options, another text."""
        return repr(sorted(self.__dict__.items()))


def strictness(value) -> bool | str | None:
    """strict=, checked. None: of what headers declare, and "warn" of an FFI for CFFI."""
    if isinstance(value, str) and value != "warn":
        raise ValueError(f"'strict' must be True, False or 'warn', not {shown(value)}")
    return value if value is None or value == "warn" else bool(value)


def is_for_cffi(ffi) -> bool:
    """Whether the declarations were written for CFFI; see the drop-in's cffi.FFI."""
    return hasattr(ffi, "_complete_source")


def complete(ffi, source: str) -> str:
    """The C source as it is compiled. An FFI may have something to add: the drop-in for CFFI has,
    whose users' sources lean on headers."""
    return ffi._complete_source(source) if is_for_cffi(ffi) else source


def shown(value) -> str:
    """What was found instead of what was expected, in one line that is not too long."""
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:97]}..."


def path_of(name: str, value) -> str:
    """The path that the argument called name is."""
    if not (isinstance(value, (str, bytes)) or hasattr(type(value), "__fspath__")):
        raise TypeError(f"'{name}' must be a path (str, bytes or os.PathLike), not {shown(value)}")
    path = os.fsdecode(value)
    try:
        fine = b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        fine = False
    if not fine:
        raise ValueError(f"'{name}' has a character that no path can have: {shown(path)}")
    return path


def strings(name: str, value) -> list[str]:
    if value is None or value == "":  # setuptools takes an empty text for an empty list
        return []
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"'{name}' must be a list of strings, not {shown(value)}")
    words = [os.fspath(word) if hasattr(word, "__fspath__") else word for word in value]
    for word in words:
        # An Extension that a build_ext of the project's own compiles first, to take its object.
        if name == "extra_objects" and hasattr(word, "extra_objects"):
            continue
        if not isinstance(word, str):
            raise TypeError(f"'{name}' must be a list of strings; {shown(word)} is none")
    return words


def macros(value) -> list[tuple[str, str | None]]:
    if value is None:
        return []
    if not isinstance(value, (list, tuple)):
        raise TypeError(
            f"'define_macros' must be a list of (name, value) pairs, not {shown(value)}"
        )
    for item in value:
        if not (
            isinstance(item, (list, tuple))
            and len(item) == 2
            and isinstance(item[0], str)
            and isinstance(item[1], (str, int, type(None)))
        ):
            raise TypeError(
                "'define_macros' must be a list of (name, value) pairs, each value a str, int or "
                f"None; {shown(item)} is none"
            )
    return [(name, text if text is None else str(text)) for name, text in value]


def with_unicode(ffi, kwds: dict) -> dict:
    """The keywords, and the macros of set_unicode(True)."""
    if not getattr(ffi, "_windows_unicode", False):
        return kwds
    macros = [("UNICODE", "1"), ("_UNICODE", "1")]
    return {**kwds, "define_macros": [*(kwds.get("define_macros") or ()), *macros]}


def check_name(module_name, argument: str = "module_name") -> None:
    """A dotted name of identifiers: the last one becomes part of C names."""
    if not isinstance(module_name, str):
        raise TypeError(f"'{argument}' must be a string, not {shown(module_name)}")
    if "/" in module_name or "\\" in module_name:
        raise ValueError(
            f"'{argument}' must not contain '/': use a dotted name to make a "
            "'package.module' location"
        )
    for part in module_name.split("."):
        if not (part.isidentifier() and part.isascii()):
            raise ValueError(
                f"'{argument}' must be a dotted name of ASCII letters, digits and '_': "
                f"{shown(part)} in {shown(module_name)} cannot be a module's name"
            )
    if module_name in ("cffi_core", "_cffi_core"):
        raise ValueError(f"'{argument}': {shown(module_name)} is what cffi_core itself is called")


# Compiler options that are followed by a path, at once or as the next word.
PATH_OPTIONS = ("-isystem", "-iquote", "-idirafter", "-include", "-imacros", "-I", "-L", "-F", "-B")


def absolute_words(words: list[str], folder: str) -> list[str]:
    """Compiler options with their relative paths made absolute, starting from folder."""
    result: list[str] = []
    for word in words:
        if result and result[-1] in PATH_OPTIONS:
            word = os.path.join(folder, word)
        elif word.startswith("-"):
            option = next((o for o in PATH_OPTIONS if word.startswith(o) and word != o), None)
            if option is not None and word[len(option)] != "=":
                word = option + os.path.join(folder, word[len(option) :])
        elif os.path.isfile(os.path.join(folder, word)):
            word = os.path.join(folder, word)
        result.append(word)
    return result
