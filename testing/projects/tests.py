"""Third stage: a project's own tests, in a folder where there is nothing else of it."""

import shutil
import time
from pathlib import Path
from xml.etree import ElementTree

from .environment import Environment, Failed
from .fetch import archive
from .project import Project, Source

CONFIGURATION = ("pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")


def test(project: Project, environment: Environment) -> dict:
    """Seconds, and outcomes by test."""
    prepare(project, environment)
    result = environment.folder / "result.xml"
    words = ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    words += [f"--junitxml={result}", *project.tests]
    words = [*project.under, *(project.script or words)]
    start = time.perf_counter()
    said = environment.run(*words, cwd=project.here, env=project.run, check=bool(project.script))
    seconds = time.perf_counter() - start
    outcomes = said_by(said) if project.script else read(result)
    if "passed" not in outcomes.values():
        raise Failed(said[-3000:])
    return {"test": seconds, "outcomes": outcomes}


def prepare(project: Project, environment: Environment) -> None:
    """What its tests need of its distribution, other data, and what its list entry does."""
    here = project.here
    shutil.rmtree(here, ignore_errors=True)
    here.mkdir()
    if project.keep:
        top = unpack(project, project.source, environment.folder / "unpacked")
    for name in project.keep:
        kept, target = top / name, here / name
        if not kept.exists():
            raise Failed(f"the source distribution has no {name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(kept, target) if kept.is_dir() else shutil.copy(kept, target)
    for source in project.data:
        unpack(project, source, environment.folder / "data").rename(here / source.name)
    if not any((here / name).exists() for name in CONFIGURATION):
        (here / "pytest.ini").write_text("[pytest]\n")
    if project.before:
        environment.run("sh", "-ec", project.before, cwd=here)


def unpack(project: Project, source: Source, folder: Path) -> Path:
    """The one folder of a source distribution."""
    shutil.unpack_archive(archive(project, source), folder)
    (top,) = folder.iterdir()
    return top


def said_by(said: str) -> dict[str, str]:
    """Of a script: its lines that end in ok, or one for all that it did."""
    lines = [line.strip() for line in said.splitlines()]
    good = [line for line in lines if line.lower().endswith((" ok", " passed"))]
    return dict.fromkeys(good or ["the script"], "passed")


def read(result: Path) -> dict[str, str]:
    """passed, failed, error or skipped, by test; nothing where pytest wrote nothing."""
    found: dict[str, str] = {}
    if not result.exists():
        return found
    for case in ElementTree.parse(result).iter("testcase"):
        words = {child.tag for child in case}
        word = next((w for w in ("failure", "error", "skipped") if w in words), "passed")
        found[f"{case.get('classname')}::{case.get('name')}"] = word.replace("failure", "failed")
    return found
