"""What is kept: what the named headers declare, and the types that these declarations need."""

from collections import namedtuple
from fnmatch import fnmatchcase

from cffi_core.model import DF, RECORDS, TAGGED, D, K

from . import own

#: kind: "function", "variable", "constant", "typedef", "unavailable", "struct", "union", "enum".
#: index: of the last three the type's id, else the declaration's index. own: a named header
#: declares it; False: it is only needed by what one declares. body: of the last three; False: its
#: members do not matter, `struct name;` is enough.
Kept = namedtuple("Kept", "kind name index own body")

KINDS = {
    D.TYPEDEF: "typedef",
    D.FUNCTION: "function",
    D.VARIABLE: "variable",
    D.INT: "constant",
    D.FLOAT: "constant",
    D.STRING: "constant",
    D.MACRO: "constant",
    D.UNAVAILABLE: "unavailable",
}
TAGS = {K.STRUCT: "struct", K.UNION: "union", K.ENUM: "enum"}


def keep(model, text, files, patterns) -> list[Kept]:
    """In the order of the text, but what is needed stands before what needs it."""
    return Selection(model, files, patterns).of(text)


class Selection:
    def __init__(self, model, files, patterns) -> None:
        self.model = model
        self.files = files
        self.patterns = patterns
        self.kept: list[Kept] = []
        self.decls: set[int] = set()
        self.types: dict[int, bool] = {}
        self.last = {d.name: d.index for d in model.decls}  # a macro may have two: override
        self.typedefs = {d.name: d for d in model.decls if d.kind == D.TYPEDEF and d.where}

    def of(self, text) -> list[Kept]:
        asked = [(order(text, d.where), 1, d.index) for d in self.model.decls if self.own_decl(d)]
        asked += [(order(text, t.where), 0, t.id) for t in self.model.types if self.own_type(t)]
        for _, is_decl, index in sorted(asked):
            if is_decl:
                self.add_decl(self.model.decls[index])
            else:
                self.add_type(index)
        return self.kept

    # ---- what is asked for ------------------------------------------------------

    def own_decl(self, decl) -> bool:
        """Enumerators are part of their enum."""
        return (
            decl.kind in KINDS
            and self.last[decl.name] == decl.index
            and not decl.flags & DF.ENUMERATOR
            and self.in_files(decl)
            and self.wanted(decl.name)
            and not (decl.name.startswith("__") and own.in_parts(decl.where.file))
        )

    def own_type(self, row) -> bool:
        if row.kind not in TAGS or not self.in_files(row):
            return False
        names = [row.name] if row.name else []
        if row.kind == K.ENUM:
            names += [decl.name for decl in self.model.enumerators(row.id)]
        return any(map(self.wanted, names))

    def in_files(self, row) -> bool:
        return bool(row.where) and row.where.file in self.files

    def wanted(self, name: str) -> bool:
        return self.patterns is None or any(fnmatchcase(name, p) for p in self.patterns)

    # ---- with what it needs before it ---------------------------------------------

    def add_decl(self, decl) -> None:
        if decl.index in self.decls:
            return
        self.decls.add(decl.index)
        if decl.type:
            typedef = decl.kind == D.TYPEDEF
            self.need(self.model.types[decl.type].a if typedef else decl.type, False)
        self.kept.append(Kept(KINDS[decl.kind], decl.name, decl.index, self.own_decl(decl), True))

    def add_type(self, id: int, behind_pointer: bool = False) -> None:
        """A struct, union or enum."""
        row = self.model.types[id]
        is_own = self.own_type(row)
        body = is_own or not (behind_pointer and row.name and is_reserved(row.name))
        if self.types.get(id, -1) >= body:
            return
        self.types[id] = body
        if row.kind in RECORDS and body:
            for member in self.model.members(id):
                self.need(member.type, False)
        self.kept.append(Kept(TAGS[row.kind], row.name, id, is_own, body))

    def need(self, id: int, behind_pointer: bool) -> None:
        """All types that one is made from."""
        row = self.model.types[id]
        if row.kind in TAGGED:
            self.add_type(id, behind_pointer)
        elif row.kind == K.TYPEDEF:
            self.need_typedef(row, behind_pointer)
        elif row.kind in (K.POINTER, K.ARRAY, K.VECTOR, K.QUAL):
            self.need(row.a, behind_pointer if row.kind == K.QUAL else row.kind == K.POINTER)
        elif row.kind == K.FUNC:
            self.need(row.a, False)
            for param in self.model.params(id):
                self.need(param, False)

    def need_typedef(self, row, behind_pointer: bool) -> None:
        decl = self.typedefs.get(row.name)
        if decl is None:
            return
        self.need(row.a, behind_pointer)
        if decl.index not in self.decls:
            self.decls.add(decl.index)
            self.kept.append(Kept("typedef", decl.name, decl.index, self.own_decl(decl), True))


def is_reserved(name: str) -> bool:
    """For the C implementation's own use."""
    return name.startswith("_") and (name[1:2] == "_" or name[1:2].isupper())


def order(text, where) -> tuple[int, int]:
    at = text.offset(where.file, where.line)
    return (len(text.text) if at is None else at, where.col)
