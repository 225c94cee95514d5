"""ffi.callback: C function pointers that run Python code."""

import gc
import platform
import re
import signal
import subprocess
import sys
import weakref

import pytest


@pytest.fixture(params=[True, False], ids=["released", "kept"])
def opened(opener, request):
    return opener("callbacks.h", release_gil=request.param)


@pytest.fixture
def ignored(monkeypatch):
    """What went to sys.unraisablehook: (message, type of the exception)."""
    seen = []

    def hook(args):
        seen.append((args.err_msg, args.exc_type))

    monkeypatch.setattr(sys, "unraisablehook", hook)
    return seen


def test_call(opened):
    ffi, lib = opened
    callback = ffi.callback("int(int)", lambda x: x + 1)
    assert lib.call_int(callback, 3) == 4
    assert callback(10) == 11
    assert ffi.typeof(callback) is ffi.typeof("int(*)(int)")


def test_decorator(opened):
    ffi, lib = opened

    @ffi.callback("int(int)")
    def double(x):
        return 2 * x

    assert lib.call_int(double, 21) == 42

    @ffi.callback("int(*)(int)", error=-7)
    def bad(x):
        return x.nothing

    sys.unraisablehook, saved = (lambda args: None), sys.unraisablehook
    try:
        assert lib.call_int(bad, 1) == -7
    finally:
        sys.unraisablehook = saved


def test_repr(opened):
    ffi, _ = opened

    def function(x):
        return x

    callback = ffi.callback("int(int)", function)
    assert repr(callback) == f"<cdata 'int(*)(int)' calling {function!r}>"
    pointer = ffi.cast("int(*)(int)", callback)
    assert re.fullmatch(r"<cdata 'int\(\*\)\(int\)' 0x[0-9a-f]+>", repr(pointer))
    assert pointer == callback
    assert pointer(5) == 5


def echo(ffi, name):
    return ffi.callback(f"{name}({name})", lambda x: x)


def test_primitives(opened):
    ffi, lib = opened
    for value in -128, -1, 0, 127:
        assert lib.call_schar(echo(ffi, "signed char"), value) == value
    for value in 0, 1, 65535:
        assert lib.call_ushort(echo(ffi, "unsigned short"), value) == value
    assert lib.call_bool(ffi.callback("_Bool(_Bool)", lambda x: not x), True) is False
    assert lib.call_char(echo(ffi, "char"), b"\xff") == b"\xff"
    assert lib.call_double(ffi.callback("double(double, float)", lambda x, y: x / y), 1, 4) == 0.25
    assert float(lib.call_ldouble(echo(ffi, "long double"), 1.5)) == 1.5
    assert lib.call_dcomplex(echo(ffi, "double _Complex"), 1 - 2j) == 1 - 2j
    pointer = ffi.new("int *")
    assert lib.call_pointer(ffi.callback("void *(void *)", lambda p: p), pointer) == pointer
    seen = []
    assert lib.call_void(ffi.callback("void()", lambda: seen.append(1))) is None
    assert seen == [1]


def test_many_arguments(opened):
    ffi, lib = opened
    kind = "long(long, long, long, long, long, long, long, long, long, long, double, signed char)"
    seen = []
    callback = ffi.callback(kind, lambda *args: seen.append(args) or 99)
    assert lib.call_12(callback) == 99
    assert seen == [(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11.5, -12)]


def test_records_by_value(opened):
    ffi, lib = opened
    kept = []

    @ffi.callback("struct pair(struct pair)")
    def swap(pair):
        kept.append(pair)
        return int(pair.b), pair.a

    result = lib.call_pair(swap, [3, 4.5])
    assert (result.a, result.b) == (4, 3.0)
    # The argument is a copy of its own and outlives the call.
    lib.call_pair(swap, [7, 8.5])
    assert [(p.a, p.b) for p in kept] == [(3, 4.5), (7, 8.5)]
    assert repr(kept[0]) == "<cdata 'struct pair' owning 16 bytes>"
    kept[0].a = 11
    assert kept[1].a == 7

    @ffi.callback("struct triple(struct triple, int)")
    def shift(triple, by):
        return {"a": triple.b + by, "b": triple.c + by, "c": triple.a + by}

    result = lib.call_triple(shift, [10, 20, 30], 1)
    assert (result.a, result.b, result.c) == (21, 31, 11)


def test_bound_methods_and_other_callables(opened):
    ffi, lib = opened

    class Adder:
        def __init__(self, n):
            self.n = n

        def add(self, x):
            return x + self.n

        __call__ = add

    assert lib.call_int(ffi.callback("int(int)", Adder(5).add), 1) == 6
    assert lib.call_int(ffi.callback("int(int)", Adder(6)), 1) == 7
    assert lib.call_int(ffi.callback("int(int)", abs), -3) == 3


def test_what_is_refused(opened):
    ffi, lib = opened
    for kind in "int", "int *", "struct pair":
        with pytest.raises(TypeError, match=re.escape(f"expected a function ctype, got '{kind}'")):
            ffi.callback(kind, abs)
    refused = "the 'python_callable' argument is not callable|expected a callable object, not int"
    with pytest.raises(TypeError, match=refused):
        ffi.callback("int(int)", 3)
    with pytest.raises(TypeError, match="expected a callable object for 'onerror', not int"):
        ffi.callback("int(int)", abs, onerror=3)
    with pytest.raises(TypeError, match="an integer is required"):
        ffi.callback("int(int)", abs, error="x")
    with pytest.raises(OverflowError):
        ffi.callback("int(int)", abs, error=2**31)
    with pytest.raises(TypeError, match="callback with the return type 'void' must return None"):
        ffi.callback("void(int)", abs, error=3)
    with pytest.raises(NotImplementedError, match=r"or with '\.\.\.'"):
        ffi.callback("int(int, ...)", abs)
    for wrong in abs, None, 0:
        with pytest.raises(TypeError, match=r"initializer for ctype 'int\(\*\)\(int\)' must be a"):
            lib.call_int(wrong, 3)


def test_opaque_types_in_a_callback(opened):
    ffi, _ = opened
    ffi.cdef("struct opaque;")
    with pytest.raises(TypeError, match="struct opaque"):
        ffi.callback("int(struct opaque)", abs)


# ---- errors ---------------------------------------------------------------------------


def boom(*_):
    raise ValueError("boom")


def test_exception(opened, ignored):
    ffi, lib = opened
    assert lib.call_int(ffi.callback("int(int)", boom), 3) == 0
    assert lib.call_int(ffi.callback("int(int)", boom, error=-9), 3) == -9
    assert lib.call_void(ffi.callback("void()", boom)) is None
    message = f"Exception ignored from cffi callback {boom!r}"
    assert ignored == [(message, ValueError)] * 3


def test_result_that_cannot_be_converted(opened, ignored):
    ffi, lib = opened

    def text(*_):
        return "text"

    assert lib.call_int(ffi.callback("int(int)", text, error=5), 3) == 5
    assert lib.call_int(ffi.callback("int(int)", lambda x: 2**31, 6), 3) == 6
    lib.call_void(ffi.callback("void()", text))
    suffix = ", trying to convert the result back to C"
    assert ignored[0] == (f"Exception ignored from cffi callback {text!r}{suffix}", TypeError)
    assert [t for _, t in ignored] == [TypeError, OverflowError, TypeError]
    assert all(m.endswith(suffix) for m, _ in ignored)


def test_error_value_of_a_record(opened, ignored):
    ffi, lib = opened
    error = {"a": 1, "b": 2.5}
    result = lib.call_pair(ffi.callback("struct pair(struct pair)", boom, error), [3, 4])
    assert (result.a, result.b) == (1, 2.5)
    half = ffi.callback("struct triple(struct triple, int)", lambda t, i: [7, "x", 8], [1, 2, 3])
    result = lib.call_triple(half, [0, 0, 0], 0)
    assert (result.a, result.b, result.c) == (1, 2, 3)
    assert len(ignored) == 2


def test_wrong_number_of_parameters(opened, ignored):
    ffi, lib = opened
    assert lib.call_int(ffi.callback("int(int)", lambda: 3), 3) == 0
    assert ignored[0][1] is TypeError


def test_onerror(opened, ignored):
    ffi, lib = opened
    seen = []

    def onerror(exception, value, traceback):
        seen.append((exception, str(value), traceback.tb_frame is not None))

    assert lib.call_int(ffi.callback("int(int)", boom, error=-9, onerror=onerror), 3) == -9
    assert seen == [(ValueError, "boom", True)]
    assert lib.call_int(ffi.callback("int(int)", boom, -9, lambda *args: 77), 3) == 77
    assert lib.call_int(ffi.callback("int(int)", lambda x: "s", -9, lambda *args: 78), 3) == 78
    assert ignored == []


def test_onerror_that_fails(opened, ignored):
    ffi, lib = opened
    for onerror, kind in (lambda *args: 1 / 0, ZeroDivisionError), (lambda *args: "x", TypeError):
        ignored.clear()
        assert lib.call_int(ffi.callback("int(int)", boom, -9, onerror), 3) == -9
        second = "Exception ignored during handling of the above exception by 'onerror'"
        assert ignored == [
            (f"Exception ignored from cffi callback {boom!r}", ValueError),
            (second, kind),
        ]


def test_exception_of_the_caller_is_not_touched(opened, ignored):
    """A callback may run while its caller handles an exception."""
    ffi, lib = opened
    callback = ffi.callback("int(int)", boom, error=4)
    try:
        raise KeyError("outer")
    except KeyError:
        assert lib.call_int(callback, 1) == 4
        assert sys.exc_info()[0] is KeyError
    assert len(ignored) == 1


# ---- nesting, life -------------------------------------------------------------------------


def test_recursion(opened):
    ffi, lib = opened

    @ffi.callback("int(int)")
    def factorial(n):
        return 1 if n <= 1 else n * lib.call_int(factorial, n - 1)

    assert lib.call_int(factorial, 10) == 3628800


def test_deep_recursion_ends_in_an_exception(opened, ignored):
    ffi, lib = opened
    depth = 0

    @ffi.callback("int(int)", error=-1)
    def deeper(n):
        nonlocal depth
        depth += 1
        return lib.call_int(deeper, n) if depth < 50 else boom()

    assert lib.call_int(deeper, 1) == -1
    assert depth == 50


def test_recursion_without_end(opened, ignored):
    """The innermost Python code gets a RecursionError; whatever C code called it, a value."""
    ffi, lib = opened
    returned = []

    @ffi.callback("int(int)", error=-1)
    def deeper(n):
        result = lib.call_int(deeper, n + 1)
        returned.append((n, result))
        return result

    assert lib.call_int(deeper, 0) == -1
    depth = len(returned)
    assert depth > 100
    assert returned == [(n, -1) for n in reversed(range(depth))]
    assert lib.call_int(ffi.callback("int(int)", lambda x: x + 1), 1) == 2


def test_exceptions_that_are_no_errors_stay_inside(opened, ignored):
    """KeyboardInterrupt and SystemExit go no further than other exceptions."""
    ffi, lib = opened
    for kind in KeyboardInterrupt, SystemExit, GeneratorExit:

        def callback(_, kind=kind):
            raise kind

        assert lib.call_int(ffi.callback("int(int)", callback, error=-2), 1) == -2
    assert [k for _, k in ignored] == [KeyboardInterrupt, SystemExit, GeneratorExit]


def test_interrupted(opened, ignored):
    """A signal's handler runs in the callback; onerror can tell the caller to stop."""
    ffi, lib = opened
    stop = []

    def interrupted(_):
        signal.raise_signal(signal.SIGINT)
        for _ in range(10**6):
            pass
        raise AssertionError("not interrupted")

    assert lib.call_int(ffi.callback("int(int)", interrupted, -1), 1) == -1
    assert [k for _, k in ignored] == [KeyboardInterrupt]
    onerror = lambda kind, *_: stop.append(kind) or 77  # noqa: E731
    assert lib.call_int(ffi.callback("int(int)", interrupted, -1, onerror), 1) == 77
    assert stop == [KeyboardInterrupt]


def test_signal_while_c_runs(opened):
    """Its handler runs when Python code next does: in the callback."""
    ffi, lib = opened
    seen = []
    before = signal.signal(signal.SIGTERM, lambda *_: seen.append("handler"))
    try:

        @ffi.callback("void(void)")
        def callback():
            signal.raise_signal(signal.SIGTERM)
            seen.append("callback")

        lib.call_void(callback)
        seen.append("after")
    finally:
        signal.signal(signal.SIGTERM, before)
    assert seen == ["handler", "callback", "after"]


def test_conversion_of_the_result_raises(opened, ignored):
    ffi, lib = opened

    class Odd:
        def __int__(self):
            raise LookupError("no number")

        __float__ = __int__

    assert lib.call_int(ffi.callback("int(int)", lambda x: Odd(), error=3), 1) == 3
    assert (
        lib.call_double(ffi.callback("double(double, float)", lambda *a: Odd(), 2.5), 1, 2) == 2.5
    )
    assert [k for _, k in ignored] == [LookupError, LookupError]


def test_callback_freed_while_it_runs(opened):
    ffi, lib = opened
    holder = {}

    def function(x):
        holder.clear()
        gc.collect()
        return x + 1

    holder["callback"] = ffi.callback("int(int)", function)
    address = ffi.cast("int(*)(int)", holder["callback"])
    assert lib.call_int(address, 41) == 42
    assert holder == {}


def test_callable_lives_as_long_as_the_callback(opened):
    ffi, lib = opened

    def function(x):
        return x

    reference = weakref.ref(function)
    callback = ffi.callback("int(int)", function)
    del function
    gc.collect()
    assert lib.call_int(callback, 3) == 3
    del callback
    gc.collect()
    assert reference() is None


def test_cycle_is_collected(opened):
    ffi, _ = opened

    class Holder:
        pass

    holder = Holder()
    holder.callback = ffi.callback("int(int)", lambda x, holder=holder: x)
    reference = weakref.ref(holder)
    del holder
    gc.collect()
    assert reference() is None


def test_kept_by_c(opened):
    ffi, lib = opened
    callback = ffi.callback("int(int)", lambda x: x * 3)
    lib.keep(callback)
    gc.collect()
    assert [lib.call_kept(i) for i in range(5)] == [0, 3, 6, 9, 12]


def test_through_c_and_back(opened):
    ffi, lib = opened
    callback = ffi.callback("int(int)", lambda x: -x)
    back = lib.pass_through(callback)
    assert back == callback
    assert back(5) == -5
    assert lib.pass_through(ffi.NULL) == ffi.NULL


def test_in_a_struct(opened):
    ffi, lib = opened
    ffi.cdef("struct table { int (*f)(int); };")
    callback = ffi.callback("int(int)", lambda x: x + 100)
    table = ffi.new("struct table *", [callback])
    assert table.f(1) == 101
    assert lib.call_int(table.f, 2) == 102


def test_many_callbacks(opened):
    """Trampolines are made and freed."""
    ffi, lib = opened
    for _ in range(3):
        callbacks = [ffi.callback("int(int)", lambda x, i=i: x + i) for i in range(1000)]
        assert [lib.call_int(c, 1) for c in callbacks] == list(range(1, 1001))


@pytest.mark.skipif(
    not (sys.platform == "linux" and platform.machine() == "x86_64"),
    reason="libffi's trampolines are used here",
)
def test_no_memory_is_writable_and_executable(clib):
    """Callbacks work where the kernel refuses such memory."""
    program = f"""
import sys
sys.path[:0] = {[p for p in sys.path if p]!r}
from cffi_core import FFI
ffi = FFI()
ffi.cdef("int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long);")
ffi.cdef("int call_int(int (*f)(int), int x);")
libc = ffi.dlopen(None)
if libc.prctl(65, 1, 0, 0, 0) != 0:  # PR_SET_MDWE: what is written is never executed
    sys.exit("no MDWE")
ffi.cdef("void *mmap(void *, size_t, int, int, int, long);")
assert libc.mmap(ffi.NULL, 4096, 7, 0x22, -1, 0) == ffi.cast("void *", -1)  # it is refused
lib = ffi.dlopen({str(clib)!r})
callbacks = [ffi.callback("int(int)", lambda x, i=i: x + i) for i in range(3000)]
assert [lib.call_int(c, 1) for c in callbacks] == list(range(1, 3001))
with open("/proc/self/maps") as maps:
    assert not [line for line in maps if line.split()[1].startswith("rwx")]
print("ok")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    if done.stderr == "no MDWE\n":
        pytest.skip("this kernel has no PR_SET_MDWE")
    assert done.stdout == "ok\n", done.stderr


def test_more_callbacks_than_trampolines(opened):
    ffi, lib = opened
    callbacks = [ffi.callback("int(int)", lambda x, i=i: x * i) for i in range(3000)]
    assert [lib.call_int(c, 2) for c in callbacks] == list(range(0, 6000, 2))
    del callbacks[::2]
    callbacks += [ffi.callback("int(int)", lambda x, i=i: x * i) for i in range(1500)]
    assert [lib.call_int(c, 1) for c in callbacks] == [*range(1, 3000, 2), *range(1500)]
