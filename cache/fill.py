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
    lasting_stamp,
    read_file,
    stamp_of,
)
from .lock import Lock

TEMPORARY = ".tmp"


def fill(cache, name: str, asked: bytes, text: bytes, build) -> str:
    """Makes the object for a key that missed; its path in the cache, or in a private place."""
    problem = place.make(cache.directory)
    if problem is not None:
        made = compiled(build)
        warn(cache.directory, problem)
        return made.path
    with Lock(cache, name) as lock:
        path = lock.found or cache.lookup(name)
        if path is None:
            path = _fill_locked(cache, name, asked, text, build)
    return path


def _fill_locked(cache, name: str, asked: bytes, text: bytes, build) -> str:
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
    """An object in a private folder; `files` is None when its inputs would not stand still."""

    __slots__ = ("absent", "files", "folder", "path")


def compiled(build) -> Made:
    """Runs the build; twice if an input may have changed since the compiler read it.

    An input's change time before the start proves that what was hashed is what was compiled. One
    that is as new, or in the future by a skewed clock, proves nothing: then a second run must find
    every input as the first one left it.
    """
    before = None
    for _ in range(2):
        made, start = Made(), time.time_ns()
        made.folder = private.folder()
        start = min(start, os.stat(made.folder).st_ctime_ns)
        try:
            built = build(made.folder)
        except BaseException:
            private.remove(made.folder)
            raise
        made.path = os.path.join(made.folder, os.fsdecode(built.path))
        inputs = [] if built.inputs is None else outside(made.folder, built.inputs)
        found = [observe(path) for path in inputs]
        made.absent = sorted({escape(os.path.abspath(path)) for path in built.absent})
        if None not in found and (found == before or all(new < start for *_, new in found)):
            made.files = [list(line) for line, _, _ in found]
            return made
        before = found
    made.files = None
    return made


def outside(folder: str, inputs) -> list[str]:
    """The inputs as absolute paths, without what the build itself wrote."""
    paths = {os.path.abspath(os.fsdecode(path)) for path in inputs}
    return sorted(path for path in paths if not path.startswith(folder + os.sep))


def observe(path: str):
    """((digest, stamp, escaped path), exact stamp, change time) of an input; None: unsteady."""
    found = read_file(path)
    if found is None:
        return None
    data, status = found
    try:
        after = os.stat(path)
    except OSError:
        return None
    if stamp_of(after) != stamp_of(status):
        return None
    line = hex_digest(data), lasting_stamp(status), escape(path)
    return line, stamp_of(status), change_time(status)


# --- publishing ------------------------------------------------------------------------------


def publish(directory: str, entry: Entry, path: str) -> str:
    """Puts the object and then its entry into the directory; the object's path there."""
    found = read_file(path)
    if found is None:
        raise OSError(f"cannot read what was built, {path}")
    data = found[0]
    entry.object = sha256(data).hex() + os.path.splitext(path)[1]
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
