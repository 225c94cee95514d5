"""Random record types: every size, alignment, offset and bit position as the compiler has it.

A seeded generator makes record types of everything that moves a member. One C program
per batch prints the compiler's figures: a bit-field's position is seen by setting the field
in zeroed memory. The parser's figures come from cdump. A type that differs is shrunk and
printed. 600 types by default, 12,000 with CFFI_CORE_FULL=1. The same by -m32, clang and
cross compilers (whose object files are read, not run) where the machine has them.
"""

import copy
import os
import random
import re
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cdump
import pytest

FULL = bool(os.environ.get("CFFI_CORE_FULL"))
BATCH = 600 if FULL else 300
BATCHES = 20 if FULL else 2

# Types a member may have, and those of bit-fields with their widths.
INTEGERS = {
    "char": 8,
    "signed char": 8,
    "unsigned char": 8,
    "short": 16,
    "unsigned short": 16,
    "int": 32,
    "unsigned int": 32,
    "long long": 64,
    "unsigned long long": 64,
    "int64_t": 64,
    "uint16_t": 16,
    "_Bool": 1,
    "enum plain": 32,
    "enum negative": 32,
    "enum small": 8,
    "int_1": 32,
    "int_2": 32,
    "int_16": 32,
    "int_64": 32,
    "char_4": 8,
    "llong_4": 64,
    "short_8": 16,
}
WIDE = {"__int128": 128, "unsigned __int128": 128, "long": 64, "unsigned long": 64}
SIZES = {k: max(n, 8) for k, n in (INTEGERS | WIDE).items()}  # of the types, bits
BIG_ENDIAN = ("s390x-linux-gnu",)
OTHERS = ["float", "double", "long double", "void *", "double _Complex", "double_2", "array_16"]
# Their alignment is no divisor of their size: no array may have them.
NO_ARRAY = {"int_16", "int_64", "char_4", "short_8", "array_16"}

PRELUDE = """\
enum plain { PLAIN };
enum negative { NEGATIVE = -1 };
enum __attribute__((packed)) small { SMALL = 3 };
typedef int int_1 __attribute__((aligned(1)));
typedef int int_2 __attribute__((aligned(2)));
typedef int int_16 __attribute__((aligned(16)));
typedef int int_64 __attribute__((aligned(64)));
typedef char char_4 __attribute__((aligned(4)));
typedef long long llong_4 __attribute__((aligned(4)));
typedef short short_8 __attribute__((aligned(8)));
typedef double double_2 __attribute__((aligned(2)));
typedef char array_16[3] __attribute__((aligned(16)));
"""


@dataclass
class Member:
    type: str = ""
    name: str = ""
    bits: int | None = None
    array: str = ""
    attribute: str = ""
    body: "Record | None" = None

    def text(self) -> str:
        before, attribute = self.attribute, ""
        if not before.startswith("_Alignas"):
            before, attribute = "", f" {before}"
        declared = self.body.text() if self.body else self.type
        bits = "" if self.bits is None else f" : {self.bits}"
        return f"{before} {declared} {self.name}{self.array}{bits}{attribute};".strip()


@dataclass
class Record:
    word: str = "struct"
    tag: str = ""
    attributes: list[str] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    pack: int = 0

    def text(self) -> str:
        attributes = f" __attribute__(({', '.join(self.attributes)}))" if self.attributes else ""
        body = " ".join(member.text() for member in self.members)
        return f"{self.word} {self.tag} {{ {body} }}{attributes}"

    def declaration(self) -> str:
        if self.pack:
            return f"#pragma pack(push, {self.pack})\n{self.text()};\n#pragma pack(pop)\n"
        return f"{self.text()};\n"

    def paths(self, prefix: str = "") -> Iterator[tuple[str, Member]]:
        """Every named member, those inside nested bodies too, as C writes it."""
        for member in self.members:
            path = prefix + member.name
            if member.name:
                yield path, member
            if member.body and not member.array:
                yield from member.body.paths(path + "." if member.name else prefix)


class Generator:
    def __init__(
        self,
        seed: int,
        *,
        wide: bool = True,
        ms: bool = True,
        aligned: bool = True,
        without: tuple[str, ...] = (),
    ) -> None:
        self.random = random.Random(seed)
        self.layouts = ["ms_struct", "ms_struct", "gcc_struct"] if ms else []
        self.integers = INTEGERS | WIDE if wide else dict(INTEGERS)
        if ms:  # then _Alignof says less than the layout goes by
            del self.integers["int_64"]
        self.others = [kind for kind in OTHERS if kind not in without]
        self.aligned = aligned  # bit-fields too, and by their types
        if not aligned:
            plain = [kind for kind in self.integers if not re.search(r"_\d+$", kind)]
            self.integers = {kind: self.integers[kind] for kind in plain}
        self.records: list[Record] = []
        self.names = 0

    def chance(self, p: float) -> bool:
        return self.random.random() < p

    def name(self) -> str:
        self.names += 1
        return f"m{self.names}"

    def bit_field(self) -> Member:
        kind = self.random.choice(list(self.integers))
        width = self.integers[kind]
        if self.chance(0.25):
            return Member(kind, bits=self.random.choice([0, self.random.randint(0, width)]))
        bits = self.random.choice([width, self.random.randint(1, width), min(width, 8)])
        member = Member(kind, self.name(), bits=self.random.choice([bits, min(bits, 5)]))
        if self.chance(0.08):
            member.attribute = "__attribute__((packed))"
        elif self.aligned and self.chance(0.08):
            member.attribute = f"__attribute__((aligned({self.random.choice([1, 2, 4, 16])})))"
        return member

    def plain(self) -> Member:
        kinds = [*self.integers, *self.others]
        if self.records and self.chance(0.2):
            record = self.random.choice(self.records)
            member = Member(f"{record.word} {record.tag}", self.name())
        else:
            member = Member(self.random.choice(kinds), self.name())
        if member.type not in NO_ARRAY and self.chance(0.2):
            member.array = self.random.choice(["[3]", "[2][3]", "[0]", "[1]", "[17]"])
        if self.chance(0.1):
            member.attribute = "__attribute__((packed))"
        elif self.chance(0.1):
            member.attribute = f"__attribute__((aligned({self.random.choice([1, 2, 8, 32])})))"
        elif member.type in kinds and self.chance(0.05):
            member.attribute = f"_Alignas({self.random.choice([256, 1024])})"
        return member

    def nested(self, depth: int) -> Member:
        body = self.record("", depth + 1)
        name = self.name() if self.chance(0.5) else ""
        array = "[2]" if name and self.chance(0.2) else ""
        return Member(name=name, array=array, body=body)

    def record(self, tag: str, depth: int = 0) -> Record:
        word = "union" if self.chance(0.2) else "struct"
        record = Record(word, tag)
        share = self.random.choice([0.1, 0.5, 0.9])
        for _ in range(self.random.choice([0, 1, 2, 3, 3, 4, 5, 7])):
            if depth < 2 and self.chance(0.1):
                record.members.append(self.nested(depth))
            else:
                make = self.bit_field if self.chance(share) else self.plain
                record.members.append(make())
        if self.chance(0.2):
            record.attributes.append("packed")
        if self.chance(0.15):
            record.attributes.append(f"aligned({self.random.choice([1, 2, 4, 8, 16, 64])})")
        if self.layouts and self.chance(0.15):
            record.attributes.append(self.random.choice(self.layouts))
        return record

    def top(self, number: int) -> Record:
        record = self.record(f"T{number}")
        if self.chance(0.2):
            record.pack = self.random.choice([1, 2, 4, 8, 16])
        flexible = record.word == "struct" and any(m.name for m in record.members)
        if flexible and self.chance(0.1):
            element = self.random.choice([k for k in self.integers if k not in NO_ARRAY])
            record.members.append(Member(element, self.name(), array="[]"))
        else:
            self.records.append(record)
        return record


# ---- the compiler's figures --------------------------------------------------

PROGRAM = r"""
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
static void bits(const char *name, const unsigned char *p, size_t n)
{
    long first = -1, last = -1, count = 0;
    for (long i = 0; i < (long)n * 8; i++)
        if (p[i / 8] >> i % 8 & 1) {
            first = first < 0 ? i : first;
            last = i;
            count++;
        }
    printf("%s %ld %ld%s\n", name, first, count, last - first + 1 == count ? "" : " torn");
}
"""


def prober(record: Record) -> str:
    kind = f"{record.word} {record.tag}"
    out = [f"static void probe_{record.tag}(void)\n{{\n    static {kind} x;\n"]
    out.append(f'    printf("{record.tag} %zu %zu\\n", sizeof x, _Alignof({kind}));\n')
    for path, member in record.paths():
        name = f"{record.tag}.{path}"
        if member.bits is None:
            out.append(f'    printf("{name} %zu\\n", offsetof({kind}, {path}));\n')
        else:
            out.append(f"    memset(&x, 0, sizeof x);\n    x.{path} = -1;\n")
            out.append(f'    bits("{name}", (unsigned char *)&x, sizeof x);\n')
    return "".join(out) + "}\n"


def compiler_figures(records: list[Record], cc: list[str], folder: Path) -> dict[str, str]:
    source, binary = folder / "layout.c", folder / "layout"
    text = PROGRAM + PRELUDE + "".join(record.declaration() for record in records)
    text += "".join(prober(record) for record in records) + "int main(void)\n{\n"
    text += "".join(f"    probe_{record.tag}();\n" for record in records) + "}\n"
    source.write_text(text)
    quiet = ["-w", "-Wno-packed-bitfield-compat"]
    command = [*cc, "-std=gnu11", "-O0", *quiet, "-o", str(binary), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[:4000]
    printed = subprocess.run([binary], capture_output=True, text=True, check=True).stdout
    return dict(line.split(" ", 1) for line in printed.splitlines())


def cross_figures(records: list[Record], cc: list[str], folder: Path) -> dict[str, str]:
    """The same from an object file that need not run: figures and bit-fields are its data."""
    source, obj, binary = folder / "cross.c", folder / "cross.o", folder / "cross.bin"
    text = ["#include <stddef.h>\n#include <stdint.h>\n", PRELUDE]
    text += [record.declaration() for record in records]
    place = '__attribute__((section(".figures"), used, aligned(8)))'
    wanted: list[tuple[str, str]] = []
    for record in records:
        kind = f"{record.word} {record.tag}"
        values = [f"sizeof({kind})", f"_Alignof({kind})"]
        for path, member in record.paths():
            if member.bits is None:
                values.append(f"offsetof({kind}, {path})")
            else:
                wanted.append((f"{record.tag}.{path}", f"{kind} v{len(wanted)} = {{.{path} = -1}}"))
        data = f"uint64_t f_{record.tag}[{len(values)}] = {{{', '.join(values)}}}"
        wanted.append((record.tag, data))
    text += [f"{place} {data};\n" for _, data in wanted]
    source.write_text("".join(text))
    quiet = ["-w", "-Wno-packed-bitfield-compat", "-fno-toplevel-reorder"]
    subprocess.run([*cc, "-std=gnu11", *quiet, "-c", source, "-o", obj], check=True, timeout=300)
    prefix = cc[0].rpartition("gcc")[0]
    subprocess.run([f"{prefix}objcopy", "-O", "binary", "-j", ".figures", obj, binary], check=True)
    listed = subprocess.run([f"{prefix}nm", obj], capture_output=True, text=True, check=True)
    symbols = map(str.split, listed.stdout.splitlines())
    places = {name.lstrip("_"): int(at, 16) for at, _, name in symbols}
    order = ">" if prefix.rstrip("-") in BIG_ENDIAN else "<"
    return read_figures(records, wanted, places, binary.read_bytes(), order)


def read_figures(
    records: list[Record],
    wanted: list[tuple[str, str]],
    places: dict[str, int],
    data: bytes,
    order: str,
) -> dict[str, str]:
    sizes, out = {}, {}
    for record in records:
        at = places[f"f_{record.tag}"]
        paths = [path for path, member in record.paths() if member.bits is None]
        values = struct.unpack_from(f"{order}{2 + len(paths)}Q", data, at)
        sizes[record.tag] = values[0]
        out[record.tag] = f"{values[0]} {values[1]}"
        out.update({f"{record.tag}.{p}": str(v) for p, v in zip(paths, values[2:], strict=True)})
    for name, text in wanted:
        match = re.match(r"\w+ \w+ (v\d+) =", text)
        if match:
            at = places[match[1]]
            size = sizes[name.split(".")[0]]
            value = int.from_bytes(data[at : at + size], "big" if order == ">" else "little")
            first = (value & -value).bit_length() - 1
            if order == ">":
                first = size * 8 - value.bit_length()
            out[name] = f"{first} {value.bit_count()}"
    return out


# ---- the parser's figures ----------------------------------------------------

RECORD = re.compile(r"(?:struct|union) (\S+) size (\d+) align (\d+) { ?(.*?) ?}$")
MEMBER = re.compile(r"(.*)@(\d+)(?::(\d+)\+(\d+)(!?))?$")
NAME = re.compile(r"\bm\d+\b")
INNER = re.compile(r"(?:struct|union) (\$\d+)\b")


class Flattened:
    """Members under their paths, as compiler_figures has them."""

    def __init__(self, records: dict, big_endian: bool) -> None:
        self.records, self.big_endian = records, big_endian
        self.out: dict[str, str] = {}

    def first_bit(self, declared: str, at: int, shift: int, width: int, straddles: str) -> int:
        """Counted in memory's order, which is from the highest bit on a big-endian platform."""
        if not self.big_endian:
            return at * 8 + shift
        kind = re.sub(r"\b(const|m\d+)\b", "", declared).strip()
        bits = (shift + width + 7) // 8 * 8 if straddles else SIZES[kind]
        return at * 8 + bits - shift - width

    def add(self, tag: str, base: int, prefix: str) -> None:
        for text in filter(None, self.records[tag][2].split(";")):
            declared, offset, shift, width, straddles = MEMBER.match(text.strip()).groups()
            name, inner = NAME.search(declared), INNER.search(declared)
            at = base + int(offset)
            path = prefix + (name[0] if name else "")
            if width:
                first = self.first_bit(declared, at, int(shift), int(width), straddles)
                self.out[path] = f"{first} {width}"
            elif name:
                self.out[path] = str(at)
            if inner and "[" not in declared and "*" not in declared:
                self.add(inner[1], at, path + "." if name else prefix)


def parser_figures(records: list[Record], *options: str) -> dict[str, str]:
    text = PRELUDE + "".join(record.declaration() for record in records)
    lines = [RECORD.match(line) for line in cdump.lines(text, "--types", *options)]
    found = {match[1]: match.groups()[1:] for match in lines if match}
    flat = Flattened(found, options[-1:] == BIG_ENDIAN)
    for record in records:
        flat.out[record.tag] = f"{found[record.tag][0]} {found[record.tag][1]}"
        flat.add(record.tag, 0, f"{record.tag}.")
    return flat.out


# ---- comparing and shrinking -------------------------------------------------


def needed(record: Record, records: list[Record]) -> list[Record]:
    """The record behind those that it is made of."""
    text = record.text()
    inner = [other for other in records if re.search(rf"\b{other.tag}\b", text)]
    found: list[Record] = []
    for other in inner:
        if other.tag != record.tag:
            found += [r for r in needed(other, records) if r not in found]
    return [*found, record]


def smaller(record: Record) -> Iterator[Record]:
    """Copies with one thing less."""
    for i, member in enumerate(record.members):
        less = copy.deepcopy(record)
        del less.members[i]
        yield less
        for change in ("attribute", "array"):
            if getattr(member, change):
                less = copy.deepcopy(record)
                setattr(less.members[i], change, "")
                yield less
        if member.body:
            for inner in smaller(member.body):
                less = copy.deepcopy(record)
                less.members[i].body = inner
                yield less
    for i in range(len(record.attributes)):
        less = copy.deepcopy(record)
        del less.attributes[i]
        yield less
    if record.pack:
        less = copy.deepcopy(record)
        less.pack = 0
        yield less


class Comparison:
    """`figures` is how the compiler's are found."""

    figures = staticmethod(compiler_figures)

    def __init__(self, cc: list[str], folder: Path, *options: str) -> None:
        self.cc, self.folder, self.options = cc, folder, options

    def differences(self, records: list[Record]) -> dict[str, tuple[str, str]]:
        theirs = self.figures(records, self.cc, self.folder)
        ours = parser_figures(records, *self.options)
        return {
            name: (ours.get(name, "missing"), theirs.get(name, "missing"))
            for name in {**theirs, **ours}
            if ours.get(name) != theirs.get(name)
        }

    def differs(self, record: Record, records: list[Record]) -> bool:
        try:
            return bool(self.differences(needed(record, records)))
        except (AssertionError, subprocess.CalledProcessError):
            return False  # what is left is no C

    def shrink(self, record: Record, records: list[Record]) -> str:
        again = True
        while again:
            again = False
            for less in smaller(record):
                if self.differs(less, records):
                    record, again = less, True
                    break
        left = needed(record, records)
        text = "".join(r.declaration() for r in left)
        told = [f"{k}: ours {a}, {self.cc[0]} {b}" for k, (a, b) in self.differences(left).items()]
        return "\n".join([text, *told])

    def check(self, records: list[Record]) -> None:
        wrong = self.differences(records)
        if wrong:
            tag = min((name.split(".")[0] for name in wrong), key=lambda tag: int(tag[1:]))
            record = next(record for record in records if record.tag == tag)
            pytest.fail(f"{len(wrong)} figures differ, first:\n{self.shrink(record, records)}")


def records_of(seed: int, **options: bool) -> list[Record]:
    generator = Generator(seed, **options)
    return [generator.top(number) for number in range(BATCH)]


def works(cc: list[str], folder: Path) -> bool:
    """Can the machine compile and run this?"""
    source = folder / "probe.c"
    source.write_text("#include <stdio.h>\nint main(void) { return 0; }\n")
    try:
        command = [*cc, "-o", str(folder / "probe"), str(source)]
        subprocess.run(command, capture_output=True, check=True)
        subprocess.run([folder / "probe"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


@pytest.mark.parametrize("seed", range(BATCHES))
def test_native(seed: int, tmp_path: Path) -> None:
    Comparison(cdump.CC, tmp_path).check(records_of(seed, ms=seed % 2 == 0))


def test_i386(tmp_path: Path) -> None:
    cc = [*cdump.CC, "-m32"]
    if not works(cc, tmp_path):
        pytest.skip("no 32-bit compiler")
    for seed in range(1000, 1000 + BATCHES):
        compare = Comparison(cc, tmp_path, "--target", "i386-linux-gnu")
        compare.check(records_of(seed, wide=False, ms=False))


@pytest.mark.skipif(not FULL, reason="with CFFI_CORE_FULL=1")
@pytest.mark.skipif(not shutil.which("clang"), reason="no clang")
def test_clang(tmp_path: Path) -> None:
    """But for what clang itself does otherwise than gcc."""
    for seed in range(2000, 2000 + BATCHES // 4):
        Comparison(["clang"], tmp_path).check(records_of(seed, ms=False, aligned=False))


MICROSOFT = {"wide": False, "without": ("long double",)}
CROSS = [
    (["x86_64-w64-mingw32-gcc"], "x86_64-windows-msvc", MICROSOFT),
    (["i686-w64-mingw32-gcc"], "i386-windows-msvc", MICROSOFT),
    (["aarch64-linux-gnu-gcc"], "aarch64-linux-gnu", {"ms": False}),
    (["arm-linux-gnueabihf-gcc"], "arm-linux-gnueabihf", {"wide": False, "ms": False}),
    (["riscv64-linux-gnu-gcc"], "riscv64-linux-gnu", {"ms": False}),
    (["s390x-linux-gnu-gcc"], "s390x-linux-gnu", {"ms": False}),
]


@pytest.mark.parametrize(("cc", "target", "options"), CROSS, ids=lambda value: str(value))
def test_cross(cc: list[str], target: str, options: dict, tmp_path: Path) -> None:
    """Other platforms' cross compilers, where the machine has them."""
    if not shutil.which(cc[0]):
        pytest.skip(f"no {cc[0]}")
    for seed in range(3000, 3000 + (BATCHES + 3) // 4):
        compare = Comparison(cc, tmp_path, "--target", target)
        compare.figures = cross_figures
        compare.check(records_of(seed, **options))
