"""Golden files: testing/decls/*.h carry what the parser must make of them.

    struct s { int a : 3; int b : 30; };  // expect: struct s size 8 align 4 { a@0:0+3 b@4:0+30 }
    int (x;                               // error 1:7: expected ')'
    // options: --pack 1
    // ----

Each `// expect:` is a line that cdump prints; expectations stand in the order of
those lines, some of which may go without. `// error L:C: text` is the one error of
its case: line, column, and how the message begins. A line `// ----` ends a case:
each is a cdef of its own, its lines counted from 1. `// options:` are cdump's.
"""

import re
from pathlib import Path

import cdump
import pytest

DECLS = Path(__file__).resolve().parent / "decls"
EXPECT = re.compile(r"//\s*expect:\s*(.*?)\s*$", re.MULTILINE)
ERROR = re.compile(r"//\s*error\s+(\d+:\d+: .*?)\s*$", re.MULTILINE)
OPTIONS = re.compile(r"^\s*//\s*options:\s*(.*?)\s*$", re.MULTILINE)
SEPARATOR = re.compile(r"^// ----.*\n", re.MULTILINE)


def cases() -> list:
    """(text, options) of every case, named by its first line in the file."""
    found = []
    for path in sorted(DECLS.glob("*.h")):
        line = 1
        for text in SEPARATOR.split(path.read_text()):
            options = [word for found in OPTIONS.findall(text) for word in found.split()]
            name = f"{path.stem}:{line}"
            found.append(pytest.param(text, options, id=name))
            line += text.count("\n") + 1
    return found


@pytest.mark.parametrize(("text", "options"), cases())
def test_golden(text: str, options: list[str]) -> None:
    expected, errors = EXPECT.findall(text), ERROR.findall(text)
    assert expected or errors, "no expectation"
    done = cdump.run(text, *options)
    if errors:
        assert len(errors) == 1, "one error a case"
        assert done.returncode == 1, done.stdout
        assert done.stderr.startswith(f"<cdef>:{errors[0]}"), done.stderr
        return
    assert done.returncode == 0, done.stderr
    printed = iter(done.stdout.splitlines())
    for line in expected:
        assert line in printed, f"missing or out of order: {line}\n{done.stdout}"


def test_every_file_has_an_expectation() -> None:
    assert len(cases()) >= len(list(DECLS.glob("*.h"))) > 0
