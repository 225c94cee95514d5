"""Records that are unnamed members: only their members can be asked for, as their owner's.

    struct foo { int n; union { int a; char b; }; };        the owner of the union is struct foo

The union's size and alignment are those of a mirror, a union of the same members; where it begins
follows from where a member is in both.  Attributes, unnamed bit-fields and what `...;` stands for
have no part in a mirror.  Where they may matter, the union is said to fill all the room between its
neighbours: then every member still is where the compiler has it, and the union's own figures are
not compared.
"""

from cffi_core.model import F, K

from .emit_places import Places, place
from .emit_text import Origin, Text

WORDS = {K.STRUCT: "struct", K.UNION: "union"}


class Mirrors:
    """Where unnamed members are.  All text is C; offsets are those in the owner."""

    def __init__(self, places: Places):
        self.places = places
        self.spell = places.spell
        self.model = places.model
        self.text = Text()
        self._defined = {}
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

    def extent(self, member: int) -> tuple[str, str]:
        """(offset, size) of an unnamed member."""
        found = self._extents.get(member)
        if found is None:
            made = self._exact if self._is_exact(member) else self._room
            found = self._extents[member] = made(member, self.places.parents[member])
        return found

    def start(self, id: int) -> str:
        """Where a record begins in its owner."""
        return self.extent(id)[0] if id in self.places.owners else "0"

    def size(self, id: int) -> str:
        return self.extent(id)[1] if id in self.places.owners else f"sizeof({self.spell(id)})"

    def align(self, id: int) -> str:
        fills_room = id in self.places.owners and not self._is_exact(id)
        return "1" if fills_room else f"CD_ALIGNOF({self.name(id)})"

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
        return bool(self._leaf(member)) or not self._is_laid_out(self.places.parents[member])

    def _exact(self, member: int, parent: int) -> tuple[str, str]:
        """By a member that both have; without one by a mirror of the parent, where it has a name.
        """
        mirror, leaf = self.name(member), self._leaf(member)
        size = f"sizeof({mirror})"
        if leaf:
            return f"offsetof({self.owner(parent)}, {leaf}) - offsetof({mirror}, {leaf})", size
        name = f"cd_n{self.model.types[member].n}"
        name = self._mirror(name, self.model.types[parent], member)
        return f"offsetof({name}, cd_x) + {self.start(parent)}", size

    def _room(self, member: int, parent: int) -> tuple[str, str]:
        """From the end of the plain member before to the next one."""
        owner = self.owner(parent)
        start, end = self.start(parent), f"{self.start(parent)} + {self.size(parent)}"
        if self.model.types[parent].kind == K.STRUCT:
            is_behind = False
            for m in self.model.members(parent):
                is_behind |= m.type == member and m.name is None
                if m.name is None or m.bits >= 0 or m.flags:
                    continue
                if is_behind:
                    end = f"offsetof({owner}, {m.name})"
                    break
                start = f"offsetof({owner}, {m.name}) + sizeof((({owner} *)0)->{m.name})"
        return start, f"{end} - ({start})"

    def _leaf(self, id: int) -> str | None:
        """The first member, of this record or an unnamed one in it, that is no bit-field."""
        for m in self.model.members(id):
            name = m.name if m.name else self._leaf(self.spell.canon(m.type).id)
            if name and m.bits < 0:
                return name
        return None

    # ---- the mirrors' text ----------------------------------------------------------------------

    def _mirror(self, tag: str, row, named: int | None) -> str:
        """A record with the members of row; named: of these, an unnamed one that is called cd_x."""
        name = f"{WORDS[row.kind]} {tag}"
        if tag not in self._defined:
            self._defined[tag] = name
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
            yield f"    {self.spell.as_declared(m.type, m.name)} : {m.bits};"
        else:
            yield f"    CD_TYPEOF((({owner} *)0)->{m.name}) {m.name};"


def pack_of(row) -> tuple[int, str]:
    """The packing in force in a record, 0: none; the attribute packed."""
    log2 = row.sub & 0x7F
    packed = " __attribute__((__packed__))" if row.sub & 0x80 else ""
    return 1 << (log2 - 1) if log2 else 0, packed
