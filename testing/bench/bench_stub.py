"""Compiling what the emitters write, and importing it, against cffi's."""

import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from measure import Row, beside, in_fresh_process, interleaved, seconds

TYPES = [
    "int", "struct object *", "unsigned int", "const char *", "size_t", "double", "void *", "long",
]  # fmt: skip

# argv: the folder of the module and whose it is.
EMIT = """
import sys
folder, module, declared = sys.argv[1:]
FFI = __import__(module).FFI
ffi = FFI()
ffi.cdef(open(declared).read())
ffi.set_source("_of_" + module, "#include <stddef.h>\\n" + open(declared).read())
with open(f"{folder}/_of_{module}.c", "w") as file:
    ffi.emit_c_code(file)
print(0)
"""

# argv: the folder. Prints what the import and a first call took.
IMPORT = """
import sys, time, {core}
sys.path.insert(0, sys.argv[1])
start = time.perf_counter()
from _of_{module} import lib
lib.f7(*[0] * 9)
print(time.perf_counter() - start)
"""

# As long as a C program that calls dlopen would take, ctypes already imported.
DLOPEN = """
import sys, time, os, _ctypes
start = time.perf_counter()
_ctypes.dlopen(sys.argv[1], os.RTLD_NOW)
print(time.perf_counter() - start)
"""

# argv: the folder. Prints by how many bytes the process grew.
MEMORY = """
import sys, {core}
sys.path.insert(0, sys.argv[1])
def resident():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * 4096
before = resident()
from _of_{module} import lib
lib.f7(*[0] * 9)
print(resident() - before)
"""


def functions(n: int) -> tuple[str, str]:
    """Prototypes of f0... as a library's header has them, a handle first; and their C."""
    declared, defined = ["struct object;\n"], ["#include <stddef.h>\nstruct object;\n"]
    for i in range(n):
        kinds = [TYPES[(i * 7 + k * (1 + i // 8)) % len(TYPES)] for k in range(i % 6)]
        kinds.insert(0, "struct object *")
        if i == 7:
            kinds = ["int"] * 9
        parameters = ", ".join(f"{t} a{k}" for k, t in enumerate(kinds)) or "void"
        head = f"{TYPES[i % len(TYPES)]} f{i}({parameters})"
        declared.append(f"{head};\n")
        unused = "".join(f"(void)a{k}; " for k in range(len(kinds)))
        defined.append(f"{head} {{ {unused}return 0; }}\n")
    return "".join(declared), "".join(defined)


def emit(folder: Path, n: int) -> None:
    paths = folder / "declared.h", folder / "_of_library.c"
    for path, text in zip(paths, functions(n), strict=True):
        path.write_text(text)
    for module in "cffi_core", "cffi":
        in_fresh_process(EMIT, str(folder), module, str(paths[0]))


def compile_object(folder: Path, module: str) -> float:
    path = folder / f"_of_{module}.c"
    command = ["gcc", "-O2", "-fPIC", "-w", "-c", str(path), "-o", str(path.with_suffix(".o"))]
    command += ["-I", sysconfig.get_path("include")]
    return seconds(lambda: subprocess.run(command, check=True))


def link(folder: Path, module: str) -> Path:
    """The module, the library's functions inside it."""
    objects = [str(folder / f"_of_{part}.o") for part in (module, "library")]
    module_file = folder / f"_of_{module}.so"
    subprocess.run(["gcc", "-shared", *objects, "-o", str(module_file)], check=True)
    return module_file


def compiled(n: int, rounds: int, time_ratio: float, size_ratio: float | None) -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        emit(folder, n)
        ours, cffi = interleaved(
            rounds,
            lambda: compile_object(folder, "cffi_core"),
            lambda: compile_object(folder, "cffi"),
        )
        sizes = [(folder / f"_of_{m}.o").stat().st_size / 1e3 for m in ("cffi_core", "cffi")]
    return [
        beside(f"compiling a stub of {n:,} functions", ours, "cffi", cffi, time_ratio),
        Row("  its object file", sizes[0], "kB", "cffi", sizes[1], size_ratio),
    ]


def imported(n: int, rounds: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        emit(folder, n)
        compile_object(folder, "library")
        paths = {}
        for module in "cffi_core", "cffi":
            compile_object(folder, module)
            paths[module] = link(folder, module)
        program = {
            "cffi_core": IMPORT.format(core="cffi_core", module="cffi_core"),
            "cffi": IMPORT.format(core="_cffi_backend", module="cffi"),
        }
        ours, cffi, dlopen = interleaved(
            rounds,
            lambda: in_fresh_process(program["cffi_core"], name),
            lambda: in_fresh_process(program["cffi"], name),
            lambda: in_fresh_process(DLOPEN, str(paths["cffi_core"])),
        )
        grown = [
            in_fresh_process(MEMORY.format(core=core, module=module), name) / 1e3
            for core, module in (("cffi_core", "cffi_core"), ("_cffi_backend", "cffi"))
        ]
    what = f"importing {n:,} functions, calling one"
    return [
        beside(what, ours, "dlopen", dlopen, 3.5),
        beside("  beside cffi's", ours, "cffi", cffi),
        Row("  memory of it", grown[0], "kB", "cffi", grown[1]),
    ]


def run(quick: bool) -> list[Row]:
    print("bench: cffi's 2,000 functions take a minute", file=sys.stderr)
    return [
        *compiled(8, 3 if quick else 10, 1 / 3, None),
        *compiled(200 if quick else 2000, 1, 1 / 10, 1 / 6),
        *imported(500 if quick else 5000, 5 if quick else 15),
    ]
