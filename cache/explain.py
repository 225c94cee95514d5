"""Why a look-up missed: which file, flag or variable changed, and from what to what.

A stale entry's reasons are found when it is replaced, and kept in the new one's notes. A key that
was never there is compared with the entry most like it when somebody asks.
"""

import os
import time

from .._core import sha256
from .entry import Entry, hex_digest, read_file, stamp_of, unescape

LONGEST = 60  # characters of a value that are shown


# --- a stale entry ---------------------------------------------------------------------------


def reasons(directory: str, name: str) -> list[str]:
    """What is wrong with the entry `name` now, which is there; nothing if it holds."""
    entry = Entry.read(os.path.join(directory, name + ".entry"), name)
    if entry is None:
        return ["the entry was damaged, or not of this cache"]
    found = read_file(os.path.join(directory, entry.object))
    if found is None:
        return [f"the object {entry.object} was missing or unreadable"]
    if sha256(found[0]).hex() != entry.object.partition(".")[0]:
        return [f"the object {entry.object} was damaged"]
    return stale(entry)


def stale(entry: Entry) -> list[str]:
    """Which inputs of an entry are not as they were."""
    appeared = [os.fsdecode(unescape(path)) for path in entry.absent]
    why = [
        f"{path} appeared, where the compiler looks before it finds what it used"
        for path in appeared
        if os.path.exists(path)
    ]
    for digest, stamp, escaped in entry.files:
        path = os.fsdecode(unescape(escaped))
        found = read_file(path)
        if found is None:
            why.append(f"{path} is gone or unreadable")
        elif (now := sha256(found[0]).hex()) != digest.decode():
            was = describe(stamp, digest.decode())
            why.append(f"{path} changed: from {was} to {describe(stamp_of(found[1]), now)}")
    return why


def describe(stamp: bytes, digest: str) -> str:
    words = stamp.split()
    if len(words) != 4:
        return f"content {digest[:12]}"
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(int(words[1]) / 1e9))
    return f"content {digest[:12]} ({int(words[0])} bytes of {when})"


# --- a new key -------------------------------------------------------------------------------


def decode(text: bytes) -> tuple[dict, bytes]:
    """What entry.encode() made, up to a "[section]" line; the text after that line.

    Raises ValueError for other text. A text value is str, a list value a list.
    """
    values, at = {}, 0
    while at < len(text):
        end = text.index(b"\n", at)
        line, at = text[at:end], end + 1
        if line.startswith(b"["):
            break
        name, value, at = _decode_value(line, text, at)
        values[name] = value
    return values, text[at:]


def _decode_value(line: bytes, text: bytes, at: int):
    name, kind, *size = line.split(b" ")
    if kind == b"none":
        return name.decode(), None, at
    end = at + int(size[0])
    payload = text[at:end]
    if len(payload) != int(size[0]) or text[end : end + 1] != b"\n":
        raise ValueError("not the notes of an entry")
    if kind == b"text":
        value = payload.decode("utf-8", "surrogatepass")
    elif kind == b"list":
        value = _decode_list(payload)
    else:
        value = payload
    return name.decode(), value, end + 1


def _decode_list(text: bytes) -> list:
    items, at = [], 0
    while at < len(text):
        end = text.index(b"\n", at)
        _, value, at = _decode_value(text[at:end], text, end + 1)
        items.append(value)
    return items


def notes_of(entry: Entry) -> tuple[dict, dict]:
    """(notes, key): when and why it was compiled, and what was asked for with the host's parts.

    Raises ValueError for notes that are damaged.
    """
    if hex_digest(entry.notes) != entry.notes_digest:
        raise ValueError("the notes are damaged")
    notes, text = decode(entry.notes)
    if sha256(text).hex() != entry.key:
        raise ValueError("the notes are of another key")
    _, platform, parts = text.split(b"\n", 2)  # entry.header()
    key, host = decode(parts)
    return notes, {"platform": platform.decode(), **key, **decode(host)[0]}


def name_of(entry: Entry) -> str:
    """The key's own name, for people."""
    try:
        name = notes_of(entry)[1].get("name")
    except ValueError:
        return "(its notes are damaged)"
    return name if isinstance(name, str) else "(no name)"


def differences(old: dict, new: dict) -> list[str]:
    """One or more lines for every part of the key that is not the same."""
    lines = []
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            lines += difference(name, old.get(name), new.get(name))
    return lines


def difference(name: str, old, new) -> list[str]:
    if isinstance(old, list) and isinstance(new, list):
        gone = [item for item in old if item not in new]
        come = [item for item in new if item not in old]
        if gone or come:
            old, new = gone, come
    elif isinstance(old, str) and isinstance(new, str) and ("\n" in old or "\n" in new):
        return first_different_line(name, old.split("\n"), new.split("\n"))
    return [f"{name} changed: from {show(old)} to {show(new)}"]


def first_different_line(name: str, old: list[str], new: list[str]) -> list[str]:
    pairs = zip([*old, None], [*new, None], strict=False)
    number, (was, now) = next((n, pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    return [f"{name} changed in line {number}: from {show(was)} to {show(now)}"]


def show(value) -> str:
    if value is None or value == []:
        return "nothing"
    if isinstance(value, list):
        return " ".join(map(show, value))
    text = value if isinstance(value, str) else repr(value)
    text = text if text.isprintable() else repr(text)
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."


def most_alike(key: dict, others: list[dict]) -> dict | None:
    """The other key with most parts equal; of several, the first."""

    def alike(other: dict) -> tuple:
        equal = sum(other.get(name) == value for name, value in key.items())
        return other.get("name") == key.get("name"), equal

    return max(others, key=alike, default=None)
