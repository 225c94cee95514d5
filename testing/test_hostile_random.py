"""Random operations on random objects, also in the middle of each other: a value that is being
converted, a destructor or a callback runs the next ones. Nothing crashes, and nothing else than
documented exceptions is raised.

    CFFI_CORE_SECONDS=600 pytest testing/test_hostile_random.py    # for so long, with new seeds

What is the caller's fault in C as well is left out: addresses that are computed or stored are never
followed, and memory lives until its round is over.
"""

import gc
import os
import random
import sys
import time
import weakref

import pytest
from conftest import FULL
from hostile import CDEF, DOCUMENTED, Lies, Raises, Str

from cffi_core import FFI

ROUNDS, STEPS = (400, 1000) if FULL else (40, 400)
SECONDS = float(os.environ.get("CFFI_CORE_SECONDS", 0))

TYPES = [
    "int", "char", "_Bool", "double", "long double", "wchar_t", "__int128", "double _Complex",
    "enum e", "int[3]", "char[8]", "struct s", "union u", "int[2][2]", "struct s[2]", "v4",
    "short[]", "char[]", "wchar_t[]", "struct s[]", "struct flex", "void *", "plus *", "_Float16",
    "unsigned long", "int *", "struct s *", "struct opaque *", "void", "no_such_t", "int(int)",
]  # fmt: skip
TEXTS = [
    "struct t%d { int a; struct s b; };", "typedef int t%d;", "enum { E%d = 3 };", "int f%d(int);",
    "int (", "#define D%d 5", "struct opaque { int x; };", "struct s { int other; };", "\0", "",
]  # fmt: skip
FIELDS = ["a", "next", "name", "bits", "i", "f", "n", "items", "zz", "", "a\0", "__class__"]


class Act:
    """A number that runs some operations when it is asked for."""

    def __init__(self, machine):
        self.machine = machine

    def value(self):
        self.machine.inside()
        return self.machine.rng.choice([0, 1, 2, -1, 2**40, 65])

    __int__ = __index__ = value

    def __float__(self):
        return float(self.value())

    def __len__(self):
        return abs(self.value()) % 5

    def __eq__(self, other):
        return bool(self.value())

    __hash__ = None


class Machine:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.depth = 0
        self.roots = []  # all memory, until the end
        self.pool = [None, True, 0, 1, 2, -1, 2**63, 2.5, float("nan"), "a", b"abc", "\ud800"]
        self.pool += [
            [1, 2],
            (1,),
            {"a": 1},
            {"zz": None},
            [],
            Str("a"),
            Raises(),
            Lies(),
            Act(self),
        ]
        self.ffi = self.new_ffi()
        self.lib = self.ffi.dlopen(None)
        self.operations = [getattr(self, name) for name in dir(self) if name.startswith("do_")]

    def new_ffi(self):
        ffi = FFI()
        ffi.cdef(CDEF)
        self.keep(ffi)
        return ffi

    # ---- running ----------------------------------------------------------------

    def step(self):
        try:
            self.keep(self.rng.choice(self.operations)())
        except (*DOCUMENTED, ZeroDivisionError, StopIteration, RecursionError) as error:
            assert not isinstance(error, SystemError)

    def inside(self, *args):
        """Called back, at any place."""
        if self.depth < 3:
            self.depth += 1
            for _ in range(self.rng.randrange(3)):
                self.step()
            self.depth -= 1
        return self.rng.choice([0, 1, None, self])

    def keep(self, value):
        """Puts a result where other operations find it, unless it is an address to nowhere."""
        self.roots.append(value)
        if isinstance(value, FFI.CData):
            kind = self.ffi.typeof(value).kind
            plain = type(value).__name__ in ("_CDataBase", "_CDataFunc")
            if plain and kind in ("pointer", "function"):
                return
        if len(self.pool) > 80:
            del self.pool[self.rng.randrange(20, 80)]
        self.pool.append(value)

    def any(self):
        if self.rng.random() < 0.1:
            return Act(self)
        if self.rng.random() < 0.1:
            return [self.rng.choice(self.pool) for _ in range(self.rng.randrange(5))]
        return self.rng.choice(self.pool)

    def cdata(self, *kinds):
        """A cdata of one of these kinds."""
        fitting = [x for x in self.pool if isinstance(x, FFI.CData)]
        if kinds:
            fitting = [x for x in fitting if self.ffi.typeof(x).kind in kinds]
        if not fitting:
            fitting = [self.ffi.new("int[3]")]
            self.roots += fitting
        return self.rng.choice(fitting)

    def type(self):
        return self.rng.choice(TYPES) if self.rng.random() < 0.9 else self.any()

    def index(self):
        return self.rng.choice([0, 0, 1, 2, -1, 2**70, Act(self), None, self.any()])

    # ---- operations -------------------------------------------------------------

    def do_new(self):
        name = self.type()
        if isinstance(name, str) and self.rng.random() < 0.5:
            name += " *"
        init = self.any()
        if isinstance(init, int) and init > 1000:
            init = 5
        return self.ffi.new(name, init)

    def do_cast(self):
        made = self.ffi.cast(self.type(), self.any())
        return made if self.ffi.typeof(made).kind in ("primitive", "enum") else None

    def do_from_buffer(self):
        size = self.rng.choice([0, 1, 16, 64, 400])
        self.roots.append(bytearray(size))
        made = self.ffi.from_buffer(self.type(), self.roots[-1])
        # Of a pointer nobody checks whether what it points to is all there.
        return made if size == 400 or self.ffi.typeof(made).kind == "array" else None

    def do_gc(self):
        return self.ffi.gc(self.cdata(), self.rng.choice([self.inside, len, None, 3]))

    def do_release(self):
        self.ffi.release(self.cdata())

    def do_with(self):
        with self.cdata() as c:
            self.inside()
            return c

    def do_handle(self):
        handle = self.ffi.new_handle(self.any())
        return self.rng.choice([handle, self.ffi.from_handle(handle)])

    def do_get_item(self):
        return self.cdata("array")[self.index()]

    def do_set_item(self):
        self.cdata("array")[self.index()] = self.any()

    def do_get_slice(self):
        return self.cdata("array")[self.index() : self.index()]

    def do_set_slice(self):
        value = self.any()
        if self.rng.random() < 0.3:
            value = (self.inside() for _ in range(3))
        self.cdata("array")[self.index() : self.index()] = value

    def do_get_field(self):
        return getattr(self.cdata("struct", "union"), self.rng.choice(FIELDS))

    def do_set_field(self):
        setattr(self.cdata("struct", "union"), self.rng.choice(FIELDS), self.any())

    def do_call(self):
        return self.rng.choice([self.lib.abs, abs, len, repr])(self.any())

    def do_call_with_many(self):
        return self.lib.abs(*[self.any() for _ in range(self.rng.randrange(4))])

    def do_callback(self):
        called = self.ffi.callback("plus", self.inside, self.any())
        return called(self.any())

    def do_unary(self):
        operation = self.rng.choice([int, float, complex, bool, hash, repr, len, list, dir, iter])
        return operation(self.cdata())

    def do_binary(self):
        x, y = self.cdata(), self.any()
        return self.rng.choice([
            lambda: x == y, lambda: x < y, lambda: x + y, lambda: y + x, lambda: x - y,
            lambda: y - x, lambda: y in x, lambda: x != y,
        ])()  # fmt: skip

    def do_type(self):
        name = self.type()
        return self.rng.choice([
            lambda: self.ffi.typeof(name), lambda: self.ffi.sizeof(name),
            lambda: self.ffi.alignof(name), lambda: self.ffi.getctype(name, "x"),
            lambda: self.ffi.offsetof(name, self.rng.choice(FIELDS)),
            lambda: dir(self.ffi.typeof(name)), lambda: self.ffi.typeof(name).fields,
        ])()  # fmt: skip

    def do_declare(self):
        text = self.rng.choice(TEXTS)
        self.ffi.cdef(text.replace("%d", str(self.rng.randrange(50))), self.rng.random() < 0.3)

    def do_other_ffi(self):
        if self.rng.random() < 0.2:
            self.ffi = self.new_ffi()
        else:
            self.ffi.include(self.rng.choice([x for x in self.pool if isinstance(x, FFI)]))

    def do_library(self):
        self.lib = self.ffi.dlopen(None)

    def do_close(self):
        self.ffi.dlclose(self.lib)

    def do_variable(self):
        self.lib.opterr = self.any()
        return self.lib.opterr

    def do_buffer(self):
        made = self.ffi.buffer(self.cdata())
        if self.rng.random() < 0.5:
            made[self.index() : self.index()] = self.rng.choice([b"", b"ab", bytearray(4)])
        return self.rng.choice([made, lambda: made, memoryview(made), bytes(made)])

    def do_string(self):
        return self.ffi.string(self.cdata("array", "primitive", "enum"), self.any())

    def do_unpack(self):
        x = self.cdata("array")
        return self.ffi.unpack(x, self.rng.randrange(len(x) + 1))

    def do_memmove(self):
        x, y = self.cdata("array"), self.cdata("array")
        most = min(self.ffi.sizeof(x), self.ffi.sizeof(y))
        self.ffi.memmove(x, y, self.rng.randrange(most + 1))

    def do_allocate(self):
        def alloc(n):
            self.inside()
            return self.ffi.new("char[]", n)

        return self.ffi.new_allocator(alloc, self.inside)(self.type(), self.rng.choice([1, [1]]))

    def do_address(self):
        return self.ffi.addressof(self.cdata("struct", "union", "array"), self.rng.choice(FIELDS))

    def do_once(self):
        return self.ffi.init_once(self.any, self.rng.randrange(10**9))

    def do_forget(self):
        del self.pool[self.rng.randrange(20, len(self.pool)) :]

    def do_collect(self):
        if self.rng.random() < 0.1:
            gc.collect()

    def do_weak(self):
        self.roots.append(weakref.ref(self.any(), self.inside))


def play(seed):
    machine = Machine(seed)
    for _ in range(STEPS):
        machine.step()
    machine.pool.clear()
    machine.roots.clear()


@pytest.mark.filterwarnings("ignore")
def test_random_operations(monkeypatch):
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: None)
    end = time.monotonic() + SECONDS
    seed = random.randrange(10**9) if FULL or SECONDS else 0
    rounds = 0
    while rounds < ROUNDS or time.monotonic() < end:
        if SECONDS:
            print(f"seed {seed + rounds}", file=sys.__stderr__, flush=True)
        play(seed + rounds)
        rounds += 1
    gc.collect()
