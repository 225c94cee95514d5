"""Two and more threads on one object: cdef, first look-ups, release, gc, callbacks.

On a free-threaded Python they run at once; with a GIL it is passed on as often as can be.
"""

import gc
import weakref

import pytest
from racing import ROUNDS, THREADS, hurry, race

from cffi_core import FFI, FFIError

pytestmark = pytest.mark.usefixtures(hurry.__name__)


def test_cdef_of_many_things():
    """What one thread declares, others use meanwhile."""
    for _ in range(ROUNDS):
        ffi = FFI()
        ffi.cdef("struct s { int a; };")

        def declare(i, ffi=ffi):
            for n in range(20):
                ffi.cdef(f"struct t{i}_{n} {{ struct s s[{n + 1}]; }}; typedef int i{i}_{n};")
                assert ffi.sizeof(f"struct t{i}_{n}") == 4 * (n + 1)

        def use(i, ffi=ffi):
            for n in range(20):
                array = ffi.new("struct s[3]", [[1], [2], [3]])
                assert array[2].a == 3
                assert ffi.sizeof(f"struct s[{n + 1}]") == 4 * (n + 1)
                ffi.list_types(), ffi.unavailable()

        declared, used = race(declare, use)
        assert declared + used == [None] * THREADS
        assert len(ffi.list_types()[1]) >= 1 + 20 * (THREADS // 2)


def test_conflicting_cdefs():
    """One wins; the others are told, and nothing of theirs stays."""
    for _ in range(ROUNDS):
        ffi = FFI()
        text = "struct only_%d { int a; }; struct s { int a[%d]; };"
        results = race(lambda i, ffi=ffi, text=text: ffi.cdef(text % (i, i + 1)))
        won = [i for i, result in enumerate(results) if result is None]
        assert len(won) == 1
        assert all(isinstance(r, FFIError) for i, r in enumerate(results) if i not in won)
        assert ffi.sizeof("struct s") == 4 * (won[0] + 1)
        assert [name for name in ffi.list_types()[1] if name.startswith("only")] == [
            f"only_{won[0]}"
        ]


def test_completion():
    """A struct is opaque, then complete, and never in between."""
    for _ in range(ROUNDS):
        ffi = FFI()
        ffi.cdef("struct s; enum e;")
        ctype = ffi.typeof("struct s")

        def look(i, ffi=ffi, ctype=ctype):
            seen = []
            for _ in range(30):
                try:
                    seen.append((ffi.sizeof(ctype), ffi.new("struct s *", [1, 2]).b,
                                 len(ctype.fields), ffi.sizeof("enum e")))  # fmt: skip
                except (ValueError, TypeError):
                    assert seen == [] or seen[-1] is None
                    seen.append(None)
            return seen

        def complete(i, ffi=ffi):
            if i == 0:
                ffi.cdef("struct s { int a; long b; }; enum e { A };")

        looked, completed = race(look, complete)
        assert completed == [None] * len(completed)
        for seen in looked:
            assert isinstance(seen, list), seen
            assert {x for x in seen if x is not None} <= {(16, 2, 2, 4)}
        assert ffi.typeof("struct s") is ctype


def test_first_lookups():
    """Whoever is first, all get the same object."""
    for n in range(ROUNDS):
        ffi = FFI()
        ffi.cdef(f"struct s {{ int a{n}; }}; enum e {{ A, B }}; int abs(int); extern int opterr;")
        lib = ffi.dlopen(None)
        for look in (
            lambda i, ffi=ffi: ffi.typeof("struct s *(*)(struct s *, int[3])"),
            lambda i, lib=lib: lib.abs,
            lambda i, ffi=ffi, n=n: dict(ffi.typeof("struct s").fields)[f"a{n}"],
            lambda i, ffi=ffi, lib=lib: ffi.typeof(ffi.addressof(lib, "opterr")),
        ):
            results = race(look)
            assert len({id(result) for result in results}) == 1, results
        assert race(lambda i, lib=lib: (lib.abs(-i), lib.B)) == [(i, 1) for i in range(THREADS)]
        assert (
            race(lambda i, ffi=ffi: ffi.typeof("enum e").elements) == [{0: "A", 1: "B"}] * THREADS
        )


def test_interned_across_ffis():
    """Types made of the same parts are one, whoever makes them."""
    for n in range(ROUNDS):
        found = race(lambda i, n=n: FFI().typeof(f"char(*(*)(int[{n + 77}], short *))[{n + 5}]"))
        assert len({id(ct) for ct in found}) == 1


def test_release_of_one_object():
    """A destructor runs once, whether released, removed or collected."""
    ffi = FFI()
    for _ in range(ROUNDS):
        calls = []
        p = ffi.gc(ffi.new("int *"), calls.append)
        assert race(lambda i, p=p: ffi.release(p)) == [None] * THREADS
        assert len(calls) == 1
        calls = []
        p = ffi.gc(ffi.new("int *"), calls.append)
        race(lambda i, p=p: ffi.release(p), lambda i, p=p: ffi.gc(p, None))
        del p
        gc.collect()
        assert len(calls) <= 1


def test_release_of_one_buffer():
    ffi = FFI()
    for _ in range(ROUNDS):
        memory = bytearray(b"abcd")
        p = ffi.from_buffer(memory)
        race(lambda i, p=p: ffi.release(p), lambda i, p=p: (repr(p), ffi.typeof(p), bool(p)))
        memory += b"no longer locked"


def test_gc_in_many_threads():
    """Cycles through cdata, handles and callbacks, made and collected everywhere."""
    ffi = FFI()
    ffi.cdef("typedef int f(int); struct s { f *f; void *handle; };")
    alive = weakref.WeakSet()

    class Node:
        pass

    def make(i):
        for _ in range(10):
            node = Node()
            alive.add(node)
            node.callback = ffi.callback("f", lambda x, node=node: x + 1)
            node.handle = ffi.new_handle(node)
            node.s = ffi.new("struct s *", [node.callback, node.handle])
            node.cleanup = ffi.gc(node.s, lambda s, node=node: None)
            assert node.s.f(3) == 4 and ffi.from_handle(node.s.handle) is node
        gc.collect()

    for _ in range(max(2, ROUNDS // 10)):
        assert race(make) == [None] * THREADS
    gc.collect()
    assert len(alive) == 0


def test_callbacks_come_and_go():
    ffi = FFI()

    def work(i):
        for n in range(50):
            callbacks = [ffi.callback("int(int)", lambda x, k=k: x + k) for k in range(n % 7 + 1)]
            assert [c(i) for c in callbacks] == [i + k for k in range(len(callbacks))]

    assert race(work) == [None] * THREADS


def test_one_callback_in_many_threads():
    ffi = FFI()
    ffi.cdef("void qsort(void *, size_t, size_t, int (*)(const void *, const void *));")
    libc = ffi.dlopen(None)

    @ffi.callback("int(const void *, const void *)")
    def compare(a, b):
        return ffi.cast("int *", a)[0] - ffi.cast("int *", b)[0]

    def sort(i):
        numbers = ffi.new("int[]", [(n * 7919 + i) % 101 for n in range(101)])
        libc.qsort(numbers, 101, 4, compare)
        return list(numbers) == list(range(101))

    assert race(sort) == [True] * THREADS


def test_dlclose():
    """Who comes too late is told so."""
    for _ in range(ROUNDS):
        ffi = FFI()
        ffi.cdef("int abs(int); int labs(int);")
        lib = ffi.dlopen(None)
        called, closed = race(
            lambda i, lib=lib: {lib.abs(-3) for _ in range(20)},
            lambda i, ffi=ffi, lib=lib: ffi.dlclose(lib),
        )
        assert all(r == {3} or isinstance(r, ValueError) for r in called), called
        assert closed == [None] * len(closed)
        with pytest.raises(ValueError):
            lib.labs


def test_dlclose_of_a_library_that_goes(clib):
    """A look-up is over before the library is unmapped."""
    for _ in range(ROUNDS):
        ffi = FFI()
        ffi.cdef("int add(int, int); int subtract(int, int); extern int counter;")
        lib = ffi.dlopen(str(clib))
        names = "add", "subtract", "counter", "add"
        looked, closed = race(
            lambda i, lib=lib, names=names: [lib.__class__ and getattr(lib, names[i % 2])],
            lambda i, ffi=ffi, lib=lib: ffi.dlclose(lib),
        )
        assert all(isinstance(r, (list, ValueError)) for r in looked), looked
        assert closed == [None] * len(closed)


def test_include():
    for _ in range(ROUNDS):
        base, ffi = FFI(), FFI()
        base.cdef("typedef int t; struct s { t a; };")
        included, used = race(
            lambda i, a=ffi, b=base: a.include(b), lambda i, b=base: b.sizeof("struct s")
        )
        assert used == [4] * len(used)
        assert all(r is None or isinstance(r, FFIError) for r in included), included
        assert ffi.sizeof("struct s") == 4


def test_include_while_others_look():
    """What an include() brings is there as soon as it is counted."""
    bases = [FFI() for _ in range(6)]
    for n, base in enumerate(bases):
        base.cdef(f"struct s{n} {{ int a; }}; enum {{ ONE{n} }};")

    def look(i, ffi, lib):
        seen = [len(ffi.list_types()[1]) + len(dir(lib)) for _ in range(10)]
        assert seen == sorted(seen)

    for _ in range(ROUNDS):
        ffi = FFI()
        lib = ffi.dlopen(None)
        included, looked = race(
            lambda i, ffi=ffi: [ffi.include(base) for base in bases[i::3]],
            lambda i, ffi=ffi, lib=lib: look(i, ffi, lib),
        )
        assert included == [[None] * 2] * 3 and looked == [None] * 3
        assert dir(lib) == [f"ONE{n}" for n in range(6)]


def test_dir_of_a_lib_that_includes():
    """Names are bound where they are included when they are first asked for."""
    for n in range(ROUNDS):
        base, ffi = FFI(), FFI()
        base.cdef(f"enum e{n} {{ ONE{n} = 1, TWO{n} }};\n#define THREE 3")
        ffi.include(base)
        lib = ffi.dlopen(None)
        wanted = sorted([f"ONE{n}", f"TWO{n}", "THREE"])
        assert race(lambda i, lib=lib: dir(lib)) == [wanted] * THREADS
        shown = {f"ONE{n}": 1, f"TWO{n}": 2, "THREE": 3}
        assert race(lambda i, lib=lib: lib.__dict__) == [shown] * THREADS


def test_attributes_and_once():
    ffi = FFI()
    ran = []
    for n in range(ROUNDS):
        race(
            lambda i, n=n: setattr(ffi, f"a{i}_{n}", i),
            lambda i, n=n: getattr(ffi, f"a0_{n}", None),
        )
        assert race(lambda i, n=n: ffi.init_once(lambda: ran.append(n) or n, n)) == [n] * THREADS
    assert ran == list(range(ROUNDS))
