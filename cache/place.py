"""The cache's directory: where it is, and whether it can be trusted.

Objects are loaded into the process, so whoever can write them runs code as this user. Trust is
ownership: the directory itself (not a link to it; its parents may be links) belongs to this user
and nobody else can write to it. All files are in this one directory, so that is the one check.
"""

import os
import sys

ENVIRONMENT = "CFFI_CORE_CACHE"
APPLICATION = "cffi_core"

DIRECTORY_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_DIRECTORY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


class CacheWarning(UserWarning):
    """The cache is not used: said once, with what to do about it."""


def default_directory() -> str:
    """CFFI_CORE_CACHE, or the place that the platform has for caches."""
    chosen = os.environ.get(ENVIRONMENT)
    if chosen:
        return chosen
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
        return os.path.join(local, APPLICATION, "Cache")
    if sys.platform == "darwin":
        return os.path.expanduser(f"~/Library/Caches/{APPLICATION}")
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):  # the XDG specification: a relative one is ignored
        base = os.path.expanduser("~/.cache")
    return os.path.join(base, APPLICATION)


def forbids_loading(path: str) -> bool:
    """On a file system mounted noexec?"""
    try:
        return bool(os.statvfs(path).f_flag & os.ST_NOEXEC)
    except (OSError, AttributeError):
        return False


def problem(directory: str) -> str | None:
    """Why objects must not be loaded from the directory; None when they may be."""
    if not hasattr(os, "geteuid"):
        return None if os.path.isdir(directory) else "it does not exist"
    try:
        fd = os.open(directory, DIRECTORY_FLAGS)
    except (OSError, ValueError) as error:
        return _cannot_open(directory, error)
    try:
        status = os.fstat(fd)
        noexec = bool(os.fstatvfs(fd).f_flag & getattr(os, "ST_NOEXEC", 0))
    finally:
        os.close(fd)
    if status.st_uid != os.geteuid():
        return f"it belongs to user {status.st_uid}, and this is user {os.geteuid()}"
    if status.st_mode & 0o022:
        return f"others can write to it (mode {status.st_mode & 0o7777:o}): run `chmod go-w` on it"
    if noexec:
        return "its file system is mounted noexec, so nothing can be loaded from it"
    return None


def _cannot_open(directory: str, error: Exception) -> str:
    if os.path.islink(directory):
        return "it is a symbolic link: name the directory that it leads to"
    return f"it cannot be opened: {getattr(error, 'strerror', None) or error}"


def make(directory: str) -> str | None:
    """Makes the directory if it is missing; why it cannot be used, or None."""
    try:
        os.makedirs(os.path.dirname(directory), exist_ok=True)
        os.mkdir(directory, 0o700)
    except FileExistsError:
        pass
    except (OSError, ValueError) as error:
        if not os.path.isdir(directory):
            return f"it cannot be made: {getattr(error, 'strerror', None) or error}"
    return problem(directory)
