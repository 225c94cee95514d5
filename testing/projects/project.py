"""A section of projects.ini."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from .wheel import KEPT, revision


@dataclass(frozen=True)
class Source:
    """A source distribution; what it must be where the list says so."""

    name: str
    version: str
    sha256: str = ""

    @property
    def stem(self) -> str:
        return canonical(f"{self.name}-{self.version}")


class Project:
    """What the list says of it, and where its files are."""

    def __init__(self, name: str, keys: dict[str, str]) -> None:
        self.name = name
        self.keys = keys
        self.source = Source(name, keys["version"], keys.get("sha256", ""))
        self.also = sources(keys.get("also", ""))
        self.data = sources(keys.get("data", ""))
        self.debian = keys.get("debian", "").split()
        self.needs = ["pytest", *shlex.split(keys.get("needs", "setuptools"))]
        self.wheel = keys.get("wheel", "no") == "yes"
        if self.wheel:
            self.needs.append(f"{name}=={self.version}")
        self.module = keys.get("module", name.replace("-", "_"))
        self.folder = KEPT / name
        self.env = variables(keys.get("env", ""))
        self.run = variables(keys.get("run", "").replace("{here}", str(self.here)))
        self.script = shlex.split(keys.get("script", ""))
        self.keep = keys.get("keep", "" if self.wheel else "tests").split()
        self.before = keys.get("before", "")
        self.under = shlex.split(keys.get("under", ""))
        self.tests = shlex.split(keys.get("tests", "")) or self.keep
        self.note = " ".join(keys.get("note", "").split())

    @property
    def version(self) -> str:
        return self.source.version

    @property
    def sources(self) -> list[Source]:
        own = [] if self.wheel and not self.keep else [self.source]
        return [*own, *self.also, *self.data]

    @property
    def tested(self) -> bool:
        """Or its distribution has no tests, or none that can run here."""
        return self.tests != ["none"]

    @property
    def here(self) -> Path:
        """The folder that its tests run in."""
        return self.folder / "tests"

    @property
    def downloads(self) -> Path:
        return self.folder / "downloads"

    @property
    def wheels(self) -> Path:
        return self.folder / "wheels"

    @property
    def result(self) -> Path:
        return self.folder / "result.json"

    def state(self) -> dict:
        """What a result was found with."""
        keys = {k: v for k, v in self.keys.items() if k not in ("note", "sha256")}
        return {"revision": revision(), "keys": keys}


def sources(text: str) -> list[Source]:
    """NAME==VERSION[=SHA256], several."""
    return [Source(*re.split("=+", word)) for word in text.split()]


def variables(text: str) -> dict[str, str]:
    """NAME=VALUE, several."""
    return dict(word.split("=", 1) for word in shlex.split(text))


def canonical(name: str) -> str:
    """As installers compare names: the archive of foo-bar may be Foo_bar-1.0.tar.gz."""
    return re.sub(r"[-_.]+", "-", name).lower()
