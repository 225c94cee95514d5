"""What the compiler read, and where it looked: dependency files, search lists, real compilers."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest
from cache_build import fail_if_called, old

from cffi_core.cache import Built, Cache, depfile, search

# --- dependency files --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (b"a.o: a.c\n", ["a.c"]),
        (b"a.o: a.c b.h \\\n c.h \\\n  d.h\n", ["a.c", "b.h", "c.h", "d.h"]),
        (b"a.o: \\\n a.c\n", ["a.c"]),
        (b"a.o:\\\n a.c\n", ["a.c"]),
        (b"a.o: a.c b.h \\\r\n c.h\r\n", ["a.c", "b.h", "c.h"]),
        (b"a.o:\n", []),
        (b"dir\\ with/a.o: a.c", ["a.c"]),
        (b"a.o: a\\ b.h tab\\\there.h", ["a b.h", "tab\there.h"]),
        (b"a.o: do$$lar.h ha\\#sh.h", ["do$lar.h", "ha#sh.h"]),
        (b"a.o: co:lon.h C:/x.h", ["co:lon.h", "C:/x.h"]),
        (b"a.o: back\\slash.h", ["back\\slash.h"]),
        (b"a.o: bs\\\\\\ space.h bs\\\\\\\\\\ two.h", ["bs\\ space.h", "bs\\\\ two.h"]),
        (b"a.o: new\nline.h next.h", ["new\nline.h", "next.h"]),
        (b"a.o: quo\"te.h sq'uote.h \xc3\xa9.h", ['quo"te.h', "sq'uote.h", "é.h"]),
    ],
)
def test_dependency_files(text, names):
    assert depfile.parse(text) == names


@pytest.mark.parametrize("text", [b"", b"\n", b"no target here\n"])
def test_not_a_dependency_file(text):
    with pytest.raises(ValueError, match="not a dependency file"):
        depfile.parse(text)


def test_relative_names(tmp_path):
    path = tmp_path / "a.d"
    path.write_bytes(b"a.o: a.c ../b.h /c.h\n")
    assert depfile.read(path, "/src") == ["/src/a.c", "/src/../b.h", "/c.h"]


# --- search lists ------------------------------------------------------------------------------

VERBOSE = """\
gcc version 12.2.0 (Debian 12.2.0-14)
ignoring nonexistent directory "/no/such"
ignoring duplicate directory "/usr/include"
#include "..." search starts here:
 /quote dir
#include <...> search starts here:
 /first
 /usr/include
 /System/Library/Frameworks (framework directory)
End of search list.
 not this
"""


def test_search_list():
    found = search.parse_verbose(VERBOSE)
    assert found.quote == ["/quote dir"]
    assert found.angle == ["/first", "/usr/include", "/System/Library/Frameworks"]
    assert found.missing == ["/no/such"]
    assert repr(search.parse_verbose(VERBOSE.encode())) == repr(found)


def test_absent_places(tmp_path):
    header = old(tmp_path / "b" / "sub" / "x.h")
    main = old(tmp_path / "src" / "main.c")
    (tmp_path / "a").mkdir()
    listed = search.Search([tmp_path / "q"], [tmp_path / "a", tmp_path / "b", tmp_path / "c"], [])
    places = search.absent_places([main, header], listed)
    # One way only leads to the header: as sub/x.h through b.
    assert places == [str(tmp_path / name) for name in ("a/sub", "b/sub/sub", "q", "src/sub")]


def test_missing_directories_come_first(tmp_path):
    """Their order is lost, so they are before everything."""
    header = old(tmp_path / "a" / "x.h")
    listed = search.Search([], ["a"], ["no/such"])
    assert search.absent_places(["a/x.h"], listed, tmp_path) == [str(tmp_path / "no")]
    assert header.exists()


def test_a_directory_within_another(tmp_path):
    """Found as sub/x.h or as x.h: both ways count."""
    header = old(tmp_path / "inc" / "sub" / "x.h")
    (tmp_path / "first").mkdir()
    listed = search.Search([], [tmp_path / n for n in ("first", "inc", "inc/sub")])
    places = search.absent_places([header], listed)
    expected = "first/sub", "first/x.h", "inc/sub/sub", "inc/x.h"
    assert places == [str(tmp_path / name) for name in expected]


# --- a real compiler ---------------------------------------------------------------------------


@pytest.fixture(params=["gcc", "clang"])
def compiler(request, tmp_path):
    """A build by a real compiler, in the least that a driver needs."""
    from shutil import which

    if not which(request.param):
        pytest.skip(f"no {request.param}")
    return Compiler(request.param, tmp_path)


class Compiler:
    def __init__(self, command: str, folder: Path) -> None:
        self.command, self.folder, self.flags, self.count = command, folder, [], 0
        self.cache = Cache(folder / "cache")
        self.source = '#include "value.h"\nint value = VALUE;\n'

    def get(self, build=None) -> int:
        """What the object's variable is."""
        program = Path(self.command)
        host = {"compiler": self.command, "flags": self.flags, "CPATH": os.environ.get("CPATH")}
        if program.is_absolute():
            status = program.stat()
            host["stamp"] = f"{status.st_size} {status.st_mtime_ns}"
        path = self.cache.get({"source": self.source}, build or self.build, host=host)
        data = subprocess.run(["objdump", "-s", "-j", ".data", path], capture_output=True).stdout
        return int(data.split()[-2][:2], 16)

    def build(self, folder: str) -> Built:
        self.count += 1
        Path(folder, "stub.c").write_text(self.source)
        line = [*shlex.split(self.command), "-v", "-shared", "-fPIC", "-MD", "-MF", "stub.d"]
        line += [*self.flags, "-o", "stub.so", "stub.c"]
        environment = {**os.environ, "LC_ALL": "C"}
        done = subprocess.run(line, cwd=folder, capture_output=True, env=environment)
        assert done.returncode == 0, done.stderr
        inputs = depfile.read(os.path.join(folder, "stub.d"), folder)
        places = search.absent_places(inputs, search.parse_verbose(done.stderr), folder)
        return Built("stub.so", inputs, places)

    def header(self, name: str, value: int) -> Path:
        return old(self.folder / name / "value.h", f"#define VALUE {value}\n")


def test_hit(compiler):
    compiler.header("inc", 1)
    compiler.flags = [f"-I{compiler.folder / 'inc'}"]
    assert compiler.get() == 1
    assert compiler.get(fail_if_called) == 1


def test_header_edited(compiler):
    compiler.header("inc", 1)
    compiler.flags = [f"-I{compiler.folder / 'inc'}"]
    assert compiler.get() == 1
    compiler.header("inc", 2)
    assert compiler.get() == 2


@pytest.mark.parametrize("exists", [False, True])
@pytest.mark.parametrize("option", ["-I", "-iquote"])
def test_header_shadowed(compiler, exists, option):
    """By a directory that comes first in the list, whether or not it was there before."""
    if exists:
        (compiler.folder / "first").mkdir()
    compiler.header("inc", 1)
    compiler.flags = [f"{option}{compiler.folder / 'first'}", f"-I{compiler.folder / 'inc'}"]
    assert compiler.get() == 1
    assert compiler.get(fail_if_called) == 1
    compiler.header("first", 2)
    assert compiler.get() == 2


def test_header_shadowed_beside_the_including_file(compiler):
    old(compiler.folder / "src" / "main.h", '#include "value.h"\n')
    compiler.header("inc", 1)
    compiler.source = '#include "main.h"\nint value = VALUE;\n'
    compiler.flags = [f"-I{compiler.folder / name}" for name in ("src", "inc")]
    assert compiler.get() == 1
    compiler.header("src", 2)
    assert compiler.get() == 2


def test_header_of_a_library_shadowed(compiler):
    compiler.source = "#include <zlib.h>\n#ifndef VALUE\n#define VALUE 1\n#endif\n"
    compiler.source += "int value = VALUE;\n"
    (compiler.folder / "inc").mkdir()
    compiler.flags = [f"-I{compiler.folder / 'inc'}"]
    if not os.path.exists("/usr/include/zlib.h"):
        pytest.skip("no zlib.h")
    assert compiler.get() == 1
    old(compiler.folder / "inc" / "zlib.h", "#define VALUE 2\n")
    assert compiler.get() == 2


def test_cpath_changed(compiler, monkeypatch):
    compiler.header("one", 1)
    compiler.header("two", 2)
    monkeypatch.setenv("CPATH", str(compiler.folder / "one"))
    assert compiler.get() == 1
    monkeypatch.setenv("CPATH", str(compiler.folder / "two"))
    assert compiler.get() == 2
    monkeypatch.setenv("CPATH", str(compiler.folder / "one"))
    assert compiler.get(fail_if_called) == 1


def test_compiler_upgraded(compiler):
    compiler.header("inc", 1)
    wrapper = old(compiler.folder / "cc", f'#!/bin/sh\nexec {compiler.command} "$@"\n')
    wrapper.chmod(0o755)
    compiler.command = str(wrapper)
    compiler.flags = [f"-I{compiler.folder / 'inc'}"]
    assert compiler.get() == 1
    wrapper.write_text(wrapper.read_text() + "# upgraded\n")
    assert compiler.get() == 1
    assert compiler.count == 2


NAMES = ["a b", "tab\there", "do$lar", "ha#sh", "quo\"te'", "back\\slash", "bs\\ space", "é ü"]
# A newline ends a name in their search lists; Clang writes a tab as it is, and / for \\.
LOST = {"gcc": ["new\nline"], "clang": ["new\nline", "tab\there", "back\\slash", "bs\\ space"]}


@pytest.mark.parametrize("name", [*NAMES, "new\nline"])
def test_names_of_directories(compiler, name):
    """Found again in the dependency file; where a name is not, nothing stale is kept."""
    compiler.header(name, 1)
    compiler.flags = [f"-I{compiler.folder / name}"]
    assert compiler.get() == 1
    if name not in LOST[compiler.command]:
        assert compiler.get(fail_if_called) == 1
    compiler.header(name, 2)
    assert compiler.get() == 2
