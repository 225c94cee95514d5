"""Files that are there whole or not at all."""

import os
from _thread import get_ident


def from_here(path: str) -> str:
    """The path as seen from the current folder, if it is below that."""
    relative = os.path.relpath(path) if os.path.isabs(path) else path
    return path if relative.startswith(os.pardir) else relative


def temporary_beside(path: str) -> str:
    """A name in path's folder that no other process or thread uses."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name}.{os.getpid()}.{get_ident()}.tmp")


def publish(temporary: str, path: str) -> None:
    os.replace(temporary, path)


def discard(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass


def write_text(path: str, text: str) -> None:
    """What is not UTF-8 (a path in it) is written as the bytes it stands for."""
    temporary = temporary_beside(path)
    try:
        with open(temporary, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(text)
        publish(temporary, path)
    except OSError as error:
        discard(temporary)
        raise OSError(error.errno, error.strerror, path) from None  # what was asked for
    except BaseException:
        discard(temporary)
        raise


def write_if_changed(path: str, text: str, make_folder: bool = True) -> bool:
    """Leaves a file alone that has this text already; whether it was written."""
    data = text.encode("utf-8", "surrogateescape")
    try:
        with open(path, "rb") as file:
            if file.read() == data:
                return False
    except OSError:
        pass
    folder = os.path.dirname(path)
    if folder and make_folder:
        os.makedirs(folder, exist_ok=True)
    write_text(path, text)
    return True
