"""setuptools: the keyword cffi_modules and ffi.distutils_extension(), as setup.py uses them.

Every test writes a small project, has setuptools build it by the interface that pip calls, and
looks at what came out. testing/test_packages.py shows the same with pip and clean environments.
"""

import email
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest
from fake_compilers import needs_cplusplus

pytest.importorskip("setuptools", minversion="70.1")

PYPROJECT = """
[build-system]
requires = ["setuptools", "cffi_core"]
build-backend = "setuptools.build_meta"

[project]
name = "wrapped"
version = "1.0"
"""

SETUP = """
from setuptools import setup
setup(packages=["wrapped"], cffi_modules=["build_it.py:ffi"])
"""

BUILD_IT = """
from cffi_core import FFI
ffi = FFI()
ffi.cdef("int twice(int);")
ffi.set_source("wrapped._stub", "static int twice(int x) { return 2 * x; }")
"""

LIST = '["build_it.py:ffi"]'  # in SETUP, to be replaced

PLATFORM = sysconfig.get_platform().replace("-", "_").replace(".", "_")
PYTHONPATH = os.environ.get("PYTHONPATH", "")
OWN_SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")


class Project:
    """A folder with a setup.py, and what setuptools makes of it."""

    def __init__(self, folder: Path, **files: str) -> None:
        self.folder = folder
        self.write("pyproject.toml", PYPROJECT)
        self.write("setup.py", SETUP)
        self.write("build_it.py", BUILD_IT)
        self.write("wrapped/__init__.py", "")
        for name, text in files.items():
            self.write(name.replace("__", "/") + ".py", text)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, *arguments: object, at: str = "", fails: bool = False) -> str:
        """What a Python says with these arguments in a folder, which is on its path."""
        folder = self.folder / at
        paths = [str(folder), *map(os.path.abspath, filter(None, PYTHONPATH.split(os.pathsep)))]
        done = subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout
        return done.stdout

    def build(self, what: str = "wheel", fails: bool = False) -> str:
        program = f"from setuptools import build_meta; build_meta.build_{what}('dist')"
        return self.run("-c", program, fails=fails)

    @property
    def made(self) -> Path:
        (found,) = (self.folder / "dist").iterdir()
        return found

    def files(self) -> set[str]:
        """What is in the wheel beside its metadata."""
        with zipfile.ZipFile(self.made) as archive:
            return {n for n in archive.namelist() if ".dist-info/" not in n}

    def requirements(self) -> list[str]:
        with zipfile.ZipFile(self.made) as archive:
            (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
            found = email.message_from_bytes(archive.read(name)).get_all("Requires-Dist")
        return found or []

    def use(self, program: str) -> str:
        """What a program prints that has the unpacked wheel."""
        with zipfile.ZipFile(self.made) as archive:
            archive.extractall(self.folder / "installed")
        return self.run("-c", program, at="installed").strip()


@pytest.fixture
def project(tmp_path) -> Project:
    return Project(tmp_path / "a project")


TWICE = "from wrapped._stub import lib; print(lib.twice(21))"


def test_one_wheel_for_every_python(project):
    out = project.build()
    assert sysconfig.get_path("include") not in out
    assert f"-L{sysconfig.get_config_var('LIBDIR')}" not in out
    assert project.made.name == f"wrapped-1.0-py3-none-{PLATFORM}.whl"
    assert project.files() == {"wrapped/__init__.py", "wrapped/_stub.so"}
    assert project.use(TWICE) == "42"


def test_the_file_is_imported_from_the_wheel_it_came_in(project):
    project.build()
    where = project.use("import wrapped._stub as stub; print(stub.__file__)")
    assert Path(where) == project.folder / "installed" / "wrapped" / "_stub.so"


@pytest.mark.parametrize("name", ["cffi_modules", "cffi_core_modules"])
@pytest.mark.parametrize("value", ["'build_it.py:make'", "('build_it.py:make',)"])
def test_the_keyword_takes_functions_strings_and_tuples(project, name, value):
    make = "\n".join(f"    {line}" for line in BUILD_IT.strip().splitlines())
    project.write(
        "build_it.py", f"assert __name__ == '__cffi__'\ndef make():\n{make}\n    return ffi\n"
    )
    project.write("setup.py", SETUP.replace("cffi_modules", name).replace(LIST, value))
    project.build()
    assert project.use(TWICE) == "42"


def test_an_ordinary_extension_beside_it_keeps_the_wheel_for_one_python(project):
    project.write("other.c", "int PyInit_other(void) { return 0; }")
    project.write(
        "setup.py",
        """
from setuptools import Extension, setup
setup(packages=["wrapped"], cffi_modules=["build_it.py:ffi"],
      ext_modules=[Extension("wrapped.other", ["other.c"])])
""",
    )
    project.build()
    tag = project.made.name.split("-")[2]
    assert tag == f"cp{sys.version_info[0]}{sys.version_info[1]}"
    assert project.files() == {
        "wrapped/__init__.py",
        "wrapped/_stub.so",
        f"wrapped/other{OWN_SUFFIX}",
    }
    assert project.use(TWICE) == "42"


@pytest.mark.parametrize(
    "build_it",
    [
        BUILD_IT.replace('; }")', '; }", py_limited_api=False)'),
        BUILD_IT.replace('"static', "'#include <Python.h>\\nstatic").replace('; }")', "; }')"),
    ],
    ids=["said", "seen"],
)
def test_c_that_uses_python_fits_one_python(project, build_it):
    project.write("build_it.py", build_it)
    project.build()
    assert project.files() == {"wrapped/__init__.py", f"wrapped/_stub{OWN_SUFFIX}"}
    assert project.made.name.split("-")[2].startswith("cp")
    assert project.use(TWICE) == "42"


def test_sources_and_options_of_set_source(project):
    project.write("src/more.c", '#include "more.h"\nint more(void) { return MORE; }\n')
    project.write("include/more.h", "int more(void);\n")
    project.write(
        "build_it.py",
        """
from cffi_core import FFI
ffi = FFI()
ffi.cdef("int more(void);")
ffi.set_source("wrapped._stub", '#include "more.h"', sources=["src/more.c"],
               include_dirs=["include"], define_macros=[("MORE", "17")])
""",
    )
    project.build()
    assert project.use("from wrapped._stub import lib; print(lib.more())") == "17"


@needs_cplusplus
def test_cplusplus(project):
    project.write(
        "build_it.py",
        """
from cffi_core import FFI
ffi = FFI()
ffi.cdef("int largest(int, int);")
ffi.set_source("wrapped._stub", '''
#include <algorithm>
static int largest(int a, int b) { return std::max(a, b); }
''', source_extension=".cpp")
""",
    )
    project.build()
    assert project.use("from wrapped._stub import lib; print(lib.largest(3, 4))") == "4"


def test_modules_that_include_each_other(project):
    project.write(
        "build_it.py",
        """
from cffi_core import FFI
base = FFI()
base.cdef("typedef struct { int x; ...; } thing;")
base.set_source("wrapped._base", "typedef struct { long a; int x; } thing;")
ffi = FFI()
ffi.include(base)
ffi.cdef("int get(thing *);")
ffi.set_source("wrapped._stub",
    "typedef struct { long a; int x; } thing; static int get(thing *t) { return t->x; }")
""",
    )
    project.write("setup.py", SETUP.replace(LIST, "['build_it.py:base', 'build_it.py:ffi']"))
    project.build()
    program = """
from wrapped._base import ffi
from wrapped._stub import lib
print(lib.get(ffi.new("thing *", [5])))
"""
    assert project.use(program) == "5"


# ---- Python modules ---------------------------------------------------------------

ABI = """
from cffi_core import FFI
ffi = FFI()
ffi.cdef("int abs(int);")
ffi.set_source({name!r}, None)
"""


def test_without_c_source_a_python_module_for_every_platform(project):
    project.write("build_it.py", ABI.format(name="wrapped.declared"))
    project.build()
    assert project.made.name == "wrapped-1.0-py3-none-any.whl"
    assert project.files() == {"wrapped/__init__.py", "wrapped/declared.py"}
    program = "from wrapped.declared import ffi; print(ffi.dlopen(None).abs(-3))"
    assert project.use(program) == "3"
    assert project.requirements() == ["cffi_core>=0.1.0.dev0"]


def test_a_python_module_alone(project):
    project.write("build_it.py", ABI.format(name="_declared"))
    project.write("setup.py", SETUP.replace('packages=["wrapped"]', "packages=[]"))
    project.build()
    assert project.files() == {"_declared.py"}


def test_both_kinds_together(project):
    project.write("build_abi.py", ABI.format(name="wrapped.declared"))
    project.write("setup.py", SETUP.replace(LIST, "['build_it.py:ffi', 'build_abi.py:ffi']"))
    project.build()
    assert project.files() == {"wrapped/__init__.py", "wrapped/_stub.so", "wrapped/declared.py"}


# ---- the project's own commands -----------------------------------------------------

PRE_RUN = """
from setuptools import setup
from setuptools.command.build_ext import build_ext

class Build(build_ext):
    def pre_run(self, ext, ffi):
        assert ext.name == "wrapped._stub" and ext.ffi is ffi
        ext.define_macros.append(("FACTOR", "3"))

setup(packages=["wrapped"], cffi_modules=["build_it.py:ffi"], cmdclass={"build_ext": Build})
"""

BUILD_EXTENSION = """
from setuptools import setup
from setuptools.command.build_ext import build_ext

class Build(build_ext):
    def build_extension(self, ext):
        ext.extra_compile_args.append("-DFACTOR=3")
        %s

setup(packages=["wrapped"], cffi_modules=["build_it.py:ffi"], cmdclass={"build_ext": Build})
"""


@pytest.mark.parametrize(
    "setup",
    [
        PRE_RUN,
        BUILD_EXTENSION % "super().build_extension(ext)",
        # Past our driver of the compiler, to distutils' own.
        BUILD_EXTENSION % "build_ext.build_extension(self, ext)",
    ],
    ids=["pre_run", "build_extension", "distutils"],
)
def test_what_build_ext_overrides_counts(project, setup):
    project.write("build_it.py", BUILD_IT.replace("2 * x", "FACTOR * x"))
    project.write("setup.py", setup)
    project.build()
    assert project.files() == {"wrapped/__init__.py", "wrapped/_stub.so"}
    assert project.use(TWICE) == "63"


def test_an_extension_among_the_objects(project):
    """ada-url: its build_ext compiles that first, with other options."""
    project.write("more.c", "int more(int x) { return 3 * x; }\n")
    script = BUILD_IT.replace('return 2 * x; }"', 'return more(x); }", extra_objects=[more]')
    script = script.replace('"static', '"int more(int); static')
    text = "from setuptools import Extension\nmore = Extension('more', ['more.c'])\n"
    project.write("build_it.py", text + script)
    steps = """for more in ext.extra_objects:
            ext.extra_objects = self.compiler.compile(more.sources, output_dir=self.build_temp)
        super().build_extension(ext)"""
    project.write("setup.py", BUILD_EXTENSION % steps)
    project.build()
    assert project.use(TWICE) == "63"


def test_options_of_build_ext(project):
    project.write(
        "build_it.py",
        BUILD_IT.replace(
            '"static int twice(int x) { return 2 * x; }"',
            "'#include <factor.h>\\nstatic int twice(int x) { return FACTOR * ONE * x; }'",
        ),
    )
    project.write("include/factor.h", "#define FACTOR 3\n")
    project.write("setup.cfg", "[build_ext]\ninclude_dirs = include\ndefine = ONE\n")
    project.build()
    assert project.use(TWICE) == "63"


def test_the_tag_of_the_projects_own_bdist_wheel(project):
    project.write(
        "setup.py",
        """
from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel

class Wheel(bdist_wheel):
    def get_tag(self):
        python, abi, platform = super().get_tag()
        return "py310", abi, platform

setup(packages=["wrapped"], cffi_modules=["build_it.py:ffi"], cmdclass={"bdist_wheel": Wheel})
""",
    )
    project.build()
    assert project.made.name == f"wrapped-1.0-py310-none-{PLATFORM}.whl"


# ---- distutils_extension() ------------------------------------------------------------


def test_distutils_extension(project):
    project.write(
        "setup.py",
        """
from setuptools import setup
from build_it import ffi
setup(packages=["wrapped"], ext_modules=[ffi.distutils_extension()])
""",
    )
    project.run("setup.py", "bdist_wheel")
    assert project.made.name == f"wrapped-1.0-py3-none-{PLATFORM}.whl"
    assert project.requirements() == ["cffi_core>=0.1.0.dev0"]
    assert project.use(TWICE) == "42"


def test_distutils_extension_is_an_extension_with_the_c_file(project):
    project.write(
        "program.py",
        """
from build_it import ffi
from setuptools import Extension
extension = ffi.distutils_extension("below")
assert isinstance(extension, Extension)
print(extension.name, extension.sources)
ffi.distutils_extension("below", verbose=False)
""",
    )
    path = os.path.join("below", "wrapped", "_stub.c")
    out = project.run("program.py").splitlines()
    assert out == [f"regenerated: {path!r}", f"wrapped._stub {[path]!r}"]
    assert "twice" in (project.folder / path).read_text()


def test_what_build_ext_says_it_made(project):
    """As scripts of poetry do, which copy that to where the package is."""
    project.write(
        "build.py",
        """
import os, shutil
from setuptools import Distribution
from setuptools.command.build_ext import build_ext
from build_it import ffi

command = build_ext(Distribution({"name": "any", "ext_modules": [ffi.distutils_extension()]}))
command.ensure_finalized()
command.run()
(made,) = command.get_outputs()
shutil.copyfile(made, os.path.relpath(made, command.build_lib))
""",
    )
    project.run("build.py")
    assert project.run("-c", TWICE).strip() == "42"


# ---- other ways to build ----------------------------------------------------------------


def test_ext_package(project):
    """The module's name lacks the package; packages, and the script, are in a folder of theirs."""
    project.write("lib/wrapped/__init__.py", "from ._stub import lib\n")
    project.write("lib/wrapped/build_it.py", BUILD_IT.replace("wrapped._stub", "_stub"))
    words = 'package_dir={"": "lib"}, ext_package="wrapped", cffi_modules='
    script = SETUP.replace("cffi_modules=", words).replace("build_it.py", "lib/wrapped/build_it.py")
    project.write("setup.py", script)
    project.build()
    assert "wrapped/_stub.so" in project.files()
    assert project.use(TWICE) == "42"


def test_editable_installation(project):
    project.write("build_abi.py", ABI.format(name="wrapped.declared"))
    project.write("setup.py", SETUP.replace(LIST, "['build_it.py:ffi', 'build_abi.py:ffi']"))
    project.build("editable")
    assert project.made.name == f"wrapped-1.0-0.editable-py3-none-{PLATFORM}.whl"
    assert {"_stub.so", "declared.py"} <= {p.name for p in (project.folder / "wrapped").iterdir()}
    assert "wrapped/_stub.so" not in project.files()
    program = "import wrapped.declared; " + TWICE
    assert project.run("-c", program).strip() == "42"


def test_build_in_place_and_only_what_changed(project):
    project.write("build_abi.py", ABI.format(name="wrapped.declared"))
    project.write("setup.py", SETUP.replace(LIST, "['build_it.py:ffi', 'build_abi.py:ffi']"))
    project.run("setup.py", "build_ext", "--inplace")
    assert (project.folder / "wrapped" / "declared.py").exists()
    (built,) = project.folder.glob("build/lib*/wrapped/_stub.so")
    before = built.stat().st_mtime_ns
    project.run("setup.py", "build_ext", "--inplace")
    assert built.stat().st_mtime_ns == before
    project.write("build_it.py", BUILD_IT.replace("2 * x", "3 * x"))
    project.run("setup.py", "build_ext", "--inplace")
    assert built.stat().st_mtime_ns != before
    assert project.run("-c", TWICE).strip() == "63"


def test_the_source_distribution_has_the_script_and_not_what_it_makes(project):
    project.build()
    (project.folder / "dist").rename(project.folder / "wheels")
    project.build("sdist")
    with tarfile.open(project.made) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"setup.py", "build_it.py", "wrapped/__init__.py"} <= names
    assert not {name for name in names if name.endswith((".c", ".so"))}


@pytest.mark.skipif(not shutil.which("aarch64-linux-gnu-gcc"), reason="no compiler for aarch64")
def test_a_wheel_for_another_platform(project, monkeypatch):
    monkeypatch.setenv("CC", "aarch64-linux-gnu-gcc")
    options = {"--build-option": "--plat-name=linux_aarch64"}
    program = f"from setuptools import build_meta; build_meta.build_wheel('dist', {options})"
    project.run("-c", program)
    assert project.made.name == "wrapped-1.0-py3-none-linux_aarch64.whl"
    with zipfile.ZipFile(project.made) as archive:
        head = archive.read("wrapped/_stub.so")[:20]
    assert head[:4] == b"\x7fELF"
    assert int.from_bytes(head[18:20], "little") == 183  # EM_AARCH64


# ---- what the wheel requires ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("dependencies", "expected"),
    [
        ('["other>=2"]', ["other>=2", "cffi_core>=0.1.0.dev0"]),
        ('["cffi_core"]', ["cffi_core", "cffi_core>=0.1.0.dev0"]),
        ('["CFFI.core>=7"]', ["CFFI.core>=7"]),
    ],
)
def test_the_requirement_is_added_where_none_says_it(project, dependencies, expected):
    project.write("pyproject.toml", PYPROJECT + f"dependencies = {dependencies}\n")
    project.build()
    assert project.requirements() == expected


@pytest.mark.parametrize(
    ("given", "implied"),
    [
        ("cffi_core>=1.2", True),
        ("cffi-core >= 1.2.0", True),
        ("cffi_core[extra]>=1.10", True),
        ("cffi_core==1.2.3", True),
        ("cffi_core~=1.3", True),
        ("cffi_core<3,>1.2", True),
        ("cffi_core>=1.2.dev0", False),
        ("cffi_core>=1.1.9", False),
        ("cffi_core<2", False),
        ("cffi_core!=1.3", False),
        ("cffi_core", False),
        ("cffi_core_extra>=1.2", False),
        ("cffi>=1.17", False),
        ("cffi_core>=1.2; sys_platform == 'win32'", False),
    ],
)
def test_which_requirements_say_it(given, implied):
    from cffi_core.setuptools_ext import implies

    assert implies(given, "cffi_core>=1.2") is implied


def test_every_contract_has_its_first_release():
    from cffi_core import _core
    from cffi_core.releases import FIRST, requirement

    major, minor = _core.CONTRACT
    assert {(major, n) for n in range(minor + 1)} <= FIRST.keys()
    assert requirement((major, minor)) == f"cffi_core>={FIRST[major, minor]}"


def test_the_command_that_says_what_to_require(project, capsys):
    from cffi_core.__main__ import main

    script = str(project.folder / "build_it.py")
    assert main(["requires", "--ffi-var", "ffi", script]) == 0
    assert capsys.readouterr().out == "cffi_core>=0.1.0.dev0\n"
    assert main(["requires", script]) == 1
    assert "has no 'ffibuilder'" in capsys.readouterr().err


# ---- errors --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("17", "must be a list of strings like 'path/build.py:ffi', not 17"),
        ("['build_it.py']", "'build_it.py' must be of the form 'path/build.py:ffi'"),
        ("['absent.py:ffi']", "there is no file 'absent.py' in "),
        ("['build_it.py:absent']", "build_it.py has no 'absent'"),
        ("['build_it.py:FFI']", "set_source() was not called on 'build_it.py:FFI'"),
        ("['build_it.py:twice']", "'build_it.py:twice' is no FFI, and no function that returns"),
    ],
)
def test_a_wrong_keyword(project, value, message):
    project.write("build_it.py", BUILD_IT + "twice = 2\n")
    project.write("setup.py", SETUP.replace(LIST, value))
    out = project.build(fails=True)
    assert "cffi_modules" in out
    assert message in out


def test_a_wrong_declaration_is_named(project):
    project.write("build_it.py", BUILD_IT.replace("int twice(int);", "int thrice(int);"))
    out = project.build(fails=True)
    assert "thrice" in out
    assert "declared: int thrice(int)" in out


def test_a_script_that_fails_shows_where(project):
    project.write("build_it.py", BUILD_IT + "{}['absent']\n")
    out = project.build(fails=True)
    assert "build_it.py" in out
    assert "KeyError: 'absent'" in out


def test_what_belongs_to_cffi_is_left_to_it(project):
    """CFFI's keyword has the same name; where both are installed, setuptools calls both."""
    project.write("cffi.py", "class FFI: pass\n")
    project.write("build_it.py", "import cffi\nffi = cffi.FFI()\n")
    project.build()
    assert project.files() == {"wrapped/__init__.py"}
    assert project.requirements() == []
