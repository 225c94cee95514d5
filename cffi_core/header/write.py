"""`write.text(header)`: declarations as cdef text that people can read, keep and change.

Everything that the named headers declare is there, in its order, below a heading for each header;
above it what it needs of other headers: typedefs, and structs and unions that it uses directly.
What those point to is left opaque. A pure function of the header: the same text each time.
"""

import math
import re

from cffi_core.model import DF, RECORDS, TAGGED, D, F, K

from . import write_layout
from .selection import KINDS, TAGS, Kept
from .write_text import Chunk, arrange, comment, commented, listed, wrapped
from .write_types import Types, literal, string

TAG_KINDS = {"struct", "union", "enum"}
LITERAL = re.compile(r"(0[xX][\da-fA-F]+|0[bB][01]+|\d+)[uUlL]*")
CHARACTER = re.compile(r"'(?:\\.|[^'\\])'")
#: Flags put together: literals, shifts, | and ~. Longer than that, they are only their value.
FLAGS = re.compile(rf"(?:{LITERAL.pattern}|<<|>>|[|~() ])+")
LONGEST = 60
TAG = re.compile(r"[()]|\b(struct|union) (\w+)")


def text(header) -> str:
    """The cdef text of a Header: `cffi_core.header.read()` makes one."""
    return Writer(header).write()


class Everything:
    """Looks like a Header and has all that an FFI declares."""

    def __init__(self, model, docs: dict[str, str] | None = None) -> None:
        self.model = model
        self.docs = docs or {}
        self.names: list[str] = []
        self.macros: dict[str, str] = {}
        self.keep = [
            Kept(TAGS[row.kind], row.name, row.id, True, True)
            for row in model.types
            if row.kind in TAGS and row.where
        ]
        self.keep += [
            Kept(KINDS[decl.kind], decl.name, decl.index, True, True)
            for decl in model.decls
            if decl.where and decl.kind in KINDS and not decl.flags & DF.ENUMERATOR
        ]


def is_whole(row) -> bool:
    """Has the struct or union a body that can be written?"""
    return not row.flags & (F.OPAQUE | F.UNAVAIL)


class Writer:
    """Writes each declaration once, what it needs before it."""

    def __init__(self, header) -> None:
        self.header = header
        self.model = header.model
        own = [kept for kept in header.keep if kept.own]
        self.own_tags = {kept.index for kept in own if kept.kind in TAG_KINDS}
        self.bodies = {kept.index for kept in header.keep if kept.kind in TAG_KINDS and kept.body}
        self.own_decls = {kept.index for kept in own if kept.kind not in TAG_KINDS}
        names = {kept.name for kept in own if kept.kind == "typedef"}
        self.types = Types(self.model, names, header.docs)
        self.typedefs = {d.name: d for d in self.model.decls if d.kind == D.TYPEDEF and d.where}
        self.sharing = self.shared()
        self.start(True)

    def start(self, is_rehearsal: bool) -> None:
        """A rehearsal finds out what is needed, and makes no text."""
        self.is_rehearsal = is_rehearsal
        self.done: set[tuple[str, int]] = set()
        self.tags: set[str] = set()  # that the text has mentioned
        self.chunks: list[Chunk] = []
        self.docs: set[str] = set()
        self.later: list[int] = []  # structs and unions that are needed, but not before

    def shared(self) -> dict[int, list]:
        """By struct, union or enum that has no name at all: the declarations that are of it."""
        found: dict[int, list] = {}
        for decl in self.model.decls:
            if decl.where and decl.kind in (D.TYPEDEF, D.VARIABLE):
                row = self.model.types[decl.type]
                base = self.types.base_of(row.a if decl.kind == D.TYPEDEF else row.id)
                if base.kind in TAGGED and base.name is None:
                    found.setdefault(base.id, []).append(decl)
        return found

    # ---- what is written, in which order -----------------------------------------

    def write(self) -> str:
        """Twice over: what is needed of other headers is only known at the end of the first."""
        self.pass_over([kept for kept in self.header.keep if kept.own])
        others = self.done
        self.start(False)
        needed = [kept for kept in self.header.keep if not kept.own and mark(kept) in others]
        self.pass_over(needed)
        self.pass_over([kept for kept in self.header.keep if kept.own])
        unavailable = [
            (self.model.decls[kept.index].text, kept.name)
            for kept in self.header.keep
            if kept.own and kept.kind == "unavailable"
        ]
        return arrange(self.chunks, self.header.names) + listed(unavailable)

    def pass_over(self, keep) -> None:
        for kept in keep:
            if kept.kind in TAG_KINDS:
                self.tagged(self.model.types[kept.index])
            else:
                self.declare(self.model.decls[kept.index])
            while self.later:
                self.tagged(self.model.types[self.later.pop(0)])

    def need(self, id: int, is_own: bool, by_value: bool = True) -> None:
        """Writes what C text of a type names, as far as that has to stand before it."""
        for row, value in self.types.parts(id):
            if row.kind == K.TYPEDEF and row.name in self.typedefs:
                self.declare(self.typedefs[row.name])
            self.reach(row, value and by_value, is_own)

    def reach(self, row, by_value: bool, is_own: bool) -> None:
        """A struct, union or enum behind typedefs: now if it is held, later if it is used."""
        while row.kind in (K.TYPEDEF, K.QUAL, K.ARRAY, K.POINTER):
            if row.kind == K.TYPEDEF and row.name and self.types.is_predefined(row):
                return
            by_value = by_value and row.kind != K.POINTER
            row = self.model.types[row.a]
        if row.kind not in TAGGED or row.name is None or row.flags & F.OPAQUE:
            return
        if row.kind == K.ENUM or by_value or row.flags & F.TYPEDEF_NAME:
            self.tagged(row)
        elif is_own and row.id in self.bodies and row.id not in self.own_tags:
            self.later.append(row.id)

    # ---- structs, unions, enums ----------------------------------------------------

    def tagged(self, row) -> None:
        if row.flags & F.TYPEDEF_NAME:
            if row.name in self.typedefs:
                self.declare(self.typedefs[row.name])
        elif ("t", row.id) not in self.done and row.where and self.is_written(row):
            self.done.add(("t", row.id))
            self.need_of_members(row)
            if is_whole(row) and not self.is_rehearsal:
                text = self.types.body(row.id) + ";"
                self.add(("t", row.id), row.where, self.types.key(row), text, row)

    def is_written(self, row) -> bool:
        """What has no name is written with the declaration that uses it; an enum is used anyway."""
        return row.name is not None or (row.kind == K.ENUM and self.is_alone(row))

    def is_alone(self, row) -> bool:
        return row.id not in self.sharing and row.id not in self.types.inner()

    def need_of_members(self, row) -> None:
        if row.kind in RECORDS and is_whole(row):
            for member in self.model.members(row.id):
                self.need(member.type, row.id in self.own_tags)

    # ---- declarations ----------------------------------------------------------------

    def declare(self, decl) -> None:
        write = WRITERS.get(decl.kind)
        if write is not None and decl.where and ("d", decl.index) not in self.done:
            self.done.add(("d", decl.index))
            write(self, decl)

    def typedef(self, decl) -> None:
        row = self.model.types[decl.type]
        if row.kind != K.TYPEDEF or self.types.is_predefined(row):
            return
        is_own = decl.index in self.own_decls
        item, suffix = self.model.types[row.a], ""
        if item.kind == K.TYPEDEF and item.name is None:
            suffix = write_layout.attribute([f"aligned({item.align})"])
            item = self.model.types[item.a]
        named, quals = item, ""
        if named.kind == K.QUAL:
            named = self.model.types[item.a]
            quals = self.model.spell(item.id).removesuffix(self.model.spell(named.id))
        if named.flags & F.TYPEDEF_NAME and named.name == decl.name and named.kind in TAGGED:
            self.need_of_members(named)
            text = self.types.body(named.id) if is_whole(named) else "..."
            self.add_decl(decl, f"typedef {quals}{text} {decl.name}{suffix};", named)
        elif self.model.types[row.canon].kind == K.UNAVAIL:
            text = self.types.unavailable(row.canon)
            self.add_decl(decl, f"typedef {text} {decl.name};")
        else:
            self.need(item.id, is_own, self.types.has_size(item.id))
            base = self.types.base_of(item.id)
            self.add_group(decl, "typedef ", item.id, suffix, base)

    def add_group(self, decl, before: str, id: int, suffix: str, base) -> None:
        """With what shares its nameless struct, union or enum."""
        if base.kind not in TAGGED or base.name is not None:
            named = decl.params and decl.kind == D.TYPEDEF
            text = self.types.prototype(decl, id) if named else self.types.spell(id, decl.name)
            self.add_decl(decl, wrapped(f"{before}{text}{suffix};"), base)
            return
        texts = []
        for other in self.sharing.get(base.id, [decl]):
            if other.kind == decl.kind:
                self.done.add(("d", other.index))
                row = self.model.types[other.type]
                type = row.a if other.kind == D.TYPEDEF else row.id
                texts.append(before + self.types.spell(type, other.name) + ";")
        self.add_decl(decl, self.types.joined(texts), base)

    def function(self, decl) -> None:
        is_own = decl.index in self.own_decls
        self.need(decl.type, is_own)
        if self.is_rehearsal:
            return
        before = "[[cffi::keep_gil]] " * bool(decl.flags & DF.KEEP_GIL)
        before += "static " * bool(decl.flags & DF.STATIC)
        text = self.types.prototype(decl, decl.type)
        self.add_decl(decl, wrapped(f"{before}{text}{label(decl)};"))

    def variable(self, decl) -> None:
        self.need(decl.type, decl.index in self.own_decls)
        before = "static " if decl.flags & DF.STATIC else "extern "
        before += "_Thread_local " * bool(decl.flags & DF.THREAD)
        base = self.types.base_of(decl.type)
        self.add_group(decl, before, decl.type, label(decl), base)

    def constant(self, decl) -> None:
        """`#define NAME value`, or a `static const` object's value."""
        enumerator = self.types.values.get(decl.name)
        if enumerator is not None and enumerator.value == decl.value:
            self.tagged(self.model.types[enumerator.type])
            return
        value = string(decl.value) if decl.kind == D.STRING else number(decl.value)
        row = self.model.types[decl.type] if decl.type else None
        is_object = row is not None and self.types.is_const(row)
        if not is_object and isinstance(decl.value, int):
            value = as_written(self.header.macros.get(decl.name) or "", decl.value) or value
        if is_object:
            self.need(row.id, decl.index in self.own_decls)
            self.add_decl(decl, f"static {self.types.spell(row.id, decl.name)} = {value};")
        else:
            self.define(decl, f"#define {decl.name} {value}")

    def define(self, decl, text: str) -> None:
        """With its comment beside it, if that fits."""
        doc = self.header.docs.get(decl.name, "")
        beside = commented(text, doc, "")
        self.docs |= {doc} if beside.startswith(text) else set()
        self.add_decl(decl, beside if beside.startswith(text) else text)

    def fact(self, decl) -> None:
        """What only a compiler knows."""
        if not decl.type:
            self.add_decl(decl, f"#define {decl.name} ...")
            return
        self.need(decl.type, decl.index in self.own_decls)
        self.add_decl(decl, f"static {self.types.spell(decl.type, decl.name)};")

    # ---- pieces of text ----------------------------------------------------------------

    def add_decl(self, decl, text: str, row=None) -> None:
        self.add(("d", decl.index), decl.where, decl.name, text, row)

    def add(self, mark: tuple[str, int], where, key: str, text: str, row) -> None:
        if self.is_rehearsal:
            return
        own = self.own_tags if mark[0] == "t" else self.own_decls
        pack = write_layout.pack_of(row) if row is not None and row.kind in RECORDS else 0
        doc = self.header.docs.get(key, "")
        if doc in self.docs:  # that of its struct, or of the function before it
            doc = ""
        self.docs.add(doc)
        doc = comment(doc)
        text = self.forward(text) + text
        self.chunks.append(Chunk(mark, where.file, doc, text, pack, mark[1] in own))

    def forward(self, text: str) -> str:
        """Declarations of tags that it is the first to mention, and that inside parentheses."""
        if "struct " not in text and "union " not in text:
            return ""
        depth, found = 0, []
        for match in TAG.finditer(text):
            if not match[1]:
                depth += 1 if match[0] == "(" else -1
            elif match[0] not in self.tags:
                self.tags.add(match[0])
                found += [f"{match[0]};\n"] * (depth > 0)
        return "".join(found)


WRITERS = {
    D.TYPEDEF: Writer.typedef,
    D.FUNCTION: Writer.function,
    D.VARIABLE: Writer.variable,
    D.INT: Writer.constant,
    D.FLOAT: Writer.constant,
    D.STRING: Writer.constant,
    D.MACRO: Writer.fact,
}


def mark(kept) -> tuple[str, int]:
    return ("t" if kept.kind in TAG_KINDS else "d", kept.index)


def as_written(text: str, value: int) -> str | None:
    """A number as the header has it: a literal in its radix, a character, shifted flags; if it is
    computed from hexadecimal literals, in hexadecimal. None: in decimal."""
    text = bare(text)
    match = LITERAL.fullmatch(text)
    if match is not None:
        radix = 8 if match[1].startswith("0") and match[1].isdigit() else 0
        return text if int(match[1], radix) == value else None
    if CHARACTER.fullmatch(text):
        return text
    if len(text) <= LONGEST and FLAGS.fullmatch(text) and ("<<" in text or "|" in text):
        return f"({spaced(text)})"
    return hex(value) if "0x" in text.lower() and 0 <= value < 1 << 63 else None


def bare(text: str) -> str:
    """Without the parentheses around all of it."""
    text = text.strip()
    while text.startswith("(") and closing(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def closing(text: str) -> int:
    """Where the parenthesis closes that text begins with."""
    depth = 0
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if depth == 0:
            return i
    return len(text)


def spaced(text: str) -> str:
    """With blanks around binary operators alone."""
    text = re.sub(r" *(<<|>>|\|) *", r" \1 ", text.replace("\t", " "))
    return re.sub(r"\( +", "(", re.sub(r" +\)", ")", re.sub("~ +", "~", text)))


def number(value: int | float) -> str:
    if isinstance(value, int):
        return literal(value)
    if value != value:
        return "(0.0 / 0.0)"
    return {math.inf: "(1.0 / 0.0)", -math.inf: "(-1.0 / 0.0)"}.get(value) or repr(value)


def label(decl) -> str:
    return f" __asm__({string(decl.text.encode())})" if decl.text else ""
