"""What is timed: statements, in groups, with what they need and the ratio that is asked for.

A statement runs with the names that peers.py gives: a peer without one of them is left out.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """target: of our time to the peer `against`, in what the group compares."""

    group: str
    title: str
    statement: str
    target: float | None = None
    on_313: float | None = None  # the target there, where it is another
    calls: int = 1  # that one statement makes


KEPT = [
    Case("kept", "f()", "nothing()", 0.40),
    Case("kept", "int add(int, int)", "add(1, 2)", 0.30),
    Case("kept", "double mul(double, double)", "mul(1.5, 2.5)", 0.30),
    Case("kept", "bytes to const char *", "first(b'text')", 0.30),
    Case("kept", "struct pointer", "norm1(point)", 0.30),
    Case("kept", "one pointer", "same(point)", 0.35),
    Case("kept", "six mixed", "mixed(1, 2.5, b'text', 3, 4.5, point)", 0.30),
    Case("kept", "struct by value in", "sum_point(value)", 0.30),
    Case("kept", "struct by value out", "make_point(1, 2)", 0.45),
]
#: The GIL released: our time less an empty pair, over cffi's less the same pair.
RELEASED_TARGETS = {"f()": 0.80, "one pointer": 0.60}
RELEASED = [
    Case("released", c.title, c.statement, RELEASED_TARGETS.get(c.title, 0.45)) for c in KEPT
]
ABI_TARGETS = {
    "f()": 0.60,
    "bytes to const char *": 0.33,
    "struct by value in": 0.50,
    "struct by value out": 0.50,
}
ABI = [Case("abi", c.title, c.statement, ABI_TARGETS.get(c.title, 0.28)) for c in KEPT]
ABI += [Case("abi", "variadic", "sum_ints(2, one, two)", 0.50)]
LIB = [Case("lib", "lib.f(1, 2)", "lib.add(1, 2)")]
DATA = [
    Case("data", "p.x", "point.x", 0.40, 0.50),
    Case("data", "p.x = 5", "point.x = 5", 0.40),
    Case("data", "p.a.b", "line.a.x", 0.50),
    Case("data", "a[i]", "array[3]", 0.45, 0.55),
    Case("data", "a[i] = v", "array[3] = 5", 0.40),
    Case("data", "a[1:9]", "array[1:9]", 0.65),
    Case("data", "a[0:3] = [1, 2, 3]", "array[0:3] = three", 0.65),
    Case("data", "new('point *')", "new('struct point *')", 0.40),
    Case("data", "new('int[10]')", "new('int[10]')", 0.50),
    Case("data", "new('int[]', list of 100)", "new('int[]', hundred)", 0.12),
    Case("data", "list(array of 1,000)", "list(thousand)", 0.50),
    Case("data", "unpack(array of 1,000)", "unpack(thousand, 1000)", 0.50),
    Case("data", "string(char *)", "string(text)", 0.50),
    Case("data", "from_buffer(bytes)", "from_buffer(data)", 0.50),
    Case("data", "buffer(array)", "buffer(array)", 0.50),
    Case("data", "cast('int', 5)", "cast('int', 5)", 0.50),
]
CALLBACK = [
    Case("callback", "ffi.callback()", "apply(callback, 100)", 0.40, calls=100),
    Case("callback", 'extern "Python"', "apply(from_c, 100)", 0.40, calls=100),
]
CASES = [*KEPT, *RELEASED, *ABI, *LIB, *DATA, *CALLBACK]
#: Each once; and the pair that compare.py takes off.
STATEMENTS = list(dict.fromkeys([*(case.statement for case in CASES), "gil_pair()"]))
