"""CFFI's own test-suites on CFFI and on cffi_core under its name.

./run suites [--again] [--write] [WORD...]

Its source is downloaded. Every test that passes on CFFI passes here, or explained.ini says why
not; whatever else differs is printed, and the command fails. What CFFI itself does is kept from
one run to the next, unless with --again. WORD: only files of tests whose path has it.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

from projects.environment import STOCK, Environment, Failed, run
from projects.tests import read
from projects.wheel import KEPT

from .explained import Explained
from .report import page, row, title

FLAVOURS = ("cffi", "cffi_core")
ROOT = Path(__file__).resolve().parents[2]
FOLDER = KEPT / "cffi"
PLACES = ("src/c", "testing/cffi0", "testing/cffi1", "testing/embedding")
SLOW = ("test_performance.py",)  # measures, and checks nothing else
NEEDS = ["pytest", "setuptools", "pycparser", "packaging"]


class Suites:
    """One flavour: an environment, a copy of the source, what came of each file of tests."""

    def __init__(self, flavour: str, archive: Path | None) -> None:
        self.flavour = flavour
        self.folder = FOLDER / flavour
        self.results = FOLDER / f"{flavour}.json"
        self.environment = Environment(self.folder, flavour)
        self.environment.prepare()
        self.environment.pip("install", *NEEDS)
        if archive is None:
            archive = download(self.environment)
        self.archive = archive
        shutil.unpack_archive(archive, self.folder)
        (self.top,) = self.folder.glob("cffi-*")
        (self.top / "pytest.ini").write_text("[pytest]\n")  # or ours would be taken

    def files(self) -> list[str]:
        found = (path for place in PLACES for path in sorted((self.top / place).glob("test_*.py")))
        return [str(path.relative_to(self.top)) for path in found if path.name not in SLOW]

    def run(self, file: str, explained: Explained) -> dict[str, str]:
        """passed, failed, error or skipped, by test."""
        result = self.folder / "result.xml"
        result.unlink(missing_ok=True)
        words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={result}", file]
        variables = dict(self.environment.variables, TMPDIR=str(self.folder / "tmp"))
        (self.folder / "tmp").mkdir(exist_ok=True)
        if self.flavour == "cffi_core":
            words += [f"--deselect={test}" for test in explained.crashes]
            words += ["-p", "plugin"]
            stock = next((FOLDER / "cffi").glob("venv/lib/python*/site-packages/_cffi_backend*.so"))
            variables |= {"SUITES_SOURCE": str(self.top), "SUITES_STOCK": str(stock)}
            variables["PYTHONPATH"] = str(Path(__file__).parent)
        python = self.environment.bin / "python"
        said = run("nice", python, *words, cwd=self.top, env=variables, check=False)
        (self.folder / f"{Path(file).stem}.txt").write_text(said)
        if not result.exists():
            raise Failed(f"{file}: no result\n{said[-3000:]}")
        return read(result)


def download(environment: Environment) -> Path:
    folder = FOLDER / "source"
    if not folder.exists():
        environment.pip("download", "--no-deps", "--no-binary", ":all:", "-d", folder, STOCK)
    return next(folder.iterdir())


def kept(flavour: str) -> dict:
    path = FOLDER / f"{flavour}.json"
    return json.loads(path.read_text()) if path.exists() else {}


def main() -> None:
    options = argparse.ArgumentParser(prog="suites", description=__doc__.splitlines()[0])
    options.add_argument("words", nargs="*", metavar="WORD", help="default: all files of tests")
    options.add_argument("--again", action="store_true", help="run CFFI itself again as well")
    options.add_argument("--write", action="store_true", help="write doc/cffi-suites.md")
    args = options.parse_args()
    explained = Explained()
    before, after = kept("cffi"), kept("cffi_core")
    stock = Suites("cffi", None)
    ours = Suites("cffi_core", stock.archive)
    good = True
    print(title(), flush=True)
    for file in ours.files():
        if args.words and not any(word in file for word in args.words):
            continue
        if args.again or file not in before:
            before[file] = stock.run(file, explained)
        after[file] = ours.run(file, explained)
        for results, flavour in ((before, "cffi"), (after, "cffi_core")):
            (FOLDER / f"{flavour}.json").write_text(json.dumps(results, indent=1))
        print(row(file, before[file], after[file], explained), flush=True)
        for test in explained.unknown(before[file], after[file]):
            good = False
            print(f"    {test}: {after[file].get(test, 'absent')}", flush=True)
    complete = all(file in after for file in ours.files())
    for group, test in explained.unused(after) if complete else ():
        print(f"explained.ini, [{group}]: {test} does not fail")
    if args.write:
        (ROOT / "doc" / "cffi-suites.md").write_text(page(before, after, explained))
    sys.exit(not good)


main()
