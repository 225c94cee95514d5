"""Several interpreters in one process, each with its own everything."""

import sys
import sysconfig

import pytest
from interpreters import run

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))

JOB = """
from cffi_core import FFI
ffi = FFI()
ffi.cdef("struct s { int x; struct s *next; }; int abs(int); enum e { A = 3 };")
lib = ffi.dlopen(None)
p = ffi.new("struct s *", [5])
p.next = p
assert p.next.x == 5 and lib.abs(-4) == 4 and ffi.integer_const("A") == 3
assert ffi.typeof("int *") is FFI().typeof("int *")
calls = []
@ffi.callback("int(int)")
def back(x):
    calls.append(x)
    return x + 1
assert back(4) == 5 and calls == [4]
handle = ffi.new_handle(calls)
assert ffi.from_handle(handle) is calls
"""


def done(body):
    """Runs a program that prints only "done"."""
    assert run(body, JOB=JOB) == ("done\n", "")


def test_one_after_another():
    done("""
        exec(JOB)
        for _ in range(3):
            interp = create()
            execute(interp, SETUP + JOB)
            _interpreters.destroy(interp)
        exec(JOB)
        print("done")
    """)


def test_several_at_once():
    done("""
        exec(JOB)
        interps = [create() for _ in range(3)]
        for interp in interps:
            execute(interp, SETUP + JOB)
        for interp in interps:  # again in one that has it loaded
            execute(interp, JOB)
        for interp in interps:
            _interpreters.destroy(interp)
        assert back(1) == 2
        print("done")
    """)


def test_in_threads():
    done("""
        def work():
            interp = create()
            for _ in range(20):
                execute(interp, SETUP + JOB)
            _interpreters.destroy(interp)
        threads = [threading.Thread(target=work) for _ in range(3)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        exec(JOB)
        print("done")
    """)


def test_first_loaded_in_a_subinterpreter():
    done("""
        interp = create()
        execute(interp, SETUP + JOB)
        _interpreters.destroy(interp)
        exec(JOB)
        print("done")
    """)


def test_types_are_each_interpreters_own():
    out, _ = run(
        """
        exec(JOB)
        interp = create()
        execute(interp, SETUP + JOB + "\\nprint(id(ffi.typeof('int *')), id(FFI), flush=True)")
        print(id(ffi.typeof("int *")), id(FFI))
        """,
        JOB=JOB,
    )
    theirs, ours = out.splitlines()
    assert not set(theirs.split()) & set(ours.split())


# What prints as it dies. The type FFI dies last, with all that the core has; its mark must not
# lead to a cdata, which is nothing that the collector knows.
MARKS = """
import os
class Mark:
    def __init__(self, letter):
        self.letter = letter
    def __del__(self, write=os.write):
        write(1, self.letter)
space = {}
exec(JOB, space)
space["ffi"].mark = Mark(b"f")
space["kept"] = space["ffi"].gc(space["p"], lambda p, mark=Mark(b"d"): None)
space["FFI"].mark = Mark(b"t")
del space
"""


@pytest.mark.skipif(FREE_THREADED, reason="what all threads share is kept on this Python")
def test_nothing_is_left_of_an_interpreter():
    """It is the collector that frees it, so every cycle must be known to it."""
    out, _ = run(
        """
        for _ in range(3):
            interp = create()
            execute(interp, f"{SETUP}\\nJOB = {JOB!r}" + MARKS)
            _interpreters.destroy(interp)
        """,
        JOB=JOB,
        MARKS=MARKS,
    )
    assert sorted(out) == sorted("tfd" * 3)


@pytest.mark.skipif(
    FREE_THREADED or sys.version_info >= (3, 12) or sys.platform != "linux",
    reason="an empty interpreter loses a megabyte on this Python",
)
def test_memory_of_fifty_interpreters():
    out, _ = run(
        """
        def one():
            interp = create()
            execute(interp, SETUP + JOB)
            _interpreters.destroy(interp)
        def resident():
            with open("/proc/self/statm") as statm:
                return int(statm.read().split()[1]) * 4096
        for _ in range(5):
            one()
        before = resident()
        for _ in range(50):
            one()
        print(resident() - before)
        """,
        JOB=JOB,
    )
    assert int(out) < 50 * 16_000
