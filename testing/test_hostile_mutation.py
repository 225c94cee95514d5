"""Objects that change what is being converted: lists that shrink, buffers and libraries that go in
the middle of it, destructors that resurrect, functions that come back to where they were called."""

import gc
import shutil
import sys
import weakref

import pytest

from cffi_core import FFI, CDefError

MIDWAY = "raised midway"


class Act:
    """A number, or a value of another kind, that does something when it is asked for."""

    def __init__(self, act, value=1):
        self.act, self.value = act, value

    def __int__(self):
        self.act()
        return self.value

    __index__ = __int__

    def __float__(self):
        self.act()
        return float(self.value)

    def __complex__(self):
        self.act()
        return complex(self.value)


def fail():
    raise ZeroDivisionError(MIDWAY)


@pytest.fixture
def ffi():
    ffi = FFI()
    ffi.cdef("""
        struct in { int a, b; };
        struct s { int a; struct in in; short items[4]; double d; int bits : 5; void *p; };
        struct flex { int n; int items[]; };
        union u { int i; double d; };
    """)
    return ffi


# ---- lists and dictionaries ---------------------------------------------------------------------

# A type, and how a list of it looks that has one value in the middle.
LISTS = [
    ("int[]", lambda x: [1, x, 3, 4]),
    ("int[4]", lambda x: [1, x, 3, 4]),
    ("double[]", lambda x: [1.0, x, 2.0]),
    ("long double[]", lambda x: [1.0, x, 2.0]),
    ("double _Complex[]", lambda x: [1.0, x, 2.0]),
    ("__int128[]", lambda x: [1, x, 2]),
    ("struct s *", lambda x: [1, [x, 2], [1, 2, 3, 4], 2.0]),
    ("struct s *", lambda x: [1, [1, 2], [1, x, 3, 4], 2.0, 1]),
    ("struct s[]", lambda x: [[1], [x], [3]]),
    ("struct flex *", lambda x: [x, [1, 2, 3]]),
    ("struct flex *", lambda x: [1, [1, x, 3]]),
    ("int[2][2]", lambda x: [[1, x], [3, 4]]),
    ("union u *", lambda x: [x]),
]


def within(lists, value):
    """The list in lists, at any depth, that holds value."""
    if any(x is value for x in lists):
        return lists
    inner = (within(x, value) for x in lists if isinstance(x, list))
    return next(filter(None, inner), None)


@pytest.mark.parametrize("change", ["clear", "grow", "replace", "fail"])
@pytest.mark.parametrize(("cdecl", "make"), LISTS)
def test_a_list_changes_while_it_is_read(ffi, cdecl, make, change):
    value = Act(lambda: act())
    whole = make(value)
    inner = within(whole, value)
    changes = {
        "clear": lambda: (inner.clear(), whole.clear()),
        "grow": lambda: inner.extend(range(1000)),
        "replace": lambda: inner.__setitem__(slice(None), ["x"] * len(inner)),
        "fail": fail,
    }
    act = changes[change]
    for _ in range(3):
        try:
            ffi.new(cdecl, whole)
        except (IndexError, TypeError, ValueError) as error:
            assert change != "fail", error
        except ZeroDivisionError as error:
            assert change == "fail" and str(error) == MIDWAY


def test_a_dictionary_changes_while_it_is_read(ffi):
    for act in (
        lambda d: d.clear(),
        lambda d: d.update(zz=1, in_=2),
        lambda d: d.update({str(i): i for i in range(1000)}),
        lambda d: d.pop("d"),
    ):
        init = {"a": None, "in": {"b": 3}, "d": 2.5}
        init["a"] = Act(lambda init=init, act=act: act(init), 7)
        p = ffi.new("struct s *", init)
        assert (p.a, getattr(p, "in").b, p.d) == (7, 3, 2.5)  # what was there at the beginning


class Key(str):
    """A key of a field whose comparison and hash are hostile."""

    def __new__(cls, text, act):
        self = super().__new__(cls, text)
        self.act = act
        return self

    def __eq__(self, other):
        self.act()
        return str.__eq__(self, other)

    def __hash__(self):
        self.act()
        return str.__hash__(self)


def test_keys_that_are_no_plain_strings(ffi):
    assert ffi.new("struct s *", {Key("a", int): 3}).a == 3
    armed = []
    init = {Key("a", lambda: armed and fail()): 3}
    armed.append(1)
    try:
        assert ffi.new("struct s *", init).a == 3
    except ZeroDivisionError as error:
        assert str(error) == MIDWAY
    for key in (1, None, b"a", (), 2.5, "\ud800", "a\0", "", object()):
        with pytest.raises((KeyError, UnicodeEncodeError)):
            ffi.new("struct s *", {key: 1})
        with pytest.raises((KeyError, UnicodeEncodeError)):
            ffi.new("struct s[1]", [{"a": 1, key: 1}])


class Lengths(list):
    def __len__(self):
        return 10**6


class Items(tuple):
    __slots__ = ()

    def __iter__(self):
        fail()

    def __getitem__(self, i):
        fail()


def test_subclasses_that_lie_about_themselves(ffi):
    """What C code reads is the list or tuple inside."""
    assert list(ffi.new("int[]", Lengths([1, 2]))) == [1, 2]
    assert list(ffi.new("int[]", Items((1, 2)))) == [1, 2]
    assert ffi.new("struct s *", Items((1, [2]))).a == 1
    with pytest.raises(IndexError, match="too many initializers"):
        ffi.new("int[2]", Items(range(3)))
    with pytest.raises(IndexError, match="too many initializers"):
        ffi.new("int[2]", tuple(range(100_000)))
    with pytest.raises(ValueError, match="too many initializers"):
        ffi.new("struct s *", tuple(range(100_000)))


def test_iterables_of_slices(ffi):
    p = ffi.new("int[6]", list(range(6)))

    def raising():
        yield 10
        fail()

    with pytest.raises(ZeroDivisionError, match=MIDWAY):
        p[0:3] = raising()
    assert list(p) == [10, 1, 2, 3, 4, 5]
    with pytest.raises(ValueError, match="need 3 values to unpack, got 2"):
        p[0:3] = iter([1, 2])
    with pytest.raises(ValueError, match="got more than 3"):
        p[0:3] = iter(int, 1)  # without end
    p[0:6] = p  # onto itself
    p[0:3] = p[1:4]
    with pytest.raises(ZeroDivisionError):
        p[0 : Act(fail)]
    with pytest.raises(ZeroDivisionError):
        p[Act(fail) : 3] = [1, 2, 3]
    for bad in (slice(3, 1), slice(0, 7), slice(-1, 3), slice(0, 3, 1), slice(None, 3), slice(0)):
        with pytest.raises(IndexError):
            p[bad]
    for bad in (slice("a", 3), slice(0, 2.5), slice([], {})):
        with pytest.raises(TypeError):
            p[bad]
    with pytest.raises(OverflowError):
        p[0 : 2**70]


def test_recursion_of_values(ffi):
    loop = []
    loop.append(loop)
    for cdecl in ("int[]", "struct s *", "int[1][1]", "struct s[1]", "struct flex *", "union u *"):
        with pytest.raises((TypeError, IndexError, ValueError)):
            ffi.new(cdecl, loop)
    around = {}
    around["in"] = around
    with pytest.raises((KeyError, TypeError)):
        ffi.new("struct s *", around)

    class Repr:
        def __repr__(self):
            return repr(self.handle)

    again = Repr()
    again.handle = ffi.new_handle(again)
    with pytest.raises(RecursionError):
        repr(again.handle)
    again.handle = None


# ---- buffers ------------------------------------------------------------------------------------


def released_by(use, cdecl):
    """Runs use(ffi, p, act) where act() releases p and lets the memory under it go."""
    ffi = FFI()
    memory = bytearray(4096)

    def act():
        ffi.release(p)
        try:
            memory[:] = b""
        except BufferError:
            pass  # the memory is held until it is no longer used

    p = ffi.from_buffer(cdecl, memory)
    try:
        use(ffi, p, act)
    except (RuntimeError, ValueError, IndexError, TypeError, BufferError):
        pass


class Exporter:
    """bytes, by a __buffer__ of Python's (3.12) that acts first."""

    def __init__(self, act):
        self.act = act

    def __buffer__(self, flags):
        self.act()
        return memoryview(b"abcd")


USES = {
    "index": lambda ffi, p, act: p[Act(act)],
    "index, written": lambda ffi, p, act: p.__setitem__(Act(act), 5),
    "value": lambda ffi, p, act: p.__setitem__(500, Act(act)),
    "slice": lambda ffi, p, act: p[Act(act) : 900],
    "slice's end": lambda ffi, p, act: p[0 : Act(act, 900)],
    "slice, written": lambda ffi, p, act: p.__setitem__(
        slice(0, 900), (Act(act) for i in range(900))
    ),
    "generator": lambda ffi, p, act: p.__setitem__(slice(0, 900), (act() or i for i in range(900))),
    "buffer": lambda ffi, p, act: ffi.buffer(p)[Act(act)],
    "buffer, written": lambda ffi, p, act: ffi.buffer(p).__setitem__(Act(act), b"x"),
    "buffer's slice": lambda ffi, p, act: ffi.buffer(p)[Act(act) : 900],
    "buffer's value": lambda ffi, p, act: ffi.buffer(p).__setitem__(slice(0, 4), Exporter(act)),
    "buffer's size": lambda ffi, p, act: bytes(ffi.buffer(p, Act(act, 900))),
    "memmove": lambda ffi, p, act: ffi.memmove(p, b"x" * 900, Act(act, 900)),
    "memmove, from": lambda ffi, p, act: ffi.memmove(bytearray(900), p, Act(act, 900)),
    "memmove, exporter": lambda ffi, p, act: ffi.memmove(p, Exporter(act), 4),
    "string": lambda ffi, p, act: ffi.string(p, Act(act, 900)),
    "unpack": lambda ffi, p, act: ffi.unpack(p, Act(act, 900)),
    "new": lambda ffi, p, act: ffi.new("int[]", [Act(act), p]),
    "addressof": lambda ffi, p, act: ffi.addressof(p, Act(act)),
    "gc": lambda ffi, p, act: (q := ffi.gc(p, id), act(), q[700], q.__setitem__(700, 1)),
    "a buffer before": lambda ffi, p, act: (b := ffi.buffer(p), act(), b[:], bytes(b), b == b""),
    "a memoryview before": lambda ffi, p, act: (b := memoryview(ffi.buffer(p)), act(), bytes(b)),
    "an iterator before": lambda ffi, p, act: (i := iter(p), next(i), act(), list(i)),
    "compared": lambda ffi, p, act: (act(), p == p, p < p, hash(p), repr(p), bool(p), len(p)),
    "read later": lambda ffi, p, act: (act(), p[700]),
    "written later": lambda ffi, p, act: (act(), p.__setitem__(700, 1)),
    "moved later": lambda ffi, p, act: (act(), ffi.memmove(p, b"abcd", 4)),
    "buffer later": lambda ffi, p, act: (act(), bytes(ffi.buffer(p, 4))),
    "released again": lambda ffi, p, act: (act(), ffi.release(p), p.__enter__()),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_buffer_is_released_while_it_is_used(use):
    for cdecl in ("int[]", "char[]", "short *", "wchar_t[]"):
        released_by(use, cdecl)


def test_a_released_buffer_stays_locked_while_it_is_used():
    ffi = FFI()
    memory = bytearray(b"abcd")
    p = ffi.from_buffer(memory)
    view = ffi.buffer(p)
    ffi.release(p)
    with pytest.raises(ValueError, match="has been released"):
        p[0]
    assert view[:] == b"abcd"
    with pytest.raises(BufferError):
        memory += b"more"
    del view
    memory += b"more"
    p = ffi.from_buffer(memory)
    q = ffi.gc(p, lambda p: None)
    ffi.release(p)
    assert q[0] == b"a"
    with pytest.raises(BufferError):
        memory.clear()
    del q
    memory.clear()


def test_a_field_is_written_while_its_buffer_goes():
    ffi = FFI()
    ffi.cdef("struct s { int a; double d; int b : 3; struct { int x, y; } in; int last[3]; };")
    for field, value in (("a", 1), ("d", 1), ("b", 1), ("in", "list"), ("last", "list")):
        memory = bytearray(4096)
        p = ffi.from_buffer("struct s *", memory)

        def act(p=p, memory=memory):
            ffi.release(p)
            with pytest.raises(BufferError):
                memory.clear()

        x = Act(act, value if value == 1 else 2)
        setattr(p, field, x if value == 1 else [1, x])
        memory.clear()
        with pytest.raises(RuntimeError, match="null pointer"):
            setattr(p, field, 1)
        with pytest.raises(RuntimeError, match="null pointer"):
            getattr(p, field)


def test_a_buffer_goes_while_a_call_has_it(clib, backend):
    ffi = FFI()
    ffi.cdef("void *echo_ptr(void *); long ints_6(int *, long, long, long, long, long);")
    lib = ffi.dlopen(str(clib))
    memory = bytearray(4096)
    p = ffi.from_buffer("int[]", memory)

    def act():
        ffi.release(p)
        with pytest.raises(BufferError):
            memory.clear()

    lib.ints_6(p, Act(act), 0, 0, 0, 0)
    memory.clear()  # after the call it goes
    with pytest.raises(ValueError, match="has been released"):
        lib.echo_ptr(p)
    many = [ffi.from_buffer(bytearray(8)) for i in range(100)]
    assert [lib.echo_ptr(x) == x for x in many] == [True] * 100


def test_memory_that_is_null():
    """A pointer that is NULL has no items, no slices and no bytes."""
    ffi = FFI()
    null = ffi.cast("int *", 0)
    for use in (
        lambda: null[0], lambda: null[5], lambda: null[0:3], lambda: null[3:5],
        lambda: null.__setitem__(3, 1), lambda: null.__setitem__(slice(0, 1), [1]),
        lambda: ffi.buffer(null), lambda: ffi.buffer(null, 1), lambda: ffi.unpack(null, 1),
        lambda: ffi.memmove(null, b"abcd", 4), lambda: ffi.string(ffi.cast("char *", 0)),
    ):  # fmt: skip
        with pytest.raises(RuntimeError, match=r"null pointer|cannot use .*NULL"):
            use()
    assert len(ffi.buffer(null, 0)) == 0
    assert len(null[0:0]) == 0
    ffi.memmove(null, b"", 0)
    a = ffi.new("int[3]", [1, 2, 3])
    a[0:0] = null[0:0]


# ---- files --------------------------------------------------------------------------------------


class Forgetful:
    """A file that keeps no FILE: nothing that is set can be got."""

    mode = "w"

    def __init__(self, file):
        object.__setattr__(self, "file", file)

    def fileno(self):
        return self.file.fileno()

    def flush(self):
        pass

    def __setattr__(self, name, value):
        pass


def test_a_file_that_keeps_no_attribute(tmp_path):
    ffi = FFI()
    ffi.cdef("int fputs(const char *, FILE *); int fprintf(FILE *, const char *, ...);")
    lib = ffi.dlopen(None)
    with open(tmp_path / "file", "w") as file:
        for _ in range(3):
            assert lib.fputs(b"abc", Forgetful(file)) >= 0
            assert lib.fprintf(Forgetful(file), b"%d", ffi.cast("int", 42)) == 2
    assert (tmp_path / "file").read_text() == "abc42" * 3
    for broken in (Forgetful(None), Forgetful(3)):
        with pytest.raises(AttributeError):
            lib.fputs(b"abc", broken)


# ---- libraries ----------------------------------------------------------------------------------


@pytest.fixture
def own(clib, tmp_path):
    """(ffi, lib) of a copy of the tests' library: closing it takes it out of memory."""
    path = shutil.copy(clib, tmp_path / "own.so")
    ffi = FFI()
    ffi.cdef("""
        extern int counter, five[5];  int add(int a, int b);  extern double _Complex nothing;
        struct point { int x, y; };  extern struct point origin;  void *echo_ptr(void *);
        double mixed_6(int a, double b, long c, float d, signed char e, double f);
        int meet_variadic(int *flags, ...);  long double echo_ldouble(long double);
        long ints_7(long a, long b, long c, long d, long e, long f, long g);
    """)
    return ffi, ffi.dlopen(str(path))


CALLS = {
    "add": lambda lib, x: lib.add(1, x),
    "add, first": lambda lib, x: lib.add(x, 1),
    "mixed": lambda lib, x: lib.mixed_6(1, 2.0, 3, 1.0, 5, x),
    "seven": lambda lib, x: lib.ints_7(1, 2, 3, 4, 5, 6, x),
    "long double": lambda lib, x: lib.echo_ldouble(x),
    "list": lambda lib, x: lib.meet_variadic([x]),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_library_is_closed_while_its_function_is_called(own, backend, call):
    ffi, lib = own
    with pytest.raises(ValueError, match="has already been closed"):
        call(lib, Act(lambda: ffi.dlclose(lib)))


def test_a_library_is_closed_while_its_variable_is_written(own):
    ffi, lib = own
    lib.counter = Act(lambda: ffi.dlclose(lib), 77)
    with pytest.raises(ValueError, match="has already been closed"):
        lib.counter = 3
    ffi.dlclose(lib)


@pytest.mark.parametrize("name", ["five", "origin"])
def test_a_library_is_closed_while_its_array_is_written(own, name):
    ffi, lib = own
    setattr(lib, name, [1, Act(lambda: ffi.dlclose(lib))])
    with pytest.raises(ValueError, match="has already been closed"):
        getattr(lib, name)


# ---- destructors --------------------------------------------------------------------------------


def test_destructors_that_resurrect(ffi):
    kept = []

    class Cycle:
        pass

    for _ in range(3):
        p = ffi.new("int *", 5)
        q = ffi.gc(p, kept.append)  # keeps the origin
        del p, q
        assert kept.pop()[0] == 5
        cycle = Cycle()
        cycle.q = ffi.gc(ffi.new("int *"), lambda p, cycle=cycle: kept.append(cycle))
        cycle.handle = ffi.new_handle(cycle)
        del cycle
        gc.collect()
        (again,) = kept
        ffi.release(again.q)  # its destructor has run, and runs no second time
        assert len(kept) == 1
        assert again.q[0] == 0
        assert ffi.from_handle(again.handle) is again
        again = None
        kept.clear()
        gc.collect()


def test_destructors_that_come_back(ffi, monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "unraisablehook", lambda problem: seen.append(problem.exc_value))
    p = ffi.new("int *")
    q = ffi.gc(p, lambda p: (ffi.release(q), ffi.gc(q, None), seen.append("ran")))
    ffi.release(q)
    assert seen == ["ran"]
    seen.clear()
    for bad in (fail, 3, None.__class__, "text", lambda: None):
        q = ffi.gc(p, bad)
        ffi.release(q)
        ffi.release(q)
    assert len(seen) == 5 and not any(isinstance(x, SystemError) for x in seen)
    deep = p
    for _ in range(100_000):  # a chain: each is the origin of the next
        deep = ffi.gc(deep, int.__class__)
    del deep
    gc.collect()
    weak = weakref.ref(p, lambda ref: ffi.new("int[10]"))
    p = q = None
    gc.collect()
    assert weak() is None


def test_handles_whose_objects_end_them(ffi):
    class Object:
        def __del__(self):
            handles.clear()
            gc.collect()

    handles = [ffi.new_handle(Object()) for i in range(5)]
    numbers = [int(ffi.cast("long", h)) for h in handles]
    handles.clear()
    for number in numbers:
        with pytest.raises(RuntimeError, match="no live handle"):
            ffi.from_handle(ffi.cast("void *", number))


def test_allocators_that_lie(ffi, monkeypatch):
    monkeypatch.setattr(sys, "unraisablehook", lambda problem: None)
    small = ffi.new("char[2]")
    freed = []

    def make(alloc, free=None):
        return ffi.new_allocator(alloc, free)

    cases = [
        (lambda n: None, TypeError, "must return a cdata object"),
        (lambda n: 3, TypeError, "must return a cdata object"),
        (lambda n: ffi.cast("int", 3), TypeError, "must return a cdata pointer"),
        (lambda n: ffi.NULL, MemoryError, "returned NULL"),
        (lambda n: small, ValueError, "returned 2 bytes, but 8 are needed"),
        (lambda n: fail(), ZeroDivisionError, MIDWAY),
        (lambda: small, TypeError, "positional argument"),
        (3, TypeError, "not callable"),
    ]
    for alloc, error, message in cases:
        with pytest.raises(error, match=message):
            make(alloc, freed.append)("double *", 3)
    assert freed == []
    init = [1, 2, 3, 4]
    shrinking = make(lambda n: (init.clear(), ffi.new("char[]", n))[1])
    assert list(shrinking("int[]", init)) == [0] * 4
    init = [1]
    growing = make(lambda n: (init.extend(range(1000)), ffi.new("char[]", n))[1])
    with pytest.raises(IndexError, match="too many"):
        growing("int[]", init)
    memory = bytearray(64)

    def locked(n):
        return ffi.from_buffer("char[]", memory)

    new = make(locked, lambda p: freed.append(p) or fail())
    p = new("int[16]", list(range(16)))
    assert p[15] == 15
    memory.extend(b"") if freed else None


# ---- coming back --------------------------------------------------------------------------------


def test_declarations_in_the_middle_of_a_conversion():
    ffi = FFI()
    ffi.cdef("struct later; struct s { struct later *p; int a; };")

    def act():
        ffi.cdef("struct later { int x; };")
        ffi.cdef("struct s { int b; };", override=True)
        with pytest.raises(CDefError):
            ffi.cdef("int (")

    p = ffi.new("struct s *", {"a": Act(act, 7)})
    assert p.a == 7 and not hasattr(p, "b")
    assert ffi.new("struct s *").b == 0
    assert ffi.new("struct later *").x == 0


def test_callbacks_that_come_back(clib, monkeypatch):
    problems = []
    monkeypatch.setattr(sys, "unraisablehook", lambda problem: problems.append(problem.exc_type))
    ffi = FFI()
    ffi.cdef("int call_int(int (*f)(int), int x); typedef int unary(int);")
    lib = ffi.dlopen(str(clib))
    deep = ffi.callback("unary", lambda n: lib.call_int(deep, n - 1) + 1 if n else 0)
    assert lib.call_int(deep, 50) == 50
    lib.call_int(deep, 10**6)  # ends where Python's recursion does
    assert set(problems) <= {RecursionError}  # where there is room left for the hook
    problems.clear()

    def replacing(n):
        nonlocal gone
        gone = None
        gc.collect()
        return n + 1

    gone = ffi.callback("unary", replacing)
    assert lib.call_int(gone, 3) == 4
    itself = ffi.callback("unary", deep)
    assert lib.call_int(itself, 2) == 2
    assert not problems


def test_init_once_within_itself(ffi):
    """Another tag may be asked for; the same one would wait for itself."""
    assert ffi.init_once(lambda: ffi.init_once(lambda: 5, "inner"), "outer") == 5
    with pytest.raises(ZeroDivisionError):
        ffi.init_once(fail, "failing")
    assert ffi.init_once(lambda: 6, "failing") == 6
