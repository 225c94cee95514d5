"""Private folders to compile in; what is still in use when the process ends is removed then."""

import atexit
import os

_folders: dict[str, int] = {}  # the folder -> the process that made it
_watched = False  # what removes them is called at exit


def candidates() -> list[str]:
    """Where temporary files may go: the usual variables, then the usual places."""
    chosen = [os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")]
    usual = ["/tmp", "/var/tmp", "/usr/tmp"] if os.name == "posix" else [r"c:\temp", r"c:\tmp"]
    return [os.path.abspath(path) for path in [*filter(None, chosen), *usual, os.curdir]]


def folder(for_loading: bool = True) -> str:
    """A new directory that only this user can enter, on a file system that allows loading."""
    from .place import forbids_loading

    problems = []
    for parent in candidates():
        path = os.path.join(parent, f"cffi_core-{os.getpid()}-{os.urandom(6).hex()}")
        if for_loading and forbids_loading(parent):
            problems.append(f"{parent}: mounted noexec")
            continue
        try:
            os.mkdir(path, 0o700)
        except OSError as error:
            problems.append(f"{parent}: {error.strerror}")
            continue
        _watch_end()
        _folders[path] = os.getpid()
        return path
    raise OSError(
        "no temporary directory to compile in: set TMPDIR to one that can be written to and is "
        f"not mounted noexec ({'; '.join(problems)})"
    )


def _watch_end() -> None:
    global _watched
    if not _watched:
        atexit.register(_remove_all)
    _watched = True


def remove(path: str) -> None:
    """Removes a folder and all in it; a loaded object stays usable on POSIX systems."""
    _folders.pop(path, None)
    _remove_tree(path)


def _remove_tree(path: str) -> None:
    try:
        for item in os.scandir(path):
            if item.is_dir(follow_symlinks=False):
                _remove_tree(item.path)
            else:
                os.unlink(item.path)
        os.rmdir(path)
    except OSError:
        pass  # it is in the temporary directory; the system's cleaning gets it


def _remove_all() -> None:
    """At exit; a forked child leaves its parent's folders alone."""
    for path, process in list(_folders.items()):
        if process == os.getpid():
            remove(path)
