"""Types that libffi does not know, by value: arguments, results, callbacks, fields, `...`."""

import platform
import re
import shutil
import subprocess
import sys

import pytest
from modes import LIBRARY_MODES, Builder

from cffi_core import FFI

SYSV = platform.machine() == "x86_64" and sys.platform.startswith("linux")
pytestmark = pytest.mark.skipif(not SYSV, reason="placed by ourselves on x86-64 Linux alone")

DECLARATIONS = """
typedef __int128 i128;
typedef unsigned __int128 u128;
typedef int v4i __attribute__((vector_size(16)));
typedef float v2f __attribute__((vector_size(8)));
typedef double v2d __attribute__((vector_size(16)));
typedef long double _Complex ldc;
typedef struct { i128 a; char b; } s_i128;
typedef struct { v4i v; } s_v4i;
typedef struct { v4i v, w; } s_v4i2;
typedef struct { _Float16 a, b, c; } s_f16;
typedef struct { _Float128 q; } s_f128;
typedef struct { ldc z; } s_ldc;
typedef struct { long double x; } s_ld;
typedef struct { long a; int b __attribute__((aligned(64))); } s_over;
typedef struct __attribute__((packed)) { char a; v2f v; } s_packed;
typedef union { long double x; char c; } u_ld;
typedef _Float32 _Complex c32;
typedef struct { _Atomic int a; _Atomic(long) b; _Atomic char c; } s_atomic;
typedef struct { int a : 3; unsigned b : 20; long long c : 40; _Bool d : 1; } s_bits;
typedef union { int i : 5; double d; } u_bits;
typedef enum { WIDE = 0x7fffffffffffffff } wide;
typedef enum __attribute__((packed)) { NARROW = 200 } narrow;
"""
HEAD = "#include <stdarg.h>\n#include <uchar.h>\n"
# type, an initializer, what is read of the value
CASES = [
    ("i128", -(2**127), int),
    ("u128", 2**128 - 1, int),
    ("_Float16", 1.5, float),
    ("_Float128", -0.625, float),
    ("long double", 2.5, float),
    ("ldc", 1 - 2j, complex),
    ("float _Complex", 1.5 - 2j, complex),
    ("double _Complex", 1.5 + 2j, complex),
    ("v4i", [1, -2, 3, -4], list),
    ("v2f", [1.5, -2.5], list),
    ("v2d", [1.5, -2.5], list),
    ("s_i128", [-(2**127), b"x"], lambda s: [s.a, s.b]),
    ("s_v4i", [[1, 2, 3, 4]], lambda s: [list(s.v)]),
    ("s_v4i2", [[1, 2, 3, 4], [5, 6, 7, 8]], lambda s: [list(s.v), list(s.w)]),
    ("s_f16", [1.5, 2.5, -0.0], lambda s: [s.a, s.b, s.c]),
    ("s_f128", [1.25], lambda s: [float(s.q)]),
    ("s_ldc", [3 + 4j], lambda s: [complex(s.z)]),
    ("s_ld", [0.75], lambda s: [float(s.x)]),
    ("s_over", [2**62, -5], lambda s: [s.a, s.b]),
    ("s_packed", [b"y", [1.0, 2.0]], lambda s: [s.a, list(s.v)]),
    ("u_ld", [0.5], lambda u: [float(u.x)]),
    ("_Float32", 1.5, float),
    ("_Float64x", 2.25, float),
    ("__float128", 0.125, float),
    ("c32", 1.5 - 2j, complex),
    ("s_atomic", [5, -(2**62), b"z"], lambda s: [s.a, s.b, s.c]),
    ("s_bits", [-4, 2**20 - 1, -(2**39), True], lambda s: [s.a, s.b, s.c, s.d]),
    ("u_bits", [-7], lambda u: [u.i]),
    ("wide", 2**63 - 1, int),
    ("narrow", 200, int),
    ("char16_t", "\u1234", str),
]  # fmt: skip
IDS = [name.replace(" ", "_") for name, _, _ in CASES]

# Each type: alone, behind what fills most registers, on the stack, called back, through `...`.
FUNCTIONS = """
{t} echo_{i}({t} x) {{ return x; }}
{t} behind_{i}(int a, double b, {t} x, int c) {{ return a + b + c == 6 ? x : *({t} *)0; }}
{t} stack_{i}(long a, long b, long c, long d, long e, long f, double g, double h, double i,
    double j, double k, double l, double m, double n, char o, {t} x, char p)
{{ return o + p == 3 && (unsigned long)&x % _Alignof({t}) == 0 ? x : *({t} *)0; }}
{t} back_{i}({t} (*f)(int, {t}, double), {t} x) {{ return f(1, x, 2.5); }}
void deep_{i}({t} (*f)(long, long, long, long, long, long, double, double, double, double,
    double, double, double, double, char, {t}, short), {t} x, {t} *out)
{{ *out = f(1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 7, 8, 9, x, 10); }}
{t} variadic_{i}(int n, ...)
{{ va_list ap; va_start(ap, n); while (n-- > 1) va_arg(ap, double);
   {t} x = va_arg(ap, {t}); va_end(ap); return x; }}
"""


@pytest.fixture(scope="module")
def library(compiled):
    """The functions, compiled, and their declarations."""
    code = "".join(FUNCTIONS.format(t=t, i=i) for i, (t, _, _) in enumerate(CASES))
    text = HEAD + DECLARATIONS + code
    source, path = compiled / "by_value.c", compiled / "by_value.so"
    if not (path.exists() and source.read_text(encoding="utf-8") == text):
        source.write_text(text, encoding="utf-8")
        path = compile_with_any(compiled, source)
    return path, DECLARATIONS + re.sub(r"\s*\{.*?\}\n", ";\n", code, flags=re.S)


@pytest.fixture(scope="module", params=LIBRARY_MODES)
def opened(library, compiled, request):
    path, text = library
    flags = {"extra_compile_args": ["-std=gnu11", "-w"], "extra_link_args": [str(path)]}
    ffi, lib = Builder(compiled)(request.param, text, HEAD + text, {}, **flags)
    assert ffi.unavailable() == []
    return ffi, lib or ffi.dlopen(str(path))


def compile_with_any(folder, source):
    """clang places a few of these otherwise, so it is gcc where there is one."""
    if shutil.which("gcc") is None:
        pytest.skip("no gcc")
    path = folder / "by_value.so"
    command = ["gcc", "-std=gnu11", "-w", "-O1", "-shared", "-fPIC", "-o", path, source]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0 and "_Float16" in done.stderr:
        pytest.skip("this gcc has no _Float16")
    assert done.returncode == 0, done.stderr
    return path


each = pytest.mark.parametrize(("i", "case"), list(enumerate(CASES)), ids=IDS)


@each
def test_argument_and_result(opened, backend, i, case):
    ffi, lib = opened
    name, value, read = case
    assert read(getattr(lib, f"echo_{i}")(value)) == value
    owner = ffi.new(f"{name} *", value)
    assert read(getattr(lib, f"echo_{i}")(owner[0])) == value
    assert read(getattr(lib, f"behind_{i}")(1, 2, value, 3)) == value
    floats = [float(n) for n in range(8)]
    assert read(getattr(lib, f"stack_{i}")(*range(6), *floats, b"\1", value, b"\2")) == value


@each
def test_callback(opened, i, case):
    ffi, lib = opened
    name, value, read = case
    kept = []

    def back(a, x, b):
        kept.append(x)
        return x if (a, b) == (1, 2.5) else None

    callback = ffi.callback(f"{name}(int, {name}, double)", back)
    assert read(getattr(lib, f"back_{i}")(callback, value)) == value
    assert read(kept[0]) == value  # its own copy
    deep = ffi.callback(
        f"{name}({', '.join(['long'] * 6 + ['double'] * 8)}, char, {name}, short)",
        lambda *a: a[15] if (*a[:15], a[16]) == (*range(1, 7), *range(1, 9), b"\t", 10) else None,
    )
    out = ffi.new(f"{name} *")
    getattr(lib, f"deep_{i}")(deep, value, out)
    assert read(out[0]) == value


@each
def test_variadic(opened, i, case):
    ffi, lib = opened
    name, value, read = case
    if name in ("_Float16", "_Float32", "narrow", "char16_t"):
        pytest.skip("C promotes it, or not, as the compiler likes")
    x = ffi.new(f"{name} *", value)
    passed = x[0] if isinstance(x[0], ffi.CData) else ffi.cast(name, value)
    double = ffi.cast("double", 1.0)
    assert read(getattr(lib, f"variadic_{i}")(1, passed)) == value
    assert read(getattr(lib, f"variadic_{i}")(4, double, double, double, passed)) == value


@each
def test_memory(opened, i, case):
    """Items of arrays, fields, and globals behave as any value."""
    ffi, _ = opened
    name, value, read = case
    array = ffi.new(f"{name}[3]", [value] * 2)
    assert read(array[1]) == value
    assert int(ffi.cast("uintptr_t", array)) % ffi.alignof(name) == 0
    ffi = FFI()
    ffi.cdef(DECLARATIONS + f"struct holder {{ char c; {name} x; {name} y[2]; }};")
    p = ffi.new("struct holder *", {"x": value, "y": [value, value]})
    assert read(p.x) == read(p.y[1]) == value
    p.y[0] = p.x
    assert read(p.y[0]) == value


def test_int128_range(opened):
    ffi, lib = opened
    for name, least, greatest in ("i128", -(2**127), 2**127 - 1), ("u128", 0, 2**128 - 1):
        i = IDS.index(name)
        for value in least, greatest, 0, 2**64:
            assert getattr(lib, f"echo_{i}")(value) == value
        for value in least - 1, greatest + 1:
            with pytest.raises(OverflowError):
                getattr(lib, f"echo_{i}")(value)
            with pytest.raises(OverflowError):
                ffi.new(f"{name} *", value)
        with pytest.raises(TypeError, match="an integer is required"):
            getattr(lib, f"echo_{i}")(1.0)
        assert int(ffi.cast(name, 2**128 + 5)) == 5
    assert int(ffi.cast("i128", 2**127)) == -(2**127)
    assert int(ffi.cast("u128", -1)) == 2**128 - 1
    assert ffi.cast("i128", -1) == -1 and hash(ffi.cast("i128", 2**70)) == hash(2**70)
    assert repr(ffi.cast("i128", -5)) == "<cdata '__int128' -5>"
    assert bool(ffi.cast("u128", 2**64))


def test_long_double_is_exact(opened):
    """The bits that a double has not are kept through calls, memory and callbacks."""
    ffi, lib = opened
    i = CASES.index(next(c for c in CASES if c[0] == "long double"))
    ffi.cdef("long double ldexpl(long double, int); long double strtold(const char *, char **);")
    libm = ffi.dlopen("libm.so.6")
    fine = ffi.dlopen(None).strtold(b"1.0000000000000000001084202172485504434", ffi.NULL)
    bits = bytes(ffi.buffer(ffi.new("long double *", fine)))[:10]
    assert bits == b"\1" + bytes(6) + b"\x80\xff\x3f"  # 1 + 2**-63
    x = getattr(lib, f"echo_{i}")(fine)
    x = getattr(lib, f"back_{i}")(ffi.callback("long double(int, long double, double)",
                                               lambda a, x, b: x), x)  # fmt: skip
    array = ffi.new("long double[2]", [x, x])
    x = ffi.cast("_Float128", array[1])
    x = ffi.cast("long double", x)
    assert bytes(ffi.buffer(ffi.new("long double *", x)))[:10] == bits
    assert int(libm.ldexpl(x, 63)) == 2**63 + 1
    assert float(x) == 1.0


def test_small_floats_round_as_the_compiler(tmp_path):
    ffi = FFI()
    source = tmp_path / "f16.c"
    source.write_text("_Float16 narrow(double x) { return x; }", encoding="utf-8")
    ffi.cdef("_Float16 narrow(double x); _Float16 same(_Float16);")
    lib = ffi.dlopen(str(compile_with_any(tmp_path, source)))
    for value in [0.1, 1 + 2**-11, 1 + 3 * 2**-11, 65519.9, 65520.0, 2**-24, 2**-25, 1e-9, -0.0]:
        narrow = lib.narrow(value)
        assert ffi.new("_Float16 *", value)[0] == narrow
        assert float(ffi.cast("_Float16", value)) == narrow
        assert ffi.new("_Float16 *", narrow)[0] == narrow
    assert ffi.new("_Float16 *", float("nan"))[0] != ffi.new("_Float16 *")[0]
    assert ffi.new("__bf16 *", 1.00390625)[0] == 1.0  # ties to even


def test_vector_results_are_copies(opened):
    ffi, lib = opened
    echo = getattr(lib, f"echo_{IDS.index('v4i')}")
    first, second = echo([1, 2, 3, 4]), echo([5, 6, 7, 8])
    assert (list(first), list(second)) == ([1, 2, 3, 4], [5, 6, 7, 8])
    assert ffi.typeof(first) is ffi.typeof("v4i")
    assert "owning 16 bytes" in repr(first)
    with pytest.raises(IndexError):
        echo([1, 2, 3, 4, 5])
    with pytest.raises(IndexError):
        first[4]


def test_what_is_refused_says_why():
    ffi = FFI()
    ffi.cdef("""
        typedef char v4c __attribute__((vector_size(4)));
        typedef int v8i __attribute__((vector_size(32)));
        struct wide { v8i v; };  struct huge { char bytes[1 << 21]; };
        v4c abs(int);  struct wide labs(int);  int atoi(v8i);  int atol(struct huge);
    """)
    lib = ffi.dlopen(None)
    with pytest.raises(NotImplementedError, match="as return value: how a vector of this size"):
        lib.abs(1)
    with pytest.raises(NotImplementedError, match="as return value: how one of its members"):
        lib.labs(1)
    with pytest.raises(NotImplementedError, match="as argument: how a vector"):
        lib.atoi([0] * 8)
    with pytest.raises(NotImplementedError, match="as argument: there is 1 MB"):
        lib.atol(ffi.new("struct huge *")[0])
    with pytest.raises(NotImplementedError):
        ffi.callback("v8i(void)", lambda: None)


def test_the_same_from_clang(tmp_path):
    """What both compilers place alike, we place alike."""
    if shutil.which("clang") is None:
        pytest.skip("no clang")
    # _Float16 is often absent; the others some clangs do not pass as the ABI says
    without = ("_Float16", "s_f16", "s_packed", "s_f128", "_Float32", "_Float64x", "c32")
    alike = [(i, c) for i, c in enumerate(CASES) if c[0] not in without]
    code = "".join(FUNCTIONS.format(t=c[0], i=i) for i, c in alike)
    lines = DECLARATIONS.splitlines(True)
    declarations = "".join(t for t in lines if not re.search("_Float(16|32)", t))
    source = tmp_path / "clang.c"
    source.write_text(HEAD + declarations + code, encoding="utf-8")
    path = tmp_path / "clang.so"
    command = ["clang", "-std=gnu11", "-w", "-O1", "-D_Float128=__float128", "-shared", "-fPIC"]
    command += ["-o", path, source]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    ffi = FFI()
    ffi.cdef(declarations + code)
    lib = ffi.dlopen(str(path))
    for i, (_, value, read) in alike:
        assert read(getattr(lib, f"echo_{i}")(value)) == value
        assert read(getattr(lib, f"behind_{i}")(1, 2, value, 3)) == value


BFLOAT = """
struct s { __bf16 a, b; };
struct s swap(struct s x) { struct s y = {x.b, x.a}; return y; }
__bf16 second(int a, __bf16 x, double b) { return x; }
__bf16 back(__bf16 (*f)(__bf16), __bf16 x) { return f(x); }
"""


def compiler_of_bfloat(folder):
    """A compiler of this machine that has __bf16 for it: gcc since 13, clang since 15."""
    (folder / "bfloat.c").write_text(BFLOAT, encoding="utf-8")
    names = ["gcc", "clang", *(f"{name}-{n}" for name in ("gcc", "clang") for n in range(13, 22))]
    for name in filter(shutil.which, names):
        command = [name, "-O2", "-w", "-shared", "-fPIC", "-o", "bfloat.so", "bfloat.c"]
        if subprocess.run(command, cwd=folder, capture_output=True).returncode == 0:
            return name
    pytest.skip("no compiler that has __bf16")


@pytest.mark.parametrize("is_compiled", [False, True], ids=["register", "verify"])
def test_bfloat16(compiled, monkeypatch, is_compiled):
    monkeypatch.setenv("CC", compiler_of_bfloat(compiled))
    ffi = FFI()
    ffi.cdef(re.sub(r"\s*\{ (return|struct s y).*", ";", BFLOAT))
    lib = ffi.verify(BFLOAT) if is_compiled else ffi.dlopen(str(compiled / "bfloat.so"))
    assert lib.second(1, 1.5, 2) == 1.5
    assert lib.second(1, 1.00390625, 2) == 1.0  # ties to even
    swapped = lib.swap([0.5, -3])
    assert (swapped.a, swapped.b) == (-3, 0.5)
    assert lib.back(ffi.callback("__bf16(__bf16)", lambda x: x * 2), 2.5) == 5.0
