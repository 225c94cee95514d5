"""Keeps what a build produced until an input of that build changes.

    cache = Cache()
    path = cache.get({"source": text, "options": options}, build, host={"compiler": cc})

Bytes in, path out: this package knows no types and no compiler. A look-up has two levels. The key
(what was asked for, and what would compile it) names an *entry*, which lists the files that the
compiler read and the places where it looked in vain; when all of them are as they were, the entry
names the *object* by the digest of its content. doc/guide/12-the-cache.md tells the whole story.

A hit runs no compiler and imports nothing but os, sys, time and the core; see also fill.py, the
way taken by a miss.
"""

import os
import time

from .._core import sha256
from . import place
from .entry import Entry, digest_of, encode, header
from .place import CacheWarning, default_directory

__all__ = ["Built", "Cache", "CacheWarning", "default_directory"]

DAY = 86400


class Built:
    """What a build function returns.

    path     the file it made, inside the directory it was given
    inputs   every file that was read for it; those inside that directory do not count
    absent   every place where the compiler looks for one of the inputs before it comes to where
             it found it (search.absent_places()); a file that does stand there is an input too
    """

    __slots__ = ("absent", "inputs", "path")

    def __init__(self, path, inputs=(), absent=()) -> None:
        self.path, self.inputs, self.absent = path, inputs, absent


class Cache:
    """A directory of compiled objects; making one touches no file.

    directory     default: CFFI_CORE_CACHE, or the platform's place (default_directory())
    max_bytes     above this the entries used longest ago are removed
    max_days      entries not used for so long are removed
    lock_seconds  how long to wait for another process that compiles the same; after that
                  both do it, which is harmless
    """

    def __init__(
        self, directory=None, *, max_bytes=512 << 20, max_days=90, lock_seconds=120
    ) -> None:
        self.directory = os.path.abspath(os.fsdecode(directory or default_directory()))
        self.max_bytes = limit("max_bytes", max_bytes)
        self.max_days = limit("max_days", max_days)
        self.lock_seconds = limit("lock_seconds", lock_seconds)

    def get(self, key, build, *, host=None, prebuilt=None) -> str:
        """The path of the object for this key: kept, or made by build(directory) -> Built.

        key       what is asked for: names to str, bytes, None, or sequences of these; "name" is
                  shown by `python -m cffi_core cache list`
        host      what compiles it here, in the same form: the compiler, its flags, environment
        prebuilt  (directory, digests): objects that a package ships, found by `key` alone and
                  trusted because `digests`, a part of the package's code, names their content

        The object's file never changes; it stays at least until this process ends, or until
        the cache is pruned. Raises what build() raises.
        """
        asked = header() + encode(key)
        if prebuilt is not None and not (isinstance(prebuilt, tuple) and len(prebuilt) == 2):
            raise TypeError("'prebuilt' must be a tuple (directory, digests), or None")
        if prebuilt is not None and (path := find_prebuilt(asked, *prebuilt)):
            return path
        text = b"%s[host]\n%s" % (asked, encode(host if host is not None else {}))
        name = sha256(text).hex()
        path = self.lookup(name)
        if path is None:
            from .fill import fill

            if host and key.keys() & host.keys():
                raise ValueError(f"in both key and host: {', '.join(key.keys() & host.keys())}")
            path = fill(self, name, asked, text, build)
        return path

    def lookup(self, name: str) -> str | None:
        """The object's path if the entry `name` holds, else None: no reason is a fault."""
        if place.problem(self.directory) is not None:
            return None
        path = os.path.join(self.directory, name + ".entry")
        entry = Entry.read(path, name)
        if entry is None or (state := entry.check()) is None:
            return None
        found = os.path.join(self.directory, entry.object)
        if digest_of(found) != entry.object.partition(".")[0]:
            return None
        self._note_use(path, entry, refreshed=state == "refreshed")
        return found

    def _note_use(self, path: str, entry: Entry, refreshed: bool) -> None:
        """The time of last use is the entry's mtime, written at most once a day.

        The same files under other times (a new checkout, a copied tree) are recorded as they are
        now, or every look-up would hash them again. Best effort: the directory may be read-only.
        """
        try:
            if refreshed:
                from .fill import write

                write(path, entry.data())
            elif not 0 <= time.time() - entry.used < DAY:  # old, or of a wrong clock
                os.utime(path)
        except OSError:
            pass


def limit(name: str, value):
    """A number of at least 0; of those that may be none, None."""
    if value is None and name != "lock_seconds":
        return value
    if not isinstance(value, (int, float)):
        raise TypeError(f"'{name}' must be a number, not {type(value).__name__}")
    if not value >= 0:
        raise ValueError(f"'{name}' must be a number of at least 0, not {value}")
    return value


def find_prebuilt(asked: bytes, directory, digests) -> str | None:
    """The shipped object for what is asked, if it is there and is what the package says."""
    name = digests.get(sha256(asked).hex())
    if name is None:
        return None
    path = os.path.join(os.path.abspath(os.fsdecode(directory)), name)
    if digest_of(path) != name.partition(".")[0] or place.forbids_loading(path):
        return None
    return path
