"""Types and declarations as C text that people can read.

A typedef is used by its name where it has a public one, or is one of those that are written; the
rest (`__time_t`) are replaced by what they stand for. What has no name of its own is written out
where it is used.
"""

import os.path
import re

from cffi_core.model import CONVENTIONS, DF, PRIM, RECORDS, TAGGED, D, F, K, Model, Q

from . import write_layout
from .selection import TAGS
from .write_text import commented, wrapped

#: A struct, union or enum that has no name.
NAMELESS = re.compile(r"\b(?:struct|union|enum) \$(\d+)")
#: What C keeps for its implementation.
RESERVED = re.compile(r"_[A-Z_]")

INDENT = "    "


def literal(value: int) -> str:
    """An integer that C reads as this value."""
    if value >= 1 << 63:
        return hex(value)
    return "(-0x7fffffffffffffff - 1)" if value == -(1 << 63) else str(value)


ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\t"): "\\t", ord("\r"): "\\r"}


def string(value: bytes) -> str:
    """A string literal; what is not printable in octal, so that no digit behind it counts."""
    return '"' + "".join(ESCAPES.get(c) or character(c) for c in value) + '"'


def character(c: int) -> str:
    return chr(c) if 32 <= c < 127 else f"\\{c:03o}"


class Types:
    """Types of one model as C text."""

    def __init__(self, model: Model, own_typedefs: set[str], docs: dict[str, str]) -> None:
        """own_typedefs: names that are kept, whatever they look like."""
        self.model = model
        self.own = own_typedefs
        self.docs = docs
        self.nameless = {}  # $n -> id
        self.predefined = {}
        self.values = {}  # name -> declaration
        self._hidden = {}
        self._inner = None
        for row in model.types:
            if row.kind in TAGGED and row.name is None:
                self.nameless[row.n] = row.id
        for decl in model.decls:
            if decl.kind == D.INT and decl.flags & DF.ENUMERATOR:
                self.values[decl.name] = decl
            elif decl.where is None and decl.kind == D.TYPEDEF:
                self.predefined[decl.name] = model.spell(model.types[decl.type].canon)

    # ---- which typedefs are used ------------------------------------------------

    def is_predefined(self, row) -> bool:
        """Is the typedef one that every FFI has, or says the same again?"""
        return row.where is None or self.predefined.get(row.name) == self.model.spell(row.canon)

    def is_used(self, row) -> bool:
        """Is the typedef written by its name?"""
        if row.name is None:
            return False
        if row.name in self.own or self.is_predefined(row) or not RESERVED.match(row.name):
            return True
        item = self.model.types[row.a]
        return bool(item.kind == K.TYPEDEF and item.name is None)  # aligned

    def is_hidden(self, id: int) -> bool:
        """Is a typedef inside the type that is not used?"""
        found = self._hidden.get(id)
        if found is None:
            self._hidden[id] = False  # while it is looked at
            found = self._hidden[id] = self._look(self.model.types[id])
        return found

    def _look(self, row) -> bool:
        if row.kind == K.TYPEDEF:
            return self.is_hidden(row.a) if row.name is None else not self.is_used(row)
        if row.kind in (K.POINTER, K.ARRAY, K.VECTOR, K.QUAL):
            return self.is_hidden(row.a)
        if row.kind == K.FUNC:
            return any(map(self.is_hidden, (row.a, *self.model.params(row.id))))
        return False

    def parts(self, id: int):
        """(row, held by value?) of all that C text of a type names."""
        yield from self._parts(id, True, self.is_hidden(id))

    def _parts(self, id: int, by_value: bool, plain: bool):
        row = self.model.types[id]
        if row.kind == K.TYPEDEF:
            if row.name is not None and (not plain or self.survives(row)):
                yield row, by_value
            else:
                yield from self._parts(row.a, by_value, plain)
        elif row.kind in (K.ARRAY, K.VECTOR, K.QUAL):
            yield from self._parts(row.a, by_value, plain)
        elif row.kind == K.POINTER:
            yield from self._parts(row.a, False, plain)
        elif row.kind == K.FUNC:
            for part in (row.a, *self.model.params(id)):
                yield from self._parts(part, by_value, plain)
        elif row.kind in TAGGED:
            if row.name is None and row.kind in RECORDS:
                for member in self.model.members(id):
                    yield from self.parts(member.type)
            yield row, by_value

    def survives(self, row) -> bool:
        """Is the typedef left when typedefs are replaced, since nothing else names its type?"""
        if row.where is None:
            return True
        item = self.model.types[row.a]
        while item.kind in (K.POINTER, K.ARRAY, K.QUAL):
            item = self.model.types[item.a]
        return item.kind in TAGGED and (item.name is None or item.name[0] == "$")

    # ---- questions ----------------------------------------------------------------

    def base_of(self, id: int):
        """The type that C text of a type begins with."""
        row = self.model.types[id]
        while row.kind in (K.POINTER, K.ARRAY, K.QUAL, K.FUNC) or (
            row.kind == K.TYPEDEF and row.name is None
        ):
            row = self.model.types[row.a]
        return row

    def inner(self) -> set[int]:
        """Structs, unions and enums that are written inside of others, having no name."""
        if self._inner is None:
            self._inner = set()
            for row in self.model.types:
                if row.kind in RECORDS:
                    for member in self.model.members(row.id):
                        self._inner.add(self.base_of(member.type).id)
        return self._inner

    def has_size(self, id: int) -> bool:
        """Must what a typedef names be complete before it: is it an array?"""
        row = self.model.types[id]
        while row.kind == K.QUAL:
            row = self.model.types[row.a]
        return row.kind == K.ARRAY

    def unavailable(self, id: int) -> str:
        """The words for a type that is unavailable; "..." if it has none."""
        from cffi_core import FFI

        name = self.model.types[id].name or ""
        name = "__builtin_va_list" if name == "va_list" else name
        try:
            FFI().cdef(f"typedef {name} t;")
        except FFI.error:
            return "..."
        return name

    def is_const(self, row) -> bool:
        while row.kind in (K.TYPEDEF, K.QUAL):
            if row.kind == K.QUAL and row.sub & Q.CONST:
                return True
            row = self.model.types[row.a]
        return False

    def key(self, row) -> str:
        """What the comments call a struct, union or enum."""
        return f"{TAGS[row.kind]} {row.name}"

    # ---- C text of types --------------------------------------------------------

    def spell(self, id: int, declarator: str = "", indent: str = "", pack: int = 0) -> str:
        """A type around a declarator; what has no name is written out."""
        text = self.model.spell(id, declarator, self.is_hidden(id))
        if self.is_hidden(id):
            for row in self.arrays(id):
                text = text.replace(f"[{row.text}]", f"[{row.n}]")
        if "$" not in text:
            return text
        return NAMELESS.sub(
            lambda match: self.body(self.nameless[int(match[1])], indent, pack), text
        )

    def arrays(self, id: int):
        """Those on the way to the type's base whose length was an expression."""
        row = self.model.types[id]
        while row.kind in (K.POINTER, K.ARRAY, K.QUAL, K.FUNC, K.TYPEDEF):
            if row.kind == K.ARRAY and row.text is not None:
                yield row
            row = self.model.types[row.a]

    def prototype(self, decl, id: int) -> str:
        """A function, or a typedef of one or of a pointer to one, with its parameters' names."""
        row, star = self.model.types[id], ""
        if row.kind == K.POINTER:
            row, star = self.model.types[row.a], "*"
        types = self.model.params(row.id)
        names = decl.params or (None,) * len(types)
        params = [self.spell(t, name or "") for t, name in zip(types, names, strict=True)]
        if row.flags & F.VARIADIC:
            params.append("...")
        elif not params and not row.flags & F.NOPROTO:
            params = ["void"]
        convention = CONVENTIONS[row.sub]
        name = f"{convention}{' ' * bool(convention)}{star}{decl.name}"
        name = f"({name})" if star else name
        return self.spell(row.a, f"{name}({', '.join(params)})")

    def body(self, id: int, indent: str = "", pack: int = 0) -> str:
        """struct, union or enum with tag and members; its last line is "}" and attributes."""
        row = self.model.types[id]
        word = TAGS[row.kind]
        tag = "" if row.name is None or row.flags & F.TYPEDEF_NAME else f" {row.name}"
        if row.kind == K.ENUM:
            return f"{word}{tag}{self.base(row)} {{\n{self.enumerators(row, indent)}{indent}}}"
        plan = write_layout.plan(self.model, row)
        words = [*plan.record, *["transparent_union"] * bool(row.flags & F.TRANSPARENT)]
        lines = self.members(row, plan, indent + INDENT, write_layout.pack_of(row))
        inside = "".join(line + "\n" for line in lines)
        return f"{word}{tag} {{\n{inside}{indent}}}{write_layout.attribute(words)}"

    def members(self, row, plan, indent: str, pack: int):
        members = self.model.members(row.id)
        i = 0
        while i < len(members):
            for line in plan.before.get(i, []):
                yield indent + line
            more = self.same_base(members, i)
            inner = self.model.types[self.model.strip(members[i].type)]
            other = inner.kind in RECORDS and not inner.name and write_layout.pack_of(inner) != pack
            texts = [
                self.member(members[k], plan.attributes.get(k, []), indent, pack)
                for k in range(i, more)
            ]
            doc = self.docs.get(f"{self.key(row)}.{members[i].name}", "")
            text = commented(self.joined(texts), doc, indent)
            yield from self.packed(text, write_layout.pack_of(inner), other)
            i = more
        for line in plan.after:
            yield indent + line

    def packed(self, text: str, pack: int, is_other: bool):
        """Lines, with the #pragma around them."""
        if is_other:
            yield "#pragma pack(push)"
            yield f"#pragma pack({pack or ''})"
        yield text
        if is_other:
            yield "#pragma pack(pop)"

    def member(self, member, words: list[str], indent: str, pack: int) -> str:
        bits = f" : {member.bits}" if member.bits >= 0 else ""
        text = self.spell(member.type, member.name or "", indent, pack)
        return wrapped(f"{indent}{text}{bits}{write_layout.attribute(words)};", indent)

    def same_base(self, members, first: int) -> int:
        """How far members share one struct, union or enum without a name."""
        base = self.base_of(members[first].type)
        end = first + 1
        if base.kind in TAGGED and base.name is None:
            while end < len(members) and self.base_of(members[end].type).id == base.id:
                end += 1
        return end

    @staticmethod
    def joined(texts: list[str]) -> str:
        """Declarations that begin with the same body as one: `struct {...} a, *b;`."""
        if len(texts) == 1:
            return texts[0]
        same = len(os.path.commonprefix(texts))  # noqa: RUF071
        behind = same - len(texts[0][:same].rpartition(" ")[2])
        return ", ".join([texts[0][:-1], *(text[behind:-1] for text in texts[1:])]) + ";"

    # ---- enums ------------------------------------------------------------------

    def base(self, row) -> str:
        """` : type` of an enum whose values do not lead to its type."""
        values = [decl.value for decl in self.model.enumerators(row.id)]
        return (
            "" if row.sub == natural_base(self.model, values) else f" : {self.model.spell(row.sub)}"
        )

    def enumerators(self, row, indent: str) -> str:
        lines = []
        for decl in self.model.enumerators(row.id):
            line = f"{indent}{INDENT}{decl.name} = {literal(decl.value)},"
            lines.append(commented(line, self.docs.get(decl.name, ""), indent + INDENT))
        return "".join(line + "\n" for line in lines)


def natural_base(model: Model, values: list[int]) -> int:
    """The type of an enum that has these values."""
    signed = any(value < 0 for value in values)
    bits = max([1, *((~v).bit_length() + 1 if v < 0 else v.bit_length() + signed for v in values)])
    if bits <= 8 * model.types[PRIM.INT].size:
        return PRIM.INT if signed else PRIM.UINT
    if model.types[PRIM.LONG].size == 8:
        return PRIM.LONG if signed else PRIM.ULONG
    return PRIM.LLONG if signed else PRIM.ULLONG
