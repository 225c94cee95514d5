"""One project: built and tested in an environment of each flavour."""

import shlex
import shutil
import time
from pathlib import Path
from xml.etree import ElementTree

from .environment import KEPT, Environment, Failed, run

FLAVOURS = ("cffi", "cffi_core")
BUILD = ("install", "--no-build-isolation", "--no-deps", "--no-cache-dir")
CONFIGURATION = ("pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")


class Project:
    """A section of projects.ini."""

    def __init__(self, name: str, keys: dict[str, str]) -> None:
        self.name = name
        self.version = keys["version"]
        self.debian = keys.get("debian", "").split()
        self.needs = shlex.split(keys.get("needs", "setuptools"))
        self.also = keys.get("also", "").split()
        self.env = variables(keys.get("env", ""))
        self.run = variables(keys.get("run", ""))
        self.script = shlex.split(keys.get("script", ""))
        self.module = keys.get("module", name.replace("-", "_"))
        self.keep = keys.get("keep", "tests").split()
        self.before = keys.get("before", "")
        self.under = shlex.split(keys.get("under", ""))
        self.tests = shlex.split(keys.get("tests", "")) or self.keep
        self.note = " ".join(keys.get("note", "").split())
        self.folder = KEPT / name

    def examine(self) -> dict:
        """Of each flavour: build, import, test (seconds), outcomes by test; or an error."""
        environments = [Environment(self.folder / flavour, flavour) for flavour in FLAVOURS]
        found = {environment.flavour: self.one(environment) for environment in environments}
        if not any("error" in one for one in found.values()):
            self.time_imports(environments, found)
        return found

    def time_imports(self, environments: list[Environment], found: dict) -> None:
        """The fastest of seven, in turn: what else the machine does is the same for both."""
        for environment in environments * 7:
            one = found[environment.flavour]
            try:
                seconds = environment.import_time(self.module, self.run)
            except Failed as error:
                one["error"] = str(error)
                return
            one["import"] = min(seconds, one.get("import", seconds))

    def one(self, environment: Environment) -> dict:
        found: dict = {}
        try:
            environment.prepare(self.needs)
            source = self.source(environment)
            for other in self.also:
                environment.pip(*BUILD, "--no-binary", ":all:", other)
            found["build"] = environment.timed(*BUILD, source, env=self.env)
            found |= self.tested(environment, source)
        except Failed as error:
            found["error"] = str(error)
        return found

    def source(self, environment: Environment) -> Path:
        """The source distribution, downloaded once."""
        folder = self.folder / "source"
        wanted = f"*-{self.version}.*"
        found = list(folder.glob(wanted))
        if not found:
            what = f"{self.name}=={self.version}"
            words = ["download", "--no-build-isolation", "--no-deps", "--no-binary", ":all:"]
            environment.pip(*words, "-d", folder, what, env=self.env)
            found = list(folder.glob(wanted))
        return found[0]

    def tested(self, environment: Environment, source: Path) -> dict:
        """Its own tests, in a folder where there is nothing else of it."""
        unpacked, place = environment.folder / "unpacked", self.folder / "tests"
        shutil.rmtree(place, ignore_errors=True)
        shutil.unpack_archive(source, unpacked)
        (top,) = unpacked.iterdir()
        place.mkdir()
        for name in self.keep:
            kept, target = top / name, place / name
            if not kept.exists():
                raise Failed(f"the source distribution has no {name}")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(kept, target) if kept.is_dir() else shutil.copy(kept, target)
        if not any((place / name).exists() for name in CONFIGURATION):
            (place / "pytest.ini").write_text("[pytest]\n")
        if self.before:
            run("sh", "-ec", self.before, cwd=place)
        result = environment.folder / "result.xml"
        words = [environment.bin / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        words += [f"--junitxml={result}", *self.tests]
        words = [*self.under, *(self.script or words)]
        start = time.perf_counter()
        said = run(*words, cwd=place, env=environment.variables | self.run, check=bool(self.script))
        seconds = time.perf_counter() - start
        (environment.folder / "tests.txt").write_text(said)
        if self.script:
            return {"test": seconds, "outcomes": said_outcomes(said)}
        if not result.exists():
            raise Failed(said[-3000:])
        return {"test": seconds, "outcomes": outcomes(result)}


def variables(text: str) -> dict[str, str]:
    """NAME=VALUE, several."""
    return dict(word.split("=", 1) for word in shlex.split(text))


def said_outcomes(said: str) -> dict[str, str]:
    """Of a script: its lines that end in ok, or one for all that it did."""
    lines = [line.strip() for line in said.splitlines()]
    good = [line for line in lines if line.lower().endswith((" ok", " passed"))]
    return dict.fromkeys(good or ["the script"], "passed")


def outcomes(result: Path) -> dict[str, str]:
    """passed, failed, error or skipped, by test."""
    found = {}
    for case in ElementTree.parse(result).iter("testcase"):
        words = {child.tag for child in case}
        word = next((w for w in ("failure", "error", "skipped") if w in words), "passed")
        found[f"{case.get('classname')}::{case.get('name')}"] = word.replace("failure", "failed")
    return found
