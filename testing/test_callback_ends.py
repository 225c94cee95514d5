"""Callbacks while a process ends, forks or is interrupted: C gets a value, nothing hangs."""

import sys

import pytest
from interpreters import run_clib as run

needs_fork = pytest.mark.skipif(sys.platform == "win32", reason="no fork")


def test_process_ends_while_a_thread_calls_back(clib):
    out = run(
        clib,
        """
        import time
        seen = []
        callback = ffi.callback("int(int)", lambda i: seen.append(i) or 0, error=1)
        lib.start_forever(callback)
        while len(seen) < 5:
            time.sleep(0.001)
        print("end")
        """,
    )
    assert out == "end\n"


def test_process_ends_while_a_daemon_thread_is_in_a_call(clib):
    out = run(
        clib,
        """
        import threading, time
        started = threading.Event()
        def work():
            started.set()
            callback = ffi.callback("int(int)", lambda i: lib.sleep_ms(1) or 0)
            while True:
                lib.call_int(callback, 3)
        threading.Thread(target=work, daemon=True).start()
        started.wait()
        time.sleep(0.01)
        print("end")
        """,
    )
    assert out == "end\n"


def test_callbacks_at_exit(clib):
    """atexit functions and destructors of the ending main thread still call back."""
    out = run(
        clib,
        """
        import atexit
        callback = ffi.callback("int(int)", lambda i: i + 1)
        class Last:
            def __del__(self, lib=lib, callback=callback):
                print("del", lib.call_int(callback, 1))
        last = Last()
        atexit.register(lambda: print("atexit", lib.call_int(callback, 41)))
        print("end")
        """,
    )
    assert out.split("\n")[:3] == ["end", "atexit 42", "del 2"]


ON_THREADS = """
    import atexit
    def ask():
        print(lib.on_threads(callback, 1, 3, 2))
"""


def test_threads_call_back_until_the_last_function_of_atexit(clib):
    """Whichever of them, and of the callbacks, was there first."""
    out = run(
        clib,
        ON_THREADS
        + """
    atexit.register(ask)
    callback = ffi.callback("int(int, int)", lambda a, b: a + b)
    atexit.register(ask)
        """,
    )
    assert out == "12\n12\n"


def test_the_first_callback_is_made_by_a_function_of_atexit(clib):
    out = run(
        clib,
        ON_THREADS
        + """
    @atexit.register
    def make():
        global callback, late
        callback = ffi.callback("int(int, int)", lambda a, b: a + b)
        late = ffi.callback("int(int)", lambda i: i + 1, error=-5)
        lib.call_at_exit(late, 7)
        ask()
        """,
    )
    assert out == "12\nexit: -5\n"


def test_the_first_callback_is_made_after_the_functions_of_atexit(clib):
    out = run(
        clib,
        """
        class Last:
            def __del__(self, ffi=ffi, lib=lib):
                late = ffi.callback("int(int)", lambda i: i + 1, error=-5)
                print(lib.call_int(late, 7))
                lib.call_at_exit(late, 7)
        last = Last()
        """,
    )
    assert out == "8\nexit: -5\n"


def test_functions_of_atexit_are_forgotten(clib):
    """As multiprocessing does in a forked child, which goes on."""
    out = run(
        clib,
        ON_THREADS
        + """
    callback = ffi.callback("int(int, int)", lambda a, b: a + b)
    atexit._clear()
    ask()
    late = ffi.callback("int(int)", lambda i: i + 1, error=-5)
    lib.call_at_exit(late, 7)
        """,
    )
    assert out == "12\nexit: -5\n"


@needs_fork
def test_fork(clib):
    out = run(
        clib,
        """
        import os, warnings
        warnings.simplefilter("ignore")
        callback = ffi.callback("int(int)", lambda i: i + 1)
        two = ffi.callback("int(int, int)", lambda a, b: a + b)
        assert lib.call_int(callback, 1) == 2
        assert lib.on_threads(two, 1, 3, 2) == 12
        child = os.fork()
        assert lib.call_int(callback, 5) == 6
        assert lib.on_threads(two, 1, 3, 2) == 12
        fresh = ffi.callback("int(int)", lambda i: i + 2)
        assert lib.call_int(fresh, 5) == 7
        if child:
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
            print("end")
        """,
    )
    assert out == "end\n"


@needs_fork
def test_fork_inside_a_callback(clib):
    out = run(
        clib,
        """
        import os, warnings
        warnings.simplefilter("ignore")
        inner = ffi.callback("int(int)", lambda i: i + 1)
        def fork(i):
            child = os.fork()
            if child == 0:
                os._exit(0 if lib.call_int(inner, 5) == 6 else 1)
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(lib.call_int(ffi.callback("int(int)", fork, -1), 1))
        two = ffi.callback("int(int, int)", lambda a, b: fork(a), -1)
        print(lib.on_threads(two, 1, 1, 1))
        """,
    )
    assert out == "0\n0\n"


def test_exit_handlers_of_c_get_the_error_value(clib):
    """They run when there is no interpreter any more."""
    out = run(
        clib,
        """
        callback = ffi.callback("int(int)", lambda i: i + 1, error=-5)
        assert lib.call_int(callback, 1) == 2
        lib.call_at_exit(callback, 7)
        """,
    )
    assert out == "exit: -5\n"


def test_short_lived_threads_of_c_while_the_process_ends(clib):
    """Some end, with a thread state of theirs, while the interpreter does."""
    out = run(
        clib,
        """
        import threading, time
        seen, local = set(), threading.local()
        def call(i):
            local.value = object()
            seen.add(threading.get_ident())
            return 0
        callback = ffi.callback("int(int)", call, error=1)
        for _ in range(2):
            lib.start_spawning(callback)
        time.sleep(0.05)
        assert seen
        print("end")
        """,
    )
    assert out == "end\n"


def test_the_end_waits_for_a_callback_that_runs(clib):
    out = run(
        clib,
        """
        import os, threading, time
        inside = threading.Event()
        def call(i):
            inside.set()
            time.sleep(0.2)
            os.write(1, b"ran to its end\\n")
            return 0
        callback = ffi.callback("int(int)", call)
        lib.start_forever(callback)
        inside.wait()
        """,
    )
    assert out == "ran to its end\n"


def test_the_end_does_not_wait_forever(clib):
    """A callback that never returns does not keep the process from ending."""
    out = run(
        clib,
        """
        import threading
        inside, never = threading.Event(), threading.Event()
        callback = ffi.callback("int(int)", lambda i: inside.set() or never.wait() or 0)
        lib.start_forever(callback)
        inside.wait()
        print("end")
        """,
    )
    assert out == "end\n"


@needs_fork
def test_a_thread_of_c_goes_on_after_a_fork_in_its_callback(clib):
    """In the child it is the only thread, and ends as it would have."""
    out = run(
        clib,
        """
        import os, threading, warnings
        warnings.simplefilter("ignore")
        children, local = [], threading.local()
        def fork(a, index):
            local.value = index
            child = os.fork()
            if child == 0:
                os.write(1, b"child\\n")
            else:
                children.append(child)
            return 1
        assert lib.on_threads(ffi.callback("int(int, int)", fork), 0, 1, 1) == 1
        status = os.waitpid(children[0], 0)[1]
        print("parent", os.waitstatus_to_exitcode(status))
        """,
    )
    assert out == "child\nparent 0\n"


@needs_fork
def test_fork_while_threads_of_c_call_back(clib):
    """The child, where those threads are not, runs callbacks and ends by itself."""
    out = run(
        clib,
        """
        import os, sys, time, warnings
        warnings.simplefilter("ignore")
        callback = ffi.callback("int(int)", lambda i: time.sleep(0.002) or 0)
        inner = ffi.callback("int(int)", lambda i: i + 1)
        lib.start_forever(callback)
        for _ in range(5):
            time.sleep(0.003)
            child = os.fork()
            if child == 0:
                two = ffi.callback("int(int, int)", lambda a, b: a + b)
                sys.exit(0 if lib.call_int(inner, 5) == 6 and lib.on_threads(two, 1, 2, 1) == 3
                         else 1)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        print("end")
        """,
    )
    assert out == "end\n"


@pytest.mark.parametrize("own_gil", [True, False])
def test_an_interpreter_ends_while_a_thread_of_c_calls_it_back(clib, own_gil):
    """From then on C gets the error value; the other interpreters go on."""
    out = run(
        clib,
        """
        import time
        CODE = SETUP + f"HEADER = {HEADER!r}; PATH = {PATH!r}" + READY + SUB
        interp = create(OWN_GIL)
        execute(interp, CODE)
        time.sleep(0.05)
        _interpreters.destroy(interp)
        time.sleep(0.02)
        before = lib.ticker_sum()
        time.sleep(0.02)
        assert lib.ticker_sum() - before >= 1000  # the error value, each time
        assert lib.call_int(ffi.callback("int(int)", lambda i: i + 1), 1) == 2
        print("end")
        """,
        OWN_GIL=own_gil,
        SUB="""
import threading
local = threading.local()
def call(i):
    local.value = [i]
    return 0
callback = ffi.callback("int(int)", call, error=1000)
lib.start_forever(callback)
""",
    )
    assert out == "end\n"
