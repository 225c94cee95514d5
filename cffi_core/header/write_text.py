"""Pieces of text put together: comments, headings, lines of at most 80 columns."""

import re
import textwrap
from collections import namedtuple

from . import macros

WIDTH = 80

#: One declaration. mark: ("d", index) or ("t", id); file: where it is from; doc: its comment;
#: pack: what #pragma pack has to say; is_own: does a named header declare it?
Chunk = namedtuple("Chunk", "mark file doc text pack is_own")

#: What the parser says of include guards and the like.
EMPTY = "not a constant: it is empty"

MULTIARCH = re.compile(r"[\w.]+-linux-\w+/")
#: A folder that pkg-config leads to: glib-2.0/.
VERSIONED = re.compile(r"[\w+-]+-\d[\d.]*/")


def comment(text: str, indent: str = "") -> str:
    """Text as a comment: on one line if it fits, else in lines with stars. Nothing for none."""
    lines = [line.rstrip() for line in text.replace("*/", "* /").splitlines()]
    if not any(lines):
        return ""
    room = WIDTH - len(indent)
    if len(lines) == 1 and len(lines[0]) + 6 <= room:
        return f"{indent}/* {lines[0]} */\n"
    out = [part for line in lines for part in filled(line, room - 3)]
    body = "\n".join(f"{indent} *{' ' * bool(line)}{line}" for line in out)
    end = f"\n{indent} */" if len(out[-1]) > room - 6 else " */"
    return f"{indent}/*{body[len(indent) + 2 :]}{end}\n"


def commented(text: str, doc: str, indent: str) -> str:
    """A member or enumerator with its comment: behind it if that fits, else before it."""
    if not doc:
        return text
    beside = f"{text}  /* {doc} */"
    if "\n" in beside or "*/" in doc or len(beside) > WIDTH:
        return comment(doc, indent) + text
    return beside


def filled(line: str, width: int) -> list[str]:
    """A line in lines of that width; its indentation is kept."""
    if len(line) <= width:
        return [line]
    blank = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(
        line, width, subsequent_indent=blank, break_long_words=False, break_on_hyphens=False
    )


def wrapped(text: str, indent: str = "") -> str:
    """A declaration, broken behind commas where it is too long; one with a body is left alone."""
    if len(text) <= WIDTH or "\n" in text:
        return text
    parts = re.findall(r".*?, |.+$", text)
    if len(parts[0]) > WIDTH:
        head, brace, rest = parts[0].partition("(")
        parts[:1] = [head + brace, rest]
    lines, line = [], ""
    for part in parts:
        if line.strip() and len(line) + len(part.rstrip()) > WIDTH:
            lines.append(line.rstrip())
            line = indent + "    "
        line += part
    return "\n".join([*lines, line])


def name_of(file: str | None, names: list[str]) -> str:
    """A header as people call it: as it was named, or as it would be included."""
    if file is None or file == "<cdef>":
        return ""
    for name in names:
        if file == name or file.endswith("/" + name):
            return name
    behind = file.rpartition("/include/")[2]
    if behind == file:
        return file.rpartition("/")[2]
    for folder in MULTIARCH, VERSIONED:
        behind = folder.sub("", behind, count=1) if folder.match(behind) else behind
    return behind


def heading(text: str) -> str:
    return f"/* ---- {text} {'-' * (WIDTH - len(text) - 12)} */\n"


def arrange(chunks: list[Chunk], names: list[str]) -> str:
    """All chunks, with headings, `#pragma pack`, and blank lines."""
    out: list[str] = []
    last, title = None, ""
    for chunk in chunks:
        name = name_of(chunk.file, names)
        is_whole = chunk.is_own or name in names
        wanted = name if is_whole else "what is needed of other headers"
        pack_ends = last is not None and last.pack and last.pack != chunk.pack
        out += ["#pragma pack(pop)\n"] * bool(pack_ends)
        if wanted != title and name:
            out.append("\n" * bool(out) + heading(wanted) + "\n")
            title = wanted
        elif last is not None and (pack_ends or not close(last, chunk)):
            out.append("\n")
        if chunk.pack and (last is None or last.pack != chunk.pack):
            out.append(f"#pragma pack(push, {chunk.pack})\n")
        out.append(f"{chunk.doc}{chunk.text}\n")
        last = chunk
    out += ["#pragma pack(pop)\n"] * bool(last is not None and last.pack)
    return "".join(out)


def close(a: Chunk, b: Chunk) -> bool:
    """Do these stand together without a blank line?"""
    if b.doc or "{" in a.text or "{" in b.text:
        return False
    return kind(a) == kind(b)


def kind(chunk: Chunk) -> str:
    """What a declaration begins with, as far as it groups."""
    word = chunk.text.split(None, 1)[0]
    return word if word in ("#define", "typedef", "extern") else ""


def listed(unavailable: list[tuple[str, str]]) -> str:
    """A comment with names by reason; macros that are empty need none."""
    reasons: dict[str, list[str]] = {}
    for reason, name in unavailable:
        if reason not in (EMPTY, macros.EMPTY):
            reasons.setdefault(reason, []).append(name)
    if not reasons:
        return ""
    lines = []
    for reason, names in reasons.items():
        lines += [*filled(f"{reason}:", WIDTH - 3), *columns(names)]
    body = "".join(f" * {line}\n" for line in lines)
    return f"\n{heading('not available')}\n/*{body[2:].rstrip()} */\n"


def columns(names: list[str]) -> list[str]:
    """Names in lines, indented."""
    return textwrap.wrap(
        ", ".join(names),
        WIDTH - 3,
        initial_indent="    ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
