"""C text under construction: its lines, and which declaration each of them is about."""

from cffi_core.named import named

#: What a line of the emitted C is about.  name: "struct foo", "add"; what: "size", "field x",
#: "call", "constant", ...; where: "file:line:col" in the cdef; declared: C text.
Origin = named("Origin", "name what where declared")


class Text:
    """Lines of C.  An origin belongs to all lines of the text that it is added with."""

    __slots__ = ("lines", "origins")

    def __init__(self):
        self.lines = []
        self.origins = []  # one a line

    def add(self, text: str, origin: Origin | None = None) -> None:
        lines = text.split("\n")
        self.lines += lines
        self.origins += [origin] * len(lines)

    def extend(self, other: "Text") -> None:
        self.lines += other.lines
        self.origins += other.origins

    def array(self, head: str, rows: "Text") -> None:
        """An array's definition; nothing when it has no elements."""
        if rows.lines:
            self.add(f"{head}[] = {{")
            self.extend(rows)
            self.add("};")


# Each byte in a string literal; `?` could begin a trigraph.
IN_LITERAL = [chr(b) if 32 <= b < 127 and b not in b'"\\?' else f"\\{b:03o}" for b in range(256)]


def literal(data: bytes) -> str:
    """A C string literal of the bytes."""
    return '"' + "".join([IN_LITERAL[byte] for byte in data]) + '"'


class Strings:
    """The stub's .text: each text once, its offset by the text."""

    __slots__ = ("_offsets", "_size", "rows")

    def __init__(self):
        self.rows = Text()
        self._offsets = {}
        self._size = 0
        self.add("")

    def add(self, text: str | bytes | None) -> int:
        data = text if isinstance(text, bytes) else encoded(text or "")
        offset = self._offsets.get(data)
        if offset is None:
            offset = self._offsets[data] = self._size
            self._size += len(data) + 1
            self.rows.add(f"    {literal(data + bytes(1))}")
        return offset


class Facts:
    """The stub's .facts: integer constant expressions, by index; 0 is unused."""

    __slots__ = ("_count", "rows")

    def __init__(self):
        self.rows = Text()
        self.rows.add("    0,")
        self._count = 1

    def add(self, origin: Origin | None, *expressions: str, plain: str | None = None) -> int:
        """The index of the first. plain: a name in them that is meant as such, not as a macro."""
        first = self._count
        self._count += len(expressions)
        line = f"    {', '.join(expressions)},"
        self.rows.add(no_macro(plain, line) if plain else line, origin)
        return first


def no_macro(name: str, text: str) -> str:
    """text, where name is no macro, whatever the user's source has made of it."""
    head = f'#pragma push_macro("{name}")\n#undef {name}\n'
    return f'{head}{text}\n#pragma pop_macro("{name}")'


def encoded(text: str) -> bytes:
    """UTF-8; what the parser passed through as it was comes out as it was."""
    return text.encode("utf-8", "surrogateescape")
