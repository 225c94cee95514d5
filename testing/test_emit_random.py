"""Random records through a compiler and the core: what a compiled module says of them is what the
parser says, which test_layout_gcc compares with the compiler by other means."""

import emitted
import pytest
from test_layout_gcc import PRELUDE, Generator

from cffi_core import _core

BATCH = 300 if emitted.FULL else 80
SEEDS = range(8 if emitted.FULL else 2)


def described(ffi, ctype) -> object:
    """All that Python can see of a type's layout, records inside included."""
    if ctype.kind == "array":
        return ctype.length, described(ffi, ctype.item)
    if ctype.kind not in ("struct", "union"):
        return ctype.cname
    fields = [(name, *place(f), described(ffi, f.type)) for name, f in ctype.fields]
    return ctype.kind, ffi.sizeof(ctype), ffi.alignof(ctype), fields


def place(field) -> tuple[int, int]:
    """(offset, -1 or -2), or a bit-field's first bit and width: storage units may be cut
    differently."""
    if field.bitsize < 0:
        return field.offset, field.bitshift
    return field.offset * 8 + field.bitshift, field.bitsize


def cdef_of(seed: int, **options) -> tuple[str, list[str]]:
    generator = Generator(seed, **options)
    records = [generator.top(number) for number in range(BATCH)]
    text = PRELUDE + "".join(record.declaration() for record in records)
    return text, [f"{record.word} {record.tag}" for record in records]


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("seed", SEEDS)
def test_records(seed, compiler, tmp_path):
    # clang differs from gcc in attributes on bit-fields, which is not what is tried here
    options = {} if compiler == "gcc" else {"ms": False, "aligned": False}
    cdef, names = cdef_of(1000 + seed, **options)
    inline = emitted.ffi_of(cdef)
    source = "#include <stdint.h>\n#include <stddef.h>\n" + cdef
    stub = emitted.stub_of(cdef, source)
    done = emitted.compile(stub, tmp_path, compiler, "-std=gnu11", "-w", warnings=False)
    assert done.returncode == 0, done.stderr
    path = str(tmp_path / "_m.so")
    assert _core.check_stub(path, "_m") == []
    loaded, _ = _core.load_stub(path, "_m")
    for name in names:
        expected = described(inline, inline.typeof(name))
        assert described(loaded, loaded.typeof(name)) == expected, cdef_line(cdef, name)
    verified = emitted.ffi_of(cdef)
    _core.load_stub(path, "_m", verified)
    for name in names:
        expected = described(inline, inline.typeof(name))
        assert described(verified, verified.typeof(name)) == expected, cdef_line(cdef, name)


def cdef_line(cdef: str, name: str) -> str:
    return next(line for line in cdef.splitlines() if line.startswith(f"{name} {{"))
