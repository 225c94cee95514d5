"""The type stubs, by mypy --strict and stubtest: against themselves, a user and the extension."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

import cffi_core

if importlib.util.find_spec("mypy") is None:
    pytest.skip("no mypy: pip install cffi_core[check]", allow_module_level=True)

HERE = Path(__file__).resolve().parent
PACKAGE = Path(cffi_core.__file__).parent

# What the extension has and a stub has not, or the other way round.
ALLOWED = r"""
# any name at all: fields, functions, attributes of the user's
cffi_core\._core\.(FFI|FFI\.CData|Lib|_CDataBase)\.__(get|set)attr__
# one C function behind both operands; it answers NotImplemented
cffi_core\._core\.(FFI\.CData|_CDataBase)\.__rsub__
# the buffer protocol has a method since 3.12
cffi_core\._core\.(FFI\.)?buffer\.__buffer__
# subclasses may take arguments
cffi_core\._core\.FFI\.__init__
# a hint for checkers about multiple inheritance, too new for some
cffi_core\._core\.FFI
"""


def run(folder, *arguments):
    """A module of mypy, told to look where the tests found the package."""
    found = {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    if PACKAGE.parent.name != "site-packages":
        found["MYPYPATH"] = str(PACKAGE.parent)
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        cwd=folder, env=os.environ | found, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def mypy(folder, *arguments):
    strict = ["--strict", "--follow-imports=silent", "--cache-dir", folder / "cache"]
    return run(folder, "mypy", *strict, *arguments)


def test_the_stubs_themselves(tmp_path):
    code, text = mypy(tmp_path, "-m", "cffi_core", "-m", "cffi_core._core")
    assert code == 0, text


def test_a_user(tmp_path):
    code, text = mypy(tmp_path, HERE / "typing" / "user.py")
    assert code == 0, text


def test_a_users_mistakes_are_found(tmp_path):
    """Without the `type: ignore`s each of these lines is an error, and no other."""
    source = (HERE / "typing" / "user.py").read_text(encoding="utf-8")
    wrong = [n for n, line in enumerate(source.splitlines(), 1) if "# type: ignore" in line]
    path = tmp_path / "wrong.py"
    path.write_text(source.replace("# type: ignore", "# ignored"), encoding="utf-8")
    _, text = mypy(tmp_path, path)
    found = {int(line.split(":")[1]) for line in text.splitlines() if ": error:" in line}
    assert len(wrong) > 8 and found == set(wrong), text


def test_the_extension(tmp_path):
    (tmp_path / "allowed").write_text(ALLOWED, encoding="utf-8")
    arguments = ["--allowlist", tmp_path / "allowed", "--ignore-unused-allowlist"]
    code, text = run(tmp_path, "mypy.stubtest", *arguments, "cffi_core._core")
    assert code == 0, text


def test_py_typed():
    assert (PACKAGE / "py.typed").exists()
