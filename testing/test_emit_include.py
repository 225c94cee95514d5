"""What an included FFI declares, in the stub of the one that includes it."""

import subprocess
import sys

import emitted

from cffi_core import FFI

BASE = """
typedef int... number; typedef int row[...]; struct s { int x; ...; }; enum e { A, ... };
typedef struct { int q; } plain; typedef ... hidden; typedef ... *handle;
#define K 5
"""
DERIVED = """
number f(number, struct s *, plain, enum e, row *, hidden *, handle);
struct u { number x; row y; struct s s; plain a[2]; char z[K]; };
"""
SOURCE = """
typedef short number; typedef int row[3]; struct s { char c; int x; }; enum e { Z, A };
typedef struct { int q; } plain; typedef struct h hidden; typedef struct hp *handle;
#define K 5
"""
MORE = """
static number f(number a, struct s *b, plain c, enum e d, row *e, hidden *g, handle h)
{ (void)b; (void)d; (void)e; (void)g; (void)h; return (number)(a + c.q); }
struct u { number x; row y; struct s s; plain a[2]; char z[K]; };
"""
PROGRAM = """
import sys
sys.path[:0] = {path!r}
from derived import ffi, lib
from base import ffi as other
assert lib.f(3, ffi.NULL, [4], lib.A, ffi.NULL, ffi.NULL, ffi.NULL) == 7
assert ffi.sizeof("struct u") == 40 and ffi.sizeof("number") == 2
assert [(name, f.offset) for name, f in ffi.typeof("struct u").fields] == [
    ("x", 0), ("y", 4), ("s", 16), ("a", 24), ("z", 32)]
assert ffi.typeof("struct s") is other.typeof("struct s")
assert ffi.typeof("plain *") is other.typeof("plain *")
assert lib.A == 1
"""


def test_two_modules(tmp_path):
    base, derived = FFI(), FFI()
    base.cdef(BASE)
    base._table.module = "base"
    derived.include(base)
    derived.cdef(DERIVED)
    stub = emitted.emit(emitted.Model(base), "base", SOURCE)
    emitted.built(stub, tmp_path, name="base")
    stub = emitted.emit(emitted.Model(derived), "derived", SOURCE + MORE)
    path = emitted.built(stub, tmp_path, name="derived")
    include = emitted.Reader(path, "derived").stub.includes[0]
    assert emitted.Reader(path, "derived").text(include.module) == "base"
    program = PROGRAM.format(path=[*sys.path])
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
