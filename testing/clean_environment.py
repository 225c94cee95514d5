"""Environments as users have them: the released wheels, no compiler, nothing of this tree."""

import functools
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(*command: object, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    """What the command prints; it must end well."""
    words = list(map(str, command))
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}\n{done.stdout[-8000:]}{done.stderr[-8000:]}"
    return done.stdout


@dataclass(frozen=True)
class Python:
    tag: str  # like 3.12, 3.13t
    path: str


@functools.cache
def pythons() -> list[Python]:
    """Every Python of this machine that wheels are released for: no debug builds."""
    lines = run(ROOT / "testing" / "pythons.sh").splitlines()
    found = [Python(*line.split(" ", 1)) for line in lines]
    return sorted((p for p in found if not p.tag.endswith("d")), key=lambda p: p.tag)


@functools.cache
def wheelhouse() -> Path:
    """The folder of the released wheels, built where they are missing or out of date."""
    run(ROOT / "testing" / "wheels.sh")
    return ROOT / "build" / "wheelhouse"


class CleanEnvironment:
    """A virtual environment without a compiler, in which only wheels are installed."""

    def __init__(self, python: Python, folder: Path) -> None:
        self.folder = folder
        run(python.path, "-m", "venv", folder / "venv", cwd=folder)
        # What a user's machine has at least: a PATH on which there is no compiler.
        (folder / "bin").mkdir()
        self.variables = {"PATH": str(folder / "bin"), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
        self.variables["PIP_CONFIG_FILE"] = os.devnull

    def python(self, *arguments: object) -> str:
        python = self.folder / "venv" / "bin" / "python"
        return run(python, *arguments, cwd=self.folder, env=self.variables)

    def install(self, *what: object, links: tuple[Path, ...] = ()) -> None:
        """Packages by name (from the wheelhouse, or a folder of `links`) or wheels by path."""
        words = ["-m", "pip", "install", "-q", "--no-index", "--only-binary=:all:", "--pre"]
        for folder in (wheelhouse(), *links):
            words += ["--find-links", folder]
        self.python(*words, *what)
