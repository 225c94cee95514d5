"""What an FFI has declared, as Python values: a read-only view of the parser's table.

    from cffi_core.model import Model

    model = Model(ffi)
    for decl in model.decls:
        print(decl.name, model.spell(decl.type, decl.name))

The columns are those of the structs in parser/cd_parser.h; read the pictures there.  Ids belong to
one table; 0 is "none".  Numbers that stand for words are asked for by name:

    type.kind == K.STRUCT        cd_kind             type.sub == PRIM.INT     cd_prim
    type.flags & F.PARTIAL       cd_type_flag        type.sub & Q.CONST       cd_qual, of a QUAL
    decl.kind == D.FUNCTION      cd_decl_kind        member.flags & M.FLEX    cd_member_flag
    decl.flags & DF.CHECKED      cd_decl_flag        CLASS.SINT               cd_class
"""

import sys

from . import _core
from .named import named

SimpleNamespace = type(sys.implementation)  # without importing types

#: kinds of types: K.POINTER, ...
K = SimpleNamespace(**_core.TYPE_KINDS)
F = SimpleNamespace(**_core.TYPE_FLAGS)
M = SimpleNamespace(**_core.MEMBER_FLAGS)
D = SimpleNamespace(**_core.DECL_KINDS)
DF = SimpleNamespace(**_core.DECL_FLAGS)
Q = SimpleNamespace(**_core.QUALS)
PRIM = SimpleNamespace(**_core.PRIMS)
CLASS = SimpleNamespace(**_core.CLASSES)
#: the class of each primitive, by its number
PRIM_CLASSES = _core.PRIM_CLASSES

sha256 = _core.sha256

_KINDS = _core.KIND_WORDS

#: The words for a function type's `sub`; "" is the default.
CONVENTIONS = [
    *("", "__cdecl", "__stdcall", "__fastcall", "__thiscall", "__vectorcall"),
    *("__attribute__((ms_abi))", "__attribute__((sysv_abi))"),
]

RECORDS = frozenset({K.STRUCT, K.UNION})
TAGGED = RECORDS | {K.ENUM}

#: A place in C text; file None: the cdef itself.
Where = named("Where", "file line col")

#: One type.  where: of a record, enum, typedef.  text: why it is UNAVAIL; of an ARRAY whose length
#: depends on the target, the C text of its length.
Type = named("Type", "id kind sub flags canon name a b x n size align where text")

#: One member of a struct or union; name None: an anonymous struct or union.  bits -1: no bit-field.
Member = named("Member", "name type offset bits shift flags")

#: One declared name.  value: int, float or bytes; params: the parameters' names, also of a typedef
#: of a function or a pointer to one, each perhaps None, an empty tuple if not known;
#: text: an asm label, a reason, a value's C text.
Decl = named("Decl", "index name kind type flags include value params text where")


def _where(place: tuple | None) -> Where | None:
    return place and Where(*place)


class _Rows:
    """A sequence of records, made when asked for, kept; the first has index 1."""

    __slots__ = ("_count", "_kept", "_read")

    def __init__(self, read, count):
        self._read = read
        self._count = count
        self._kept = {}

    def __getitem__(self, i: int):
        row = self._kept.get(i)
        if row is None:
            row = self._kept[i] = self._read(i)
        return row

    def put(self, i: int, row) -> None:
        """What is shown as record i from now on."""
        self._kept[i] = row

    def __len__(self) -> int:
        return self._count()

    def __iter__(self):
        return map(self.__getitem__, range(1, len(self) + 1))


class Model:
    """The declarations of an FFI.  What it has declared later is seen, too.

    types: Type by id; decls: Decl by index, in the order of declaration.  Both count from 1.
    """

    __slots__ = ("_includes", "_params", "_table", "decls", "types")

    def __init__(self, ffi):
        """ffi: an FFI, or its `_table`."""
        table = getattr(ffi, "_table", ffi)
        if not isinstance(table, _core.Table):
            raise TypeError(f"Model() takes an FFI, not {type(ffi).__name__}")
        self._table = table
        self._includes = {}
        self._params = {}
        self.types = _Rows(self._type, lambda: table.n_types)
        self.decls = _Rows(self._decl, lambda: table.n_decls)

    def _type(self, id: int) -> Type:
        row = self._table.type(id)
        row["kind"] = _KINDS[row["kind"]]
        row["where"] = _where(row["where"])
        return Type(id, **row)

    def _decl(self, index: int) -> Decl:
        row = self._table.decl(index)
        row["where"] = _where(row["where"])
        return Decl(index, **row)

    def places(self) -> list[Where]:
        """Of all declarations, those included that only repeated an earlier one."""
        return [Where(*place) for place in self._table.places()]

    def members(self, id: int) -> list[Member]:
        """Of a struct or union, in source order."""
        return [Member(**row) for row in self._table.members(id)]

    def params(self, id: int) -> list[int]:
        """The types of a function type's parameters."""
        found = self._params.get(id)
        if found is None:
            found = self._params[id] = self._table.params(id)
        return found

    def enumerators(self, id: int) -> list[Decl]:
        """Of an enum, in source order."""
        enum = self.types[id]
        return [self.decls[i] for i in range(enum.a, enum.a + enum.b)]

    def spell(self, id: int, declarator: str = "", plain: bool = False) -> str:
        """C text of a type around a declarator.

        plain: typedefs are replaced by what they stand for, but for those that alone name a type.
        """
        return self._table.spell(id, declarator, plain)

    def strip(self, id: int) -> int:
        """The type without its outermost typedefs and qualifiers."""
        row = self.types[id]
        while row.kind in (K.TYPEDEF, K.QUAL):
            row = self.types[row.a]
        return row.id

    def measure(self, id: int) -> tuple[int, int]:
        """Size and alignment in bytes; of an open array 0 and its elements' alignment."""
        align, row = 0, self.types[id]
        while row.kind in (K.TYPEDEF, K.QUAL):
            align = align or row.align
            row = self.types[row.a]
        if row.kind == K.ARRAY and not row.size:
            size, item = self.measure(row.a)
            return row.n * size, align or item
        return row.size, align or row.align

    def first_bit(self, member: Member) -> int:
        """Where a member begins, counted from the beginning of its record."""
        if member.bits < 0:
            return 8 * member.offset
        unit = 8 * self.measure(member.type)[0]
        if member.shift + member.bits > unit:
            unit = (member.shift + member.bits + 7) // 8 * 8
        is_big = sys.byteorder == "big"
        shift = unit - member.shift - member.bits if is_big else member.shift
        return 8 * member.offset + shift

    @property
    def module(self) -> str | None:
        """The name of the module made of these declarations: what set_source() was given."""
        return self._table.module

    @property
    def docs(self) -> dict[str, str]:
        """What comments say, by name."""
        return self._table.docs

    @property
    def includes(self) -> list["Model"]:
        """All that can be reached through include(): an IMPORT's column a counts them from 1."""
        tables = self._table.includes
        return [self._includes.setdefault(id(t), Model(t)) for t in tables]
