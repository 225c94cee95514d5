"""Runs one-line snippets under cffi_core and under stock cffi and compares what happens.

    python testing/differential/compare.py PEER     PEER: a Python with cffi, without cffi_core

A snippet is a line of one of the *.txt files here: an expression, compared by repr(), or a
statement. Exceptions are compared by type and message. All lines of a file share one name
space, which starts with what setup() makes. A line that ends in `#! reason` differs on
purpose; in `#!crash`, it brings stock cffi down and is not shown to it.
"""

import json
import re
import subprocess
import sys
import types
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent

CDEF = """
struct s { int a; short b; char c; double d; int *p; char name[8]; struct { int q; } in; };
struct pt { int x, y; };
union u { int a; float f; char c[4]; };
struct bf { int a:3; unsigned b:5; signed char c:2; _Bool d:1; int64_t e:40; };
struct fl { int n; int arr[]; };
struct zero { int n; int arr[0]; };
struct m { int n; int arr[0]; int b; };
struct empty { };
struct nz { int n; struct zero z; };
struct op;
struct one { char c; };
enum e { A, B=5, C=-1 };
enum eu { UA=1, UB=3000000000 };
typedef int (*fn)(int, int);
struct nest { int k; struct pt p; struct pt a[2]; union u u; };
struct fc { int n; char a[]; };
struct fw { int n; wchar_t a[]; };
struct nf { int k; struct fl f; };
union uf { int a; struct { int n; int b[]; } s; };
typedef int (*rowp)[2];
int abs(int);
struct anon { int a; union { int b; float c; }; struct { int d, e; }; int f; };
"""


class Int:
    """An object with __int__ only."""

    def __init__(self, value):
        self.value = value

    def __int__(self):
        return self.value


class Index:
    """An object with __index__ only."""

    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class Real:
    """An object with __float__ only."""

    def __float__(self):
        return 2.5


class MyInt(int):
    pass


def setup() -> dict:
    sys.unraisablehook = lambda unraisable: None
    warnings.simplefilter("ignore")
    try:
        from cffi_core import FFI
    except ImportError:
        from cffi import FFI
    ffi = FFI()
    ffi.cdef(CDEF)
    function = ffi.dlopen(None).abs

    def call(ctype, value):
        """Passes the value to a C function whose second parameter, of that type, is not used."""
        return ffi.cast(f"int(*)(int, {ctype})", function)(0, value)

    tools = {"Int": Int, "Index": Index, "Real": Real, "MyInt": MyInt, "call": call}
    return {"FFI": FFI, "ffi": ffi, "f": function, **tools}


def normal(text: str) -> str:
    """Without addresses and the names of modules."""
    text = re.sub(r"0x[0-9a-f]{6,}", "0xADDRESS", text)
    return re.sub(r"\b(_cffi_backend|cffi_core|cffi|compare|__main__)\.", "", text)


def outcome(line: str, names: dict) -> str:
    try:
        try:
            code = compile(line, "<snippet>", "eval")
        except SyntaxError:
            exec(line, names)
            return "ok"
        return normal(repr(eval(code, names)))
    except Exception as error:
        return normal(f"{type(error).__name__}: {error}")


def snippets(path: Path) -> list[tuple[int, str, str]]:
    """(line number, snippet, reason for a difference or '')."""
    found = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        code, _, reason = line.partition("#!")
        if code.strip() and not code.startswith("#"):
            found.append((number, code.strip(), reason.strip()))
    return found


def run(path: Path, is_peer: bool) -> dict[str, str]:
    names = setup()
    return {
        str(number): outcome(code, names)
        for number, code, reason in snippets(path)
        if not (is_peer and reason == "crash")
    }


def run_peer(python: str, path: Path) -> dict[str, str]:
    command = [python, "-I", str(HERE / "compare.py"), "--run", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise RuntimeError(f"the peer failed on {path.name}: {done.stderr}")
    return json.loads(done.stdout)


def differences(python: str, path: Path) -> list[str]:
    """What differs without a reason, and what has a reason and does not differ."""
    ours, theirs = run(path, False), run_peer(python, path)
    report = []
    for number, code, reason in snippets(path):
        if reason == "crash":
            continue
        mine, peer = ours[str(number)], theirs[str(number)]
        if (mine == peer) == bool(reason):
            report.append(f"{path.name}:{number}: {code}\n    cffi: {peer}\n    ours: {mine}")
    return report


def main() -> None:
    if sys.argv[1] == "--run":
        sys.modules.setdefault("compare", types.ModuleType("compare"))
        print(json.dumps(run(Path(sys.argv[2]), True)))
        return
    sys.path.insert(0, str(HERE.parent.parent))
    paths = sorted(HERE.glob("*.txt"))
    report = [line for path in paths for line in differences(sys.argv[1], path)]
    print("\n".join(report))
    sys.exit(bool(report))


if __name__ == "__main__":
    main()
