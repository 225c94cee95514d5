"""What a parsed table says, as lines of C that the header's own compiler must accept."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from cffi_core.model import DF, RECORDS, TAGGED, D, F, K, Model


@dataclass
class Claim:
    """One thing that is right or wrong: a record, an enum, a macro, a function, a variable."""

    kind: str
    name: str
    lines: list[str] = field(default_factory=list)
    # of bit-fields: (probe, (first bit, bits)), see compiler.bits
    bits: list[tuple[str, tuple[int, int]]] = field(default_factory=list)

    def tags(self) -> list[str]:
        """Those that its text names."""
        return re.findall(r"\b(?:struct|union|enum) \w+", " ".join(self.lines))


def literal(value: int) -> str:
    """An integer as C text of a type that holds it."""
    if value >= 1 << 63:
        return f"{value}ULL"
    return "(-9223372036854775807LL - 1)" if value == -(1 << 63) else f"{value}LL"


def same_value(expression: str, value: int) -> str:
    negative = int(value < 0)
    condition = f"({expression}) == {literal(value)} && (({expression}) < 0) == {negative}"
    return claim(condition, f"value {value}")


def claim(condition: str, what: str) -> str:
    return f'_Static_assert({condition}, "{what}");'


class Claims:
    """Of everything that a table holds; what no C text can ask about is counted by rule."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.excluded: Counter[str] = Counter()
        self.texts = self.record_texts()

    def all(self) -> Iterator[Claim]:
        yield from self.records()
        yield from self.enums()
        yield from self.objects()

    # ---- records: how C text can name each -----------------------------------

    def own(self, types: frozenset) -> Iterator:
        """The complete types of these kinds that the text itself declares."""
        for row in self.model.types:
            if row.kind in types and row.where and not row.flags & F.OPAQUE:
                yield row

    def item(self, id: int) -> tuple[int, int]:
        """The type behind arrays and pointers, and how many there are."""
        steps, row = 0, self.model.types[self.model.strip(id)]
        while row.kind in (K.ARRAY, K.POINTER, K.VECTOR):
            steps, row = steps + 1, self.model.types[self.model.strip(row.a)]
        return row.id, steps

    def record_texts(self) -> dict[int, str]:
        """By id; a record without a name is reached through what has its type."""
        texts = {row.id: self.model.spell(row.id) for row in self.own(TAGGED) if row.name}
        queue = [(text, id) for id, text in texts.items()]

        def reach(text: str, type: int) -> None:
            id, steps = self.item(type)
            row = self.model.types[id]
            if row.kind in TAGGED and not row.name and id not in texts:
                texts[id] = f"__typeof__((*({text} *)0){'[0]' * steps})"
                queue.append((texts[id], id))

        for decl in self.model.decls:
            if decl.where and decl.type and decl.kind in (D.TYPEDEF, D.VARIABLE, D.MACRO):
                is_typedef = decl.kind == D.TYPEDEF
                reach(decl.name if is_typedef else f"__typeof__({decl.name})", decl.type)
        while queue:
            text, id = queue.pop(0)
            for member, _ in self.members(id):
                if member.bits < 0:
                    reach(f"__typeof__((*({text} *)0).{member.name})", member.type)
        return texts

    def members(self, id: int, base: int = 0) -> Iterator[tuple]:
        """The named members, with their offsets; those of unnamed records inside are its own."""
        for member in self.model.members(id):
            if member.name:
                yield member, base + member.offset
            else:
                yield from self.members(self.model.strip(member.type), base + member.offset)

    def is_unnamed_member(self) -> set[int]:
        """The records that are members without a name of another one."""
        inner = set()
        for row in self.own(RECORDS):
            inner |= {self.model.strip(m.type) for m in self.model.members(row.id) if not m.name}
        return inner

    # ---- records: what they are ----------------------------------------------

    def records(self) -> Iterator[Claim]:
        inner = self.is_unnamed_member()
        aliases = self.typedef_layouts()
        for row in self.own(RECORDS):
            if row.flags & F.UNAVAIL:
                self.excluded["a record that is unavailable"] += 1
            elif row.id not in self.texts:
                rule = "an unnamed member" if row.id in inner else "only in a function's type"
                self.excluded[f"a record without a name: {rule}"] += 1
            else:
                yield self.record(row, *aliases.get(row.id, (row.size, row.align)))

    def typedef_layouts(self) -> dict[int, tuple[int, int]]:
        """Of the records that a typedef names: that typedef may be aligned otherwise."""
        found = {}
        for decl in self.model.decls:
            if decl.kind == D.TYPEDEF:
                row = self.model.types[self.model.strip(decl.type)]
                if row.flags & F.TYPEDEF_NAME and row.name == decl.name:
                    found[row.id] = self.layout(decl.type)
        return found

    def layout(self, id: int) -> tuple[int, int]:
        """Size and alignment; an alignment that a typedef was given itself comes first."""
        row, align = self.model.types[id], 0
        while row.kind in (K.TYPEDEF, K.QUAL):
            align = align or row.align
            row = self.model.types[row.a]
        return row.size, align or row.align

    def record(self, row, size: int, align: int) -> Claim:
        text = self.texts[row.id]
        out = Claim("record", self.model.spell(row.id))
        out.lines.append(claim(f"sizeof({text}) == {size}", f"size {size}"))
        out.lines.append(claim(f"_Alignof({text}) == {align}", f"alignment {align}"))
        for member, offset in self.members(row.id):
            name = member.name
            if member.bits < 0:
                condition = f"__builtin_offsetof({text}, {name}) == {offset}"
                out.lines.append(claim(condition, f"offset of {name} {offset}"))
            else:
                expected = offset * 8 + member.shift, member.bits
                out.bits.append((f"{text} %s = {{.{name} = -1}}", expected))
        return out

    def enums(self) -> Iterator[Claim]:
        for row in self.own(frozenset({K.ENUM})):
            out = Claim("enum", self.model.spell(row.id))
            if row.id in self.texts:
                base = self.model.spell(row.sub)
                condition = f"__builtin_types_compatible_p({self.texts[row.id]}, {base})"
                out.lines.append(claim(condition, f"of type {base}"))
            for decl in self.model.enumerators(row.id):
                out.lines.append(same_value(decl.name, decl.value))
            yield out

    # ---- functions and variables ---------------------------------------------

    def objects(self) -> Iterator[Claim]:
        """Each declared once more, as the table spells it."""
        for decl in self.model.decls:
            if not decl.where or decl.kind not in (D.FUNCTION, D.VARIABLE):
                continue
            kind = "prototype" if decl.kind == D.FUNCTION else "variable"
            text = self.model.spell(decl.type, decl.name)
            if decl.flags & DF.STATIC:
                self.excluded[f"a static {kind}"] += 1
            elif "$" in text:
                self.excluded[f"a {kind} with a record without a name"] += 1
            else:
                thread = "__thread " if decl.flags & DF.THREAD else ""
                yield Claim(kind, decl.name, [f"extern {thread}{text};"])
