"""The main job by ctypes, as one would write it for speed: every argtypes and
restype set once, functions bound to local names, no copies that can be spared.
with_cffi_core.py is its twin, function by function."""

import ctypes
from ctypes import (
    CFUNCTYPE,
    POINTER,
    byref,
    c_char_p,
    c_double,
    c_int,
    c_longlong,
    c_ulong,
    c_void_p,
)

Z_OK = 0
SQLITE_OK = 0
SQLITE_DONE = 101
sqlite3_callback = CFUNCTYPE(c_int, c_void_p, c_int, POINTER(c_char_p), POINTER(c_char_p))


def declare(lib, name: str, restype, *argtypes) -> None:
    function = getattr(lib, name)
    function.restype = restype
    function.argtypes = argtypes


def open_libraries() -> tuple[ctypes.CDLL, ctypes.CDLL]:
    z = ctypes.CDLL("libz.so.1")
    declare(z, "zlibVersion", c_char_p)
    declare(z, "compressBound", c_ulong, c_ulong)
    declare(z, "compress2", c_int, c_void_p, POINTER(c_ulong), c_char_p, c_ulong, c_int)
    declare(z, "uncompress", c_int, c_void_p, POINTER(c_ulong), c_char_p, c_ulong)
    sql = ctypes.CDLL("libsqlite3.so.0")
    declare(sql, "sqlite3_libversion", c_char_p)
    declare(sql, "sqlite3_errmsg", c_char_p, c_void_p)
    declare(sql, "sqlite3_open", c_int, c_char_p, POINTER(c_void_p))
    declare(sql, "sqlite3_close", c_int, c_void_p)
    declare(sql, "sqlite3_exec", c_int, c_void_p, c_char_p, sqlite3_callback, c_void_p, c_void_p)
    declare(
        sql, "sqlite3_prepare_v2", c_int, c_void_p, c_char_p, c_int, POINTER(c_void_p), c_void_p
    )
    declare(sql, "sqlite3_bind_int64", c_int, c_void_p, c_int, c_longlong)
    declare(sql, "sqlite3_bind_double", c_int, c_void_p, c_int, c_double)
    declare(sql, "sqlite3_bind_text", c_int, c_void_p, c_int, c_char_p, c_int, c_void_p)
    declare(sql, "sqlite3_step", c_int, c_void_p)
    declare(sql, "sqlite3_reset", c_int, c_void_p)
    declare(sql, "sqlite3_finalize", c_int, c_void_p)
    return z, sql


def zlib_version(z: ctypes.CDLL) -> str:
    return z.zlibVersion().decode()


def compress(z: ctypes.CDLL, data: bytes, level: int) -> bytes:
    size = c_ulong(z.compressBound(len(data)))
    packed = ctypes.create_string_buffer(size.value)
    status = z.compress2(packed, byref(size), data, len(data), level)
    assert status == Z_OK, status
    return ctypes.string_at(packed, size.value)


def restore(z: ctypes.CDLL, packed: bytes, length: int) -> bytes:
    size = c_ulong(length)
    data = ctypes.create_string_buffer(length)
    status = z.uncompress(data, byref(size), packed, len(packed))
    assert status == Z_OK, status
    return ctypes.string_at(data, size.value)


def open_database(sql: ctypes.CDLL, path: str) -> c_void_p:
    handle = c_void_p()
    status = sql.sqlite3_open(path.encode(), byref(handle))
    assert status == SQLITE_OK, status
    return handle


def execute(sql: ctypes.CDLL, db: c_void_p, statement: bytes, callback) -> None:
    status = sql.sqlite3_exec(db, statement, callback, None, None)
    assert status == SQLITE_OK, sql.sqlite3_errmsg(db)


def insert_rows(sql: ctypes.CDLL, path: str, rows: list[tuple[int, bytes, float]]) -> None:
    no_callback = sqlite3_callback()
    db = open_database(sql, path)
    execute(
        sql, db, b"CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, value REAL)", no_callback
    )
    execute(sql, db, b"BEGIN", no_callback)
    statement = c_void_p()
    status = sql.sqlite3_prepare_v2(
        db, b"INSERT INTO item VALUES (?, ?, ?)", -1, byref(statement), None
    )
    assert status == SQLITE_OK, sql.sqlite3_errmsg(db)
    transient = c_void_p(-1)  # SQLITE_TRANSIENT: SQLite copies the text
    bind_int64, bind_text = sql.sqlite3_bind_int64, sql.sqlite3_bind_text
    bind_double, step, reset = sql.sqlite3_bind_double, sql.sqlite3_step, sql.sqlite3_reset
    for key, name, value in rows:
        bind_int64(statement, 1, key)
        bind_text(statement, 2, name, len(name), transient)
        bind_double(statement, 3, value)
        status = step(statement)
        assert status == SQLITE_DONE, sql.sqlite3_errmsg(db)
        reset(statement)
    sql.sqlite3_finalize(statement)
    execute(sql, db, b"COMMIT", no_callback)
    sql.sqlite3_close(db)


def read_rows(sql: ctypes.CDLL, path: str) -> list[tuple[int, bytes, float]]:
    rows = []

    @sqlite3_callback
    def on_row(_, count, values, names):
        rows.append((int(values[0]), values[1], float(values[2])))
        return 0

    db = open_database(sql, path)
    execute(sql, db, b"SELECT id, name, value FROM item ORDER BY id", on_row)
    sql.sqlite3_close(db)
    return rows
