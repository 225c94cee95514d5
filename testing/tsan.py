"""The tests of threads under ThreadSanitizer: finds data races of the extension.

    python testing/tsan.py [ARGUMENT FOR PYTEST...]

Builds the extension with gcc's ThreadSanitizer for a free-threaded Python (the one of
testing/pythons.sh) under build/tsan and runs the tests in it. That Python is an ordinary build:
what it synchronizes by itself is not seen, so of all reports those count in which both accesses
are made by our files. Exit status 1: there are such reports, or a test fails.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "tsan"
TESTS = ["testing/test_races.py", "testing/test_races_compiled.py"]

# Accesses that race on purpose, by the function that writes.
MEANT = {
    "publish_facts": "a ctype is completed: readers ask size and flags, which come last",
    "cc_buffer_release": "release() of what another thread uses: it sees the memory, or NULL",
    "write_i32": "a global variable of C's, which one test writes in several threads",
}
OURS = re.compile(r"^(c|parser)/")
# Frames that stand for the one that calls them: interceptors, CPython's inline functions.
TRANSPARENT = re.compile(r"^<null>|^/.*/include/|^\.\./|sanitizer")
FRAME = re.compile(r"^ +#(\d+) (\S+) (\S+)")


def innermost(stack: list[tuple[str, str]]) -> tuple[str, str]:
    """(function, place) of the access itself, as far as it is known."""
    for function, place in stack:
        if function in ("memset", "memcpy", "memmove", "memcmp", "free", "malloc", "calloc"):
            continue
        if not TRANSPARENT.match(place) or place.startswith("<null>"):
            return function, place
    return "", ""


def accesses(report: str) -> list[list[tuple[str, str]]]:
    """The stacks of the two accesses; what follows says where threads and memory come from."""
    stacks, stack = [], None
    for line in report.splitlines():
        if re.match(r"^  (Previous )?(atomic )?(write|read) of size", line, re.IGNORECASE):
            stack = []
            stacks.append(stack)
        elif not line.strip():
            stack = None
        elif stack is not None and (frame := FRAME.match(line)):
            stack.append((frame[2], frame[3]))
    return stacks


def is_ours(report: str) -> bool:
    if "data race" not in report:  # a lock held twice, a signal: always told
        return "WARNING: ThreadSanitizer" in report
    stacks = accesses(report)
    # The collector has stopped all threads; who frees has the last reference. CPython knows.
    if any(re.search("_(traverse|dealloc)$", frame[0]) for stack in stacks for frame in stack):
        return False
    at = [innermost(stack) for stack in stacks]
    return all(OURS.match(place) for _, place in at) and not {f for f, _ in at} & set(MEANT)


def free_threaded() -> str:
    lines = subprocess.check_output(["sh", ROOT / "testing" / "pythons.sh"], text=True).splitlines()
    pythons = dict(line.split(" ", 1) for line in lines)
    tags = sorted(tag for tag in pythons if tag.endswith("t"))
    return pythons[tags[-1]] if tags else ""


def runtime() -> str:
    """gcc's library; only a name where there is none."""
    command = ["gcc", "-print-file-name=libtsan.so"]
    return subprocess.check_output(command, text=True).strip() if shutil.which("gcc") else ""


def build(base: str) -> Path:
    """Makes the environment and the extension; the environment's Python."""
    python = BUILD / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([base, "-m", "venv", BUILD / "venv"], check=True)
        pip = [python, "-m", "pip", "install", "-q", "--prefer-binary"]
        pip.append("--disable-pip-version-check")
        subprocess.run([*pip, "setuptools>=77", "pytest", "hypothesis"], check=True)
    places = ["--build-base", BUILD, "--build-lib", BUILD / "lib"]
    command = [python, "setup.py", "-q", "build", *places]
    environment = {**os.environ, "CFFI_CORE_SANITIZE": "thread", "CC": "gcc"}
    subprocess.run(command, check=True, cwd=ROOT, env=environment)
    return python


def run(python: Path, tests: list[str]) -> tuple[int, list[str]]:
    """(exit status, reports) of the tests."""
    for log in BUILD.glob("log.*"):
        log.unlink()
    told = f"exitcode=0 history_size=7 report_signal_unsafe=0 log_path={BUILD}/log"
    environment = {
        **os.environ,
        "LD_PRELOAD": runtime(),
        "TSAN_OPTIONS": told,
        "PYTHONPATH": str(BUILD / "lib"),
    }
    # Its shadow memory has no room where a kernel of today may put a library. The programs that
    # tests start, compilers for one, do without.
    start = "import os, sys, pytest; del os.environ['LD_PRELOAD']; sys.exit(pytest.main())"
    options = ["-q", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=200"]
    command = ["setarch", "-R", python, "-P", "-c", start, *options, *tests]
    status = subprocess.run(command, cwd=ROOT, env=environment).returncode
    text = "".join(log.read_text(errors="replace") for log in sorted(BUILD.glob("log.*")))
    return status, text.split("==================\n")


def main() -> int:
    base = free_threaded()
    if not base or not os.path.isfile(runtime()) or not shutil.which("setarch"):
        print("tsan: no free-threaded Python, gcc's libtsan or setarch here, skipped")
        return 0
    status, reports = run(build(base), sys.argv[1:] or TESTS)
    found = [report for report in reports if is_ours(report)]
    for report in found:
        print(report)
    others = sum("WARNING: ThreadSanitizer" in report for report in reports) - len(found)
    print(f"tsan: {len(found)} reports in our files; {others} others do not count")
    return int(status != 0 or bool(found))


if __name__ == "__main__":
    sys.exit(main())
