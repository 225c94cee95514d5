"""What was found, on the terminal and as a page of the documentation."""

from collections import Counter

from .project import Project

PAGE = """\
# Projects on the drop-in

Projects as they are on PyPI, built from their source distributions and tested by their own tests,
twice: with CFFI 2.1.1, and with cffi_core under its name ([guide](guide/17-drop-in.md)). Each in a
fresh environment, with `pip install --no-build-isolation --no-deps SDIST`; those without a time to
build are installed from wheels that hold no module of CFFI's. The command
`./run projects --install --write` writes this page.

Tests are counted as passed / failed / skipped. Times, CFFI : cffi_core, are of one run on a shared
machine: build is the whole time of pip, with the project's other C code; import is the processor's
time of the fastest of 7 to 51, CFFI's and cffi_core's in turn.

| project | tests, CFFI | tests, cffi_core | build, s | import, ms | tests, s |
|---|---|---|---|---|---|
"""
UNTESTED = """
These have no tests in their distributions, or tests that need devices or servers. They were built
and imported both ways:

| project | build, s | import, ms |
|---|---|---|
"""
NOTES = """
What differs, and what was left out:

"""


def counts(found: dict) -> str:
    if "error" in found:
        return "not built" if "build" not in found else "no tests run"
    number = Counter(found["outcomes"].values())
    return f"{number['passed']} / {number['failed'] + number['error']} / {number['skipped']}"


def pair(found: dict, key: str, scale: float = 1) -> str:
    numbers = [one[key] * scale for one in found.values() if key in one]
    return " : ".join(f"{number:.{2 if number < 10 else 1}f}" for number in numbers) or "-"


def row(project: Project, found: dict) -> str:
    cells = [f"{project.name} {project.version}"]
    if project.tested:
        cells += map(counts, found.values())
    cells += [pair(found, "build"), pair(found, "import", 1000)]
    if project.tested:
        cells.append(pair(found, "test"))
    return "| " + " | ".join(cells) + " |"


def whole(found: dict) -> bool:
    return not any("error" in one for one in found.values())


def differences(found: dict) -> list[str]:
    """Tests that ended otherwise."""
    before, after = (one.get("outcomes", {}) for one in found.values())
    return [
        f"{name}: {before.get(name, 'absent')}, then {after.get(name, 'absent')}"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def alike(found: dict) -> bool:
    return whole(found) and not differences(found)


def show(project: Project, found: dict) -> None:
    """Prints it, with the reasons."""
    print(row(project, found), flush=True)
    for flavour, one in found.items():
        if "error" in one:
            print(f"--- {flavour}: {one['error']}", flush=True)
    for line in differences(found) if whole(found) else []:
        print(f"    {line}", flush=True)


def page(projects: list[Project], results: dict[Project, dict], before: str) -> str:
    """Those that were built both ways; of the others the row that was there before."""
    rows = {line.split()[1]: line for line in before.splitlines() if line.startswith("| ")}
    rows |= {p.name: row(p, found) for p, found in results.items() if whole(found)}
    listed = sorted((p for p in projects if p.name in rows), key=lambda p: p.name)
    notes = [f"- **{p.name}**: {p.note}" for p in listed if p.note]

    def table(head: str, tested: bool) -> str:
        lines = [f"{rows[p.name]}\n" for p in listed if p.tested == tested]
        return head + "".join(lines) if lines else ""

    return table(PAGE, True) + table(UNTESTED, False) + NOTES + "\n".join(notes) + "\n"
