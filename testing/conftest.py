"""What every test file shares: the package importable, hypothesis profiles."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# `make check` sets it: every property test then draws many more examples.
FULL = bool(os.environ.get("CFFI_CORE_FULL"))


def find_package() -> None:
    """An installed cffi_core is what is tested; without one, the in-place build."""
    if importlib.util.find_spec("cffi_core") is None:
        sys.path.insert(0, str(ROOT))
        import cffi_core

        # The packages that stand at the top level and install inside this one.
        cffi_core.__path__.append(str(ROOT))


find_package()

# The machine's load decides how long an example takes, so there is no deadline.
# Examples are the same every time unless the full tests run.
settings.register_profile("default", deadline=None, derandomize=True, max_examples=100)
settings.register_profile("full", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("full" if FULL else "default")


@pytest.fixture(scope="session")
def clib(tmp_path_factory) -> Path:
    """The tests' own C library, compiled."""
    import native_library as native

    folder = tmp_path_factory.mktemp("clib")
    return native.compile_library(folder, "clib", *sorted(native.SOURCES.glob("*.c")))


@pytest.fixture(params=["auto", "libffi"])
def backend(request):
    """Calls behave alike through registers and through libffi."""
    from cffi_core import _core

    _core._set_backend(request.param)
    yield request.param
    _core._set_backend("auto")


@pytest.fixture(scope="session")
def compiled(tmp_path_factory) -> Path:
    """A folder for compiled modules, and a cache of the tests' own for verify()."""
    folder = tmp_path_factory.mktemp("compiled")
    os.environ["CFFI_CORE_CACHE"] = str(folder / "cache")
    yield folder
    del os.environ["CFFI_CORE_CACHE"]


@pytest.fixture(params=["register", "libffi", "verify", "module"])
def opener(clib, compiled, request):
    """A library of the tests opened in every mode: modes.py."""
    import modes

    modes.set_backend(request.param)
    yield modes.Opener(request.param, clib, compiled)
    modes.set_backend("register")


@pytest.fixture
def counting(tmp_path, monkeypatch):
    """CC, and a function that says how often it has compiled."""
    from fake_compilers import program

    folder = tmp_path / "counting"
    folder.mkdir()
    log = folder / "log"
    log.touch()
    work = f'case "$*" in *-E*|*-dumpmachine*) ;; *) echo >>"{log}";; esac\nexec cc "$@"'
    monkeypatch.setenv("CC", program(folder / "mycc", work))
    return lambda: len(log.read_text())
