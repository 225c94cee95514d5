"""Instructions of each statement beside those recorded: fails where ours have become 10 % more.

    ./run bench-check [--record]        testing/bench/instructions.json: by Python and statement

They depend on the Python, the compiler and its options; what was recorded for another Python or
another compiler is not compared.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent / "speed"))

import instructions  # noqa: E402
import workers  # noqa: E402
from peers import PEERS  # noqa: E402

RECORDED = Path(__file__).resolve().parent / "instructions.json"
MORE = 1.10
FEW = 20  # instructions: fewer more are no finding, whatever the ratio
OURS = [peer for peer in PEERS if peer.startswith("cffi_core")]


def key(python: str) -> str:
    """What the counts depend on, beside us."""
    version = "sys.version.split()[0], sysconfig.get_config_var('CC'), sysconfig.get_platform()"
    return workers.asked(python, version)


def findings(counts: dict, recorded: dict) -> list[str]:
    """Of what both have."""
    found = []
    for statement, peers in counts.items():
        for peer, now in peers.items():
            then = recorded.get(statement, {}).get(peer)
            if then and now > then * MORE and now > then + FEW:
                found.append(f"{peer}: {statement}: {then:,.0f} instructions, now {now:,.0f}")
    return found


def main() -> int:
    options = argparse.ArgumentParser(prog="bench-check", description=__doc__.splitlines()[0])
    options.add_argument("--record", action="store_true", help="these are the ones from now on")
    options.add_argument("--python", action="append", help="one with the peers in it")
    args = options.parse_args()
    recorded = json.loads(RECORDED.read_text()) if RECORDED.exists() else {}
    failed = False
    for python in args.python or [sys.executable]:
        name = key(python)
        counts = instructions.count(python, workers.build(python), OURS)
        if name not in recorded:
            print(f"{name}: nothing is recorded; --record does it")
        for text in findings(counts, recorded.get(name, {})):
            failed = True
            print(f"{name}: {text}")
        if args.record:
            recorded[name] = counts
    if args.record:
        RECORDED.write_text(json.dumps(recorded, indent=1, sort_keys=True) + "\n")
        return 0
    print("more than was recorded" if failed else "no more than was recorded")
    return failed


if __name__ == "__main__":
    sys.exit(main())
