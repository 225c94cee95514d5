"""Two threads without a GIL: how statements scale, beside a Python function of two arguments."""

import json
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent / "speed"))

import workers  # noqa: E402
from measure import Row  # noqa: E402
from threads_worker import PURE  # noqa: E402

HERE = Path(__file__).resolve().parent
ROUNDS, QUICK = 40, 5
MODES = ["ABI", "ABI, GIL kept", "API", "API, GIL kept"]
ASKED = {"f(1, 2)", "lib.f(1, 2)", "p.x", "new('struct point *')"}


def run(quick: bool, python: str | None) -> list[Row]:
    """`python` is a free-threaded one with the project in it; without one, nothing is measured."""
    if python is None:
        print("bench: threads: no free-threaded Python of at least 3.13", file=sys.stderr)
        return []
    folder = workers.build(sys.executable)
    rows, found = [], {}
    for mode in MODES:
        program = [python, str(HERE / "threads_worker.py"), str(folder), mode]
        command = [*program, str(QUICK if quick else ROUNDS)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd="/")
        found[mode] = json.loads(done.stdout)
        rows += scaling(mode, found[mode])
    (folder / "threads.json").write_text(json.dumps(found, indent=1))
    return rows


def scaling(mode: str, best: dict[str, list[float]]) -> list[Row]:
    """How much more two threads do than one; met when at least 0.9 of what Python's own does."""
    more = {title: 2 * one / two for title, (one, two) in best.items()}
    pure = more.pop(PURE)
    rows = [Row(f"{mode}: two threads, {PURE}", pure, "times")]
    for title, factor in more.items():
        target = 1 / 0.9 if title in ASKED else None
        # The smaller the better, as in every row: Python's over ours.
        rows.append(
            Row(
                f"{mode}: python's scaling over that of {title}",
                pure,
                "times",
                "ours",
                factor,
                target,
            )
        )
    return rows
