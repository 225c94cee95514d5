"""The import with a first cdef, in fresh processes, against cffi's and ctypes'."""

from measure import Row, beside, in_fresh_process, interleaved

FIRST_CDEF = """
import time
start = time.perf_counter()
from {module} import FFI
FFI().cdef("int add(int, int);")
print(time.perf_counter() - start)
"""

FIRST_PROTOTYPE = """
import time
start = time.perf_counter()
from ctypes import CFUNCTYPE, c_int
CFUNCTYPE(c_int, c_int, c_int)
print(time.perf_counter() - start)
"""


def run(quick: bool) -> list[Row]:
    ours, cffi, ctypes = interleaved(
        5 if quick else 20,
        lambda: in_fresh_process(FIRST_CDEF.format(module="cffi_core")),
        lambda: in_fresh_process(FIRST_CDEF.format(module="cffi")),
        lambda: in_fresh_process(FIRST_PROTOTYPE),
    )
    return [
        beside("import and a first cdef", ours, "cffi", cffi, 1 / 9),
        beside("import and a first prototype", ours, "ctypes", ctypes),
    ]
