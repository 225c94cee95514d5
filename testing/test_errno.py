"""ffi.errno: the C library's errno as the program sees it, one a thread."""

import os
import threading

import pytest

from cffi_core import FFI


@pytest.fixture
def opened(opener):
    return opener("callbacks.h")


def test_saved_after_a_call(opened):
    ffi, lib = opened
    lib.set_errno(42)
    os.stat(".")
    assert not os.path.exists("/nowhere")  # sets the C library's errno
    assert ffi.errno == 42
    assert lib.get_errno() == 42


def test_set_before_a_call(opened):
    ffi, lib = opened
    ffi.errno = 17
    assert lib.get_errno() == 17
    assert lib.set_errno(18) == 17
    assert ffi.errno == 18
    ffi.errno = 0
    assert lib.get_errno() == 0


def test_one_value_for_every_ffi(opened):
    ffi, lib = opened
    lib.set_errno(33)
    assert FFI().errno == 33


def test_one_a_thread(opened):
    ffi, lib = opened
    seen = []

    def other():
        seen.append(ffi.errno)
        lib.set_errno(5)
        seen.append(ffi.errno)

    lib.set_errno(9)
    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert seen == [0, 5]
    assert ffi.errno == 9


def test_callback_sees_it_and_sets_it(opened):
    ffi, lib = opened
    seen = []

    @ffi.callback("int(int)")
    def callback(value):
        seen.append(ffi.errno)
        assert not os.path.exists("/nowhere")
        ffi.errno = value + 1
        return 0

    assert lib.errno_around(callback, 100) == 101
    assert seen == [100]
    assert ffi.errno == 101


def test_callback_that_leaves_it_alone(opened):
    ffi, lib = opened

    @ffi.callback("int(int)")
    def callback(value):
        assert not os.path.exists("/nowhere")
        return 0

    assert lib.errno_around(callback, 100) == 100


def test_kept_gil(clib, backend):
    ffi = FFI()
    ffi.cdef("int set_errno(int); int get_errno(void);", release_gil=False)
    lib = ffi.dlopen(str(clib))
    lib.set_errno(77)
    assert ffi.errno == 77
    assert lib.get_errno() == 77
