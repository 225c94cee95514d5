"""Types: their records in the stub, and the facts that only a compiler knows about them."""

from cffi_core.model import CLASS, PRIM, PRIM_CLASSES, TAGGED, D, F, K, M, Model
from cffi_core.named import named

from .emit_checks import Strict, kind, member
from .emit_mirrors import Mirrors
from .emit_places import Places, place
from .emit_spelling import Spelling, is_nameless, is_record, is_tagged
from .emit_text import Facts, Origin, Strings, Text, no_macro

# What a stub says of a type; all else follows from it, or depends on the machine that emits.
FLAGS = (
    *("OPAQUE", "PARTIAL", "LATE", "OPEN", "DOTS", "VARIADIC", "NOPROTO", "PACKED", "FLEX"),
    *("TRANSPARENT", "TYPEDEF_NAME", "BITFIELDS", "LAID_OUT"),
)
KEPT = sum(getattr(F, name, 0) for name in FLAGS)
FIRST_SID = 256

PROBE = """\
static void cd_p_{slot}(void *cd_r)
{{
    {body}
}}"""

SET_BITS = """\
{owner} cd_v CD_BLANK;
    cd_fill((void *)&cd_v, sizeof cd_v);
    cd_v.{name} = ({type})0;
    cd_flip((void *)&cd_v, sizeof cd_v);"""

UNKNOWN_LENGTH = "`[...]` where no declared name has it: only a compiler can count"
UNNAMED = "no declared name leads to it"

#: The columns of struct cd_stub_type, numbers or C text.
Row = named("Row", "kind sub flags name a b c x doc file line", defaults=[0] * 11)


class Types:
    """Gives every type an sid; .rows(), .fields, .ids and .probes are the stub's arrays."""

    def __init__(
        self, spell: Spelling, places: Places, facts: Facts, strings: Strings, strict: Strict
    ):
        self.spell = spell
        self.model: Model = spell.model
        self.places = places
        self.mirrors = Mirrors(places)
        self.facts = facts
        self.strings = strings
        self.strict = strict
        self.not_macros: frozenset[str] = frozenset()  # see emit()
        self.ids = [0]
        self.fields = Text()
        self.probes = Text()
        self.code = Text()
        self.count_probes = 0
        self._typedefs = None  # name -> typedef, made when needed
        self._rows = []
        self._sids = {}
        self._records = []  # whose fields are still to be made
        self._enums = []
        self._count_fields = 0
        self._array_names = {}  # array of an included module -> its typedef
        self._current = {}  # (kind, tag) -> the record that has it now

    def name_tags(self, ids) -> None:
        """Records and enums in the order of declaration: a later one has the tag."""
        for id in ids:
            row = self.model.types[id]
            if is_tagged(row):
                self._current[row.kind, row.name] = id

    # ---- sids -----------------------------------------------------------------------------------

    def sid(self, id: int) -> int:
        found = self._sids.get(id)
        if found is None:
            found = self._sids[id] = self._new(id) if id else 0
        return found

    def _new(self, id: int) -> int:
        row = self.model.types[id]
        if row.kind == K.PRIM and not row.flags & F.LATE:
            return row.sub
        current = self._current.get((row.kind, row.name), id)
        if current != id and is_tagged(row):
            return self.sid(current)
        make = {
            K.PRIM: self._late,
            K.POINTER: self._item,
            K.ARRAY: self._array,
            K.VECTOR: self._vector,
            K.FUNC: self._function,
            K.STRUCT: self._record,
            K.UNION: self._record,
            K.ENUM: self._enum,
            K.TYPEDEF: self._item,
            K.QUAL: self._item,
            K.IMPORT: self._import,
            K.UNAVAIL: self._unavailable,
        }[row.kind]
        made = make(row)
        self._rows.append((made, row))
        return FIRST_SID + len(self._rows) - 1

    def _common(self, row, **columns) -> Row:
        where = row.where
        return Row(
            kind=row.kind,
            flags=row.flags & KEPT,
            name=self.strings.add(row.name),
            file=self.strings.add(where.file) if where else 0,
            line=where.line if where else 0,
            **columns,
        )

    def _item(self, row) -> Row:
        if row.kind == K.TYPEDEF and self.model.types[row.a].kind == K.IMPORT:
            self._array_names[row.a] = row.name
        item = self.sid(row.a)
        aligned = 0
        if row.kind == K.TYPEDEF and row.name is None:
            origin = Origin(self.model.spell(row.a), "alignment", "<cdef>:0:0", "")
            aligned = self.facts.add(origin, str(row.align))
        return self._common(row, sub=row.sub, a=item, c=aligned)

    def _late(self, row) -> Row:
        """`typedef int... T;`: size and sign; `typedef float... T;`: size."""
        name = self.spell(row.id)
        origin = Origin(name, "type", place(row.where), f"typedef {self.model.spell(row.id)}")
        check = kind(f"*({name} *)0", self.spell, row.id)
        values = [f"sizeof({name}) + {check}"]
        if "| 0" in check:
            values.append(f"((({name})-1 | 0) < (({name})1 | 0))")
        return self._common(row, sub=row.sub, c=self.facts.add(origin, *values))

    def unknown_integer(self, name: str, type: str, where: str) -> int:
        """The sid of the type of a constant that only running code can tell."""
        origin = Origin(name, "type", where, f"#define {name} ...")
        facts = self.facts.add(origin, f"sizeof({type})", f"(({type})-1 < ({type})1)")
        made = Row(kind=K.PRIM, sub=PRIM.DOT_INT, flags=F.LATE, c=facts)
        self._rows.append((made, self.model.types[PRIM.DOT_INT]))
        return FIRST_SID + len(self._rows) - 1

    def _array(self, row) -> Row:
        item = self.sid(row.a)
        if row.text:
            origin = Origin(self.model.spell(row.id), "length", "<cdef>:0:0", row.text)
            length = self.spell.needs(row.text)
            return self._common(row, a=item, x=self.facts.add(origin, f"(cd_int64_t)({length})"))
        if not row.flags & F.DOTS:
            return self._common(row, a=item, b=row.n & 0xFFFFFFFF, c=row.n >> 32)
        if row.id not in self.places.lengths:
            return self._refused(row, UNKNOWN_LENGTH)
        length, origin = self.places.lengths[row.id]
        return self._common(row, a=item, x=self.facts.add(origin._replace(what="length"), length))

    def _vector(self, row) -> Row:
        """Of so many bytes, that is: the item's size is the target's."""
        return self._common(row, a=self.sid(row.a), b=f"{row.size} / sizeof({self.spell(row.a)})")

    def _function(self, row) -> Row:
        result = self.sid(row.a)
        params = [self.sid(id) for id in self.model.params(row.id)]
        first = len(self.ids) if params else 0
        self.ids += params
        return self._common(row, sub=row.sub, a=result, b=first, c=len(params))

    def _unavailable(self, row) -> Row:
        return self._refused(row, row.text)

    def _refused(self, row, reason: str) -> Row:
        name = self.strings.add(row.name or self.model.spell(row.id))
        return Row(kind=K.UNAVAIL, name=name, a=self.strings.add(reason))

    def _import(self, row) -> Row:
        """A record or enum of an included module; its layout as it is here is compared there."""
        there = self.model.includes[row.a - 1].types[row.b]
        if there.kind == K.PRIM:
            return self._late(row._replace(kind=K.PRIM, sub=there.sub, flags=there.flags))
        if there.kind == K.ARRAY:
            return self._foreign_array(row, there)
        layout = 0
        if there.kind in TAGGED and row.name and row.name[0] != "$" and not there.flags & F.OPAQUE:
            name = self.spell(row.id)
            origin = Origin(name, "size", place(there.where), name)
            layout = self.facts.add(origin, f"sizeof({name})", f"CD_ALIGNOF({name})")
        columns = {"sub": row.sub, "a": row.a, "c": layout, "x": there.n}
        return self._common(row, **columns)

    def _foreign_array(self, row, there) -> Row:
        """`typedef int T[...]` of an included module: counted again here."""
        model, name = self.model.includes[row.a - 1], self._array_names.get(row.id)
        item = model.types[model.types[there.a].canon]
        if name is None or item.kind != K.PRIM or item.flags & F.LATE:
            return self._refused(row, UNKNOWN_LENGTH)
        origin = Origin(name, "length", place(None), name)
        length = f"sizeof({name}) / sizeof((*({name} *)0)[0])"
        fact = self.facts.add(origin, length)
        return Row(kind=K.ARRAY, flags=there.flags & KEPT, a=item.sub, x=fact)

    # ---- records and enums ----------------------------------------------------------------------

    def _origin(self, row) -> Origin:
        title = self.places.title(row.id)
        return Origin(title, "size", place(row.where), title)

    def _record(self, row) -> Row:
        if row.flags & F.OPAQUE:
            return self._common(row, sub=row.sub, x=row.n if has_number(row) else 0)
        if not self.places.has_name(row.id) and row.id not in self.places.owners:
            return self._refused(row, UNNAMED)
        size, align = self.mirrors.size(row.id), self.mirrors.align(row.id)
        if self._typedef_aligns(row):
            align = f"CD_WITHIN({align}, {size})"
            row = row._replace(flags=row.flags | F.LAID_OUT)
        facts = self.facts.add(self._origin(row), size, align)
        self._records.append((len(self._rows), row))
        self.spell.used.add("offsetof")
        if not self.mirrors.is_comparable(row.id):
            row = row._replace(flags=row.flags | F.LAID_OUT)
        if self.mirrors.is_loose(row.id) and not row.flags & F.PARTIAL:
            row = row._replace(flags=(row.flags | F.PARTIAL) & ~F.LATE)
        return self._common(row, sub=row.sub, c=facts, x=row.n if has_number(row) else 0)

    def _typedef_aligns(self, row) -> bool:
        """Has the typedef, the one name that it has, an alignment of its own?  What the compiler
        says of it is the typedef's, of which the size may be no multiple."""
        if not row.flags & F.TYPEDEF_NAME:
            return False
        if self._typedefs is None:
            decls = self.model.decls
            self._typedefs = {d.name: d for d in decls if d.kind == D.TYPEDEF and d.where}
        decl = self._typedefs.get(row.name)
        return decl is not None and self.model.types[decl.type].a != row.id

    def _enum(self, row) -> Row:
        if row.flags & F.OPAQUE and not self.strict.warns(row.where):
            return self._common(row)
        row = row._replace(flags=row.flags & ~F.OPAQUE)  # the compiler knows it, or another name
        origin = self._origin(row)
        name = self.places.enum_name(row.id, origin)
        facts = self.facts.add(origin, f"sizeof({name})", f"CD_ENUM_SIGNED({name})")
        self._enums.append((len(self._rows), row))
        return self._common(row, c=facts, x=row.n if has_number(row) else 0)

    def finish(self) -> None:
        """The fields of all records; these may lead to more types, and so to more records."""
        while self._records:
            index, row = self._records.pop()
            members = self.model.members(row.id)
            fields = [self._field(row, m) for m in members]
            self._patch(index, a=self._count_fields if fields else 0, b=len(fields))
            self._count_fields += len(fields)
            for field in fields:
                self.fields.add(f"    {{{', '.join(map(str, field))}}},")

    def finish_enums(self, index_of: dict) -> None:
        """index_of: global's name -> its index."""
        for index, row in self._enums:
            first = len(self.ids)
            self.ids += [index_of[d.name] for d in self.model.enumerators(row.id)]
            self._patch(index, a=first, b=len(self.ids) - first)

    def _patch(self, index: int, **columns) -> None:
        made, row = self._rows[index]
        self._rows[index] = made._replace(**columns), row

    # ---- fields ---------------------------------------------------------------------------------

    def _field(self, record, m) -> tuple:
        """The columns of struct cd_stub_field."""
        name, type = self.strings.add(m.name), self.sid(m.type)
        declared = self.model.spell(m.type, m.name or "")
        title = self.places.title(record.id)
        origin = Origin(title, f"field {m.name}", place(record.where), declared)
        if m.bits >= 0:
            return name, type, 0, m.bits, 0, self._probe(record, m, origin)
        if m.name is None:
            inside = self.spell.canon(m.type)
            offset = self.mirrors.offset_in(record.id, inside.id)
            size = self.mirrors.size(inside.id)
        else:
            offset = f"offsetof({self.mirrors.owner(record.id)}, {m.name})"
            size = self._size(record, m)
        offset = self._relative(record, offset)
        plain = m.name if m.name in self.not_macros else None
        fact = self.facts.add(origin, offset, size, plain=plain)
        return name, type, fact, -1, m.flags & M.FLEX, 0

    def _relative(self, record, offset: str) -> str:
        if record.id not in self.places.owners:
            return offset
        return f"{offset} - ({self.mirrors.start(record.id)})"

    def _size(self, record, m) -> str:
        if m.flags & M.FLEX:
            return "0"
        x = f"(({self.mirrors.owner(record.id)} *)0)->{m.name}"
        if self._is_usable(m.type):
            return f"sizeof({x}) + {member(x, self.spell, m.type, self.strict, record.where)}"
        return f"sizeof({x})"

    def _is_usable(self, type: int) -> bool:
        """Does the type have C text to compare with?"""
        row = self.spell.canon(type)
        while row.kind in (K.ARRAY, K.VECTOR):
            row = self.spell.canon(row.a)
        return row.kind != K.UNAVAIL and not (
            is_nameless(row) and not self.places.has_name(row.id)
        )

    def _probe(self, record, m, origin: Origin) -> int:
        """A function that sets a bit-field, in a copy of its owner when that is not the record."""
        slot, self.count_probes = self.count_probes, self.count_probes + 1
        owner = self.mirrors.owner(record.id)
        type = self.spell(self.spell.unqualified(m.type))
        if self.spell.is_const(m.type):
            body = f"{owner} cd_v = {{ .{m.name} = {self._ones(m, type)} }};"
        else:
            body = SET_BITS.format(owner=owner, name=m.name, type=type)
        if record.id not in self.places.owners:
            copy = "CD_COPY(cd_r, &cd_v, sizeof cd_v);"
        else:
            start, size, _ = self.mirrors.extent(record.id)
            copy = f"CD_COPY(cd_r, (char *)&cd_v + ({start}), {size});"
        probe = PROBE.format(slot=slot, body=f"{body}\n    {copy}")
        self.code.add(no_macro(m.name, probe) if m.name in self.not_macros else probe, origin)
        self.probes.add(f"    cd_p_{slot},")
        return slot

    def _ones(self, m, type: str) -> str:
        """The value of all ones, as an initializer of so many bits as declared."""
        row = self.spell.canon(m.type)
        if row.kind == K.PRIM and PRIM_CLASSES[row.sub] == CLASS.SINT:
            return "-1"
        return "1" if type == "CD_BOOL" else f"({type}){(1 << m.bits) - 1:#x}u"

    # ---- the arrays -----------------------------------------------------------------------------

    def rows(self) -> Text:
        text = Text()
        for made, row in self._rows:
            spelled = self.model.spell(row.id) if row.kind != K.UNAVAIL else ""
            comment = f" /* {spelled} */" if spelled and "/" not in spelled else ""
            text.add(f"    {{{', '.join(map(str, made))}}},{comment}")
        return text

    def tags(self) -> list[int]:
        """Indices of .types, sorted by tag."""
        found = [
            (row.name.encode("utf-8", "surrogateescape"), index)
            for index, (made, row) in enumerate(self._rows)
            if is_tagged(row) and made.kind == row.kind
        ]
        return [index for _, index in sorted(found)]


def has_number(row) -> bool:
    """A record or enum that no tag finds: its table counts them."""
    return not is_tagged(row) and (is_record(row) or row.kind == K.ENUM)
