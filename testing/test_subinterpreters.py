"""Several interpreters in one process, each with its own everything."""

import subprocess
import sys
import textwrap

import pytest

PRELUDE = """
import sys, threading
sys.path[:] = {path!r}
try:
    import _interpreters
except ImportError:
    try:
        import _xxsubinterpreters as _interpreters
    except ImportError:
        print("none"); sys.exit()

def create():
    return _interpreters.create()

def execute(interp, code):
    if hasattr(_interpreters, "exec"):
        problem = _interpreters.exec(interp, code)
        assert problem is None, problem
    else:
        _interpreters.run_string(interp, code)

SETUP = "import sys; sys.path[:] = {path!r}\\n"
"""

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


def run(body):
    """Runs a program in a process of its own; what it prints. A crash shows as one."""
    program = PRELUDE.format(path=sys.path) + f"JOB = {JOB!r}\n" + textwrap.dedent(body)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120
    )
    if done.stdout == "none\n":
        pytest.skip("this Python cannot make subinterpreters")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_one_after_another():
    assert run("""
        exec(JOB)
        for _ in range(3):
            interp = create()
            execute(interp, SETUP + JOB)
            _interpreters.destroy(interp)
        exec(JOB)
        print("done")
    """) == "done\n"


def test_several_at_once():
    assert run("""
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
    """) == "done\n"


def test_in_threads():
    assert run("""
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
    """) == "done\n"


def test_first_loaded_in_a_subinterpreter():
    assert run("""
        interp = create()
        execute(interp, SETUP + JOB)
        _interpreters.destroy(interp)
        exec(JOB)
        print("done")
    """) == "done\n"


def test_types_are_each_interpreters_own():
    theirs, ours = run("""
        exec(JOB)
        interp = create()
        execute(interp, SETUP + JOB + "\\nprint(id(ffi.typeof('int *')), id(FFI), flush=True)")
        print(id(ffi.typeof("int *")), id(FFI))
    """).splitlines()
    assert not set(theirs.split()) & set(ours.split())
