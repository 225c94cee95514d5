"""cdef of 2,000 structs, 2,000 prototypes and 2,000 defines, against cffi's;
how it grows to 100 times that text; how much memory a declaration takes."""

from pathlib import Path

import cffi
from measure import Row, beside, in_fresh_process, interleaved, seconds
from text import declarations

import cffi_core

COUNT = 2000
DECLARATIONS = 3  # of one struct, prototype and define

# Growth is linear in instructions (doc/benchmarks.md); a table of 200 MB no longer fits
# the processor's caches, which costs up to this factor. A quadratic step would cost 10 or 100.
LINEAR = 2.0

# Prints the seconds (of processor time) of one cdef of that many structs, prototypes and
# defines, or the bytes that it made the process grow by.
PROGRAM = """
import sys, time
sys.path.insert(0, {here!r})
from text import declarations
from {module} import FFI
def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096
text = declarations(int(sys.argv[2]))
FFI().cdef("int warm_up(int);")
ffi = FFI()
memory, start = resident(), time.process_time()
ffi.cdef(text)
took, memory = time.process_time() - start, resident() - memory
print(took if sys.argv[1] == "seconds" else memory)
"""


def in_process(module: str, what: str, count: int) -> float:
    program = PROGRAM.format(here=str(Path(__file__).parent), module=module)
    return in_fresh_process(program, what, str(count))


def cdef_seconds(module, text: str) -> float:
    ffi = module.FFI()
    return seconds(lambda: ffi.cdef(text))


def against_cffi(rounds: int) -> list[Row]:
    text = declarations(COUNT)
    theirs, ours = interleaved(
        rounds, lambda: cdef_seconds(cffi, text), lambda: cdef_seconds(cffi_core, text)
    )
    title = f"cdef of {COUNT * DECLARATIONS:,} declarations ({len(text) // 1000} kB)"
    return [
        beside(title, ours, "cffi", theirs, 1 / 200),
        Row("  the same, throughput", len(text) / ours / 1e6, "MB/s"),
    ]


def growth(quick: bool) -> list[Row]:
    """Time by declaration at 10 and 100 times the text, over that at 1 time."""
    factors = (1, 10) if quick else (1, 10, 100)
    jobs = [lambda f=factor: in_process("cffi_core", "seconds", COUNT * f) for factor in factors]
    base, *more = interleaved(3, *jobs)
    return [
        beside(f"  {factor} times that text", took, f"{factor} x base", base * factor, LINEAR)
        for factor, took in zip(factors[1:], more, strict=True)
    ]


def memory(quick: bool) -> list[Row]:
    count = COUNT * (1 if quick else 10)
    ours = in_process("cffi_core", "memory", count) / (count * DECLARATIONS)
    theirs = in_process("cffi", "memory", COUNT) / (COUNT * DECLARATIONS)
    return [Row("  memory of a declaration", ours, "bytes", "cffi", theirs)]


def run(quick: bool) -> list[Row]:
    return against_cffi(2 if quick else 5) + growth(quick) + memory(quick)
