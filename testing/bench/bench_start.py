"""Start-up: a compiled module's import and its first call, in fresh processes, in turn.

What else starts, a cdef of 6,000 declarations, is the bench `cdef`.
"""

import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent / "speed"))

import workers  # noqa: E402
from measure import Row  # noqa: E402

ROUNDS, QUICK = 25, 5
PROGRAM = """
import sys, time
sys.path.insert(0, sys.argv[1])
start = time.perf_counter()
from {module} import ffi, lib
{call}
print(time.perf_counter() - start)
"""
#: What is timed, and the ratio asked for.
CASES = {
    "import of a compiled module": ("", None),
    "  and a first call": ("assert lib.add(1, 2) == 3", 0.5),
    "  and a first struct": ("lib.add(1, 2); ffi.new('struct point *', [1, 2]).x", None),
}
PEERS = {"cffi_core": "_api_cffi_core", "cffi": "_api_cffi"}


def run(quick: bool, pythons: list[str]) -> list[Row]:
    rows = []
    for python in pythons or [sys.executable]:
        folder = workers.build(python)
        version = workers.asked(python, "'%d.%d' % sys.version_info[:2]")
        for what, (call, target) in CASES.items():
            best = dict.fromkeys(PEERS, float("inf"))
            for _ in range(QUICK if quick else ROUNDS):
                for peer, module in PEERS.items():
                    program = PROGRAM.format(module=module, call=call)
                    best[peer] = min(best[peer], seconds(python, program, folder))
            ours, theirs = best.values()
            rows.append(Row(f"{version}: {what}", ours, "s", "cffi", theirs, target))
    return rows


def seconds(python: str, program: str, folder: Path) -> float:
    """What the program prints."""
    command = [python, "-c", program, str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd="/")
    return float(done.stdout)
