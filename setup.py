"""Builds _cffi_core, the one extension module, from c/ and parser/.

All static facts are in pyproject.toml; here is what has to be computed. Three
switches, read from the environment:

CFFI_CORE_SANITIZE=address,undefined   build with these sanitizers
CFFI_CORE_WERROR=1                     warnings are errors (CI)
CFFI_CORE_DEBUG=1                      -O0 -g, assertions on, CD_DEBUG defined
"""

import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from glob import glob
from pathlib import Path
from sysconfig import get_config_var

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.modified import newer_group

# The parser's own command-line programs; all else in parser/ is library.
MAINS = {"parser/cdump.c"}

SOURCES = sorted({*glob("c/*.c"), *glob("parser/*.c")} - MAINS)
HEADERS = sorted(glob("*/*.h") + glob("*/*.def"))

# Folders that stand at the top level and install inside the package.
INSIDE = {"cffi_core.cache": "cache", "cffi_core.verifier": "verifier"}
PACKAGE_DIR = {k: v for k, v in INSIDE.items() if os.path.exists(f"{v}/__init__.py")}

NO_LIBFFI = """
cffi_core needs libffi and its headers, found through pkg-config, and {problem}.
Install them and try again:
    Debian, Ubuntu    apt-get install pkg-config libffi-dev
    Fedora, RHEL      dnf install pkgconf-pkg-config libffi-devel
    Alpine            apk add pkgconf libffi-dev
    macOS             brew install pkg-config libffi
An unusual place for libffi.pc goes into PKG_CONFIG_PATH.
"""


def pkg_config_libffi(option: str) -> list[str]:
    """The words `pkg-config OPTION libffi` answers; exits with advice when it cannot."""
    command = [os.environ.get("PKG_CONFIG", "pkg-config"), option, "libffi"]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise SystemExit(NO_LIBFFI.format(problem=f"cannot run it ({error})")) from None
    if done.returncode != 0:
        raise SystemExit(NO_LIBFFI.format(problem=f"it says: {done.stderr.strip()}"))
    return shlex.split(done.stdout)


def libffi(compiler: list[str]) -> list[str]:
    """Words for the linker. An archive of position-independent code, where there is one (Debian,
    Ubuntu), becomes part of the extension: a library less to find and map when it is imported."""
    words = pkg_config_libffi("--libs")
    try:
        asked = [*compiler, "-print-file-name=libffi_pic.a"]
        archive = subprocess.run(asked, capture_output=True, text=True).stdout.strip()
    except OSError:  # not a compiler of that kind
        archive = ""
    if "-lffi" not in words or not os.path.isabs(archive):
        return words
    words[words.index("-lffi")] = archive
    return [*words, "-Wl,--exclude-libs,libffi_pic.a"]


def compile_flags() -> list[str]:
    """Our compiler options; they come after Python's own, so ours win."""
    flags = ["-std=c11", "-fvisibility=hidden", "-Wall", "-Wextra"]
    if os.environ.get("CFFI_CORE_DEBUG"):
        flags += ["-O0", "-g", "-UNDEBUG", "-DCD_DEBUG"]
    else:
        flags += ["-O2"]
    if sys.platform == "linux":
        flags += ["-fno-plt"]  # Python binds all symbols at once, so that stubs bring nothing
    if os.environ.get("CFFI_CORE_WERROR"):
        flags += ["-Werror"]
    return flags + sanitizer_flags()


def sanitizer_flags() -> list[str]:
    """For the compiler and the linker alike."""
    names = os.environ.get("CFFI_CORE_SANITIZE")
    if not names:
        return []
    return [
        f"-fsanitize={names}",
        "-fno-omit-frame-pointer",
        "-fno-sanitize-recover=undefined",
        "-g",
    ]


class BuildCore(build_ext):
    """build_ext that asks pkg-config, compiles in parallel and only what is stale."""

    def build_extensions(self) -> None:
        if self.inplace or self.editable_mode:  # one place, so that neither compiles again
            self.build_temp = "build/inplace" + get_config_var("EXT_SUFFIX")
        for ext in self.extensions:
            ext.extra_compile_args += pkg_config_libffi("--cflags") + compile_flags()
            ext.extra_link_args += libffi(self.compiler.compiler_so[:1]) + sanitizer_flags()
        self._force_if_commands_changed()
        self._compile = self.compiler.compile
        self.compiler.compile = self._compile_stale
        super().build_extensions()
        self._stamp().write_text(self._commands())

    def _commands(self) -> str:
        ext = self.extensions[0]
        return repr(
            [
                self.compiler.compiler_so,
                self.compiler.linker_so,
                self.include_dirs,
                ext.extra_compile_args,
                ext.extra_link_args,
            ]
        )

    def _stamp(self) -> Path:
        return Path(self.build_temp, "commands")

    def _force_if_commands_changed(self) -> None:
        """Objects made by other flags, or for another Python, are stale whatever their age."""
        stamp = self._stamp()
        stamp.parent.mkdir(parents=True, exist_ok=True)
        if not stamp.exists() or stamp.read_text() != self._commands():
            self.force = True
            stamp.unlink(missing_ok=True)

    def _compile_stale(self, sources, output_dir, depends=(), **options) -> list[str]:
        """Stands in for CCompiler.compile: same arguments, same answer."""
        objects = self.compiler.object_filenames(sources, output_dir=output_dir)
        for folder in {os.path.dirname(o) for o in objects}:
            os.makedirs(folder, exist_ok=True)
        pairs = zip(sources, objects, strict=True)
        stale = [s for s, o in pairs if self.force or newer_group([s, *depends], o)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda s: self._compile([s], output_dir=output_dir, **options), stale))
        return objects


setup(
    packages=[
        "cffi_core",
        "cffi_core.builder",
        "cffi_core.declared",
        "cffi_core.dropin",
        "cffi_core.header",
        *PACKAGE_DIR,
    ],
    package_dir=PACKAGE_DIR,
    ext_modules=[
        Extension("_cffi_core", SOURCES, depends=HEADERS, include_dirs=["parser", "c", "verifier"])
    ],
    cmdclass={"build_ext": BuildCore},
)
