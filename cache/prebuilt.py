"""Objects that a package ships: copied out of the maker's cache, trusted by their digests.

A package's users need no compiler then. What they run was compiled elsewhere against the headers
of then, like any binary wheel; the digests stand in the package's Python code, so the directory is
trusted exactly as far as that code is.
"""

import os

from .entry import read_file
from .explain import name_of
from .fill import write
from .limits import Content


def export(source: str, target: str, names=None) -> dict[str, str]:
    """Copies the newest object of each key into a directory: the `digests` for Cache.get().

    `names`: the keys' names, or how keys begin; without them all. KeyError for one not found.
    """
    entries = Content(source).entries
    if names is not None:
        chosen = [[entry for entry in entries if is_meant(entry, name)] for name in names]
        for name, found in zip(names, chosen, strict=True):
            if not found:
                raise KeyError(f"no entry {name} in {source}")
        entries = [entry for found in chosen for entry in found]
    digests: dict[str, str] = {}
    for entry in sorted(entries, key=lambda entry: entry.used):
        digests[entry.asked] = entry.object
    os.makedirs(target, exist_ok=True)
    for name in digests.values():
        found = read_file(os.path.join(source, name))
        if found is None:
            raise OSError(f"the object {name} is gone; run: python -m cffi_core cache verify")
        write(os.path.join(target, name), found[0])
    return digests


def is_meant(entry, name: str) -> bool:
    return entry.key.startswith(name) or name_of(entry) == name
