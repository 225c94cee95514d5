"""Builds what the peers need into a folder: the library, and a module of each that compiles one."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")
COMMON = ["-O2", "-DNDEBUG", "-fPIC", "-shared", f"-I{HERE}", f"-I{sysconfig.get_path('include')}"]
C = [os.environ.get("CC", "gcc"), *COMMON]
CPP = [os.environ.get("CXX", "g++"), "-std=c++17", "-fvisibility=hidden", *COMMON]


def build(folder: Path) -> None:
    """What is there already stays."""
    for name, command in commands(folder).items():
        if not (folder / name).exists():
            subprocess.run([*command, "-o", str(folder / name)], check=True)
    compile_stub("cffi_core", folder)
    compile_stub("cffi", folder)


def commands(folder: Path) -> dict[str, list[str]]:
    """By the file that is made; each needs the library, the first."""
    library = [str(HERE / "functions.c")]
    linked = [f"-L{folder}", "-lfunctions", f"-Wl,-rpath,{folder}"]
    made = {
        "libfunctions.so": [*C, *library],
        "libmark.so": [*C, str(HERE / "mark.c")],
        f"fastcall{SUFFIX}": [*C, str(SOURCES / "fastcall.c"), *linked],
    }
    if has("Cython"):
        cython = [sys.executable, "-m", "cython", "-3"]
        made["cythonic.c"] = [*cython, str(SOURCES / "cythonic.pyx")]
        made[f"cythonic{SUFFIX}"] = [*C, str(folder / "cythonic.c"), *linked]
    if has("pybind11"):
        import pybind11

        include = f"-I{pybind11.get_include()}"
        made[f"bind11{SUFFIX}"] = [*CPP, include, str(SOURCES / "bind11.cpp"), *linked]
    if has("nanobind"):
        import nanobind

        root = Path(nanobind.source_dir()).parent
        sources = [str(root / "src" / "nb_combined.cpp"), str(SOURCES / "nano.cpp")]
        include = [f"-I{root / 'include'}", f"-I{root / 'ext' / 'robin_map' / 'include'}"]
        made[f"nano{SUFFIX}"] = [*CPP, "-fno-strict-aliasing", *include, *sources, *linked]
    return made


def has(package: str) -> bool:
    from importlib.util import find_spec

    return find_spec(package) is not None


DECLARED = "".join(line for line in (HERE / "functions.h").open() if line[0] != "#")
EXTERN = 'extern "Python" int from_c(int);'


def compile_stub(module: str, folder: Path) -> None:
    """The library in API mode: _api_cffi, _api_cffi_core and, the GIL kept, _api_cffi_core_kept."""
    from importlib import import_module

    FFI = import_module(module).FFI
    options = {"release_gil": False}, {}
    for kept in options if module == "cffi_core" else [{}]:
        name = f"_api_{module}{'_kept' * bool(kept)}"
        if module == "cffi" and any(folder.glob(f"{name}.*so")):
            continue  # ours sees itself whether it is up to date
        ffi = FFI()
        ffi.cdef(DECLARED + EXTERN, **kept)
        ffi.set_source(
            name,
            '#include "functions.h"\n',
            include_dirs=[str(HERE)],
            library_dirs=[str(folder)],
            libraries=["functions"],
            runtime_library_dirs=[str(folder)],
        )
        ffi.compile(tmpdir=str(folder))
