"""Stock cffi, run beside: the same snippets, the same results, types of exceptions and messages.

CFFI_CORE_PEER names a Python of this one's version in whose environment cffi is installed.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from differential import compare

PEER = os.environ.get("CFFI_CORE_PEER")
FILES = sorted(Path(compare.HERE).glob("*.txt"))


def peer_problem() -> str:
    if not PEER:
        return "CFFI_CORE_PEER names no Python with cffi"
    show = "import sys, cffi; print(sys.version_info[:2], cffi.__version__)"
    done = subprocess.run([PEER, "-I", "-c", show], capture_output=True, text=True)
    if done.returncode != 0:
        return f"{PEER} cannot import cffi"
    version = str(sys.version_info[:2])
    return "" if done.stdout.startswith(version) else f"{PEER} is not Python {version}"


PROBLEM = peer_problem()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_snippets_run(path):
    """Without a peer too: nothing crashes, and no snippet is malformed."""
    outcomes = compare.run(path, False)
    assert len(outcomes) == len(compare.snippets(path))
    assert not [text for text in outcomes.values() if text.startswith(("SystemError", "NameError"))]


@pytest.mark.skipif(bool(PROBLEM), reason=PROBLEM)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_same_as_cffi(path):
    assert compare.differences(PEER, path) == []
