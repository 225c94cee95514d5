"""A virtual environment for one project, with CFFI or with cffi_core under its name."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

from .wheel import KEPT, wheel

FLAVOURS = ("cffi", "cffi_core")
STOCK = "cffi==2.1.1"


class Failed(Exception):
    """A command that did not end well; its last lines."""


def run(*command: object, cwd: Path = KEPT, env: dict | None = None, check: bool = True) -> str:
    """What a command prints."""
    words = list(map(str, command))
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=clean() | (env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=1800,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"{shlex.join(words)}: no end after half an hour") from None
    except FileNotFoundError as error:
        raise Failed(f"{error.filename}: not found") from None
    if check and done.returncode != 0:
        raise Failed(f"$ {shlex.join(words)}\n{done.stdout[-6000:]}")
    return done.stdout


def clean() -> dict[str, str]:
    """The environment variables, without what would lead to this tree."""
    return {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "CFFI_CORE", "VIRTUAL"))
    }


class Environment:
    """One of them: flavour "cffi" or "cffi_core"."""

    def __init__(self, folder: Path, flavour: str) -> None:
        self.folder = folder
        self.flavour = flavour
        self.bin = folder / "venv" / "bin"
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        self.variables = {"PATH": path, "CFFI_CORE_CACHE": str(folder / "cache")}

    def run(
        self, *words: object, cwd: Path | None = None, env: dict | None = None, check: bool = True
    ) -> str:
        """What a command prints, whose Python is this environment's; log.txt keeps it."""
        said = ""
        try:
            variables = self.variables | (env or {})
            said = run(*words, cwd=cwd or self.folder, env=variables, check=check)
        except Failed as error:
            said = str(error)
            raise
        finally:
            with open(self.folder / "log.txt", "a", encoding="utf-8") as log:
                log.write(f"$ {shlex.join(map(str, words))}\n{said}\n")
        return said

    def pip(self, *arguments: object, env: dict | None = None) -> str:
        words = ["-m", "pip", "--python", self.bin / "python", "--disable-pip-version-check"]
        return self.run(sys.executable, *words, *arguments, env=env)

    def prepare(self) -> None:
        """Makes it anew, with CFFI or what stands for it first: so nothing brings another."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        run(sys.executable, "-m", "venv", "--without-pip", self.folder / "venv")
        if self.flavour == "cffi":
            self.pip("install", "--prefer-binary", STOCK)
        else:
            self.pip("install", wheel())
            self.run("python", "-m", "cffi_core", "dropin")

    def build(self, source: Path, env: dict | None = None) -> float:
        """The seconds that pip takes to build and install a source distribution."""
        start = time.perf_counter()
        words = ("--no-build-isolation", "--no-deps", "--no-cache-dir", "--no-index")
        self.pip("install", *words, source, env=env)
        return time.perf_counter() - start
