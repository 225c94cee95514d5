"""extern "Python": C functions that Python code serves, on any thread, in any interpreter."""

import gc
import sys
import threading
import weakref

import modes
import pytest
from handmade import Stub
from interpreters import run

import cffi_core
from cffi_core import FFI, FFIError

CODE = r"""
#include <errno.h>
#include <pthread.h>
#include <string.h>
struct pair { int a; double b; };
static int plus(int, double);
static void note(const char *);
static struct pair swap(struct pair, long double, signed char, _Bool);
static int many(int, int, int, int, int, int, int, int, int, int, int, int, int, int, int, int,
                int, int);
static int call_plus(int a, double b) { return plus(a, b); }
static int call_plus_kept(int a, double b) { return plus(a, b); }
static void call_note(const char *s) { note(s); }
static double call_swap(int a, double b, double c)
{
    struct pair p = {a, b};
    p = swap(p, c, -3, 1);
    return p.a * 100 + p.b;
}
static int call_many(void)
{
    return many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18);
}
static int errno_seen;
static int call_errno(int before)
{
    errno = before;
    plus(0, 0);
    return errno;
}
static void *run(void *n)
{
    long total = 0;
    for (long i = 0; i < (long)n; i++)
        total += plus((int)i, 0.5);
    return (void *)total;
}
static long in_a_thread(long n)
{
    pthread_t thread;
    void *total;
    pthread_create(&thread, 0, run, (void *)n);
    pthread_join(thread, &total);
    return (long)total;
}
static int (*through(void))(int, double) { return plus; }
"""


def make_stub():
    s = Stub("_extern", CODE)
    void, int_, double = s.prim("VOID", "void"), s.prim("INT", "int"), s.prim("DOUBLE", "double")
    char, long = s.prim("CHAR", "char"), s.prim("LONG", "long")
    ldouble = s.prim("LDOUBLE", "long double")
    schar, bool_ = s.prim("SCHAR", "signed char"), s.prim("BOOL", "_Bool")
    pair = s.struct("pair", ("a", int_), ("b", double))
    text = s.pointer(s.const(char))
    plus = s.func(int_, int_, double)
    s.function("call_plus", plus)
    s.function("call_plus_kept", plus, flags=2)
    s.function("call_note", s.func(void, text))
    s.function("call_swap", s.func(double, int_, double, double))
    s.function("call_many", s.func(int_))
    s.function("call_errno", s.func(int_, int_))
    s.function("in_a_thread", s.func(long, long))
    s.function("through", s.func(s.pointer(plus)))
    s.extern_python("plus", plus)
    s.extern_python("note", s.func(void, text))
    s.extern_python("swap", s.func(pair, pair, ldouble, schar, bool_))
    s.extern_python("many", s.func(int_, *[int_] * 18))
    return s


# The same for the emitter.
CDEF = """
    struct pair { int a; double b; };
    extern "Python" {
        int plus(int, double);
        void note(const char *);
        struct pair swap(struct pair, long double, signed char, _Bool);
        int many(int, int, int, int, int, int, int, int, int, int, int, int, int, int, int, int,
                 int, int);
    }
    int call_plus(int, double);
    [[cffi::keep_gil]] int call_plus_kept(int, double);
    void call_note(const char *);
    double call_swap(int, double, double);
    int call_many(void);
    int call_errno(int);
    long in_a_thread(long);
    int (*through(void))(int, double);
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return make_stub().compile(tmp_path_factory.mktemp("extern"), "-pthread")


@pytest.fixture(scope="module", params=["handmade", *modes.COMPILED])
def pair(path, compiled, request):
    """(ffi, lib) of the stub written by hand, and of emitted ones."""
    if request.param in modes.COMPILED:
        build = {"extra_compile_args": ["-pthread"]}
        return modes.Builder(compiled)(request.param, CDEF, CODE, {}, **build)
    module = cffi_core.load(path)
    return module.ffi, module.lib


@pytest.fixture
def ffi(pair):
    return pair[0]


@pytest.fixture
def lib(pair):
    return pair[1]


def test_nothing_is_bound_yet(ffi, lib, capfd):
    assert lib.call_many() == 0
    assert ".many() called, but no code was attached to it yet" in capfd.readouterr().err


def test_calls(ffi, lib):
    @ffi.def_extern()
    def plus(a, b):
        return int(a + b)

    assert plus(1, 2) == 3  # the decorator gives back the function itself
    assert lib.call_plus(3, 4.5) == 7
    assert lib.call_plus_kept(3, 4.5) == 7
    assert lib.plus(-3, 1.0) == -2
    assert repr(lib.plus).startswith("<cdata 'int(*)(int, double)' 0x")
    assert ffi.addressof(lib, "plus") == lib.plus == lib.through()
    assert lib.through()(10, 5) == 15


def test_rebinding(ffi, lib):
    ffi.def_extern(name="plus")(lambda a, b: 1)
    assert lib.call_plus(0, 0) == 1
    function = lambda a, b: 2  # noqa: E731
    reference = weakref.ref(function)
    assert ffi.def_extern("plus")(function) is function
    assert lib.call_plus(0, 0) == 2
    del function
    assert lib.call_plus(0, 0) == 2
    ffi.def_extern("plus")(abs)
    gc.collect()
    assert reference() is None


def test_values(ffi, lib):
    seen = []

    @ffi.def_extern()
    def swap(pair, x, c, b):
        seen.append((pair.a, pair.b, float(x), c, b))
        pair.a = 50  # a copy of its own
        keep.append(pair)
        return {"a": int(pair.b), "b": 7.5}

    keep = []
    assert lib.call_swap(4, 9.0, 2.25) == 907.5
    assert seen == [(4, 9.0, 2.25, -3, True)]
    assert keep[0].a == 50
    assert repr(keep[0]) == "<cdata 'struct pair' owning 16 bytes>"

    @ffi.def_extern()
    def many(*args):
        return sum(i * n for i, n in enumerate(args))

    assert lib.call_many() == sum(i * (i + 1) for i in range(18))

    @ffi.def_extern()
    def note(text):
        seen.append(ffi.string(text))

    assert lib.call_note(b"hello") is None
    assert seen[-1] == b"hello"


def test_errors(ffi, lib, monkeypatch):
    printed = []
    monkeypatch.setattr(sys, "unraisablehook", printed.append)
    ffi.def_extern(name="plus", error=-3)(lambda a, b: 1 // 0)
    assert lib.call_plus(1, 1) == -3
    ffi.def_extern(name="plus")(lambda a, b: "x")
    assert lib.call_plus(1, 1) == 0
    ffi.def_extern(name="swap", error=[2, 1.5])(lambda *a: 1 // 0)
    assert lib.call_swap(1, 1, 1) == 201.5
    kinds = [type(p.exc_value) for p in printed]
    assert kinds == [ZeroDivisionError, TypeError, ZeroDivisionError]
    assert "from cffi callback <function " in printed[0].err_msg
    assert printed[1].err_msg.endswith(", trying to convert the result back to C")
    problems = []
    ffi.def_extern(name="plus", onerror=lambda *a: problems.append(a) or 99)(lambda a, b: 1 // 0)
    assert lib.call_plus(1, 1) == 99
    assert problems[0][0] is ZeroDivisionError


def test_onerror_that_fails(ffi, lib, monkeypatch):
    printed = []
    monkeypatch.setattr(sys, "unraisablehook", lambda args: printed.append(args.exc_type))
    for onerror in (lambda *a: 1 // 0), (lambda *a: "no number"):
        ffi.def_extern("plus", error=-6, onerror=onerror)(lambda a, b: [].nothing)
        assert lib.call_plus(1, 1) == -6
    assert printed == [AttributeError, ZeroDivisionError, AttributeError, TypeError]


def test_recursion(ffi, lib, monkeypatch):
    """Without end it ends in a RecursionError, and the error value all the way down."""
    monkeypatch.setattr(sys, "unraisablehook", lambda args: None)
    depth = 0

    @ffi.def_extern(error=-1)
    def plus(a, b):
        nonlocal depth
        depth += 1
        return lib.call_plus(a, b)

    assert lib.call_plus(1, 1) == -1
    assert depth > 100
    ffi.def_extern("plus")(lambda a, b: a if a == 0 else 1 + lib.call_plus(a - 1, b))
    assert lib.call_plus(50, 0) == 50


def test_replaced_while_it_runs(ffi, lib):
    def function(a, b):
        ffi.def_extern("plus")(abs)
        gc.collect()
        return a + 1

    reference = weakref.ref(function)
    ffi.def_extern("plus")(function)
    del function
    assert lib.call_plus(4, 0) == 5
    gc.collect()
    assert reference() is None


def test_errno(ffi, lib):
    @ffi.def_extern()
    def plus(a, b):
        seen.append(ffi.errno)
        ffi.errno = 55
        return 0

    seen = []
    assert lib.call_errno(33) == 55
    assert seen == [33]


def test_wrong_use(ffi):
    words = "ffi.def_extern\\('zz'\\): no 'extern \"Python\"' function with this name"
    with pytest.raises(ffi.error, match=words):
        ffi.def_extern(name="zz")(abs)
    with pytest.raises(ffi.error, match="no 'extern \"Python\"' function"):
        ffi.def_extern(name="call_plus")(abs)
    with pytest.raises(TypeError, match="expected a callable object, not int"):
        ffi.def_extern(name="plus")(3)
    with pytest.raises(TypeError, match="expected a callable object for 'onerror', not int"):
        ffi.def_extern(name="plus", onerror=3)(abs)
    with pytest.raises(TypeError):
        ffi.def_extern(name="plus", error="x")(abs)
    with pytest.raises(FFIError, match="no compiled code"):
        FFI().def_extern()(test_calls)


def test_foreign_threads(ffi, lib):
    ids = set()

    @ffi.def_extern()
    def plus(a, b):
        ids.add(threading.get_ident())
        return a

    assert lib.in_a_thread(100) == sum(range(100))
    assert len(ids) == 1
    assert threading.get_ident() not in ids


def test_python_threads(ffi, lib):
    ffi.def_extern("plus")(lambda a, b: a + 1)
    results = []

    def work():
        results.append(sum(lib.call_plus(i, 0) for i in range(300)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for i in range(50):
        ffi.def_extern("plus")(lambda a, b, i=i: a + 1)
    for thread in threads:
        thread.join()
    assert results == [sum(range(1, 301))] * 4


# ---- in processes of their own


def test_nothing_bound(path):
    out, err = run(
        """
        from _extern import lib
        print(lib.call_plus(3, 4), lib.call_swap(1, 2, 3), lib.in_a_thread(1))
    """,
        path.parent,
    )
    assert out == "0 0.0 0\n"
    line = 'extern "Python": function _extern.{}() called, but no code was attached to it yet'
    assert err.startswith(line.format("plus"))
    assert line.format("swap") in err
    assert err.count("with @ffi.def_extern().  Returning 0.\n") == 3


BIND = """
from _extern import ffi, lib
@ffi.def_extern()
def plus(a, b):
    return a + {}
"""


@pytest.mark.parametrize("own_gil", [True, False])
def test_each_interpreter_binds_its_own(path, own_gil):
    out, err = run(
        f"""
        BIND = {BIND!r}
        exec(BIND.format(1000))
        one, two = create({own_gil}), create({own_gil})
        execute(one, SETUP + BIND.format(1))
        execute(two, SETUP + BIND.format(2))
        check = "assert lib.call_plus(5, 0) == {{0}}; assert lib.call_plus_kept(5, 0) == {{0}}"
        for _ in range(3):
            execute(one, check.format(6))
            execute(two, check.format(7))
            assert lib.call_plus(5, 0) == 1005
        # a foreign thread belongs to the interpreter that came first
        execute(two, "assert lib.in_a_thread(2) == 2001")
        _interpreters.destroy(one)
        execute(two, check.format(7))
        _interpreters.destroy(two)
        print(lib.call_plus(5, 0))
    """,
        path.parent,
    )
    assert (out, err) == ("1005\n", "")


def test_first_loaded_in_a_subinterpreter(path):
    out, err = run(
        f"""
        BIND = {BIND!r}
        one = create()
        execute(one, SETUP + BIND.format(1) + "assert lib.in_a_thread(2) == 3\\n")
        exec(BIND.format(10))
        assert lib.call_plus(5, 0) == 15
        assert lib.in_a_thread(2) == 3
        _interpreters.destroy(one)
        assert lib.call_plus(5, 0) == 15
        print(lib.in_a_thread(2))
    """,
        path.parent,
    )
    assert (out, err) == ("21\n", "")


def test_interpreters_in_threads(path):
    out, err = run(
        f"""
        BIND = {BIND!r}
        def work(n):
            interp = create()
            for _ in range(10):
                execute(interp, SETUP + BIND.format(n) +
                        f"assert all(lib.call_plus(i, 0) == i + {{n}} for i in range(200))\\n")
            _interpreters.destroy(interp)
        threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
        for t in threads: t.start()
        for t in threads: t.join()
        print("done")
    """,
        path.parent,
    )
    assert (out, err) == ("done\n", "")


def test_end_of_the_interpreter(path):
    out, err = run(
        f"""
        exec({BIND!r}.format(1))
        import atexit
        atexit.register(lambda: print(lib.call_plus(4, 0)))
        class Late:
            def __del__(self, lib=lib):
                lib.call_plus(4, 0)
        late = Late()
    """,
        path.parent,
    )
    assert out == "5\n"
    assert "Fatal" not in err


def test_a_thread_of_c_calls_while_the_interpreter_ends(path):
    """Later it gets the error value, until the process is gone."""
    out, err = run(
        """
        import time
        from _extern import ffi, lib
        seen = []
        ffi.def_extern("plus", error=3)(lambda a, b: seen.append(a) or 0)
        def work():
            lib.in_a_thread(10**9)
        threading.Thread(target=work, daemon=True).start()
        while len(seen) < 100:
            time.sleep(0.001)
        print("end")
        """,
        path.parent,
    )
    assert (out, err) == ("end\n", "")
