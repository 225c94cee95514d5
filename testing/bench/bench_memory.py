"""Memory: bytes of each kind of cdata, and of what is declared, beside cffi and ctypes.

cdata_bytes.py and declared_bytes.py of memory/ measure, in a process for each figure.
"""

import json
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent / "speed"))

import workers  # noqa: E402
from measure import Row  # noqa: E402

HERE = Path(__file__).resolve().parent / "memory"
sys.path.append(str(HERE))

import cdata_bytes  # noqa: E402
import declared_bytes  # noqa: E402

ROUNDS, QUICK = 3, 1
#: How much of the figure is the measure's: pages, and pools that were not full.
NOISE = 1.02
#: What cffi makes at once, and we when it is asked for, stands in the kind before it.
WITHOUT_TARGET = {"p[0], a struct that new() made"}


def run(quick: bool, pythons: list[str]) -> list[Row]:
    rounds = QUICK if quick else ROUNDS
    python = (pythons or [sys.executable])[0]
    found = {kind: measured(python, "cdata_bytes.py", kind, rounds) for kind in cdata_bytes.kinds()}
    found |= {
        kind: measured(python, "declared_bytes.py", kind, rounds) for kind in declared_bytes.KINDS
    }
    path = workers.place(python) / "memory.json"
    path.write_text(json.dumps({"python": workers.asked(python, "sys.version")} | found, indent=1))
    rows = []
    for kind, by_peer in found.items():
        for peer in "cffi", "ctypes":
            if peer in by_peer:
                target = NOISE if peer == "cffi" and kind not in WITHOUT_TARGET else None
                ours, theirs = (by_peer[name]["median"] for name in ("cffi_core", peer))
                rows.append(Row(kind, ours, "bytes", peer, theirs, target))
    return rows


def measured(python: str, program: str, kind: str, rounds: int) -> dict[str, dict]:
    """By peer, the bytes of one: median and all."""
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        for peer in cdata_bytes.PEERS:
            command = [python, str(HERE / program), peer, kind]
            done = subprocess.run(command, check=True, capture_output=True, text=True, cwd="/")
            if done.stdout.strip() != "none":
                found.setdefault(peer, []).append(float(done.stdout))
    return {
        peer: {"median": statistics.median(values), "all": values} for peer, values in found.items()
    }
