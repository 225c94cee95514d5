"""Types as the emitted C writes them, and how their values travel in a call."""

from cffi_core.model import (
    CLASS,
    CONVENTIONS,
    PRIM,
    PRIM_CLASSES,
    RECORDS,
    TAGGED,
    D,
    F,
    K,
    Model,
    Q,
)

# Words of a type's text that are not C and C++ alike, or no name of a type at all.
WORDS = {
    "_Bool": "CD_BOOL",
    "restrict": "CD_RESTRICT",
    "__cdecl": "CD_CDECL",
    "__stdcall": "CD_STDCALL",
    "__fastcall": "CD_FASTCALL",
    "__thiscall": "CD_THISCALL",
    "__vectorcall": "CD_VECTORCALL",
    "__attribute__((ms_abi))": "CD_MS_ABI",
    "__attribute__((sysv_abi))": "CD_SYSV_ABI",
}
TAG = r"\b(?:struct|union|enum) \w+"
NEED_A_HEADER = ("ssize_t", "char16_t", "char32_t")
MARKS = ("$", *NEED_A_HEADER, *WORDS)  # a text without any of them is C as it stands

# The expression for WORDS, for a record that has no name and is called by an alias, and for what is
# only looked out for.
SPECIAL = rf"\b(?:struct|union|enum) \$(\d+)|\b(?:{'|'.join(NEED_A_HEADER)})\b|" + "|".join(
    r"(?<!\w)" + word.replace("(", r"\(").replace(")", r"\)") + r"(?!\w)" for word in WORDS
)

# How a value travels; see cd_word in cd_stub.h.
VOID, INTEGER, FLOAT, DOUBLE, POINTER, CODE, STORED, NUMBER, LATE = range(9)
#: STORED: in storage of its own (a record, a vector); NUMBER: the same, and a number (long double,
#: complex); LATE: `float...`, one of FLOAT, DOUBLE and NUMBER.
BY_ADDRESS = {STORED, NUMBER}
NUMBERS = {INTEGER, FLOAT, DOUBLE, NUMBER, LATE}

WIDE = {PRIM.INT128, PRIM.UINT128}


class Spelling:
    """Calling it with a type and a declarator gives C text, typedefs removed."""

    def __init__(self, model: Model):
        self.model = model
        self.aliases = {}  # number of a nameless record or enum -> the name it has here
        self.typedefs = {}  # "struct tag" -> the typedef that is written instead
        self.used = set()  # of the words that need a header: see emit_module.HEADERS
        self.lengths = {}  # array of `[...]` that a declared name leads to -> C text of its length
        self._texts = {}
        self._travels = {}

    def __call__(self, id: int, declarator: str = "") -> str:
        text = self._texts.get((id, declarator))
        if text is None:
            text = self._as_c(self.model.spell(id, declarator, True))
            if "[...]" in text:
                text = self._measured(id, text)
            self._texts[id, declarator] = text
        return text

    def _measured(self, id: int, text: str) -> str:
        """The text of a pointer or array with the lengths that a declared name has."""
        row, lengths = self.model.types[id], []
        while row.kind in (K.POINTER, K.ARRAY, K.QUAL, K.TYPEDEF):
            if row.flags & F.DOTS:
                lengths.append(self.lengths.get(row.id, "..."))
            row = self.model.types[row.a]
        parts = text.split("[...]")
        if len(lengths) < len(parts) - 1:
            return text
        return "".join(f"{t}[{n}]" for t, n in zip(parts, lengths, strict=False)) + parts[-1]

    def as_declared(self, id: int, declarator: str) -> str:
        """The same with typedefs kept: they may be aligned in another way."""
        return self._as_c(self.model.spell(id, declarator))

    def avoid(self, names: frozenset[str], any_enum: bool) -> None:
        """Writes a typedef for a tag where one of the two is among the names: declarations may
        have given a tag to what has none in the source. any_enum: for that of an enum without a
        typedef its integer type."""
        for model in (self.model, *self.model.includes) if names else ():
            for decl in model.decls:
                row = model.types[decl.type] if decl.kind == D.TYPEDEF else None
                tagged = row and row.kind == K.TYPEDEF and model.types[row.a]
                if tagged and is_tagged(tagged) and not names.isdisjoint((decl.name, tagged.name)):
                    self.typedefs.setdefault(model.spell(tagged.id), decl.name)
        for row in self.model.types if names and any_enum else ():
            if row.kind == K.ENUM and row.name in names:
                is_partial = row.flags & (F.PARTIAL | F.OPAQUE)
                base = "unsigned int" if is_partial else self.model.spell(row.sub)
                self.typedefs.setdefault(self.model.spell(row.id), base)

    def needs(self, text: str) -> str:
        """C text, from which is noted that it may have words of <stddef.h> and <stdint.h>."""
        if "_t" in text:
            self.used.add("_t")
        return text

    def _as_c(self, text: str) -> str:
        self.needs(text)
        if self.typedefs:
            import re

            text = re.sub(TAG, lambda match: self.typedefs.get(match[0], match[0]), text)
        if any(mark in text for mark in MARKS):
            import re  # late: it is slow to import, and seldom needed

            return re.sub(SPECIAL, self._special, text)
        return text

    def _special(self, match) -> str:
        if match[1]:
            return self.aliases.get(int(match[1]), match[0])
        self.used.add(match[0])
        return WORDS.get(match[0], match[0])

    def forget(self) -> None:
        """After aliases were added."""
        self._texts.clear()

    def convention(self, function: int) -> str:
        """The calling convention's word, with a blank behind it."""
        words = CONVENTIONS[self.model.types[function].sub]
        return WORDS[words] + " " if words else ""

    def unqualified(self, id: int) -> int:
        """The type without qualifiers of its own; a typedef that names no such stays."""
        types = self.model.types
        found, row = id, types[id]
        while row.kind in (K.TYPEDEF, K.QUAL):
            if row.kind == K.QUAL:
                found = row.a
            row = types[row.a]
        return found

    def pointer(self, id: int) -> str:
        """C text of a pointer to the type."""
        is_suffixed = self.canon(id).kind in (K.ARRAY, K.FUNC)
        return self(id, "(*)" if is_suffixed else "*")

    def is_const(self, id: int) -> bool:
        """Is the object itself const; of an array, are its elements?"""
        row = self.model.types[id]
        while row.kind in (K.TYPEDEF, K.QUAL, K.ARRAY):
            if row.kind == K.QUAL and row.sub & Q.CONST:
                return True
            row = self.model.types[row.a]
        return False

    def canon(self, id: int):
        """The row of the type that it really is, in whatever table that is declared."""
        types = self.model.types
        return behind(self.model, types[types[id].canon])

    def travels(self, id: int) -> int:
        """How a value of the type travels."""
        found = self._travels.get(id)
        if found is None:
            found = self._travels[id] = self._travel(self.canon(id))
        return found

    def _travel(self, row) -> int:
        if row.kind == K.PRIM:
            return travel_of_primitive(row.sub)
        if row.kind == K.POINTER:
            is_code = self.canon(row.a).kind == K.FUNC
            return CODE if is_code else POINTER
        return INTEGER if row.kind == K.ENUM else STORED

    def is_complete(self, id: int) -> bool:
        """Has the type a size that sizeof can say?"""
        row = self.canon(id)
        if row.kind == K.FUNC or (row.kind == K.PRIM and row.sub == PRIM.VOID):
            return False
        return not row.flags & (F.OPAQUE | F.OPEN)


def behind(model: Model, row):
    """What an IMPORT stands for."""
    while row.kind == K.IMPORT:
        model = model.includes[row.a - 1]
        row = model.types[row.b]
    return row


def travel_of_primitive(prim: int) -> int:
    klass = PRIM_CLASSES[prim]
    if klass == CLASS.VOID:
        return VOID
    if prim == PRIM.BFLOAT16:
        return STORED  # not every compiler that has it computes with it
    if klass == CLASS.FLOAT:
        return {PRIM.FLOAT: FLOAT, PRIM.DOUBLE: DOUBLE}.get(prim, NUMBER)
    if klass == CLASS.COMPLEX or prim in WIDE:
        return NUMBER
    return LATE if prim == PRIM.DOT_FLOAT else INTEGER


def is_nameless(row) -> bool:
    """A record or enum that no C text can spell."""
    return row.kind in TAGGED and row.name is None


def is_tagged(row) -> bool:
    """A record or enum with a tag of its own."""
    return (
        row.kind in TAGGED
        and row.name is not None
        and row.name[0] != "$"
        and not row.flags & F.TYPEDEF_NAME
    )


def is_record(row) -> bool:
    return row.kind in RECORDS
