"""Names that are values: integer constants are facts, all else is fetched by a getter.

A getter writes a value, or the address of a variable; see cd_getter in cd_stub.h.
"""

from cffi_core.model import DF, PRIM, D, Decl, F, K

from .emit_checks import Strict, fits, is_spelled, item_of, member
from .emit_spelling import INTEGER, NUMBERS, Spelling
from .emit_text import Facts, Origin, Text, literal

GETTER = """\
static void cd_g_{slot}(void *cd_r)
{{
    {body}
}}"""

INT64_MAX = (1 << 63) - 1
TEXT = {PRIM.CHAR, PRIM.WCHAR, PRIM.CHAR16, PRIM.CHAR32}


def signed_literal(value: int) -> str:
    """The 64 bits of a value as C text of an int64_t."""
    if value > INT64_MAX:
        value -= 1 << 64
    if value == -INT64_MAX - 1:
        return f"(-{INT64_MAX} - 1)"
    return str(value)


class Values:
    """Writes .code, the getters; .getters are rows of the stub's array."""

    def __init__(self, spell: Spelling, facts: Facts, strict: Strict):
        self.spell = spell
        self.facts = facts
        self.strict = strict
        self.code = Text()
        self.getters = Text()
        self.count = 0

    # ---- integer constants ----------------------------------------------------------------------

    def add_integer(self, decl: Decl, where: str) -> tuple[int, int]:
        """(index of the facts, flags): what the compiler finds, what was declared."""
        name, flags = decl.name, decl.flags & ~DF.CHECKED
        facts = [f"CD_VALUE({name})", f"CD_ABOVE({name})"]
        if decl.kind == D.INT and decl.text:
            text = self.spell.needs(decl.text)
            facts += [f"CD_VALUE({text})", f"CD_ABOVE({text})"]
        elif decl.kind == D.INT:
            facts += [signed_literal(decl.value), str(int(decl.value > INT64_MAX))]
        if decl.kind == D.INT:
            flags |= DF.CHECKED
        declared = self._declared_integer(decl)
        return self.facts.add(Origin(name, "constant", where, declared), *facts), flags

    def _declared_integer(self, decl: Decl) -> str:
        value = "..." if decl.kind == D.MACRO else decl.text or str(decl.value)
        if decl.flags & DF.ENUMERATOR:
            return f"{decl.name} = {value}"
        return f"#define {decl.name} {value}"

    def add_text(self, decl: Decl, where: str) -> int:
        """The length of a string, which must be the declared one."""
        text = literal(decl.value)
        origin = Origin(decl.name, "text", where, f"#define {decl.name} {text}")
        self.code.add(f"CD_IS_TEXT({decl.name}, {text})", origin)
        return len(decl.value)

    # ---- what only running code can tell --------------------------------------------------------

    def _getter(self, origin: Origin, *lines: str) -> int:
        slot, self.count = self.count, self.count + 1
        self.code.add(GETTER.format(slot=slot, body="\n    ".join(lines)), origin)
        self.getters.add(f"    cd_g_{slot},")
        return slot

    def add_number(self, decl: Decl, type: str, where: str) -> int:
        """The getter of a number that is no constant expression; type: C text of its type."""
        origin = Origin(decl.name, "value", where, self._declared(decl))
        return self._getter(origin, f"*({type} *)cd_r = CD_NUMBER({type}, {decl.name});")

    def is_any_integer(self, decl: Decl) -> bool:
        """Of `static const T X;`: such an integer has the value that it has in C, whether or not
        that is a T. Not where T is exact, and the one kind that is text in Python is no number."""
        if self.spell.travels(decl.type) != INTEGER or self.strict(decl.where):
            return False
        row = self.spell.canon(decl.type)
        return row.kind == K.PRIM and row.sub not in TEXT

    def _declared(self, decl: Decl) -> str:
        if decl.type == 0:
            return f"#define {decl.name} ..."
        return f"static {self.spell.model.spell(decl.type, decl.name)};"

    def add_value(self, decl: Decl, where: str) -> int:
        """The getter of `static const T X;`.  It copies, so that const members do no harm."""
        spell, type = self.spell, self.spell.unqualified(decl.type)
        if spell.travels(decl.type) in NUMBERS:
            return self.add_number(decl, spell(type), where)
        origin = Origin(decl.name, "value", where, self._declared(decl))
        if spell.canon(decl.type).kind == K.ARRAY:
            warns = self.strict.warns(decl.where)
            check = fits(decl.name, spell, decl.type, warns)
            if warns:
                check += f" + {member(decl.name, spell, decl.type, self.strict, decl.where)}"
            text = spell(decl.type)
            size = f"sizeof({text if is_spelled(text) else decl.name})"
            copy = f"CD_COPY(cd_r, {decl.name}, {size});"
            return self._getter(origin, f"(void)({check});", copy)
        return self._getter(
            origin,
            f"{spell(decl.type, 'cd_v')} = {decl.name};",
            "CD_COPY(cd_r, &cd_v, sizeof cd_v);",
        )

    def add_variable(self, decl: Decl, where: str) -> int:
        """The getter of a variable's address."""
        spell, name = self.spell, decl.name
        what = "const variable" if spell.is_const(decl.type) else "variable"
        origin = Origin(name, what, where, spell.model.spell(decl.type, name) + ";")
        x, type = name, decl.type
        if spell.canon(type).flags & F.OPEN:
            x, type = f"({name})[0]", item_of(spell, type)
        pointer = spell.pointer(type)
        address = f"1 ? &{x} : ({pointer})0"
        warns = self.strict.warns(decl.where)
        if warns:
            address = f"({pointer}){{&{x}}}"
        elif self.strict(decl.where) and is_spelled(pointer):
            address = f"CD_EXACT_ADDRESS({pointer}, {x})"
        lines = [f"*(void **)cd_r = (void *)({address});"]
        if not is_spelled(pointer):
            lines = [f"*(void **)cd_r = (void *)&{name};"]
        if spell.is_complete(decl.type):
            lines.insert(0, f"(void)({fits(name, spell, decl.type, warns)});")
        return self._getter(origin, *lines)
