"""Hostile values for compiled modules: loading, what a Lib has, def_extern."""

import functools
import shutil
import sys
import tempfile

import pytest
import test_extern_python
import test_stub_load
from hostile import World, attempt, check_kept

import cffi_core
from cffi_core import FFI, FFIError, _core

COVERED = {
    "cffi_core.load", "_core.load_stub", "_core.check_stub", "_core.sha256", "FFI.def_extern",
}  # fmt: skip


@functools.cache
def folder():
    import atexit

    made = tempfile.mkdtemp(prefix="hostile")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@functools.cache
def basic():
    from pathlib import Path

    return test_stub_load.make_stub().compile(Path(folder()))


def handmade():
    """A module of its own, of a stub that has everything."""
    return cffi_core.load(basic())


@functools.cache
def extern():
    from pathlib import Path

    return test_extern_python.make_stub().compile(Path(folder()), "-pthread")


@pytest.fixture(scope="module")
def world():
    return World()


@pytest.fixture(autouse=True)
def quiet(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: None)
    monkeypatch.chdir(tmp_path)


# ---- loading ------------------------------------------------------------------------------------


def test_loading(world):
    path = str(basic())
    calls = [
        (cffi_core.load, [path]),
        (_core.load_stub, [path, "_basic", None]),
        (_core.check_stub, [path, "_basic", None]),
        (_core.sha256, [b"abc"]),
        (_core._sha256_plain, [b"abc"]),
    ]
    for function, valid in calls:
        for position in range(len(valid)):
            for value in world.values.values():
                if position == 0 and isinstance(value, int) and value:
                    continue  # the address of a stub in memory, which must be one
                args = [*valid]
                args[position] = value
                check_kept(lambda args=args, f=function: attempt(f, *args), value)
        with pytest.raises(TypeError):
            function(*valid, *valid)
        with pytest.raises(TypeError):
            function()


def test_loading_what_is_no_stub(tmp_path, clib):
    empty, text, directory = tmp_path / "empty.so", tmp_path / "text.so", tmp_path / "folder.so"
    empty.write_bytes(b"")
    text.write_text("no library")
    directory.mkdir()
    cut = tmp_path / "_basic.so"
    cut.write_bytes(basic().read_bytes()[:60])
    for path in (
        empty,
        text,
        directory,
        cut,
        clib,
        tmp_path / "absent.so",
        "",
        "\0",
        "a\0b",
        b"\xff",
    ):
        with pytest.raises((ImportError, ValueError, OSError)) as caught:
            cffi_core.load(path)
        assert str(caught.value)
    for name in ("", "_other", "_basic.", ".", "\0", "_basic\0", "\ud800", "x" * 70_000):
        with pytest.raises((ImportError, ValueError)) as caught:
            _core.load_stub(str(basic()), name)
        assert str(caught.value)
    with pytest.raises(TypeError):
        cffi_core.load(None)


# ---- libraries ----------------------------------------------------------------------------------


def test_attributes_of_a_lib(world):
    module = handmade()
    lib = module.lib
    for name in [
        *dir(lib),
        "no_such",
        "WRONG",
        "odd",
        "",
        "a\0b",
        "\ud800",
        "__dict__",
        "__class__",
    ]:
        attempt(getattr, lib, name)
        for value in world.values.values():
            attempt(setattr, lib, name, value)
            attempt(delattr, lib, name)
            attempt(module.ffi.addressof, lib, name, value)
        attempt(module.ffi.addressof, lib, name)
    for value in world.values.values():
        attempt(getattr, lib, value)
        attempt(setattr, lib, value, 1)
        attempt(module.ffi.addressof, lib, value)
        attempt(module.ffi.dlclose, value)
    for name in ("ANSWER", "tau", "add", "fixed", "GREETING", "unit"):
        with pytest.raises(AttributeError, match="cannot write to function or constant"):
            setattr(lib, name, 1)
    for name in ("ANSWER", "add", "counter"):
        with pytest.raises(AttributeError, match="cannot be deleted"):
            delattr(lib, name)
    assert lib.ANSWER == 42 and lib.add(1, 2) == 3


def test_functions_of_a_lib(world):
    lib = handmade().lib
    valid = {
        "add": [1, 2], "half": [1.0], "third": [1.0], "mk": [1], "sum_point": [[1, 2.0]],
        "fill": [b"x"], "twice": [1.0], "turn": [1j], "wide": [1], "tiny": [1.0], "small": [1],
        "many": [*range(14)], "sum": [0], "not": [True], "next": [0],
    }  # fmt: skip
    for name, args in valid.items():
        function = getattr(lib, name)
        function(*args)
        for position in range(len(args)):
            for value in world.values.values():
                hostile = [*args]
                hostile[position] = value
                check_kept(lambda f=function, a=hostile: attempt(f, *a), value)
        with pytest.raises(TypeError):
            function(no_such_keyword=1)
        if name != "sum":
            with pytest.raises(TypeError, match="argument"):
                function(*args, 1)
        with pytest.raises(TypeError, match="argument"):
            function()
    for value in world.values.values():
        attempt(lib.sum, 1, value)
        attempt(lib.same, value)


def test_variables_of_a_lib(world):
    lib = handmade().lib
    for name in ("counter", "numbers", "origin", "mine", "chosen"):
        before = getattr(lib, name)
        for value in world.values.values():
            check_kept(lambda v=value, n=name: attempt(setattr, lib, n, v), value)
            attempt(getattr, lib, name)
    lib.counter = 5
    assert lib.counter == 5 and before is not None


def test_def_extern(world):
    module = cffi_core.load(extern())
    for position in range(3):
        for value in world.values.values():
            args = ["plus", 0, None]
            args[position] = value
            check_kept(lambda a=args: attempt(module.ffi.def_extern, *a), value)
            decorator = None
            try:
                decorator = module.ffi.def_extern(*args)
            except Exception as error:
                assert not isinstance(error, SystemError)
            if decorator is not None:
                attempt(decorator, lambda a, b: a)
                attempt(decorator, value)
                attempt(decorator)
                attempt(decorator, value, value)
    for value in world.values.values():
        module.ffi.def_extern("plus")(lambda a, b, value=value: value)
        assert isinstance(module.lib.call_plus(3, 4), int)
    for value in (1, None, "text"):
        with pytest.raises(TypeError, match="callable"):
            module.ffi.def_extern("plus")(value)
    with pytest.raises(TypeError):
        module.ffi.def_extern("plus", 0, None, None)
    for ffi, name in ((module.ffi, "no_such"), (FFI(), "plus"), (module.ffi, "a\0b")):
        with pytest.raises(FFIError, match="with this name|no compiled code yet"):
            ffi.def_extern(name)(abs)


def test_includes(world):
    module = handmade()
    for value in world.values.values():
        attempt(FFI().include, value)
    ffi = FFI()
    ffi.include(module.ffi)
    first, second = FFI(), FFI()
    first.include(second)
    attempt(second.include, first)
    attempt(first.include, first)
    chain = FFI()
    for _ in range(300):
        following = FFI()
        if attempt(following.include, chain) is not None:
            break
        chain = following
    attempt(chain.typeof, "struct no_such *")
