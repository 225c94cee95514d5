"""Small texts about files that are elsewhere, kept here so that nothing has to lie beside these.

A text is found by what it is about, and may be gone at any time.
"""

import os

from .._core import sha256
from . import default_directory, place
from .limits import NOTE


class Note:
    """The text about `about`."""

    def __init__(self, about: str) -> None:
        self.directory = os.path.abspath(os.fsdecode(default_directory()))
        name = sha256(b"note\0" + about.encode("utf-8", "surrogateescape")).hex()
        self.path = os.path.join(self.directory, name + NOTE)

    def read(self) -> str:
        """"" where there is none."""
        if place.problem(self.directory) is not None:
            return ""
        try:
            with open(self.path, encoding="utf-8", errors="surrogateescape") as file:
                return file.read()
        except OSError:
            return ""

    def write(self, text: str) -> None:
        """Best effort: where there is no cache, there are no notes."""
        if place.make(self.directory) is not None:
            return
        from .fill import write

        try:
            write(self.path, text.encode("utf-8", "surrogateescape"))
        except OSError:
            pass
