"""What was found, on the terminal and as a page of the documentation."""

import textwrap
from collections import Counter

WORDS = ("passed", "failed", "error", "skipped")

PAGE = """\
# Projects on the drop-in

Projects as they are on PyPI, built from their source distributions and tested by their own tests,
twice: with CFFI 2.1.1, and with cffi_core under its name ([guide](guide/17-drop-in.md)). Each in a
fresh environment, with `pip install --no-build-isolation --no-deps SDIST`. The command
`./run projects --install --write` writes this page.

Tests are counted as passed / failed / skipped. Times, CFFI : cffi_core, are of one run on a shared
machine: build is the whole time of pip, with the project's other C code; import is the fastest of
seven, CFFI's and cffi_core's in turn.

| project | tests, CFFI | tests, cffi_core | build, s | import, ms | tests, s |
|---|---|---|---|---|---|
"""

# Their distributions have no tests, or these need servers, devices, or files of the repository.
BUILT = """
atomiclong brotlipy cffi_re2 cjieba csiphash fclist-cffi ffilupa file gevent gmpy_cffi gphoto2-cffi
hidapi-cffi hunspell-cffi jpegtran-cffi kafka-cffi libqrencode-cffi lzf milksnake mmh3cffi nnpy
notmuch2 onigurumacffi posix-spawn pyhy pysplice python-augeas pyvips secp256k1 signalfd ssdeep
tdigest-cffi ukkonen electrumsv-secp256k1
"""


def counts(found: dict) -> str:
    if "error" in found:
        return "not built" if "build" not in found else "no tests run"
    number = Counter(found["outcomes"].values())
    return f"{number['passed']} / {number['failed'] + number['error']} / {number['skipped']}"


def pair(result: dict, key: str, scale: float = 1, digits: int = 1) -> str:
    words = [
        f"{found[key] * scale:.{digits}f}" if key in found else "-" for found in result.values()
    ]
    return " : ".join(words)


def row(project, result: dict) -> str:
    cells = [f"{project.name} {project.version}", *map(counts, result.values())]
    cells += [pair(result, "build"), pair(result, "import", 1000), pair(result, "test")]
    return "| " + " | ".join(cells) + " |"


def differences(result: dict) -> list[str]:
    """Tests that ended otherwise."""
    before, after = (found.get("outcomes", {}) for found in result.values())
    return [
        f"{name}: {before.get(name, 'absent')}, then {after.get(name, 'absent')}"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def show(project, result: dict) -> bool:
    """Prints it; whether both flavours end alike."""
    print(row(project, result), flush=True)
    for flavour, found in result.items():
        if "error" in found:
            print(f"--- {flavour}: {found['error']}", flush=True)
    found = differences(result) if all("outcomes" in v for v in result.values()) else []
    for line in found:
        print(f"    {line}", flush=True)
    return not differences(result) and not any("error" in found for found in result.values())


def page(projects: list, results: dict, before: str) -> str:
    """Those that were built and tested both ways; of the others the row that was there before."""
    rows = {line.split()[1]: line for line in before.splitlines() if line.startswith("| ")}
    whole = {p: r for p, r in results.items() if all("outcomes" in v for v in r.values())}
    rows |= {project.name: row(project, result) for project, result in whole.items()}
    listed = sorted((p for p in projects if p.name in rows), key=lambda p: p.name)
    notes = [f"- **{p.name}**: {p.note}" for p in listed if p.note]
    below = "\nWhat differs, and what was left out:\n\n" + "\n".join(notes) + "\n" if notes else ""
    names = textwrap.fill(", ".join(sorted(BUILT.split())), 100, break_on_hyphens=False)
    built = f"\nBuilt and imported with cffi_core, without tests:\n{names}.\n"
    return PAGE + "\n".join(rows[p.name] for p in listed) + "\n" + built + below
