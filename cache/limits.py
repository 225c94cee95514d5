"""What the directory holds, and keeping it within its limits.

Used longest ago, removed first; an entry's time of last use is its mtime, right to a day. Objects
go when no entry names them, temporary files and locks when nobody can still be using them.
"""

import os
import time

from .entry import Entry

HEX = frozenset("0123456789abcdef")
STAMP = "checked.tmp"
NOTE = ".note"  # as notes.py names them
BETWEEN_CHECKS = 600  # seconds
IN_USE = 3600  # seconds in which an object may be waiting for its entry, or to be loaded
ABANDONED = 86400  # seconds after which a temporary file or a lock is nobody's


class Content:
    """The files of a cache: `entries` from the one used last to the one used longest ago."""

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self.entries: list[Entry] = []
        self.damaged: list[str] = []  # files named as entries that are none
        self.files: dict[str, os.stat_result] = {}  # all that is ours, by name
        self.size = 0  # of these files, in bytes
        self.named: dict[str, int] = {}  # an object -> how many entries name it
        self._scan()
        self.entries.sort(key=lambda entry: entry.used, reverse=True)

    def _scan(self) -> None:
        try:
            items = list(os.scandir(self.directory))
        except OSError:
            return
        for item in items:
            try:
                if is_ours(item.name) and item.is_file(follow_symlinks=False):
                    self.files[item.name] = item.stat(follow_symlinks=False)
                    self.size += self.files[item.name].st_size
                    if item.name.endswith(".entry"):
                        self._add(item.name)
            except OSError:
                pass  # removed meanwhile

    def _add(self, name: str) -> None:
        entry = Entry.read(os.path.join(self.directory, name), name.partition(".")[0])
        if entry is None:
            self.damaged.append(name)
        else:
            self.entries.append(entry)
            self.named[entry.object] = self.named.get(entry.object, 0) + 1

    def remove(self, name: str) -> None:
        """Removes a file; one that is gone or cannot be removed is no error."""
        if name in self.files:
            try:
                os.unlink(os.path.join(self.directory, name))
            except FileNotFoundError:
                pass
            except OSError:
                return
            self.size -= self.files.pop(name).st_size

    def remove_entry(self, entry: Entry) -> None:
        """Removes an entry, and its object when no other entry names it."""
        self.remove(entry.key + ".entry")
        self.entries.remove(entry)
        self.named[entry.object] -= 1
        if self.named[entry.object] == 0:
            self.remove(entry.object)


def is_ours(name: str) -> bool:
    """Named as the cache names its files, by a digest and a kind. Nothing else is touched."""
    stem, dot, _ = name.partition(".")
    return bool(dot) and len(stem) == 64 and HEX.issuperset(stem)


def keep(cache) -> None:
    """After a publication, but not within ten minutes of the last time: the limits."""
    stamp = os.path.join(cache.directory, STAMP)
    try:
        if abs(time.time() - os.stat(stamp).st_mtime) < BETWEEN_CHECKS:
            return
    except OSError:
        pass
    try:
        os.close(os.open(stamp, os.O_WRONLY | os.O_CREAT, 0o600))
        os.utime(stamp)
        prune(cache.directory, cache.max_bytes, cache.max_days, spare=IN_USE)
    except OSError:
        pass  # the entry is published; the limits can wait


def prune(directory: str, max_bytes, max_days, spare: float = 0) -> tuple[int, int]:
    """Removes what is beyond the limits (None: no limit); (files, bytes) removed.

    Entries used less than `spare` seconds ago stay: somebody may be about to load their objects.
    """
    content = Content(directory)
    files, size = len(content.files), content.size
    now = time.time()
    sweep(content, now)
    oldest = now - min(max_days * 86400, now) if max_days is not None else 0
    for name, status in list(content.files.items()):
        if name.endswith(NOTE) and status.st_mtime < oldest:
            content.remove(name)
    for entry in reversed(content.entries.copy()):
        too_large = max_bytes is not None and content.size > max_bytes
        if (too_large or entry.used < oldest) and entry.used <= now - spare:
            content.remove_entry(entry)
    return files - len(content.files), size - content.size


def sweep(content: Content, now: float) -> None:
    """Removes what no look-up will find: damaged entries, orphans, abandoned files."""
    for name, status in list(content.files.items()):
        # A file from the future is as old as any: the clock was wrong once.
        age = abs(now - status.st_mtime)
        if name.endswith((".tmp", ".lock")):
            if age > ABANDONED:
                content.remove(name)
        elif name in content.damaged or (
            not name.endswith((".entry", NOTE)) and name not in content.named and age > IN_USE
        ):
            content.remove(name)
    for entry in content.entries:
        if entry.used > now:  # it would never grow old
            os.utime(os.path.join(content.directory, entry.key + ".entry"))
            entry.used = now


def clear(directory: str) -> tuple[int, int]:
    """Removes every file of the cache; (files, bytes) removed."""
    content = Content(directory)
    files, size = len(content.files), content.size
    for name in list(content.files):
        content.remove(name)
    try:
        os.unlink(os.path.join(directory, STAMP))
    except OSError:
        pass
    return files - len(content.files), size - content.size
