"""What was found, for the terminal and as a page of the documentation."""

import textwrap
from collections import Counter

from .examine import KINDS

#: So many headers of each of the other packages.
SAMPLE = 8

PLURAL = {kind: f"{kind}s" for kind in ("header", *KINDS)} | {"written": "written and read back"}

PAGE = """\
# Real headers

All headers of {packages} development packages of Debian, compared with what gcc makes of them.

For each header that {compiler} compiles alone, with the flags that
pkg-config gives for its package:

- what `gcc -E` prints goes to `FFI().cdef()` as it is, and is accepted;
- every complete struct, union and enum has gcc's size, alignment, offsets, bit positions,
  underlying type and values: static assertions behind the header, and objects in which one
  bit-field is set;
- every object-like macro that gcc takes for an enumerator's value, expanded by the preprocessor and
  evaluated by our parser, has gcc's value and sign;
- given the `#define` lines and the comments as well (`gcc -E -dD -C`), our parser, which has no
  preprocessor, finds values for most of those macros ("without a preprocessor"); none differs;
- every function and variable, spelled from our table, is declared once more behind the header, and
  gcc takes it for a compatible redeclaration;
- all of it, written as `python -m cffi_core import` does, is a text that `FFI().cdef()`
  takes, and means the same: layouts, values, types ("written").

`./run headers --install`, and then the same with `--more --write`, does all this again (ten
minutes, and half an hour for the others) and writes this page. It needs Debian, whose packages it
installs.

| package | headers | structs, unions | enums | integer macros | without a preprocessor | \
prototypes | variables | written |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
{rows}

{before} headers do not compile alone but do so after `<stddef.h>`, `<stdint.h>`, `<stdio.h>` and
`<sys/types.h>`, and were examined like that; they are in the table. {refused} do not compile so
either: most of them say themselves that another header is to include them, a few need macros or
other headers.

## Other packages

At most {sample} headers of each of {others} more packages (`./run headers --more --install`):
{names}.

| headers | structs, unions | enums | integer macros | without a preprocessor | prototypes | \
variables | written |
| --- | --- | --- | --- | --- | --- | --- | --- |
{more}

## Speed

The preprocessed texts of the first table are {megabytes:.0f} MB; `cdef()` took {seconds:.2f} s for
them, which is {rate:.0f} MB/s.

## Misses

{misses}

## By rule

Not compared, since no C text can ask for it:

{excluded}

Declared, but not usable from Python (`ffi.unavailable()` says so, the rest of the header works):

{unavailable}
"""


def totals(results: list[dict]) -> Counter:
    """Of every kind how many are right, and `KIND missed` how many are not."""
    count: Counter = Counter()
    for result in results:
        if result["refused"]:
            count["refused"] += 1
            continue
        count["before"] += result["before"]
        count["header"] += not any(kind == "header" for kind, *_ in result["misses"])
        count.update(result["right"])
        for kind, *_ in result["misses"]:
            count[f"{kind} missed"] += 1
        count["bytes"] += result["size"]
        count["seconds"] += result["seconds"]
    return count


def cell(count: Counter, kind: str) -> str:
    right, missed = count[kind], count[f"{kind} missed"]
    return f"{right:,}" if not missed else f"{right:,} of {right + missed:,}"


def cells(count: Counter) -> list[str]:
    return [cell(count, kind) for kind in ("header", *KINDS)]


def misses(found: dict) -> list[str]:
    return [
        f"{result['header']}: {kind} {name}: {reason}"
        for result in found["results"]
        for kind, name, reason in result["misses"]
    ]


def show(found: dict) -> None:
    """One line, then what is wrong."""
    count = totals(found["results"])
    told = ", ".join(f"{cell(count, kind)} {PLURAL[kind]}" for kind in ("header", *KINDS))
    print(f"{found['package']}: {told}; {count['refused']} headers not for gcc alone", flush=True)
    for line in misses(found):
        print(f"  {line}", flush=True)


def listed(counted: Counter) -> str:
    lines = [f"- {what}: {n:,}" for what, n in counted.most_common()]
    return "\n".join(lines) or "Nothing."


def page(tables: list[dict], more: list[dict], compiler: str) -> str:
    """doc/headers.md: one row per package, then their sum; of the others the sum alone."""
    results = [result for found in tables for result in found["results"]]
    total = totals(results)
    by_name = [(f"{t['package']} {t['version']}", totals(t["results"])) for t in tables]
    rows = [f"| {' | '.join([name, *cells(n)])} |" for name, n in [*by_name, ("**all**", total)]]
    wrong = [f"- {line}" for found in [*tables, *more] for line in misses(found)]
    beside = [result for found in more for result in found["results"]]
    names = ", ".join(found["package"].removesuffix("-dev") for found in more)
    return PAGE.format(
        packages=len(tables),
        compiler=compiler,
        rows="\n".join(rows),
        sample=SAMPLE,
        others=len(more),
        names="\n".join(textwrap.wrap(names, 100, break_on_hyphens=False)),
        more=f"| {' | '.join(cells(totals(beside)))} |",
        before=f"{total['before']:,}",
        refused=f"{total['refused']:,}",
        megabytes=total["bytes"] / 1e6,
        seconds=total["seconds"],
        rate=total["bytes"] / 1e6 / max(total["seconds"], 1e-9),
        misses="\n".join(wrong) or "None.",
        excluded=listed(sum((Counter(r["excluded"]) for r in results), Counter())),
        unavailable=listed(sum((Counter(r["unavailable"]) for r in results), Counter())),
    )
