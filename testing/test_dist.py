"""What is shipped: the sdist holds the whole checkout, the wheel built from it works.

Slow (two builds and a fresh environment), so only the full tests run it.
"""

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.skipif(
    not os.environ.get("CFFI_CORE_FULL"), reason="builds twice; make check runs it"
)

PROGRAM = """
from cffi_core import FFI
ffi = FFI()
ffi.cdef("struct pair { int x; double y; }; unsigned long strlen(const char *);")
assert ffi.sizeof("struct pair") == 16
assert ffi.dlopen(None).strlen(b"four") == 4
"""


def run(*command: object, cwd: Path = ROOT) -> str:
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def sdist(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "setup.py", "-q", "sdist", "-d", folder)
    (archive,) = folder.glob("*.tar.gz")
    return archive


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (tree,) = folder.iterdir()
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps"]
    run(*pip, "-w", folder, tree, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


def test_sdist_holds_every_file(sdist):
    try:
        tracked = set(run("git", "ls-files").splitlines())
    except (AssertionError, OSError):
        pytest.skip("not a git checkout")
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    here = {name for name in tracked if (ROOT / name).exists() and not name.startswith(".ci/")}
    assert not here - held


def test_wheel_holds_the_package(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "cffi_core/__init__.py" in names
    assert "cffi_core/py.typed" in names
    assert any(name.startswith("_cffi_core.") for name in names)
    pasted = {f"cffi_core/verifier/{n}" for n in ("cd_stub.h", "cd_pasted.txt", "cd_embed.c")}
    assert pasted <= set(names)
    rest = set(names) - pasted
    assert not [n for n in rest if n.endswith((".c", ".h")) or n.startswith("testing/")]


def test_wheel_works_in_a_clean_environment(wheel, tmp_path):
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "-q", "--no-index", wheel, cwd=tmp_path)
    run(python, "-c", PROGRAM, cwd=tmp_path)
