"""Threads that race on one compiled module: names, structs, globals, extern "Python"; on one cdata.

Types and names of a module are made when they are first asked for, by whoever asks first.
"""

import gc
import sysconfig
import weakref

import modes
import pytest
from racing import ROUNDS, THREADS, hurry, race

import cffi_core
from cffi_core import FFI, _core

pytestmark = pytest.mark.usefixtures(hurry.__name__)

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
NAME = "_racing"
CDEF = """
    struct inner { short a, b; };
    struct outer { struct inner in[3]; struct outer *next; int flags : 3; ...; };
    typedef struct { struct outer o; } box_t;
    enum color { RED, GREEN = 5 };
    #define LIMIT ...
    static const double half;
    extern int counter;
    extern struct outer first;
    int add(int, int);
    struct inner swap(struct inner);
    long on_threads(int n, int times);
    extern "Python" int served(int, int);
    int call_served(int, int);
"""
SOURCE = """
    #include <pthread.h>
    struct inner { short a, b; };
    struct outer { long hidden; struct inner in[3]; struct outer *next; int flags : 3; };
    typedef struct { struct outer o; } box_t;
    enum color { RED, GREEN = 5 };
    #define LIMIT 70000
    static const double half = 0.5;
    static int counter;
    static struct outer first;
    static int served(int, int);
    static int add(int a, int b) { return a + b; }
    static struct inner swap(struct inner i) { return (struct inner){i.b, i.a}; }
    static int call_served(int a, int b) { return served(a, b); }
    struct job { int times; long sum; pthread_t thread; };
    static void *run(void *p)
    {
        struct job *job = p;
        for (int i = 0; i < job->times; i++)
            job->sum += served(i, 1);
        return 0;
    }
    static long on_threads(int n, int times)
    {
        struct job jobs[16] = {{0}};
        long sum = 0;
        for (int i = 0; i < n; i++) {
            jobs[i].times = times;
            pthread_create(&jobs[i].thread, 0, run, &jobs[i]);
        }
        for (int i = 0; i < n; i++) {
            pthread_join(jobs[i].thread, 0);
            sum += jobs[i].sum;
        }
        return sum;
    }
"""


@pytest.fixture(scope="module")
def path(compiled) -> str:
    ffi = FFI()
    ffi.cdef(CDEF)
    ffi.set_source(NAME, SOURCE, extra_compile_args=["-pthread"])
    return ffi.compile(tmpdir=str(compiled))


@pytest.fixture(params=modes.COMPILED)
def fresh(path, request):
    """A function that gives (ffi, lib) in which nothing was used yet."""

    def verified():
        ffi = FFI()
        ffi.cdef(CDEF)
        return _core.load_stub(path, NAME, ffi)

    def loaded():
        module = cffi_core.load(path)
        return module.ffi, module.lib

    return verified if request.param == "verify" else loaded


def same(results) -> bool:
    return len({id(result) for result in results}) == 1


def test_first_lookup_of_names(fresh):
    for _ in range(ROUNDS):
        ffi, lib = fresh()
        assert same(race(lambda i, lib=lib: lib.add))
        assert race(lambda i, lib=lib: (lib.LIMIT, lib.half, lib.GREEN)) == [(70000, 0.5, 5)] * 6
        assert race(lambda i, lib=lib: lib.add(i, 1)) == [i + 1 for i in range(THREADS)]
        pointers = race(lambda i, ffi=ffi, lib=lib: ffi.addressof(lib, "counter"))
        assert all(pointer == pointers[0] for pointer in pointers)
        assert race(lambda i, lib=lib: sorted(dir(lib))) == [sorted(dir(lib))] * THREADS


def test_first_use_of_a_struct(fresh):
    """Its layout, its fields, those of its members, a function that takes it by value."""

    def use(ffi, lib, i):
        pointer = ffi.new("struct outer *", {"in": [(1, 2)], "flags": -1})
        box = ffi.new("box_t *")
        box.o.next = pointer
        swapped = lib.swap(pointer[0].__getattribute__("in")[0])
        fields = tuple(name for name, _ in ffi.typeof("struct outer").fields)
        return box.o.next.flags, swapped.a, fields, ffi.sizeof("box_t"), lib.first.flags

    for _ in range(ROUNDS):
        ffi, lib = fresh()
        results = race(lambda i, ffi=ffi, lib=lib: use(ffi, lib, i))
        assert results == [(-1, 2, ("in", "next", "flags"), 40, 0)] * THREADS


def test_first_use_of_type_strings(fresh):
    texts = ["struct outer *", "box_t[4]", "enum color", "struct inner(*)(struct inner, box_t *)"]
    for _ in range(ROUNDS):
        ffi, _ = fresh()
        for text in texts:
            assert same(race(lambda i, ffi=ffi, text=text: ffi.typeof(text)))


def test_completion_by_a_stub(path):
    """A partial struct is late, then it has its layout, and never anything between."""
    for _ in range(ROUNDS):
        ffi = FFI()
        ffi.cdef(CDEF)
        ctype = ffi.typeof("struct outer *").item

        def look(i, ffi=ffi, ctype=ctype):
            seen = []
            for _ in range(30):
                try:
                    seen.append((ffi.sizeof(ctype), ffi.new("struct outer *", {"flags": 2}).flags))
                except cffi_core.VerificationMissing:
                    assert seen == [] or seen[-1] is None
                    seen.append(None)
            return seen

        looked, completed = race(
            look, lambda i, ffi=ffi: _core.load_stub(path, NAME, ffi) if i == 0 else None
        )
        assert not any(isinstance(result, Exception) for result in completed), completed
        for seen in looked:
            assert isinstance(seen, list), seen
            assert {x for x in seen if x is not None} <= {(40, 2)}
        assert ffi.sizeof(ctype) == 40


def test_globals(fresh):
    """One store for an int: what is read is what some thread has written."""
    _, lib = fresh()
    lib.counter = 0
    values = [0, 0x01010101, 0x02020202, 0x03030303]

    def write(i):
        for n in range(300):
            lib.counter = values[n % 4]

    wrote, read = race(write, lambda i: {lib.counter for _ in range(300)})
    assert wrote == [None] * len(wrote)
    assert all(seen <= set(values) for seen in read), read


def test_def_extern_while_it_is_called(fresh):
    """Each call runs what was bound before it or while it ran."""
    ffi, lib = fresh()

    def bind(i):
        for n in range(50):
            ffi.def_extern("served")(lambda a, b, n=n: a + b)

    def call(i):
        return [lib.call_served(n, 1) for n in range(100)], lib.on_threads(2, 20)

    bind(0)
    bound, called = race(bind, call)
    assert bound == [None] * len(bound)
    assert called == [([n + 1 for n in range(100)], 2 * sum(range(1, 21)))] * len(called)


def test_extern_functions_that_are_replaced_are_freed(fresh):
    ffi, _ = fresh()
    alive = weakref.WeakSet()

    class Function:
        def __call__(self, a, b):
            return 0

    def bind(i):
        for _ in range(50):
            function = Function()
            alive.add(function)
            ffi.def_extern("served")(function)

    assert race(bind) == [None] * THREADS
    ffi.def_extern("served")(lambda a, b: 0)
    gc.collect()
    assert len(alive) == 0


# ---- one cdata, one object of Python


def test_weak_references():
    ffi = FFI()
    ffi.cdef("struct s { int a; }; int abs(int);")
    lib = ffi.dlopen(None)
    cdata, record = ffi.new("int[3]"), ffi.new("struct s *")
    objects = [cdata, record, record[0], ffi.typeof("struct s"), lib.abs, ffi, ffi.buffer(cdata)]

    def work(i):
        for n in range(100):
            references = [weakref.ref(o) for o in objects]
            assert [r() for r in references] == objects, n

    for _ in range(max(2, ROUNDS // 10)):
        assert race(work) == [None] * THREADS


def test_handles():
    """Every handle is another number, and leads to its own object while it lives."""
    ffi = FFI()

    def work(i):
        for n in range(50):
            things = [[i, n, k] for k in range(8)]
            handles = [ffi.new_handle(thing) for thing in things]
            assert [ffi.from_handle(h) for h in handles] == things
            del handles[::2]
            assert [ffi.from_handle(h) for h in handles] == things[1::2]

    assert race(work) == [None] * THREADS


@pytest.mark.skipif(FREE_THREADED, reason="bytearray itself miscounts its buffers without a GIL")
def test_one_memory_under_many_buffers():
    """It cannot be resized before the last one is released."""
    ffi = FFI()
    for _ in range(ROUNDS):
        memory = bytearray(b"abcd")
        kept = ffi.from_buffer(memory)

        def work(i, memory=memory):
            for _ in range(20):
                with ffi.from_buffer("char[]", memory) as view:
                    assert view[0] == b"a"
                with pytest.raises(BufferError):
                    memory.append(1)

        assert race(work) == [None] * THREADS
        ffi.release(kept)
        memory.append(1)


def test_one_iterator():
    """Each item that comes out is one of the array's; none is a surprise."""
    ffi = FFI()
    for _ in range(ROUNDS):
        iterator = iter(ffi.new("int[]", list(range(200))))
        results = race(lambda i, iterator=iterator: list(iterator))
        assert set().union(*results) == set(range(200))  # without a GIL some come twice


def test_one_buffer_object():
    ffi = FFI()
    memory = ffi.new("char[64]")
    buffer = ffi.buffer(memory)

    def work(i):
        for _ in range(100):
            buffer[i * 8 : i * 8 + 8] = bytes([i + 1]) * 8
            assert buffer[i * 8 : i * 8 + 8] == bytes([i + 1]) * 8
            assert memoryview(buffer)[i * 8] == i + 1

    assert race(work) == [None] * THREADS


def test_one_allocator():
    ffi = FFI()
    freed = []
    new = ffi.new_allocator(lambda size: ffi.new("char[]", size), freed.append)

    def work(i):
        for n in range(50):
            assert new("int[4]", [i, n, 0, 1])[1] == n

    assert race(work) == [None] * THREADS
    gc.collect()
    assert len(freed) == 50 * THREADS


def test_override_while_the_name_is_used():
    """A type string means the old type or the new one, and the new one afterwards."""
    for _ in range(ROUNDS):
        ffi = FFI()
        ffi.cdef("typedef int t;")

        def declare(i, ffi=ffi):
            if i == 0:
                ffi.cdef("typedef long t;", override=True)

        _, used = race(declare, lambda i, ffi=ffi: {ffi.sizeof("t") for _ in range(20)})
        assert all(sizes <= {4, 8} for sizes in used), used
        assert ffi.sizeof("t") == 8


def test_texts_are_listed_in_an_order_that_declares_them():
    """What is compiled is a replay of the list: each text after those it needs."""
    for _ in range(ROUNDS):
        ffi = FFI()

        def first(i, ffi=ffi):
            if i == 0:
                ffi.cdef("typedef struct { int a; } base_t;")

        def second(i, ffi=ffi):
            for _ in range(10**6):
                try:
                    ffi.cdef(f"typedef base_t more{i}_t[2];")
                except cffi_core.CDefError:
                    continue
                return

        assert race(first, second) == [[None] * 3, [None] * 3]
        replay = FFI()
        for text, options in ffi._sources:
            replay.cdef(text, **{k: v for k, v in options.items() if k == "override"})
        assert replay.sizeof("more0_t") == 8
