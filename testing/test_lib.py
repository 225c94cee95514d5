"""Lib: names of a shared library, resolved on first use, kept, and given up."""

import gc
import os
import re
import subprocess
import sys
import types
import weakref
from pathlib import Path

import native_library
import pytest
from modes import COMPILED

from cffi_core import FFI


@pytest.fixture
def opened(opener):
    return opener("library.h")


@pytest.fixture
def lib(opened):
    return opened[1]


@pytest.fixture
def name(opener, clib, lib):
    """What messages call the library."""
    return lib.__name__.removesuffix(".lib") if opener.mode in COMPILED else str(clib)


def test_function(opened):
    ffi, lib = opened
    assert lib.add(40, 2) == 42
    assert lib.add is lib.add
    assert ffi.typeof(lib.add) is ffi.typeof("int(*)(int, int)")
    assert lib.add.__name__ == "add"
    assert lib.add.__doc__.partition("\n")[0] == "int add(int, int);"


def test_function_of_dlopen(clib):
    ffi = FFI()
    ffi.cdef("int add(int, int);")
    lib = ffi.dlopen(str(clib))
    assert re.fullmatch(r"<cdata 'int\(\*\)\(int, int\)' 0x[0-9a-f]+>", repr(lib.add))
    assert lib.add.__name__ == "add"
    assert lib.add.__doc__ == "int add(int, int);"


def test_doc_of_a_function_that_returns_a_function():
    ffi = FFI()
    ffi.cdef("void (*signal(int, void (*)(int)))(int);")
    assert ffi.dlopen(None).signal.__doc__ == "void(*signal(int, void(*)(int)))(int);"


def test_function_without_a_name(opened):
    ffi, lib = opened
    pointer = ffi.cast("int(*)(int, int)", lib.add)
    assert pointer == ffi.addressof(lib, "add")
    assert pointer(1, 2) == 3
    assert pointer.__doc__ == "int(*)(int, int)"


def test_repr(opened, name):
    ffi, lib = opened
    assert repr(lib) == f"<Lib object for '{name}'>"
    assert repr(ffi.dlopen(None)) == "<Lib object for '<None>'>"


def test_asm_label(lib):
    assert lib.by_another_name(3) == -3


def test_variables(lib):
    lib.counter = 7
    assert lib.counter == 7
    lib.counter = -5
    assert lib.get_counter() == -5
    with pytest.raises(TypeError, match="an integer is required"):
        lib.counter = "x"
    with pytest.raises(OverflowError):
        lib.counter = 2**31
    assert lib.counter == -5


def test_array_and_struct_variables_are_views(opened):
    ffi, lib = opened
    assert list(lib.five) == [1, 2, 3, 4, 5]
    lib.five[2] = 30
    assert list(lib.five) == [1, 2, 30, 4, 5]
    lib.five = [1, 2, 3]
    assert list(lib.five) == [1, 2, 3, 4, 5]
    assert repr(lib.origin).startswith("<cdata 'struct point &' 0x")
    lib.origin = {"x": 30, "y": 4}
    assert lib.origin_address().x == 30
    lib.origin.x = 3
    assert lib.origin_address().x == 3
    assert ffi.typeof(lib.open_end) is ffi.typeof("int *")
    assert lib.open_end[2] == 30
    assert ffi.string(lib.greeting) == b"hello"


def test_function_pointer_variable(lib):
    assert lib.operation(5, 3) == 8
    lib.operation = lib.subtract
    assert lib.operation(5, 3) == 2
    lib.operation = lib.add


def test_thread_local_variable(lib):
    import threading

    seen = []

    def other():
        seen.append(lib.per_thread)
        lib.per_thread = 99

    lib.per_thread = 12
    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert seen == [11]
    assert lib.per_thread == 12


def test_constants(lib):
    assert (lib.LOW, lib.MIDDLE, lib.HIGH) == (0, 5, 6)
    assert lib.LIMIT == 2**64 - 1
    assert lib.RATIO == 2.5
    assert lib.NAME == b"a\0b"
    assert lib.answer == 42
    assert lib.fixed.x == 5


@pytest.mark.parametrize("name", ["add", "MIDDLE", "LIMIT", "answer", "fixed"])
def test_read_only(lib, name):
    with pytest.raises(AttributeError, match=f"cannot write to function or constant '{name}'"):
        setattr(lib, name, 3)
    with pytest.raises(AttributeError, match="C attribute cannot be deleted"):
        delattr(lib, name)


def test_unknown_name(lib, name):
    text = f"cffi library '{name}' has no function, constant or global variable named 'nothing'"
    for access in (lambda: lib.nothing, lambda: setattr(lib, "nothing", 1)):
        with pytest.raises(AttributeError, match=re.escape(text)):
            access()
    assert not hasattr(lib, "")
    assert not hasattr(lib, "na\0me")
    assert not hasattr(lib, "\udc80")


def test_a_type_is_no_attribute(clib):
    ffi = FFI()
    ffi.cdef("typedef int number;")
    assert not hasattr(ffi.dlopen(str(clib)), "number")


def test_missing_symbol(clib):
    ffi = FFI()
    ffi.cdef("int missing_function(int); extern int missing_variable;")
    lib = ffi.dlopen(str(clib))
    for name, what in ("missing_function", "function/symbol"), ("missing_variable", "variable"):
        expected = f"{what} '{name}' not found in library '{clib}': "
        with pytest.raises(AttributeError, match=re.escape(expected)) as caught:
            getattr(lib, name)
        assert isinstance(caught.value, KeyError) == (what == "variable")  # as with CFFI
        assert caught.value.args[0].startswith(expected)
        assert not hasattr(lib, name)
    with pytest.raises(KeyError, match="'missing_variable' not found in library"):
        lib.missing_variable = 1
    assert lib.__dict__ == {}
    assert dir(lib) == ["missing_function", "missing_variable"]


def test_unavailable_declaration(clib):
    """It is kept out of the way until it is used."""
    ffi = FFI()
    ffi.cdef("int add(int, int);\n  _Decimal64 subtract(int, int);")
    lib = ffi.dlopen(str(clib))
    assert lib.add(1, 2) == 3
    reason = "'subtract' is not available: decimal floating types are not supported"
    with pytest.raises(AttributeError, match=rf"{reason} \(declared at <cdef>:2:14\)"):
        lib.subtract
    assert dir(lib) == ["add"]


def test_opaque_enum(clib):
    ffi = FFI()
    ffi.cdef("enum later;\nint subtract(enum later x, int y);")
    lib = ffi.dlopen(str(clib))
    with pytest.raises(TypeError, match="ctype 'enum later' has incomplete type"):
        lib.subtract(1, 2)


def test_constant_that_only_a_compiler_knows(clib):
    ffi = FFI()
    ffi.cdef("#define SECRET ...\nint add(int, int);")
    lib = ffi.dlopen(str(clib))
    with pytest.raises(NotImplementedError, match="'SECRET' cannot be accessed"):
        lib.SECRET
    assert lib.add(1, 1) == 2


def test_declared_later(clib):
    ffi = FFI()
    lib = ffi.dlopen(str(clib))
    assert not hasattr(lib, "add")
    ffi.cdef("int add(int, int);")
    assert lib.add(2, 2) == 4


def test_strings_that_are_not_interned(lib):
    for _ in range(3):
        name = "".join(["ad", "d"])
        assert getattr(lib, name) is lib.add
    assert lib.__getattribute__("".join(["coun", "ter"])) == lib.counter


def test_many_names(clib):
    """The table of names grows and keeps what it had."""
    ffi = FFI()
    ffi.cdef("".join(f"enum {{ E{i} = {i * 3} }};" for i in range(500)) + "int add(int, int);")
    lib = ffi.dlopen(str(clib))
    add = lib.add
    for _ in range(2):
        assert [getattr(lib, f"E{i}") for i in range(500)] == [i * 3 for i in range(500)]
    assert lib.add is add


def test_addressof(opened):
    ffi, lib = opened
    p = ffi.addressof(lib, "counter")
    assert ffi.typeof(p) is ffi.typeof("int *")
    p[0] = 1234
    assert lib.counter == 1234
    assert ffi.addressof(lib, "add")(3, 4) == 7
    assert ffi.addressof(lib, "add") == ffi.addressof(lib, "add")
    assert ffi.cast("void *", lib.add) == ffi.cast("void *", ffi.addressof(lib, "add"))
    assert ffi.typeof(ffi.addressof(lib, "five")) is ffi.typeof("int(*)[5]")
    assert ffi.addressof(lib, "origin") == lib.origin_address()
    assert ffi.typeof(ffi.addressof(lib, "open_end")) is ffi.typeof("int(*)[]")
    with pytest.raises(AttributeError, match="cannot take the address of the constant 'MIDDLE'"):
        ffi.addressof(lib, "MIDDLE")
    with pytest.raises(AttributeError, match="named 'nothing'"):
        ffi.addressof(lib, "nothing")


def test_like_a_module(lib, name):
    assert isinstance(lib, types.ModuleType)
    assert lib.__name__ == f"{name}.lib"
    assert "add" in lib.__all__ and "MIDDLE" in lib.__all__ and "counter" not in lib.__all__
    names = lib.__dict__
    assert names["add"] is lib.add
    assert names["MIDDLE"] == 5
    names["add"] = None
    assert lib.add is not None
    assert dir(lib) == sorted(dir(lib))
    assert {"add", "counter", "HIGH", "RATIO"} <= set(dir(lib))


def test_weak_reference(lib):
    assert weakref.ref(lib)() is lib


INITIALIZER = """
#include <stdlib.h>
void (*later)(void);
__attribute__((constructor)) static void begin(void)
{ ((void (*)(void))strtoull(getenv("HOOK"), NULL, 0))(); }
"""
# One thread is inside an initializer, with the dynamic linker's lock, and calls Python; another
# looks up a name, for which it waits for that lock.
LOOK_UP_MEANWHILE = """
import os, sys, threading
from cffi_core import FFI
ffi = FFI()
ffi.cdef("int abs(int); int labs(int); extern void (*later)(void);")
lib, inside, found = ffi.dlopen(None), threading.Event(), []
@ffi.callback("void(void)")
def hook():
    inside.set()
    waiting.join(0.2)  # gives up the GIL, and has to get it again
waiting = threading.Thread(target=lambda: (inside.wait(), found.append(lib.abs(-3))))
waiting.start()
os.environ["HOOK"] = str(int(ffi.cast("uintptr_t", hook)))
ffi.dlopen(sys.argv[1])
waiting.join()
assert found == [3]
"""


def test_look_up_while_an_initializer_calls_python(compiled):
    (compiled / "initializer.c").write_text(INITIALIZER)
    path = native_library.compile_library(compiled, "initializer", compiled / "initializer.c")
    command = [sys.executable, "-c", LOOK_UP_MEANWHILE, str(path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run(command, check=True, timeout=60, env=environment)


FINALIZER = """
#include <pthread.h>
static pthread_t worker;
static pthread_mutex_t running = PTHREAD_MUTEX_INITIALIZER;
static void (*hook)(void);
static void *work(void *unused)
{
    hook();
    pthread_mutex_lock(&running);
    return unused;
}
void start(void (*f)(void))
{
    hook = f;
    pthread_mutex_lock(&running);
    pthread_create(&worker, NULL, work, NULL);
}
__attribute__((destructor)) static void end(void)
{
    pthread_mutex_unlock(&running);
    pthread_join(worker, NULL);
}
"""
# The worker's state of Python is given back at its end, for which it needs the GIL.
END_OF_A_LIB = """
import gc, sys, time
from cffi_core import FFI
ffi = FFI()
ffi.cdef("void start(void (*)(void));")
lib, calls = ffi.dlopen(sys.argv[1]), []
hook = ffi.callback("void(void)", lambda: calls.append(1))
lib.start(hook)
while not calls:
    time.sleep(0.01)
del lib
gc.collect()
"""


def test_the_end_of_a_lib_waits_for_threads_that_call_python(compiled):
    """libuv's finalizer does: it joins its pool. This was a deadlock."""
    (compiled / "finalizer.c").write_text(FINALIZER)
    path = native_library.compile_library(compiled, "finalizer", compiled / "finalizer.c")
    command = [sys.executable, "-c", END_OF_A_LIB, str(path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run(command, check=True, timeout=60, env=environment)


def test_dlclose(opened, clib):
    ffi, lib = opened
    lib = ffi.dlopen(str(clib))
    add = lib.add
    lib.MIDDLE
    ffi.dlclose(lib)
    closed = re.escape(f"library '{clib}' has ") + "(already )?been closed"
    for name in "add", "subtract", "counter", "MIDDLE", "HIGH":
        with pytest.raises(ValueError, match=closed):
            getattr(lib, name)
    with pytest.raises(ValueError, match=closed):
        lib.counter = 3
    with pytest.raises(ValueError, match=closed):
        ffi.addressof(lib, "add")
    with pytest.raises(ValueError, match="the library of function 'add' has already been closed"):
        add(1, 2)
    assert repr(lib) == f"<Lib object for '{clib}'>"
    assert "add" in dir(lib)
    ffi.dlclose(lib)
    with pytest.raises(TypeError, match="not int"):
        ffi.dlclose(3)


def test_dlopen_errors(tmp_path):
    ffi = FFI()
    text = r"cannot load library '/nowhere/lib\.so': /nowhere/lib\.so: cannot open shared object"
    with pytest.raises(OSError, match=text):
        ffi.dlopen("/nowhere/lib.so")
    not_a_library = tmp_path / "text.so"
    not_a_library.write_text("no library")
    with pytest.raises(OSError, match="cannot load library"):
        ffi.dlopen(str(not_a_library))
    for wrong in 3, bytearray(b"name"), 2.5:
        with pytest.raises(TypeError, match=r"dlopen\(name\): name must be a file name, None, or"):
            ffi.dlopen(wrong)
    with pytest.raises(ValueError):
        ffi.dlopen("lib\0.so")


@pytest.mark.parametrize("kind", [os.fsencode, Path])
def test_dlopen_of_a_path(clib, kind):
    ffi = FFI()
    ffi.cdef("int add(int, int);")
    lib = ffi.dlopen(kind(str(clib)))
    assert lib.add(2, 3) == 5
    assert repr(lib) == f"<Lib object for '{clib}'>"
    with pytest.raises(OSError, match="cannot load library '/nowhere/lib.so'"):
        ffi.dlopen(kind("/nowhere/lib.so"))


def test_dlopen_of_a_handle(clib):
    ffi = FFI()
    ffi.cdef(
        "void *dlopen(const char *, int); int dlclose(void *);"
        "int add(int, int); int get_counter(void);"
    )
    libc = ffi.dlopen(None)
    handle = libc.dlopen(str(clib).encode(), ffi.RTLD_NOW)
    lib = ffi.dlopen(handle)
    assert lib.add(1, 2) == 3
    ffi.dlclose(lib)  # does not close the handle, which is ours
    assert ffi.dlopen(handle).get_counter is not None
    assert libc.dlclose(handle) == 0
    with pytest.raises(RuntimeError, match=r"cannot call dlopen\(NULL\)"):
        ffi.dlopen(ffi.NULL)
    with pytest.raises(TypeError, match=r"takes a file name or 'void \*' handle, not 'int \*'"):
        ffi.dlopen(ffi.new("int *"))


def test_flags(clib):
    ffi = FFI()
    assert ffi.RTLD_NOW != ffi.RTLD_LAZY
    ffi.cdef("int add(int, int);")
    for flags in 0, ffi.RTLD_NOW, ffi.RTLD_LAZY, ffi.RTLD_NOW | ffi.RTLD_GLOBAL:
        assert ffi.dlopen(str(clib), flags).add(2, 3) == 5
        assert ffi.dlopen(str(clib), flags=flags).add(2, 3) == 5


def test_a_function_keeps_its_library(clib):
    ffi = FFI()
    ffi.cdef("int add(int, int);")
    add = ffi.dlopen(str(clib)).add
    del ffi
    gc.collect()
    assert add(20, 22) == 42


def test_cycle_of_lib_and_functions_is_collected(clib):
    from cffi_core import _core

    if _core._shared()[0]:
        pytest.skip("libraries are immortal on this build")
    ffi = FFI()
    ffi.cdef("int add(int, int);")
    reference = weakref.ref(ffi.dlopen(str(clib)).add)
    gc.collect()
    assert reference() is None


def test_included_declarations_belong_to_their_own_library(clib):
    base = FFI()
    base.cdef("int add(int, int); enum { SEVEN = 7 }; struct point { int x, y; };")
    ffi = FFI()
    ffi.include(base)
    ffi.cdef("struct point *origin_address(void);")
    lib = ffi.dlopen(str(clib))
    assert lib.SEVEN == 7
    assert lib.origin_address().y == 4
    assert not hasattr(lib, "add")


def test_two_libraries_of_one_ffi(clib):
    ffi = FFI()
    ffi.cdef("int add(int, int); size_t strlen(const char *);")
    ours, libc = ffi.dlopen(str(clib)), ffi.dlopen("libc.so.6")
    assert ours.add(1, 2) == 3
    assert libc.strlen(b"four") == 4
    assert repr(ours) != repr(libc)
