"""Random records with random initializers, under cffi_core and under stock cffi.

    python testing/differential/initializers.py SEED

prints what each record's layout is and what came of each initializer, as JSON lines.
"""

import json
import random
import re
import sys
import warnings

PRIMITIVES = [
    "char", "signed char", "unsigned char", "short", "int", "unsigned", "long", "unsigned long",
    "float", "double", "_Bool", "wchar_t", "int *", "char *", "enum e",
]  # fmt: skip
NUMBERS = [0, 1, -1, 2, 5, 127, 128, 255, 256, 70000, 2**31, 2**40, -(2**70), 1.5, -2.0, 1e40]
TEXTS = [b"", b"a", b"ab", b"abc", b"\0", "", "a", "ab", "\U00010000"]
RECORDS, ROUNDS = 40, 12

# Where both refuse, and cffi tells of another reason, or of the wrong type.
WORDED = (
    "too many initializers",  # is told first
    "char32_t",
    "int too big",
    "must be a list or tuple or dict, not",
)


class Maker:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.known: list[str] = []

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def member(self, name: str, depth: int) -> str:
        kind = self.random.choice(PRIMITIVES)
        if self.chance(0.12):
            return f"int {name} : {self.random.randint(1, 31)};"
        if self.chance(0.2) and depth < 2:
            body = self.members(name, depth + 1)
            return f"{self.random.choice(['struct', 'union'])} {{ {body} }};"
        if self.chance(0.15) and self.known:
            return f"{self.random.choice(self.known)} {name};"
        if self.chance(0.25):
            return f"{kind} {name}[{self.random.randint(1, 3)}];"
        return f"{kind} {name}[2][2];" if self.chance(0.06) else f"{kind} {name};"

    def members(self, prefix: str, depth: int) -> str:
        count = self.random.randint(1, 4)
        return " ".join(self.member(f"{prefix}{i}", depth) for i in range(count))

    def record(self, n: int) -> tuple[str, str]:
        """Its name and its declaration."""
        name = f"{'union' if self.chance(0.25) else 'struct'} t{n}"
        text = f"{name} {{ {self.members('f', 0)} }};"
        self.known.append(name)
        return name, text

    def value(self, depth: int = 0) -> object:
        if self.chance(0.42):
            return self.random.choice(NUMBERS)
        if self.chance(0.2):
            return self.random.choice(TEXTS)
        if self.chance(0.1):
            return self.random.choice([None, True, False, ()])
        count = self.random.randint(0, 4)
        if depth == 4 or self.chance(0.15):
            return {f"f{i}": 1 for i in range(count)}
        return [self.value(depth + 1) for _ in range(count)]


def outcome(function, *arguments) -> str:
    try:
        return function(*arguments)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def outcomes(FFI, seed: int):
    maker, ffi = Maker(seed), FFI()
    ffi.cdef("enum e { A, B = 5, C = -2 };")

    def made(cdecl: str, value: object) -> str:
        p = ffi.new(cdecl, value)
        return f"{ffi.sizeof(p[0])} {bytes(ffi.buffer(p)).hex()}"

    def assigned(cdecl: str, name: str, value: object) -> str:
        p = ffi.new(cdecl)
        setattr(p, name, value)
        return f"{bytes(ffi.buffer(p)).hex()} {getattr(p, name)!r}"

    for n in range(RECORDS):
        name, text = maker.record(n)
        ffi.cdef(text)
        fields = ffi.typeof(name).fields
        shown = [(n, f.type.cname, f.offset, f.bitshift, f.bitsize, f.flags) for n, f in fields]
        yield text, repr((ffi.sizeof(name), ffi.alignof(name), shown))
        for _ in range(ROUNDS):
            value = [maker.value(1) for _ in range(maker.random.randint(0, 5))]
            yield f"{name} = {value}", outcome(made, f"{name} *", value)
            field, value = maker.random.choice(fields)[0], maker.value()
            yield f"{name}.{field} = {value!r}", outcome(assigned, f"{name} *", field, value)


def differences(ours: list, peers: list) -> list[tuple]:
    """What differs without a reason."""
    assert [what for what, _ in ours] == [what for what, _ in peers]
    pairs = [(*mine, theirs) for mine, (_, theirs) in zip(ours, peers, strict=True)]
    is_error = re.compile(r"\w+Error: ").match
    return [
        (what, mine, theirs)
        for what, mine, theirs in pairs
        if mine != theirs
        and not (is_error(mine) and is_error(theirs) and any(w in mine + theirs for w in WORDED))
    ]


def main() -> None:
    try:
        from cffi_core import FFI
    except ImportError:
        from cffi import FFI
    warnings.simplefilter("ignore")
    for pair in outcomes(FFI, int(sys.argv[1])):
        what, found = (re.sub(r"0x[0-9a-f]{6,}", "0xADDRESS", text) for text in pair)
        print(json.dumps([what, found]))


if __name__ == "__main__":
    main()
