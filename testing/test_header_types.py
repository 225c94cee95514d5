"""What real headers declare, written back: enumerators, functions and variables.

test_headers.py compares layouts. Here what cdump prints stands as C behind the header itself:
enumerators as static assertions, functions and variables declared once more. The compiler
refuses what differs.
"""

import re

import cdump
import pytest
from test_headers import compiler

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

FIRST = "#define PCRE2_CODE_UNIT_WIDTH 8\n#include <stdio.h>\n"

ENUM = re.compile(r"enum (\w+) : ([\w ]+) \{(.*)\}$")
OBJECT = re.compile(
    r"(?:function|variable) (?!.* static)(.*?)( asm \".*\")?( thread)?( keep_gil)?$"
)


def claim(condition: str) -> str:
    return f'_Static_assert({condition}, "");'


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
        if match := ENUM.match(line):
            claims += of_enum(match, named)
        elif "$" not in line and (match := OBJECT.match(line)):
            claims += of_object(match)
    return claims


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_means_what_the_compiler_says(header):
    text = f"{FIRST}#include <{header}>\n"
    preprocessed = compiler(text, "-E")
    if preprocessed.returncode != 0:
        pytest.skip(f"{header} is not installed")
    claims = claims_of(cdump.lines(preprocessed.stdout))
    assert len(claims) > 20
    done = compiler(text + "\n".join(claims) + "\n", "-fsyntax-only")
    assert done.returncode == 0, done.stderr[:3000]


@pytest.mark.parametrize("header", ["errno.h", "math.h", "stdio.h", "sys/socket.h", "zlib.h"])
def test_a_header_with_its_macros_parses(header):
    preprocessed = compiler(f"{FIRST}#include <{header}>\n", "-E", "-dD")
    if preprocessed.returncode != 0:
        pytest.skip(f"{header} is not installed")
    assert any(line.startswith("const ") for line in cdump.lines(preprocessed.stdout))
