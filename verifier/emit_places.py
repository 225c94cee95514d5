"""Names for what has none, and how the emitted C gets at every record, enum and array.

    struct foo { struct { int a; } x; union { int b; }; };

The type of x gets an alias, made of the type of that member.  The union is only there as a part of
struct foo: its members are members of that, its own size is that of a mirror, a union of the same
members.
"""

from cffi_core.model import D, F, K

from .emit_spelling import Spelling, is_nameless, is_record
from .emit_text import Origin, Text

WORDS = {K.STRUCT: "struct", K.UNION: "union"}


def place(where) -> str:
    """file:line:col, as messages show it."""
    return f"{where.file or '<cdef>'}:{where.line}:{where.col}" if where else "<cdef>:0:0"


class Places:
    """What walk over all declarations finds.

    aliases   text of the typedefs, in the order of their dependence
    owners    unnamed member -> C name of the record that has its members
    lengths   array of `[...]` -> (C text of its length, origin)
    """

    def __init__(self, spell: Spelling):
        self.spell = spell
        self.model = spell.model
        self.aliases = Text()
        self.mirrors = Text()
        self.owners = {}
        self.lengths = {}
        self._parents = {}  # unnamed member -> the record that it stands in
        self._mirrored = {}
        self._titles = {}

    # ---- the walk -------------------------------------------------------------------------------

    def walk_record(self, id: int, origin: Origin) -> None:
        """All that a record with a name leads to."""
        self._walk_members(id, self.spell(id), origin)

    def walk_decl(self, decl, origin: Origin) -> None:
        """All that a typedef, variable or constant leads to."""
        if decl.kind == D.TYPEDEF:
            row = self.model.types[decl.type]
            if row.kind == K.TYPEDEF:
                self._walk(row.a, f"(*({decl.name} *)0)", origin)
        elif decl.kind in (D.VARIABLE, D.MACRO) and decl.type:
            self._walk(decl.type, decl.name, origin)

    def _walk_members(self, id: int, name: str, origin: Origin) -> None:
        for m in self.model.members(id):
            row = self.model.types[m.type]
            if m.name is None and is_nameless(row):
                self.owners[row.id] = name
                self._parents[row.id] = id
                self._titles[row.id] = origin.name
                self._walk_members(row.id, name, origin)
            elif m.name is not None and m.bits < 0:
                declared = self.model.spell(m.type, m.name) + ";"
                at = origin._replace(what=f"field {m.name}", declared=declared)
                self._walk(m.type, f"(({name} *)0)->{m.name}", at)

    def _walk(self, id: int, x: str, origin: Origin) -> None:
        """x: an lvalue of type id, never evaluated."""
        row = self.model.types[id]
        while not is_nameless(row):
            if row.kind == K.ARRAY:
                if row.flags & F.DOTS:
                    length = f"sizeof({x}) / sizeof(({x})[0]) + 0 * CD_ARRAY({x})"
                    self.lengths.setdefault(row.id, (length, origin))
                x = f"({x})[0]"
            elif row.kind == K.POINTER:
                x = f"(*{x})"
            elif row.kind != K.QUAL and (row.kind != K.TYPEDEF or row.name):
                return
            row = self.model.types[row.a]
        if row.n not in self.spell.aliases:
            name = self._alias(row, f"CD_TYPEOF({x})", origin)
            if is_record(row) and not row.flags & F.OPAQUE:
                self._walk_members(row.id, name, origin)

    def _alias(self, row, type: str, origin: Origin) -> str:
        name = self.spell.aliases[row.n] = f"cd_a{row.n}"
        self.spell.forget()
        self._titles[row.id] = origin.name
        self.aliases.add(f"typedef {type} {name};", origin)
        return name

    # ---- questions ------------------------------------------------------------------------------

    def has_name(self, id: int) -> bool:
        """Can the record or enum be spelled?"""
        row = self.model.types[id]
        return not is_nameless(row) or row.n in self.spell.aliases

    def title(self, id: int) -> str:
        """What messages call it."""
        return self._titles.get(id) or self.model.spell(id)

    def enum_name(self, id: int, origin: Origin) -> str:
        """C text of an enum; one that nothing names is declared again, with its values."""
        row = self.model.types[id]
        if not self.has_name(id):
            values = ", ".join(
                f"cd_e{row.n}_{i} = {d.name}" for i, d in enumerate(self.model.enumerators(id))
            )
            self._alias(row, f"enum {{ {values} }}", origin)
        return self.spell(id)

    # ---- mirrors of unnamed members -------------------------------------------------------------

    def mirror(self, id: int) -> str:
        """C text of a record: an unnamed member's mirror, any other's own name."""
        if id not in self.owners:
            return self.spell(id)
        name = self._mirrored.get(id)
        if name is None:
            row = self.model.types[id]
            name = self._mirrored[id] = f"{WORDS[row.kind]} cd_m{row.n}"
            self._define(name, row, None)
        return name

    def offset_within(self, member: int, record: int) -> str:
        """The offset of a record's unnamed member: by what both have, else by a mirror of the
        record in which the member has a name."""
        leaf = self.leaf(member)
        if leaf:
            name = self.owners.get(record) or self.spell(record)
            return f"offsetof({name}, {leaf}) - offsetof({self.mirror(member)}, {leaf})"
        row = self.model.types[record]
        name = f"{WORDS[row.kind]} cd_n{self.model.types[member].n}"
        if name not in self._mirrored:
            self._mirrored[name] = name
            self._define(name, row, member)
        return f"offsetof({name}, cd_x)"

    def offset_in_owner(self, member: int) -> str:
        """The offset of an unnamed member, however deep, in the record that has its members."""
        parent = self._parents[member]
        inner = self.offset_within(member, parent)
        if parent not in self.owners or self.leaf(member):
            return inner
        return f"{inner} + {self.offset_in_owner(parent)}"

    def offset_of_unnamed(self, member: int, record: int) -> str:
        """The offset of a record's unnamed member in the record that has its members."""
        if member in self.owners:
            return self.offset_in_owner(member)
        return self.offset_within(member, record)  # of a type with a name (-fms-extensions)

    def leaf(self, id: int) -> str | None:
        """The first member, of this record or an unnamed one in it, that is no bit-field."""
        for m in self.model.members(id):
            row = self.spell.canon(m.type)
            name = m.name
            if name is None:
                name = self.leaf(row.id)
            if name and m.bits < 0:
                return name
        return None

    def _define(self, name: str, row, named: int | None) -> None:
        owner = self.owners.get(row.id) or self.spell(row.id)
        origin = Origin(self.title(row.id), "", place(row.where), self.title(row.id))
        _, _, tag = name.partition(" ")
        self.mirrors.add("\n".join(self._body(row, tag, owner, named)) + ";", origin)

    def _body(self, row, tag: str, owner: str, named: int | None):
        """Lines of a record's definition without its `;`."""
        pack = pack_of(row)
        if pack:
            yield f"#pragma pack(push, {pack})"
        yield f"{WORDS[row.kind]} {tag} {{"
        for m in self.model.members(row.id):
            yield from self._member(m, owner, named)
        yield "}"
        if pack:
            yield "#pragma pack(pop)"

    def _member(self, m, owner: str, named: int | None):
        if m.name is None:
            row = self.spell.canon(m.type)
            yield from self._body(row, "", owner, None)
            yield "cd_x;" if row.id == named else ";"
        elif m.bits >= 0:
            yield f"    {self.spell(m.type, m.name)} : {m.bits};"
        else:
            yield f"    CD_TYPEOF((({owner} *)0)->{m.name}) {m.name};"


def pack_of(row) -> int:
    """The packing in force in a record; 0: none."""
    if not row.flags & F.PACKED:
        return 0
    log2 = row.sub & 0x7F
    return 1 << (log2 - 1) if log2 and not row.sub & 0x80 else 1
