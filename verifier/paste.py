"""Makes cd_pasted.txt, the text of cd_stub.h as stubs have it; nothing that emits imports this.

    python -m cffi_core.verifier.paste    # after a change of cd_stub.h; a test compares

Any name in the user's source may be a macro, so every name of ours begins with cd_ there. And it
includes nothing where the compiler itself knows the types of <stdint.h>.
"""

import os
from itertools import groupby

FOLDER = os.path.dirname(os.path.abspath(__file__))
PASTED = os.path.join(FOLDER, "cd_pasted.txt")

# What the header says in C's own words.
C_WORDS = {
    *("char", "const", "define", "dllexport", "double", "extern", "float", "int", "long"),
    *("sizeof", "static", "struct", "typedef", "union", "void"),
}
WORD_LETTERS = frozenset("_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

INCLUDED = "#include <stddef.h>\n#include <stdint.h>\n"
TYPES = ("int16", "int64", "uint8", "uint16", "uint32", "uint64", "size", "wchar")


def pasted() -> str:
    """The text that cd_pasted.txt must have."""
    with open(os.path.join(FOLDER, "cd_stub.h"), encoding="utf-8") as file:
        header = file.read()
    before, found, behind = header.partition(INCLUDED)
    assert found
    return own_names(before) + types() + own_names(behind)


def types() -> str:
    """The types of the two headers under names of our own."""
    known = "".join(f"typedef __{name.upper()}_TYPE__ cd_{name}_t;\n" for name in TYPES)
    other = "".join(f"typedef {name}_t cd_{name}_t;\n" for name in TYPES)
    return f"#ifdef __UINT64_TYPE__\n{known}#else\n{INCLUDED}{other}#endif\n"


def own_names(header: str) -> str:
    """C text with cd_ before every name in it.

    Comments, directives (but for #define) and texts stay as they are.
    """
    taken = {word for word in words(header) if word.startswith("cd_")}
    parts, rest = [], header
    while rest:
        code, comment, rest = rest.partition("/*")
        parts += [own_names_of_line(line, taken) for line in code.splitlines(keepends=True)]
        if comment:
            text, end, rest = rest.partition("*/")
            parts += [comment, text, end]
    return "".join(parts)


def own_names_of_line(line: str, taken: set[str]) -> str:
    if line.startswith("#") and not line.startswith("#define"):
        return line
    parts = line.split('"')  # every other one is a text
    parts[::2] = ["".join(own_name(word, taken) for word in words(part)) for part in parts[::2]]
    return '"'.join(parts)


def own_name(word: str, taken: set[str]) -> str:
    if not "a" <= word[0] <= "z" or word in C_WORDS or word.startswith("cd_"):
        return word
    return f"cd_{word}_" if f"cd_{word}" in taken else f"cd_{word}"


def words(text: str) -> list[str]:
    """The words of a text, and what is between them."""
    return ["".join(piece) for _, piece in groupby(text, WORD_LETTERS.__contains__)]


if __name__ == "__main__":
    with open(PASTED, "w", encoding="utf-8") as file:
        file.write(pasted())
