r"""Dependency files as `cc -MD` writes them: one rule, `target: input input \`.

Compilers quote for make, in their own way: blanks and `#` get a backslash, backslashes before a
blank are doubled, `$` is doubled. A newline in a name stands there as it is, so `-MP`, which adds
rules to the file, must not be used with this. What cannot be told apart (a name that ends in a
backslash) comes out as a name that does not exist.
"""

import os

# word = ( quoted-blank | "\#" | "$$" | any byte but a blank )+
QUOTED_BLANK = rb"((?:\\\\)*)\\([ \t])"
WORD = rb"(?:" + QUOTED_BLANK + rb"|\\#|\$\$|[^ \t])+"
QUOTED = QUOTED_BLANK + rb"|\\(#)|\$(\$)"
# A line goes on where a backslash stands alone before its end; elsewhere it is a name's.
GOES_ON = (b" \\\n", b" "), (b"\t\\\n", b" "), (b":\\\n", b": ")


def parse(data: bytes) -> list[str]:
    """The inputs of the one rule, in its order, as the compiler wrote them."""
    text = data.replace(b"\r\n", b"\n").removesuffix(b"\n")
    for end, blank in GOES_ON:
        text = text.replace(end, blank)
    words = quoted_words(text) if b"\\" in text or b"$" in text else plain_words(text)
    for number, (word, _) in enumerate(words):
        if word.endswith(b":"):
            return [os.fsdecode(name) for _, name in words[number + 1 :]]
    raise ValueError("not a dependency file: it names no target")


def plain_words(text: bytes) -> list[tuple[bytes, bytes]]:
    """(the word as it stands there, what it means), where nothing is quoted."""
    blanks = text.replace(b"\t", b" ").split(b" ")
    return [(word, word) for word in blanks if word]


def quoted_words(text: bytes) -> list[tuple[bytes, bytes]]:
    import re  # slow to import, and seldom needed

    words = [match[0] for match in re.finditer(WORD, text)]
    return [(word, re.sub(QUOTED, unquoted, word)) for word in words]


def unquoted(match) -> bytes:
    backslashes, blank, number_sign, dollar = match.groups(b"")
    return backslashes[: len(backslashes) // 2] + blank + number_sign + dollar


def read(path, directory=os.curdir) -> list[str]:
    """The inputs in a dependency file, the relative ones made absolute from `directory`."""
    with open(path, "rb") as file:
        return [os.path.join(os.path.abspath(directory), name) for name in parse(file.read())]
