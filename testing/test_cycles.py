"""Reference cycles through every kind of object that can be part of one are collected."""

import gc
import sysconfig
import weakref

import pytest

from cffi_core import FFI

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))

ffi = FFI()
ffi.cdef("struct inner { int x; }; struct s { int a; struct inner in; };")


class Node:
    """A cycle leads through one of these."""


def destructor_of(node):
    return lambda *_, node=node: None


def guarded(node):
    return ffi.gc(ffi.new("int[3]"), destructor_of(node))


def handle(node):
    node.handle = ffi.new_handle(node)


def destructor(node):
    node.array = guarded(node)


def destructor_removed(node):
    destructor(node)
    ffi.gc(node.array, None)


def destructor_of_a_destructor(node):
    node.outer = ffi.gc(ffi.gc(ffi.new("struct s *"), lambda p: None), destructor_of(node))
    node.field = ffi.addressof(node.outer, "in")


def callback(node):
    node.callback = ffi.callback("int(int)", destructor_of(node))


def onerror(node):
    node.callback = ffi.callback("int(int)", abs, onerror=destructor_of(node))


def traceback_kept_by_onerror(node):
    node.callback = ffi.callback(
        "int(int)", lambda x: 1 // 0, onerror=lambda *error: setattr(node, "error", error)
    )
    node.callback(1)


def destructor_of_a_callback(node):
    node.callback = ffi.gc(ffi.callback("int(int)", abs), destructor_of(node))


def allocator(node):
    node.new = ffi.new_allocator(destructor_of(node), destructor_of(node))


def what_an_allocator_made(node):
    new = ffi.new_allocator(lambda size: ffi.new("char[]", size), destructor_of(node))
    node.pointer = new("struct s *")
    node.record = node.pointer[0]
    node.array = new("int[3]")


def record_of_an_allocator(node):
    what_an_allocator_made(node)
    del node.pointer, node.array


def from_buffer(node):
    class Memory(bytearray):
        pass

    memory = Memory(b"abcd")
    memory.node = node
    node.cdata = ffi.from_buffer(memory)


def buffer(node):
    node.buffer = ffi.buffer(guarded(node))


def view_of_a_buffer(node):
    node.view = memoryview(ffi.buffer(guarded(node)))


def iterator(node):
    node.iterator = iter(guarded(node))
    next(node.iterator)


def attribute_of_an_ffi(node):
    node.ffi = FFI()
    node.ffi.node = node


def attribute_of_a_subclass(node):
    class Own(FFI):
        pass

    Own.node = node
    node.ffi = Own()


def result_of_init_once(node):
    node.ffi = FFI()
    node.ffi.init_once(lambda: node, "tag")


def included_ffi(node):
    base, node.ffi = FFI(), FFI()
    base.cdef("struct t { int a; };")
    node.ffi.include(base)
    base.node = node


def lib_of_an_ffi(node):
    node.ffi = FFI()
    node.ffi.node = node
    node.ffi.cdef("struct t { int a; }; int abs(int); extern int opterr;")
    node.lib = node.ffi.dlopen(None)
    node.kept = node.lib.abs, node.lib.opterr, node.ffi.new("struct t *")
    node.fields = node.ffi.typeof("struct t").fields


# What free-threaded builds keep until the interpreter ends, with all that it refers to.
IMMORTAL = [
    attribute_of_an_ffi,
    attribute_of_a_subclass,
    result_of_init_once,
    included_ffi,
    lib_of_an_ffi,
]


@pytest.mark.parametrize(
    "make",
    [
        handle,
        destructor,
        destructor_removed,
        destructor_of_a_destructor,
        callback,
        onerror,
        traceback_kept_by_onerror,
        destructor_of_a_callback,
        allocator,
        what_an_allocator_made,
        record_of_an_allocator,
        from_buffer,
        buffer,
        view_of_a_buffer,
        iterator,
        *([] if FREE_THREADED else IMMORTAL),
    ],
)
def test_cycle(make):
    node = Node()
    make(node)
    reference = weakref.ref(node)
    del node
    gc.collect()
    assert reference() is None
