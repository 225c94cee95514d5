"""Which comment belongs to which declaration.

- The one that ends on the line before it and has its lines for itself; for functions also when
  other functions stand in between, without a blank line: they share it.
- The one behind it on its line. It comes first for enumerators, members and macros.
- One of several lines that begins on the line after it and has a blank line behind it.

Keys: the name of what is declared; "struct name" (union, enum); "struct name.member".
"""

import re
from bisect import bisect_right

from cffi_core.model import RECORDS, D, K

from .selection import TAGS

BLANK = re.compile(r"[ \t]*\n[ \t]*\n")
FAR = 4000  # characters between a comment and a name that it can still belong to
BORDER = re.compile(r"[;{}]")
#: What stands around the words of a comment: its delimiters, rulers, a column of stars.
OPENS = re.compile(r"/\*[*!<]*(?=[\s\w]|$)|/\*+<?|//[/!]?<?")
STARS = re.compile(r"[ \t]*\*+(?=[ \t/]|$) ?")
RULER = re.compile(r"\W*")


def attach(model, kept, text) -> dict[str, str]:
    """name -> comment, for all that is kept and has one."""
    return Comments(model, text).of(kept)


class Comments:
    def __init__(self, model, text) -> None:
        self.model = model
        self.text = text
        self.ends = [comment.end for comment in text.comments]
        self.starts = [comment.begin for comment in text.comments]
        self.begins = {comment.begin: i for i, comment in enumerate(text.comments)}
        self.lines: dict[str, list[str]] = {}
        self.docs: dict[str, str] = {}
        self.plain = blanked(text)
        self.shared = (-1, "")  # where a documented function ends, and its comment

    def of(self, kept) -> dict[str, str]:
        for one in kept:
            if one.kind in TAGS.values():
                if one.body:
                    self.record(one.index)
            else:
                self.decl(self.model.decls[one.index])
        return self.docs

    # ---- by kind ----------------------------------------------------------------

    def decl(self, decl) -> None:
        at = self.place(decl.where)
        if at is None:
            return
        if self.is_macro(decl, at):
            doc = self.behind_macro(decl) or self.before(at)
        else:
            doc = self.of_declaration(decl, at)
        if doc:
            self.docs[decl.name] = doc

    def of_declaration(self, decl, at: int) -> str:
        end = self.end(at)
        doc = self.before(at)
        is_function = decl.kind in (D.FUNCTION, D.UNAVAILABLE)
        if not doc and is_function and self.follows(self.shared[0], at):
            doc = self.shared[1]
        if is_function:
            self.shared = (end, doc)
        if doc or end < 0:
            return doc or self.of_item(decl)
        return self.behind(end) or self.below(end) or self.of_item(decl)

    def of_item(self, decl) -> str:
        """Of a typedef: its struct's."""
        if decl.kind != D.TYPEDEF:
            return ""
        row = self.model.types[self.model.types[decl.type].a]
        return self.docs.get(key(row), "") if row.kind in TAGS else ""

    def record(self, id: int) -> None:
        """A struct, union or enum, with what is in it."""
        row = self.model.types[id]
        at = self.place(row.where)
        if at is None:
            return
        doc = self.before(at)
        if doc and row.name:
            self.docs[key(row)] = doc
        if row.kind == K.ENUM:
            for decl in self.model.enumerators(id):
                self.item(decl.name, self.place(decl.where))
        elif row.name and row.kind in RECORDS:
            self.members(row, at)

    def members(self, row, at: int) -> None:
        opens = self.plain.find("{", at)
        if opens < 0 or ";" in self.plain[at:opens]:
            return
        end = closing(self.plain, opens)
        body = flat(self.plain[opens + 1 : end])
        for member in self.model.members(row.id):
            if member.name:
                pattern = rf"\b{re.escape(member.name)}\b(?=[^;,(]*[;,]|\s*\)\s*\()"
                found = re.search(pattern, body)
                if found:
                    self.item(f"{key(row)}.{member.name}", opens + 1 + found.start())

    def item(self, name: str, at: int | None) -> None:
        """A member or enumerator."""
        if at is None:
            return
        end = re.compile(r"[;,}\n]").search(self.plain, at)
        first = bisect_right(self.starts, at)
        doc = ""
        if end and first < len(self.starts) and self.starts[first] < end.start():
            doc = self.words(first, first)
        if not doc and end and end[0] in ";,":
            doc = self.behind(end.end())
        if not doc and end:
            doc = self.behind(end.start())
        doc = doc or self.before(at, ",")
        if doc:
            self.docs[name] = doc

    # ---- where a comment is looked for -----------------------------------------

    def place(self, where) -> int | None:
        """The offset of a place; columns count bytes."""
        offset = where and self.text.offset(where.file, where.line)
        if offset is None:
            return None
        text, col = self.text.text, where.col - 1
        line = text[offset : offset + col]
        if not line.isascii():
            raw = text[offset : offset + where.col].encode("utf-8", "surrogateescape")
            col = len(raw[:col].decode("utf-8", "ignore"))
        return offset + col

    def before(self, at: int, border: str = "") -> str:
        """The comment that ends on the line before the declaration around `at`."""
        number = bisect_right(self.ends, at) - 1
        if number < 0:
            return ""
        last = self.text.comments[number]
        if at - last.end > FAR or BLANK.match(self.plain, last.end):
            return ""
        between = self.plain[last.end : at]
        if "\n" not in between or BORDER.search(between) or "\n#" in between:
            return ""
        if border and border in between:
            return ""
        first = self.first_of_run(number)
        if self.line_start(self.text.comments[first].begin).strip():
            return ""
        return self.words(first, number)

    def behind(self, end: int) -> str:
        """The comment on the same line."""
        at = end
        while self.text.text[at : at + 1] in (" ", "\t"):
            at += 1
        number = self.begins.get(at)
        return "" if number is None else self.words(number, self.last_of_run(number))

    def below(self, end: int) -> str:
        """The comment of several lines that begins on the next line."""
        match = re.compile(r"[ \t]*\n[ \t]*").match(self.text.text, end)
        number = self.begins.get(match.end()) if match else None
        if number is None:
            return ""
        last = self.last_of_run(number)
        stop = self.text.comments[last].end
        is_long = "\n" in self.text.text[match.end() : stop]
        if not is_long or not re.compile(r"[ \t]*(\n[ \t]*(\n|#)|\Z)").match(self.plain, stop):
            return ""
        return self.words(number, last)

    def end(self, at: int) -> int:
        """Behind the `;` of a declaration; -1: it has a body."""
        found = re.compile(r"[;{]").search(self.plain, at)
        return found.end() if found and found[0] == ";" else -1

    def follows(self, end: int, at: int) -> bool:
        """Whether the declaration around `at` begins on the line after `end`."""
        if end < 0 or at - end > FAR:
            return False
        between = self.plain[end:at]
        return not (BORDER.search(between) or BLANK.match(between) or "\n#" in between)

    def line_start(self, at: int) -> str:
        """What stands before it on its line."""
        return self.text.text[self.text.text.rfind("\n", 0, at) + 1 : at]

    # ---- runs of // comments ------------------------------------------------------

    def joined(self, number: int) -> bool:
        """Whether comment `number` goes on in the next one."""
        if number + 1 >= len(self.text.comments):
            return False
        one, two = self.text.comments[number : number + 2]
        text = self.text.text
        between = text[one.end : two.begin]
        return (
            text.startswith("//", one.begin)
            and text.startswith("//", two.begin)
            and between.count("\n") == 1
            and not between.strip()
        )

    def first_of_run(self, number: int) -> int:
        while number > 0 and self.joined(number - 1):
            if self.line_start(self.text.comments[number - 1].begin).strip():
                break
            number -= 1
        return number

    def last_of_run(self, number: int) -> int:
        while self.joined(number):
            number += 1
        return number

    def words(self, first: int, last: int) -> str:
        run = self.text.comments[first : last + 1]
        return cleaned("\n".join(self.text.text[c.begin : c.end] for c in run))

    # ---- macros: the preprocessor drops comments that stand on their lines -----------

    def is_macro(self, decl, at: int) -> bool:
        macro = self.text.macros.get(decl.name)
        return macro is not None and (macro.file, macro.line) == decl.where[:2]

    def behind_macro(self, decl) -> str:
        lines = self.source(decl.where.file)
        number = decl.where.line - 1
        if number >= len(lines) or lines[number].endswith("\\"):
            return ""
        rest = re.sub(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'', blanks, lines[number])
        found = re.search(r"/\*|//", rest)
        if found is None:
            return ""
        comment = lines[number][found.start() :]
        if found[0] == "/*":
            while "*/" not in comment and number + 1 < len(lines):
                number += 1
                comment += "\n" + lines[number]
            comment = comment[: comment.find("*/") + 2] if "*/" in comment else ""
        return cleaned(comment)

    def source(self, file: str) -> list[str]:
        if file not in self.lines:
            try:
                with open(file, encoding="utf-8", errors="surrogateescape") as opened:
                    self.lines[file] = opened.read().split("\n")
            except OSError:
                self.lines[file] = []
        return self.lines[file]


def key(row) -> str:
    return f"{TAGS[row.kind]} {row.name}"


def blanks(match: re.Match) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def blanked(text) -> str:
    """The text with comments and #define lines blanked."""
    parts, at = [], 0
    for comment in text.comments:
        parts.append(text.clean[at : comment.begin])
        parts.append(re.sub(r"[^\n]", " ", text.clean[comment.begin : comment.end]))
        at = comment.end
    parts.append(text.clean[at:])
    return "".join(parts)


def closing(text: str, opens: int) -> int:
    """The offset of the brace that closes the one at `opens`."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(text, opens):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.start()
    return len(text)


def flat(body: str) -> str:
    """With what stands in inner braces blanked."""
    while True:
        inner = re.sub(r"\{[^{}]*\}", blanks, body)
        if inner == body:
            return body
        body = inner


def cleaned(comment: str) -> str:
    """The words of a comment: without its delimiters, rulers, and columns of stars."""
    lines = []
    for line in comment.replace("\r", "").replace("\f", "").expandtabs().split("\n"):
        line = line.rstrip()
        line = OPENS.sub("", line, count=1) if line.lstrip().startswith(("/*", "//")) else line
        line = line.removesuffix("*/").rstrip(" *") if line.endswith("*/") else line
        lines.append(line)
    inner = [line for line in lines[1:] if line.strip()]
    if inner and all(STARS.match(line) for line in inner):
        lines[1:] = [STARS.sub("", line, count=1) for line in lines[1:]]
    lines = ["" if RULER.fullmatch(line) else line for line in lines]
    return (
        "\n".join(dedented(lines, comment.startswith("//")))
        .strip("\n")
        .encode("utf-8", "surrogateescape")
        .decode("utf-8", "replace")
    )


def dedented(lines: list[str], all_alike: bool) -> list[str]:
    """Without the indentation that all lines have; the first, where it begins behind a delimiter of
    another width, without its own."""
    inner = [len(line) - len(line.lstrip()) for line in lines[not all_alike :] if line]
    margin = min(inner, default=0)
    first = lines[0][margin:] if all_alike else lines[0].lstrip()
    return [first, *[line[margin:] for line in lines[1:]]]
