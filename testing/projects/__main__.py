"""Projects written for CFFI, built and tested with it and with cffi_core under its name.

./run projects [--install] [--write] [--list FILE] [NAME...]
"""

import argparse
import configparser
import json
import sys
from pathlib import Path

from . import report
from .environment import KEPT, ROOT, run
from .project import Project

LIST = Path(__file__).parent / "projects.ini"


def main() -> None:
    options = argparse.ArgumentParser(prog="projects", description=__doc__.splitlines()[0])
    options.add_argument("names", nargs="*", metavar="NAME", help="default: the whole list")
    options.add_argument("--list", default=LIST, help="another list of projects")
    options.add_argument("--install", action="store_true", help="apt-get what is missing")
    options.add_argument("--write", action="store_true", help="write doc/dropin.md")
    args = options.parse_args()
    file = configparser.ConfigParser(interpolation=None)
    file.read(args.list, encoding="utf-8")
    unknown = set(args.names) - set(file.sections())
    if unknown:
        options.error(f"not in {args.list}: {', '.join(sorted(unknown))}")
    KEPT.mkdir(parents=True, exist_ok=True)
    projects = [Project(name, dict(file[name])) for name in file.sections()]
    chosen = [p for p in projects if p.name in args.names or not args.names]
    if args.install:
        install({package for project in chosen for package in project.debian})
    same = True
    for project in chosen:
        result = project.examine()
        (KEPT / f"{project.name}.json").write_text(json.dumps(result, indent=1))
        same &= report.show(project, result)
    if args.write:
        kept = {p: KEPT / f"{p.name}.json" for p in projects}
        results = {p: json.loads(path.read_text()) for p, path in kept.items() if path.exists()}
        place = ROOT / "doc" / "dropin.md"
        place.write_text(report.page(projects, results, place.read_text()))
    sys.exit(not same)


def install(packages: set[str]) -> None:
    if packages:
        run("apt-get", "install", "-y", "--no-install-recommends", *sorted(packages))


main()
