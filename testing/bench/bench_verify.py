"""verify() of two functions, cold and warm, in fresh processes, against cffi's."""

import os
import subprocess
import sys
import tempfile
import time

from measure import Row, beside, in_fresh_process, interleaved, seconds

DECLARED = "int add2(int, int); double half2(double);"
SOURCE = """
static int add2(int a, int b) { return a + b; }
static double half2(double x) { return x / 2; }
"""

# argv: the directory of compiled modules: our cache, or cffi's tmpdir. Prints what verify() took.
COLD = """
import sys, time
from MODULE import FFI
ffi = FFI()
ffi.cdef(DECLARED)
start = time.perf_counter()
lib = ffi.verify(SOURCE, WHERE)
took = time.perf_counter() - start
assert lib.add2(40, 2) == 42
print(took)
"""


# setuptools, which cffi's verify() imports, imports all of Cython where that is installed, as it is
# here for other benchmarks: half of cffi's time.
HIDE_CYTHON = "import sys; sys.modules['Cython'] = None\n"


def program(module: str) -> str:
    if module == "cffi":
        where = "tmpdir=sys.argv[1]"
    else:
        where = "**environ.update(CFFI_CORE_CACHE=sys.argv[1]) or {}"
    given = f"from os import environ; DECLARED = {DECLARED!r}; SOURCE = {SOURCE!r}"
    return given + COLD.replace("MODULE", module).replace("WHERE", where)


def cold(module: str, first: str = HIDE_CYTHON) -> float:
    with tempfile.TemporaryDirectory() as tmpdir:
        return in_fresh_process(first + program(module), tmpdir)


def process(text: str, *arguments: str) -> float:
    """A whole process, from its start to its end."""
    command = [sys.executable, "-c", text, *arguments]
    return seconds(lambda: subprocess.run(command, check=True, capture_output=True, cwd="/"))


def gcc() -> float:
    """What the compiler takes for the user's two functions alone."""
    with tempfile.TemporaryDirectory() as tmpdir:
        path = os.path.join(tmpdir, "two.c")
        with open(path, "w") as file:
            file.write(SOURCE.replace("static ", ""))
        command = ["gcc", "-O2", "-fPIC", "-shared", path, "-o", path + ".so"]
        start = time.perf_counter()
        subprocess.run(command, check=True)
        return time.perf_counter() - start


def run(quick: bool) -> list[Row]:
    rounds = 3 if quick else 10
    ours, cffi, with_cython, compiler = interleaved(
        rounds,
        lambda: cold("cffi_core"),
        lambda: cold("cffi"),
        lambda: cold("cffi", first=""),
        gcc,
    )
    rows = [
        beside("verify() of two functions, cold", ours, "cffi", cffi, 1 / 10),
        beside("  beside gcc for their C alone", ours, "gcc", compiler),
        beside("  gcc alone beside cffi", compiler, "cffi", cffi),
        beside("  cffi where Cython is installed", ours, "cffi", with_cython, 1 / 10),
    ]
    with tempfile.TemporaryDirectory() as ours_dir, tempfile.TemporaryDirectory() as cffi_dir:
        jobs = (
            lambda: process(program("cffi_core"), ours_dir),
            lambda: process(program("cffi"), cffi_dir),
            lambda: process("pass"),
        )
        interleaved(1, *jobs)
        ours, cffi, bare = interleaved(rounds * 3, *jobs)
    what = "warm, interpreter start to first call, above a bare one"
    rows.append(beside(what, ours - bare, "cffi", cffi - bare, 1 / 6))
    return rows
