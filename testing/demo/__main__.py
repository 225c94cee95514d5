"""The main job: zlib and SQLite used from plain C declarations, beside ctypes.

    ./run demo [--megabytes N] [--rows N] [--rounds N]

Each part is done by cffi_core, with dlopen() and with verify(), and by ctypes in
turn; the best of the rounds counts. What they produce is checked against
Python's own zlib and sqlite3.
"""

import argparse
import platform
import random
import sys
import tempfile
import time
import zlib
from pathlib import Path

import with_cffi_core
import with_ctypes
import with_verify

try:
    import sqlite3
except ImportError:  # a Python built without it
    sqlite3 = None

LEVEL = 6
BACKENDS = {"dlopen()": with_cffi_core, "verify()": with_verify, "ctypes": with_ctypes}


def sample_file(path: Path, megabytes: float) -> bytes:
    """Writes a file that compresses about as log files do; the same one every time."""
    rng = random.Random(1)
    words = [f"{rng.getrandbits(40):x}" for _ in range(2000)]
    size = int(megabytes * 1_000_000)
    parts, length = [], 0
    while length < size:
        line = f"{length:010d} {' '.join(rng.choices(words, k=12))}\n"
        parts.append(line)
        length += len(line)
    data = "".join(parts).encode()[:size]
    path.write_bytes(data)
    return data


def sample_rows(count: int) -> list[tuple[int, bytes, float]]:
    return [(i, b"name-%d" % (i * 7919 % count), i / 8) for i in range(count)]


class Check:
    """Counts and names what was verified; the first difference ends the run."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def equal(self, what: str, ours: object, expected: object) -> None:
        if ours != expected:
            sys.exit(f"demo: {what}: NOT EQUAL")
        if what not in self.lines:
            self.lines.append(what)


def timed(function, *args):
    start = time.perf_counter()
    result = function(*args)
    return time.perf_counter() - start, result


def run_round(backend, folder: Path, data: bytes, rows: list, check: Check) -> dict[str, float]:
    """One whole job by one of the backends: seconds by part."""
    took = {}
    took["declare and open"], (z, sql) = timed(backend.open_libraries)
    packed_file, database = folder / "data.z", folder / "data.db"
    database.unlink(missing_ok=True)

    took["compress"], packed = timed(backend.compress, z, data, LEVEL)
    packed_file.write_bytes(packed)
    packed = packed_file.read_bytes()
    took["restore"], restored = timed(backend.restore, z, packed, len(data))
    check.equal("the restored file equals the original", restored, data)
    if backend.zlib_version(z) == zlib.ZLIB_RUNTIME_VERSION:
        check.equal("compressed bytes equal zlib.compress()'s", packed, zlib.compress(data, LEVEL))
    else:  # this Python carries a zlib of its own, which may choose other bytes
        check.equal("zlib.decompress() restores the file", zlib.decompress(packed), data)

    took["insert"], _ = timed(backend.insert_rows, sql, str(database), rows)
    took["read back"], read = timed(backend.read_rows, sql, str(database))
    check.equal("rows read back through the C callback are those inserted", read, rows)
    if sqlite3:
        check_database(database, rows, check)
    return took


def check_database(database: Path, rows: list, check: Check) -> None:
    """What Python's sqlite3 finds in the file that was written."""
    connection = sqlite3.connect(database)
    verdict = connection.execute("PRAGMA integrity_check").fetchone()
    check.equal("sqlite3 module: integrity_check says ok", verdict, ("ok",))
    found = connection.execute("SELECT id, name, value FROM item ORDER BY id").fetchall()
    expected = [(i, name.decode(), value) for i, name, value in rows]
    check.equal("sqlite3 module: the file holds the same rows", found, expected)
    connection.close()


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:,.1f} ms"


def print_table(titles: dict[str, str], best: dict[str, dict[str, float]]) -> None:
    """The seconds of each backend, and how many times dlopen()'s ctypes takes."""
    width = max(map(len, titles.values()))
    print(f"{'':{width}}  {' '.join(f'{name:>12}' for name in best)}   ctypes takes")
    for part, title in titles.items():
        row = [seconds[part] for seconds in best.values()]
        cells = " ".join(f"{milliseconds(seconds):>12}" for seconds in row)
        print(f"{title:{width}}  {cells}   {row[-1] / row[0]:10.2f} x")


def main() -> None:
    options = argparse.ArgumentParser(prog="demo", description=__doc__.splitlines()[0])
    options.add_argument("--megabytes", type=float, default=8)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    args = options.parse_args()

    check = Check()
    first, _ = timed(with_verify.open_libraries)  # compiles, unless an earlier run has
    best: dict[str, dict[str, float]] = {name: {} for name in BACKENDS}
    rows = sample_rows(args.rows)
    with tempfile.TemporaryDirectory(prefix="cffi_core-demo-") as place:
        folder = Path(place)
        data = sample_file(folder / "data", args.megabytes)
        for _ in range(args.rounds):
            for name, backend in BACKENDS.items():
                seen = best[name]
                for part, seconds in run_round(backend, folder, data, rows, check).items():
                    seen[part] = min(seconds, seen.get(part, seconds))
        packed_size = (folder / "data.z").stat().st_size

    z, sql = with_cffi_core.open_libraries()
    megabytes = f"{len(data) / 1e6:.1f} MB"
    titles = {
        "declare and open": "declare and open both libraries",
        "compress": f"compress {megabytes} to {packed_size / 1e6:.1f} MB",
        "restore": f"restore {megabytes}",
        "insert": f"insert {len(rows):,} rows, prepared statement",
        "read back": f"read {len(rows):,} rows back, C callback",
    }
    print(
        f"zlib {with_cffi_core.zlib_version(z)} and SQLite {with_cffi_core.sqlite_version(sql)} "
        f"from C declarations, Python {platform.python_version()}, best of {args.rounds}:\n"
    )
    print_table(titles, best)
    print(
        f"\nThe first verify() of both: {milliseconds(first)}. It compiles what no earlier run has."
    )
    print("\nChecked, for all:")
    for line in check.lines:
        print(f"  {line}")
    if not sqlite3:
        print("  (not checked with sqlite3: this Python has no such module)")


if __name__ == "__main__":
    main()
