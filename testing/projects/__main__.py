"""Projects written for CFFI, built and tested with it and with cffi_core under its name."""

import argparse
import configparser
import json
import sys
from pathlib import Path

from . import report
from .environment import Failed
from .fetch import install
from .project import Project
from .stages import examine, retime
from .wheel import KEPT, ROOT, alone, wheel

LIST = Path(__file__).parent / "projects.ini"
PAGE = ROOT / "doc" / "dropin.md"


def main() -> None:
    options = argparse.ArgumentParser(prog="projects", description=__doc__)
    options.add_argument("names", nargs="*", metavar="NAME", help="default: the whole list")
    options.add_argument("--list", default=LIST, help="another list of projects")
    options.add_argument("--install", action="store_true", help="apt-get what is missing")
    options.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    options.add_argument(
        "--resume", action="store_true", help="without those that ended alike with this cffi_core"
    )
    options.add_argument(
        "--imports", action="store_true", help="the imports alone, of what is built already"
    )
    args = options.parse_args()
    projects = read(args.list)
    unknown = set(args.names) - {project.name for project in projects}
    if unknown:
        options.error(f"not in {args.list}: {', '.join(sorted(unknown))}")
    chosen = [p for p in projects if p.name in args.names or not args.names]
    ended = examine_all(chosen, args)
    if args.write:
        results = {p: kept(p) for p in projects if kept(p)}
        PAGE.write_text(report.page(projects, results, PAGE.read_text()))
    differing = [project.name for project, same in ended.items() if not same]
    say(f"{len(ended) - len(differing)} alike, {len(differing)} not: {' '.join(differing) or '-'}")
    sys.exit(bool(differing))


def read(path: str | Path) -> list[Project]:
    file = configparser.ConfigParser(interpolation=None)
    file.read(path, encoding="utf-8")
    return [Project(name, dict(file[name])) for name in file.sections()]


def examine_all(projects: list[Project], args: argparse.Namespace) -> dict[Project, bool]:
    """Whether each ended alike in both environments."""
    KEPT.mkdir(parents=True, exist_ok=True)
    say(f"cffi_core is {wheel().relative_to(ROOT)}; what commands say is kept in {KEPT}/NAME")
    if args.install:
        try:
            install([package for project in projects for package in project.debian])
        except Failed as error:
            say(error)
    ended = {}
    for project in projects:
        with alone(project.folder):
            found = kept(project)
            if args.imports and found and report.whole(found):
                retime(project, found)
            elif not (args.resume and found and report.alike(found)):
                found = examine(project, say)
            project.result.write_text(json.dumps(project.state() | {"found": found}, indent=1))
        report.show(project, found)
        ended[project] = report.alike(found)
    return ended


def kept(project: Project) -> dict | None:
    """The result that it has with this cffi_core and this entry of the list."""
    if not project.result.exists():
        return None
    result = json.loads(project.result.read_text())
    return result["found"] if project.state().items() <= result.items() else None


def say(text: object) -> None:
    print(f"projects: {text}", file=sys.stderr, flush=True)


main()
