"""The commands of ./run that no other test starts can be started: they share parts."""

import subprocess
import sys

import pytest
from native import ROOT

COMMANDS = {
    "headers": ["-m", "headers"],
    "projects": ["-m", "projects"],
    "suites": ["-m", "cffi_suites"],
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_help(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *words, "--help"], cwd=ROOT / "testing", capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage:" in done.stdout
