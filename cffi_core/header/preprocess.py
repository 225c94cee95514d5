"""Running the C preprocessor: the compiler that verify() would use, with the same options."""

import os
import subprocess

from cffi_core import VerificationError
from cffi_core.builder.compiler import Job

from . import faults

#: Stands behind the headers: output without it was cut off.
END = "cd_end_of_headers"
MAIN = "<stdin>"


class Preprocessor:
    """absent: where headers are looked for before they are found; known after expand()."""

    def __init__(self, request) -> None:
        self.request = request
        self.absent: list[str] = []
        self.job = Job("-", request.options, folder=os.getcwd(), scratch=os.getcwd())
        if not hasattr(self.job.toolchain, "preprocess"):
            raise VerificationError(
                "cdef_header() needs a preprocessor that has the options of gcc and clang; name "
                "one in CC"
            )

    def definitions(self) -> str:
        """Declarations, comments and #define lines."""
        text, _ = self.run(f"{self.request.source}{END}\n", "-E", "-dD", "-C")
        words = faults.complaints(self, "")
        if words is not None:
            raise faults.refused(self, words, cut(text))
        return cut(text)

    def expand(self, names, files) -> str:
        """What becomes of each macro, as `cd_macro "NAME" (expansion) cd_end`."""
        lines = "".join(f'cd_macro "{name}" ({name}) cd_end\n' for name in names)
        text, listing = self.run(
            f"{self.request.source}{lines}{END}\n", "-E", "-P", "-v", lenient=True
        )
        self.job.inputs = files
        self.absent = self.job.places_before(listing)
        return cut(text)

    def run(self, source: str, *options: str, lenient: bool = False) -> tuple[str, bytes]:
        """What it prints on its output, and what it says.

        lenient: what it prints is enough; `#define has __has_attribute` is an error where it is
        expanded.
        """
        status, text, said = self.start(source, *options)
        if status and not (lenient and END.encode() in text):
            raise faults.failed(self, status, said)
        return text.decode("utf-8", "surrogateescape"), said

    def start(self, source: str, *options: str) -> tuple[int, bytes, bytes]:
        """(exit status, output, errors) of the compiler on this text."""
        command = self.job.toolchain.preprocess(self.job, *options)
        try:
            done = subprocess.run(
                command,
                input=source.encode("utf-8", "surrogateescape"),
                cwd=self.job.folder,
                env=self.job.environment(),
                capture_output=True,
                check=False,
            )
        except OSError as error:
            raise faults.missing(command[0], error.strerror or str(error)) from None
        return done.returncode, done.stdout, done.stderr


def cut(text: str) -> str:
    """Up to the END; without it the preprocessor has stopped in between."""
    whole, found, _ = text.rpartition(END)
    if not found:
        raise faults.stopped()
    return whole
