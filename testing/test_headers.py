"""Real headers, preprocessed: they parse, and mean what the C compiler says they mean.

What cdump prints is written back as C behind the header itself: sizes, alignments, offsets and
enumerators as static assertions, functions and variables declared once more. The compiler
refuses what differs.
"""

import re
import subprocess

import cdump
import pytest

HEADERS = [
    "aio.h", "arpa/inet.h", "complex.h", "dirent.h", "dlfcn.h", "elf.h", "errno.h", "fcntl.h",
    "fenv.h", "ftw.h", "glob.h", "inttypes.h", "link.h", "locale.h", "math.h", "mqueue.h",
    "netdb.h", "netinet/in.h", "poll.h", "pthread.h", "regex.h", "sched.h", "search.h",
    "semaphore.h", "setjmp.h", "signal.h", "spawn.h", "stdio.h", "stdlib.h", "string.h",
    "sys/epoll.h", "sys/ioctl.h", "sys/mman.h", "sys/ptrace.h", "sys/resource.h", "sys/select.h",
    "sys/socket.h", "sys/stat.h", "sys/timex.h", "sys/types.h", "sys/uio.h", "sys/un.h",
    "sys/wait.h", "termios.h", "tgmath.h", "threads.h", "time.h", "uchar.h", "ucontext.h",
    "unistd.h", "wchar.h", "wctype.h", "linux/bpf.h", "linux/input.h", "linux/io_uring.h",
    "linux/kvm.h", "linux/perf_event.h", "linux/videodev2.h", "curl/curl.h", "ffi.h", "gmp.h",
    "immintrin.h", "ncurses.h", "openssl/ssl.h", "openssl/x509v3.h", "pcre2.h", "png.h",
    "sqlite3.h", "X11/Xlib.h", "zlib.h",
]  # fmt: skip

FEATURES = "#define _GNU_SOURCE 1\n#define PCRE2_CODE_UNIT_WIDTH 8\n"

RECORD = re.compile(r"(struct|union) (\w+) size (\d+) align (\d+) \{(.*)\}$")
ENUM = re.compile(r"enum (\w+) : ([\w ]+) \{(.*)\}$")
OBJECT = re.compile(r"(?:function|variable) (?!.* static)(.*?)( asm \".*\")?( thread)?( keep_gil)?$")


def compiler(*options: str, text: str) -> subprocess.CompletedProcess:
    command = [*cdump.CC, "-std=gnu11", "-w", "-x", "c", *options, "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60)


def claim(condition: str) -> str:
    return f'_Static_assert({condition}, "");'


def of_record(match: re.Match, named: set[str]) -> list[str]:
    """Claims about a record; it is called by its tag, or by the typedef that named it."""
    kind, name, size, align, members = match.groups()
    spelt = name if name in named else f"{kind} {name}"
    claims = [claim(f"sizeof({spelt}) == {size}"), claim(f"_Alignof({spelt}) >= {align}")]
    for member, offset in re.findall(r"\b([a-zA-Z]\w*)@(\d+)(?![\d:])", members):
        claims.append(claim(f"__builtin_offsetof({spelt}, {member}) == {offset}"))
    return claims


def of_enum(match: re.Match, named: set[str]) -> list[str]:
    name, base, values = match.groups()
    spelt = name if name in named else f"enum {name}"
    claims = [claim(f"__builtin_types_compatible_p({spelt}, {base})")]
    for enumerator, value in re.findall(r"(\w+)=(-?\d+)", values):
        claims.append(claim(f"{enumerator} == {value}{'ULL' if int(value) >= 1 << 63 else ''}"))
    return claims


def of_object(match: re.Match) -> list[str]:
    declaration, _, thread, _ = match.groups()
    name = re.search(r"(\w+)(?:\)*[\[(].*)?$", re.sub(r"\(\*+(\w+)", r"(\1", declaration))
    undefine = f"#undef {name[1]}\n" if name else ""
    return [f"{undefine}extern {'__thread ' if thread else ''}{declaration};"]


def claims_of(lines: list[str]) -> list[str]:
    named = {m[1] for line in lines if (m := re.match(r"typedef (\w+) = \1$", line))}
    claims = []
    for line in lines:
        if match := RECORD.match(line):
            claims += of_record(match, named)
        elif match := ENUM.match(line):
            claims += of_enum(match, named)
        elif "$" not in line and (match := OBJECT.match(line)):
            claims += of_object(match)
    return claims


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_means_what_the_compiler_says(header):
    text = f"{FEATURES}#include <stdio.h>\n#include <{header}>\n"
    preprocessed = compiler("-E", text=text)
    if preprocessed.returncode != 0:
        pytest.skip(f"{header} is not installed")
    lines = cdump.lines(preprocessed.stdout)
    claims = claims_of(lines)
    assert len(claims) > 20
    done = compiler("-fsyntax-only", text=text + "\n".join(claims) + "\n")
    assert done.returncode == 0, done.stderr[:3000]


@pytest.mark.parametrize("header", ["errno.h", "math.h", "stdio.h", "sys/socket.h", "zlib.h"])
def test_a_header_with_its_macros_parses(header):
    preprocessed = compiler("-E", "-dD", text=f"{FEATURES}#include <{header}>\n")
    if preprocessed.returncode != 0:
        pytest.skip(f"{header} is not installed")
    assert any(line.startswith("const ") for line in cdump.lines(preprocessed.stdout))
