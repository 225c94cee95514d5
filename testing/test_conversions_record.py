"""Initializers of structs, unions and arrays."""

import pytest
from hostile import Emptier

CDEF = """
    struct pt { int x, y; };
    union u { int a; float f; char c[4]; };
    struct nest { int k; struct pt p; struct pt a[2]; union u u; };
    struct anon { int a; union { int b; float c; }; struct { int d, e; }; int f; };
    struct text { char name[8]; wchar_t wide[4]; };
    struct op;
"""


def test_by_position(ffi):
    p = ffi.new("struct pt *", [1, 2])
    assert (p.x, p.y) == (1, 2)
    p = ffi.new("struct pt *", (3,))
    assert (p.x, p.y) == (3, 0)


def test_by_name(ffi):
    p = ffi.new("struct pt *", {"y": 4})
    assert (p.x, p.y) == (0, 4)


def test_by_cdata(ffi):
    p = ffi.new("struct pt *", ffi.new("struct pt *", [1, 2])[0])
    assert (p.x, p.y) == (1, 2)
    p[0] = ffi.new("struct pt *", [3, 4])[0]
    assert (p.x, p.y) == (3, 4)
    p[0] = p[0]
    assert (p.x, p.y) == (3, 4)


def test_assignment_is_initialization(ffi):
    n = ffi.new("struct nest *", [1, [2, 3], [[4, 5]], [6]])
    assert (n.k, n.p.x, n.p.y, n.a[0].y, n.a[1].y, n.u.a) == (1, 2, 3, 5, 0, 6)
    n.p = {"y": 9}
    assert (n.p.x, n.p.y) == (2, 9)
    n.a = [[1], [2, 3]]
    assert (n.a[0].x, n.a[0].y, n.a[1].y) == (1, 5, 3)
    n.a = ffi.new("struct pt[2]", [[7, 8]])
    assert (n.a[0].y, n.a[1].x) == (8, 0)
    n[0] = [5]
    assert n.k == 5 and n.p.y == 9


@pytest.mark.parametrize(
    ("init", "exception", "message"),
    [
        ([1, 2, 3], ValueError, "too many initializers for 'struct pt' (got 3)"),
        ((1, 2, 3), ValueError, "too many initializers for 'struct pt' (got 3)"),
        ({"z": 1}, KeyError, "'z'"),
        ({1: 1}, KeyError, "1"),
        (["a"], TypeError, "an integer is required"),
        ({"x": "a"}, TypeError, "an integer is required"),
        *(
            (value, TypeError, "initializer for ctype 'struct pt' must be a list or tuple or dict "
             f"or struct-cdata, not {type(value).__name__}")
            for value in (5, "ab", iter([1]), b"ab")
        ),
    ],
)
def test_errors(ffi, init, exception, message):
    with pytest.raises(exception) as caught:
        ffi.new("struct pt *", init)
    assert str(caught.value) == message


def test_other_cdata(ffi):
    expected = "list or tuple or dict or struct-cdata, not cdata 'struct pt \\*'"
    with pytest.raises(TypeError, match=expected):
        ffi.new("struct pt *", ffi.new("struct pt *"))


def test_opaque(ffi):
    with pytest.raises(TypeError, match="'struct op' is opaque"):
        ffi.cast("struct op *", 8)[0] = [1]


class TestUnion:
    def test_one_field(self, ffi):
        assert ffi.new("union u *", [1]).a == 1
        assert ffi.new("union u *", (3,)).a == 3
        assert ffi.new("union u *", {"f": 1.5}).f == 1.5
        assert ffi.new("union u *", []).a == 0

    def test_too_many(self, ffi):
        with pytest.raises(ValueError, match=r"too many initializers for 'union u' \(got 2\)"):
            ffi.new("union u *", [1, 2])


class TestAnonymous:
    def test_by_position(self, ffi):
        p = ffi.new("struct anon *", [1, 2, 3, 4, 5])
        assert (p.a, p.b, p.d, p.e, p.f) == (1, 2, 3, 4, 5)
        with pytest.raises(ValueError, match="too many initializers"):
            ffi.new("struct anon *", [1, 2, 3, 4, 5, 6])

    def test_by_name(self, ffi):
        p = ffi.new("struct anon *", {"c": 1.5, "e": 3})
        assert (p.c, p.e, p.f) == (1.5, 3, 0)

    def test_dir(self, ffi):
        assert dir(ffi.new("struct anon *")) == list("abcdef")


class TestArrays:
    def test_same_type(self, ffi):
        a = ffi.new("int[3]", [1, 2, 3])
        assert list(ffi.new("int[3]", a)) == [1, 2, 3]
        for other in ("int[2]", "int[]"):
            with pytest.raises(TypeError, match=r"must be a list or tuple, not cdata"):
                ffi.new("int[3]", ffi.new(other, [1, 2]))

    @pytest.mark.parametrize("value", [3, "abc", b"abc", {1, 2}, range(3), memoryview(b"abc")])
    def test_refused(self, ffi, value):
        with pytest.raises(TypeError) as caught:
            ffi.new("int[3]", value)
        assert str(caught.value) == (
            "initializer for ctype 'int[3]' must be a list or tuple, not "
            + type(value).__name__
        )

    def test_nested(self, ffi):
        a = ffi.new("int[2][3]", [[1, 2], [3]])
        assert [list(row) for row in a] == [[1, 2, 0], [3, 0, 0]]

    def test_strings_in_records(self, ffi):
        p = ffi.new("struct text *", [b"abc", "xyz"])
        assert ffi.string(p.name) == b"abc" and ffi.string(p.wide) == "xyz"
        p.name = b"12345678"
        assert ffi.string(p.name) == b"12345678"
        with pytest.raises(IndexError):
            p.name = b"123456789"
        p.name = [b"a", b"b"]
        assert ffi.string(p.name) == b"ab345678"


def test_lists_that_change(ffi):
    items = []
    items += [Emptier(items), 2, 3]
    with pytest.raises(IndexError):
        ffi.new("int[3]", items)
    items += [Emptier(items), 2]
    with pytest.raises(IndexError):
        ffi.new("struct pt *", items)


class Key(str):
    """A field name that is neither interned nor an exact str."""


def test_names_by_value(ffi):
    p = ffi.new("struct pt *", {Key("x"): 5, "".join(["", "y"]): 6})
    assert (p.x, p.y) == (5, 6)
    assert getattr(p, "".join(["", "x"])) == 5
    setattr(p, "".join(["", "x"]), 7)
    assert p.x == 7
