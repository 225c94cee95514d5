"""Random partial records: everything from the compiler, and it is what our own layout says.

The generator of test_layout_gcc.py makes the types; test_emit_random.py tries them declared in
full. In place (verify) a record inside keeps our layout: where an anonymous one has attributes
that C code cannot repeat, its place is not known, and the record around it is unavailable.
"""

import subprocess

import pytest
from emitted import compile, ffi_of, need
from test_layout_gcc import PRELUDE, Generator

from cffi_core import FFI, FFIError, _core
from cffi_core.model import Model
from cffi_core.verifier import emit

SEEDS = range(4)
RECORDS = 60


def place(field) -> tuple:
    """Storage units may be cut differently: a bit-field's first bit."""
    if field.bitsize < 0:
        return field.offset, field.bitshift, -1
    return field.offset * 8 + field.bitshift, 0, field.bitsize


def fields(ffi: FFI, kind: str) -> tuple:
    """All that Python can see of a record's layout."""
    ctype = ffi.typeof(kind)
    listed = [(name, f.type.cname, *place(f)) for name, f in ctype.fields]
    return ffi.sizeof(ctype), ffi.alignof(ctype), listed


@pytest.mark.parametrize("seed", SEEDS)
def test_partial_records(seed, tmp_path):
    need("gcc")
    machine = subprocess.run(["gcc", "-dumpmachine"], capture_output=True, text=True, check=True)
    generator = Generator(seed + 100, ms=machine.stdout.startswith("x86_64"))
    records = [generator.top(number) for number in range(RECORDS)]
    text = PRELUDE + "".join(record.declaration() for record in records)
    late = PRELUDE + "".join(
        record.declaration().replace(f" {record.tag} {{", f" {record.tag} {{ ...;", 1)
        for record in records
    )
    whole, ffi = ffi_of(text), ffi_of(late)
    stub = emit(Model(ffi), "_m", f"#include <stdint.h>\n{text}")
    done = compile(stub, tmp_path, "gcc", "-std=gnu11", "-w", warnings=False)
    assert done.returncode == 0, done.stderr[:4000]
    path = str(tmp_path / "_m.so")
    assert _core.check_stub(path, "_m") == []
    module, _ = _core.load_stub(path, "_m")
    _core.load_stub(path, "_m", ffi)
    unavailable = 0
    for record in records:
        kind = f"{record.word} {record.tag}"
        assert fields(module, kind) == fields(whole, kind), record.declaration()
        try:
            assert fields(ffi, kind) == fields(whole, kind), record.declaration()
        except FFIError:
            unavailable += 1
    assert unavailable < RECORDS // 6
