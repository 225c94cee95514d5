"""Register calls, tried in C: for this machine, and for AArch64 under its emulator."""

import shutil
import subprocess
from pathlib import Path

import native
import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ["testing/c/call_abi.c", "c/call_reg_sysv.c", "c/call_reg_aapcs64.c"]


def run(folder, compiler, emulator, *flags):
    program = folder / "call_abi"
    subprocess.run(
        [*compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", *flags, f"-I{ROOT / 'c'}"]
        + ["-o", program, *(ROOT / source for source in SOURCES)],
        check=True,
    )
    done = subprocess.run(
        [*emulator, program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "checks ok" in done.stdout
    return done.stdout


@pytest.mark.parametrize("level", ["-O0", "-O2"])
def test_here(tmp_path, level):
    run(tmp_path, native.compiler(), [], level)


@pytest.mark.parametrize("level", ["-O0", "-O2"])
def test_aarch64(tmp_path, level):
    compiler, emulator = "aarch64-linux-gnu-gcc", "qemu-aarch64"
    if not (shutil.which(compiler) and shutil.which(emulator)):
        pytest.skip(f"no {compiler} or no {emulator}")
    out = run(tmp_path, [compiler], [emulator], level, "-static")
    assert "no register calls" not in out
