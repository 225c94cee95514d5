"""A miss: compile once, publish atomically, or keep the object private.

Publication is two steps, the object first: each is written to a temporary file in the same
directory and renamed. So a reader sees a whole file or none, a process that dies anywhere leaves
at most a temporary file (removed by limits.py), and a loaded object is never written to.

Nothing is fsync'ed: what a power failure leaves behind fails its digest and is a miss, which
costs one compilation; a disk's flush would cost every compilation tens of milliseconds.
"""

import os
import sys
import time

from .._core import sha256
from . import place, private
from .entry import (
    Entry,
    change_time,
    encode,
    escape,
    hex_digest,
    lasting,
    read_file,
    stamp_of,
)
from .lock import Lock

TEMPORARY = ".tmp"


def fill(cache, name: str, asked: bytes, text: bytes, build) -> str:
    """Makes the object for a key that missed; its path in the cache, or in a private place."""
    problem = place.make(cache.directory)
    if problem is not None:
        made = compiled(build, attempts=1)
        warn(cache.directory, problem)
        return made.path
    with Lock(cache, name) as lock:
        path = lock.found or cache.lookup(name)
        if path is None:
            path = _fill_locked(cache, name, asked, text, build)
    return path


def _fill_locked(cache, name: str, asked: bytes, text: bytes, build) -> str:
    why = ["new: nothing was kept for this key"]
    if os.path.lexists(os.path.join(cache.directory, name + ".entry")):
        from .explain import reasons

        why = reasons(cache.directory, name)
    start = time.time()
    made = compiled(build)
    if made.files is None:
        return made.path
    took = time.time() - start
    notes = encode({"made": f"{start:.3f}", "took": f"{took:.3f}", "why": why}) + b"[key]\n" + text
    entry = Entry(name, sha256(asked).hex(), "", made.files, made.absent, notes)
    try:
        path = publish(cache.directory, entry, made.path)
    except OSError as error:
        warn(cache.directory, f"it cannot be written: {error.strerror or error}")
        return made.path
    private.remove(made.folder)
    from .limits import keep

    keep(cache)
    return path


# --- compiling -------------------------------------------------------------------------------


class Made:
    """An object in a private folder; `files` is None while its inputs have not stood still."""

    __slots__ = ("absent", "files", "folder", "inputs", "path")

    def __init__(self, folder: str, built) -> None:
        self.folder, self.files = folder, None
        self.path = os.path.join(folder, os.fsdecode(built.path))
        earlier = outside(folder, built.absent)
        # A file that stands in an earlier place may have come there after the compiler looked:
        # as an input it must be older than the run.
        came = [path for path in earlier if os.path.isfile(path)]
        self.inputs = outside(folder, [*built.inputs, *came])
        self.absent = [escape(path) for path in earlier if not os.path.exists(path)]

    def settle(self, observed: list) -> None:
        self.files = [
            [digest, lasting(stamp, changed), escape(path)]
            for path, (digest, stamp, changed) in zip(self.inputs, observed, strict=True)
        ]


def compiled(build, attempts: int = 2) -> Made:
    """Runs the build; twice if an input may have changed since the compiler read it.

    An input's change time before the start proves that what was hashed is what was compiled. One
    that is as new, or in the future by a skewed clock, proves nothing: then a second run must find
    every input as the first one left it.
    """
    made = before = None
    for _ in range(attempts):
        if made is not None:
            private.remove(made.folder)
        made, start = run(build)
        observed = [observe(path) for path in made.inputs]
        if None not in observed:
            now = list(zip(made.inputs, observed, strict=True))
            if now == before or all(changed < start for *_, changed in observed):
                made.settle(observed)
                break
            before = now
    return made


def run(build) -> tuple[Made, int]:
    """One run in a new folder, and the file system's time at its start."""
    folder = private.folder()
    start = min(time.time_ns(), change_time(os.stat(folder)))
    try:
        return Made(folder, build(folder)), start
    except BaseException:
        private.remove(folder)
        raise


def outside(folder: str, paths) -> list[str]:
    """As absolute paths, each once, without what is in the build's own folder.

    Not normalized: what `..` means where a directory is a link is for the system to say.
    """
    here = {os.path.join(os.getcwd(), os.fsdecode(path)) for path in paths}
    return sorted(path for path in here if not path.startswith(folder + os.sep))


def observe(path: str) -> tuple[bytes, bytes, int] | None:
    """An input's digest, stamp and change time; None if it changes while it is read."""
    found = read_file(path)
    if found is None:
        return None
    data, status = found
    try:
        steady = stamp_of(os.stat(path)) == stamp_of(status)
    except OSError:
        return None
    return (hex_digest(data), stamp_of(status), change_time(status)) if steady else None


# --- publishing ------------------------------------------------------------------------------


def publish(directory: str, entry: Entry, path: str) -> str:
    """Puts the object and then its entry into the directory; the object's path there."""
    found = read_file(path)
    if found is None:
        raise OSError(f"cannot read what was built, {path}")
    data = found[0]
    entry.object = f"{sha256(data).hex()}.{os.path.basename(path)[-100:]}"
    target = os.path.join(directory, entry.object)
    there = read_file(target)
    if there is None or there[0] != data:
        write(target, data)
    write(os.path.join(directory, entry.key + ".entry"), entry.data())
    return target


def write(path: str, data: bytes) -> None:
    """Makes the file appear at once, with this content."""
    temporary = f"{path}.{os.getpid()}-{os.urandom(4).hex()}{TEMPORARY}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    fd = os.open(temporary, flags, 0o644)
    try:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(fd, rest) :]
        finally:
            os.close(fd)
        os.replace(temporary, path)
    except BaseException:
        try:
            os.unlink(temporary)
        except OSError:
            pass
        raise


# --- saying so -------------------------------------------------------------------------------

_said: set[str] = set()


def warn(directory: str, problem: str) -> None:
    """Once a process: why the cache is not used, and what to do."""
    if directory in _said:
        return
    _said.add(directory)
    import warnings

    level, frame = 1, sys._getframe(0)
    while frame is not None and frame.f_globals.get("__name__", "").startswith("cffi_core"):
        level, frame = level + 1, frame.f_back
    warnings.warn(
        f"the cache {directory!r} is not used: {problem}. What was compiled is loaded from a "
        f"temporary directory and compiled anew by every process. To keep it, set "
        f"{place.ENVIRONMENT} to a directory of yours that only you can write to.",
        place.CacheWarning,
        stacklevel=level,
    )
