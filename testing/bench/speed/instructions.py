"""Instructions instead of time: callgrind counts them, and they repeat from run to run.

A worker runs under valgrind and marks where a loop begins and ends (mark.c); callgrind writes what
it counted at each mark. Two loops of different length give the instructions of one statement.
"""

import os
import re
import tempfile
from pathlib import Path

import cases
from workers import Worker

SHORT, LONG = 200, 600  # statements in the two loops
WARM = 40  # what is made on first use is made before
TOTAL = re.compile(r"^(?:summary|totals): (\d+)", re.MULTILINE)
CALLGRIND = (
    *("setarch", "-R", "env", "PYTHONHASHSEED=0", "valgrind", "-q", "--tool=callgrind"),
    "--callgrind-out-file={}/out",
)


def count(
    python: str, folder: Path, peers, statements=cases.STATEMENTS
) -> dict[str, dict[str, float]]:
    """By statement and peer: the instructions of one statement. folder: of workers.build()."""
    found: dict[str, dict[str, float]] = {statement: {} for statement in statements}
    for peer in peers:
        with tempfile.TemporaryDirectory() as where:
            wrapper = tuple(word.format(where) for word in CALLGRIND)
            worker = Worker(python, folder, peer, wrapper)
            able = [s for s in statements if worker.run(s, WARM) is not None]
            for statement in able:
                worker.run(statement, SHORT)
                worker.run(statement, LONG)
            worker.end()
            totals = loops(Path(where))
        totals = totals[len(able) :]  # the warm ones first
        for statement, short, long in zip(able, totals[::2], totals[1::2], strict=True):
            found[statement][peer] = round((long - short) / (LONG - SHORT), 1)
    return found


def loops(where: Path) -> list[int]:
    """The totals of the loops, in their order: every other dump, those between two marks."""
    dumps = [path for path in where.iterdir() if path.suffix[1:].isdigit()]
    dumps.sort(key=lambda path: int(path.suffix[1:]))
    return [total(path) for path in dumps[1::2]]


def total(path: Path) -> int:
    return int(TOTAL.search(path.read_text())[1])


def have_valgrind() -> bool:
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return any(os.access(os.path.join(folder, "valgrind"), os.X_OK) for folder in folders)
