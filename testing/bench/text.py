"""The declarations that bench_cdef parses: deterministic, and valid for cffi too."""

import random

PRIMITIVES = [
    "int", "unsigned int", "char", "unsigned char", "short", "long", "unsigned long",
    "long long", "float", "double", "uint8_t", "uint16_t", "int32_t", "uint64_t", "size_t",
]  # fmt: skip


def declarations(count: int, seed: int = 1) -> str:
    """COUNT structs, COUNT prototypes and COUNT defines: 200 bytes for each three.

    Types refer to earlier structs, as headers do, by value and by pointer.
    """
    rng = random.Random(seed)
    parts = []
    for i in range(count):
        parts.append(struct(rng, i))
        parts.append(prototype(rng, i))
        parts.append(f"#define FLAG_{i} {rng.randrange(1 << 24):#x}\n")
    return "".join(parts)


def struct(rng: random.Random, i: int) -> str:
    """A record of five to nine members; one in four holds an array."""
    members = [f"{rng.choice(PRIMITIVES)} m{k};" for k in range(rng.randint(4, 8))]
    if i % 4 == 0:
        members.append(f"unsigned char name[{rng.randint(1, 64)}];")
    elif i:
        members.append(f"struct rec_{rng.randrange(max(0, i - 50), i)} *next;")
    return f"struct rec_{i} {{ {' '.join(members)} }};\n"


def prototype(rng: random.Random, i: int) -> str:
    """A function of one to three arguments, one of them a record's address."""
    arguments = [f"struct rec_{i} *self"]
    arguments += [f"{rng.choice(PRIMITIVES)} a{k}" for k in range(rng.randint(0, 2))]
    return f"{rng.choice(PRIMITIVES)} func_{i}({', '.join(arguments)});\n"
