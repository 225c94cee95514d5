"""The main job by cffi_core. with_ctypes.py is its twin, function by function."""

from cffi_core import FFI

# As the libraries' headers say it; only what the job uses.
ZLIB_H = """
    #define Z_OK 0

    typedef unsigned char Byte;
    typedef Byte Bytef;
    typedef unsigned long uLong;
    typedef uLong uLongf;

    const char *zlibVersion(void);
    uLong compressBound(uLong sourceLen);
    int compress2(Bytef *dest, uLongf *destLen, const Bytef *source, uLong sourceLen, int level);
    int uncompress(Bytef *dest, uLongf *destLen, const Bytef *source, uLong sourceLen);
"""

SQLITE_H = """
    #define SQLITE_OK    0
    #define SQLITE_DONE  101

    typedef struct sqlite3 sqlite3;
    typedef struct sqlite3_stmt sqlite3_stmt;
    typedef long long sqlite3_int64;
    typedef int (*sqlite3_callback)(void *, int, char **, char **);

    const char *sqlite3_libversion(void);
    const char *sqlite3_errmsg(sqlite3 *);
    int sqlite3_open(const char *filename, sqlite3 **ppDb);
    int sqlite3_close(sqlite3 *);
    int sqlite3_exec(sqlite3 *, const char *sql, sqlite3_callback callback, void *, char **errmsg);
    int sqlite3_prepare_v2(sqlite3 *db, const char *zSql, int nByte, sqlite3_stmt **ppStmt,
                           const char **pzTail);
    int sqlite3_bind_int64(sqlite3_stmt *, int, sqlite3_int64);
    int sqlite3_bind_double(sqlite3_stmt *, int, double);
    int sqlite3_bind_text(sqlite3_stmt *, int, const char *, int, void (*)(void *));
    int sqlite3_step(sqlite3_stmt *);
    int sqlite3_reset(sqlite3_stmt *);
    int sqlite3_finalize(sqlite3_stmt *);
"""


class Library:
    """One library with the FFI that declares it."""

    def __init__(self, declarations: str, load) -> None:
        self.ffi = FFI()
        self.ffi.cdef(declarations)
        self.lib = load(self.ffi)


def open_libraries() -> tuple[Library, Library]:
    z = Library(ZLIB_H, lambda ffi: ffi.dlopen("libz.so.1"))
    return z, Library(SQLITE_H, lambda ffi: ffi.dlopen("libsqlite3.so.0"))


def zlib_version(z: Library) -> str:
    return z.ffi.string(z.lib.zlibVersion()).decode()


def sqlite_version(sql: Library) -> str:
    return sql.ffi.string(sql.lib.sqlite3_libversion()).decode()


def compress(z: Library, data: bytes, level: int) -> bytes:
    size = z.ffi.new("uLongf *", z.lib.compressBound(len(data)))
    packed = z.ffi.new("Bytef[]", size[0])
    status = z.lib.compress2(packed, size, data, len(data), level)
    assert status == z.lib.Z_OK, status
    return z.ffi.buffer(packed)[: size[0]]


def restore(z: Library, packed: bytes, length: int) -> bytes:
    size = z.ffi.new("uLongf *", length)
    data = z.ffi.new("Bytef[]", length)
    status = z.lib.uncompress(data, size, packed, len(packed))
    assert status == z.lib.Z_OK, status
    return z.ffi.buffer(data)[: size[0]]


def open_database(sql: Library, path: str):
    handle = sql.ffi.new("sqlite3 **")
    status = sql.lib.sqlite3_open(path.encode(), handle)
    assert status == sql.lib.SQLITE_OK, status
    return handle[0]


def execute(sql: Library, db, statement: bytes, callback) -> None:
    status = sql.lib.sqlite3_exec(db, statement, callback, sql.ffi.NULL, sql.ffi.NULL)
    assert status == sql.lib.SQLITE_OK, sql.ffi.string(sql.lib.sqlite3_errmsg(db))


def insert_rows(sql: Library, path: str, rows: list[tuple[int, bytes, float]]) -> None:
    ffi, lib = sql.ffi, sql.lib
    db = open_database(sql, path)
    execute(sql, db, b"CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, value REAL)", ffi.NULL)
    execute(sql, db, b"BEGIN", ffi.NULL)
    handle = ffi.new("sqlite3_stmt **")
    status = lib.sqlite3_prepare_v2(db, b"INSERT INTO item VALUES (?, ?, ?)", -1, handle, ffi.NULL)
    assert status == lib.SQLITE_OK, ffi.string(lib.sqlite3_errmsg(db))
    statement = handle[0]
    transient = ffi.cast("void (*)(void *)", -1)  # SQLITE_TRANSIENT: SQLite copies the text
    bind_int64, bind_text = lib.sqlite3_bind_int64, lib.sqlite3_bind_text
    bind_double, step, reset = lib.sqlite3_bind_double, lib.sqlite3_step, lib.sqlite3_reset
    done = lib.SQLITE_DONE
    for key, name, value in rows:
        bind_int64(statement, 1, key)
        bind_text(statement, 2, name, len(name), transient)
        bind_double(statement, 3, value)
        status = step(statement)
        assert status == done, ffi.string(lib.sqlite3_errmsg(db))
        reset(statement)
    lib.sqlite3_finalize(statement)
    execute(sql, db, b"COMMIT", ffi.NULL)
    lib.sqlite3_close(db)


def read_rows(sql: Library, path: str) -> list[tuple[int, bytes, float]]:
    ffi, lib = sql.ffi, sql.lib
    string = ffi.string
    rows = []

    @ffi.callback("sqlite3_callback")
    def on_row(_, count, values, names):
        rows.append((int(string(values[0])), string(values[1]), float(string(values[2]))))
        return 0

    db = open_database(sql, path)
    execute(sql, db, b"SELECT id, name, value FROM item ORDER BY id", on_row)
    lib.sqlite3_close(db)
    return rows
