"""How statements scale: one thread, then two, each with objects of its own.

threads_worker.py FOLDER MODE ROUNDS       prints JSON: by statement, seconds with one and with two

What the threads share is what a program's threads share: modules, libraries, functions, types.  A
variable's object is each thread's own, as Python itself counts references to it.
"""

import gc
import json
import sys
import threading
import time
from collections.abc import Callable
from itertools import repeat

ABOUT = 0.02  # seconds of one loop
UNROLLED = 10
DECLARED = """
    struct point { int x, y; };
    int add(int, int);
    int first(const char *);
"""
#: By title: the statement, and what each thread makes for itself: a constant of the loop's code
#: that is no identifier, like 'int[10]', is counted on CPython 3.13t, and by all threads.
PURE = "python: f(1, 2)"
STATEMENTS = {
    PURE: ("pure(1, 2)", {}),
    "f(1, 2)": ("add(1, 2)", {}),
    "lib.f(1, 2)": ("lib.add(1, 2)", {}),
    "f(b'text')": ("first(text)", {"text": "b'some ' + b'text'"}),
    "p.x": ("p.x", {"p": "ffi.new('struct point *')"}),
    "p.x = 5": ("p.x = 5", {"p": "ffi.new('struct point *')"}),
    "a[3]": ("a[3]", {"a": "ffi.new('int[10]')"}),
    "new('struct point *')": ("new(name)", {"new": "ffi.new", "name": "'struct point *'"}),
    "ffi.new('int[10]')": ("ffi.new(name)", {"name": "'int[10]'"}),
    "cast('int', 5)": ("cast(name, 5)", {"cast": "ffi.cast", "name": "'int'"}),
}


def pure(a, b):
    return a


def names_of(mode: str, folder: str) -> dict:
    sys.path.insert(0, folder)
    if mode.startswith("API"):
        from importlib import import_module

        made = import_module("_api_cffi_core_kept" if "kept" in mode else "_api_cffi_core")
        ffi, lib = made.ffi, made.lib
    else:
        from cffi_core import FFI

        ffi = FFI()
        ffi.cdef(DECLARED, release_gil="kept" not in mode)
        lib = ffi.dlopen(f"{folder}/libfunctions.so")
    return {"ffi": ffi, "lib": lib, "add": lib.add, "first": lib.first, "pure": pure}


def loop_of(title: str, shared: dict) -> Callable[[int], None]:
    """function(turns) for one thread: makes what is its own, waits for the others, runs."""
    statement, own = STATEMENTS[title]
    used = [name for name in compile(statement, "", "exec").co_names if name not in ("x",)]
    names = ", ".join(name for name in used if name in shared or name in own)
    body = f"        {statement}\n" * UNROLLED
    scope: dict = {}
    exec(f"def loop(turns, {names}):\n    for _ in turns:\n{body}", scope)

    def run(turns: int, ready: threading.Barrier, took: list) -> None:
        made = {name: eval(text, dict(shared)) for name, text in own.items()}
        given = [made.get(name, shared.get(name)) for name in names.split(", ") if name]
        ready.wait()
        start = time.perf_counter()
        scope["loop"](repeat(None, turns), *given)
        took.append((start, time.perf_counter()))

    return run


def timed(run, turns: int, threads: int) -> float:
    """Seconds from the first start to the last end."""
    ready, took = threading.Barrier(threads), []
    workers = [threading.Thread(target=run, args=(turns, ready, took)) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return max(end for _, end in took) - min(start for start, _ in took)


def main() -> None:
    folder, mode, rounds = sys.argv[1:]
    shared = names_of(mode, folder)
    loops = {title: loop_of(title, shared) for title in STATEMENTS}
    gc.disable()
    turns = {}
    for title, run in loops.items():
        timed(run, 100, 2)
        turns[title] = max(10, int(1000 * ABOUT / timed(run, 1000, 1)))
    best = {title: [float("inf"), float("inf")] for title in loops}
    for _ in range(int(rounds)):
        for title, run in loops.items():
            for threads in (1, 2):
                took = timed(run, turns[title], threads) / (turns[title] * UNROLLED)
                best[title][threads - 1] = min(best[title][threads - 1], took)
    print(json.dumps(best))


if __name__ == "__main__":
    main()
