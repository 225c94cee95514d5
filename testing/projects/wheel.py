"""cffi_core's wheel, of the tree as it is."""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
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


@cache
def wheel() -> Path:
    """For this Python; built once for a revision, whoever asks at the same time."""
    folder = KEPT / "wheel" / revision()
    if not folder.exists():
        own = folder.with_suffix(f".{os.getpid()}")
        # The objects of the build in place are taken where they are up to date.
        objects = f"build/inplace{sysconfig.get_config_var('EXT_SUFFIX')}"
        words = [sys.executable, "setup.py", "-q", "build", "-b", own / "build", "-t", objects]
        words += ["bdist_wheel", "-d", own]
        said = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        done = subprocess.run(list(map(str, words)), cwd=ROOT, check=False, **said)
        if done.returncode != 0:
            sys.exit(done.stdout)
        shutil.rmtree(own / "build")
        try:
            own.rename(folder)
        except OSError:
            shutil.rmtree(own)
    return next(folder.glob("*.whl"))
