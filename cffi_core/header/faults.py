"""What a failure means, and what helps."""

from cffi_core import CDefError, VerificationError

INSTALL = "Install a C compiler (Debian: apt-get install gcc libc6-dev), or name one in CC."


def missing(program: str, error: OSError) -> VerificationError:
    return VerificationError(
        f"cannot run the C preprocessor {program!r}: {error.strerror or error}\n{INSTALL}"
    )


def stopped() -> VerificationError:
    return VerificationError("the C preprocessor has stopped in the middle of its output")


def failed(run, status: int, said: bytes) -> Exception:
    words = said.decode("utf-8", "replace").strip()
    return CDefError(f"the headers cannot be preprocessed:\n{words}")


def refused(run, error: CDefError) -> Exception:
    return error
