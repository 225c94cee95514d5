"""What every test file shares: the package importable, hypothesis profiles."""

import gc
import importlib.util
import os
import signal
import sys
from itertools import compress
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

import modes  # noqa: E402
import native_library as native  # noqa: E402

# The machine's load decides how long an example takes, so there is no deadline.
# Examples are the same every time unless the full tests run.
settings.register_profile("default", deadline=None, derandomize=True, max_examples=100)
settings.register_profile("full", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("full" if FULL else "default")


def pytest_collection_modifyitems(config, items):
    """CFFI_CORE_MODES: of the modes (modes.py) only these, where each run is slow."""
    import modes

    chosen = os.environ.get("CFFI_CORE_MODES", "").split()
    left_out = {*modes.MODES, *modes.TYPE_MODES} - set(chosen) if chosen else set()

    def is_left_out(item) -> bool:
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        return any(isinstance(value, str) and value in left_out for value in parameters)

    if left_out:
        found = [is_left_out(item) for item in items]
        config.hook.pytest_deselected(items=list(compress(items, found)))
        items[:] = [item for item, out in zip(items, found, strict=True) if not out]


def pytest_configure():
    """Ctrl-C is a KeyboardInterrupt here and in child processes, even if whoever started this
    ignored SIGINT, as a shell does for what it runs in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish():
    """Thousands of tests are objects too, which no gc.collect() of theirs need look at."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory) -> Path:
    """A folder for compiled modules, and a cache of the tests' own for verify().

    CFFI_CORE_COMPILED names one that several runs share, of different Pythons too.
    """
    shared = os.environ.get("CFFI_CORE_COMPILED")
    folder = Path(shared) if shared else tmp_path_factory.mktemp("compiled")
    folder.mkdir(exist_ok=True)
    os.environ["CFFI_CORE_CACHE"] = str(folder / "cache")
    yield folder
    del os.environ["CFFI_CORE_CACHE"]


@pytest.fixture(scope="session")
def clib(compiled) -> Path:
    """The tests' own C library, compiled."""
    sources = sorted(native.SOURCES.iterdir())
    path = compiled / "clib.so"
    if path.exists() and path.stat().st_mtime > max(s.stat().st_mtime for s in sources):
        return path  # of a run that shares the folder
    return native.compile_library(compiled, "clib", *(s for s in sources if s.suffix == ".c"))


@pytest.fixture(params=["auto", "libffi"])
def backend(request):
    """Calls behave alike through registers and through libffi."""
    modes.set_backend(request.param)
    yield request.param
    modes.set_backend("auto")


@pytest.fixture(params=modes.MODES)
def opener(clib, compiled, request):
    """A library of the tests opened in every mode."""
    modes.set_backend(request.param)
    yield modes.Opener(request.param, clib, compiled)
    modes.set_backend("register")


@pytest.fixture(scope="module", params=modes.TYPE_MODES)
def declare(compiled, request):
    """declare(text) is an ffi with the types that text declares, in every mode."""
    return modes.Declarer(request.param, compiled)


@pytest.fixture(scope="module")
def ffi(declare, request):
    """An ffi with what the file's CDEF declares, in every mode; SOURCE is the same as C."""
    file = request.module
    return declare(getattr(file, "CDEF", ""), getattr(file, "SOURCE", None))


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
