"""What a failure means, and what helps."""

import os
import re
import signal

from cffi_core import CDefError, VerificationError
from cffi_core.builder.request import is_path

INSTALL = "Install a C compiler (Debian: apt-get install gcc libc6-dev), or name one in CC."
CPLUSPLUS = re.compile(r"unknown type name '(class|namespace|template|using|constexpr)'")
UNKNOWN = re.compile(r"(?:unknown type name|use of undeclared identifier) '(\w+)'")
NOT_FOUND = re.compile(r"error: '?(.+?)'?(?:: No such file or directory| file not found)")
AT_END = re.compile(r"^<stdin>:\d+.*at end of input", re.MULTILINE)
SHOWN = 20  # lines of the compiler's words
PLACES = 4  # folders that have a header

#: Headers that others forget to include, and what is mostly missed of them.
USUAL = {
    "stddef.h": ("size_t", "ptrdiff_t", "wchar_t", "NULL"),
    "stdint.h": ("int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t",
                 "uint64_t", "uintptr_t", "intptr_t"),
    "stdio.h": ("FILE", "fpos_t"),
    "stdbool.h": ("bool",),
    "stdarg.h": ("va_list",),
    "sys/types.h": ("off_t", "ssize_t", "pid_t", "uid_t", "gid_t", "mode_t", "u_int", "u_char",
                    "dev_t", "ino_t"),
    "time.h": ("time_t", "clock_t", "timespec"),
    "sys/time.h": ("timeval",),
    "sys/socket.h": ("socklen_t", "sockaddr", "sa_family_t"),
    "netinet/in.h": ("in_addr_t", "in_port_t", "in_addr"),
    "signal.h": ("sigset_t",),
    "pthread.h": ("pthread_t", "pthread_mutex_t"),
    "wchar.h": ("wint_t", "mbstate_t"),
    "locale.h": ("locale_t",),
}  # fmt: skip


# ---- the preprocessor --------------------------------------------------------------------


def missing(program: str, why: str) -> VerificationError:
    return VerificationError(f"cannot run the C preprocessor {program!r}: {why}\n{INSTALL}")


def stopped() -> VerificationError:
    return VerificationError(
        "the C preprocessor has stopped in the middle of its output, and says that all is well"
    )


def failed(run, status: int, said: bytes) -> Exception:
    """It ended with this status."""
    words = said.decode("utf-8", "replace").strip()
    if status < 0 or (status > 128 and not NOT_FOUND.search(words) and "error:" not in words):
        return killed(-status if status < 0 else status - 128, words)
    match = NOT_FOUND.search(words)
    if match:
        return not_found(run, match[1], words)
    headers = ", ".join(run.request.headers)
    words = shown(words) or f"    nothing is said; exit status {status}"
    return CDefError(f"{headers}: the C preprocessor refuses it:\n{words}")


def killed(number: int, words: str) -> VerificationError:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = "unknown"
    memory = "\nThe system may be out of memory." if name == "SIGKILL" else ""
    return VerificationError(
        f"the C preprocessor was killed by signal {number} ({name}){memory}\n{words}".rstrip()
    )


def shown(words: str) -> str:
    said = [line for line in words.splitlines() if line != "compilation terminated."]
    # A header that includes itself is in the chain hundreds of times.
    lines = [line for i, line in enumerate(said) if i == 0 or line != said[i - 1]]
    more = [f"... and {len(lines) - SHOWN} lines more"] if len(lines) > SHOWN else []
    return "\n".join("    " + line for line in [*lines[:SHOWN], *more])


# ---- a header that is not there ----------------------------------------------------------


def not_found(run, name: str, words: str) -> CDefError:
    chain = [line for line in words.splitlines() if "ncluded from" in line or " from " in line]
    wanted = [header for header in run.request.headers if os.path.basename(name) in header]
    before = [text for text in run.request.before if name in text]
    if (wanted or before) and not chain:
        header = (wanted or [name])[0]
        text = f"the header {header!r} is {'a folder' if os.path.isdir(header) else 'not found'}"
        text += "" if wanted else ", which 'before' names"
    else:
        text = f"the header {name!r}, which another one includes, is not found:\n{shown(words)}"
    if not is_path(name):
        text += "\nlooked for in " + ", ".join(folders(run))
    return CDefError("\n".join([text, *advice(name)]))


def folders(run) -> list[str]:
    from cffi_core.cache import search

    _, _, listing = run.start("", "-E", "-v")
    return search.parse_verbose(listing).angle


def advice(name: str) -> list[str]:
    if is_path(name):
        return []
    lines = []
    if os.path.isfile(name):
        lines.append(
            f"The current folder has it: include_dirs=['.'], or its path, './{name}', leads to it."
        )
    for folder, package in places(name):
        by = f"packages=[{package!r}]" if package else f"include_dirs=[{folder!r}]"
        lines.append(f"It is in {folder}: {by} leads there.")
    if not lines:
        lines.append(
            "Install the development package of its library (Debian: apt-file search "
            f"/{name} names it), or say where it is: include_dirs=[...], or packages=[...] of "
            "pkg-config."
        )
    return lines


def places(name: str):
    """(folder, pkg-config package or None) of the first folders that have the header, and are not
    looked in by default."""
    from glob import escape, glob

    for root in ("/usr/include", "/usr/local/include", "/opt/homebrew/include"):
        found = sorted(glob(f"{root}/*/{escape(name)}") + glob(f"{root}/*/*/{escape(name)}"))
        for path in found[:PLACES]:
            folder = path[: -len(name) - 1]
            yield folder, package_of(folder, name)
        if found:
            return


def package_of(folder: str, name: str) -> str | None:
    """The pkg-config package that names a folder; of several one that is called like the header."""
    from cffi_core import PkgConfigError
    from cffi_core.builder.pkgconfig import ask

    try:
        found = ":".join(ask("--variable=pc_path", "pkg-config")).split(":")
    except PkgConfigError:
        return None
    ending = "/" + os.path.basename(folder)
    word = re.split(r"[/.]", name)[0]
    for place in found:
        files = os.listdir(place) if os.path.isdir(place) else ()
        for file in sorted(files, key=lambda file: (not file.startswith(word), file)):
            try:
                with open(os.path.join(place, file), encoding="utf-8", errors="replace") as opened:
                    text = opened.read()
                package = file.removesuffix(".pc")
                if ending in text and f"-I{folder}" in ask("--cflags", package):
                    return package
            except (OSError, PkgConfigError):
                continue
    return None


# ---- a header that is no C ------------------------------------------------------------------


def refused(run, words: str, clean: str = "") -> CDefError:
    """The compiler does not take the headers; clean: what they were preprocessed to."""
    headers = ", ".join(run.request.headers)
    text = f"{headers}: the C compiler refuses it:\n{shown(words)}"
    if AT_END.search(words):
        text += begun(clean)
    if CPLUSPLUS.search(words):
        return CDefError(f"{text}\nIt is C++, and only C is read.")
    first = needed(run, words)
    if first:
        text += f"\nIt needs other headers before it: before={first!r}"
    return CDefError(text)


def begun(clean: str) -> str:
    """Of an error at the end of everything: where that began which does not end, and by which
    headers it is included."""
    from cffi_core import FFI

    from .text import Text

    text = Text(clean)
    try:
        FFI().cdef(text.clean)
    except CDefError as error:
        lines = str(error).splitlines()
    else:
        return ""
    by = {child: f"{parent}:{line}" for child, parent, line in reversed(text.entered)}
    file = lines[0].split(":")[0]
    while file in by and len(lines) < SHOWN:
        lines.append(f"included from {by[file]}")
        file = by[file].rpartition(":")[0]
    return "\n" + "\n".join("    " + line for line in lines)


def complaints(run, before: str) -> str | None:
    """The errors of the compiler with this text before the headers; None: it has none."""
    status, _, said = run.start(before + run.request.source, "-fsyntax-only", "-w")
    if not status:
        return None
    words = said.decode("utf-8", "replace").strip()
    if "error" not in words:
        raise failed(run, status, said)
    return words


def needed(run, words: str) -> list[str]:
    """The fewest of the usual headers with which it compiles; [] if it does not."""
    unknown = set(UNKNOWN.findall(words))
    likely = [header for header, names in USUAL.items() if unknown & set(names)]
    for tried in (likely, list(USUAL)):
        if tried and complaints(run, including(tried)) is None:
            break
    else:
        return []
    for header in list(tried):
        fewer = [other for other in tried if other != header]
        if len(tried) > 1 and complaints(run, including(fewer)) is None:
            tried = fewer
    return tried


def including(headers: list[str]) -> str:
    return "".join(f"#include <{header}>\n" for header in headers)
