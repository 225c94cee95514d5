"""The system's own headers: what gcc compiles must parse, and have the layout that gcc gives it.

Each header is preprocessed and parsed; the size, alignment and offsets of every record in it
then go back to the compiler as static assertions. A few dozen headers by default; with
CFFI_CORE_FULL=1 all of /usr/include and some of its folders.
"""

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cdump
import pytest
from conftest import FULL

INCLUDE = Path("/usr/include")
# They are needed by many headers that do not include them.
FIRST = ["stddef.h", "stdint.h", "stdio.h", "sys/types.h"]
USUAL = [
    *("assert.h", "complex.h", "ctype.h", "dirent.h", "errno.h", "fcntl.h", "fenv.h", "inttypes.h"),
    *("locale.h", "math.h", "netdb.h", "pthread.h", "setjmp.h", "signal.h", "stdlib.h", "string.h"),
    *("sys/socket.h", "sys/stat.h", "termios.h", "time.h", "unistd.h", "wchar.h"),
    *("zlib.h", "sqlite3.h", "ffi.h", "elf.h", "link.h", "linux/fs.h", "linux/input.h"),
]
RECORD = re.compile(r"^(struct|union) (\w+) size (\d+) align (\d+) {(.*)}$", re.MULTILINE)
OFFSET = re.compile(r" ([A-Za-z]\w*)@(\d+)(?= |$)")


def headers() -> list[str]:
    found = [name for name in USUAL if has_header(name)]
    if FULL:
        folders = ["", "net", "netinet", "openssl", "x86_64-linux-gnu/sys"]
        paths = [path for folder in folders for path in (INCLUDE / folder).glob("*.h")]
        found += [str(path.relative_to(INCLUDE)) for path in sorted(paths)]
    return [name.removeprefix("x86_64-linux-gnu/") for name in found]


def has_header(name: str) -> bool:
    return bool([*INCLUDE.glob(name), *INCLUDE.glob(f"*-linux-gnu/{name}")])


def compiler(text: str, *options: str) -> subprocess.CompletedProcess:
    command = [*cdump.CC, "-w", "-D_GNU_SOURCE", *options, "-xc", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=120)


def assertions(declared: str, printed: str) -> str:
    """Of every record that has a tag; one with a typedef for a name may be aligned by that."""
    out = []
    for word, name, size, align, members in RECORD.findall(printed):
        kind = f"{word} {name}"
        if not re.search(rf"\b{word}\b[^;{{}}*]*\b{name}\b\s*(__attribute__.*?)?{{", declared):
            continue
        out.append(f'_Static_assert(sizeof({kind}) == {size}, "size of {kind}");')
        out.append(f'_Static_assert(_Alignof({kind}) == {align}, "alignment of {kind}");')
        for member, offset in OFFSET.findall(members):
            check = f"offsetof({kind}, {member}) == {offset}"
            out.append(f'_Static_assert({check}, "offset of {kind}.{member}");')
    return "\n".join(out)


def check(name: str) -> str:
    """What is wrong with a header; nothing if the compiler refuses it too."""
    text = "".join(f"#include <{header}>\n" for header in [*FIRST, name])
    declared = compiler(text, "-E")
    if declared.returncode:
        return ""
    done = cdump.run(declared.stdout)
    if done.returncode:
        accepted = compiler(text, "-fsyntax-only").returncode == 0
        return done.stderr if accepted else ""
    asserted = text + "#include <stddef.h>\n" + assertions(declared.stdout, done.stdout)
    wrong = compiler(asserted, "-fsyntax-only").stderr
    return "\n".join(re.findall("static assertion failed: .*", wrong))


def test_headers() -> None:
    if not has_header("stdio.h"):
        pytest.skip("no headers here")
    names = headers()
    cdump.program()
    with ThreadPoolExecutor(2) as pool:
        results = zip(names, pool.map(check, names), strict=True)
        wrong = [f"{name}: {told}" for name, told in results if told]
    assert not wrong, "\n".join(wrong)
