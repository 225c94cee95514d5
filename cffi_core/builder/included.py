"""What cdef_header() has recorded on an FFI, and how a module of it is compiled."""


class Declared:
    """Declarations from headers; an FFI has a list of these, its attribute _headers.

    source  the C text that includes the headers     kwds   with which it is compiled, as in Options
    files   that declarations are from

    No named tuple: a warm verify() imports this, and would import collections for it.
    """

    __slots__ = ("files", "kwds", "source")

    def __init__(self, source: str, kwds: dict, files: list[str]) -> None:
        self.source, self.kwds, self.files = source, kwds, files


def record(ffi, source: str, kwds: dict, files: list[str]) -> None:
    ffi._headers = [*getattr(ffi, "_headers", ()), (source, kwds, files)]


def declared(ffi) -> list[Declared]:
    return [Declared(*one) for one in getattr(ffi, "_headers", ())]


def with_headers(ffi, source, kwds: dict) -> tuple:
    """(source, keywords) for a module of ffi: an empty source includes the headers."""
    headers = declared(ffi)
    if source == "":
        source = "".join(dict.fromkeys(one.source for one in headers))
    kwds = dict(kwds)
    for one in headers:
        for name, words in one.kwds.items():
            if words:
                given = list(kwds.get(name) or ())
                kwds[name] = given + [word for word in words if word not in given]
    return source, kwds


def files(ffi) -> frozenset[str]:
    """The headers that declarations of ffi are from."""
    return frozenset(file for one in declared(ffi) for file in one.files)
