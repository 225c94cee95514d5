"""Stock cffi, run beside: the same snippets, the same results, types of exceptions and messages.

CFFI_CORE_PEER names a Python of this one's version in whose environment cffi is installed, and
setuptools.
"""

import json
import os
import subprocess
import sys

import pytest
from conftest import FULL
from differential import compare, initializers, library, table

PEER = os.environ.get("CFFI_CORE_PEER")


def peer_problem() -> str:
    if not PEER:
        return "CFFI_CORE_PEER names no Python with cffi"
    show = "import sys, cffi, setuptools; print(sys.version_info[:2], cffi.__version__)"
    done = subprocess.run([PEER, "-I", "-c", show], capture_output=True, text=True)
    if done.returncode != 0:
        return f"{PEER} cannot import cffi and setuptools"
    version = str(sys.version_info[:2])
    return "" if done.stdout.startswith(version) else f"{PEER} is not Python {version}"


PROBLEM = peer_problem()
WITH_TABLE = FULL or not PROBLEM


@pytest.fixture(scope="session")
def outcomes(tmp_path_factory):
    """outcomes(mode): what the snippets do here, each mode run once."""
    folder, found = tmp_path_factory.mktemp("differential"), {}

    def run(mode: str) -> dict[str, str]:
        if mode not in found:
            found[mode] = compare.run_apart(sys.executable, mode, folder, WITH_TABLE)
        return found[mode]

    return run


@pytest.mark.parametrize("mode", library.MODES)
def test_snippets_run(outcomes, mode):
    """Without a peer too: nothing crashes, and no snippet is malformed."""
    found = outcomes(mode)
    places = [s.where for file in compare.files(mode) for s in file]
    assert list(found) == places + (table.snippets(mode) if WITH_TABLE else [])
    assert not [text for text in found.values() if text.startswith(("SystemError", "NameError"))]


@pytest.mark.skipif(bool(PROBLEM), reason=PROBLEM)
@pytest.mark.parametrize("mode", library.MODES)
def test_same_as_cffi(outcomes, mode, tmp_path):
    theirs = compare.run_apart(PEER, mode, tmp_path)
    assert compare.differences(mode, outcomes(mode), theirs) == []


def initialized(python: str, seed: int) -> list:
    """What initializers.py tells, of that Python."""
    command = [python, initializers.__file__, str(seed)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        command,
        check=True,
        stdout=subprocess.PIPE,
        env=environment if python == sys.executable else None,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.skipif(bool(PROBLEM), reason=PROBLEM)
@pytest.mark.parametrize("seed", range(40 if FULL else 10))
def test_random_initializers(seed):
    ours, peers = initialized(sys.executable, seed), initialized(PEER, seed)
    assert initializers.differences(ours, peers) == []
