"""Builds each program's module for cffi and for cffi_core into a folder: build.py FOLDER"""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

from programs import PROGRAMS


def main(folder: Path) -> None:
    """What is there already stays."""
    for name, program in PROGRAMS.items():
        for module in "cffi_core", "cffi":
            made = f"_{name}_{module}"
            if not any(folder.glob(f"{made}.*so")):
                ffi = import_module(module).FFI()
                ffi.cdef(program.declared)
                include = f"#include <{program.header}>\n"
                record = program.declared if program.declared.startswith("struct") else ""
                ffi.set_source(made, include + record, libraries=[program.library])
                ffi.compile(tmpdir=str(folder))
    if not (folder / "dropin").exists():
        (folder / "dropin").mkdir()
        command = [sys.executable, "-m", "cffi_core", "dropin", "--into", str(folder / "dropin")]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)


main(Path(sys.argv[1]))
