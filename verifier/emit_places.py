"""Names for what has none, and how the emitted C gets at every record, enum and array.

    struct foo { struct { int a; } x; union { int b; }; };

The type of x gets an alias, made of the type of that member.  The union is only there as a part of
struct foo, see emit_mirrors.py.
"""

from cffi_core.model import TAGGED, D, F, K

from .emit_checks import AT_LEAST, SAME_SIZE
from .emit_spelling import Spelling, is_nameless, is_record
from .emit_text import Origin, Text


def place(where) -> str:
    """file:line:col, as messages show it."""
    return f"{where.file or '<cdef>'}:{where.line}:{where.col}" if where else "<cdef>:0:0"


class Places:
    """What walk over all declarations finds.

    aliases   text of the typedefs, in the order of their dependence
    owners    unnamed member -> C name of the record that has its members
    parents   unnamed member -> the record that it stands in
    lengths   array of `[...]` -> (C text of its length, origin)
    """

    def __init__(self, spell: Spelling, lenient: bool):
        self.spell = spell
        self.model = spell.model
        self.aliases = Text()
        self.owners = {}
        self.parents = {}
        self.lengths = {}
        self.item_size = AT_LEAST if lenient else SAME_SIZE  # of those of `[...]`
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
                self.parents[row.id] = id
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
                    self.lengths.setdefault(row.id, (self._length(row, x), origin))
                    self.spell.lengths.setdefault(row.id, f"sizeof({x}) / sizeof(({x})[0])")
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

    def _length(self, row, x: str) -> str:
        """The number of elements, whose size is checked."""
        item = f"({x})[0]"
        length = f"sizeof({x}) / sizeof({item}) + 0 * CD_ARRAY({x})"
        element = self.spell.canon(row.a)
        if element.kind == K.POINTER:
            return f"{length} + {self.item_size.format(x=item, type='void *')}"
        if element.kind == K.PRIM or (element.kind in TAGGED and not is_nameless(element)):
            return f"{length} + {self.item_size.format(x=item, type=self.spell(row.a))}"
        return length

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
