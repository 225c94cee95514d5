"""The entry: what a look-up reads, how it is written, whether it still holds.

An entry is one file, `<key>.entry`, the key being the digest of the text that was asked for:

    cffi_core cache 1 <bytes and SHA-256 of the body> <of the notes>
    key <key>                                             the body, a line each, tabs between
    asked <digest of the part without the host>
    object <digest>.<name>.so
    file <digest> <size mtime ctime inode> <path>         one the compiler read
    absent <path>                                         where it looked before
    ...                                                   the notes, for people: see decode()

Every look-up reads the body and checks its digest: what is truncated, damaged or foreign is no
entry. The notes (when and why it was compiled, and the key in full) are read by the commands only.
"""

import os
import sys

from .._core import sha256

MAGIC = b"cffi_core cache 1"
STAMP = b"%d %d %d %d"
NO_STAMP = b"-"  # the times prove nothing: the digest decides, at every look-up


# --- the key ---------------------------------------------------------------------------------


def header() -> bytes:
    """Begins every key: this format, and the platform that an object is for."""
    if hasattr(os, "uname"):
        machine = os.uname().machine
    else:
        machine = os.environ.get("PROCESSOR_ARCHITECTURE", "unknown")
    return b"%s\nplatform %s %s %d %s\n" % (
        MAGIC,
        sys.platform.encode(),
        machine.encode(),
        sys.maxsize.bit_length() + 1,
        sys.byteorder.encode(),
    )


def encode(values) -> bytes:
    """A mapping as readable text in which different mappings never look alike."""
    if not isinstance(values, dict):
        raise TypeError(f"a cache key must be a dict, not {type(values).__name__}")
    if not all(isinstance(name, str) for name in values):
        raise TypeError("the names in a cache key must be str")
    lines = []
    for name in sorted(values):
        if not name or name.startswith("[") or name.split() != [name]:
            raise ValueError(f"not the name of a part of a cache key: {name!r}")
        lines.append(_encode_value(name.encode(), values[name]))
    return b"".join(lines)


def _encode_value(name: bytes, value) -> bytes:
    if value is None:
        return b"%s none\n" % name
    if isinstance(value, str):
        kind, payload = b"text", value.encode("utf-8", "surrogatepass")
    elif isinstance(value, bytes):
        kind, payload = b"bytes", value
    elif isinstance(value, (list, tuple)):
        kind, payload = b"list", b"".join([_encode_value(b"-", item) for item in value])
    else:
        raise TypeError(
            f"{name.decode()} of a cache key must be str, bytes, None, or a sequence of these, "
            f"not {type(value).__name__}"
        )
    return b"%s %s %d\n%s\n" % (name, kind, len(payload), payload)


# --- files -----------------------------------------------------------------------------------


def read_file(path) -> tuple[bytes, os.stat_result] | None:
    """A regular file's content and what fstat() said of it; None when it cannot be read."""
    try:
        # Without O_NONBLOCK a FIFO that stands there would block for ever.
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError):
        return None
    try:
        status = os.fstat(fd)
        if status.st_mode & 0o170000 != 0o100000:
            return None
        parts = []
        while part := os.read(fd, max(status.st_size + 1, 4096)):
            parts.append(part)
        return b"".join(parts), status
    except OSError:
        return None
    finally:
        os.close(fd)


def hex_digest(data: bytes) -> bytes:
    return sha256(data).hex().encode()


def digest_of(path) -> str | None:
    found = read_file(path)
    return sha256(found[0]).hex() if found else None


def stamp_of(status: os.stat_result) -> bytes:
    return STAMP % (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def escape(path) -> bytes:
    return os.fsencode(path).replace(b"\\", b"\\\\").replace(b"\n", b"\\n")


def unescape(path: bytes) -> bytes:
    if b"\\" not in path:
        return path
    return b"\\".join([part.replace(b"\\n", b"\n") for part in path.split(b"\\\\")])


# --- the entry -------------------------------------------------------------------------------


class Entry:
    """One entry; `files` are lists [digest, stamp, escaped path], as their lines are."""

    __slots__ = ("absent", "asked", "files", "key", "notes", "notes_digest", "object", "used")

    def __init__(self, key: str, asked: str, object: str, files, absent, notes: bytes) -> None:
        self.key, self.asked, self.object = key, asked, object
        self.files, self.absent, self.notes = files, absent, notes
        self.notes_digest, self.used = None, 0.0

    @classmethod
    def read(cls, path: str, key: str) -> "Entry | None":
        """The entry in a file; None for one that is not there, damaged, or another key's."""
        found = read_file(path)
        if found is None:
            return None
        data, status = found
        entry = cls.parse(data)
        if entry is None or entry.key != key:
            return None
        entry.used = status.st_mtime
        return entry

    @classmethod
    def parse(cls, data: bytes) -> "Entry | None":
        first, _, rest = data.partition(b"\n")
        words = first.split(b" ")
        if len(words) != 7 or b" ".join(words[:3]) != MAGIC:
            return None
        try:
            size, notes_size = int(words[3]), int(words[5])
        except ValueError:
            return None
        body = rest[:size]
        if len(rest) != size + notes_size or hex_digest(body) != words[4]:
            return None
        entry = cls._of_lines(body.split(b"\n"), rest[size:])
        entry.notes_digest = words[6]
        return entry

    @classmethod
    def _of_lines(cls, lines: list[bytes], notes: bytes) -> "Entry":
        """The body is whole, so every line is as data() wrote it."""
        key, asked, name = [line.partition(b"\t")[2].decode() for line in lines[:3]]
        files = [line.split(b"\t", 3)[1:] for line in lines if line.startswith(b"file\t")]
        absent = [line[7:] for line in lines if line.startswith(b"absent\t")]
        return cls(key, asked, name, files, absent, notes)

    def data(self) -> bytes:
        lines = [
            f"key\t{self.key}\nasked\t{self.asked}\nobject\t{self.object}".encode(),
            *[b"file\t" + b"\t".join(file) for file in self.files],
            *[b"absent\t" + path for path in self.absent],
        ]
        body = b"\n".join(lines) + b"\n"
        sizes = [b"%d %s" % (len(part), hex_digest(part)) for part in (body, self.notes)]
        return b"%s %s\n%s%s" % (MAGIC, b" ".join(sizes), body, self.notes)

    def check(self) -> str | None:
        """ "same" or "refreshed" (the same content, other times) if it holds; None if not."""
        for path in self.absent:
            if os.path.exists(unescape(path)):
                return None
        state = "same"
        for file in self.files:
            digest, stamp, escaped = file
            path = unescape(escaped)
            try:
                if stamp == stamp_of(os.stat(path)):
                    continue
            except (OSError, ValueError):
                return None
            found = read_file(path)
            if found is None or hex_digest(found[0]) != digest:
                return None
            new_stamp = lasting(stamp_of(found[1]), change_time(found[1]))
            if new_stamp != stamp:
                file[1], state = new_stamp, "refreshed"
        return state


def change_time(status: os.stat_result) -> int:
    """In ns: what nobody can set. On Windows st_ctime is the file's creation."""
    return status.st_ctime_ns if os.name == "posix" else status.st_mtime_ns


def lasting(stamp: bytes, changed: int) -> bytes:
    """The stamp by which a file will be known, if any later change of it must change the stamp.

    A file that changed a moment ago (by coarse clocks two seconds, or in the future by a skewed
    one) may change again without its times' showing it.
    """
    import time

    return stamp if changed < (time.time() - 2) * 1e9 else NO_STAMP
