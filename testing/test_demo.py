"""The main job, small, as a user runs it: in a pipe, from another folder."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run_demo(folder: Path) -> str:
    # Where the package is only there through conftest.py, hand its place on.
    path = os.pathsep.join(p for p in sys.path if p == str(ROOT))
    done = subprocess.run(
        [sys.executable, ROOT / "testing" / "demo", "--megabytes", "0.2", "--rows", "500"],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path, "CFFI_CORE_CACHE": str(folder / "cache")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


def test_demo_in_a_pipe(tmp_path):
    out = run_demo(tmp_path)
    for line in "declare and open", "compress 0.2 MB", "restore 0.2 MB", "insert 500", "read 500":
        assert line in out
    assert "NOT EQUAL" not in out
    assert "the restored file equals the original" in out
    for column in "dlopen()", "verify()", "ctypes":
        assert column in out


def kept(folder: Path) -> list[tuple[str, int]]:
    """The compiled modules in the cache: name and inode."""
    return sorted((p.name, p.stat().st_ino) for p in folder.rglob("*.so"))


def test_the_second_run_compiles_nothing(tmp_path):
    run_demo(tmp_path)
    before = kept(tmp_path)
    assert len(before) == 2, "zlib's and SQLite's"
    run_demo(tmp_path)
    assert kept(tmp_path) == before
