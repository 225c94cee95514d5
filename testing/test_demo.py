"""The main job, small, as a user runs it: in a pipe, from another folder."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_demo_in_a_pipe(tmp_path):
    # Where the package is only there through conftest.py, hand its place on.
    path = os.pathsep.join(p for p in sys.path if p == str(ROOT))
    done = subprocess.run(
        [sys.executable, ROOT / "testing" / "demo", "--megabytes", "0.2", "--rows", "500"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": path},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    for line in "declare and open", "compress 0.2 MB", "restore 0.2 MB", "insert 500", "read 500":
        assert line in done.stdout
    assert "NOT EQUAL" not in done.stdout
    assert "the restored file equals the original" in done.stdout
