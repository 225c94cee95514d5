"""cffi_core's wheel, of the tree as it is."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "projects"
SOURCES = ("c", "cache", "cffi_core", "parser", "verifier")


@cache
def revision() -> str:
    """Of the sources, in a few digits."""
    files = [ROOT / "setup.py", ROOT / "pyproject.toml"]
    for folder in SOURCES:
        files += sorted(p for p in (ROOT / folder).rglob("*.*") if kept(p))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:12]


def kept(path: Path) -> bool:
    return path.is_file() and path.suffix not in (".so", ".pyc", ".o")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Whoever else wants to write there waits."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@cache
def wheel() -> Path:
    """For this Python; built once for a revision."""
    folder = KEPT / "wheel" / revision()
    with alone(folder):
        if not list(folder.glob("*.whl")):
            # The objects of the build in place are taken where they are up to date.
            objects = f"build/inplace{sysconfig.get_config_var('EXT_SUFFIX')}"
            words = [sys.executable, "setup.py", "-q", "build", "-b", folder / "build"]
            words += ["-t", objects, "bdist_wheel", "-d", folder]
            said = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
            done = subprocess.run(list(map(str, words)), cwd=ROOT, check=False, **said)
            if done.returncode != 0:
                sys.exit(done.stdout)
            shutil.rmtree(folder / "build")
    return next(folder.glob("*.whl"))
