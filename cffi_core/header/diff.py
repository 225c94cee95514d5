"""What differs between two sets of declarations: for people, and to prove that none does.

    compare(Model(old), Model(new))      list of Change
    show(changes, colour)                their text

Declarations are compared by what they mean: layouts, values, types without typedefs.
"""

from collections import Counter, namedtuple
from difflib import unified_diff

from cffi_core.model import DF, RECORDS, TAGGED, D, F, K, Model

#: kind: "added", "removed", "changed"; what: "function", "struct", "macro", ...; old, new: C text,
#: "" if there is none; notes: what it means for memory and values.
Change = namedtuple("Change", "kind what name old new notes")

#: A declaration: facts are what it means, as values that compare.
Entry = namedtuple("Entry", "what name mark facts")

WORDS = {K.STRUCT: "struct", K.UNION: "union", K.ENUM: "enum"}


class Facts:
    """What the declarations of a model mean, by (what, name)."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._types: dict[int, str] = {}
        self.enumerators: dict[str, int] = {}
        self.entries: dict[tuple[str, str], Entry] = {}
        for row in model.types:
            if row.kind in TAGGED and row.where and not row.flags & F.OPAQUE:
                self.add_type(row)
        for decl in model.decls:
            if decl.where:
                self.add_decl(decl)

    def put(self, what: str, name: str, mark: tuple[str, int], facts) -> None:
        self.entries[what, name] = Entry(what, name, mark, facts)

    # ---- types ----------------------------------------------------------------

    def type(self, id: int) -> str:
        """A type as text that says all of it, typedefs removed."""
        found = self._types.get(id)
        if found is None:
            found = self._types[id] = self._type(self.model.types[id])
        return found

    def _type(self, row) -> str:
        if row.kind in TAGGED:
            return row.name or self.body(row)
        if row.kind in (K.TYPEDEF, K.IMPORT):
            return self.type(row.a) if row.kind == K.TYPEDEF else row.name
        if row.kind == K.UNAVAIL:
            return "unavailable"
        if row.kind == K.PRIM:
            return self.model.spell(row.id)
        if row.kind == K.FUNC:
            params = [self.type(param) for param in self.model.params(row.id)]
            params += ["..."] * bool(row.flags & F.VARIADIC) or ["?"] * bool(row.flags & F.NOPROTO)
            return f"({', '.join(params)}) {row.sub} -> {self.type(row.a)}"
        word = {K.POINTER: "*", K.QUAL: f"q{row.sub} ", K.VECTOR: f"v{row.size} "}.get(row.kind)
        if word is None:
            word = "[]" if row.flags & F.OPEN else f"[{row.n}]"
        return f"{word}{self.type(row.a)}"

    def body(self, row) -> str:
        if row.kind == K.ENUM:
            return f"enum {self.values(row)}"
        return f"{WORDS[row.kind]} {self.members(row)}"

    def members(self, row) -> tuple:
        """(name, type, first bit, bits) of each."""
        model = self.model
        return tuple(
            (m.name, self.type(m.type), model.first_bit(m), m.bits) for m in model.members(row.id)
        )

    def values(self, row) -> tuple:
        return tuple((decl.name, decl.value) for decl in self.model.enumerators(row.id))

    def add_type(self, row) -> None:
        mark = "t", row.id
        if row.flags & F.UNAVAIL:
            return
        if row.kind in RECORDS and row.name:
            facts = row.size, row.align, bool(row.flags & F.TRANSPARENT), self.members(row)
            self.put(WORDS[row.kind], row.name, mark, facts)
        elif row.kind == K.ENUM:
            values = self.values(row)
            name = row.name or (values[0][0] if values else "")
            self.put("enum", name, mark, (row.sub, values))

    # ---- declarations -----------------------------------------------------------

    def add_decl(self, decl) -> None:
        mark = "d", decl.index
        if decl.kind == D.TYPEDEF:
            row = self.model.types[decl.type]
            if self.model.types[row.canon].kind != K.UNAVAIL:
                align = self.model.types[row.a].align if row.kind == K.TYPEDEF else 0
                is_aligned = align and self.model.types[row.a].kind == K.TYPEDEF
                self.put("typedef", decl.name, mark, (self.type(decl.type), align * is_aligned))
        elif decl.kind in (D.FUNCTION, D.VARIABLE):
            what = "function" if decl.kind == D.FUNCTION else "variable"
            self.put(what, decl.name, mark, (self.type(decl.type), decl.text, decl.flags))
        elif decl.kind == D.INT and decl.flags & DF.ENUMERATOR:
            self.enumerators[decl.name] = decl.value
        elif decl.kind in (D.INT, D.FLOAT, D.STRING):
            if self.enumerators.get(decl.name) != decl.value:  # `#define A A` behind enum { A }
                self.put("macro", decl.name, mark, repr(decl.value))
        elif decl.kind == D.MACRO:
            self.put("macro", decl.name, mark, None)


# ---- what differs ----------------------------------------------------------------


def compare(old: Model, new: Model) -> list[Change]:
    """In the order of the new declarations; what was removed comes last."""
    before, after = Facts(old), Facts(new)
    texts = texts_of(old), texts_of(new)
    changes = []
    for key, entry in after.entries.items():
        was = before.entries.get(key)
        text = texts[1].get(entry.mark, "")
        if was is None:
            changes.append(Change("added", *key, "", text, []))
        elif was.facts != entry.facts:
            notes = difference(entry.what, was.facts, entry.facts)
            changes.append(Change("changed", *key, texts[0].get(was.mark, ""), text, notes))
    for key, entry in before.entries.items():
        if key not in after.entries:
            changes.append(Change("removed", *key, texts[0].get(entry.mark, ""), "", []))
    return changes


def texts_of(model: Model) -> dict[tuple[str, int], str]:
    """Each declaration's C text."""
    from .write import Everything, Writer

    writer = Writer(Everything(model))
    writer.write()
    return {chunk.mark: chunk.text for chunk in writer.chunks}


def lost(old: Model, new: Model, keep) -> list[str]:
    """What `new`, made from the text of `old`, should be and is not; a line for each."""
    before, after = Facts(old).entries, Facts(new).entries
    predefined = {decl.name for decl in new.decls if not decl.where}
    marks = {("t" if kept.kind in WORDS.values() else "d", kept.index) for kept in keep}
    out = []
    for key, entry in after.items():
        was = before.get(key)
        if was is None or was.facts != entry.facts:
            out.append(f"{' '.join(key)}: {was and was.facts}, written as {entry.facts}")
    for key, entry in before.items():
        if entry.mark in marks and key not in after and entry.name not in predefined:
            out.append(f"{' '.join(key)}: not written")
    return out


def difference(what: str, old, new) -> list[str]:
    if what in ("struct", "union"):
        return list(difference_of_records(old, new))
    if what == "enum":
        return list(difference_of_enums(old, new))
    return []


def difference_of_records(old, new):
    """Lines about sizes and places."""
    for word, a, b in zip(("size", "alignment"), old, new, strict=False):
        if a != b:
            yield f"{word} {a} -> {b}"
    before = {member[0]: member for member in old[3] if member[0]}
    after = {member[0]: member for member in new[3] if member[0]}
    for name, member in after.items():
        was = before.get(name)
        if was is None:
            yield f"{name}: new, at {place(member)}"
        elif was[2:] != member[2:]:
            yield f"{name}: at {place(was)} -> {place(member)}"
        elif was[1] != member[1]:
            yield f"{name}: another type"
    for name, member in before.items():
        if name not in after:
            yield f"{name}: was at {place(member)}"


def place(member) -> str:
    """ "8"; of a bit-field "8.3, 5 bits"."""
    _, _, first, bits = member
    return f"{first // 8}" if bits < 0 else f"{first // 8}.{first % 8}, {bits} bits"


def difference_of_enums(old, new):
    before, after = dict(old[1]), dict(new[1])
    for name, value in after.items():
        if name not in before:
            yield f"{name}: new, {value}"
        elif before[name] != value:
            yield f"{name}: {before[name]} -> {value}"
    for name, value in before.items():
        if name not in after:
            yield f"{name}: was {value}"
    if old[0] != new[0]:
        yield "another integer type"


# ---- for people --------------------------------------------------------------------

RED, GREEN, YELLOW, BOLD, PLAIN = "\33[31m", "\33[32m", "\33[33m", "\33[1m", "\33[0m"
COLOURS = {"-": RED, "+": GREEN, "!": YELLOW}


def show(changes: list[Change], title: str, is_coloured: bool) -> str:
    """A paragraph for each change; nothing for none."""
    if not changes:
        return ""
    counts = Counter(change.kind for change in changes)
    told = ", ".join(f"{counts[kind]} {kind}" for kind in ("changed", "added", "removed"))
    lines = [f"{title}: {told}"]
    for kind in "changed", "removed", "added":
        for change in changes:
            if change.kind == kind:
                lines += paragraph(change)
    if is_coloured:
        lines = [painted(line) for line in lines]
    return "".join(line + "\n" for line in lines)


def paragraph(change: Change) -> list[str]:
    """Lines that went with -, that came with +, and with ! what it means."""
    old, new = change.old.splitlines(), change.new.splitlines()
    lines = [
        line
        for line in unified_diff(old, new, n=1, lineterm="")
        if not line.startswith(("--- ", "+++ ", "@@"))
    ]
    body = [f"{line[0]} {line[1:]}" for line in lines]
    is_named = any(change.name in line for line in body)
    head = [] if is_named else [f"  {change.what} {change.name}"]
    return ["", *head, *body, *(f"! {note}" for note in change.notes)]


def painted(line: str) -> str:
    colour = COLOURS.get(line[:1]) or (BOLD if line[:1].strip() else "")
    return f"{colour}{line}{PLAIN}" if colour else line
