"""`python -m cffi_core import`: the file, what has changed when it is made again, who edits."""

import subprocess
import sys

import pytest

from cffi_core import FFI
from cffi_core.__main__ import main
from cffi_core.header import diff
from cffi_core.model import Model

HEADER = """
#define SHAPE_VERSION "1.2.3"
#define SHAPE_MAX 10
#define SHAPE_OLD 1
struct shape { int kind; int sides; unsigned flags : 3; };
enum colour { RED, GREEN };
typedef struct shape shape;
void draw(const shape *s, enum colour c);
void paint(shape *s);
"""

NEWER = """
#define SHAPE_VERSION "1.3"
#define SHAPE_MAX 12
struct shape { int kind; long sides; unsigned flags : 3, more : 2; };
enum colour { RED = 1, GREEN, BLUE };
typedef struct shape shape;
void draw(const shape *s, enum colour c, int width);
void paint(shape *s);
int area(const shape *s);
"""

CHANGED = """\
{path}: 5 changed, 1 added, 1 removed

  struct shape
      int kind;
-     int sides;
+     long sides;
      unsigned int flags : 3;
+     unsigned int more : 2;
  }};
! size 12 -> 24
! alignment 4 -> 8
! sides: at 4 -> 8
! flags: at 8.0, 3 bits -> 16.0, 3 bits
! more: new, at 16.3, 2 bits

  enum colour {{
-     RED = 0,
-     GREEN = 1,
+     RED = 1,
+     GREEN = 2,
+     BLUE = 3,
  }};
! RED: 0 -> 1
! GREEN: 1 -> 2
! BLUE: new, 3

- #define SHAPE_VERSION "1.2.3"
+ #define SHAPE_VERSION "1.3"

- #define SHAPE_MAX 10
+ #define SHAPE_MAX 12

- void draw(const shape *s, enum colour c);
+ void draw(const shape *s, enum colour c, int width);

- #define SHAPE_OLD 1

+ int area(const shape *s);
"""


@pytest.fixture
def header(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "shape.h"
    path.write_text(HEADER)
    return path


def test_the_file(header, capsys):
    assert main(["import", "./shape.h", "-o", "shape.cdef"]) == 0
    assert capsys.readouterr() == ("", "")
    text = (header.parent / "shape.cdef").read_text()
    assert text.startswith("/* Declarations of ./shape.h 1.2.3, for cffi_core on ")
    assert "\n *     python -m cffi_core import ./shape.h -o shape.cdef\n" in text
    ffi = FFI()
    ffi.cdef(text)
    assert ffi.sizeof("shape") == 12
    assert main(["import", "./shape.h"]) == 0
    printed = capsys.readouterr().out
    assert printed.partition("*/")[2] == text.partition("*/")[2]


def test_nothing_has_changed(header, capsys):
    command = ["import", "./shape.h", "-o", "shape.cdef"]
    main(command)
    made = (header.parent / "shape.cdef").stat()
    assert main(command) == main([*command, "--check"]) == 0
    assert (header.parent / "shape.cdef").stat().st_mtime_ns == made.st_mtime_ns
    assert capsys.readouterr() == ("", "")


def test_what_has_changed(header, capsys):
    command = ["import", "./shape.h", "-o", "shape.cdef"]
    path = header.parent / "shape.cdef"
    main(command)
    before = path.read_text()
    header.write_text(NEWER)
    assert main([*command, "--check"]) == 1
    assert capsys.readouterr() == (CHANGED.format(path="shape.cdef"), "")
    assert path.read_text() == before
    assert main(command) == 0
    assert capsys.readouterr() == (CHANGED.format(path="shape.cdef"), "")
    assert main([*command, "--check"]) == 0
    assert "int area(const shape *s);" in path.read_text()


def test_edited_by_hand(header, capsys):
    command = ["import", "./shape.h", "-o", "shape.cdef"]
    path = header.parent / "shape.cdef"
    main(command)
    path.write_text(path.read_text().replace("void paint(shape *s);\n", ""))
    edited = path.read_text()
    assert main(command) == 1
    out, err = capsys.readouterr()
    assert out == "shape.cdef: 0 changed, 1 added, 0 removed\n\n+ void paint(shape *s);\n"
    assert err == "import: shape.cdef was edited by hand: --force writes over it\n"
    assert path.read_text() == edited
    assert main([*command, "--force"]) == 0
    assert "void paint(shape *s);" in path.read_text()
    path.write_text("int somebody_elses(void);\n")
    assert main(command) == 1
    assert path.read_text() == "int somebody_elses(void);\n"


def test_only_a_comment_was_edited(header, capsys):
    command = ["import", "./shape.h", "-o", "shape.cdef"]
    path = header.parent / "shape.cdef"
    main(command)
    path.write_text(path.read_text() + "/* ours */\n")
    assert main([*command, "--check"]) == 0
    assert main(command) == 1
    assert "edited by hand" in capsys.readouterr().err


def test_options(header, capsys):
    (header.parent / "more").mkdir()
    (header.parent / "more" / "inner.h").write_text("#define GIVEN TEXT\nint inner_f(int);\n")
    words = ["-I", "more", "-DTEXT=7", "-DUNUSED", "-UUNUSED", "--select", "GIV*", "inner.h"]
    assert main(["import", *words]) == 0
    out = capsys.readouterr().out
    assert "import -Imore -DTEXT=7 -DUNUSED -UUNUSED '--select=GIV*' inner.h\n" in out
    assert "#define GIVEN 7\n" in out
    assert "inner_f" not in out


def test_a_folder_called_like_the_header(header, capsys):
    (header.parent / "shapes").mkdir()
    (header.parent / "shapes" / "round.h").write_text("int round_f(int);\n")
    (header.parent / "shapes.h").write_text("#include <shapes/round.h>\n")
    main(["import", "-I.", "shapes.h"])
    assert "int round_f(int);" in capsys.readouterr().out


def test_macros_that_cannot_stand_alone(header, capsys):
    """The preprocessor refuses this one, where it is not called."""
    header.write_text("#define shape_has __has_attribute\n#define SHAPE 3\n")
    assert main(["import", "./shape.h"]) == 0
    assert "#define SHAPE 3\n" in capsys.readouterr().out


def test_what_counts_as_the_headers_own(header, capsys):
    (header.parent / "outer.h").write_text('#include "shape.h"\nint outer_f(shape *s);\n')
    main(["import", "./outer.h"])
    assert "void paint(shape *s);" in capsys.readouterr().out
    main(["import", "--no-follow", "./outer.h"])
    out = capsys.readouterr().out
    assert "import --no-follow ./outer.h\n" in out
    assert "int outer_f(shape *s);" in out
    assert "paint" not in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere_to_be_found.h"], "nowhere_to_be_found.h"),
        (["./shape.h", "--select", "shap", "--select=x*"], "no name that is declared is like"),
        (["./shape.h", "--package", "no-such-package"], "no-such-package"),
        (["./shape.h", "-o", "no/such/folder/x"], "No such file"),
        (["./shape.h", "-o", "gone.cdef", "--check"], "gone.cdef is not there"),
    ],
)
def test_what_cannot_be(header, words, message, capsys):
    assert main(["import", *words]) == 1
    out, err = capsys.readouterr()
    assert (out, err[:8]) == ("", "import: ")
    assert message in err


def test_advice_is_about_options(header, capsys):
    (header.parent / "needs.h").write_text("FILE *opened(void);\n")
    expected = {"no_such.h": "-I ..., or --package ... of", "./needs.h": "--before stdio.h"}
    for name, advice in expected.items():
        assert main(["import", name]) == 1
        err = capsys.readouterr().err
        assert advice in err and "=[" not in err


def test_a_file_that_is_no_cdef(header, capsys):
    (header.parent / "shape.cdef").write_text("what is this\n")
    assert main(["import", "./shape.h", "-o", "shape.cdef"]) == 1
    assert "import: shape.cdef:1:1: " in capsys.readouterr().err


def test_colours():
    old, new = FFI(), FFI()
    old.cdef("int f(int);")
    new.cdef("int f(long);")
    shown = diff.show(diff.compare(Model(old), Model(new)), "x", True)
    assert "\33[31m- int f(int);\33[0m\n\33[32m+ int f(long);\33[0m\n" in shown


def test_the_same_on_every_run(header, capsys):
    for _ in range(2):
        assert main(["import", "./shape.h"]) == 0
    out = capsys.readouterr().out
    assert out[: len(out) // 2] == out[len(out) // 2 :]


def test_costs_nothing_elsewhere():
    """The other commands do not import what only this one needs."""
    program = (
        "import sys, argparse; from cffi_core.__main__ import register_all;"
        "register_all(argparse.ArgumentParser().add_subparsers());"
        "print('cffi_core.header.write' in sys.modules, 'difflib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False False\n", done.stderr
