"""ffi.buffer: C memory as a buffer of bytes. ffi.memmove."""

import gc
import weakref

import pytest

CDEF = "struct pt { int x, y; }; struct fl { int n; int a[]; }; struct op;"


@pytest.fixture
def hello(ffi):
    return ffi.buffer(ffi.new("char[]", b"hello"))


def test_is_a_type(ffi, hello):
    assert isinstance(hello, ffi.buffer) and type(hello) is ffi.buffer
    with pytest.raises(TypeError, match="not an acceptable base type"):
        type("B", (ffi.buffer,), {})


def test_items_and_slices(hello):
    assert len(hello) == 6 and hello[:] == b"hello\0"
    assert hello[0] == b"h" and hello[-1] == b"\0" and hello[1:3] == b"el"
    assert hello[4:100] == b"o\0" and hello[3:1] == b"" and hello[-3:-1] == b"lo"
    assert list(hello) == [b"h", b"e", b"l", b"l", b"o", b"\0"] and b"h" in hello


def test_assignment(hello):
    hello[0] = b"H"
    hello[1:3] = b"XY"
    hello[3:5] = bytearray(b"xy")
    hello[-1] = b"Z"
    assert hello[:] == b"HXYxyZ"


@pytest.mark.parametrize(
    ("statement", "exception", "message"),
    [
        ("b[10]", IndexError, "buffer index out of range"),
        ("b[-7]", IndexError, "buffer index out of range"),
        ("b['x']", TypeError, "buffer indices must be integers, not str"),
        ("b[0:3:2]", TypeError, "buffer doesn't support slicing with step != 1"),
        ("b[0] = b'HH'", TypeError, "must assign a bytes of length 1, not bytes"),
        ("b[0] = 72", TypeError, "must assign a bytes of length 1, not int"),
        ("b[1:3] = b'X'", ValueError, "right operand length must match slice length"),
        ("b[1:3] = 5", TypeError, "a bytes-like object is required, not 'int'"),
        ("b[10] = b'a'", IndexError, "buffer assignment index out of range"),
        ("del b[0]", TypeError, "'del x[n]' not supported for buffer objects"),
        ("del b[0:1]", TypeError, "'del x[n]' not supported for buffer objects"),
        ("hash(b)", TypeError, "unhashable type: 'cffi_core.buffer'"),
    ],
)
def test_errors(hello, statement, exception, message):
    with pytest.raises(exception) as caught:
        exec(statement, {"b": hello})
    assert str(caught.value) == message


def test_comparison(hello):
    assert hello == b"hello\0" and hello == bytearray(b"hello\0") and hello == hello
    assert hello < b"z" and hello > b"hello" and hello != b"" and hello != 5
    with pytest.raises(TypeError, match="'<' not supported"):
        hello < 5


def test_buffer_protocol(hello):
    view = memoryview(hello)
    assert (view.format, view.itemsize, view.readonly, view.shape) == ("B", 1, False, (6,))
    view[0] = ord("j")
    assert bytes(hello) == b"jello\0"


def test_sizes(ffi):
    assert len(ffi.buffer(ffi.new("int *"))) == 4
    assert len(ffi.buffer(ffi.new("struct pt *"))) == 8
    assert len(ffi.buffer(ffi.new("struct fl *", [1, [1, 2]]))) == 12
    assert len(ffi.buffer(ffi.new("int[]", 5)[1:3])) == 8
    a = ffi.new("char[]", b"hello")
    assert ffi.buffer(a, 2)[:] == b"he" and ffi.buffer(a, size=-1)[:] == b"hello\0"
    assert len(ffi.buffer(ffi.cast("void *", a), 3)) == 3
    assert len(ffi.buffer(ffi.NULL, 0)) == 0


def test_more_than_there_is(ffi):
    a = ffi.new("char[]", b"hello")
    with pytest.warns(UserWarning, match="creating a buffer of 200 bytes over a cdata that owns"):
        ffi.buffer(a, 200)


@pytest.mark.parametrize(
    ("cdata", "message"),
    [
        (lambda ffi: ffi.new("struct pt *")[0],
         "expected a pointer or array cdata, got 'struct pt'"),
        (lambda ffi: ffi.cast("int", 3), "expected a pointer or array cdata, got 'int'"),
        (lambda ffi: ffi.NULL, "don't know the size pointed to by 'void *'"),
        (lambda ffi: ffi.cast("struct op *", 8), "don't know the size pointed to by 'struct op *'"),
        (lambda ffi: 5, "buffer() argument 1 must be _CDataBase, not int"),
    ],
)
def test_what_has_no_memory(ffi, cdata, message):
    with pytest.raises(TypeError) as caught:
        ffi.buffer(cdata(ffi))
    assert str(caught.value) == message


def test_lifetime(ffi):
    p = ffi.new("int *", 5)
    ref = weakref.ref(p)
    b = ffi.buffer(p)
    del p
    gc.collect()
    assert ref() is not None and int.from_bytes(b[:], "little") == 5
    assert weakref.ref(b)() is b
    del b
    gc.collect()
    assert ref() is None


class TestMemmove:
    def test_between_everything(self, ffi):
        a = ffi.new("char[]", b"hello")
        ffi.memmove(a, b"abc", 3)
        assert ffi.string(a) == b"abclo"
        ffi.memmove(a + 1, a, 4)
        assert ffi.string(a) == b"aabcl"
        target = bytearray(3)
        ffi.memmove(target, a, 3)
        assert target == b"aab"
        ffi.memmove(dest=a, src=memoryview(b"xyz"), n=2)
        assert ffi.string(a) == b"xybcl"
        ffi.memmove(a, b"abc", 4)  # with its NUL
        assert ffi.string(a) == b"abc"

    @pytest.mark.parametrize(
        ("dest", "src", "n", "exception", "message"),
        [
            ("a", "b'abc'", -1, ValueError, "negative size"),
            ("b'abc'", "a", 3, BufferError, "Object is not writable."),
            ("5", "a", 3, TypeError, "a bytes-like object is required, not 'int'"),
            ("a", "'abc'", 3, TypeError, "a bytes-like object is required, not 'str'"),
            ("s", "a", 3, TypeError, "expected a pointer or array ctype, got 'struct pt'"),
            ("bytearray(2)", "a", 3, ValueError,
             "memmove() of 3 bytes with a 'bytearray' object of only 2 bytes"),
            ("a", "bytearray(2)", 3, ValueError,
             "memmove() of 3 bytes with a 'bytearray' object of only 2 bytes"),
            ("a", "ffi.NULL", 3, RuntimeError, "cannot dereference null pointer from cdata "
             "'void *'"),
        ],
    )
    def test_errors(self, ffi, dest, src, n, exception, message):
        names = {"a": ffi.new("char[8]"), "s": ffi.new("struct pt *")[0], "ffi": ffi}
        with pytest.raises(exception) as caught:
            ffi.memmove(eval(dest, names), eval(src, names), n)
        assert str(caught.value) == message
