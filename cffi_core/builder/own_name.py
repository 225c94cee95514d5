"""Loading a shared library that was made anew: dlopen() takes a name that it has seen for the file
it found there the first time."""

import os
from contextlib import contextmanager

from .files import discard, temporary_beside

# path -> (device, inode) of the file that this process has loaded by this path.
LOADED: dict[str, tuple[int, int]] = {}


@contextmanager
def own_name(path: str):
    """A path of the same file by which no other file was loaded, for as long as the `with`."""
    status = os.stat(path)
    mark = status.st_dev, status.st_ino
    if LOADED.setdefault(path, mark) == mark:
        yield path
        return
    other = f"{temporary_beside(path)}{status.st_ino:x}"
    try:
        link(path, other)
        yield other
    finally:
        discard(other)


def link(path: str, other: str) -> None:
    try:
        os.link(path, other)
    except OSError:  # a file system without links
        import shutil

        shutil.copyfile(path, other)
