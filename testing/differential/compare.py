"""Runs one-line snippets under cffi_core and under stock cffi and compares what happens.

    python testing/differential/compare.py PEER [MODE...]

PEER is a Python with cffi, without cffi_core; the modes are those of library.py.

A snippet is a line of one of the *.txt files here: an expression, compared by repr(), or a
statement. Exceptions are compared by type and message. All lines of a file share one name
space, which starts with what setup() makes. A file says in its first line in which modes it
runs. A line that ends in `#! reason` differs on purpose; `#![api] reason`: in that mode. In
`#!crash`, it brings stock cffi down and is not shown to it. The snippets of table.py are
every type in every place with every value.
"""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import library  # noqa: E402
import table  # noqa: E402

MODES = library.MODES


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


class MyFloat(float):
    pass


class MyStr(str):
    pass


class MyBytes(bytes):
    pass


OBJECTS = [Int, Index, Real, MyInt, MyFloat, MyStr, MyBytes, Decimal, Fraction]


def written(function, *arguments) -> str:
    """What a call prints."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        function(*arguments)
    return out.getvalue()


def printed(function, *arguments) -> tuple[object, str]:
    """(result or exception, what Python says of exceptions that nobody catches) of a call."""
    sys.unraisablehook = sys.__unraisablehook__
    with contextlib.redirect_stderr(io.StringIO()) as err:
        try:
            result = function(*arguments)
        except Exception as error:
            result = f"{type(error).__name__}: {error}"
    sys.unraisablehook = silent
    return result, re.sub(r"line \d+", "line N", err.getvalue())


def silent(unraisable) -> None:
    pass


def package():
    try:
        import cffi_core
    except ImportError:
        import cffi

        return cffi
    return cffi_core


def setup(mode: str, folder: Path) -> dict:
    sys.unraisablehook = silent
    FFI = package().FFI
    ffi, lib, module = library.open_in(mode, FFI, folder)

    def call(ctype, value):
        """Passes the value to a C function whose second parameter, of that type, is not used."""
        return ffi.cast(f"int(*)(int, {ctype})", library_abs)(0, value)

    inline = FFI()
    inline.cdef("int abs(int);")
    libc = inline.dlopen(None)
    library_abs = libc.abs
    put = table.Places(ffi, lib, mode).put
    names = {"FFI": FFI, "ffi": ffi, "lib": lib, "mod": module, "f": library_abs, "call": call}
    names["included"] = lambda: library.included(FFI, folder)
    names |= {"put": put, "written": written, "printed": printed, "sys": sys, "mode": mode}
    return names | {kind.__name__: kind for kind in OBJECTS}


def normal(text: str) -> str:
    """Without addresses and the names of modules and folders."""
    text = re.sub(r"0x[0-9a-f]{6,}", "0xADDRESS", text)
    text = re.sub(r"\b_cffi__\w+", "_cffi__HASH", text)
    text = re.sub(r"/[^\s']*/(library\.so|_\w+_mod\.)", r"\1", text)
    text = re.sub(r"^error\b", "FFIError", text)  # ffi.error
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


class Snippet:
    """A line of a file: its code, and the modes in which it differs, with the reason."""

    def __init__(self, path: Path, number: int, line: str) -> None:
        self.where = f"{path.name}:{number}"
        code, _, mark = line.partition("#!")
        self.code = code.strip()
        self.modes, self.reason = set(MODES) if mark else set(), mark.strip()
        found = re.match(r"\[([\w ]+)\]\s*(.*)", self.reason)
        if found:
            self.modes, self.reason = set(found[1].split()), found[2]

    def is_marked(self, mode: str) -> bool:
        return mode in self.modes

    def crashes(self, mode: str) -> bool:
        return mode in self.modes and self.reason == "crash"


def files(mode: str) -> list[list[Snippet]]:
    """The snippets of each file that runs in this mode."""
    found = []
    for path in sorted(HERE.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("# modes:"), path
        if mode in lines[0].split():
            numbered = enumerate(lines, 1)
            found.append([Snippet(path, n, s) for n, s in numbered if s and s[:1] != "#"])
    return found


def run(mode: str, folder: Path, is_peer: bool, with_table: bool) -> dict[str, str]:
    """Place -> outcome, in this process."""
    warnings.simplefilter("ignore")
    found = {}
    for snippets in files(mode):
        names = setup(mode, folder)
        for snippet in snippets:
            if not (is_peer and snippet.crashes(mode)):
                found[snippet.where] = outcome(snippet.code, names)
    if with_table:
        names = setup(mode, folder)
        found |= {code: outcome(code, names) for code in table.snippets(mode)}
    return found


def run_apart(python: str, mode: str, folder: Path, with_table: bool = True) -> dict[str, str]:
    """The same in a process of that Python."""
    folder.mkdir(exist_ok=True)
    environment = dict(os.environ)
    if python == sys.executable:
        environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    command = [python, str(HERE / "compare.py"), "--run", mode, str(folder)]
    command += ["--table"] if with_table else []
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, cwd=folder, env=environment
    )
    if done.returncode != 0:
        raise RuntimeError(f"{python} in mode {mode} ended with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def differences(mode: str, ours: dict[str, str], peers: dict[str, str]) -> list[str]:
    """What differs without a reason, and what has a reason and does not differ."""
    report = []

    def add(where: str, code: str = "") -> None:
        report.append(
            f"[{mode}] {where}: {code}\n    cffi: {peers[where]}\n    ours: {ours[where]}"
        )

    for snippets in files(mode):
        for snippet in snippets:
            where = snippet.where
            if where in peers and (ours[where] == peers[where]) == snippet.is_marked(mode):
                add(where, snippet.code)
    for code in table.snippets(mode):
        if ours[code] != peers[code] and not table.reason(peers[code], ours[code]):
            add(code)
    return report


def main() -> None:
    if sys.argv[1] == "--run":
        sys.modules["compare"] = sys.modules["__main__"]
        is_peer = package().__name__ == "cffi"
        found = run(sys.argv[2], Path(sys.argv[3]), is_peer, "--table" in sys.argv)
        print(json.dumps(found))
        return
    peer, *modes = sys.argv[1:]
    report = []
    with tempfile.TemporaryDirectory() as folder:
        for mode in modes or MODES:
            ours = run_apart(sys.executable, mode, Path(folder, "ours"))
            report += differences(mode, ours, run_apart(peer, mode, Path(folder, "peer")))
    sys.stdout.reconfigure(errors="backslashreplace")
    print("\n".join(report))
    sys.exit(bool(report))


if __name__ == "__main__":
    main()
