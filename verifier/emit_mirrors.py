"""Records that are unnamed members: only their members can be asked for, as their owner's.

    struct foo { int n; union { int a; char b; }; };        the owner of the union is struct foo

The union's size and alignment are those of a mirror, a union of the same members; where it begins
follows from where a member is in both.  Attributes, unnamed bit-fields and what `...;` stands for
have no part in a mirror.  Where they may matter, the union is said to fill the record it stands
in: then every member still is where the compiler has it, and the union's own figures are not
compared.

So it is as well where C has no such union, but these members apart from each other, which is no
error in a struct that ends in `...;`.  The compiler finds out which it is, by a constant.
"""

from cffi_core.model import F, K

from .emit_places import Places, place
from .emit_text import Origin, Text

WORDS = {K.STRUCT: "struct", K.UNION: "union"}

OWN = "cd_m_"  # what the names in a mirror begin with: the others may be macros


class Mirrors:
    """Where unnamed members are.  All text is C; offsets are those in the owner."""

    def __init__(self, places: Places):
        self.places = places
        self.as_found = False  # no layout that the compiler finds is an error
        self.spell = places.spell
        self.model = places.model
        self.text = Text()
        self._defined = set()
        self._extents = {}

    def name(self, id: int) -> str:
        """An unnamed member's mirror; of any other record its own name."""
        if id not in self.places.owners:
            return self.spell(id)
        return self._mirror(f"cd_m{self.model.types[id].n}", self.model.types[id], None)

    def owner(self, id: int) -> str:
        """The record whose member every member of this one is."""
        return self.places.owners.get(id) or self.spell(id)

    # ---- offset and size ------------------------------------------------------------------------

    def extent(self, member: int) -> tuple[str, str, str]:
        """(offset, size, alignment) of an unnamed member."""
        found = self._extents.get(member)
        if found is None:
            parent = self.places.parents[member]
            whole = self.start(parent), self.size(parent), "1"
            found = self._exact(member, parent) if self._is_exact(member) else whole
            if found != whole and self._is_movable(member):
                fits = self._fits(member, parent)
                pairs = zip(found, whole, strict=True)
                found = tuple(f"({fits} ? {mine} : {all_})" for mine, all_ in pairs)
            self._extents[member] = found
        return found

    def start(self, id: int) -> str:
        """Where a record begins in its owner."""
        return self.extent(id)[0] if id in self.places.owners else "0"

    def size(self, id: int) -> str:
        return self.extent(id)[1] if id in self.places.owners else f"sizeof({self.spell(id)})"

    def align(self, id: int) -> str:
        return self.extent(id)[2] if id in self.places.owners else f"CD_ALIGNOF({self.spell(id)})"

    def is_loose(self, id: int) -> bool:
        """May the compiler have members elsewhere without an error, since some have no name?"""
        if id in self.places.owners:
            return self._is_movable(id)
        return self.as_found and any(m.name is None for m in self.model.members(id))

    def _is_movable(self, member: int) -> bool:
        """LATE: of a record that ends in `...;`."""
        return self.as_found or bool(self.model.types[member].flags & F.LATE)

    def is_comparable(self, id: int) -> bool:
        """Are the figures those that the declaration leads to?"""
        if id in self.places.owners and not self._is_exact(id):
            return False
        return not self._is_laid_out(id)

    def offset_in(self, record: int, member: int) -> str:
        """The offset of a member without a name, whose type may have one (-fms-extensions)."""
        if member in self.places.owners:
            return self.extent(member)[0]
        return self._exact(member, record)[0]

    def _is_laid_out(self, id: int) -> bool:
        """Can something that the table does not keep have a part in the layout?"""
        row = self.model.types[id]
        not_all = F.LAID_OUT | F.PARTIAL if id in self.places.owners else F.LAID_OUT
        return bool(row.flags & not_all) or any(
            m.name is None and m.type in self.places.owners and self._is_laid_out(m.type)
            for m in self.model.members(id)
        )

    def _is_exact(self, member: int) -> bool:
        if self._is_laid_out(member):
            return False
        if self._leaf(member) or self._is_movable(member):
            return self._leaf(member) is not None
        return not self._is_laid_out(self.places.parents[member])

    def _exact(self, member: int, parent: int) -> tuple[str, str, str]:
        """By a member that both have; without one by a named one in the parent's mirror."""
        mirror, leaf = self.name(member), self._leaf(member)
        size, align = f"sizeof({mirror})", f"CD_ALIGNOF({mirror})"
        if leaf:
            here, there = self._both(mirror, self.owner(parent), leaf)
            return f"{here} - {there}", size, align
        name = f"cd_n{self.model.types[member].n}"
        name = self._mirror(name, self.model.types[parent], member)
        return f"offsetof({name}, cd_x) + {self.start(parent)}", size, align

    def _both(self, mirror: str, owner: str, leaf: str) -> tuple[str, str]:
        """Where a member is in the owner, and in a mirror or a record with a name."""
        own = f"{OWN}{leaf}" if mirror in self._defined else leaf
        return f"offsetof({owner}, {leaf})", f"offsetof({mirror}, {own})"

    def _fits(self, member: int, parent: int) -> str:
        """The constant that says whether an unnamed member is one."""
        mirror, owner = self.name(member), self.owner(parent)
        pairs = [self._both(mirror, owner, leaf) for leaf in self._leaves(member)]
        first, there = pairs[0]
        tests = [
            f"{first} >= {self.start(parent)} + {there}",
            f"{first} + sizeof({mirror}) <= {self.start(parent)} + {self.size(parent)} + {there}",
        ]
        tests += [f"{other} + {there} == {first} + {its}" for other, its in pairs[1:]]
        name = f"cd_w{self.model.types[member].n}"
        origin = Origin(self.places.title(member), "", place(None), "")
        self.text.add(f"enum {{ {name} = {' && '.join(tests)} }};", origin)
        return name

    def _leaves(self, id: int):
        """The members, of this record or unnamed ones in it, that are no bit-fields."""
        for m in self.model.members(id):
            if m.name is None:
                yield from self._leaves(self.spell.canon(m.type).id)
            elif m.bits < 0:
                yield m.name

    def _leaf(self, id: int) -> str | None:
        return next(self._leaves(id), None)

    # ---- the mirrors' text ----------------------------------------------------------------------

    def _mirror(self, tag: str, row, named: int | None) -> str:
        """A record with the members of row; named: of these, an unnamed one that is called cd_x."""
        name = f"{WORDS[row.kind]} {tag}"
        if name not in self._defined:
            self._defined.add(name)
            title = self.places.title(row.id)
            origin = Origin(title, "", place(row.where), title)
            lines = self._body(row, tag, self.owner(row.id), named, ";")
            self.text.add("\n".join(lines), origin)
        return name

    def _body(self, row, tag: str, owner: str, named: int | None, tail: str):
        """Lines of a record's definition with what stands behind it."""
        pack, packed = pack_of(row)
        if pack:
            yield f"#pragma pack(push, {pack})"
        yield f"{WORDS[row.kind]} {tag} {{"
        for m in self.model.members(row.id):
            yield from self._member(m, owner, named)
        yield f"}}{packed}{tail}"
        if pack:
            yield "#pragma pack(pop)"

    def _member(self, m, owner: str, named: int | None):
        if m.name is None:
            row = self.spell.canon(m.type)
            tail = " cd_x;" if row.id == named else ";"
            yield from self._body(row, "", owner, None, tail)
        elif m.bits >= 0:
            yield f"    {self.spell.as_declared(m.type, OWN + m.name)} : {m.bits};"
        else:
            yield f"    CD_TYPEOF((({owner} *)0)->{m.name}) {OWN}{m.name};"


def pack_of(row) -> tuple[int, str]:
    """The packing in force in a record, 0: none; the attribute packed."""
    log2 = row.sub & 0x7F
    packed = " __attribute__((__packed__))" if row.sub & 0x80 else ""
    return 1 << (log2 - 1) if log2 else 0, packed
