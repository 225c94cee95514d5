"""Real programs beside every peer: one process a peer, in turn, the same answer asked of each."""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

sys.path += [str(Path(__file__).resolve().parent / name) for name in ("speed", "programs")]

import workers  # noqa: E402
from measure import Row  # noqa: E402
from programs import PROGRAMS  # noqa: E402

HERE = Path(__file__).resolve().parent / "programs"
BUILT = HERE.parents[2] / "build" / "programs"
ROUNDS, QUICK = 9, 2
#: Whether malloc() gives memory back after every call of zlib, 20 us, is a chance of the heap's
#: layout; with a limit it never does, for all peers alike.
ENVIRONMENT = {"PYTHONHASHSEED": "0", "MALLOC_TRIM_THRESHOLD_": "100000000"}
ENVIRONMENT["MALLOC_MMAP_THRESHOLD_"] = "100000000"
#: Through the drop-in, cairocffi as it is; its size by default, and in full.
CAIRO = ("cairocffi, shapes drawn", 1_000, 50_000)
FFIS = ["cffi_core API", "cffi_core ABI", "cffi API", "cffi ABI"]
QUIET = {"stdout": subprocess.DEVNULL}
Times = dict[str, list[float]]


class Process(workers.Worker):
    """worker.py of programs/, with one program and one peer."""

    def __init__(self, python: str, folder: Path, name: str, peer: str, size: int) -> None:
        self.peer = peer
        command = [python, str(HERE / "worker.py"), str(folder), name, peer, str(size)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        environment = os.environ | ENVIRONMENT
        self.process = subprocess.Popen(command, text=True, cwd="/", env=environment, **pipes)

    def timed(self) -> tuple[float, str]:
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        words = self.process.stdout.readline().split()
        if not words:
            raise SystemExit(f"the worker of {self.peer} has ended")
        return float(words[0]), words[1]


def run(quick: bool, pythons: list[str], full: bool = False) -> list[Row]:
    rows = []
    for python in pythons or [sys.executable]:
        folder = workers.place(python, BUILT)
        program = str(HERE / "build.py")
        subprocess.run([python, program, str(folder)], check=True, cwd="/", **QUIET)
        found: dict[str, Times] = {}
        for name, (title, size, peers) in cases(full).items():
            rounds = 1 if full else QUICK if quick else ROUNDS
            found[f"{title} ({size:,})"] = measure(python, folder, name, peers, size, rounds)
        keep(folder, workers.asked(python, "sys.version"), found)
        rows += compared(found)
    return rows


def cases(full: bool) -> dict[str, tuple[str, int, list[str]]]:
    """By name: the title, the size, and who does it."""
    found = {
        name: (p.title, p.full if full else p.small, [*FFIS, "ctypes", *p.others])
        for name, p in PROGRAMS.items()
    }
    title, small, large = CAIRO
    return found | {"cairo": (title, large if full else small, ["cffi_core drop-in", "cffi"])}


def measure(python: str, folder: Path, name: str, peers: list[str], size: int, rounds: int):
    processes = [Process(python, folder, name, peer, size) for peer in peers]
    times: Times = {peer: [] for peer in peers}
    answers = set()
    for _ in range(rounds):
        for process in processes:
            took, answer = process.timed()
            times[process.peer].append(took)
            answers.add(answer)
    for process in processes:
        process.end()
    if len(answers) != 1:
        raise SystemExit(f"{name}: the peers disagree")
    return times


def compared(found: dict[str, Times]) -> list[Row]:
    """Each mode beside cffi's same mode; our API mode beside all others."""
    rows = []
    for title, times in found.items():
        ours = next(iter(times))
        pairs = [(ours, peer) for peer in times if not peer.startswith("cffi_core")]
        pairs += [("cffi_core ABI", "cffi ABI")] * ("cffi ABI" in times)
        for mine, peer in pairs:
            if mine == ours and peer == "cffi ABI":
                continue
            a, b = min(times[mine]), min(times[peer])
            rows.append(Row(f"{title}, {mine.split()[-1]}", a, "s", peer, b))
    return rows


def keep(folder: Path, version: str, found: dict[str, Times]) -> None:
    spread = {
        title: {
            peer: {"minimum": min(t), "median": statistics.median(t), "maximum": max(t)}
            for peer, t in times.items()
        }
        for title, times in found.items()
    }
    (folder / "programs.json").write_text(json.dumps({"python": version} | spread, indent=1))
