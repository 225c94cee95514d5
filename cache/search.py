"""Where the compiler looked in vain before it found a file: a file that appears there is a miss.

A header is found in the first directory of a list that has it: for `#include "x.h"` beside the
including file, then in the -iquote directories; for both forms in those of -I, -isystem and the
system. Which file included which, and how, is not known from a dependency file, so every way in
which an input may have been asked for counts: too many places cost a stat() each, and no more.
"""

import os

STARTS_QUOTE = '#include "..." search starts here:'
STARTS_ANGLE = "#include <...> search starts here:"
ENDS = "End of search list."
IGNORED = 'ignoring nonexistent directory "'


class Search:
    """The include directories in order: quote before angle; `missing` did not exist."""

    __slots__ = ("angle", "missing", "quote")

    def __init__(self, quote=(), angle=(), missing=()) -> None:
        self.quote, self.angle, self.missing = list(quote), list(angle), list(missing)

    def __repr__(self) -> str:
        return f"Search({self.quote!r}, {self.angle!r}, {self.missing!r})"


def parse_verbose(text) -> Search:
    """The search list that GCC and Clang print on stderr when compiling with -v."""
    search, into = Search(), None
    for line in (os.fsdecode(text) if isinstance(text, bytes) else text).split("\n"):
        line = line.rstrip("\r")
        if line == STARTS_QUOTE:
            into = search.quote
        elif line == STARTS_ANGLE:
            into = search.angle
        elif line == ENDS:
            into = None
        elif into is not None and line.startswith(" "):
            into.append(line[1:].removesuffix(" (framework directory)"))
        elif line.startswith(IGNORED):
            search.missing.append(line[len(IGNORED) :].removesuffix('"'))
    return search


def absent_places(inputs, search: Search, directory=os.curdir) -> list[str]:
    """Every place that is searched before one of the inputs: Built's `absent`.

    Relative names count from `directory`. Where a whole directory is missing on the way, its
    first missing part stands for all that would be in it.
    """

    directory = os.path.abspath(directory)

    def absolute(path) -> str:
        path = os.path.join(directory, os.fsdecode(path))
        # `..` after a link to a directory leads elsewhere than the text of the path does.
        return os.path.realpath(path) if os.pardir in path else os.path.normpath(path)

    inputs = sorted({absolute(path) for path in inputs})
    listed = [absolute(path).rstrip(os.sep) for path in [*search.quote, *search.angle]]
    beside = sorted({os.path.dirname(path) for path in inputs})
    known: dict[str, str] = {}
    places = {missing_part(absolute(path), known) or absolute(path) for path in search.missing}
    for path in inputs:
        for wanted, earlier in ways_to(path, beside, listed):
            for place in earlier:
                where = place + os.sep + wanted
                places.add(missing_part(os.path.dirname(where), known) or where)
    return sorted(places - set(inputs))


def ways_to(path: str, beside: list[str], listed: list[str]):
    """(name asked for, directories searched before) for each directory the file may be found in."""
    for number, place in enumerate(listed):
        if path.startswith(place + os.sep):
            yield path[len(place) + 1 :], [*beside, *listed[:number]]


def missing_part(path: str, known: dict[str, str]) -> str:
    """The first part of a directory's path that does not exist; "" when all is there."""
    if path not in known:
        parent = os.path.dirname(path)
        above = "" if parent == path else missing_part(parent, known)
        known[path] = above or ("" if os.path.exists(path) else path)
    return known[path]
