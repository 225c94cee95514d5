"""The benchmarks, each beside its peer in the same run, interleaved, minima.

    ./run bench [--quick] [--full] [--python PYTHON] [NAME...]
                                NAME: cdef, headers, import, call, verify, stub, speed,
                                start, memory, threads, programs

Prints one table and writes build/bench.json. doc/benchmarks.md says what is
measured, why so, and what was found.
"""

import argparse
import json
import platform
import sys
from pathlib import Path

import bench_call
import bench_cdef
import bench_headers
import bench_import
import bench_memory
import bench_programs
import bench_speed
import bench_start
import bench_stub
import bench_threads
import bench_verify
from measure import Row

BENCHES = {
    "cdef": bench_cdef,
    "headers": bench_headers,
    "import": bench_import,
    "call": bench_call,
    "verify": bench_verify,
    "stub": bench_stub,
    "speed": bench_speed,
    "start": bench_start,
    "memory": bench_memory,
    "threads": bench_threads,
    "programs": bench_programs,
}
OUTPUT = Path(__file__).resolve().parents[2] / "build" / "bench.json"


def quantity(value: float, unit: str) -> str:
    """A measured value with the prefix that suits it; units other than s as they are."""
    if unit != "s":
        return f"{value:,.1f} {unit}"
    for scale, name in (1, "s"), (1e-3, "ms"), (1e-6, "us"):
        if value >= scale:
            return f"{value / scale:,.2f} {name}"
    return f"{value / 1e-9:,.1f} ns"


def print_rows(rows: list[Row]) -> None:
    width = max(len(row.what) for row in rows)
    print(f"{'':{width}}  {'cffi_core':>12}  {'the peer':>24}  {'ratio':>7}  target")
    for row in rows:
        cells = [f"{row.what:{width}}", f"{quantity(row.value, row.unit):>12}"]
        if row.theirs:
            cells.append(f"{row.peer + ' ' + quantity(row.theirs, row.unit):>24}")
            cells.append(f"{row.ratio:7.4f}")
        if row.target is not None:
            cells.append(f"<= {row.target:.4f} {'met' if row.met else 'MISSED'}")
        print("  ".join(cells))


def main() -> None:
    options = argparse.ArgumentParser(prog="bench", description=__doc__.splitlines()[0])
    options.add_argument("names", nargs="*", choices=[[], *BENCHES], metavar="NAME")
    options.add_argument("--quick", action="store_true", help="fewer rounds, smaller texts")
    options.add_argument("--full", action="store_true", help="programs at full size, once")
    options.add_argument("--python", action="append", help="one with the peers in it")
    options.add_argument("--free-threaded", metavar="PYTHON", help="for threads: one with us in it")
    args = options.parse_args()
    given = dict.fromkeys(("speed", "start", "memory"), (args.python,))
    given |= {"threads": (args.free_threaded,), "programs": (args.python, args.full)}

    rows: list[Row] = []
    for name in args.names or BENCHES:
        print(f"bench: {name} ...", file=sys.stderr)
        rows += BENCHES[name].run(args.quick, *given.get(name, ()))
    machine = f"Python {platform.python_version()}, {platform.machine()} {platform.system()}"
    print(f"\n{machine}; ratio: ours over the peer's\n")
    print_rows(rows)
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(
        json.dumps({"machine": machine, "rows": [r.as_dict() for r in rows]}, indent=1)
    )


if __name__ == "__main__":
    main()
