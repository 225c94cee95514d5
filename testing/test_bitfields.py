"""Bit-fields: read, written, range-checked; beside what the compiler does with the same bytes."""

import subprocess
import sysconfig

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cffi_core import FFI

CDEF = """
    struct bf { int a:3; unsigned b:5; signed char c:2; _Bool d:1; int64_t e:40; };
    enum color { RED, GREEN = 5 };
    struct more { uint64_t all:64; int64_t sall:64; enum color col:4; unsigned one:1; };
"""


def test_values(ffi):
    b = ffi.new("struct bf *", [-1, 7, 1, 1, 2**39 - 1])
    assert (b.a, b.b, b.c, b.d, b.e) == (-1, 7, 1, 1, 2**39 - 1)
    b.e = -1
    b.a = 3
    assert (b.a, b.b, b.c, b.d, b.e) == (3, 7, 1, 1, -1)
    assert type(b.a) is int


@pytest.mark.parametrize(
    ("field", "low", "high"),
    [("a", -4, 3), ("b", 0, 31), ("c", -2, 1), ("d", 0, 1), ("e", -(2**39), 2**39 - 1)],
)
def test_range(ffi, field, low, high):
    b = ffi.new("struct bf *", [1, 2, 1, 1, 5])
    for value in (low, high, 0):
        setattr(b, field, value)
        assert getattr(b, field) == value
    for value in (low - 1, high + 1, 2**80, -(2**80), 2**200):
        with pytest.raises(OverflowError) as caught:
            setattr(b, field, value)
        if abs(value) < 2**128:
            assert str(caught.value) == (
                f"value {value} outside the range allowed by the bit field width: "
                f"{low} <= x <= {high}"
            )
        assert getattr(b, field) == 0


@pytest.mark.parametrize("value", [1.5, "x", None, [], b"1"])
def test_only_integers(ffi, value):
    b = ffi.new("struct bf *")
    with pytest.raises(TypeError) as caught:
        b.a = value
    name = type(value).__name__
    assert str(caught.value) == f"'{name}' object cannot be interpreted as an integer"


def test_integer_cdata(ffi):
    b = ffi.new("struct bf *")
    b.a = ffi.cast("int", 2)
    assert b.a == 2
    with pytest.raises(TypeError, match="an integer is required"):
        b.a = ffi.cast("float", 2)


def test_whole_units(ffi):
    m = ffi.new("struct more *", [2**64 - 1, -(2**63), 5, 1])
    assert (m.all, m.sall, m.col, m.one) == (2**64 - 1, -(2**63), 5, 1)
    m.all = 5
    m.sall = -1
    assert (m.all, m.sall, m.col, m.one) == (5, -1, 5, 1)


def test_no_address(ffi):
    b = ffi.new("struct bf *")
    for function in (ffi.addressof, lambda *path: ffi.offsetof("struct bf", *path[1:])):
        with pytest.raises(TypeError, match="not supported for bitfields"):
            function(b, "a")


def test_neighbours_are_left_alone(declare):
    """A field's write touches the bytes that hold it and no others."""
    local = declare("#pragma pack(1)\nstruct p { int a:7; int b:3; char after; };")
    memory = local.new("unsigned char[8]", b"\xff" * 8)
    p = local.cast("struct p *", memory)
    p.b = 0
    size = local.sizeof("struct p")
    assert bytes(local.buffer(memory)[size:8]) == b"\xff" * (8 - size)
    assert local.buffer(memory)[size - 1] == b"\xff"
    assert p.a == -1 and p.b == 0


def test_straddling(declare):
    """A packed field that begins in one unit and ends in the next: nine bytes are read."""
    text = "struct s { unsigned pre:5; uint64_t wide:63; unsigned post:4; };"
    local = declare(text, packed=True)
    assert local.sizeof("struct s") == 9
    p = local.new("struct s *", [31, 0, 15])
    for value in (2**63 - 1, 0, 0x5555555555555555, 1, 2**62):
        p.wide = value
        assert (p.pre, p.wide, p.post) == (31, value, 15)
    assert local.buffer(p)[:] == (31 | 2**62 << 5 | 15 << 68).to_bytes(9, "little")


FIELDS = st.lists(
    st.tuples(
        st.sampled_from(["int", "unsigned", "signed char", "uint8_t", "short", "uint16_t",
                         "long long", "uint64_t"]),
        st.integers(1, 64),
    ),
    min_size=1,
    max_size=6,
)


@given(FIELDS, st.booleans(), st.randoms(use_true_random=False))
def test_fields_do_not_overlap(fields, packed, random):
    """Whatever is written to one field, the others keep their values."""
    local = FFI()
    widths = []
    text = []
    for i, (name, bits) in enumerate(fields):
        bits = min(bits, 8 * local.sizeof(name))
        low = 0 if name.startswith("u") else -(2 ** (bits - 1))
        widths.append((low, low + 2**bits - 1))
        text.append(f"{name} f{i}:{bits};")
    local.cdef(f"struct s {{ {' '.join(text)} }};", packed=packed)
    p = local.new("struct s *")
    model = [0] * len(fields)
    for _ in range(10):
        i = random.randrange(len(fields))
        model[i] = random.randint(*widths[i])
        setattr(p, f"f{i}", model[i])
        assert [getattr(p, f"f{j}") for j in range(len(fields))] == model


PROGRAM = r"""
#include <stdio.h>
#include <string.h>
#include <stdint.h>
struct bf { int a:3; unsigned b:5; signed char c:2; _Bool d:1; int64_t e:40; };
int main(void)
{
    struct bf s;
    memset(&s, 0, sizeof s);
    s.a = -3; s.b = 21; s.c = -2; s.d = 1; s.e = -123456789012;
    for (size_t i = 0; i < sizeof s; i++)
        printf("%02x", ((unsigned char *)&s)[i]);
    return 0;
}
"""


def test_as_the_compiler_does(ffi, tmp_path):
    source = tmp_path / "bits.c"
    source.write_text(PROGRAM)
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    subprocess.run([compiler, "-o", tmp_path / "bits", source], check=True)
    expected = subprocess.run([tmp_path / "bits"], capture_output=True, check=True).stdout
    b = ffi.new("struct bf *", [-3, 21, -2, 1, -123456789012])
    assert bytes(ffi.buffer(b)).hex() == expected.decode()


def test_one_fits_into_a_signed_bit():
    """As in CFFI: for convenience, though it reads as -1."""
    ffi = FFI()
    ffi.cdef("struct one { int x : 1; long long y : 1; };")
    p = ffi.new("struct one *", [1, 1])
    assert (p.x, p.y) == (-1, -1)
    with pytest.raises(OverflowError, match="value 2 outside .*: -1 <= x <= 1"):
        p.x = 2
    with pytest.raises(OverflowError, match="value -2 outside .*: -1 <= x <= 1"):
        p.y = -2
