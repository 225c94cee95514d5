"""Flags from pkg-config, as the keywords of set_source()."""

import subprocess
import sys

from cffi_core.builder.pkgconfig import KEYWORDS, sorted_word

from .error import PkgConfigError

ENCODING = sys.getfilesystemencoding()


def merge_flags(cfg1, cfg2):
    """Appends the lists in cfg2 to those in cfg1."""
    for key, value in cfg2.items():
        if key not in cfg1:
            cfg1[key] = value
            continue
        for name, flags in ("cfg1", cfg1[key]), ("cfg2", value):
            if not isinstance(flags, list):
                raise TypeError(f"{name}[{key!r}] should be a list of strings")
        cfg1[key].extend(value)
    return cfg1


def call(libname, flag, encoding=ENCODING):
    """What `pkg-config FLAG LIBNAME` prints."""
    command = ["pkg-config", "--print-errors", flag, libname]
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError as error:
        raise PkgConfigError(f"cannot run pkg-config: {str(error).strip()}") from None
    out, errors = process.communicate()
    if process.returncode != 0:
        text = errors.decode(encoding, "replace") if isinstance(errors, bytes) else errors
        raise PkgConfigError(text.strip())
    said = f"pkg-config {flag} {libname} returned"
    try:
        text = out.decode(encoding)
    except UnicodeDecodeError:
        raise PkgConfigError(
            f"{said} bytes that cannot be decoded with encoding {encoding!r}:\n{out!r}"
        ) from None
    if "\\" in text and sys.platform != "win32":
        raise PkgConfigError(f"{said} an unsupported backslash-escaped output:\n{text!r}")
    return text


def flags_from_pkgconfig(libs):
    """The keywords that these packages need."""
    found = {}
    for lib in libs:
        flags = {keyword: [] for kinds in KEYWORDS.values() for _, keyword in kinds}
        for flag, kinds in KEYWORDS.items():
            for word in call(lib, flag).split():
                keyword, value = sorted_word(word, kinds)
                flags[keyword].append(value)
        merge_flags(found, flags)
    return found
