"""cffi_core.header.read(): what is found out about a header."""

from textwrap import dedent

import pytest

from cffi_core.header import read


@pytest.fixture
def folder(tmp_path):
    """write(name, text): a file in a folder where headers are looked for."""

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
        return path

    write.path = tmp_path
    return write


def own(header):
    return [(kept.kind, kept.name) for kept in header.keep if kept.own]


def needed(header):
    return [(kept.kind, kept.name, kept.body) for kept in header.keep if not kept.own]


def test_own_and_needed(folder):
    folder("other.h", "struct point { int x, y; }; struct __hidden { int a; }; int unused(void);")
    folder(
        "pic.h",
        """
        #ifndef PIC_H
        #define PIC_H
        #include <other.h>
        #include "part.h"
        #define PIC_MAX (1 << 4)
        int pic_move(struct point to, struct __hidden *how);
        typedef struct pic pic_t;
        #endif
        """,
    )
    folder("part.h", "enum pic_kind { PIC_A, PIC_B = 7 };\n")
    header = read("pic.h", include_dirs=[folder.path])
    assert own(header) == [
        ("unavailable", "PIC_H"),
        ("enum", "pic_kind"),
        ("constant", "PIC_MAX"),
        ("function", "pic_move"),
        ("struct", "pic"),
        ("typedef", "pic_t"),
    ]
    assert needed(header) == [("struct", "point", True), ("struct", "__hidden", False)]
    assert header.ffi.integer_const("PIC_MAX") == 16
