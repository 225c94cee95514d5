"""A process that has one peer loaded and times statements as it is told.

worker.py FOLDER PEER           then, a line each on stdin: REPEATS STATEMENT
                                and on stdout the seconds that one statement took, or `none`
"""

import ctypes
import gc
import sys
import time
from itertools import repeat

UNROLLED = 10  # statements in one turn of the loop, whose own time so hardly counts


def loop_of(statement: str, names: dict):
    """function(turns) that runs the statement in a loop; None when a name is missing."""
    code = compile(statement, "statement", "exec")
    used = [name for name in code.co_names if name in names]
    if not all(name in names or attribute_of(statement, name) for name in code.co_names):
        return None
    body = f"        {statement}\n" * UNROLLED
    text = f"def loop(turns, {', '.join(used)}):\n    for _ in turns:\n{body}"
    scope: dict = {}
    exec(text, scope)
    given = [names[name] for name in used]
    return lambda turns: scope["loop"](repeat(None, turns), *given)


def attribute_of(statement: str, name: str) -> bool:
    return f".{name}" in statement or hasattr(__builtins__, name)


def main() -> None:
    folder, peer = sys.argv[1:]
    sys.path.insert(0, folder)
    from peers import PEERS

    names = PEERS[peer]()
    mark = ctypes.CDLL(f"{folder}/libmark.so").bench_mark
    loops: dict = {}
    gc.disable()
    for line in sys.stdin:
        repeats, statement = line.rstrip("\n").split(" ", 1)
        if statement not in loops:
            loops[statement] = loop_of(statement, names)
        loop = loops[statement]
        if loop is None:
            print("none", flush=True)
            continue
        turns = max(1, int(repeats) // UNROLLED)
        mark()
        start = time.perf_counter()
        loop(turns)
        took = time.perf_counter() - start
        mark()
        print(took / (turns * UNROLLED), flush=True)


main()
