"""Which figures stand beside which: the rows of the table, from minima by statement and peer."""

from cases import CASES, LIB, Case
from measure import Row

OURS = {
    "kept": "cffi_core API, GIL kept",
    "released": "cffi_core API",
    "abi": "cffi_core ABI",
    "data": "cffi_core API",
    "callback": "cffi_core API",
}
THEIRS = {"kept": "cffi API", "released": "cffi API", "abi": "cffi ABI"}
PAIR = "gil_pair()"
#: int add(int, int) by hand, and how much more ours may take.
BY_HAND = Case("kept", "int add(int, int) by hand", "add(1, 2)", 1.5, 1.6)
#: ABI mode where the register call applies, beside our own API mode.
REGISTER = ("f()", "int add(int, int)", "double mul(double, double)", "struct pointer")


def rows(minima, counts=None, on_313: bool = False) -> list[Row]:
    """minima and counts: by statement and peer, seconds and instructions."""
    found = []
    for case in CASES:
        if case.group in OURS:
            found += row(case, minima, on_313)
    found += by_hand(minima, on_313)
    found += abi_beside_api(minima)
    found += bound(minima)
    found += others(minima)
    found += instructions(counts or {})
    return found


def row(case: Case, minima, on_313: bool) -> list[Row]:
    """Beside cffi; what ctypes has, too, beside that as well."""
    times = minima[case.statement]
    ours, peer = OURS[case.group], THEIRS.get(case.group, "cffi API")
    if ours not in times or peer not in times:
        return []
    target = case.on_313 if on_313 and case.on_313 else case.target
    title = f"{case.group}: {case.title}"
    pair = empty_pair(minima) if case.group == "released" else 0
    a, b = ((times[name] - pair) / case.calls for name in (ours, peer))
    made = [Row(title, a, "s", peer, b, target)]
    if pair:
        made.append(Row(f"{title}, in all", times[ours], "s", peer, times[peer]))
    if case.group in ("data", "callback", "abi") and "ctypes" in times:
        wanted = 1.0 if case.group == "callback" or case.title == "p.x" else None
        made.append(Row(title, a, "s", "ctypes", times["ctypes"] / case.calls, wanted))
    return made


def empty_pair(minima) -> float:
    """What giving up the GIL and taking it again costs, around nothing."""
    return minima[PAIR]["METH_FASTCALL"] - minima["nothing()"]["METH_FASTCALL"]


def by_hand(minima, on_313: bool) -> list[Row]:
    times = minima[BY_HAND.statement]
    target = BY_HAND.on_313 if on_313 else BY_HAND.target
    hand = times["METH_FASTCALL"]
    return [Row(BY_HAND.title, times[OURS["kept"]], "s", "METH_FASTCALL", hand, target)]


def abi_beside_api(minima) -> list[Row]:
    found = []
    for case in CASES:
        if case.group == "abi" and case.title in REGISTER:
            times = minima[case.statement]
            title = f"abi beside api: {case.title}"
            found.append(
                Row(title, times["cffi_core ABI"], "s", "our API", times["cffi_core API"], 1.1)
            )
    return found


def bound(minima) -> list[Row]:
    """What the look-up in lib adds to a call of the bound function, in seconds; at most 8 ns."""
    name = OURS["kept"]
    more = minima[LIB[0].statement][name] - minima["add(1, 2)"][name]
    cffi = minima[LIB[0].statement]["cffi API"] - minima["add(1, 2)"]["cffi API"]
    return [
        Row("lib.f() over f()", more, "s", "8 ns", 8e-9, 1.0),
        Row("lib.f() over f()", more, "s", "cffi API", cffi),
    ]


def others(minima) -> list[Row]:
    """The GIL kept, beside those that keep it, too."""
    found = []
    for case in CASES:
        if case.group == "kept":
            times = minima[case.statement]
            for peer in ("METH_FASTCALL", "Cython", "nanobind", "pybind11", "ctypes"):
                if peer in times and case.title != "int add(int, int)":
                    ours = times[OURS["kept"]]
                    found.append(Row(f"kept: {case.title}", ours, "s", peer, times[peer]))
    return found


def instructions(counts) -> list[Row]:
    """Ours beside cffi's, of the statements that the targets are about."""
    found = []
    for group, ours in OURS.items():
        for case in CASES:
            has = counts.get(case.statement, {})
            peer = THEIRS.get(group, "cffi API")
            if case.group == group and {ours, peer} <= has.keys():
                a, b = has[ours] / case.calls, has[peer] / case.calls
                found.append(Row(f"{group}: {case.title}", a, "instructions", peer, b))
    return found
