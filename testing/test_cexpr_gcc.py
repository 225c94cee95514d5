"""Random constant expressions mean to the parser what they mean to the C compiler."""

import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import FULL
from native import ROOT, build, compiler, output

COUNT = 20_000 if FULL else 1500

# Read by the compiler and by the parser alike.
NAMES = """\
typedef unsigned char uc; typedef short sh; typedef unsigned long ul; typedef float fl;
typedef enum e { RED, GREEN = 5, BLUE = -3, LARGE = 0x7fffffff } color;
enum wide { WIDE = 0x123456789a, ZERO = 0 };
enum positive { ONE = 1, TOP = 0xffffffff };
struct in { char c; long l[3]; };
struct s { int a; struct in inner; union { double d; char text[11]; }; struct in many[4]; };
extern int array[7]; extern struct s value; extern struct s *pointer; double function(int);
#define SMALL 3
#define MASK (SMALL << 4 | 1)
#define HUGE 0xffffffffffffffffu
#define NEGATIVE (-12345L)
#define RATIO 2.5
#define BYTE ((uc)200)
"""

INTEGERS = (
    ["char", "signed char", "uc", "sh", "unsigned short", "int", "unsigned", "long", "ul"]
    + ["long long", "unsigned long long", "_Bool", "color", "enum wide", "enum positive"]
)  # fmt: skip
FLOATS = ["float", "double", "fl"]
SIZED = INTEGERS + FLOATS + ["struct s", "struct in[3]", "void *", "int (*)(void)", "char[13]"]
OPERANDS = ["array", "array[1]", "value", "value.inner", "pointer->text", "*pointer", "pointer",
            "&value", "function(1)", "array[0] + 1L", "value.inner.l[1] * 2", '"text"', "'x'",
            "(char)1 + (char)2", "1 ? 2 : 3.0f", "&array[1] - &array[0]"]  # fmt: skip
MEMBERS = ["a", "inner", "inner.l", "inner.l[2]", "d", "text[7]", "many[3].c", "many[SMALL].l[1]"]
NAMED = ["RED", "GREEN", "BLUE", "LARGE", "WIDE", "ZERO", "ONE", "TOP"]
NAMED += ["SMALL", "MASK", "HUGE", "NEGATIVE", "RATIO", "BYTE"]
CHARACTERS = ["'a'", r"'\n'", r"'\0'", r"'\x41'", r"'\377'", r"'\''", r"'\\'", "'ab'", "'abcd'",
              r"'\xff\x01'", "L'x'", "u'y'", "U'z'", r"L'\u20ac'", r"'\e'", r"'\"'"]  # fmt: skip
BINARY = ["||", "&&", "|", "^", "&", "==", "!=", "<", ">", "<=", ">=", "<<", ">>", "+", "-", "*",
          "/", "%"]  # fmt: skip


def literal(rng: random.Random) -> str:
    """An integer constant whose type gcc finds by C's list (no 128-bit ones)."""
    value = rng.choice([rng.randrange(10), rng.randrange(256), 1 << rng.randrange(63)])
    value += rng.choice([0, 0, -1, 1]) if value else 0
    suffix = rng.choice(["", "", "", "u", "L", "UL", "ll", "uLL"])
    return rng.choice([f"{value}", f"{value:#x}", f"0{value:o}", f"{value:#b}"]) + suffix


def number(rng: random.Random) -> str:
    """A floating constant."""
    forms = ["1.5", "0.25f", "3e2", "0x1p3", "1e-3", ".5", "7.", "1e10"]
    return rng.choice(forms)


def leaf(rng: random.Random) -> str:
    """What stands at the end of an expression."""
    kind = rng.randrange(20)
    if kind < 8:
        return literal(rng)
    if kind < 10:
        return rng.choice(CHARACTERS)
    if kind < 14:
        return rng.choice(NAMED)
    if kind < 16:
        return f"sizeof({rng.choice(SIZED)})"
    if kind < 17:
        return f"_Alignof({rng.choice(SIZED)})"
    if kind < 18:
        return f"sizeof({rng.choice(OPERANDS)})"
    if kind < 19:
        return f"__builtin_offsetof(struct s, {rng.choice(MEMBERS)})"
    return number(rng)


def expression(rng: random.Random, depth: int) -> str:
    """An expression: most are valid constants, some are not."""
    if depth == 0 or rng.random() < 0.1:
        return leaf(rng)
    kind = rng.randrange(20)
    a = expression(rng, depth - 1)
    if kind < 3:
        return f"({rng.choice(INTEGERS)})({a})"
    if kind < 4:
        return f"({rng.choice(FLOATS)})({a})"
    if kind < 7:
        return f"{rng.choice(['-', '~', '!', '+', '__extension__ '])}({a})"
    if kind < 8:
        return f"sizeof({a})"
    b = expression(rng, depth - 1)
    if kind < 10:
        c = expression(rng, depth - 1)
        return f"({a} ? {b} : {c})"
    text = f"{a} {rng.choice(BINARY)} {b}"
    return f"({text})" if rng.random() < 0.5 else text


# What gcc only warns about and we refuse: the value is undefined in C.
UNDEFINED = re.compile(r"-Woverflow|-Wdiv-by-zero|-Wshift-count")
MESSAGE = re.compile(r"^[^:]*:(\d+):\d+: (error|warning): (.*)$", re.M)


def messages(source: Path) -> tuple[set[int], set[int]]:
    """The lines that do not compile, and those that compile to something undefined."""
    done = subprocess.run(
        [*compiler(), "-std=gnu11", "-fsyntax-only", "-fmax-errors=0", source],
        capture_output=True,
        text=True,
        check=False,
    )
    errors, undefined = set(), set()
    for line, kind, message in MESSAGE.findall(done.stderr):
        if kind == "error":
            errors.add(int(line))
        elif UNDEFINED.search(message):
            undefined.add(int(line))
    return errors, undefined


def initializers(expressions: list[str]) -> str:
    """One line for each: its value and the sign of its type."""
    lines = [
        f"{{ (long long)({text}), ((__typeof__({text}))-1 > 0) }}," for text in expressions
    ]
    head = f"{NAMES}static const struct {{ long long v; int u; }} x[] = {{\n"
    return head + "\n".join(lines) + "\n};\n"


def by_compiler(folder: Path, expressions: list[str]) -> list[str]:
    """For each what the driver should print; "error" where there is no value."""
    source = folder / "probe.c"
    source.write_text(initializers(expressions))
    errors, undefined = messages(source)
    offset = source.read_text().split("x[] = {\n")[0].count("\n") + 2
    bad = {line - offset for line in errors | undefined}
    # Behind a floating condition gcc warns of branches not taken, too.
    blind = {i for i in bad if is_float(expressions[i]) and i + offset not in errors}
    good = [text for i, text in enumerate(expressions) if i not in bad]
    main = """
#include <stdio.h>
int main(void) { for (unsigned i = 0; i < sizeof x / sizeof *x; i++)
    if (x[i].u) printf("%llu u\\n", (unsigned long long)x[i].v); else printf("%lld s\\n", x[i].v);
    return 0; }
"""
    source.write_text(initializers(good) + main)
    subprocess.run([*compiler(), "-w", source, "-o", folder / "probe"], check=True)
    values = iter(output(folder / "probe").splitlines())
    outcomes = ["error" if i in bad else next(values) for i in range(len(expressions))]
    return ["" if i in blind else outcome for i, outcome in enumerate(outcomes)]


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cexpr")
    names = folder / "names.h"
    names.write_text(NAMES)
    program = build(folder, "constants", [ROOT / "testing" / "c" / "constants.c"])
    return lambda text, *target: output(program, names, *target, text=text).splitlines()


def test_random_expressions(driver, tmp_path):
    rng = random.Random() if FULL else random.Random(20)
    expressions = []
    while len(expressions) < COUNT:
        text = expression(rng, rng.randrange(1, 5))
        # An integer is asked for; what is a float becomes one.
        expressions.append(text if len(text) < 2000 else "0")
    expressions = [f"(long long)({text})" if is_float(text) else text for text in expressions]
    expected = by_compiler(tmp_path, expressions)
    found = driver("\n".join(expressions) + "\n")
    assert len(found) == len(expected)
    # Undefined, too, but gcc says nothing: of a shift into the sign it has forgotten all.
    # What a floating comparison decides it only finds when it no longer warns.
    silent = re.compile(
        "a floating value out of the integer's range|overflow.*<<"
        "|(division by zero|shift count is out of range).*\\d\\."
    )
    wrong = [
        f"{text}\n    compiler {want}, parser {got}"
        for text, want, got in zip(expressions, expected, found, strict=True)
        if want and (got.split()[0] if want == "error" else got) != want
        and not silent.search(got + text)
    ]
    assert not wrong, f"{len(wrong)} of {COUNT}:\n" + "\n".join(wrong[:20])
    assert sum(want != "error" for want in expected) > COUNT / 3


TARGETS = ["i386-linux-gnu", "aarch64-linux-gnu", "arm-linux-gnueabihf", "s390x-linux-gnu",
           "x86_64-windows-msvc", "i386-windows-msvc", "aarch64-apple-darwin"]  # fmt: skip
REFUTED = re.compile(r"^[^:]*:(\d+):\d+: error: (?:static_assert|static assertion) failed", re.M)


@pytest.mark.parametrize("target", TARGETS)
def test_random_expressions_elsewhere(driver, tmp_path, target):
    """What has a value here and there has the same on platforms with other sizes and signs."""
    clang = shutil.which("clang")
    if not clang:
        pytest.skip("needs clang, for its many targets")
    rng = random.Random(target)
    expressions = [expression(rng, rng.randrange(1, 4)) for _ in range(COUNT // 4)]
    expressions = [text for text in expressions if not is_float(text)]
    found = driver("\n".join(expressions) + "\n", target)
    # A shift into the sign is a number to gcc and to us, but not to clang.
    values = [
        (text, value.split()) for text, value in zip(expressions, found, strict=True)
        if not value.startswith("error")
    ]  # fmt: skip
    lines = [
        f"_Static_assert((unsigned long long)({text}) == {int(value) % 2**64}u "
        f"&& ((__typeof__({text}))-1 > 0) == {int(sign == 'u')}, \"\");"
        for text, (value, sign) in values
    ]
    source = tmp_path / "asserts.c"
    source.write_text(NAMES + "\n".join(lines) + "\n")
    done = subprocess.run(
        # (Of "msvc" clang would take that every enum is an int.)
        [clang, f"--target={target.replace('msvc', 'gnu')}", "-w", "-ferror-limit=0"]
        + ["-fsyntax-only", source],
        capture_output=True,
        text=True,
        check=False,
    )
    before = NAMES.count("\n") + 1
    wrong = [values[int(line) - before] for line in REFUTED.findall(done.stderr)]
    assert not wrong, f"{len(wrong)} of {len(values)}: {wrong[:10]}"
    assert len(values) > len(expressions) / 3
    # Most are constants to clang, too, and were compared.
    assert done.stderr.count("error:") < len(values) / 5, done.stderr[-2000:]


def is_float(text: str) -> bool:
    """May this have a floating type?"""
    return bool(re.search(r"RATIO|\bfl\b|float|double|\d\.|\.\d|\de\d|0x1p|\de-", text))
