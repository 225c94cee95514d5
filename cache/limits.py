"""What the directory holds, and keeping it within its limits.

Used longest ago, removed first; an entry's time of last use is its mtime, right to a day. Objects
go when no entry names them, temporary files and locks when nobody can still be using them.
"""

import os
import time

from .entry import Entry

KINDS = (".entry", ".so", ".pyd", ".dll", ".dylib", ".lock", ".tmp")
HEX = frozenset("0123456789abcdef")
STAMP = "checked.tmp"
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
                    if item.name.endswith(".entry"):
                        self._add(item.name)
            except OSError:
                pass  # removed meanwhile
        self.files.pop(STAMP, None)

    def _add(self, name: str) -> None:
        entry = Entry.read(os.path.join(self.directory, name), name.partition(".")[0])
        if entry is None:
            self.damaged.append(name)
        else:
            self.entries.append(entry)

    def size(self) -> int:
        return sum(status.st_size for status in self.files.values())

    def remove(self, name: str) -> None:
        status = self.files.pop(name, None)
        try:
            if status is not None:
                os.unlink(os.path.join(self.directory, name))
        except OSError:
            pass

    def remove_entry(self, entry: Entry) -> None:
        self.remove(entry.key + ".entry")
        self.entries.remove(entry)
        if all(other.object != entry.object for other in self.entries):
            self.remove(entry.object)


def is_ours(name: str) -> bool:
    """Named as the cache names its files: a digest and a kind. Nothing else is ever touched."""
    stem = name.partition(".")[0]
    return name == STAMP or (len(stem) == 64 and HEX.issuperset(stem) and name.endswith(KINDS))


def keep(cache) -> None:
    """After a publication, and not much more often than every ten minutes: the limits."""
    stamp = os.path.join(cache.directory, STAMP)
    try:
        if abs(time.time() - os.stat(stamp).st_mtime) < BETWEEN_CHECKS:
            return
    except OSError:
        pass
    try:
        os.close(os.open(stamp, os.O_WRONLY | os.O_CREAT, 0o600))
        os.utime(stamp)
        prune(cache.directory, cache.max_bytes, cache.max_days)
    except OSError:
        pass  # the entry is published; the limits can wait


def prune(directory: str, max_bytes: int | None, max_days: float | None) -> tuple[int, int]:
    """Removes what is beyond the limits; (files, bytes) removed."""
    content = Content(directory)
    files, size = len(content.files), content.size()
    sweep(content)
    if max_days is not None:
        oldest = time.time() - max_days * 86400
        for entry in [entry for entry in content.entries if entry.used < oldest]:
            content.remove_entry(entry)
    if max_bytes is not None:
        while content.entries and content.size() > max_bytes:
            content.remove_entry(content.entries[-1])
    return files - len(content.files), size - content.size()


def sweep(content: Content) -> None:
    """Removes what no look-up will find: damaged entries, orphans, abandoned files."""
    now = time.time()
    named = {entry.object for entry in content.entries}
    for name, status in list(content.files.items()):
        # A file from the future is as old as any: the clock was wrong once.
        age = abs(now - status.st_mtime)
        if name.endswith((".tmp", ".lock")):
            if age > ABANDONED:
                content.remove(name)
        elif name in content.damaged or (
            not name.endswith(".entry") and name not in named and age > IN_USE
        ):
            content.remove(name)


def clear(directory: str) -> tuple[int, int]:
    """Removes every file of the cache; (files, bytes) removed."""
    content = Content(directory)
    files, size = len(content.files), content.size()
    for name in list(content.files):
        content.remove(name)
    try:
        os.unlink(os.path.join(directory, STAMP))
    except OSError:
        pass
    return files - len(content.files), size - content.size()
