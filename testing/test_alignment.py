"""Memory from new() is aligned as the type asks, above 16 bytes too."""

import pytest

from cffi_core import FFI

ffi = FFI()
ffi.cdef("""
    typedef float v4 __attribute__((vector_size(16)));
    typedef float v8 __attribute__((vector_size(32)));
    struct a64 { char c; int i __attribute__((aligned(64))); };
    struct a4096 { _Alignas(4096) char c; };
    struct flex { int n; char pad; int items[] __attribute__((aligned(32))); };
""")


def address(cdata) -> int:
    return int(ffi.cast("uintptr_t", cdata))


@pytest.mark.parametrize(
    "cdecl",
    ["char *", "short *", "int *", "double *", "long double *", "__int128 *", "double _Complex *",
     "v4 *", "v8 *", "struct a64 *", "struct a4096 *", "struct a64[3]", "v8[5]", "long double[7]",
     "struct a4096[2]"],
)
def test_new(cdecl):
    align = ffi.alignof(ffi.typeof(cdecl).item)
    kept = []
    for i in range(100):
        p = ffi.new(cdecl)
        kept.append((p, ffi.new("char[]", i)))
        assert address(p) % align == 0
        assert set(ffi.buffer(p)[:]) <= {0}


def test_neighbours():
    """Aligned memory lies inside its object: writing all of it hurts no other."""
    objects = [ffi.new("struct a64 *") for _ in range(50)]
    for i, p in enumerate(objects):
        ffi.buffer(p)[:] = bytes([i]) * ffi.sizeof("struct a64")
    for i, p in enumerate(objects):
        assert ffi.buffer(p)[:] == bytes([i]) * ffi.sizeof("struct a64")


def test_views_of_aligned_records():
    p = ffi.new("struct a4096 *", [b"x"])
    s = p[0]
    assert address(ffi.addressof(s)) == address(p)
    del p
    assert s.c == b"x" and repr(s) == "<cdata 'struct a4096' owning 4096 bytes>"


def test_values():
    for name in ("long double", "__int128", "double _Complex"):
        x = ffi.cast(name, 5)
        assert int(complex(x).real if "Complex" in name else x) == 5


def test_flexible_array():
    p = ffi.new("struct flex *", [1, b"x", [1, 2, 3]])
    assert address(p.items) % 32 == 0 and list(p.items) == [1, 2, 3]
