"""Constant expressions that do not compile where C disagrees with a declaration.

Each is a size_t of value 0, made of sizeof: nothing is ever read.  As lenient as a call: an integer
may be another integer type (its size is a fact), a pointer may point to something else.

The lenient ones refuse what could be read or written beyond its end, or be a pointer to nowhere.
All else is an initialization that the compiler warns of, under the names that its options have.
"""

from cffi_core.model import PRIM, K

from .emit_spelling import CODE, DOUBLE, FLOAT, INTEGER, LATE, POINTER, Spelling

IS_INTEGER = "0 * sizeof(({x}) | 0)"
# Only a floating type keeps its size through both.
IS_REAL = (
    "0 * sizeof(char[sizeof(({x}) * 1.0f) == sizeof({x}) && sizeof(({x}) + 0LL) == sizeof({x})"
    " ? 1 : -1])"
)
IS_POINTER = "0 * CD_POINTER({x})"
IS_ARRAY = "0 * CD_ARRAY({x})"
IS_THIS = "0 * sizeof(1 ? (CD_TYPEOF({x}) *)0 : ({pointer})0)"
IS_EXACTLY = "0 * sizeof(CD_EXACTLY({x}, {pointer}))"
SAME_SIZE = "0 * sizeof(char[sizeof({x}) == sizeof({type}) ? 1 : -1])"
AT_LEAST = "0 * sizeof(char[sizeof({x}) >= sizeof({type}) ? 1 : -1])"
# No array, which would be a pointer to its own elements.
IS_WORD = "0 * sizeof((void *)(CD_TYPEOF({x}))0)"
IS_LIKE = "0 * sizeof(({pointer}){{&({x})}})"

REAL = {PRIM.FLOAT, PRIM.DOUBLE, PRIM.LDOUBLE, PRIM.DOT_FLOAT}


class Strict:
    """Which declarations must have exactly their types: all, none, or those from some files; in
    C++ a header says other things than it has said to the parser.

    lenient: of the others, what the compiler only warns of is no error. C++ does not."""

    def __init__(self, which: bool | frozenset[str], language: str, lenient: bool = False):
        self.which = which if language == "c" or isinstance(which, bool) else False
        self.headers = frozenset() if isinstance(which, bool) else which
        self.lenient = lenient and language == "c"

    def __call__(self, where) -> bool:
        if isinstance(self.which, bool):
            return self.which
        return where is not None and where.file in self.which

    def warns(self, where) -> bool:
        """Is a warning enough?"""
        return self.lenient and not self(where)

    def in_header(self, where) -> bool:
        """Is it the header's own declaration?"""
        return where is not None and where.file in self.headers


def is_spelled(text: str) -> bool:
    """Is it C?  Only the compiler knows the length of `int[...]`."""
    return "[...]" not in text


def member(x: str, spell: Spelling, type: int, strict: Strict, where) -> str:
    """Is the member x of the declared kind?"""
    pointer = spell.pointer(type)
    if strict(where) and is_spelled(pointer):
        return IS_EXACTLY.format(x=x, pointer=pointer)
    row = spell.canon(type)
    is_number = spell.travels(type) == INTEGER
    # CFFI's C says nothing of those either.
    is_silent = is_number and row.kind != K.ENUM and row.sub != PRIM.CHAR
    if not strict.warns(where) or not is_spelled(pointer) or is_silent:
        return kind(x, spell, type)
    check = IS_INTEGER.format(x=x) if is_number else safe(x, spell, type)
    return f"{check} + {IS_LIKE.format(x=x, pointer=pointer)}"


def safe(x: str, spell: Spelling, type: int) -> str:
    """Can the lvalue x be taken for the declared type, whatever it is, if that is no larger?"""
    if spell.canon(type).kind == K.ARRAY:
        return safe(f"({x})[0]", spell, item_of(spell, type))
    return IS_WORD.format(x=x) if spell.travels(type) in (POINTER, CODE) else "0"


def kind(x: str, spell: Spelling, type: int) -> str:
    """Is the lvalue x of the declared kind?"""
    row = spell.canon(type)
    pointer = spell.pointer(type)
    if row.kind == K.ARRAY:
        return f"{IS_ARRAY.format(x=x)} + {kind(f'({x})[0]', spell, item_of(spell, type))}"
    if row.kind == K.PRIM and row.sub in REAL:
        return IS_REAL.format(x=x)
    travel = spell.travels(type)
    if travel == INTEGER:
        return IS_INTEGER.format(x=x)
    if travel in (POINTER, CODE):
        return IS_POINTER.format(x=x)
    assert travel not in (FLOAT, DOUBLE, LATE)
    return IS_THIS.format(x=x, pointer=pointer)


def fits(x: str, spell: Spelling, type: int, lenient: bool = False) -> str:
    """Is the lvalue x of the declared kind and size? lenient: is it safe to take it for that?"""
    text = spell(type)
    check = safe(x, spell, type) if lenient else kind(x, spell, type)
    size = AT_LEAST if lenient else SAME_SIZE
    return f"{size.format(x=x, type=text)} + {check}" if is_spelled(text) else check


def item_of(spell: Spelling, type: int) -> int:
    """What an array type, perhaps behind typedefs, is an array of."""
    types = spell.model.types
    row = types[type]
    while row.kind in (K.TYPEDEF, K.QUAL):
        row = types[row.a]
    return row.a
