"""What a named header declares that another one had declared before.

The table has one record for both, with the place of the first. Here it gets that of the named
header: then it is the header's own, stands in its order, and has its comment.
"""

import re

from cffi_core.model import D

NAME = re.compile(r"[^\W\d][\w$]*")
KINDS = (D.FUNCTION, D.VARIABLE, D.TYPEDEF, D.UNAVAILABLE)


def move(model, text, files) -> None:
    places = [place for place in model.places() if place.file in files]
    known = {decl.where for decl in model.decls}
    decls = None
    for place in places:
        if place in known:
            continue
        if decls is None:
            decls = {d.name: d for d in model.decls if d.kind in KINDS and d.where}
        decl = decls.get(name_at(text, place))
        if decl is not None and decl.where.file not in files:
            model.decls.put(decl.index, decl._replace(where=place))
            del decls[decl.name]


def name_at(text, place) -> str | None:
    at = text.offset(place.file, place.line)
    match = NAME.match(text.clean, at + place.col - 1) if at is not None else None
    return match and match[0]
