"""The declarations of an FFI as CFFI's objects.

A record or enum is one object, wherever it is named. A typedef of anything else is an object of
its own, so that what was declared by its name can be told from what was not.
"""

from copy import copy

from cffi_core.model import DF, PRIM, D, F, K, Model, Q

from . import classes

RECORDS = {K.STRUCT: classes.StructType, K.UNION: classes.UnionType}
QUALS = ((Q.CONST, classes.Q_CONST), (Q.VOLATILE, classes.Q_VOLATILE))
QUALS += ((Q.RESTRICT, classes.Q_RESTRICT),)
# What CFFI calls primitives that have two words.
COMPLEX = {"float _Complex": "_cffi_float_complex_t", "double _Complex": "_cffi_double_complex_t"}


class Reader:
    """(object, qualifiers) by type id; declarations() and int_constants()."""

    def __init__(self, table) -> None:
        """table: an FFI's; refresh() comes first."""
        self.table = table
        self.included: list[Reader] = []
        self.found: dict[int, tuple] = {}
        self.names: dict[int, str] = {}  # of records and enums: the typedef that comes first

    def refresh(self, deep: bool = True) -> None:
        """What is opaque or partial now may become complete later. deep: what is included, too."""
        self.model = Model(self.table)
        self.found.clear()
        self.names.clear()
        self.included += map(Reader, self.table.includes[len(self.included) :])
        for other in self.included if deep else ():
            other.refresh()
        for decl in self.model.decls:
            if decl.kind == D.TYPEDEF and not decl.include:
                row = self.model.types[self.model.types[decl.type].a or decl.type]
                while row.kind == K.QUAL:
                    row = self.model.types[row.a]
                self.names.setdefault(row.id, decl.name)

    # ---- types ----------------------------------------------------------------------------------

    def of(self, id: int) -> tuple:
        found = self.found.get(id)
        if found is None:
            found = self.found[id] = self._read(self.model.types[id])
        return found

    def _read(self, row) -> tuple:
        if row.kind == K.TYPEDEF:
            return self._typedef(row)
        if row.kind == K.QUAL:
            made, quals = self.of(row.a)
            return made, quals | sum(theirs for ours, theirs in QUALS if row.sub & ours)
        if row.kind in (K.ARRAY, K.VECTOR):
            item, quals = self.of(row.a)
            return classes.ArrayType(item, self._length(row)), quals
        if row.kind == K.IMPORT:
            return self.included[row.a - 1].of(row.b)
        return self._make(row), 0

    def _typedef(self, row) -> tuple:
        if row.where is None:
            if row.name in classes.KINDS:
                return classes.PrimitiveType(row.name), 0
            if row.name == "FILE":
                return classes.unknown_type("FILE", "_IO_FILE"), 0
        made, quals = self.of(row.a)
        item = getattr(made, "totype", None)
        if isinstance(item, classes.StructOrUnion) and not item.has_c_name():
            return classes.NamedPointerType(item, row.name), quals
        return (made if isinstance(made, classes.StructOrUnionOrEnum) else copy(made)), quals

    def _length(self, row) -> int | str | None:
        if row.flags & F.OPEN:
            return None
        return "..." if row.flags & F.DOTS else row.b if row.kind == K.VECTOR else row.n

    def _make(self, row):
        if row.kind == K.PRIM:
            return self._primitive(row)
        if row.kind == K.POINTER:
            item, quals = self.of(row.a)
            if item.is_raw_function:
                return item.as_function_pointer()
            return classes.PointerType(item, quals)
        if row.kind == K.FUNC:
            args = tuple(self._parameter(id) for id in self.model.params(row.id))
            result = self.of(row.a)[0]
            return classes.RawFunctionType(args, result, bool(row.flags & F.VARIADIC))
        if row.kind in RECORDS:
            return self._record(row)
        if row.kind == K.ENUM:
            return self._enum(row)
        return classes.unknown_type(self.model.spell(row.id))

    def _primitive(self, row):
        if row.sub == PRIM.VOID:
            return classes.void_type
        if row.sub == PRIM.DOT_INT:
            return classes.UnknownIntegerType(row.name)
        if row.sub == PRIM.DOT_FLOAT:
            return classes.UnknownFloatType(row.name)
        return classes.PrimitiveType(COMPLEX.get(row.name, row.name))

    def _parameter(self, id: int):
        made = self.of(id)[0]
        return made.as_function_pointer() if made.is_raw_function else made

    def _named(self, made, row):
        """Its names; found by what it holds itself."""
        self.found[row.id] = made, 0
        if row.id in self.names:
            made.force_the_name(self.names[row.id])
        return made

    def _tag(self, row) -> str:
        if row.flags & F.TYPEDEF_NAME:
            return f"${row.name}"
        return row.name or f"${row.n}"

    def _record(self, row):
        made = self._named(RECORDS[row.kind](self._tag(row), None, None, None), row)
        if row.flags & F.OPAQUE:
            if row.flags & F.TYPEDEF_NAME:
                made.origin = "unknown_type"
            return made
        members = self.model.members(row.id)
        pairs = [self.of(member.type) for member in members]
        made.fldnames = tuple(member.name or "" for member in members)
        made.fldtypes = tuple(type for type, _ in pairs)
        made.fldbitsize = tuple(member.bits for member in members)
        made.fldquals = tuple(quals for _, quals in pairs)
        made.packed = 1 if row.sub & 0x80 else 1 << row.sub - 1 if row.sub else 0
        if row.flags & F.PARTIAL:
            made.partial = True
        return made

    def _enum(self, row):
        decls = self.model.enumerators(row.id)
        names = tuple(decl.name for decl in decls)
        made = self._named(classes.EnumType(self._tag(row), names, values_of(decls)), row)
        made.partial = bool(row.flags & F.PARTIAL)
        return made

    # ---- declarations ---------------------------------------------------------------------------

    def declarations(self) -> dict[str, tuple]:
        """(object, qualifiers) by kind and name, as in "typedef size_t"."""
        rows: dict[str, tuple] = {}
        for other in self.included:
            for key, row in other.declarations().items():
                if key.split()[0] in SHARED and not key.startswith("anonymous $enum_"):
                    rows[key] = row
        tagged = iter(r for r in self.model.types if r.where and r.kind in (*RECORDS, K.ENUM))
        waiting = next(tagged, None)
        for decl in self.model.decls:
            while waiting is not None and waiting.id <= decl.type:
                self._add_tagged(rows, waiting)
                waiting = next(tagged, None)
            if decl.where is not None and not decl.include:
                self._add(rows, decl)
        for row in filter(None, [waiting, *tagged]):
            self._add_tagged(rows, row)
        return rows

    def _add_tagged(self, rows: dict[str, tuple], row) -> None:
        made = self.of(row.id)[0]
        if not made.name.startswith("$"):
            rows[f"{made.kind} {made.name}"] = made, 0
        elif row.kind == K.ENUM or (row.flags & F.TYPEDEF_NAME and not hasattr(made, "origin")):
            rows[f"anonymous {row.name or '$enum_' + made.name}"] = made, 0

    def _add(self, rows: dict[str, tuple], decl) -> None:
        if decl.flags & DF.ENUMERATOR:
            return
        if decl.kind == D.MACRO and not decl.type:
            rows[f"macro {decl.name}"] = "...", 0
        elif decl.kind in (D.INT, D.FLOAT, D.STRING):
            rows[f"macro {decl.name}"] = decl.value, 0
        elif decl.kind in WORDS and decl.type:
            made, quals = self.of(decl.type)
            word = WORDS[decl.kind]
            if decl.kind in (D.FUNCTION, D.EXTERN_PYTHON):
                made = made.as_function_pointer()
                if decl.flags & DF.PLUS_C:
                    word = "extern_python_plus_c"
            rows[f"{word} {decl.name}"] = made, quals

    def int_constants(self) -> dict[str, int]:
        rows: dict[str, int] = {}
        for other in self.included:
            rows |= other.int_constants()
        for row in self.model.types:
            if row.kind == K.ENUM:
                enum = self.of(row.id)[0]
                rows |= zip(enum.enumerators, enum.enumvalues, strict=True)
        return rows | {d.name: d.value for d in self.model.decls if d.kind == D.INT and d.where}


def values_of(enumerators) -> tuple[int, ...]:
    """What only the compiler knows is counted on."""
    values: list[int] = []
    for decl in enumerators:
        values.append(decl.value if decl.kind == D.INT else (values or [-1])[-1] + 1)
    return tuple(values)


SHARED = ("struct", "union", "enum", "anonymous", "typedef")
WORDS = {D.TYPEDEF: "typedef", D.FUNCTION: "function", D.VARIABLE: "variable"}
WORDS |= {D.MACRO: "constant", D.EXTERN_PYTHON: "extern_python"}
