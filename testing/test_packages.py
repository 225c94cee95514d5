"""Packages that ship a stub: testing/packages, built into wheels by three build systems.

One wheel each is built, and used on every Python of the machine, beside the wheel of cffi_core
that is released, where there is no compiler. Slow, and build systems are fetched, so only the full
tests run it, and `./run packages`.
"""

import email
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from clean_environment import ROOT, CleanEnvironment, pythons, run, wheelhouse

FULL = bool(os.environ.get("CFFI_CORE_FULL"))
pytestmark = pytest.mark.skipif(not FULL, reason="builds packages; ./run packages runs it")

PACKAGES = ROOT / "testing" / "packages"
SYSTEMS = ["setuptools", "scikit", "meson"]

PROGRAM = """
import sys, sysconfig, points
assert points.LIMIT == 1024
assert points.length(3, -4) == 7
assert points.scale(1, 2, 10) == (10, 20)
assert points.scaled() == 1
assert points.count([(1, 2), (3, 1), (0, 5)], lambda x, y: x < y) == 2
if sysconfig.get_config_var("Py_GIL_DISABLED"):
    assert not sys._is_gil_enabled()
print(points._points.__file__)
"""


def package(system: str, folder: Path) -> Path:
    """The package of one build system, put together in folder."""
    shutil.copytree(PACKAGES / "common", folder, dirs_exist_ok=True)
    shutil.copytree(PACKAGES / system, folder, dirs_exist_ok=True)
    return folder


def build(system: str, folder: Path) -> Path:
    """The wheel, as anybody builds it: with the build system in an environment of its own."""
    source = package(system, folder / "source")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "-q", "--no-deps"]
    run(*pip, "--find-links", wheelhouse(), "-w", folder / "dist", source, cwd=folder)
    (wheel,) = (folder / "dist").glob("*.whl")
    return retagged(wheel) if system == "meson" else wheel


def retagged(wheel: Path) -> Path:
    """meson-python takes all that is not Python code for one Python's own: it is told better."""
    tools = ROOT / "build" / "wheels" / "tools"
    run(tools / "bin" / "python", "-m", "pip", "install", "-q", "wheel")
    tags = ["--python-tag", "py3", "--abi-tag", "none", "--remove"]
    run(tools / "bin" / "python", "-m", "wheel", "tags", *tags, wheel)
    (found,) = wheel.parent.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def wheels(tmp_path_factory) -> dict[str, Path]:
    """system -> wheel, built by one Python, for all."""
    return {system: build(system, tmp_path_factory.mktemp(system)) for system in SYSTEMS}


@pytest.fixture(scope="module", params=pythons() if FULL else [], ids=lambda python: python.tag)
def environment(request, tmp_path_factory) -> CleanEnvironment:
    return CleanEnvironment(request.param, tmp_path_factory.mktemp("clean"))


def metadata(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_wheel_is_for_every_python_of_the_platform(wheels, system):
    platform = re.sub(r"\W", "_", sysconfig.get_platform())
    assert wheels[system].name == f"points_{system}-1.0-py3-none-{platform}.whl"


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_wheel_holds_the_stub_and_nothing_of_the_build(wheels, system):
    with zipfile.ZipFile(wheels[system]) as archive:
        names = {n for n in archive.namelist() if ".dist-info/" not in n and n[-1] != "/"}
    assert names == {"points/__init__.py", "points/_points.so"}


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_wheel_requires_the_lowest_core_that_loads_it(wheels, system):
    assert metadata(wheels[system]).get_all("Requires-Dist") == ["cffi_core>=0.1.0.dev0"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_stub_needs_nothing_of_python(wheels, system, tmp_path):
    """But for the one weak symbol by which it finds the core; and it exports two names, beside
    those that the package's own C source defines."""
    with zipfile.ZipFile(wheels[system]) as archive:
        stub = archive.extract("points/_points.so", tmp_path)
    lines = subprocess.run(["nm", "-D", stub], capture_output=True, text=True, check=True).stdout
    symbols = [line.split()[-2:] for line in lines.splitlines()]
    python = {(kind, name) for kind, name in symbols if re.match(r"_?Py", name) and kind != "T"}
    assert python <= {("w", "PyCapsule_Import")}
    exported = {name for kind, name in symbols if kind in "TDBRV" and not name.startswith("point")}
    assert exported - {"_init", "_fini"} == {"PyInit__points", "cd_stub__points"}


def test_it_becomes_a_wheel_for_many_linux_systems(wheels, tmp_path):
    """auditwheel, which knows extension modules of one Python best, takes this one too."""
    tools = ROOT / "build" / "wheels" / "tools" / "bin"
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    command = [tools / "auditwheel", "repair", "-w", tmp_path, wheels["setuptools"]]
    run(*command, env=os.environ | {"PATH": path})
    (wheel,) = tmp_path.glob("*.whl")
    assert re.match(r"points_setuptools-1\.0-py3-none-manylinux[\w.]+\.whl$", wheel.name)


@pytest.mark.parametrize("system", SYSTEMS)
def test_it_works_where_there_is_no_compiler(wheels, system, environment):
    environment.install(wheels[system])
    try:
        file = environment.python("-c", PROGRAM).strip()
    finally:
        environment.python("-m", "pip", "uninstall", "-q", "-y", f"points_{system}")
    assert Path(file).is_relative_to(environment.folder)
