"""Memory from new() is aligned as the type asks, above 16 bytes too."""

import pytest

from cffi_core import FFI

CDEF = """
    typedef float v4 __attribute__((vector_size(16)));
    typedef float v8 __attribute__((vector_size(32)));
    struct a64 { char c; int i __attribute__((aligned(64))); };
    struct a4096 { _Alignas(4096) char c; };
    struct flex { int n; char pad; int items[] __attribute__((aligned(32))); };
"""


def address(ffi, cdata) -> int:
    return int(ffi.cast("uintptr_t", cdata))


@pytest.mark.parametrize(
    "cdecl",
    ["char *", "short *", "int *", "double *", "long double *", "__int128 *", "double _Complex *",
     "v4 *", "v8 *", "struct a64 *", "struct a4096 *", "struct a64[3]", "v8[5]", "long double[7]",
     "struct a4096[2]"],
)
def test_new(ffi, cdecl):
    align = ffi.alignof(ffi.typeof(cdecl).item)
    kept = []
    for i in range(100):
        p = ffi.new(cdecl)
        kept.append((p, ffi.new("char[]", i)))
        assert address(ffi, p) % align == 0
        assert set(ffi.buffer(p)[:]) <= {0}


def test_neighbours(ffi):
    """Aligned memory lies inside its object: writing all of it hurts no other."""
    objects = [ffi.new("struct a64 *") for _ in range(50)]
    for i, p in enumerate(objects):
        ffi.buffer(p)[:] = bytes([i]) * ffi.sizeof("struct a64")
    for i, p in enumerate(objects):
        assert ffi.buffer(p)[:] == bytes([i]) * ffi.sizeof("struct a64")


def test_views_of_aligned_records(ffi):
    p = ffi.new("struct a4096 *", [b"x"])
    s = p[0]
    assert address(ffi, ffi.addressof(s)) == address(ffi, p)
    del p
    assert s.c == b"x" and repr(s) == "<cdata 'struct a4096' owning 4096 bytes>"


def test_values(ffi):
    for name in ("long double", "__int128", "double _Complex"):
        x = ffi.cast(name, 5)
        assert int(complex(x).real if "Complex" in name else x) == 5


def test_flexible_array(ffi):
    p = ffi.new("struct flex *", [1, b"x", [1, 2, 3]])
    assert address(ffi, p.items) % 32 == 0 and list(p.items) == [1, 2, 3]


TYPEDEFS = """
    typedef int a64 __attribute__((aligned(64)));
    typedef struct { int x; } s;
    typedef s s128 __attribute__((aligned(128)));
    typedef char line[64] __attribute__((aligned(64)));
    typedef const a64 c64;
    typedef struct late L __attribute__((aligned(64)));
    typedef L L2;
    typedef int low __attribute__((aligned(1)));
    struct late { int a; };
    struct user { char c; L2 l; };
"""


@pytest.mark.parametrize(
    ("cdecl", "align"),
    [("a64 *", 64), ("s128 *", 128), ("line", 64), ("line[3]", 64), ("line *", 64), ("c64 *", 64),
     ("L *", 64), ("L2 *", 64), ("low *", 4), ("a64 **", 8)],
)  # fmt: skip
def test_new_of_an_aligned_typedef(declare, cdecl, align):
    """The ctype is shared by all typedefs of a type; the type string says what it asks for."""
    ffi = declare(TYPEDEFS)
    for new in ffi.new, ffi.new_allocator():
        kept = [new(cdecl) for _ in range(100)]
        for p in kept:
            assert address(ffi, p) % align == 0
            assert set(ffi.buffer(p)[:]) <= {0}
    assert ffi.typeof("a64 *") is ffi.typeof("int *")


def test_alignment_waits_for_completion():
    """gcc: _Alignof(L2) 64, struct user 64 + 64, l at 64."""
    ffi = FFI()
    ffi.cdef("typedef struct late L __attribute__((aligned(64)));")
    with pytest.raises(TypeError):
        ffi.new("L *")
    ffi.cdef("typedef L L2; struct late { int a; }; struct user { char c; L2 l; };")
    assert (ffi.alignof("L"), ffi.alignof("L2"), ffi.sizeof("L")) == (64, 64, 4)
    assert (ffi.sizeof("struct user"), ffi.offsetof("struct user", "l")) == (128, 64)
    assert all(address(ffi, ffi.new("L *")) % 64 == 0 for _ in range(50))
    other = FFI()
    other.include(ffi)
    other.cdef("struct more { char c; L2 l; };")
    assert (other.alignof("L2"), other.offsetof("struct more", "l")) == (64, 64)


def test_no_array_of_what_is_aligned_beyond_its_size():
    ffi = FFI()
    with pytest.raises(ffi.error, match="no divisor of its size"):
        ffi.cdef(TYPEDEFS + "struct array { char c; L2 l[2]; };")


def test_override_forgets_the_alignment():
    ffi = FFI()
    ffi.cdef("typedef int t __attribute__((aligned(256)));")
    assert all(address(ffi, ffi.new("t *")) % 256 == 0 for _ in range(50))
    ffi.cdef("typedef int t;", override=True)
    assert any(address(ffi, ffi.new("t *")) % 256 != 0 for _ in range(50))


@pytest.mark.parametrize(
    ("body", "size", "align"),
    [("char a;", 1, 8), ("int a[4];", 16, 16), ("long b; int a[3];", 24, 16)],
)
def test_verify_of_a_record_that_only_an_aligned_typedef_names(body, size, align):
    text = f"typedef struct {{ {body} }} named __attribute__((aligned({align})));"
    ffi = FFI()
    ffi.cdef(f"{text} typedef named other; void take(named *);")
    ffi.verify(f"{text} typedef named other; static void take(named *p) {{ (void)p; }}")
    assert (ffi.sizeof("named"), ffi.alignof("named"), ffi.alignof("other")) == (size, align, align)
