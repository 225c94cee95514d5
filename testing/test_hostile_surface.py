"""The walk is complete: every public name of every module and type is in a table of calls, or is
walked here by itself, or stands in a list with the reason why not."""

import copy
import gc
import pickle
import sys

import pytest
import test_hostile
import test_hostile_build
import test_hostile_modules
from hostile import CHOSEN, World, attempt

import cffi_core
from cffi_core import FFI, _core

# ---- what there is ------------------------------------------------------------------------------

#: Made when somebody first asks for them.
LATE = ["Allocator", "CField", "_Closure", "__CData_iterator", "buffer", "Lib", "CType"]
LATE += ["_CDataBase", "_CDataFunc"]
LATE += ["__CDataOwn", "__CDataOwnGC", "__CDataOwnFunc", "__CDataGCP", "__CDataFromBuf"]
TYPES = [getattr(_core, name) for name in LATE]
TYPES += [
    value
    for name, value in vars(_core).items()
    if isinstance(value, type) and not issubclass(value, BaseException) and name not in LATE
]
TABLES = {f"FFI.{name}" for name, _, _ in test_hostile.METHODS}
TABLES |= test_hostile_build.COVERED | test_hostile_modules.COVERED

# Public names that no table has, and why.
REASONS = {
    "FFI.NULL": "a constant",
    "FFI.BVoidP": "a constant",
    "FFI.BCharA": "a constant",
    "FFI.CData": "a type, walked here",
    "FFI.CType": "a type, walked here",
    "FFI.error": "an exception",
    "FFI.errno": "written in test_attributes",
    "_core.CONTRACT": "a constant",
    "_core.core_api": "a capsule, for C",
    "_core.stub_api": "a capsule, for C",
}
CONSTANTS = ("RTLD_", "TYPE_", "KIND_", "MEMBER_", "DECL_", "QUALS", "PRIM", "CLASSES")


def is_reasoned(name):
    last = name.rpartition(".")[2]
    return name in REASONS or last.startswith(CONSTANTS)


def is_type_or_exception(value):
    return isinstance(value, type) and (value in TYPES or issubclass(value, BaseException))


def public_names():
    for module, names in (
        ("cffi_core", cffi_core.__all__),
        ("_core", [n for n in dir(_core) if not n.startswith("_")]),
        ("cache", test_hostile_build.cache.__all__),
        ("model", ["Model"]),
        ("verifier", ["emit", "Embedding"]),
        ("builder", ["compile_all", "Verifier", "set_tmpdir", "cleanup_tmpdir"]),
    ):
        for name in names:
            if module in ("cffi_core", "_core"):
                owner = cffi_core if module == "cffi_core" else _core
                if is_type_or_exception(getattr(owner, name)):
                    continue
            yield f"{module}.{name}"
    yield from (f"FFI.{name}" for name in dir(FFI) if not name.startswith("_"))


def test_every_public_name_is_walked():
    names = set(public_names())
    missing = {name for name in names - TABLES if not is_reasoned(name)}
    assert not missing, "no table of hostile calls has these"
    assert not {name for name in REASONS if name not in names}, "reasons for what is not there"
    assert not TABLES & REASONS.keys(), "walked, and said not to be"


# ---- every attribute and method of every type ---------------------------------------------------

# Not called by the walk: the tables do it with calls that are valid but for one argument.
ELSEWHERE = {name.partition(".")[2] for name in TABLES if name.startswith("FFI.")}
# Would end the walk itself.
NOT_CALLED = {"__class__", "__init_subclass__", "__subclasshook__", "__del__"}


def objects(world):
    """(name, maker): an object of every type, of cdata one for each kind of ctype."""
    ffi, seen = world.ffi, set()
    for name, value in {**world.cdata(), **world.ctypes()}.items():
        kind = ffi.typeof(value).kind if isinstance(value, ffi.CData) else ""
        if name in ("handle", "opaque", "ffi", "other ffi") or (type(value), kind, name) in seen:
            continue
        seen.add((type(value), kind, name))
        yield name, lambda value=value: value
    field = ffi.typeof("struct s").fields[0][1]
    compiled = test_hostile_modules.handmade()
    yield from {
        "ffi": FFI,
        "compiled ffi": lambda: compiled.ffi,
        "compiled lib": lambda: compiled.lib,
        "compiled function": lambda: compiled.lib.add,
        "table": lambda: world.ffi._table,
        "field": lambda: field,
        "iterator": lambda: iter(ffi.new("int[3]")),
        "allocator": ffi.new_allocator,
        "own allocator": lambda: ffi.new_allocator(lambda n: ffi.new("char[]", n)),
        "decorator": lambda: ffi.callback("plus"),
        "extern decorator": lambda: compiled.ffi.def_extern("plus"),
        "capsule": lambda: _core.stub_api,
    }.items()


def test_every_type_is_among_the_objects():
    world = World()
    walked = {type(make()) for _, make in objects(world)}
    # A closure's own object is inside a callback, a constant makes way for what is asked for.
    left = {t.__name__ for t in TYPES if t not in walked}
    hidden = {"_Closure", "_Constant", "__CDataOwnGC", "_CDataBase"}
    assert left <= hidden - {t.__name__ for t in walked}


def harmless(name, what, attribute):
    """Whether the walk may call it: not what follows a pointer that shows to nothing."""
    pointed = name in ("stale handle", "function c", "callback")
    return not (pointed and attribute in ("__getitem__", "__setitem__"))


@pytest.mark.filterwarnings("ignore")
def test_every_method(monkeypatch):
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: None)
    world = World()
    chosen = [world.values[name] for name in CHOSEN]
    for what, make in objects(world):
        for name in dir(type(make())):
            if name in NOT_CALLED or (what.endswith("ffi") and name in ELSEWHERE):
                continue
            method = getattr(make(), name, None)
            if not callable(method) or not harmless(what, make, name):
                continue
            attempt(method)
            attempt(method, key=3)
            for value in chosen:
                attempt(getattr(make(), name), value)
                attempt(getattr(make(), name), value, value)
                attempt(getattr(make(), name), 0, value)
                attempt(getattr(make(), name), value, value, value)


def test_attributes():
    """Read, written with anything, deleted; what can be written is read back."""
    world = World()
    chosen = [world.values[name] for name in CHOSEN]
    for what, make in objects(world):
        for name in {*dir(make()), "no_such", "__class__", "__dict__", "a\0b", "\ud800"}:
            attempt(getattr, make(), name)
            if what == "compiled ffi":
                continue  # everybody's
            for value in chosen:
                target = make()
                attempt(setattr, target, name, value)
                attempt(delattr, target, name)
    ffi = FFI()
    for value in world.values.values():
        attempt(setattr, ffi, "errno", value)
        assert isinstance(ffi.errno, int)
    ffi.errno = 0


def test_types_cannot_be_changed_or_made():
    world = World()
    for t in TYPES:
        for value in (3, "x", None, FFI, world.ffi.NULL):
            if t not in (FFI, world.ffi.buffer):
                with pytest.raises(TypeError, match="cannot create|cannot be instantiated"):
                    t(value)
            attempt(t.__new__, t, value)
            attempt(object.__new__, t)
        if t is not FFI:  # a class like those of Python code
            with pytest.raises(TypeError):
                t.new_attribute = 3
            with pytest.raises(TypeError):
                del t.__doc__
            with pytest.raises(TypeError, match="not an acceptable base type"):
                type("Sub", (t,), {})


def test_objects_keep_their_types():
    world = World()
    for _, make in objects(world):
        x = make()
        for t in (*TYPES, int, object, type("Mine", (), {})):
            before = type(x)
            attempt(setattr, x, "__class__", t)
            assert type(x) is before


def test_no_copies_and_no_pickles():
    """A copy of an address would be freed twice, a pickled one mean nothing."""
    world = World()
    for what, make in objects(world):
        x = make()
        if what == "ffi" or not type(x).__module__.startswith("cffi_core"):
            continue
        name = type(x).__name__
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with pytest.raises(TypeError, match=f"cannot pickle '(cffi_core.)?{name}' object"):
                pickle.dumps(x, protocol)
        if not isinstance(x, (type(world.lib), cffi_core.FFI)):
            with pytest.raises(TypeError, match="pickle|copy"):
                copy.copy(x)


def test_what_the_garbage_collector_sees():
    world = World()
    for _, make in objects(world):
        x = make()
        assert all(r is not None for r in gc.get_referents(x))
        assert sys.getsizeof(x) > 0
        assert isinstance(gc.is_tracked(x), bool)
    gc.collect()


def test_subclasses_of_ffi():
    class Mine(FFI):
        def __init__(self, *args):
            if args:
                super().__init__(*args)

        def typeof(self, cdecl):
            raise ZeroDivisionError

    ffi = Mine()
    ffi.cdef("struct s { int a; };")
    assert ffi.new("struct s *", [3]).a == 3
    assert ffi.sizeof("struct s") == 4
    with pytest.raises(TypeError):
        Mine(3)
    for _ in range(3):
        FFI.__init__(ffi)  # again: what was declared stays
    assert ffi.new("struct s *", [3]).a == 3
    made = FFI.__new__(FFI)
    made.cdef("int f(void);")
    made.sizeof("int")
