"""ffi.new(): memory, initializers, ownership, sizes."""

import gc
import weakref

import pytest

CDEF = """
    struct pt { int x, y; };
    struct fl { int n; int arr[]; };
    struct fc { int n; char text[]; };
    struct fw { int n; wchar_t text[]; };
    struct nested { int k; struct fl f; };
    union uf { int a; struct { int n; int b[]; } s; };
    struct zero { int n; int arr[0]; };
    struct empty { };
    struct opaque;
    typedef int (*fn)(int, int);
"""


def owned(cdata) -> str:
    return repr(cdata)


def test_zeroed(ffi):
    assert ffi.new("int *")[0] == 0
    assert list(ffi.new("int[5]")) == [0] * 5
    assert ffi.buffer(ffi.new("struct pt *"))[:] == bytes(8)
    assert set(ffi.buffer(ffi.new("char[]", 100000))[:]) == {0}


@pytest.mark.parametrize(
    ("cdecl", "init", "text"),
    [
        ("int *", None, "<cdata 'int *' owning 4 bytes>"),
        ("int *", 7, "<cdata 'int *' owning 4 bytes>"),
        ("int[]", 3, "<cdata 'int[]' owning 12 bytes>"),
        ("int[]", [1, 2], "<cdata 'int[]' owning 8 bytes>"),
        ("int[3]", [1], "<cdata 'int[3]' owning 12 bytes>"),
        ("int[][3]", [[1, 2], [3]], "<cdata 'int[][3]' owning 24 bytes>"),
        ("int[0]", None, "<cdata 'int[0]' owning 0 bytes>"),
        ("char[]", b"abc", "<cdata 'char[]' owning 4 bytes>"),
        ("wchar_t[]", "abc", "<cdata 'wchar_t[]' owning 16 bytes>"),
        ("struct pt *", [1, 2], "<cdata 'struct pt *' owning 8 bytes>"),
        ("struct pt[]", [[1, 2], {"y": 3}], "<cdata 'struct pt[]' owning 16 bytes>"),
        ("fn *", None, "<cdata 'int(* *)(int, int)' owning 8 bytes>"),
        ("struct opaque *[2]", None, "<cdata 'struct opaque *[2]' owning 16 bytes>"),
        ("struct empty *", [], "<cdata 'struct empty *' owning 0 bytes>"),
        ("int(*)[3]", [1, 2, 3], "<cdata 'int(*)[3]' owning 12 bytes>"),
    ],
)
def test_owning(ffi, cdecl, init, text):
    assert repr(ffi.new(cdecl, init)) == text


@pytest.mark.parametrize(
    ("cdecl", "init", "exception", "message"),
    [
        ("int", None, TypeError, "expected a pointer or array ctype, got 'int'"),
        ("struct pt", None, TypeError, "expected a pointer or array ctype, got 'struct pt'"),
        ("fn", None, TypeError, "expected a pointer or array ctype, got 'int(*)(int, int)'"),
        ("void *", None, TypeError, "cannot instantiate ctype 'void' of unknown size"),
        ("struct opaque *", None, TypeError,
         "cannot instantiate ctype 'struct opaque' of unknown size"),
        ("int(*)[]", None, TypeError, "cannot instantiate ctype 'int[]' of unknown size"),
        ("int[]", None, TypeError, "expected new array length or list/tuple/str, not NoneType"),
        ("int[]", -1, ValueError, "negative array length"),
        ("int[]", 1.5, TypeError, "expected new array length or list/tuple/str, not float"),
        ("int[]", 2**70, OverflowError, "cannot fit 'int' into an index-sized integer"),
        ("int[]", 2**62, OverflowError, "array size would overflow a Py_ssize_t"),
        ("int[]", b"a", TypeError,
         "initializer for ctype 'int[]' must be a list or tuple, not bytes"),
        ("int[3]", [1, 2, 3, 4], IndexError, "too many initializers for 'int[3]' (got 4)"),
        ("struct fl *", {"arr": -2}, ValueError, "negative array length"),
        ("struct fl *", {"arr": 2**62}, OverflowError, "array size would overflow a Py_ssize_t"),
        ("struct fl *", [1, 2, 3], ValueError, "too many initializers for 'struct fl' (got 3)"),
    ],
)
def test_errors(ffi, cdecl, init, exception, message):
    with pytest.raises(exception) as caught:
        ffi.new(cdecl, init)
    assert str(caught.value) == message


def test_out_of_memory(ffi):
    with pytest.raises(MemoryError):
        ffi.new("char[]", 2**62)


def test_failed_initializer_frees(ffi):
    gc.collect()
    for _ in range(3):
        with pytest.raises(TypeError):
            ffi.new("int[]", [1, 2, "x"])
        with pytest.raises(TypeError):
            ffi.new("struct pt *", [1, "x"])


class TestOwnership:
    def test_record_keeps_memory(self, ffi):
        p = ffi.new("struct pt *", [1, 2])
        s = p[0]
        assert repr(s) == "<cdata 'struct pt' owning 8 bytes>"
        del p
        gc.collect()
        others = [ffi.new("struct pt *", [9, 9]) for _ in range(100)]
        assert (s.x, s.y) == (1, 2)
        assert len(others) == 100

    def test_only_index_0(self, ffi):
        p = ffi.new("struct pt *")
        for index in (1, -1, 2**40):
            with pytest.raises(IndexError, match="can only be indexed by 0"):
                p[index]

    def test_not_tracked_by_the_collector(self, ffi):
        p = ffi.new("struct pt *")
        for x in (p, p[0], ffi.new("int *"), ffi.new("int[4]"), ffi.NULL, ffi.cast("int", 1)):
            assert not gc.is_tracked(x)

    def test_weakref(self, ffi):
        p = ffi.new("int *")
        ref = weakref.ref(p)
        assert ref() is p
        del p
        gc.collect()
        assert ref() is None

    def test_slices_and_pointers_do_not_own(self, ffi):
        a = ffi.new("int[5]")
        for x in (a[1:3], a + 1, ffi.addressof(a), ffi.addressof(a, 1)):
            assert "owning" not in repr(x)

    def test_none_means_no_initializer(self, ffi):
        assert ffi.new("int *", None)[0] == 0
        assert list(ffi.new("int[2]", None)) == [0, 0]


class TestFlexibleArrays:
    def test_sizes(self, ffi):
        assert repr(ffi.new("struct fl *")) == "<cdata 'struct fl *' owning 4 bytes>"
        p = ffi.new("struct fl *", [5, [6, 7]])
        assert repr(p) == "<cdata 'struct fl *' owning 12 bytes>"
        assert repr(p[0]) == "<cdata 'struct fl' owning 12 bytes>"
        assert ffi.sizeof(p) == 8 and ffi.sizeof(p[0]) == 12
        assert repr(p.arr) == "<cdata 'int[]' sliced length 2>"
        assert list(p.arr) == [6, 7] and len(p.arr) == 2
        assert len(ffi.buffer(p)) == 12

    @pytest.mark.parametrize("init", [[5, 3], {"n": 5, "arr": 3}, [5, [0, 0, 0]], (5, (0, 0, 0))])
    def test_lengths(self, ffi, init):
        p = ffi.new("struct fl *", init)
        assert p.n == 5 and list(p.arr) == [0, 0, 0]

    def test_strings(self, ffi):
        p = ffi.new("struct fc *", [1, b"abc"])
        assert len(p.text) == 4 and ffi.string(p.text) == b"abc"
        p = ffi.new("struct fw *", [1, "abc"])
        assert len(p.text) == 4 and ffi.string(p.text) == "abc"

    def test_view_keeps_the_size(self, ffi):
        s = ffi.new("struct fl *", [5, [6, 7]])[0]
        assert list(s.arr) == [6, 7] and ffi.sizeof(s) == 12

    def test_unknown_size_is_a_pointer(self, ffi):
        p = ffi.new("struct fl *", [5, [6, 7]])
        q = ffi.cast("struct fl *", p)
        assert ffi.typeof(q.arr) is ffi.typeof("int *")
        assert q.arr[1] == 7
        q.arr = [8, 9]
        assert list(p.arr) == [8, 9]

    def test_writes_stay_inside(self, ffi):
        p = ffi.new("struct fl *", [5, [6, 7]])
        with pytest.raises(IndexError, match="too many initializers"):
            p.arr = [1, 2, 3]
        with pytest.raises(IndexError, match="too many initializers"):
            p[0] = [1, [1, 2, 3]]
        p[0] = [1, [2, 3]]
        assert list(p.arr) == [2, 3]
        with pytest.raises(IndexError, match="too many initializers"):
            ffi.new("struct fl[2]", [[1], [1, [2]]])

    def test_nested(self, ffi):
        p = ffi.new("struct nested *", [1, [2, [3, 4]]])
        assert repr(p) == "<cdata 'struct nested *' owning 16 bytes>"
        assert p.f.arr[1] == 4
        assert repr(ffi.new("union uf *", {"s": [3, [1, 2, 3]]})).endswith("owning 16 bytes>")

    def test_copy(self, ffi):
        p = ffi.new("struct fl *", [5, [6, 7]])
        q = ffi.new("struct fl *", p[0])
        assert ffi.sizeof(q[0]) == 12 and list(q.arr) == [6, 7]

    def test_zero_length(self, ffi):
        p = ffi.new("struct zero *", [1])
        assert ffi.typeof(p.arr) is ffi.typeof("int *")
        with pytest.raises(IndexError):
            ffi.new("struct zero *", [1, [2, 3]])


def test_sizeof(ffi):
    assert ffi.sizeof(ffi.new("int[]", 3)) == 12
    assert ffi.sizeof(ffi.new("int *")) == ffi.sizeof("void *")
    assert ffi.sizeof(ffi.new("struct pt *")[0]) == 8
    with pytest.raises(ValueError, match="ctype 'struct opaque' is of unknown size"):
        ffi.sizeof(ffi.cast("struct opaque *", 8)[0])
