"""Every header of the development packages, examined; the table in doc/headers.md.

./run headers [--more] [--install] [--jobs N] [--write] [--match TEXT] [--flags FLAGS]
              [PACKAGE...]
"""

import argparse
import json
from multiprocessing import Pool
from pathlib import Path

from . import compiler, packages, report
from .examine import examine

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "headers"


# Many headers use size_t or FILE and leave it to their users to include these.
BEFORE = "".join(f"#include <{name}.h>\n" for name in ("stddef", "stdint", "stdio", "sys/types"))


def one(job: tuple[Path, list[str]]) -> dict:
    """A header alone; if the compiler refuses it, behind the usual ones."""
    path, flags = job
    source = f"#include <{path}>\n"
    result = examine(str(path), source, flags)
    if result.refused:
        again = examine(str(path), BEFORE + source, flags)
        if not again.refused:
            result, again.before = again, True
    return result.as_dict()


def spread(paths: list[Path], most: int) -> list[Path]:
    """All of them, or MOST from the first to the last."""
    if len(paths) <= most:
        return paths
    return [paths[i * len(paths) // most] for i in range(most)]


def kept(names: list[str]) -> list[dict]:
    """What was found in these packages, by this run or an earlier one."""
    paths = [KEPT / f"{name}.json" for name in names]
    return [json.loads(path.read_text()) for path in paths if path.exists()]


def main() -> None:
    options = argparse.ArgumentParser(prog="headers", description=__doc__.splitlines()[0])
    options.add_argument("packages", nargs="*", metavar="PACKAGE", help="default: the whole list")
    options.add_argument("--more", action="store_true", help="some headers of other packages")
    options.add_argument("--install", action="store_true", help="apt-get what is missing")
    options.add_argument("--jobs", type=int, default=1, help="processes at a time (default: 1)")
    options.add_argument("--match", default="", help="only headers whose path contains this")
    options.add_argument("--flags", default="", help="more flags, as --flags='-O2 -std=c2x'")
    options.add_argument("--write", action="store_true", help="write doc/headers.md")
    args = options.parse_args()
    names = args.packages or (packages.MORE if args.more else packages.PACKAGES)
    if args.install:
        packages.install(names)
    KEPT.mkdir(parents=True, exist_ok=True)
    with Pool(args.jobs) as pool:
        for name in names:
            paths = [path for path in packages.headers(name) if args.match in str(path)]
            if args.more:
                paths = spread(paths, report.SAMPLE)
            flags = [*packages.flags(name), *args.flags.split()]
            results = pool.map(one, [(path, flags) for path in paths], chunksize=1)
            found = {"package": name, "version": packages.version(name), "results": results}
            report.show(found)
            if not args.match and not args.flags:
                (KEPT / f"{name}.json").write_text(json.dumps(found, indent=1))
    if args.write:
        tables, more = kept(packages.PACKAGES), kept(packages.MORE)
        if not tables or not more:
            raise SystemExit("the page has both tables: run it without and with --more first")
        more = [found for found in more if found["results"]]
        (ROOT / "doc" / "headers.md").write_text(report.page(tables, more, compiler.name()))


if __name__ == "__main__":
    main()
