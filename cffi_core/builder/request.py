"""What is asked for: headers, what stands before them, and how they are read."""

import os

from .options import FILES, WORDS, Options, strings

#: What cannot stand in a C string: a path with it is reached through its folder.
AWKWARD = '"\n'


class Request:
    """The arguments of cdef_header(), checked.

    headers  as they were named     before  what stands before them: headers or lines of C
    select   patterns of names      follow  see header/own.py
    options  Options, relative paths made absolute; packages' are among them
    source   the C text that includes them
    """

    def __init__(
        self, headers, *, before=(), select=None, follow=None, packages=(), **kwds
    ) -> None:
        self.headers = names("headers", headers)
        if not self.headers:
            raise ValueError("'headers' must name a header")
        self.before = names("before", before)
        self.select = None if select is None else names("select", select)
        self.follow = follow if isinstance(follow, bool | None) else names("follow", follow)
        self.packages = names("packages", packages)
        if self.packages:
            from . import pkgconfig_kept
            from .pkgconfig import add_flags

            add_flags(kwds, self.packages, pkgconfig_kept.ask)
        self.options = Options("cdef_header", ".c", kwds)
        self.options.rebase(os.getcwd())
        lines = [line_before(text) for text in self.before]
        #: line of the source -> the header that it includes
        self.lines = {}
        for name in self.headers:
            lines.append(self.include(name))
            self.lines["".join(line + "\n" for line in lines).count("\n")] = name
        self.source = "".join(line + "\n" for line in lines)

    def described(self) -> dict:
        """All that decides what is found out, but for the compiler."""
        return {
            "headers": self.headers,
            "source": self.source,
            "select": self.select,
            "follow": repr(self.follow),
            "options": self.options.described(),
        }

    def compiling(self) -> dict:
        """The keywords with which C that includes the headers is compiled."""
        options = self.options
        kwds = {name: getattr(options, name) for name in FILES + WORDS}
        return kwds | {"define_macros": options.define_macros}

    def include(self, name: str) -> str:
        """The line of C that includes a header: a path, or what is looked for."""
        if not is_path(name):
            if "\n" in name or ">" in name:
                raise ValueError(f"no #include line can name the header {name!r}")
            return f"#include <{name}>"
        folder, file = os.path.split(os.path.abspath(name))
        if any(c in folder for c in AWKWARD):
            self.options.extra_compile_args += ["-iquote", folder]
            path = file
        else:
            path = os.path.join(folder, file)
        if "\n" in path or ('"' in path and ">" in path):
            raise ValueError(f"no #include line can name the header {name!r}")
        return f"#include <{path}>" if '"' in path else f'#include "{path}"'


def names(argument: str, value) -> list[str]:
    """A str or path, or a list of them, as a list."""
    if isinstance(value, str) or hasattr(value, "__fspath__"):
        value = [value]
    found = strings(argument, value)
    for name in found:
        if not name or "\0" in name:
            raise ValueError(f"'{argument}' has an empty name or one with a NUL: {name!r}")
    return found


def is_path(name: str) -> bool:
    """Whether it says where the header is, and is not looked for."""
    return os.path.isabs(name) or name.startswith(("./", "../"))


def line_before(text: str) -> str:
    """A header's name, as an #include line; what has a blank or # in it is C already."""
    if any(c in text for c in "#; \n"):
        return text
    return f'#include "{text}"' if is_path(text) else f"#include <{text}>"
