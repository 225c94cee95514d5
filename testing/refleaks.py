"""A pytest plugin: fails a test that, run again and again, leaves references behind each time.

    python3-dbg -m pytest -p refleaks testing/test_X.py

For a debug build of Python, which counts all references. Memory that grows in steps (a cache, a
dictionary) is no leak: every round must grow.
"""

import gc
import sys

import pytest

WARM, ROUNDS = 2, 4


def judged(item):
    """Not what starts programs, and not what is to leave something in what outlives a round."""
    function = getattr(item.function, "hypothesis", item).__class__.__name__
    names = item.function.__code__.co_names
    shared_cdef = "cdef" in names and "FFI" not in names
    patched = "monkeypatch" in item.funcargs and not {"setattr", "setenv"}.isdisjoint(names)
    # A module that is compiled anew is another library, which stays loaded.
    program = not {"subprocess", "compile", "import_module"}.isdisjoint(names)
    return not (function == "HypothesisHandle" or program or shared_cdef or patched)


def collect():
    """What one collection frees may have held the only references to another cycle."""
    gc.collect()
    gc.collect()


def clear_lists(item):
    """Fixtures' lists of what the test has seen; not the parameters, which others are given too."""
    call = getattr(item, "callspec", None)
    given = [id(value) for value in call.params.values()] if call is not None else []
    for value in item.funcargs.values():
        if isinstance(value, list) and id(value) not in given:
            value.clear()


def rounds(item):
    """How the number of all references grows with each round; None: it does not run again."""
    grown = []
    collect()
    gc.freeze()  # what is there by now need not be looked at again
    for number in range(WARM + ROUNDS):
        clear_lists(item)
        collect()
        before = sys.gettotalrefcount()
        try:
            item.runtest()
        except BaseException:
            return None
        clear_lists(item)
        collect()
        if number >= WARM:
            grown.append(sys.gettotalrefcount() - before)
    return grown


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    result = yield  # as ever, first
    grown = rounds(item) if judged(item) else None
    # Counting takes a reference or two itself.
    assert grown is None or min(grown) <= 2, f"references left behind: {grown}"
    return result
