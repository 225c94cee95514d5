r"""What the preprocessor prints with -dD -C: declarations, comments, and lines with #.

    # 12 "file" 1          what follows is from line 12 of file; 1: entered, 2: back in it
    #define NAME body      in its place; #undef likewise

A Text is scanned once. Its `clean` text has the #define lines blanked, so that offsets and lines
are the same.
"""

import re
from bisect import bisect_left, bisect_right
from collections import namedtuple

TOKEN = re.compile(
    r"/\*.*?\*/|//[^\n]*"  # a comment
    r'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    r"|^[ \t]*#[^\n]*",  # a line with #
    re.DOTALL | re.MULTILINE,
)
MARKER = re.compile(r'\s*#(?:line)?[ \t]*(\d+)[ \t]+"((?:\\.|[^"\\])*)"([ \d]*)')
DEFINE = re.compile(r"\s*#[ \t]*(define|undef)[ \t]+([^\W\d][\w$]*)(\()?")
NO_UTF8 = re.compile("[\udc80-\udcff]")
ESCAPE = re.compile(r"\\(n|[0-7]{1,3}|.)", re.DOTALL)

#: A macro that is defined at the end: where its name stands, and whether it has parameters.
Macro = namedtuple("Macro", "name file line col has_parameters body")

#: A comment: offsets of its begin and end.
Comment = namedtuple("Comment", "begin end")

#: A stretch of text between two line markers: its offset, and the place that it is from.
Stretch = namedtuple("Stretch", "offset file line")


class Text:
    """macros: name -> Macro; comments: in order; entered: (file, by which file, from line)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.macros: dict[str, Macro] = {}
        self.comments: list[Comment] = []
        self.entered: list[tuple[str, str, int]] = []
        self.stretches: list[Stretch] = []
        self._ends: list[int] = []  # of stretches, behind that of nothing: where markers stand
        self._counted = (-1, 0)  # an offset and its line
        self._blanked: list[tuple[int, int]] = []
        self._scan()
        self._newlines = [match.start() for match in re.finditer("\n", text)]
        self._by_file: dict[str, list[tuple[int, int, int, int]]] = {}
        self._sort()
        self.clean = self._cleaned()
        #: The files that were read, each once.
        self.files = list(dict.fromkeys(file for file, _, _ in self.entered))

    # ---- scanning -------------------------------------------------------------

    def _scan(self) -> None:
        text = self.text
        for match in TOKEN.finditer(text):
            first = text[match.start()]
            if first == "/":
                self.comments.append(Comment(match.start(), match.end()))
            elif first not in "\"'":
                self._directive(match.start(), match.end(), match[0])

    def _directive(self, begin: int, end: int, line: str) -> None:
        marker = MARKER.match(line)
        if marker:
            self._ends.append(begin)
            self._marker(end + 1, int(marker[1]), unescaped(marker[2]), marker[3].split())
            return
        define = DEFINE.match(line)
        if define:
            self._blanked.append((begin, end))
            self._define(begin, line, define)

    def _marker(self, offset: int, line: int, file: str, flags: list[str]) -> None:
        if "1" in flags and self.stretches:
            last = self.stretches[-1]
            self.entered.append((file, last.file, self.line_of(offset) - 1))
        self.stretches.append(Stretch(offset, file, line))
        self._counted = offset, line

    def _define(self, begin: int, line: str, define: re.Match) -> None:
        name = define[2]
        if define[1] == "undef":
            self.macros.pop(name, None)
            return
        if not self.stretches:
            return
        last = self.stretches[-1]
        at = self.line_of(begin)
        self.macros.pop(name, None)
        self.macros[name] = Macro(
            name, last.file, at, define.start(2) + 1, bool(define[3]), line[define.end(2) :]
        )

    def line_of(self, offset: int) -> int:
        """While scanning: the line in its file."""
        begin, line = self._counted
        line += self.text.count("\n", begin, offset)
        self._counted = offset, line
        return line

    def _cleaned(self) -> str:
        parts, at = [], 0
        for begin, end in self._blanked:
            parts.append(self.text[at:begin])
            parts.append(" " * (end - begin))
            at = end
        parts.append(self.text[at:])
        return "".join(parts)

    def says(self, file: str) -> bool:
        """Whether the file has a declaration of its own, or a macro with a body."""
        if any(macro.file == file and macro.body.strip() for macro in self.macros.values()):
            return True
        own = (self.clean[begin:end] for _, begin, _, end in self._by_file.get(file, ()))
        return any(TOKEN.sub("", text).strip() for text in own)

    # ---- places ----------------------------------------------------------------

    def offset(self, file: str, line: int) -> int | None:
        """Of text that is from that line; None: there is none."""
        stretches = self._by_file.get(file, ())
        for number in range(bisect_right(stretches, (line + 1,)) - 1, -1, -1):
            first, begin, index, end = stretches[number]
            index += line - first
            if index <= len(self._newlines):
                at = self._newlines[index - 1] + 1 if index else 0
                if at < end:
                    return max(at, begin)
        return None

    def _sort(self) -> None:
        """By file: (first line, offset, number of the line in all the text, end), sorted."""
        ends = [*self._ends[1:], len(self.text)]
        for stretch, end in zip(self.stretches, ends, strict=True):
            index = bisect_left(self._newlines, stretch.offset)
            entry = stretch.line, stretch.offset, index, end
            self._by_file.setdefault(stretch.file, []).append(entry)
        for entries in self._by_file.values():
            entries.sort()


def declarable(text: str) -> str:
    """For cdef(): bytes that are no UTF-8 are escaped as in strings, where they can mean
    something."""
    return text if text.isascii() else NO_UTF8.sub(lambda m: f"\\{ord(m[0]) - 0xDC00:03o}", text)


def marker(line: int, file: str) -> str:
    """The line that says where the next one is from."""
    return f"# {line} {quoted(file)}\n"


def quoted(text: str) -> str:
    """As a string of C; bytes that are no characters stay as they are."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


def unescaped(name: str) -> str:
    """A file's name as line markers quote it."""
    if "\\" not in name:
        return name
    return ESCAPE.sub(_character, name)


def _character(match: re.Match) -> str:
    word = match[1]
    if word == "n":
        return "\n"
    return chr(int(word, 8)) if word.isdigit() else word
