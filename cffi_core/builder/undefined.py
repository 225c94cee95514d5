"""What linkers for ELF say of symbols that nothing defines, as warnings."""

import re

UNDEFINED = re.compile(r"undefined (?:reference to|symbol:?) [`']?([^'\s]+)'?$")
# What is said besides about one: where it is used, and that there are more.
AROUND = re.compile(r">>> |.*: in function `|.*undefined references to `")


def sort(remarks: str) -> tuple[set[str], str]:
    """(the symbols, the rest of what was said)."""
    found, rest = set(), []
    for line in remarks.splitlines():
        match = UNDEFINED.search(line)
        if match:
            found.add(match[1])
        elif not AROUND.match(line):
            rest.append(line)
    return found, "\n".join(rest)
