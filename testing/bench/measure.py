"""What the benchmarks share: one row of the table, interleaved minima, memory."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass
class Row:
    """One measured figure, beside a peer's where there is one."""

    what: str
    value: float
    unit: str = "s"
    peer: str = ""  # "cffi", "ctypes", "10 x base": what it is compared with
    theirs: float = 0  # the peer's figure; 0: nothing to compare with
    target: float | None = None  # the ratio to reach

    @property
    def ratio(self) -> float:
        return self.value / self.theirs if self.theirs else 0

    @property
    def met(self) -> bool:
        return self.target is None or self.ratio <= self.target

    def as_dict(self) -> dict:
        return asdict(self) | {"ratio": self.ratio, "met": self.met}


def beside(what: str, ours: float, peer: str, theirs: float, target: float | None = None) -> Row:
    return Row(what, ours, "s", peer, theirs, target)


def interleaved(rounds: int, *jobs: Callable[[], float]) -> list[float]:
    """Each job gives seconds; run in turn so that a slow moment hits all; the minima."""
    best = [float("inf")] * len(jobs)
    for _ in range(rounds):
        for i, job in enumerate(jobs):
            best[i] = min(best[i], job())
    return best


def seconds(function: Callable[[], object]) -> float:
    """The time of one call; what it returns is kept until the clock has stopped."""
    start = time.perf_counter()
    result = function()
    took = time.perf_counter() - start
    del result
    return took


def in_fresh_process(program: str, *arguments: str) -> float:
    """The number that a program prints, run in a process of its own, with what is installed."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, cwd="/"
    )
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return float(done.stdout.split()[-1])
