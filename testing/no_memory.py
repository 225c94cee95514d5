"""Each allocation of Python's that a job makes fails once: the program of test_no_memory.py.

    python testing/no_memory.py COMPILED_MODULE

No job makes a function: CPython 3.12 and 3.13 crash where there is no memory for one.
"""

import sys
import weakref
from _testcapi import remove_mem_hooks, set_nomemory

import cffi_core
from cffi_core import FFI, FFIError, _core

NAME = "_no_memory"
CDEF = """
    struct inner { short a, b; };
    struct outer { struct inner i; struct outer *next; int flags : 3; ...; };
    #define LIMIT ...
    static const double half;
    extern int counter;
    extern struct outer first;
    struct inner swap(struct inner);
    extern "Python" int served(int);
    int call_served(int);
"""
SOURCE = """
    struct inner { short a, b; };
    struct outer { long hidden; struct inner i; struct outer *next; int flags : 3; };
    #define LIMIT 70000
    static const double half = 0.5;
    static int counter;
    static struct outer first;
    static int served(int);
    static struct inner swap(struct inner i) { return (struct inner){i.b, i.a}; }
    static int call_served(int a) { return served(a); }
"""
DECLARATIONS = """
    struct node { struct node *next; int (*f)(struct node *, int[3]); int b : 3;
                  enum e { A, B } k; union { int u; float v; }; };
    typedef struct node n; enum later; struct empty { }; int abs(int);
    struct first { struct second s; }; struct second { int i; };
    struct flex { int n; short items[]; }; typedef int v4 __attribute__((vector_size(16)));
    typedef struct { int quot, rem; } div_t; div_t div(int, int); extern int opterr;
    int snprintf(char *, size_t, const char *, ...); double strtod(const char *, char **);
    size_t wcslen(const wchar_t *); int memcmp(int *, short[], size_t);
    void qsort(void *, size_t, size_t, int (*)(const void *, const void *));
    #define LARGE 70000000000
    int no_such_function(int);
"""
# What a job may raise for another reason: its arguments are wrong.
WRONG = (FFIError, AttributeError, TypeError, ValueError, IndexError, KeyError, OverflowError)


def declared(text=DECLARATIONS):
    ffi = FFI()
    ffi.cdef(text)
    return ffi


def same(value):
    return value


def equal(a, b):
    return 0


def fail(x):
    raise ValueError(x)


def told(*exc_info):
    pass


def declaring(base):
    """cdef(), types and their attributes."""

    def including():
        ffi = FFI()
        ffi.include(base)
        ffi.cdef("struct m { n a[2]; };")
        return ffi

    texts = "n", "n *", "int[3]", "enum e", "int(*)(int, ...)", "v4"
    types = [base.typeof(text) for text in texts]
    return [
        FFI,
        declared,
        lambda: declared("int ("),
        lambda: declared("#define A 3\n#define B (A + 5)\n#define S 'a'").dlopen(None).B,
        lambda: declared("struct u { _Decimal32 d; }; int x @;"),
        lambda: FFI().typeof("int(*(*)[7])(char *, short ****, __int128)"),
        lambda: FFI().typeof("int[]"),
        lambda: FFI().typeof("no_such"),
        lambda: FFI().typeof("int(int)"),
        lambda: declared().typeof("n *(*)(n, int, ...)").args,
        lambda: declared().typeof("n").fields,
        lambda: declared().typeof("struct empty").fields,
        lambda: declared().typeof("enum e").elements,
        lambda: [[getattr(ct, name, None) for name in dir(ct)] for ct in types],
        lambda: including().typeof("struct m").fields,
        lambda: including().list_types(),
        base.unavailable,
        lambda: base.getctype("n", "*x[5]"),
        lambda: base.integer_const("B"),
        lambda: base.offsetof("n", "k"),
        lambda: (base._table.type(60), base._table.decl(3)),
        lambda: base.init_once(list, object()),
        lambda: (FFI.CData, FFI.buffer, FFI.error, FFI.NULL, FFI.RTLD_NOW, setattr(FFI(), "x", 3)),
        lambda: _core.sha256(b"abc" * 100),
    ]


def making(base):
    """New cdata, and those of memory that is somebody else's."""

    def some(n):
        return base.new("char[]", n)

    return [
        lambda: base.new("n *", {"u": 3, "k": 1}),
        lambda: base.new("n[]", ((), {"u": 3})),
        lambda: base.new("char[]", b"abc"),
        lambda: (base.new("struct flex *", (2, (1, 2))), base.new("v4 *", (1, 2, 3, 4))),
        lambda: (base.new("char16_t[]", "a\U0001f600"), base.new("__int128 *", 2**100)[0]),
        lambda: base.new("int[3]", (1, "a", 3)),
        lambda: base.new("n *", {"zz": 1}),
        lambda: base.new("char *", 2000),
        lambda: base.cast("long double", 3),
        lambda: base.cast("n", 3),
        lambda: base.from_buffer("int[]", bytearray(8)),
        lambda: base.gc(base.new("n *"), id),
        lambda: base.release(base.gc(base.new("int *"), told, 100)),
        lambda: base.release(base.new_allocator(some, told)("int[3]", (1, 2))),
        lambda: base.from_handle(base.new_handle([])),
        lambda: weakref.ref(base.new("int *")),
    ]


def using(base, lib):
    """What operators and methods do with cdata."""
    array, node, handle = base.new("int[8]"), base.new("n *"), base.new_handle(base)
    chars, wide = base.new("char[]", b"abc"), base.new("wchar_t[]", "abc")
    back, field = base.callback("int(int)", abs), base.typeof("n").fields[0][1]
    objects = [array, node, node[0], handle, back, lib, lib.abs, base, base.typeof("n"), field]
    return [
        lambda: (base.string(chars), base.string(wide), base.string(base.cast("enum e", 1))),
        lambda: (base.unpack(array, 4), base.unpack(chars, 3), base.unpack(wide, 3)),
        lambda: base.memmove(array, b"abcdefgh", 8),
        lambda: (base.buffer(array)[1:5], memoryview(base.buffer(chars))[1], [*base.buffer(chars)]),
        lambda: base.buffer(array).__setitem__(slice(0, 4), b"abcd"),
        lambda: ([array[1:3] for _ in range(80)], [*array], array + 2, (array + 3) - array),
        lambda: array.__setitem__(slice(0, 3), (1, 2, 3)),
        lambda: array[9],
        lambda: (base.addressof(node[0], "k"), base.addressof(array, 2)),
        lambda: (array == node, hash(array), base.cast("int", 3) < 4, int(base.cast("char", 1))),
        lambda: [repr(o) for o in objects],
        lambda: dir(base.typeof("int *")),
        lambda: dir(node),
        lambda: (node.next, node.f, node.b, node.k, node.u, node.v),
        lambda: (setattr(node, "k", "B"), setattr(node, "v", 2.5), setattr(node, "next", node)),
        lambda: node.zz,
    ]


def calling(base, lib):
    """Libraries, calls and callbacks."""
    array = base.new("int[8]")
    compare = base.callback("int(const void *, const void *)", equal)
    failing = base.callback("int(int)", fail, error=5, onerror=told)
    return [
        lambda: base.dlopen(None).abs,
        lambda: (base.dlopen(None).__dict__, dir(base.dlopen(None))),
        lambda: (lib.opterr, setattr(lib, "opterr", 1), base.dlopen(None).opterr, lib.LARGE),
        lambda: (base.addressof(lib, "opterr"), base.addressof(lib, "abs")),
        lambda: lib.no_such_function,
        lambda: lib.nothing,
        lambda: lib.abs(-3),
        lambda: lib.abs("a"),
        lambda: lib.abs(1, 2),
        lambda: (lib.div(7, 2).quot, base.dlopen(None).div(7, 2).quot),
        lambda: lib.snprintf(base.NULL, 0, b"%d %f", base.cast("int", 3), base.cast("double", 2)),
        lambda: (lib.strtod(b"2.5", base.NULL), lib.wcslen("abc")),
        lambda: lib.memcmp((1,) * 900, (1,) * 2000, 0),
        lambda: base.callback("int(int)"),
        lambda: base.callback("int(int)", abs)(-3),
        lambda: base.callback("div_t(div_t, double)", same),
        lambda: lib.qsort(array, 8, 4, compare),
        lambda: failing(3),
    ]


def compiled(path):
    """A compiled module."""

    def completed():
        ffi = FFI()
        ffi.cdef(CDEF)
        return _core.load_stub(path, NAME, ffi)

    def loaded():
        module = cffi_core.load(path)
        return module.ffi, module.lib

    def included():
        other = FFI()
        other.include(ffi)
        made = other.new("struct outer *")
        return made.i.a

    ffi, lib = loaded()
    ffi.def_extern("served")(same)
    return [
        loaded,
        completed,
        included,
        lambda: (loaded()[1].LIMIT, loaded()[1].half, dir(loaded()[1]), loaded()[1].__dict__),
        lambda: (loaded()[1].swap((1, 2)).a, loaded()[0].typeof("struct outer").fields),
        lambda: (lib.call_served(3), lib.counter, lib.first.i.b, ffi.addressof(lib, "counter")),
        lambda: ffi.def_extern("served", error=3, onerror=told)(same),
        lambda: ffi.def_extern("no_such_function")(same),
    ]


def attempt(job):
    try:
        job()
        return True
    except (MemoryError, OSError):
        return False
    except WRONG:
        return True
    except RuntimeError as e:
        assert str(e) == "can't allocate lock", e
        return False
    except SystemError as e:  # Python had no memory for a frame, and forgot the error
        assert str(e) == "error return without exception set", e
        return False


def fails(job, nth):
    try:
        set_nomemory(nth, nth + 1)
        done = attempt(job)
    except MemoryError:  # from the handlers above
        done = False
    finally:
        remove_mem_hooks()
    return not done


def failures(job):
    """In how many places."""
    # Some allocations may fail unseen, as Python then does without them; a long
    # row without a failure means that the last one was reached.
    total = nth = quiet = 0
    while quiet < 40:
        nth += 1
        failed = fails(job, nth)
        total += failed
        quiet = 0 if failed else quiet + 1
    assert attempt(job)
    return total


def main(path):
    base = declared()
    lib = base.dlopen(None)
    jobs = declaring(base) + making(base) + using(base, lib) + calling(base, lib) + compiled(path)
    # CPython 3.13 crashes where it has no memory for the dictionary of a new type: all that are
    # made when they are first needed are there before.
    for job in jobs * (sys.version_info >= (3, 13)):
        attempt(job)
    print("failed", sum(failures(job) for job in jobs))


if __name__ == "__main__":
    main(sys.argv[1])
