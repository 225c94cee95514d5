"""Each test is a crash or a silent error that someone new to the project ran into."""

import subprocess
import sys
import textwrap

import pytest

from cffi_core import FFI


def run_python(code: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", textwrap.dedent(code)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="on_exit() is glibc's")
def test_c_calls_back_after_the_interpreter_has_ended():
    done = run_python("""
        from cffi_core import FFI

        ffi = FFI()
        ffi.cdef("int on_exit(void (*)(int, void *), void *);")

        @ffi.callback("void(int, void *)")
        def bye(status, argument):
            print("not reached: there is no interpreter any more")

        assert ffi.dlopen(None).on_exit(bye, ffi.NULL) == 0
        print("end")
    """)
    assert (done.returncode, done.stdout) == (0, "end\n"), done.stderr


@pytest.mark.parametrize("cdecl", ["char[]", "char[6]", "char *"])
def test_a_released_buffer_cannot_be_read(cdecl):
    """It used to show whatever the memory had become."""
    ffi = FFI()
    store = bytearray(b"abcdef")
    view = ffi.from_buffer(cdecl, store)
    assert view[5] == b"f"
    ffi.release(view)
    store.extend(b"more" * 1000)
    with pytest.raises((ValueError, RuntimeError), match="released|null pointer"):
        view[0]
    with pytest.raises((ValueError, RuntimeError), match="released|null pointer"):
        view[5] = b"x"
    with pytest.raises((IndexError, RuntimeError, ValueError)):
        view[0:2][0]
    with pytest.raises((ValueError, RuntimeError), match="released|RELEASED|NULL"):
        ffi.string(view)
    if "[" in cdecl:
        assert (len(view), list(view), ffi.sizeof(view), bytes(ffi.buffer(view))) == (0, [], 0, b"")
    assert "RELEASED" in repr(view)
    ffi.release(view)


def test_an_array_at_null_cannot_be_read():
    ffi = FFI()
    for index in (0, 1):
        with pytest.raises(RuntimeError, match="null pointer"):
            ffi.cast("int[2]", 0)[index]


def test_names_that_grow_with_a_power_are_refused():
    """Sixty short typedefs took all memory."""
    ffi = FFI()
    ffi.cdef(
        "typedef int (*f0)(void);"
        + "".join(f"typedef f{i - 1} (*f{i})(f{i - 1}, f{i - 1});" for i in range(1, 60))
    )
    assert ffi.typeof("f8").args == (ffi.typeof("f7"),) * 2
    with pytest.raises(ffi.error, match="its name would have more than 1048576 characters"):
        ffi.typeof("f59")
    with pytest.raises(ffi.error, match="its name would have"):
        ffi.typeof("f59 *(*)(f59 *)")
