"""cdef of what gcc -E prints for real headers: beside cffi on those that cffi takes too, and
beside gcc -fsyntax-only on the same texts."""

import os
import subprocess
import tempfile
import warnings
from pathlib import Path

import cffi
from measure import Row, beside, interleaved, seconds

import cffi_core

CC = os.environ.get("CC", "gcc").split()
FOLDERS = ["-I/usr/include/cairo", "-I/usr/include/libxml2"]
HEADERS = [
    "zlib.h", "sqlite3.h", "png.h", "curl/curl.h", "openssl/ssl.h", "sodium.h", "uv.h", "archive.h",
    "lz4.h", "zstd.h", "xcb/xcb.h", "libpq-fe.h", "fftw3.h", "lapacke.h", "wayland-client.h",
    "sndfile.h", "gelf.h", "gmp.h", "ncurses.h", "yaml.h", "zmq.h", "ffi.h", "stdio.h", "stdlib.h",
    "string.h", "math.h", "time.h", "unistd.h", "netdb.h", "pthread.h", "signal.h", "sys/socket.h",
    # those that cffi takes, too, are mostly small
    "cairo.h", "cairo-pdf.h", "cairo-ps.h", "cairo-svg.h", "libxml/xmlunicode.h", "libxml/list.h",
    "ar.h", "netiucv/iucv.h", "bits/types/struct_tm.h", "bits/time.h", "sys/vt.h",
]  # fmt: skip


def texts() -> list[str]:
    """Preprocessed, of those that this machine has."""
    found = []
    for header in HEADERS:
        command = [*CC, *FOLDERS, "-E", "-xc", "-"]
        source = f"#include <{header}>\n"
        done = subprocess.run(command, input=source, capture_output=True, text=True)
        if done.returncode == 0:
            found.append(done.stdout)
    return found


def takes(module, text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            module.FFI().cdef(text)
        except Exception:  # whatever a parser has against it
            return False
    return True


def cdef_all(module, wanted: list[str]) -> float:
    return sum(seconds(lambda t=text: module.FFI().cdef(t)) for text in wanted)


def syntax_only(paths: list[Path]) -> float:
    command = [*CC, "-fsyntax-only", "-w", "-xcpp-output", *map(str, paths)]
    return seconds(lambda: subprocess.run(command, check=True))


def run(quick: bool) -> list[Row]:
    found = texts()
    both = [text for text in found if takes(cffi, text)]
    rounds = 2 if quick else 5
    rows = []
    if both:
        theirs, ours = interleaved(
            rounds, lambda: cdef_all(cffi, both), lambda: cdef_all(cffi_core, both)
        )
        size = sum(map(len, both))
        title = f"cdef of {len(both)} headers that cffi takes, too ({size // 1000} kB)"
        rows.append(beside(title, ours, "cffi", theirs, 1 / 200))
        rows.append(Row("  the same, throughput", size / ours / 1e6, "MB/s"))
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{i}.i") for i in range(len(found))]
        for path, text in zip(paths, found, strict=True):
            path.write_text(text)
        theirs, ours = interleaved(
            rounds, lambda: syntax_only(paths), lambda: cdef_all(cffi_core, found)
        )
    size = sum(map(len, found))
    title = f"cdef of all {len(found)} headers ({size // 1000} kB)"
    rows.append(beside(title, ours, "gcc -fsyntax-only", theirs, 2))
    rows.append(Row("  the same, throughput", size / ours / 1e6, "MB/s"))
    return rows
