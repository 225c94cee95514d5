"""A process that does one program's work with one peer, as often as it is told.

worker.py FOLDER PROGRAM PEER SIZE      then a line on stdin for each time; on stdout the seconds
                                        and a digest of the answer
"""

import gc
import sys
import time
from collections.abc import Callable
from importlib import import_module


def work(folder: str, name: str, peer: str) -> Callable[[int], object]:
    """The function to time, ready to run."""
    if name == "cairo":
        if peer.startswith("cffi_core"):
            sys.path.insert(0, f"{folder}/dropin")
        from cairo import draw

        return draw
    from programs import PROGRAMS

    program = PROGRAMS[name]
    if peer == "ctypes":
        return program.with_ctypes
    if peer in program.others:
        return program.others[peer]
    module, mode = peer.split()
    if mode == "API":
        made = import_module(f"_{name}_{module}")
        return lambda size: program.with_ffi(made.ffi, made.lib, size)
    ffi = import_module(module).FFI()
    ffi.cdef(program.declared)
    files = {"c": None, "z": "libz.so.1", "sqlite3": "libsqlite3.so.0"}
    lib = ffi.dlopen(files[program.library])
    return lambda size: program.with_ffi(ffi, lib, size)


def main() -> None:
    folder, name, peer, size = sys.argv[1:]
    sys.path.insert(0, folder)
    run = work(folder, name, peer)
    run(1)
    for _ in sys.stdin:
        gc.collect()
        start = time.perf_counter()
        answer = run(int(size))
        took = time.perf_counter() - start
        print(took, hash(str(answer)), flush=True)


main()
