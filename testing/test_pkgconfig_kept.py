"""cdef_header(packages=...): pkg-config runs once, and again when its answer may be another."""

import os
import shutil
import subprocess

import pytest

from cffi_core import FFI, PkgConfigError
from cffi_core.builder import pkgconfig_kept

pytestmark = pytest.mark.skipif(not shutil.which("pkg-config"), reason="needs pkg-config")


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Two folders of PKG_CONFIG_PATH; a package in the second one, which requires another."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    write(second / "shop.pc", "-Dshop=1", "Requires: ${base} >= 1.0")
    write(second / "shelf.pc", "-Dshelf=1")
    monkeypatch.setenv("PKG_CONFIG_PATH", f"{first}{os.pathsep}{second}")
    monkeypatch.setenv("CFFI_CORE_CACHE", str(tmp_path / "cache"))
    return first, second


def write(path, cflags, more=""):
    text = f"base=shelf\nName: x\nDescription: x\nVersion: 1.5\nCflags: {cflags}\n{more}\n"
    path.write_text(text)


@pytest.fixture
def runs(monkeypatch):
    """The commands that were run."""
    commands, run = [], subprocess.run

    def counted(command, **kwds):
        commands.append(command)
        return run(command, **kwds)

    monkeypatch.setattr(subprocess, "run", counted)
    return commands


def test_once(places, runs):
    assert pkgconfig_kept.ask("--cflags", "shop") == ["-Dshop=1", "-Dshelf=1"]
    assert runs
    runs.clear()
    assert pkgconfig_kept.ask("--cflags", "shop") == ["-Dshop=1", "-Dshelf=1"]
    assert pkgconfig_kept.ask("--libs", "shop") == []
    assert not runs


def test_changes(places, monkeypatch):
    first, second = places
    pkgconfig_kept.ask("--cflags", "shop")
    write(second / "shelf.pc", "-Dshelf=22")  # of what it requires
    assert pkgconfig_kept.ask("--cflags", "shop") == ["-Dshop=1", "-Dshelf=22"]
    write(first / "shelf.pc", "-Dshelf=3")  # in a place that comes first
    assert pkgconfig_kept.ask("--cflags", "shop") == ["-Dshop=1", "-Dshelf=3"]
    write(second / "shop.pc", "-Dshop=4")
    assert pkgconfig_kept.ask("--cflags", "shop") == ["-Dshop=4"]
    monkeypatch.setenv("PKG_CONFIG_PATH", str(first))
    with pytest.raises(PkgConfigError, match="shop"):
        pkgconfig_kept.ask("--cflags", "shop")


def test_errors_are_not_kept(places):
    with pytest.raises(PkgConfigError, match="barn"):
        pkgconfig_kept.ask("--cflags", "barn")
    write(places[0] / "barn.pc", "-Dbarn")
    assert pkgconfig_kept.ask("--cflags", "barn") == ["-Dbarn"]


def test_without_pkg_config(places, monkeypatch):
    """What it has said stays true when it is not there."""
    pkgconfig_kept.ask("--cflags", "shop")
    monkeypatch.setenv("PATH", str(places[0]))
    assert pkgconfig_kept.ask("--cflags", "shop") == ["-Dshop=1", "-Dshelf=1"]
    with pytest.raises(PkgConfigError, match="cannot run pkg-config"):
        pkgconfig_kept.ask("--cflags", "shelf")


def test_cdef_header_without_a_process(places, runs, tmp_path):
    (tmp_path / "shop.h").write_text("#if shop\nint abs(int);\n#endif\n")
    FFI().cdef_header("shop.h", packages=["shop"], include_dirs=[tmp_path])
    runs.clear()
    ffi = FFI()
    ffi.cdef_header("shop.h", packages=["shop"], include_dirs=[tmp_path])
    assert ffi.dlopen(None).abs(-2) == 2
    assert not runs
