"""ffi.gc(), release(), allocators: destructors and when they run."""

import gc
import sys
import threading
import weakref

import pytest
from modes import evaluated

CDEF = "struct pt { int x, y; }; struct fl { int n; int a[]; }; typedef int (*fn)(int);"


class Object:
    pass


@pytest.fixture
def seen():
    return []


def test_called_with_the_original(ffi, seen):
    p = ffi.new("int *", 5)
    g = ffi.gc(p, seen.append)
    assert g == p and g[0] == 5 and seen == []
    assert type(g).__name__ == "__CDataGCP"
    del g
    gc.collect()
    assert seen == [p] and seen[0] is p


@pytest.mark.parametrize("cdecl", ["struct pt *", "int[3]", "int *"])
def test_same_type(ffi, cdecl):
    p = ffi.new(cdecl)
    assert ffi.typeof(ffi.gc(p, id)) is ffi.typeof(cdecl)


def test_lengths_are_kept(ffi):
    a = ffi.gc(ffi.new("int[]", [1, 2, 3]), id)
    assert list(a) == [1, 2, 3] and ffi.sizeof(a) == 12
    p = ffi.gc(ffi.new("struct fl *", [1, [2, 3]]), id)
    assert list(p.a) == [2, 3]


def test_others_than_pointers(ffi, seen):
    ffi.gc(ffi.NULL, seen.append)
    ffi.gc(ffi.cast("int", 3), seen.append)
    s = ffi.gc(ffi.new("struct pt *")[0], seen.append)
    assert repr(s).startswith("<cdata 'struct pt &' 0x")
    f = ffi.gc(ffi.cast("fn", 0), seen.append)
    with pytest.raises(RuntimeError, match="null"):
        f(1)
    del s, f
    gc.collect()
    assert len(seen) == 4


def test_order(ffi, seen):
    inner = ffi.gc(ffi.new("int *"), lambda x: seen.append("inner"))
    outer = ffi.gc(inner, lambda x: seen.append("outer"))
    del inner
    gc.collect()
    assert seen == []
    del outer
    gc.collect()
    assert seen == ["outer", "inner"]


@pytest.mark.parametrize("declare", ["inline"], indirect=True, scope="module")
def test_long_chain(ffi, seen):
    p = ffi.new("int *")
    for _ in range(100_000):
        p = ffi.gc(p, lambda x: seen.append(1))
    del p
    gc.collect()
    assert len(seen) == 100_000


def test_remove(ffi, seen):
    g = ffi.gc(ffi.new("int *", 5), seen.append)
    assert ffi.gc(g, None) is None
    assert g[0] == 5
    del g
    gc.collect()
    assert seen == []
    with pytest.raises(TypeError, match="Can remove destructor only on a object previously"):
        ffi.gc(ffi.new("int *"), None)


def test_size_is_accepted(ffi, seen):
    ffi.gc(ffi.new("int *"), seen.append, 1000)
    ffi.gc(ffi.new("int *"), seen.append, size=-5)
    gc.collect()
    assert len(seen) == 2
    with pytest.raises(TypeError):
        ffi.gc(ffi.new("int *"), seen.append, "x")
    with pytest.raises(TypeError, match=r"gc\(\) argument 1 must be"):
        ffi.gc(5, seen.append)


def test_exceptions_are_reported(ffi, seen, monkeypatch):
    monkeypatch.setattr(sys, "unraisablehook", seen.append)
    for destructor in (lambda x: 1 / 0, 5):
        ffi.gc(ffi.new("int *"), destructor)
        gc.collect()
    assert [u.exc_type for u in seen] == [ZeroDivisionError, TypeError]
    text = "Exception ignored from callback for ffi.gc <cdata 'int *' owning 4 bytes>"
    assert [u.err_msg for u in seen] == [text, text]


def test_pending_exception_survives(ffi, seen):
    def use():
        g = ffi.gc(ffi.new("int *"), seen.append)
        raise KeyError(str(g))

    with pytest.raises(KeyError):
        use()
    gc.collect()
    assert len(seen) == 1


def test_resurrection(ffi, seen):
    kept = []
    holder = Object()

    def destructor(x):
        kept.append(holder.__dict__.pop("g", None))

    g = ffi.gc(ffi.new("int *", 7), destructor)
    holder.g = g
    del g
    del holder.g
    gc.collect()
    assert kept == [None]


def test_cycles(ffi, seen):
    o = Object()
    o.g = ffi.gc(ffi.new("int *"), lambda x, o=o: seen.append(1))
    assert gc.is_tracked(o.g)
    ref = weakref.ref(o)
    del o
    gc.collect()
    assert seen == [1] and ref() is None


class TestRelease:
    def test_gc(self, ffi, seen):
        g = ffi.gc(ffi.new("int *", 5), seen.append)
        ffi.release(g)
        assert len(seen) == 1 and g[0] == 5
        ffi.release(g)
        del g
        gc.collect()
        assert len(seen) == 1

    def test_with(self, ffi, seen):
        with ffi.gc(ffi.new("int *", 5), seen.append) as g:
            assert g[0] == 5 and seen == []
        assert len(seen) == 1

    def test_new(self, ffi):
        p = ffi.new("struct pt *", [1, 2])
        ffi.release(p)
        assert p.x == 1
        with ffi.new("int[3]") as a:
            assert len(a) == 3

    @pytest.mark.parametrize(
        "cdata",
        ["ffi.NULL", "ffi.cast('int', 3)", "ffi.new('int[3]')[0:1]", "ffi.new('struct pt *')[0]",
         "ffi.new_handle(5)", "ffi.cast('fn', 8)"],
    )
    def test_nothing_to_release(self, ffi, cdata):
        cdata = evaluated(ffi, cdata)
        for function in (ffi.release, type(cdata).__enter__):
            with pytest.raises(ValueError, match=r"only 'cdata' object from ffi\.new\(\)"):
                function(cdata)

    def test_no_cdata(self, ffi):
        with pytest.raises(TypeError, match="expected a 'cdata' object"):
            ffi.release(5)

    def test_one_of_many_threads_runs_the_destructor(self, ffi, seen):
        for _ in range(50):
            g = ffi.gc(ffi.new("int *"), seen.append)
            threads = [threading.Thread(target=ffi.release, args=(g,)) for _ in range(4)]
            for t in threads:
                t.start()
            for t in threads:
                t.join()
        assert len(seen) == 50


class TestAllocator:
    def make(self, ffi, seen, **options):
        def alloc(size):
            seen.append(size)
            return ffi.new("char[]", b"\xaa" * size)

        return ffi.new_allocator(alloc, seen.append, **options)

    def test_default(self, ffi):
        new = ffi.new_allocator()
        assert new("int *", 5)[0] == 5
        assert repr(new("int[]", 5)) == "<cdata 'int[]' owning 20 bytes>"
        assert new(cdecl="int *", init=3)[0] == 3

    def test_memory_of_its_own_that_is_not_cleared(self, ffi):
        clear, new = ffi.new_allocator(), ffi.new_allocator(should_clear_after_alloc=False)
        found = 0
        for n in range(100):
            kept, given = clear("int[]", n + 200), new("int[]", n + 200)
            assert not any(kept)
            found += any(given)
            kept[0:200] = given[0:200] = [-1] * 200
        assert found
        assert ffi.string(new("char *", b"x")) == b"x"

    def test_memory(self, ffi, seen):
        new = self.make(ffi, seen)
        p = new("int *")
        assert seen == [4] and p[0] == 0
        del p
        gc.collect()
        assert len(seen) == 2 and ffi.typeof(seen[1]) is ffi.typeof("char[]")

    def test_one_character_ends(self, ffi, seen):
        new = self.make(ffi, seen, should_clear_after_alloc=False)
        assert ffi.string(new("char *", b"x")) == b"x"

    def test_arrays(self, ffi, seen):
        a = self.make(ffi, seen)("int[]", [1, 2, 3])
        assert seen == [12] and list(a) == [1, 2, 3]
        ffi.release(a)
        assert len(seen) == 2

    def test_records(self, ffi, seen):
        p = self.make(ffi, seen)("struct pt *", [1, 2])
        assert repr(p) == "<cdata 'struct pt *' owning 8 bytes>"
        s = p[0]
        del p
        gc.collect()
        assert seen == [8] and (s.x, s.y) == (1, 2)
        del s
        gc.collect()
        assert len(seen) == 2

    def test_release(self, ffi, seen):
        with self.make(ffi, seen)("struct pt *", [1, 2]) as p:
            assert p.x == 1
        assert len(seen) == 2

    def test_flexible(self, ffi, seen):
        p = self.make(ffi, seen)("struct fl *", [1, [2, 3]])
        assert seen == [12] and list(p.a) == [2, 3]

    def test_not_cleared(self, ffi, seen):
        p = self.make(ffi, seen, should_clear_after_alloc=False)("unsigned char *")
        assert p[0] == 0xAA

    def test_failed_initializer_frees(self, ffi, seen):
        with pytest.raises(TypeError):
            self.make(ffi, seen)("struct pt *", [1, "x"])
        gc.collect()
        assert len(seen) == 2

    @pytest.mark.parametrize(
        ("alloc", "exception", "message"),
        [
            ("lambda n: ffi.NULL", MemoryError, "alloc() returned NULL"),
            ("lambda n: None", TypeError, "alloc() must return a cdata object (got NoneType)"),
            ("lambda n: ffi.cast('int', n)", TypeError,
             "alloc() must return a cdata pointer, not 'int'"),
            ("lambda n: ffi.new('char[]', 1)", ValueError,
             "alloc() returned 1 bytes, but 4 are needed"),
            ("lambda n: 1 / 0", ZeroDivisionError, "division by zero"),
        ],
    )
    def test_bad_alloc(self, ffi, alloc, exception, message):
        with pytest.raises(exception) as caught:
            ffi.new_allocator(evaluated(ffi, alloc))("int *")
        assert str(caught.value) == message

    def test_arguments(self, ffi):
        with pytest.raises(TypeError, match="cannot pass 'free' without 'alloc'"):
            ffi.new_allocator(free=id)
        with pytest.raises(TypeError, match="missing required argument 'cdecl'"):
            ffi.new_allocator()()
        with pytest.raises(TypeError, match="expected a pointer or array ctype, got 'int'"):
            ffi.new_allocator(lambda n: ffi.NULL)("int")

    def test_cycle(self, ffi, seen):
        o = Object()
        o.new = ffi.new_allocator(lambda n, o=o: ffi.new("char[]", n), lambda p, o=o: None)
        o.p = o.new("struct pt *")
        ref = weakref.ref(o)
        del o
        gc.collect()
        assert ref() is None
