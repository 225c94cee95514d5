"""What was found, on the terminal and as a page of the documentation."""

from collections import Counter

HEAD = """\
# CFFI's own test-suites

The tests in CFFI's source distribution, run on CFFI 2.1.1 and on the drop-in
([guide](guide/17-drop-in.md)): `./run suites --write` downloads it, runs them and writes this page.
Counted as passed / failed / skipped. Every test that passes on CFFI and not here has a reason in
`testing/cffi_suites/explained.ini`; the command fails when one has not.

"""
KINDS = {
    "inside": "## Tests of CFFI's inside",
    "more": "## Tests of what CFFI does not support",
    "differs": "## Where we differ on purpose",
    "missing": "## What we do not support",
}


def counts(found: dict) -> str:
    number = Counter(found.values())
    return f"{number['passed']} / {number['failed'] + number['error']} / {number['skipped']}"


def title() -> str:
    return "| tests | CFFI | cffi_core | explained |\n|---|---|---|---|"


def row(file: str, before: dict, after: dict, explained) -> str:
    worse = explained.worse(before, after)
    known = sum(explained.group(test) is not None for test in worse)
    name = file.removesuffix(".py").removeprefix("testing/").removeprefix("src/")
    return f"| {name} | {counts(before)} | {counts(after)} | {known} of {len(worse)} |"


def page(before: dict, after: dict, explained) -> str:
    rows = [row(f, before[f], after[f], explained) for f in sorted(after) if f in before]
    lines = [HEAD + title(), *rows]
    worse = [
        t for file in after if file in before for t in explained.worse(before[file], after[file])
    ]
    for kind, heading in KINDS.items():
        groups = [(n, reason) for n, (k, reason, _) in explained.groups.items() if k == kind]
        if groups:
            lines += ["", heading, ""]
        for name, reason in groups:
            number = sum(explained.group(test) == name for test in worse)
            lines.append(f"- **{name}** ({number}): {reason}")
    return "\n".join(lines) + "\n"
