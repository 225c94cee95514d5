"""The system's own headers: what gcc compiles must parse, and mean what gcc says it means.

testing/headers/ does the work, and `./run headers` does it for whole packages. Here: some headers
of each kind; with CFFI_CORE_FULL=1 all of /usr/include and some of its folders. What this machine
lacks is skipped.
"""

from pathlib import Path

import pytest
from conftest import FULL
from headers.examine import Result, examine

INCLUDE = Path("/usr/include")
HEADERS = [
    "aio.h", "arpa/inet.h", "assert.h", "complex.h", "ctype.h", "curl/curl.h", "dirent.h",
    "dlfcn.h", "elf.h", "errno.h", "fcntl.h", "fenv.h", "ffi.h", "ftw.h", "glob.h", "gmp.h",
    "immintrin.h", "inttypes.h", "link.h", "linux/bpf.h", "linux/fs.h", "linux/input.h",
    "linux/io_uring.h", "linux/kvm.h", "linux/perf_event.h", "linux/videodev2.h", "locale.h",
    "math.h", "mqueue.h", "ncurses.h", "netdb.h", "netinet/in.h", "netinet/ip.h", "openssl/ssl.h",
    "openssl/x509v3.h", "pcre2.h", "png.h", "poll.h", "pthread.h", "regex.h", "sched.h", "search.h",
    "semaphore.h", "setjmp.h", "signal.h", "spawn.h", "sqlite3.h", "stdio.h", "stdlib.h",
    "string.h", "sys/epoll.h", "sys/ioctl.h", "sys/mman.h", "sys/ptrace.h", "sys/resource.h",
    "sys/select.h", "sys/socket.h", "sys/stat.h", "sys/timex.h", "sys/types.h", "sys/uio.h",
    "sys/un.h", "sys/wait.h", "termios.h", "tgmath.h", "threads.h", "time.h", "uchar.h",
    "ucontext.h", "unistd.h", "wchar.h", "wctype.h", "X11/Xlib.h", "zlib.h",
]  # fmt: skip

FIRST = "#define PCRE2_CODE_UNIT_WIDTH 8\n#include <stdio.h>\n"
# Needed by many headers that do not include them.
USUAL = "#include <stddef.h>\n#include <stdint.h>\n#include <sys/types.h>\n"
GNU = ["-D_GNU_SOURCE"]


def has_header(name: str) -> bool:
    found = [*INCLUDE.glob(name), *INCLUDE.glob(f"*-linux-gnu/{name}")]
    return bool(found) or name == "immintrin.h"


def told(result: Result) -> str:
    return "\n".join(f"{result.header}: {kind} {name}: {why}" for kind, name, why in result.misses)


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_means_what_the_compiler_says(header: str) -> None:
    if not has_header(header):
        pytest.skip(f"{header} is not installed")
    result = examine(header, f"{FIRST}#include <{header}>\n", GNU)
    if result.refused:
        pytest.skip(f"the compiler: {result.refused}")
    assert not result.misses, told(result)
    assert result.right["prototype"] > 20


@pytest.mark.skipif(not FULL, reason="with CFFI_CORE_FULL=1")
@pytest.mark.parametrize("folder", ["", "net", "netinet", "openssl", "x86_64-linux-gnu/sys"])
def test_a_folder(folder: str) -> None:
    results = []
    for path in sorted((INCLUDE / folder).glob("*.h")):
        results.append(examine(str(path), f"{USUAL}{FIRST}#include <{path}>\n", GNU))
    wrong = [told(result) for result in results if result.misses]
    assert not wrong, "\n".join(wrong)


RECORDS = """
struct a { struct { int x : 3, y : 7; } in[2]; union { char c; long l : 40; }; const short s; };
enum e { MINUS = -1, BIG = 0x7fffffff }; typedef struct { char c; } t __attribute__((aligned(16)));
int f(struct a *, enum e), g; extern __thread int h; static int i(void) { return 0; }
#define ONE 1
#define TWO (ONE + sizeof(struct a))
#define NOT (no)
#define TEXT "text"
"""


def test_everything_is_compared() -> None:
    """The tool itself: what it counts, and by which rules it leaves out what."""
    result = examine("text", RECORDS, [])
    assert not result.misses
    assert result.right == {
        "record": 3, "enum": 1, "macro": 2, "define": 2, "prototype": 1, "variable": 2,
        "written": 10,
    }  # fmt: skip
    assert result.excluded == {
        "a static prototype": 1,
        "a record without a name: an unnamed member": 1,
    }


@pytest.mark.parametrize(
    ("flags", "kind"),
    [(["-fshort-enums"], "enum"), (["-fpack-struct"], "record"), (["-fshort-wchar"], "macro")],
)
def test_what_differs_is_found(flags: list[str], kind: str) -> None:
    """A compiler told to do otherwise than the platform's rules."""
    text = "enum e { A }; struct s { char c; int i; };\n#define WIDTH sizeof(L'a')\n"
    result = examine("text", text, flags)
    assert kind in [miss[0] for miss in result.misses]


def test_a_compiler_that_refuses() -> None:
    result = examine("text", "#error not alone\n", [])
    assert "not alone" in result.refused


def test_a_list_of_a_tag_of_its_own() -> None:
    """`struct own` means another type behind its list, so no redeclaration is compatible."""
    result = examine("text", "int f(struct own *);\nint g(struct own *, int);\n", [])
    assert not result.misses
    assert result.excluded == {"a prototype whose parameter list declares a tag": 2}
