"""Calls, cdata and callbacks beside every peer: one process a peer, in turn, for each statement.

What is compared with what, and the ratios asked for, are in speed/compare.py.
"""

import json
import statistics
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent / "speed"))

import cases  # noqa: E402
import compare  # noqa: E402
import instructions  # noqa: E402
import workers  # noqa: E402
from measure import Row  # noqa: E402
from peers import PEERS  # noqa: E402

ABOUT = 2e-3  # seconds of one measurement
ROUNDS, QUICK = 25, 3
Times = dict[str, dict[str, list[float]]]  # by statement and peer, the seconds of every round


def run(quick: bool, pythons: list[str]) -> list[Row]:
    """Times, and without `quick` instructions too, of each Python; build/speed/*/speed.json."""
    rows = []
    for python in pythons or [sys.executable]:
        folder = workers.build(python)
        times = measure(python, folder, QUICK if quick else ROUNDS)
        counts = {}
        if instructions.have_valgrind() and not quick:
            counts = instructions.count(python, folder, PEERS)
        keep(python, folder, times, counts)
        version = workers.asked(python, "sys.version_info[:2] >= (3, 13)")
        minima = {s: {peer: min(t) for peer, t in peers.items()} for s, peers in times.items()}
        rows += compare.rows(minima, counts, on_313=version == "True")
    return rows


def measure(python: str, folder: Path, rounds: int) -> Times:
    running = [workers.Worker(python, folder, peer) for peer in PEERS]
    found: Times = {}
    for statement in cases.STATEMENTS:
        first = {worker: worker.run(statement, 100) for worker in running}
        able = {worker: int(ABOUT / took) for worker, took in first.items() if took is not None}
        times = found[statement] = {worker.peer: [] for worker in able}
        for _ in range(rounds):
            for worker, repeats in able.items():
                times[worker.peer].append(worker.run(statement, max(10, repeats)))
    for worker in running:
        worker.end()
    return found


def keep(python: str, folder: Path, times: Times, counts: dict[str, dict[str, float]]) -> None:
    """All that was found, as JSON; compare.py chooses from it."""
    found = {
        statement: {
            peer: {
                "minimum": min(rounds),
                "median": statistics.median(rounds),
                "rounds": rounds,
                "instructions": counts.get(statement, {}).get(peer),
            }
            for peer, rounds in peers.items()
        }
        for statement, peers in times.items()
    }
    found = {"python": workers.asked(python, "sys.version")} | found
    (folder / "speed.json").write_text(json.dumps(found, indent=1))
