"""One project from nothing to its result, in an environment of each flavour."""

from collections.abc import Callable

from .environment import FLAVOURS, Environment, Failed
from .fetch import archive, fetch, missing, need
from .imports import time_imports
from .project import Project
from .tests import test


def examine(project: Project, say: Callable) -> dict[str, dict]:
    """Of each flavour: build, import, test (seconds), outcomes by test; or an error."""
    absent = missing(project.debian)
    if absent:
        text = f"wants {' '.join(absent)} of Debian (--install)"
        return {flavour: {"error": text} for flavour in FLAVOURS}
    found = {}
    for environment in environments(project):
        say(f"{project.name}: with {environment.flavour}")
        found[environment.flavour] = one(project, environment)
    if not any("error" in result for result in found.values()):
        retime(project, found)
    return found


def environments(project: Project) -> list[Environment]:
    return [Environment(project.folder / flavour, flavour) for flavour in FLAVOURS]


def retime(project: Project, found: dict[str, dict]) -> None:
    """Its imports, in the environments that are there."""
    try:
        for flavour, seconds in time_imports(project, environments(project)).items():
            found[flavour]["import"] = seconds
    except Failed as error:
        found["cffi_core"]["error"] = str(error)


def one(project: Project, environment: Environment) -> dict:
    found: dict = {}
    try:
        environment.prepare()
        if environment.flavour == "cffi":
            fetch(project, environment)
        else:
            need(project, environment)
        for other in project.also:
            environment.build(archive(project, other), project.env)
        if not project.wheel:
            found["build"] = environment.build(archive(project, project.source), project.env)
        if project.tested:
            found |= test(project, environment)
    except Failed as error:
        found["error"] = str(error)
    return found
