"""ffi.from_buffer(): C data over another object's memory."""

import array
import ctypes
import gc
import weakref

import pytest

CDEF = "struct pt { int x, y; }; struct op; struct empty { };"


def test_shares_memory(ffi):
    data = bytearray(b"hello")
    cdata = ffi.from_buffer(data)
    assert repr(cdata) == "<cdata 'char[]' buffer len 5 from 'bytearray' object>"
    assert ffi.typeof(cdata) is ffi.typeof("char[]")
    assert len(cdata) == 5 and ffi.sizeof(cdata) == 5 and cdata[1] == b"e"
    cdata[0] = b"J"
    assert data == b"Jello"


def test_locks(ffi):
    data = bytearray(b"hello")
    cdata = ffi.from_buffer(data)
    with pytest.raises(BufferError):
        data.append(1)
    ffi.release(cdata)
    data.append(1)
    ffi.release(cdata)
    assert repr(cdata) == "<cdata 'char[]' buffer RELEASED>"


@pytest.mark.parametrize("cdecl", ["char[]", "char[2]"])
def test_released_has_no_items(ffi, cdecl):
    cdata = ffi.from_buffer(cdecl, bytearray(b"hello"))
    ffi.release(cdata)
    for use in (lambda: cdata[0], lambda: cdata[1], lambda: cdata[0:2][1], lambda: cdata[1:2]):
        with pytest.raises((ValueError, IndexError, RuntimeError)):
            use()


def test_with(ffi):
    data = bytearray(4)
    with ffi.from_buffer("int[]", data) as cdata:
        cdata[0] = 5
        with pytest.raises(BufferError):
            data.clear()
    data.clear()


def test_unlocks_when_it_dies(ffi):
    data = bytearray(4)
    cdata = ffi.from_buffer(data)
    del cdata
    gc.collect()
    data.append(1)


@pytest.mark.parametrize(
    "value",
    [b"abcd", bytearray(b"abcd"), memoryview(b"abcd"), array.array("i", [1]), ctypes.c_int(5)],
)
def test_exporters(ffi, value):
    assert len(ffi.from_buffer(value)) == 4


def test_our_own_buffer(ffi):
    a = ffi.new("char[]", b"abc")
    assert ffi.from_buffer(ffi.buffer(a)) == a


class TestTypes:
    def test_open_array(self, ffi):
        cdata = ffi.from_buffer("int[]", bytearray(10))
        assert len(cdata) == 2
        assert repr(cdata) == "<cdata 'int[]' buffer len 2 from 'bytearray' object>"
        assert len(ffi.from_buffer("int[][2]", bytearray(20))) == 2

    def test_fixed_array(self, ffi):
        assert len(ffi.from_buffer("int[2]", bytearray(10))) == 2
        message = r"buffer is too small \(10 bytes\) for 'int\[3\]' \(12 bytes\)"
        with pytest.raises(ValueError, match=message):
            ffi.from_buffer("int[3]", bytearray(10))

    def test_pointer(self, ffi):
        cdata = ffi.from_buffer("struct pt *", bytearray(b"\1\0\0\0\2\0\0\0"))
        assert repr(cdata) == "<cdata 'struct pt *' buffer from 'bytearray' object>"
        assert (cdata.x, cdata[0].y) == (1, 2)
        assert repr(ffi.from_buffer("void *", b"")).startswith("<cdata 'void *' buffer from")
        assert ffi.from_buffer("struct op *", b"abc") != ffi.NULL

    @pytest.mark.parametrize("cdecl", ["int", "struct pt", "int(*)(int)"])
    def test_others(self, ffi, cdecl):
        with pytest.raises(TypeError, match="expected a pointer or array ctype, got"):
            ffi.from_buffer(cdecl, bytearray(10))

    def test_items_of_no_size(self, ffi):
        with pytest.raises(ZeroDivisionError):
            ffi.from_buffer("struct empty[]", bytearray(10))


@pytest.mark.parametrize(
    ("value", "exception", "message"),
    [
        ("abc", TypeError, "from_buffer() cannot return the address of a unicode object"),
        (5, TypeError, "a bytes-like object is required, not 'int'"),
        (memoryview(b"abcdef")[::2], BufferError,
         "memoryview: underlying buffer is not C-contiguous"),
    ],
)
def test_errors(ffi, value, exception, message):
    with pytest.raises(exception) as caught:
        ffi.from_buffer(value)
    assert str(caught.value) == message


def test_errors_release_the_buffer(ffi):
    data = bytearray(10)
    for cdecl in ("int[3]", "struct empty[]"):
        with pytest.raises((ValueError, ZeroDivisionError)):
            ffi.from_buffer(cdecl, data)
    data.append(1)


def test_require_writable(ffi):
    for args in ((b"abc", True), ("char[]", b"abc", True)):
        with pytest.raises((BufferError, TypeError)):
            ffi.from_buffer(*args)
    with pytest.raises(BufferError):
        ffi.from_buffer(b"abc", require_writable=True)
    assert len(ffi.from_buffer(bytearray(3), require_writable=True)) == 3


class Exporter(bytearray):
    """Can be weakly referenced and hold attributes."""


def test_cycles_are_collected(ffi):
    data = Exporter(b"abc")
    data.cdata = ffi.from_buffer(data)
    assert gc.is_tracked(data.cdata)
    ref = weakref.ref(data)
    del data
    gc.collect()
    assert ref() is None


def test_slices_keep_the_length(ffi):
    cdata = ffi.from_buffer("int[]", array.array("i", [1, 2, 3]))
    assert list(cdata[1:3]) == [2, 3]
    kept = ffi.gc(cdata, id)
    assert list(kept) == [1, 2, 3]
