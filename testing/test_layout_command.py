"""`python -m cffi_core layout`: the drawing, the picture, and what it says when there is none."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from cffi_core import FFI
from cffi_core.__main__ import main
from cffi_core.layout import Layout, draw, svg

DECLARED = """
struct inner { int a; char b; };
struct big {
    char c;
    struct { short s; union { int i; char t[5]; }; struct { char z; } q; };
    unsigned a : 3, : 0, b : 5, d : 9;
    struct inner in;
    char name[100];
    void (*cb)(int);
    char flex[];
};
union u { int a; char b[7]; struct { short x, y; }; };
struct opaque;
typedef struct { __builtin_va_list v; } unusable;
typedef struct big big_t;
"""

BIG = """\
struct big: 144 bytes, aligned to 8; 16 bytes and 7 bits unused; 3 cache lines of 64

  offset     size  member
       0        1  char c
       1        3  -- padding --
       4       16  struct {
       4        2      short s
       6        2      -- padding --
       8        8      union {
       8        4          int i
       8        5          char t[5]
      13        3          -- padding --
                       }
      16        1      struct {
      16        1          char z
                       } q
      17        3      -- padding --
                   }
    20.0   3 bits  unsigned int a : 3
    20.3   5 bits  -- unused bits --
      21        3  -- padding --
    24.0   5 bits  unsigned int b : 5
    24.5   9 bits  unsigned int d : 9
    25.6   2 bits  -- unused bits --
      26        2  -- padding --
      28        8  struct inner in
      36      100  char name[100]   <- to line 2
  ---------- 128: cache line 2 -----------
     136        8  void (*cb)(int)
     144        0  char flex[]
"""


def layout(name: str, declared: str = DECLARED) -> Layout:
    ffi = FFI()
    ffi.cdef(declared)
    return Layout(ffi, name)


def test_every_kind_of_part() -> None:
    drawn = draw(layout("struct big"))
    assert drawn == BIG


def test_a_union_and_a_typedef() -> None:
    lines = draw(layout("union u")).splitlines()
    assert lines[0] == "union u: 8 bytes, aligned to 4; 1 byte unused; 1 cache line of 64"
    assert [line.split()[0] for line in lines[3:6]] == ["0", "0", "0"]
    assert lines[-1].split() == ["7", "1", "--", "padding", "--"]
    assert draw(layout("big_t")) == draw(layout("struct big"))


def test_a_member_over_two_lines() -> None:
    drawn = draw(layout("struct s", "struct s { char a[12]; char b[8]; char c[13]; };"), 16)
    assert "char b[8]   <- crosses 16" in drawn
    assert "char c[13]   <- crosses 32" in drawn
    assert drawn.count(": cache line") == 1  # none begins behind the last member's start


def test_the_parts_fill_the_record() -> None:
    """Random records: parts and gaps lie end to end, from 0 to the size."""
    from test_layout_gcc import PRELUDE, Generator

    generator = Generator(7)
    for number in range(100):
        record = generator.top(number)
        if record.word != "struct":
            continue
        declared = PRELUDE + "".join(r.declaration() for r in generator.records)
        if record not in generator.records:
            declared += record.declaration()
        found = layout(f"struct {record.tag}", declared)
        reached = 0
        for part in found.parts:
            if part.depth == 0 and part.kind != "end":
                assert part.start == reached, (record.text(), part)
                reached += part.width
        assert reached == found.size * 8, record.text()


def test_the_picture() -> None:
    root = ET.fromstring(svg(layout("struct big")))
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0].startswith("struct big: 144 bytes")
    assert {"c", "s", "i | t", "q.z", "a", "b", "d", "in", "name", "cb", "padding"} <= set(texts)
    tips = [element.text for element in root.iter("{http://www.w3.org/2000/svg}title")]
    assert "unsigned int d : 9: offset 24.5, 9 bits" in tips
    offsets = [int(text) for text in texts if text and re.fullmatch(r"\d+", text)]
    assert offsets == [0, 8, 16, 24, 32, 40, 128, 136]  # the inside of name[] is left out
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) == 1


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """Runs the command in a folder with declarations; (status, output, errors)."""
    monkeypatch.chdir(tmp_path)
    Path("declared.h").write_text(DECLARED)

    def run(*words: str) -> tuple[int, str, str]:
        status = main(["layout", *words])
        return (status, *capsys.readouterr())

    return run


def test_the_reference_shows_what_is_printed(run) -> None:
    page = Path(__file__).parent.parent / "doc" / "reference" / "command-line.md"
    shown = re.search(r"^\$ python -m cffi_core layout (.*)\n([^`]*)```", page.read_text(), re.M)
    status, out, err = run("struct tm", "--header", "time.h")
    assert (status, err) == (0, "")
    assert shown[1] == '"struct tm" --header time.h'
    assert out == shown[2]


def test_headers_macros_and_folders(run, tmp_path) -> None:
    Path("more").mkdir()
    Path("more", "in.h").write_text("struct in { char text[N]; };\n")
    Path("own.h").write_text("#include <in.h>\nstruct own { struct in in; };\n")
    status, out, _ = run("struct own", "--header", "own.h", "-I", "more", "-D", "N=5")
    assert status == 0
    assert out.startswith("struct own: 5 bytes, aligned to 1; 1 cache line of 64\n")
    status, out, _ = run("big_t", "--cdef", "declared.h", "--cache-line", "32")
    assert "5 cache lines of 32" in out.split("\n")[0]


def test_a_picture_in_a_file(run) -> None:
    status, out, _ = run("union u", "--cdef", "declared.h", "--svg", "u.svg")
    assert (status, out) == (0, "")
    assert Path("u.svg").read_text() == svg(layout("union u"))
    assert run("union u", "--cdef", "declared.h", "--svg", "-")[1] == Path("u.svg").read_text()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("struct opaque", "'struct opaque' is not complete here"),
        ("struct nowhere", "'struct nowhere' is not complete here"),
        ("unusable", "'unusable' cannot be used: a va_list has no value in Python"),
        ("int", "'int' is no struct or union"),
        ("nothing", "unknown type name 'nothing'"),
        ("struct big b", "expected the end of the type, found 'b'"),
    ],
)
def test_nothing_to_draw(run, name, told) -> None:
    status, out, err = run(name, "--cdef", "declared.h")
    assert (status, out) == (1, "")
    assert err.startswith("layout: ")
    assert told in err


def test_what_cannot_be_read(run, monkeypatch) -> None:
    status, _, err = run("struct tm", "--header", "no/such.h", "-I", ".")
    assert status == 1
    assert "the header 'no/such.h' is not found\nlooked for in " in err
    assert "say where it is: -I ..., or --package ... of pkg-config" in err
    status, _, err = run("struct tm", "--cdef", "nothing.h")
    assert status == 1
    assert "nothing.h" in err
    Path("bad.h").write_text("int (x;\n")
    status, _, err = run("struct tm", "--cdef", "bad.h")
    assert status == 1
    assert "expected ')'" in err
    monkeypatch.setenv("CC", "no-such-compiler")
    status, _, err = run("struct tm", "--header", "time.h")
    assert status == 1
    assert "no-such-compiler" in err
    monkeypatch.setenv("CC", "gcc '")
    status, _, err = run("struct tm", "--header", "time.h")
    assert status == 1
    assert "CC=gcc '" in err
