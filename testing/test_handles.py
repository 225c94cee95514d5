"""ffi.new_handle(), ffi.from_handle()."""

import gc
import random
import threading
import weakref

import pytest


class Object:
    pass


def test_there_and_back(ffi):
    o = [1]
    h = ffi.new_handle(o)
    assert ffi.typeof(h) is ffi.typeof("void *")
    assert repr(h) == "<cdata 'void *' handle to [1]>"
    for p in (h, ffi.cast("void *", h), ffi.cast("char *", h), h + 0):
        assert ffi.from_handle(p) is o
    address = int(ffi.cast("uintptr_t", h))
    assert ffi.from_handle(ffi.cast("void *", address)) is o


def test_every_handle_is_new(ffi):
    o = Object()
    handles = [ffi.new_handle(o) for _ in range(100)]
    assert len(set(handles)) == 100
    assert all(ffi.from_handle(h) is o for h in handles)


def test_keeps_alive(ffi):
    o = Object()
    ref = weakref.ref(o)
    h = ffi.new_handle(o)
    del o
    gc.collect()
    assert ffi.from_handle(h) is ref() is not None
    del h
    gc.collect()
    assert ref() is None


def test_stale(ffi):
    h = ffi.new_handle([1])
    p = ffi.cast("void *", h)
    del h
    gc.collect()
    others = [ffi.new_handle(i) for i in range(1000)]
    with pytest.raises(RuntimeError, match="is no live handle"):
        ffi.from_handle(p)
    assert [ffi.from_handle(x) for x in others] == list(range(1000))


@pytest.mark.parametrize(
    ("value", "exception", "message"),
    [
        (lambda ffi: ffi.NULL, RuntimeError, "cannot use from_handle() on NULL pointer"),
        (lambda ffi: 5, TypeError, "expected a 'cdata' object"),
        (lambda ffi: ffi.cast("int", 3), TypeError,
         "expected a 'cdata' object with a 'void *' out of new_handle(), got 'int'"),
        (lambda ffi: ffi.new("int *"), TypeError,
         "expected a 'cdata' object with a 'void *' out of new_handle(), got 'int *'"),
    ],
)
def test_errors(ffi, value, exception, message):
    with pytest.raises(exception) as caught:
        ffi.from_handle(value(ffi))
    assert str(caught.value) == message


def test_many_in_any_order(ffi):
    """The table grows, and keeps what collides with what was removed."""
    live, stale = {}, []
    rng = random.Random(5)
    for i in range(5000):
        live[i] = ffi.new_handle(i)
        if rng.random() < 0.6 and live:
            gone = rng.choice(list(live))
            stale.append(ffi.cast("void *", live.pop(gone)))
    assert all(ffi.from_handle(h) == i for i, h in live.items())
    for p in stale[::50]:
        with pytest.raises(RuntimeError):
            ffi.from_handle(p)


def test_cycles(ffi):
    o = Object()
    o.h = ffi.new_handle(o)
    ref = weakref.ref(o)
    p = ffi.cast("void *", o.h)
    del o
    gc.collect()
    assert ref() is None
    with pytest.raises(RuntimeError):
        ffi.from_handle(p)


def test_threads(ffi):
    failures = []

    def work(n):
        for i in range(500):
            h = ffi.new_handle((n, i))
            if ffi.from_handle(ffi.cast("void *", h)) != (n, i):
                failures.append((n, i))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert failures == []
