r"""Dependency files as `cc -MD` writes them: one rule, `target: input input \`.

Compilers quote for make, in their own way: blanks and `#` get a backslash, backslashes before a
blank are doubled, `$` is doubled. A newline in a name stands there as it is, so `-MP`, which adds
rules to the file, must not be used with this. What cannot be told apart (a name that ends in a
backslash) comes out as a name that does not exist.
"""

import os
import re

# word = ( quoted-blank | "\#" | "$$" | any byte but a blank )+
QUOTED_BLANK = rb"((?:\\\\)*)\\([ \t])"
WORD = re.compile(rb"(?:" + QUOTED_BLANK + rb"|\\#|\$\$|[^ \t])+")
QUOTED = re.compile(QUOTED_BLANK + rb"|\\(#)|\$(\$)")


def parse(data: bytes) -> list[str]:
    """The inputs of the one rule, in its order, as the compiler wrote them."""
    text = data.replace(b"\r\n", b"\n").removesuffix(b"\n")
    # A line goes on where a backslash stands alone before its end; elsewhere it is a name's.
    text = re.sub(rb"(?<=[ \t:])\\\n", b" ", text)
    words = [match[0] for match in WORD.finditer(text)]
    for number, word in enumerate(words):
        if word.endswith(b":"):
            return [os.fsdecode(QUOTED.sub(unquoted, word)) for word in words[number + 1 :]]
    raise ValueError("not a dependency file: it names no target")


def unquoted(match: re.Match) -> bytes:
    backslashes, blank, number_sign, dollar = match.groups(b"")
    return backslashes[: len(backslashes) // 2] + blank + number_sign + dollar


def read(path, directory=os.curdir) -> list[str]:
    """The inputs in a dependency file, the relative ones made absolute from `directory`."""
    with open(path, "rb") as file:
        return [os.path.join(os.path.abspath(directory), name) for name in parse(file.read())]
