"""gcc, asked about a C source: its preprocessed text, its macros, what it refuses, its bits."""

import functools
import re
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

import cdump

#: The file that the lines of a check pretend to be in.
CHECK = "cd_check"
PLACE = re.compile(rf"^{CHECK}:(\d+):(?:\d+:)? (?:fatal )?error: (.*)$", re.MULTILINE)
ERROR = re.compile(r"^(.*?:\d+:(?:\d+:)? (?:fatal )?error: .*)$", re.MULTILINE)
WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
QUOTED = re.compile(r'(?:\b(?:L|u8|u|U))?(?:"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\')')
DEFINE = re.compile(r"^#define (\w+) ?(.*)$", re.MULTILINE)
INSIDE = re.compile(
    r"warning: (?:declaration of )?.((?:struct|union|enum) \w+). "
    r"(?:declared inside parameter list|will not be visible outside)"
)
EXPANDED = re.compile(r'cd_macro "(\w+)" \((.*?)\) cd_end', re.DOTALL)
KEYWORDS = [
    "sizeof", "_Alignof", "__alignof__", "void", "char", "short", "int", "long", "float", "double",
    "signed", "unsigned", "_Bool", "const", "volatile", "struct", "union", "enum", "__extension__",
    "__typeof__", "typeof",
]  # fmt: skip


def run(text: str, *options: object, language: str = "c") -> subprocess.CompletedProcess:
    """The compiler on TEXT."""
    command = [*cdump.CC, *map(str, options), f"-x{language}", "-"]
    data = text.encode(errors="surrogateescape")
    done = subprocess.run(command, input=data, capture_output=True, timeout=300)
    done.stdout = done.stdout.decode(errors="surrogateescape")
    done.stderr = done.stderr.decode(errors="replace")
    return done


def name() -> str:
    """Its name and version, in its own words."""
    return version_of(tuple(cdump.CC))


@functools.cache
def version_of(cc: tuple[str, ...]) -> str:
    told = subprocess.run([*cc, "--version"], capture_output=True, text=True, check=True).stdout
    return told.splitlines()[0]


def limits() -> list[str]:
    """Every error is wanted, no warning, and no guess of what was meant: that takes clang minutes.

    What clang folds beyond C, commas for one, is no constant expression.
    """
    if "clang" not in name():
        return ["-fmax-errors=0", "-w"]
    folding = ["-Wno-everything", "-Werror=gnu-folding-constant"]
    return ["-ferror-limit=0", "-fno-spell-checking", *folding]


class Refused(Exception):
    """The compiler does not accept the source itself."""


def first_error(stderr: str) -> str:
    match = ERROR.search(stderr)
    return match[1] if match else stderr.strip()[:300]


def preprocess(source: str, flags: list[str], *more: str) -> str:
    done = run(source, *flags, "-w", "-E", *more)
    if done.returncode:
        raise Refused(first_error(done.stderr))
    return done.stdout


def macros(source: str, flags: list[str]) -> list[str]:
    """The object-like macros that SOURCE defines and the compiler itself does not."""
    own = set(DEFINE.findall(run("", *flags, "-E", "-dM").stdout))
    found = DEFINE.findall(run(source, *flags, "-E", "-dM").stdout)
    return sorted(name for name, body in found if (name, body) not in own)


def expansions(source: str, names: Iterable[str], flags: list[str]) -> dict[str, str]:
    """What the preprocessor makes of each macro."""
    lines = "".join(f'cd_macro "{name}" ({name}) cd_end\n' for name in names)
    done = run(f"{source}\n{lines}", *flags, "-E", "-P")
    return {name: " ".join(text.split()) for name, text in EXPANDED.findall(done.stdout)}


def declared(text: str, expanded: dict[str, str]) -> dict[str, str]:
    """Those whose words stand somewhere in TEXT: others cannot be declared, which is a macro's
    user's affair, and which gcc takes long to say."""
    words = {*WORD.findall(text), *KEYWORDS}

    def is_known(word: str) -> bool:
        return word in words or word.startswith("__builtin_")

    bare = {name: WORD.findall(QUOTED.sub("0", body)) for name, body in expanded.items()}
    return {name: body for name, body in expanded.items() if all(map(is_known, bare[name]))}


def may_be_constant(expression: str) -> bool:
    """False for what upsets the lines around it: braces, semicolons, lone parentheses."""
    bare = QUOTED.sub("0", expression)
    depth = 0
    for c in bare:
        depth += (c in "([") - (c in ")]")
        if depth < 0 or c in "{};#\"'":
            return False
    return depth == 0 and bare != ""


def constants(text: str, expanded: dict[str, str], flags: list[str]) -> dict[str, str]:
    """Those of the expansions that the compiler takes for an enumerator's value."""
    left = {name: body for name, body in expanded.items() if may_be_constant(body)}
    while True:  # it names an undeclared word only once
        lines = [f"enum {{ cd_e{i} = ({body}) }};" for i, body in enumerate(left.values())]
        refused = refusals(text, lines, flags)
        if not refused:
            return left
        left = {name: body for i, (name, body) in enumerate(left.items()) if i not in refused}


def refusals(text: str, lines: list[str], flags: list[str], *more: object) -> dict[int, str]:
    """The lines, by index, that the compiler refuses behind the preprocessed TEXT, and why.

    Raises Refused if TEXT itself is.
    """
    text = "\n".join([text, f'# 1 "{CHECK}"', *lines, ""])
    options = [*flags, *limits(), *(more or ["-fsyntax-only"])]
    done = run(text, *options, language="cpp-output")
    found: dict[int, str] = {}
    for line, message in PLACE.findall(done.stderr):
        found.setdefault(int(line) - 1, message)
    strange = [told for told in ERROR.findall(done.stderr) if not told.startswith(CHECK)]
    if strange or (done.returncode and not found):
        raise Refused(strange[0] if strange else first_error(done.stderr))
    return found


def tags_of_parameters(text: str, flags: list[str]) -> list[str]:
    """The tags that only parameter lists declare: in C each list then means another type."""
    done = run(text, *flags, "-fsyntax-only", "-Wsystem-headers", language="cpp-output")
    return INSIDE.findall(done.stderr)


def bits(text: str, probes: list[str], flags: list[str]) -> list[tuple[int, int]]:
    """(first bit, bits) that are set in each probe's initialised object, by its place in memory.

    A probe is `TYPE NAME = {...}` without the name: "TYPE %s = {...}".  Nothing is run.
    """
    place = '__attribute__((section(".cd_bits"), used))'
    lines = [f"{place} {probe % f'cd_bits_{i}'};" for i, probe in enumerate(probes)]
    with tempfile.TemporaryDirectory() as folder:
        obj, raw = Path(folder, "bits.o"), Path(folder, "bits")
        options = ["-c", "-o", obj]
        refused = refusals(text, lines, flags, *options)
        if refused:
            raise Refused(f"a bit-field's probe: {refused}")
        subprocess.run(["objcopy", "-O", "binary", "-j", ".cd_bits", obj, raw], check=True)
        listed = subprocess.run(["nm", "-S", obj], capture_output=True, text=True, check=True)
        data = raw.read_bytes()
    places = {}
    for at, size, _, symbol in re.findall(r"(\S+) (\S+) (\S) (\S+)", listed.stdout):
        places[symbol] = int(at, 16), int(size, 16)
    out = []
    for i in range(len(probes)):
        at, size = places[f"cd_bits_{i}"]
        value = int.from_bytes(data[at : at + size], "little")
        out.append(((value & -value).bit_length() - 1, value.bit_count()))
    return out
