"""Where in a value an error is: notes of exceptions, below messages that are CFFI's."""

import sys

import pytest

from cffi_core import FFI

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="exceptions have no notes")

DECLARATIONS = """
    struct part { int x; short v[3]; char *name; };
    struct whole { struct part a, b; };
    int sum(struct whole);
    int add(int, int);
    int visit(int (*)(int), const char *, int *);
    int listed(int n, ...);
    void look(const void *, const unsigned char *);
"""
SOURCE = """
    struct part { int x; short v[3]; char *name; };
    struct whole { struct part a, b; };
    static int sum(struct whole w) { return w.a.x + w.b.x; }
    static int add(int a, int b) { return a + b; }
    static int visit(int (*f)(int), const char *s, int *p) { return f(s[*p]); }
    static int listed(int n, ...) { return n; }
    static void look(const void *p, const unsigned char *q) { (void)p, (void)q; }
"""


def notes(call, *args):
    with pytest.raises((TypeError, ValueError, OverflowError, LookupError)) as caught:
        call(*args)
    return getattr(caught.value, "__notes__", [])


ARGUMENTS = [
    ("add", (1, "2"), ["in argument 2 of add(), 'int': got str"]),
    ("add", (2**70, 1), ["in argument 1 of add(), 'int': got int"]),
    ("add", (1,), []),
    (
        "sum",
        ([{"v": [1, 2**20]}],),
        [
            "in item [1], 'short': got int",
            "in field 'v' of 'struct part'",
            "in field 'a' of 'struct whole'",
            "in argument 1 of sum()",
        ],
    ),
    (
        "visit",
        (lambda c: c, b"text", [0]),
        [
            "in argument 1 of visit(), 'int(*)(int)': got function: ffi.callback() makes a C "
            "function of it"
        ],
    ),
    (
        "listed",
        (1, 2),
        [
            "'...' says no type, so that the argument has to: ffi.cast(\"int\", x), "
            'ffi.cast("double", x), ffi.new("char[]", b"text"), ...'
        ],
    ),
]


@pytest.fixture(scope="module")
def lib():
    ffi = FFI()
    ffi.cdef(DECLARATIONS)
    return ffi, ffi.verify(SOURCE)


@pytest.mark.parametrize(("name", "args", "expected"), ARGUMENTS)
def test_arguments(lib, name, args, expected):
    assert notes(getattr(lib[1], name), *args) == expected


def test_advice(lib):
    ffi, lib = lib
    f = ffi.callback("int(int)", lambda c: c)
    place = "in argument 2 of visit(), 'char *': got"
    assert notes(lib.visit, f, "text", [0]) == [
        f"{place} str: C's text is bytes, str.encode() makes them"
    ]
    assert notes(lib.visit, f, None, [0]) == [f"{place} NoneType: C's NULL is ffi.NULL"]
    assert notes(ffi.new, "struct part *", {"name": b"text"}) == [
        "in field 'name' of 'struct part', 'char *': got bytes: what it points to is made by "
        "ffi.new(), and has to be kept"
    ]


def test_text_for_any_bytes(lib):
    _, lib = lib
    for i, arguments in enumerate([("a", b""), (b"", "a")]):
        (found,) = notes(lib.look, *arguments)
        assert found.endswith(": got str: C's text is bytes, str.encode() makes them"), i


def test_pointers_to_functions(lib):
    ffi, _ = lib
    f = ffi.callback("int(int, struct part)", lambda a, b: 0)
    assert notes(f, 1, {"x": 2.5}) == [
        "in field 'x' of 'struct part', 'int': got float",
        "in argument 2 of a 'int(*)(int, struct part)'",
    ]
    plain = ffi.cast("int(*)(int)", f)  # has nothing but an address
    assert notes(plain, "1") == ["in argument 1 of a 'int(*)(int)', 'int': got str"]
    assert notes(ffi.cast("int(*)(int, ...)", f), "1") == [
        "in argument 1 of a 'int(*)(int, ...)', 'int': got str"
    ]


def test_cdata_are_named_by_their_types(lib):
    """A callback of another type needs no advice to make a callback."""
    ffi, lib = lib
    place = "in argument 1 of visit(), 'int(*)(int)': got cdata"
    callback = ffi.callback("int(int, int)", lambda a, b: 0)
    assert notes(lib.visit, callback, b"", [0]) == [f"{place} 'int(*)(int, int)'"]
    assert notes(lib.visit, lib.add, b"", [0]) == [f"{place} 'int(*)(int, int)'"]
    assert notes(lib.visit, ffi.new("int *"), b"", [0]) == [f"{place} 'int *'"]


def test_what_is_assigned(lib):
    ffi, _ = lib
    p = ffi.new("struct part *")
    assert notes(setattr, p, "x", "1") == ["in field 'x' of 'struct part', 'int': got str"]
    assert notes(p.__setitem__, 0, [1, [2, None]]) == [
        "in item [1], 'short': got NoneType",
        "in field 'v' of 'struct part'",
    ]
    assert notes(ffi.new, "int[]", [1, 2, "3"]) == ["in item [2], 'int': got str"]


def test_names(lib):
    ffi, _ = lib
    expected = ["'struct part' has no such field"]
    assert notes(ffi.new, "struct part *", {"y": 1}) == expected
    assert notes(ffi.offsetof, "struct part", "y") == expected


def test_inline_functions():
    ffi = FFI()
    ffi.cdef("static inline int twice(int x) { return 2 * x; } int no_such_function(int);")
    c = ffi.dlopen(None)
    with pytest.raises(AttributeError) as caught:
        c.twice
    assert caught.value.__notes__[0].startswith("it is static: the header has its code")
    with pytest.raises(AttributeError) as caught:
        c.no_such_function
    assert not hasattr(caught.value, "__notes__")


def test_other_exceptions_have_none():
    """Only what is about the value: an interrupt is not."""

    class Interrupts:
        def __int__(self):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        FFI().new("int[]", [Interrupts()])
    assert not hasattr(caught.value, "__notes__")
