"""What can be done with a cdata: attributes, items, slices, arithmetic, comparison, numbers."""

import copy
import pickle
import weakref

import pytest
from modes import evaluated

CDEF = """
    struct s { int a; short b; char c; double d; int *p; struct { int q; } in; };
    struct pt { int x, y; };
    struct nest { int k; struct pt p; struct pt a[2]; union { int i; float f; } u; };
    struct fl { int n; int arr[]; };
    struct op;
    enum e { A, B = 5 };
    typedef int (*fn)(int, int);
    struct odd { int __class__; int __dir__x; int repr; };
"""


@pytest.fixture(scope="module")
def null_s(ffi):
    return ffi.cast("struct s *", 0)


@pytest.fixture(scope="module")
def opaque(ffi):
    return ffi.cast("struct op *", 8)


@pytest.fixture(scope="module")
def value(ffi, null_s, opaque):
    """What an expression is, in the mode."""
    names = {"NULL_S": null_s, "OPAQUE": opaque, "FN": ffi.cast("fn", 8)}
    return lambda expression: evaluated(ffi, expression, **names)


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


def message_of(exception, function, *args) -> str:
    with pytest.raises(exception) as caught:
        function(*args)
    return str(caught.value)


class TestAttributes:
    def test_read_and_write(self, ffi):
        p = ffi.new("struct s *")
        p.a, p.b, p.c, p.d = 1, 2, b"x", 2.5
        assert (p.a, p.b, p.c, p.d) == (1, 2, b"x", 2.5)
        assert (p[0].a, p[0].c) == (1, b"x")
        p[0].a = 9
        assert p.a == 9
        assert repr(p.p) == "<cdata 'int *' NULL>"

    def test_references(self, ffi):
        n = ffi.new("struct nest *")
        n.p.x = 5
        n.a[1].y = 6
        n.u.f = 1.5
        assert (n.p.x, n.a[1].y, n.u.f) == (5, 6, 1.5)
        assert repr(n.p).startswith("<cdata 'struct pt &' 0x")

    @pytest.mark.parametrize(
        ("cdata", "name", "message"),
        [
            ("ffi.new('struct s *')", "zz", "cdata 'struct s *' has no field 'zz'"),
            ("ffi.new('struct s *')[0]", "zz", "cdata 'struct s' has no field 'zz'"),
            ("ffi.new('int *')", "a", "cdata 'int *' has no attribute 'a'"),
            ("ffi.new('int[3]')", "a", "cdata 'int[3]' has no attribute 'a'"),
            ("ffi.cast('int', 3)", "a", "cdata 'int' has no attribute 'a'"),
            ("FN", "a", "cdata 'int(*)(int, int)' has no attribute 'a'"),
        ],
    )
    def test_missing(self, value, cdata, name, message):
        cdata = value(cdata)
        assert message_of(AttributeError, getattr, cdata, name) == message
        assert message_of(AttributeError, setattr, cdata, name, 1) == message

    def test_opaque(self, opaque):
        message = "cdata 'struct op *' points to an opaque type: cannot %s fields"
        assert message_of(AttributeError, getattr, opaque, "a") == message % "read"
        assert message_of(AttributeError, setattr, opaque, "a", 1) == message % "write"
        assert dir(opaque) == []

    def test_null(self, null_s):
        message = "cannot dereference null pointer from cdata 'struct s *'"
        assert message_of(RuntimeError, getattr, null_s, "a") == message
        assert message_of(RuntimeError, setattr, null_s, "a", 1) == message

    def test_delete(self, ffi):
        p = ffi.new("struct s *")
        assert message_of(AttributeError, delattr, p, "a") == "cannot delete struct field"
        with pytest.raises(AttributeError):
            del p.zz

    def test_names_that_are_no_str(self, ffi):
        with pytest.raises(TypeError):
            getattr(ffi.new("struct s *"), 5)

    def test_dir(self, ffi):
        assert dir(ffi.new("struct s *")) == ["a", "b", "c", "d", "in", "p"]
        assert dir(ffi.new("int *")) == []

    def test_fields_hide_attributes(self, ffi):
        p = ffi.new("struct odd *", [1, 2, 3])
        assert (p.__class__, p.repr) == (1, 3)

    def test_completed_later(self, declare):
        local = declare("struct late; typedef struct late *late_p;")
        p = local.cast("struct late *", 8)
        with pytest.raises(AttributeError, match="opaque"):
            p.x
        local.cdef("struct late { int x; };")
        memory = local.new("int[1]", [5])
        assert local.cast("struct late *", memory).x == 5


class TestItems:
    def test_pointers(self, ffi):
        a = ffi.new("int[5]", [1, 2, 3, 4, 5])
        p = a + 2
        assert (p[0], p[-2], p[2]) == (3, 1, 5)
        p[-1] = 9
        assert a[1] == 9

    def test_any_index_object(self, ffi):
        a = ffi.new("int[5]", [1, 2, 3, 4, 5])
        assert a[Index(1)] == 2 and a[True] == 2
        for key in ("a", 1.5, None, ffi.cast("int", 1)):
            assert "cannot be interpreted as an integer" in message_of(
                TypeError, a.__getitem__, key)

    def test_bounds(self, ffi):
        a = ffi.new("int[3]")
        message = "index too large for cdata 'int[3]' (expected 3 < 3)"
        assert message_of(IndexError, a.__getitem__, 3) == message
        assert message_of(IndexError, a.__getitem__, -1) == "negative index"
        assert message_of(IndexError, a.__setitem__, 3, 0) == message
        message = "cannot fit 'int' into an index-sized integer"
        assert message_of(IndexError, a.__getitem__, 2**70) == message

    @pytest.mark.parametrize("p", [
        "NULL_S", "ffi.cast('int *', 0)", "ffi.NULL", "ffi.cast('int[3]', 0)"])
    def test_null(self, ffi, value, p):
        p = value(p)
        name = ffi.getctype(ffi.typeof(p))
        message = f"cannot dereference null pointer from cdata '{name}'"
        assert message_of(RuntimeError, p.__getitem__, 0) == message
        assert message_of(RuntimeError, p.__setitem__, 0, 0) == message
        if ffi.typeof(p).kind == "array":
            assert message_of(RuntimeError, list, p) == message

    def test_without_size(self, ffi, opaque):
        assert message_of(TypeError, ffi.cast("void *", 8).__getitem__, 0) == (
            "cdata 'void' is opaque")
        assert repr(opaque[0]) == "<cdata 'struct op &' 0x8>"
        assert "items of unknown size" in message_of(TypeError, opaque.__getitem__, 1)

    @pytest.mark.parametrize("cdata", ["ffi.cast('int', 3)", "ffi.new('struct pt *')[0]", "FN"])
    def test_no_items(self, ffi, value, cdata):
        cdata = value(cdata)
        name = ffi.getctype(ffi.typeof(cdata))
        message = f"cdata of type '{name}' cannot be indexed"
        assert message_of(TypeError, cdata.__getitem__, 0) == message
        assert message_of(TypeError, cdata.__setitem__, 0, 0) == message
        assert message_of(TypeError, cdata.__getitem__, slice(0, 1)) == message

    def test_delete(self, ffi):
        a = ffi.new("int[3]")
        for key in (0, slice(0, 1)):
            assert message_of(TypeError, a.__delitem__, key) == (
                "'del x[n]' not supported for cdata objects")

    def test_open_array_behind_a_pointer(self, ffi):
        a = ffi.new("int[3]", [1, 2, 3])
        p = ffi.cast("int(*)[]", a)
        assert ffi.typeof(p[0]) is ffi.typeof("int *") and p[0][2] == 3


class TestSlices:
    def test_views(self, ffi):
        a = ffi.new("int[5]", [1, 2, 3, 4, 5])
        s = a[1:3]
        assert repr(s) == "<cdata 'int[]' sliced length 2>"
        assert list(s) == [2, 3] and len(s) == 2 and ffi.sizeof(s) == 8
        s[0] = 9
        assert a[1] == 9
        assert list(s[1:2]) == [3]
        assert message_of(IndexError, s.__getitem__, 2) == (
            "index too large for cdata 'int[]' (expected 2 < 2)")
        assert list(ffi.cast("int *", a + 2)[-2:0]) == [1, 9]

    @pytest.mark.parametrize(
        ("key", "message"),
        [
            (slice(None, 1), "slice start must be specified"),
            (slice(1, None), "slice stop must be specified"),
            (slice(0, 2, 1), "slice with step not supported"),
            (slice(2, 1), "slice start > stop"),
            (slice(-1, 1), "negative index"),
            (slice(1, 4), "index too large (expected 4 <= 3)"),
        ],
    )
    def test_bounds(self, ffi, key, message):
        a = ffi.new("int[3]")
        assert message_of(IndexError, a.__getitem__, key) == message
        assert message_of(IndexError, a.__setitem__, key, []) == message

    def test_assignment(self, ffi):
        a = ffi.new("int[5]", [1, 2, 3, 4, 5])
        for value in ([7, 8], (7, 8), (x for x in [7, 8]), ffi.new("int[2]", [7, 8]), b"\7\x08"):
            a[1:3] = [0, 0]
            a[1:3] = value
            assert list(a) == [1, 7, 8, 4, 5]
        a[1:4] = a[0:3]
        assert list(a) == [1, 1, 7, 8, 5]

    @pytest.mark.parametrize(
        ("value", "exception", "message"),
        [
            ([7], ValueError, "need 2 values to unpack, got 1"),
            ([7, 8, 9], ValueError, "got more than 2 values to unpack"),
            (5, TypeError, "'int' object is not iterable"),
            ("ab", TypeError, "an integer is required"),
        ],
    )
    def test_wrong_values(self, ffi, value, exception, message):
        a = ffi.new("int[5]")
        assert message_of(exception, a.__setitem__, slice(1, 3), value) == message

    def test_characters(self, ffi):
        c = ffi.new("char[10]")
        c[0:3] = b"abc"
        c[3:6] = bytearray(b"xyz")
        assert ffi.string(c) == b"abcxyz"
        assert message_of(ValueError, c.__setitem__, slice(0, 3), b"ab") == (
            "need a string of length 3, got 2")
        w = ffi.new("wchar_t[5]")
        w[0:2] = "ab"
        assert ffi.string(w) == "ab"

    def test_null(self, ffi):
        p = ffi.cast("int *", 0)
        assert len(p[0:0]) == 0
        with pytest.raises(RuntimeError, match="null pointer"):
            p[0:2] = [1, 2]

    def test_unknown_size(self, ffi, opaque):
        for p, name in ((opaque, "struct op"), (ffi.cast("void *", 8), "void")):
            assert message_of(ValueError, p.__getitem__, slice(0, 1)) == (
                f"array item of unknown size: '{name}'")


class TestIteration:
    def test_arrays(self, ffi):
        assert list(ffi.new("char[3]", b"ab")) == [b"a", b"b", b"\0"]
        iterator = iter(ffi.new("int[1]", [4]))
        assert next(iterator) == 4
        for _ in range(2):
            with pytest.raises(StopIteration):
                next(iterator)
        assert 3 in ffi.new("int[]", [1, 3])

    @pytest.mark.parametrize("cdata", ["ffi.new('int *')", "ffi.new('struct pt *')[0]", "FN"])
    def test_others(self, ffi, value, cdata):
        cdata = value(cdata)
        name = ffi.getctype(ffi.typeof(cdata))
        assert message_of(TypeError, iter, cdata) == f"cdata '{name}' does not support iteration"
        assert message_of(TypeError, len, cdata) == f"cdata of type '{name}' has no len()"


class TestArithmetic:
    def test_pointers(self, ffi):
        a = ffi.new("int[5]", [1, 2, 3, 4, 5])
        assert (a + 1)[0] == 2 and (1 + a)[0] == 2 and ((a + 3) - 1)[0] == 3
        assert (a + 3) - (a + 1) == 2 and (a + 3) - a == 3 and a - (a + 1) == -1
        assert ffi.typeof(a + 1) is ffi.typeof("int *")
        assert repr(ffi.cast("void *", 3) + 1) == "<cdata 'void *' 0x4>"
        assert ffi.cast("void *", 30) - ffi.cast("void *", 3) == 27
        assert ffi.typeof(ffi.new("int[2][3]") + 1) is ffi.typeof("int(*)[3]")

    @pytest.mark.parametrize(
        ("expression", "message"),
        [
            ("ffi.cast('int', 3) + 1", "cannot add a cdata 'int' and a number"),
            ("1 + ffi.cast('int', 3)", "cannot add a cdata 'int' and a number"),
            ("FN + 1", "cannot add a cdata 'int(*)(int, int)' and a number"),
            ("OPAQUE + 1", "ctype 'struct op *' points to items of unknown size"),
            ("OPAQUE - OPAQUE", "cannot subtract cdata 'struct op *' and cdata 'struct op *'"),
            ("ffi.new('int[1]') - ffi.new('short *')",
             "cannot subtract cdata 'int[1]' and cdata 'short *'"),
            ("ffi.new('short *') - ffi.new('int[1]')",
             "cannot subtract cdata 'short *' and cdata 'int *'"),
            ("ffi.cast('char *', 30) - ffi.cast('void *', 3)",
             "cannot subtract cdata 'char *' and cdata 'void *'"),
            ("ffi.new('int *') + 1.5", "'float' object cannot be interpreted as an integer"),
        ],
    )
    def test_errors(self, value, expression, message):
        assert message_of(TypeError, value, expression) == message

    def test_more_errors(self, ffi):
        with pytest.raises(ValueError, match="the distance between the two pointers is not a mult"):
            ffi.cast("int *", 31) - ffi.cast("int *", 0)
        with pytest.raises(OverflowError):
            ffi.new("int *") + 2**70
        for expression in ("1 - p", "-p", "p * 2", "p + p", "p / 2", "~p", "abs(p)"):
            with pytest.raises(TypeError):
                eval(expression, {"p": ffi.new("int *")})


class TestComparison:
    def test_addresses(self, ffi):
        a = ffi.new("int[3]")
        assert a == ffi.cast("int *", a) == ffi.addressof(a)
        assert hash(a) == hash(ffi.cast("int *", a))
        p = ffi.cast("void *", 3)
        assert p < ffi.cast("int *", 4) and p <= ffi.cast("int *", 3) and not p > p
        assert ffi.cast("int *", 0) == ffi.NULL
        p = ffi.new("struct pt *")
        assert p == p[0] and hash(p) == hash(p[0])
        assert ffi.new("struct pt *")[0] != p[0]

    def test_numbers(self, ffi):
        three = ffi.cast("int", 3)
        assert three == 3 == three == ffi.cast("long", 3) and three == 3.0
        assert three < 4 and three > 2 and three >= 3 and three != 4 and three != "3"
        assert ffi.cast("int", -1) != ffi.cast("unsigned int", -1)
        assert ffi.cast("char", 65) == b"A" and ffi.cast("char", 65) != 65
        assert ffi.cast("wchar_t", 65) == "A" and ffi.cast("_Bool", 1) == True  # noqa: E712
        assert hash(three) == hash(3) and hash(ffi.cast("char", 65)) == hash(b"A")
        with pytest.raises(TypeError, match="'<' not supported between instances of 'int' and"):
            three < "a"

    def test_mixed(self, ffi):
        p, three = ffi.cast("void *", 3), ffi.cast("int", 3)
        assert p != three and p != 3 and p is not None and p != None  # noqa: E711
        for other in (three, 3, None, "a"):
            with pytest.raises(TypeError, match="'<' not supported between"):
                p < other


class TestNumbers:
    @pytest.mark.parametrize(
        ("cdecl", "source", "value"),
        [("int", 3, 3), ("float", 3.5, 3), ("char", 255, 255), ("enum e", 5, 5), ("_Bool", 1, 1),
         ("wchar_t", "a", 97)],
    )
    def test_int(self, ffi, cdecl, source, value):
        cdata = ffi.cast(cdecl, source)
        assert int(cdata) == value and type(int(cdata)) is int

    @pytest.mark.parametrize("function", [int, float, complex])
    @pytest.mark.parametrize("cdata", [
        "ffi.NULL", "ffi.new('int[2]')", "ffi.new('struct pt *')[0]", "FN"])
    def test_no_number(self, ffi, value, function, cdata):
        cdata = value(cdata)
        name = ffi.getctype(ffi.typeof(cdata))
        assert message_of(TypeError, function, cdata) == (
            f"{function.__name__}() not supported on cdata '{name}'")

    def test_no_index(self, ffi):
        assert "cannot be interpreted as an integer" in message_of(
            TypeError, range, ffi.cast("int", 3))
        with pytest.raises(TypeError):
            [1, 2][ffi.cast("int", 1)]

    def test_bool(self, ffi):
        false = [ffi.NULL, ffi.cast("int", 0), ffi.cast("char", 0), ffi.cast("double", -0.0),
                 ffi.cast("_Bool", 0), ffi.cast("__int128", 0)]
        true = [ffi.cast("int *", 3), ffi.new("int[0]"), ffi.new("struct pt *")[0],
                ffi.cast("double", float("nan")), ffi.cast("__int128", 2**100)]
        assert not any(false) and all(true)


class TestObjects:
    def test_types(self, ffi, value):
        p = ffi.new("struct pt *")
        a = ffi.new("int[3]")
        objects = [p, p[0], p.x, ffi.NULL, a, a[0:1], value("FN"), ffi.cast("int", 3),
                   ffi.gc(p, id), ffi.from_buffer(b"abc"), ffi.new_handle(p)]
        names = [type(x).__name__ for x in objects if isinstance(x, ffi.CData)]
        assert names[:2] == ["__CDataOwn", "__CDataOwn"] and len(names) == len(objects) - 1
        assert names[-3:] == ["__CDataGCP", "__CDataFromBuf", "__CDataOwnGC"]

    def test_made_by_the_core_only(self, ffi):
        a = ffi.new("int[3]")
        for cls in (ffi.CData, type(a), type(iter(a)), type(ffi.new_handle(a))):
            assert "cannot create" in message_of(TypeError, cls)
            assert "not an acceptable base type" in message_of(TypeError, type, "C", (cls,), {})
            with pytest.raises(TypeError, match="immutable type"):
                cls.attribute = 1

    def test_no_copies(self, ffi):
        a = ffi.new("int[3]")
        for function in (copy.copy, copy.deepcopy, pickle.dumps):
            assert "cannot pickle" in message_of(TypeError, function, a)

    def test_not_callable(self, ffi):
        assert message_of(TypeError, ffi.new("int[5]")) == "cdata 'int[5]' is not callable"
        assert message_of(TypeError, ffi.cast("int", 3)) == "cdata 'int' is not callable"

    def test_weakref(self, ffi, value):
        for x in (ffi.new("int *"), ffi.cast("int", 3), ffi.gc(ffi.new("int *"), id), value("FN")):
            assert weakref.ref(x)() is x


class TestAddressof:
    def test_paths(self, ffi):
        n = ffi.new("struct nest *")
        assert ffi.addressof(n[0]) == n and ffi.typeof(ffi.addressof(n[0])) is ffi.typeof(n)
        y = ffi.addressof(n, "a", 1, "y")
        assert y - ffi.cast("int *", n) == 6 and ffi.typeof(y) is ffi.typeof("int *")
        assert ffi.addressof(n[0], "u", "f") - ffi.cast("float *", n) == 7
        a = ffi.new("int[5]")
        assert ffi.typeof(ffi.addressof(a)) is ffi.typeof("int(*)[5]")
        assert ffi.addressof(a, 2) == a + 2 and ffi.addressof(n, 0) == n

    @pytest.mark.parametrize(
        ("args", "exception", "message"),
        [
            ("p", TypeError, "addressof(pointer)|expected a cdata struct/union/array object"),
            ("5", TypeError, "expected a 'cdata' object|expected a cdata object, got 'int'"),
            ("ffi.cast('int', 3)", TypeError, "expected a cdata struct/union/array/pointer object"
             "|expected a cdata struct/union/array object"),
            ("p, 'z'", KeyError, "'z'"),
            ("p, 'x', 'y'", TypeError,
             "with a field name argument, expected a struct or union ctype"),
            ("a, 1, 2", TypeError, "with an integer argument, expected an array ctype or a pointer "
             "to non-opaque"),
            ("a, 1.5", TypeError, "field name or array index expected"),
            ("OPAQUE[0], 'x'", TypeError, "struct/union is opaque"),
            ("a, 2**70", TypeError, "field name or array index expected"),
        ],
    )
    def test_errors(self, ffi, opaque, args, exception, message):
        names = {"p": ffi.new("struct pt *"), "a": ffi.new("int[3]"), "OPAQUE": opaque}
        with pytest.raises(exception) as caught:
            ffi.addressof(*evaluated(ffi, f"({args},)", **names))
        assert str(caught.value) in message.split("|")

    def test_offsetof(self, ffi):
        assert ffi.offsetof("struct nest", "a", 1, "y") == 24
        assert ffi.offsetof("struct nest *", "a") == 12
        assert ffi.offsetof("int[]", 100) == 400
        assert ffi.offsetof("struct fl", "arr", 3) == 16
        with pytest.raises(KeyError):
            ffi.offsetof("struct nest", "zz")
        with pytest.raises(OverflowError, match="array offset would overflow a Py_ssize_t"):
            ffi.offsetof("int[5]", 2**62)
