"""One text for every target: what is emitted here compiles and is right elsewhere."""

import os
import subprocess
import sys
from pathlib import Path

import emitted
import pytest
from emitted import WARNINGS, need, stub_of
from test_emit import CASES

# Compiler, how its static programs are run here.
TARGETS = {
    "i686-linux-gnu-gcc": [],
    "aarch64-linux-gnu-gcc": ["qemu-aarch64"],
    "s390x-linux-gnu-gcc": ["qemu-s390x"],
}
ROOT = Path(__file__).resolve().parent.parent

BY_TARGET = (
    """
    #define LONG_SIZE sizeof(long)
    #define TWICE (LONG_SIZE * 2)
    #define ALL_ONES ~0UL
    #define SIGN ((char)200)
    enum e { FIRST = sizeof(void *), SECOND, LAST = 1 + SECOND };
    extern int by_long[sizeof(long) * 2][3];
    struct s { char pad[FIRST]; long l; struct { char c; long n[LONG_SIZE]; } inner; wchar_t w; };
    int sum(int (*)[sizeof(long)], struct s *);
    typedef long words[TWICE];
    words *pass(words *);
    """,
    """
    #include <stddef.h>
    #define LONG_SIZE sizeof(long)
    #define TWICE (LONG_SIZE * 2)
    #define ALL_ONES ~0UL
    #define SIGN ((char)200)
    enum e { FIRST = sizeof(void *), SECOND, LAST = 1 + SECOND };
    extern int by_long[sizeof(long) * 2][3];
    int by_long[sizeof(long) * 2][3];
    struct s { char pad[FIRST]; long l; struct { char c; long n[LONG_SIZE]; } inner; wchar_t w; };
    static int sum(int (*a)[sizeof(long)], struct s *b) { return (*a)[0] + (int)b->l; }
    typedef long words[TWICE];
    static words *pass(words *x) { return x; }
    """,
)

# Every declared value is what the compiler found, and every fact of this machine's layout that
# the target shares is the same.
MAIN = """
#include <stdio.h>
int main(void)
{
    const struct cd_stub *s = &cd_stub__m;
    uint32_t i;
    int wrong = 0, checked = 0;
    for (i = 0; i < s->cd_n_globals; i++) {
        const struct cd_stub_global *g = &s->cd_globals[i];
        const int64_t *f = s->cd_facts + g->cd_slot;
        if (g->cd_kind != 4 || !(g->cd_flags & 32))
            continue;
        checked++;
        if (f[0] != f[2] || f[1] != f[3])
            wrong++, printf("%s: %lld, not %lld\\n", s->cd_text + g->cd_name, (long long)f[2],
                            (long long)f[0]);
    }
    for (i = 0; i < s->cd_n_types; i++)
        if (s->cd_types[i].cd_kind == 3 && s->cd_types[i].cd_x)
            printf("%lld ", (long long)s->cd_facts[s->cd_types[i].cd_x]);
    printf("checked %d target %x\\n", checked, (unsigned)s->cd_target);
    return wrong;
}
"""


@pytest.mark.parametrize("compiler", TARGETS)
@pytest.mark.parametrize("case", CASES)
def test_compiles_for(compiler, case, tmp_path):
    if compiler.startswith("i686") and case == "int128":
        pytest.skip("no __int128 there")
    flags = ["-msse2"] if compiler.startswith("i686") else []
    with emitted.sharing():
        stub = stub_of(*CASES[case])
    emitted.built(stub, tmp_path, compiler, *flags)


@pytest.mark.parametrize("compiler", ["x86_64-w64-mingw32-gcc", "i686-w64-mingw32-gcc"])
@pytest.mark.parametrize("case", sorted(CASES.keys() - {"int128"}))
def test_compiles_for_windows(compiler, case, tmp_path):
    cdef, source = CASES[case]
    source = source.replace("static __thread", "static _Thread_local")
    cdef = cdef.replace("FILE *stdout;", "")  # a function's result there
    with emitted.sharing():
        stub = stub_of(cdef, source)
    emitted.built(stub, tmp_path, compiler, "-std=gnu11", "-msse2")


@pytest.mark.parametrize("compiler", ["gcc", *TARGETS])
def test_values_that_differ_by_target(compiler, tmp_path):
    need(compiler)
    runner = TARGETS.get(compiler, [])
    for program in runner:
        need(program)
    source, program = tmp_path / "m.c", tmp_path / "m"
    source.write_text(stub_of(*BY_TARGET).text + MAIN)
    command = [compiler, *WARNINGS, "-static", "-o", program, source]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    done = subprocess.run([*runner, program], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    size = 4 if compiler.startswith("i686") else 8
    *lengths, _, checked, _, target = done.stdout.split()
    assert (checked, int(target, 16) & 15) == ("7", size)
    assert {size, 2 * size} == set(map(int, lengths))


PROGRAM = """
import sys
sys.path[:0] = {path!r}
from cffi_core import FFI
from cffi_core.model import Model
from cffi_core.verifier import emit
from test_emit import CASES
for cdef, source in CASES.values():
    ffi = FFI()
    ffi.cdef(cdef)
    print(emit(Model(ffi), "_m", source).text)
"""


def test_the_text_is_always_the_same(tmp_path):
    """Other hash seeds, another folder, type strings used in between: the same bytes."""
    texts = set()
    for seed in "1", "2":
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(path=[str(ROOT / "testing"), *sys.path])],
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        )
        texts.add(done.stdout)
    assert len(texts) == 1
    assert str(ROOT).encode() not in texts.pop()


def test_type_strings_in_between_change_nothing():
    cdef, source = CASES["records"]
    ffi = emitted.ffi_of(cdef)
    before = emitted.emit(emitted.Model(ffi), "_m", source).text
    ffi.typeof("struct full *(*)[7]")
    assert emitted.emit(emitted.Model(ffi), "_m", source).text == before


def test_a_bfloat16_that_cannot_be_computed_with(tmp_path):
    """This compiler has the type as storage alone."""
    declarations = "struct s { __bf16 a, b; }; static const __bf16 half;"
    cdef = declarations + "extern __bf16 v; __bf16 f(__bf16 x, struct s *); struct s g(struct s);"
    source = declarations + (
        "static __bf16 v;\nstatic __bf16 f(__bf16 x, struct s *s) { return s ? s->a : x; }\n"
        "static struct s g(struct s x) { return x; }\n"
    )
    stub = stub_of(cdef, source)
    emitted.built(stub, tmp_path, "aarch64-linux-gnu-gcc", "-march=armv8.6-a+bf16")
