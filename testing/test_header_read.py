"""cffi_core.header.read(): what is found out about a header."""

from textwrap import dedent

import pytest

from cffi_core.header import own as files
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


def test_files_for_one_kind_of_machine():
    """openssl/configuration.h, glibconfig.h: where Debian has what differs by machine."""
    roots = {"/usr/include/o/ssl.h": files.root("/usr/include/o/ssl.h", "o/ssl.h")}
    for child, parent, is_own in (
        ("/usr/include/x86_64-linux-gnu/o/config.h", "/usr/include/o/ssl.h", True),
        ("/usr/lib/x86_64-linux-gnu/g-2.0/include/gconfig.h", "/usr/include/g-2.0/g.h", True),
        ("/usr/lib/g-2.0/include/gconfig.h", "/usr/include/g-2.0/g.h", True),
        ("/usr/lib/x86_64-linux-gnu/g-2.0/include/gconfig.h", "/usr/include/o/ssl.h", False),
        ("/usr/lib/gcc/x86_64-linux-gnu/12/include/stddef.h", "/usr/include/g-2.0/g.h", False),
    ):
        assert files.belongs(child, parent, roots, None) == is_own


def test_declared_again(folder):
    """What another header had declared before is this header's as well, with its comment."""
    folder("other.h", "int abs(int); typedef long price; struct fwd; typedef struct fwd fwd;\n")
    folder(
        "again.h",
        """
        #include <other.h>
        /* Mine. */
        int abs(int);
        typedef long price; typedef struct fwd fwd;
        """,
    )
    header = read("again.h", include_dirs=[folder.path])
    assert own(header) == [("function", "abs"), ("typedef", "price"), ("typedef", "fwd")]
    assert header.docs["abs"] == "Mine."
    assert own(read("other.h", include_dirs=[folder.path]))[0] == ("function", "abs")


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


@pytest.mark.parametrize(
    ("follow", "names"),
    [
        (None, {"own_a", "own_b", "own_c"}),
        (False, {"own_a"}),
        (["far/*"], {"own_a", "far_d"}),
        (True, {"own_a", "own_b", "own_c", "far_d"}),
    ],
)
def test_follow(folder, follow, names):
    folder("own/a.h", '#include <own/b.h>\n#include "c.h"\n#include <far/d.h>\nvoid own_a(void);\n')
    folder("own/b.h", "void own_b(void);\n")
    folder("own/c.h", "void own_c(void);\n")
    folder("far/d.h", "void far_d(void);\n")
    header = read("own/a.h", include_dirs=[folder.path], follow=follow)
    assert {name for kind, name in own(header) if kind == "function"} == names


def test_a_header_of_nothing_but_includes(folder):
    """glib-object.h is <gobject/*.h>; what is included before by one of them counts as well."""
    folder("object.h", "/* All. */\n#define ALL\n#include <ob/a.h>\n # include <ob/b.h>\n")
    folder("ob/a.h", "#include <ob/b.h>\n#include <far/c.h>\nvoid ob_a(void);\n")
    folder("ob/b.h", "#include <ob/d.h>\nvoid ob_b(void);\n")
    folder("ob/d.h", "void ob_d(void);\n")
    folder("far/c.h", "void far_c(void);\n")
    folder("says.h", "#include <ob/a.h>\n#define SAYS 1\n")
    functions = {}
    for name, follow in ("object.h", None), ("object.h", False), ("says.h", None):
        header = read(name, include_dirs=[folder.path], follow=follow)
        functions[name, follow] = {name for kind, name in own(header) if kind == "function"}
    assert list(functions.values()) == [{"ob_a", "ob_b", "ob_d"}, set(), set()]


def test_parts_of_the_c_library():
    values = {"sys/socket.h": "AF_INET", "errno.h": "ENOENT", "limits.h": "INT_MAX"}
    for name, value in values.items():
        assert value in {found for _, found in own(read(name))}


COMMENTS = """
/* Not about anything. */

/** Before it. */
int before(void);
int shares(void);

int behind(void);  //!< Behind it.

int below(void);
/*
 * Below it,
 * in lines.
 */

// Two lines
//   of it.
extern int lines;

/* ------------------
   Ruled.
   ------------------ */
typedef struct ruled {
    int a;  /* first */
    /* second */
    int b, c;
} ruled_t;
enum { ONE, /**< one */ TWO /* two */ };
#define MACRO "/*" /* three
                      lines
                      long */
/* One of
    * these stars,
   which are its own. */
int starred(void);

int none(void);
"""


def test_comments(folder):
    path = folder("comments.h", COMMENTS)
    assert read(path).docs == {
        "before": "Before it.",
        "shares": "Before it.",
        "behind": "Behind it.",
        "below": "Below it,\nin lines.",
        "lines": "Two lines\n  of it.",
        "struct ruled": "Ruled.",
        "struct ruled.a": "first",
        "struct ruled.b": "second",
        "ruled_t": "Ruled.",
        "ONE": "one",
        "TWO": "two",
        "MACRO": "three\nlines\nlong",
        "starred": "One of\n * these stars,\nwhich are its own.",
    }
