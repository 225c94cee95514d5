"""`python -m cffi_core layout TYPE`: how a struct or union lies in memory, drawn.

The declarations come from headers, through the C compiler's preprocessor, or from files that hold
a cdef. Offsets and sizes are what `ffi.typeof()` would say; nothing is compiled.
"""

import os
import sys
from collections import namedtuple

from ._core import FFI
from .builder.pkgconfig import definition
from .importing import FAULTS, as_options
from .model import RECORDS, K, Member, Model

CACHE_LINE = 64

#: One line of the drawing. kind: "field", "bits" (a bit-field), "record" and "end" (around its
#: members), "padding", "unused" (bits). start and width count bits from the outermost record's
#: beginning; name: the member's, as a path from there.
Part = namedtuple("Part", "kind depth start width text name")


def count(n: int, what: str) -> str:
    return f"{n} {what}{'s' * (n != 1)}"


class NoLayout(Exception):
    """There is nothing to draw: why."""


class Layout:
    """A record's parts in memory's order, and what they come to."""

    def __init__(self, ffi: FFI, name: str) -> None:
        """name: "struct tm", or a typedef of a record."""
        ffi.typeof(name)  # a message about this text alone
        ffi.cdef(f"typedef {name} cd_layout;")
        self.model = Model(ffi)
        row = self.model.types[self.model.strip(self.model.decls[len(self.model.decls)].type)]
        if row.kind not in RECORDS:
            raise NoLayout(f"'{name}' is no struct or union")
        try:
            ffi.sizeof(name)
        except ValueError:
            raise NoLayout(
                f"'{name}' is not complete here: --header H or --cdef FILE declares it"
            ) from None
        self.title = self.model.spell(row.id)
        self.size, self.align = row.size, row.align
        self.parts = list(self.record(row, 0, 0, ""))

    def record(self, row, depth: int, base: int, path: str):
        """The parts of a record that begins at bit `base`; gaps between its members are padding."""
        end = base
        for member in sorted(self.model.members(row.id), key=self.model.first_bit):
            start = base + self.model.first_bit(member)
            if row.kind == K.STRUCT:
                yield from gap(depth, end, start)
            yield from self.member(member, depth, start, path)
            end = max(end, start + self.width(member))
        if row.kind == K.STRUCT or end < base + row.size * 8:
            yield from gap(depth, end, base + row.size * 8)

    def member(self, member: Member, depth: int, start: int, path: str):
        name = f"{path}{member.name or ''}"
        inner = self.model.types[self.model.strip(member.type)]
        width = self.width(member)
        if member.bits >= 0:
            text = f"{self.model.spell(member.type, member.name)} : {member.bits}"
            yield Part("bits", depth, start, width, text, name)
        elif inner.kind in RECORDS and not inner.name:
            word = "struct" if inner.kind == K.STRUCT else "union"
            yield Part("record", depth, start, width, f"{word} {{", name)
            yield from self.record(inner, depth + 1, start, f"{name}." if name != path else path)
            yield Part("end", depth, start + width, 0, f"}} {member.name or ''}".rstrip(), name)
        else:
            text = self.model.spell(member.type, member.name)
            yield Part("field", depth, start, width, text, name)

    def width(self, member: Member) -> int:
        """Bits; of a flexible array 0."""
        return member.bits if member.bits >= 0 else 8 * self.model.measure(member.type)[0]

    def summary(self, line: int) -> str:
        lost = sum(part.width for part in self.parts if part.kind in ("padding", "unused"))
        words = [f"{count(self.size, 'byte')}, aligned to {self.align}"]
        unused = [count(lost // 8, "byte")] * (lost >= 8) + [count(lost % 8, "bit")] * (
            lost % 8 > 0
        )
        if unused:
            words.append(f"{' and '.join(unused)} unused")
        words.append(f"{count(-(-self.size // line), 'cache line')} of {line}")
        return "; ".join(words)


def gap(depth: int, start: int, end: int):
    """What lies unused between two members: whole bytes, with bits before and behind them."""
    first, last = min(-(-start // 8) * 8, end), max(end // 8 * 8, start)
    if first > last:  # within one byte
        first = last = end
    for begin, stop in ((start, first), (first, last), (last, end)):
        if begin < stop:
            whole = begin % 8 == 0 and stop % 8 == 0
            kind, text = ("padding", "padding") if whole else ("unused", "unused bits")
            yield Part(kind, depth, begin, stop - begin, f"-- {text} --", "")


# ---- in the terminal -------------------------------------------------------------------------


def offset_text(part: Part) -> str:
    byte, bit = divmod(part.start, 8)
    return f"{byte}.{bit}" if part.kind in ("bits", "unused") else f"{byte}"


def width_text(part: Part) -> str:
    return f"{part.width} bits" if part.kind in ("bits", "unused") else f"{part.width // 8}"


def crossing(part: Part, line: int) -> str:
    """What to say of a member that lies in more than one cache line."""
    first, last = (bit // 8 // line for bit in (part.start, part.start + part.width - 1))
    if part.width == 0 or first == last or part.kind == "record":
        return ""
    return f"   <- crosses {(first + 1) * line}" if last == first + 1 else f"   <- to line {last}"


def draw(layout: Layout, line: int = CACHE_LINE) -> str:
    """Text: a line for each part, a rule where a cache line begins."""
    out = [f"{layout.title}: {layout.summary(line)}", "", "  offset     size  member"]
    reached = 0
    for part in layout.parts:
        if part.kind == "end":
            out.append(f"{'':19}{'    ' * part.depth}{part.text}")
            continue
        if part.start // 8 // line > reached:
            reached = part.start // 8 // line
            out.append(f"  {f' {reached * line}: cache line {reached} ':-^40}")
        cells = f"{offset_text(part):>8}  {width_text(part):>7}  "
        out.append(f"{cells}{'    ' * part.depth}{part.text}{crossing(part, line)}")
    return "\n".join(out) + "\n"


# ---- as a picture ----------------------------------------------------------------------------

ROW = 8  # bytes beside each other
BYTE, HEIGHT, LEFT, TOP = 72, 34, 64, 40  # pixels
FILLS = {"field": "#dbe9f6", "bits": "#e2f0d9", "padding": "#f2f2f2", "unused": "#f2f2f2"}
STYLE = (
    "text{font:12px monospace;fill:#222}.t{font-weight:bold}.o{text-anchor:end;fill:#777}"
    "rect{stroke:#666}.c{stroke:#c00;stroke-width:2;stroke-dasharray:6 3}"
)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def blocks(layout: Layout) -> list[Part]:
    """What does not overlap: the members of a union are one block, named after all of them."""
    out: list[Part] = []
    for part in layout.parts:
        if part.kind in ("record", "end") or part.width == 0:
            continue
        if out and part.start < out[-1].start + out[-1].width:
            last = out[-1]
            end = max(last.start + last.width, part.start + part.width)
            name = f"{last.name} | {part.name}" if part.name else last.name
            out[-1] = last._replace(width=end - last.start, name=name)
        else:
            out.append(part)
    return out


def pieces(part: Part):
    """(row of bytes, first bit in it, bits) of each row that it lies in."""
    bit, end = part.start, part.start + part.width
    while bit < end:
        row, first = divmod(bit, ROW * 8)
        n = min(end - bit, ROW * 8 - first)
        yield row, first, n
        bit += n


def shown_rows(parts: list[Part], size: int) -> dict[int, int]:
    """Row number -> its place in the picture: the inside of long members is left out."""
    whole = set()
    for part in parts:
        rows = [row for row, _, n in pieces(part) if n == ROW * 8]
        whole |= set(rows[1:-1])
    rows = [row for row in range(-(-size // ROW)) if row not in whole]
    return {row: place for place, row in enumerate(rows)}


def svg(layout: Layout, line: int = CACHE_LINE) -> str:
    """A picture: eight bytes to a row, bit-fields as parts of bytes, cache lines as red rules."""
    parts = blocks(layout)
    rows = shown_rows(parts, layout.size)
    width, height = LEFT + ROW * BYTE + 16, TOP + len(rows) * HEIGHT + 16
    title = escape(f"{layout.title}: {layout.summary(line)}")
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">',
        f"<style>{STYLE}</style>",
        f'<text class="t" x="8" y="22">{title}</text>',
    ]
    for part in parts:
        label = part.name or part.text.strip("- ")
        for row, first, n in pieces(part):
            if row in rows:
                out.append(rectangle(part, label, rows[row], first, n))
                label = "..."
    reached = 0
    for row, place in rows.items():
        y = TOP + place * HEIGHT
        out.append(f'<text class="o" x="{LEFT - 8}" y="{y + 22}">{row * ROW}</text>')
        if row * ROW // line > reached:
            reached = row * ROW // line
            out.append(f'<path class="c" d="M{LEFT - 40} {y}H{LEFT + ROW * BYTE}"/>')
    return "\n".join([*out, "</svg>", ""])


def rectangle(part: Part, label: str, place: int, first: int, n: int) -> str:
    x, y, w = LEFT + first * BYTE / 8, TOP + place * HEIGHT, n * BYTE / 8
    room = int(w / 7.5)
    short = label if len(label) <= room else label[: max(room - 1, 0)] + "~" * (room > 0)
    tip = f"{part.text}: offset {offset_text(part)}, {width_text(part)}"
    return (
        f'<rect x="{x:g}" y="{y}" width="{w:g}" height="{HEIGHT}" fill="{FILLS[part.kind]}">'
        f"<title>{escape(tip)}</title></rect>"
        f'<text x="{x + 4:g}" y="{y + 22}">{escape(short)}</text>'
    )


# ---- the command -----------------------------------------------------------------------------


def register(commands) -> None:
    """Adds the sub-command to argparse's sub-parsers."""
    parser = commands.add_parser(
        "layout",
        help="draw how a struct or union lies in memory",
        description="Draws offsets, sizes, padding, bit-fields and cache lines of TYPE.",
    )
    many = {"action": "append", "default": []}
    parser.add_argument("type", metavar="TYPE", help='as in C: "struct tm", or a typedef')
    parser.add_argument("--header", metavar="H", help="where it is declared", **many)
    parser.add_argument("--cdef", metavar="FILE", help="a file of declarations", **many)
    parser.add_argument("-I", dest="folders", metavar="DIR", help="where headers are", **many)
    parser.add_argument("-D", dest="macros", metavar="NAME[=TEXT]", help="define a macro", **many)
    parser.add_argument("--package", dest="packages", metavar="P", help="pkg-config's name", **many)
    parser.add_argument(
        "--cache-line", metavar="BYTES", type=int, default=CACHE_LINE, help="default: 64"
    )
    parser.add_argument("--svg", metavar="FILE", help="write a picture; - is standard output")
    parser.set_defaults(run=run)


def declared(args) -> FFI:
    """An FFI with what the headers and files declare."""
    ffi = FFI()
    if args.header:
        from .header import read

        names = [os.path.abspath(name) if os.path.exists(name) else name for name in args.header]
        macros = [definition(macro) for macro in args.macros]
        options = {"include_dirs": args.folders, "packages": args.packages}
        ffi = read(names, define_macros=macros, **options).ffi
    for path in args.cdef:
        with open(path, encoding="utf-8") as file:
            ffi.cdef(file.read())
    return ffi


def run(args) -> int:
    try:
        layout = Layout(declared(args), args.type)
        if args.svg and args.svg != "-":
            with open(args.svg, "w", encoding="utf-8") as file:
                file.write(svg(layout, args.cache_line))
        else:
            print((svg if args.svg else draw)(layout, args.cache_line), end="")
    except (NoLayout, *FAULTS) as error:
        print(f"layout: {as_options(str(error))}", file=sys.stderr)
        return 1
    return 0
