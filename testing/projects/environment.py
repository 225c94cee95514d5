"""A virtual environment for one project, with CFFI or with cffi_core under its name."""

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import time
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "projects"
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
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=1800,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"{shlex.join(words)}: no end after half an hour") from None
    if check and done.returncode != 0:
        raise Failed(f"$ {shlex.join(words)}\n{done.stdout[-6000:]}")
    return done.stdout


def clean() -> dict[str, str]:
    """The environment variables, without what would lead to this tree."""
    return {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "CFFI_CORE", "VIRTUAL"))
    }


@cache
def wheel() -> Path:
    """cffi_core as it is now, for this Python."""
    folder, built = KEPT / "wheel", KEPT / "lib"
    found = list(folder.glob("*.whl"))
    sources = [p for p in ROOT.glob("c*/**/*.[cpd]*") if p.suffix in (".c", ".py", ".def")]
    sources += [*ROOT.glob("parser/*.*"), *ROOT.glob("verifier/*.*")]
    if found and max(path.stat().st_mtime for path in sources) < found[0].stat().st_mtime:
        return found[0]
    shutil.rmtree(built, ignore_errors=True)
    # The objects of the build in place are taken where they are up to date.
    objects = f"build/inplace{sysconfig.get_config_var('EXT_SUFFIX')}"
    words = [sys.executable, "setup.py", "-q", "build", "-b", built, "-t", objects]
    run(*words, "bdist_wheel", "-d", folder, cwd=ROOT)
    return next(folder.glob("*.whl"))


class Environment:
    """One of them: flavour "cffi" or "cffi_core"."""

    def __init__(self, folder: Path, flavour: str) -> None:
        self.folder = folder
        self.flavour = flavour
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        run(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
        self.bin = folder / "venv" / "bin"
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        self.variables = {"PATH": path, "CFFI_CORE_CACHE": str(folder / "cache")}

    def python(self, *arguments: object, cwd: Path | None = None, env: dict | None = None) -> str:
        """What this environment's Python prints."""
        variables = self.variables | (env or {})
        return run(self.bin / "python", *arguments, cwd=cwd or self.folder, env=variables)

    def pip(self, *arguments: object, env: dict | None = None) -> str:
        words = ["-m", "pip", "--python", self.bin / "python", "-q", "--disable-pip-version-check"]
        return run(
            sys.executable, *words, *arguments, cwd=self.folder, env=self.variables | (env or {})
        )

    def prepare(self, needs: list[str]) -> None:
        """CFFI or what stands for it first, so that nothing brings another."""
        if self.flavour == "cffi":
            self.pip("install", "--prefer-binary", STOCK)
        else:
            self.pip("install", wheel())
            self.python("-m", "cffi_core", "dropin")
        self.pip("install", "-U", "--prefer-binary", "pytest", *needs)

    def timed(self, *arguments: object, env: dict | None = None) -> float:
        """Seconds that pip took."""
        start = time.perf_counter()
        self.pip(*arguments, env=env)
        return time.perf_counter() - start

    def import_time(self, module: str, env: dict) -> float:
        """Seconds of one import."""
        program = (
            f"import time; start = time.perf_counter(); import {module};"
            "print(time.perf_counter() - start)"
        )
        return float(self.python("-c", program, env=env).splitlines()[-1])
