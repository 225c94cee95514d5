"""The main job by cffi_core in API mode. The C compiler checks the same declarations against the
libraries' headers; what it made is kept, for the next time and the next run. All else is
with_cffi_core.py's."""

from with_cffi_core import (
    SQLITE_H,
    ZLIB_H,
    Library,
    compress,
    insert_rows,
    read_rows,
    restore,
    sqlite_version,
    zlib_version,
)

__all__ = [
    "compress",
    "insert_rows",
    "open_libraries",
    "read_rows",
    "restore",
    "sqlite_version",
    "zlib_version",
]


def open_libraries() -> tuple[Library, Library]:
    z = Library(ZLIB_H, lambda ffi: ffi.verify("#include <zlib.h>", libraries=["z"]))
    sql = Library(SQLITE_H, lambda ffi: ffi.verify("#include <sqlite3.h>", libraries=["sqlite3"]))
    return z, sql
