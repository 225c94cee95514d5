"""Real programs: what is declared, and the same work done with an FFI, with ctypes, with Python.

A Program's functions each take a size and return a value that all of them agree on, so that a wrong
answer is no fast one.  `with_ffi` serves cffi and cffi_core, in API and in ABI mode.
"""

import ctypes
import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Program:
    title: str
    small: int  # the size by default
    full: int  # and with --full
    declared: str
    library: str  # as the linker and as dlopen() know it
    header: str
    with_ffi: Callable
    with_ctypes: Callable
    others: dict[str, Callable] = field(default_factory=dict)


# ---- SQLite: rows written and read ------------------------------------------------------------

SQLITE = """
    typedef struct sqlite3 sqlite3;
    typedef struct sqlite3_stmt sqlite3_stmt;
    int sqlite3_open(const char *filename, sqlite3 **db);
    int sqlite3_close(sqlite3 *);
    int sqlite3_exec(sqlite3 *, const char *sql, void *callback, void *, char **errmsg);
    int sqlite3_prepare_v2(sqlite3 *, const char *sql, int n, sqlite3_stmt **, const char **tail);
    int sqlite3_finalize(sqlite3_stmt *);
    int sqlite3_step(sqlite3_stmt *);
    int sqlite3_reset(sqlite3_stmt *);
    int sqlite3_bind_int(sqlite3_stmt *, int, int);
    int sqlite3_bind_double(sqlite3_stmt *, int, double);
    int sqlite3_bind_text(sqlite3_stmt *, int, const char *, int n, void *destructor);
    int sqlite3_column_int(sqlite3_stmt *, int column);
    double sqlite3_column_double(sqlite3_stmt *, int column);
    const unsigned char *sqlite3_column_text(sqlite3_stmt *, int column);
"""
TABLE = b"CREATE TABLE t(number INTEGER, real REAL, name TEXT)"
INSERT, SELECT = b"INSERT INTO t VALUES(?, ?, ?)", b"SELECT number, real, name FROM t"


def sqlite_ffi(ffi, lib, rows: int) -> float:
    null = ffi.NULL
    place = ffi.new("sqlite3 **")
    lib.sqlite3_open(b":memory:", place)
    db = place[0]
    for text in TABLE, b"BEGIN":
        lib.sqlite3_exec(db, text, null, null, null)
    statement = ffi.new("sqlite3_stmt **")
    lib.sqlite3_prepare_v2(db, INSERT, -1, statement, null)
    insert = statement[0]
    for i in range(rows):
        lib.sqlite3_bind_int(insert, 1, i)
        lib.sqlite3_bind_double(insert, 2, i * 0.5)
        lib.sqlite3_bind_text(insert, 3, b"a row's name", 12, null)
        lib.sqlite3_step(insert)
        lib.sqlite3_reset(insert)
    lib.sqlite3_finalize(insert)
    lib.sqlite3_prepare_v2(db, SELECT, -1, statement, null)
    select, total = statement[0], 0.0
    while lib.sqlite3_step(select) == 100:
        total += lib.sqlite3_column_int(select, 0) + lib.sqlite3_column_double(select, 1)
        total += len(ffi.string(lib.sqlite3_column_text(select, 2)))
    lib.sqlite3_finalize(select)
    lib.sqlite3_close(db)
    return total


def sqlite_ctypes(rows: int) -> float:
    lib = ctypes.CDLL("libsqlite3.so.0")
    address, text, number, real = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_double
    out = ctypes.POINTER(address)
    for name, result, *parameters in (
        ("open", number, text, out),
        ("close", number, address),
        ("exec", number, address, text, address, address, address),
        ("prepare_v2", number, address, text, number, out, address),
        ("finalize", number, address),
        ("step", number, address),
        ("reset", number, address),
        ("bind_int", number, address, number, number),
        ("bind_double", number, address, number, real),
        ("bind_text", number, address, number, text, number, address),
        ("column_int", number, address, number),
        ("column_double", real, address, number),
        ("column_text", text, address, number),
    ):
        function = getattr(lib, f"sqlite3_{name}")
        function.restype, function.argtypes = result, parameters
    db, statement = address(), address()
    lib.sqlite3_open(b":memory:", ctypes.byref(db))
    for sql in TABLE, b"BEGIN":
        lib.sqlite3_exec(db, sql, None, None, None)
    lib.sqlite3_prepare_v2(db, INSERT, -1, ctypes.byref(statement), None)
    for i in range(rows):
        lib.sqlite3_bind_int(statement, 1, i)
        lib.sqlite3_bind_double(statement, 2, i * 0.5)
        lib.sqlite3_bind_text(statement, 3, b"a row's name", 12, None)
        lib.sqlite3_step(statement)
        lib.sqlite3_reset(statement)
    lib.sqlite3_finalize(statement)
    lib.sqlite3_prepare_v2(db, SELECT, -1, ctypes.byref(statement), None)
    total = 0.0
    while lib.sqlite3_step(statement) == 100:
        total += lib.sqlite3_column_int(statement, 0) + lib.sqlite3_column_double(statement, 1)
        total += len(lib.sqlite3_column_text(statement, 2))
    lib.sqlite3_finalize(statement)
    lib.sqlite3_close(db)
    return total


def sqlite_python(rows: int) -> float:
    import sqlite3

    db = sqlite3.connect(":memory:")
    db.execute(TABLE.decode())
    insert, name = INSERT.decode(), "a row's name"
    for i in range(rows):
        db.execute(insert, (i, i * 0.5, name))
    total = 0.0
    for number, real, name in db.execute(SELECT.decode()):
        total += number + real
        total += len(name)
    db.close()
    return total


# ---- zlib: many small buffers -----------------------------------------------------------------

ZLIB = """
    unsigned long crc32(unsigned long crc, const unsigned char *buf, unsigned int len);
    unsigned long compressBound(unsigned long sourceLen);
    int compress2(unsigned char *dest, unsigned long *destLen, const unsigned char *source,
                  unsigned long sourceLen, int level);
    int uncompress(unsigned char *dest, unsigned long *destLen, const unsigned char *source,
                   unsigned long sourceLen);
"""


def texts() -> list[bytes]:
    return [b"%d: a small buffer, %d" % (i, i * i) for i in range(100)]


def zlib_ffi(ffi, lib, rounds: int) -> int:
    """Each round: a hundred of 20 to 30 bytes, checked, packed and unpacked."""
    total, small = 0, texts()
    packed, room = ffi.new("unsigned char[200]"), ffi.new("unsigned long *")
    plain, got = ffi.new("unsigned char[200]"), ffi.new("unsigned long *")
    for _ in range(rounds):
        for text in small:
            total ^= lib.crc32(0, text, len(text))
            room[0] = 200
            lib.compress2(packed, room, text, len(text), 1)
            got[0] = 200
            lib.uncompress(plain, got, packed, room[0])
            total += len(ffi.buffer(plain, got[0])[:])
    return total


def zlib_ctypes(rounds: int) -> int:
    lib = ctypes.CDLL("libz.so.1")
    size, text, number = ctypes.c_ulong, ctypes.c_char_p, ctypes.c_int
    place = ctypes.POINTER(size)
    lib.crc32.restype, lib.crc32.argtypes = size, (size, text, ctypes.c_uint)
    lib.compress2.argtypes = (text, place, text, size, number)
    lib.uncompress.argtypes = (text, place, text, size)
    total, small = 0, texts()
    packed, plain = ctypes.create_string_buffer(200), ctypes.create_string_buffer(200)
    room, got = size(), size()
    at_room, at_got = ctypes.byref(room), ctypes.byref(got)
    for _ in range(rounds):
        for text in small:
            total ^= lib.crc32(0, text, len(text))
            room.value = 200
            lib.compress2(packed, at_room, text, len(text), 1)
            got.value = 200
            lib.uncompress(plain, at_got, packed, room.value)
            total += len(ctypes.string_at(plain, got.value))
    return total


def zlib_python(rounds: int) -> int:
    total, small = 0, texts()
    for _ in range(rounds):
        for text in small:
            total ^= zlib.crc32(text)
            total += len(zlib.decompress(zlib.compress(text, 1)))
    return total


# ---- qsort: a comparison in Python ------------------------------------------------------------

QSORT = """
    void qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *));
"""


def shuffled(n: int) -> list[int]:
    return random.Random(1).sample(range(n), n)


def qsort_ffi(ffi, lib, n: int) -> list[int]:
    numbers, int_p = ffi.new("int[]", shuffled(n)), ffi.typeof("int *")
    cast = ffi.cast

    @ffi.callback("int(*)(void *, void *)")
    def compare(a, b):
        return cast(int_p, a)[0] - cast(int_p, b)[0]

    lib.qsort(numbers, n, 4, compare)
    return list(numbers)


def qsort_ctypes(n: int) -> list[int]:
    lib = ctypes.CDLL(None)
    pointer = ctypes.POINTER(ctypes.c_int)
    kind = ctypes.CFUNCTYPE(ctypes.c_int, pointer, pointer)
    lib.qsort.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, kind)
    lib.qsort.restype = None
    numbers = (ctypes.c_int * n)(*shuffled(n))
    lib.qsort(numbers, n, 4, kind(lambda a, b: a[0] - b[0]))
    return list(numbers)


def sort_python(n: int) -> list[int]:
    from functools import cmp_to_key

    return sorted(shuffled(n), key=cmp_to_key(lambda a, b: a - b))


# ---- an array of structs, decoded -------------------------------------------------------------

RECORD = struct.Struct("<iidq")
RECORDS = "struct record { int id, flags; double value; long long stamp; };"


def memory(megabytes: int) -> bytes:
    some = b"".join(RECORD.pack(i, i % 7, i * 0.25, i * 1000) for i in range(1000))
    return some * (megabytes * 1_000_000 // len(some))


def decode_ffi(ffi, lib, megabytes: int) -> float:
    data, total = memory(megabytes), 0.0
    for record in ffi.from_buffer("struct record[]", data):
        total += record.id + record.flags + record.value + record.stamp
    return total


def decode_ctypes(megabytes: int) -> float:
    class Record(ctypes.Structure):
        _fields_ = (
            *(("id", ctypes.c_int), ("flags", ctypes.c_int)),
            *(("value", ctypes.c_double), ("stamp", ctypes.c_longlong)),
        )

    data, total = bytearray(memory(megabytes)), 0.0
    for record in (Record * (len(data) // RECORD.size)).from_buffer(data):
        total += record.id + record.flags + record.value + record.stamp
    return total


def decode_python(megabytes: int) -> float:
    total = 0.0
    for number, flags, value, stamp in RECORD.iter_unpack(memory(megabytes)):
        total += number + flags + value + stamp
    return total


PROGRAMS = {
    "sqlite": Program(
        *("SQLite, rows written and read", 20_000, 1_000_000, SQLITE, "sqlite3"),
        *("sqlite3.h", sqlite_ffi, sqlite_ctypes, {"sqlite3": sqlite_python}),
    ),
    "zlib": Program(
        *("zlib, hundreds of small buffers", 20, 1_000, ZLIB, "z", "zlib.h"),
        *(zlib_ffi, zlib_ctypes, {"zlib": zlib_python}),
    ),
    "qsort": Program(
        *("qsort, a comparison in Python", 5_000, 100_000, QSORT, "c", "stdlib.h"),
        *(qsort_ffi, qsort_ctypes, {"sorted": sort_python}),
    ),
    "decode": Program(
        *("MB of structs decoded", 4, 100, RECORDS, "c", "stdlib.h"),
        *(decode_ffi, decode_ctypes, {"struct": decode_python}),
    ),
}
