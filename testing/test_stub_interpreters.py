"""Modules of compiled stubs in several interpreters and without the GIL."""

import subprocess
import sys
import sysconfig

import pytest
from handmade import Stub
from interpreters import run
from test_stub_load import make_stub

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))

USE = """
import _basic
from _basic import ffi, lib
from _basic.lib import add
p = lib.mk(4)
assert (p.x, p.y, lib.sum_point(p)) == (4, 10.0, 14.0)
assert add(3, 4) == 7 and lib.ANSWER == 42 and lib.tau == 6.25
assert ffi.sizeof("point_t") == 16
assert lib.apply(lib.add, 1, 2) == 3
lib.counter += 1
"""

REFUSED = """
try:
    import _refused
except ImportError as error:
    assert str(error).startswith("_refused: "), error
    assert error.name == "_refused" and error.path.endswith("_refused.so"), error.path
else:
    raise AssertionError("it was not refused")
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return make_stub().compile(tmp_path_factory.mktemp("stub"))


def test_interpreters_one_after_another(path):
    out, err = run(
        f"""
        USE = {USE!r}
        exec(USE)
        for _ in range(3):
            interp = create()
            execute(interp, SETUP + USE)
            execute(interp, USE)
            _interpreters.destroy(interp)
        exec(USE)
        print(lib.counter)
    """,
        path.parent,
    )
    assert (out, err) == ("13\n", "")


def test_first_in_a_subinterpreter(path):
    out, err = run(
        f"""
        interp = create()
        execute(interp, SETUP + {USE!r})
        _interpreters.destroy(interp)
        exec({USE!r})
        print(lib.counter)
    """,
        path.parent,
    )
    assert (out, err) == ("7\n", "")


def test_interpreters_in_threads(path):
    out, err = run(
        f"""
        USE = {USE!r}
        def work():
            interp = create()
            for _ in range(20):
                execute(interp, SETUP + USE)
            _interpreters.destroy(interp)
        threads = [threading.Thread(target=work) for _ in range(3)]
        for t in threads: t.start()
        for t in threads: t.join()
        print("done")
    """,
        path.parent,
    )
    assert (out, err) == ("done\n", "")


@pytest.mark.parametrize("header", [{"min_core": "99u << 16"}, {"major": 99}, {"types": "0"}])
def test_refusals_in_an_isolated_interpreter(tmp_path, header):
    path = make_stub("_refused", **header).compile(tmp_path)
    out, err = run(
        f"""
        REFUSED = {REFUSED!r}
        for _ in range(2):
            interp = create()
            execute(interp, SETUP + REFUSED)
            _interpreters.destroy(interp)
        exec(REFUSED)
        print("refused")
    """,
        path.parent,
    )
    assert (out, err) == ("refused\n", "")


def test_without_the_core(tmp_path):
    """Where cffi_core cannot be imported, the error names it."""
    path = Stub("_alone", "").compile(tmp_path)
    program = f"import sys; sys.path[:] = [{str(path.parent)!r}]; import _alone"
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-c", program], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 1
    assert "Error: " in done.stderr
    assert "cffi_core" in done.stderr


@pytest.mark.skipif(not FREE_THREADED, reason="this Python has a GIL")
def test_the_gil_stays_off(path):
    out, err = run(
        f"""
        import warnings
        warnings.simplefilter("error")
        exec({USE!r})
        assert not sys._is_gil_enabled()
        def work():
            for i in range(20000):
                assert lib.add(i, 1) == i + 1
                assert lib.mk(i).x == i
                assert lib.counter > 0
        threads = [threading.Thread(target=work) for _ in range(4)]
        for t in threads: t.start()
        for t in threads: t.join()
        print(sys._is_gil_enabled())
    """,
        path.parent,
    )
    assert (out, err) == ("False\n", "")
