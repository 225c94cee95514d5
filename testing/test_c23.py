"""C23 and GNU C forms: what testing/decls/c23.h and gnu.h hold, a compiler takes and means alike.

The goldens say what the parser makes of them; here every record, enum and declaration goes back
to a compiler that knows the language, and what is refused there is refused here.
"""

import shutil
import subprocess

import cdump
import pytest
from headers.examine import examine
from test_decls import DECLS, ERROR, SEPARATOR

# Newest first: the whole of C23 is in clang 19 and gcc 15.
C23 = [["clang-19", "-std=c23"], ["clang", "-std=c23"], ["gcc", "-std=c23"]]


CASES = SEPARATOR.split((DECLS / "gnu.h").read_text())
# But for what gcc has an own answer to: __builtin_clz(0).
REFUSED = [case for case in CASES if ERROR.search(case) and "clz(0)" not in case]


def takes(command: list[str], text: str) -> bool:
    options = ["-w", "-fsyntax-only", "-xc", "-"]
    done = subprocess.run([*command, *options], input=text, capture_output=True, text=True)
    return done.returncode == 0


def compiler_of(commands: list[list[str]], text: str) -> list[str]:
    for command in commands:
        if shutil.which(command[0]) and takes(command, text):
            return command
    pytest.skip("no compiler here knows all of it")


def first_case(name: str) -> str:
    return SEPARATOR.split((DECLS / name).read_text())[0]


def compare(text: str, command: list[str], monkeypatch) -> dict:
    monkeypatch.setattr(cdump, "CC", command)
    result = examine("text", text, [])
    assert not result.refused
    assert not result.misses
    return result.right


def test_c23(monkeypatch) -> None:
    command = compiler_of(
        C23, "constexpr int a = nullptr == 0; enum b : char { C = 1'0 }; auto d = a;"
    )
    right = compare(first_case("c23.h"), command, monkeypatch)
    assert right["record"] >= 6
    assert right["enum"] >= 7
    assert right["prototype"] >= 8
    assert right["variable"] >= 14


def test_gnu_c(monkeypatch) -> None:
    """Without what gcc has not: blocks, and two C23 words that the golden holds besides."""
    text = "".join(line for line in first_case("gnu.h").splitlines(True) if "(^" not in line)
    text = text.replace("__fallthrough__;", ";").replace("; static_assert(1 == 1)", "")
    command = compiler_of([["gcc"]], "int f(void) { int g(void) { return 1; } return g(); }")
    right = compare(text, command, monkeypatch)
    assert right["record"] >= 6
    assert right["prototype"] >= 12
    assert right["variable"] >= 25


def test_constants_of_gnu_c(monkeypatch) -> None:
    """_Generic and the built-in functions, value by value."""
    (text,) = (case for case in CASES if "enum generic" in case)
    assert compare(text, compiler_of([["gcc"]], text), monkeypatch)["enum"] == 7


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_is_no_c(text: str) -> None:
    compiler_of([["gcc"]], "int x;")
    assert not takes(["gcc"], text)
