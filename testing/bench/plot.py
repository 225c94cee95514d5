"""What `bench speed` found, as bars: an SVG for each Python.

python plot.py SPEED.json OUTPUT.svg
"""

import json
import sys

import matplotlib.pyplot as plt

sys.path.append(sys.path[0] + "/speed")

from cases import DATA, KEPT  # noqa: E402

CALLS = ["cffi_core API, GIL kept", "cffi_core API", "cffi_core ABI", "cffi API", "cffi ABI"]
CALLS += ["ctypes", "METH_FASTCALL", "Cython", "nanobind", "pybind11"]
ACCESS = ["cffi_core API", "cffi API", "ctypes"]


def bars(axes, cases, peers: list[str], found: dict) -> None:
    """Groups of bars, one a peer, of nanoseconds on a logarithmic scale."""
    width = 0.9 / len(peers)
    for number, peer in enumerate(peers):
        at, heights = [], []
        for place, case in enumerate(cases):
            entry = found.get(case.statement, {}).get(peer)
            if entry:
                at.append(place + number * width)
                heights.append(entry["minimum"] * 1e9)
        axes.bar(at, heights, width, label=peer)
    places = [place + 0.45 - width / 2 for place in range(len(cases))]
    axes.set_xticks(places, [case.title for case in cases], rotation=30, ha="right")
    axes.set_yscale("log")
    axes.set_ylabel("ns")
    axes.legend(fontsize="small", ncols=2)


def main(source: str, output: str) -> None:
    with open(source) as file:
        found = json.load(file)
    plt.rcParams["svg.hashsalt"] = "the same file from the same figures"
    figure, (calls, access) = plt.subplots(2, 1, figsize=(12, 11), layout="constrained")
    calls.set_title(f"A call, {found['python'].split()[0]}")
    bars(calls, KEPT, CALLS, found)
    access.set_title("cdata")
    bars(access, DATA, ACCESS, found)
    figure.savefig(output, metadata={"Date": None})


if __name__ == "__main__":
    main(*sys.argv[1:])
