"""FFI.cdef_header(): headers that are not there or no C, preprocessors that fail, odd names."""

import os

import pytest

from cffi_core import FFI, CDefError, PkgConfigError, VerificationError


@pytest.fixture
def write(tmp_path, monkeypatch):
    """write(name, text): a header in a folder of its own, which is the current one."""
    folder = tmp_path / "headers"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)

    def write(name, text):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    write.folder = folder
    return write


def declare(headers, **options):
    ffi = FFI()
    ffi.cdef_header(headers, **options)
    return ffi


def message(kind, headers, **options):
    with pytest.raises(kind) as caught:
        declare(headers, **options)
    return str(caught.value)


def test_a_folder(tmp_path):
    assert message(CDefError, str(tmp_path)) == f"the header '{tmp_path}' is a folder"


def test_several_headers_are_a_list():
    """The second one was taken for what comes before the first."""
    with pytest.raises(TypeError, match="takes several headers as a list"):
        FFI().cdef_header("stdio.h", "stdlib.h")


# ---- not there ------------------------------------------------------------------------------


def test_not_there(write):
    text = message(CDefError, "nosuch/header.h", include_dirs=[write.folder])
    assert text.startswith("the header 'nosuch/header.h' is not found\nlooked for in ")
    assert str(write.folder) in text
    assert "/include" in text
    assert "apt-file search /nosuch/header.h" in text


def test_not_there_by_path(write):
    path = f"{write.folder}/nosuch.h"
    assert message(CDefError, path) == f"the header {path!r} is not found"


def test_in_the_current_folder(write, tmp_path):
    (tmp_path / "mine.h").write_text("int mine;\n")
    text = message(CDefError, "mine.h")
    assert "The current folder has it: include_dirs=['.'], or its path, './mine.h'" in text
    declare("./mine.h")
    declare("mine.h", include_dirs=["."])


def test_one_that_another_includes(write):
    write("outer.h", "#include <middle.h>\n")
    write("middle.h", "\n#include <nosuch.h>\n")
    text = message(CDefError, "outer.h", include_dirs=[write.folder])
    assert text.startswith("the header 'nosuch.h', which another one includes, is not found:\n")
    assert f"{write.folder}/outer.h:1" in text
    assert f"{write.folder}/middle.h:2" in text


def test_what_before_names(write):
    write("some.h", "int some;\n")
    text = message(CDefError, "some.h", before=["nosuch.h"], include_dirs=[write.folder])
    assert text.startswith("the header 'nosuch.h' is not found, which 'before' names\n")


def test_what_does_not_end(write):
    """A compiler says so at the end of everything; where it began is shown, and the chain."""
    write("outer.h", '#include "inner.h"\nint fine(void);\n')
    write("inner.h", "int good(void);\nint broken(int x;\n")
    text = message(CDefError, "outer.h", include_dirs=[write.folder])
    assert f"{write.folder}/inner.h:2:17: expected ',' or ')', found ';'" in text
    assert f"included from {write.folder}/outer.h:1\n" in text


def test_endless_includes(write):
    write("loop.h", '#include "loop.h"\n')
    text = message(CDefError, "loop.h", include_dirs=[write.folder])
    assert "depth" in text
    assert len(text.splitlines()) < 10


def test_unknown_package(write):
    with pytest.raises(PkgConfigError, match="no-such-package"):
        declare("stdio.h", packages=["no-such-package"])


# ---- no C -----------------------------------------------------------------------------------


def test_does_not_compile(write):
    write("outer.h", "#include <inner.h>\n")
    write("inner.h", "int good;\nint f(nosuch x);\n")
    text = message(CDefError, "outer.h", include_dirs=[write.folder])
    assert text.startswith("outer.h: the C compiler refuses it:\n")
    assert f"{write.folder}/inner.h:2" in text
    assert f"{write.folder}/outer.h:1" in text
    assert "before=" not in text


def test_says_so_itself(write):
    write("picky.h", "#error include <other.h> first\n")
    text = message(CDefError, "picky.h", include_dirs=[write.folder])
    assert "include <other.h> first" in text


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("size_t f(void);", ["stddef.h"]),
        ("void f(FILE *, uint32_t);", ["stdint.h", "stdio.h"]),
        ("struct s { struct sockaddr a; socklen_t n; };", ["sys/socket.h"]),
    ],
)
def test_needs_another_one(write, text, before):
    write("needs.h", text + "\n")
    told = message(CDefError, "needs.h", include_dirs=[write.folder])
    assert told.endswith(f"It needs other headers before it: before={before!r}")
    declare("needs.h", include_dirs=[write.folder], before=before)


def test_cplusplus(write):
    write("plus.h", "namespace a { class b; }\n")
    text = message(CDefError, "plus.h", include_dirs=[write.folder])
    assert text.endswith("It is C++, and only C is read.")


def test_nothing_stays_of_a_failure(write):
    write("bad.h", "int good;\nint f(int;\n")
    ffi = FFI()
    with pytest.raises(CDefError):
        ffi.cdef_header("bad.h", include_dirs=[write.folder])
    assert ffi._sources == []
    ffi.cdef("float good;")


# ---- the preprocessor -----------------------------------------------------------------------


@pytest.fixture
def script(tmp_path, monkeypatch):
    """script(text): a shell script that is the compiler."""

    def script(text):
        path = tmp_path / "fake-cc"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        monkeypatch.setenv("CC", str(path))
        monkeypatch.setenv("CFFI_CORE_CACHE", str(tmp_path / "cache"))

    return script


def test_none(monkeypatch, tmp_path):
    monkeypatch.setenv("CC", "no-such-compiler")
    monkeypatch.setenv("CFFI_CORE_CACHE", str(tmp_path / "cache"))
    text = message(VerificationError, "stdio.h")
    assert text.startswith("cannot run the C preprocessor 'no-such-compiler': ")
    assert "apt-get install gcc libc6-dev" in text


def test_killed(script):
    script("echo 'int x;'; kill -9 $$")
    text = message(VerificationError, "stdio.h")
    assert text.startswith("the C preprocessor was killed by signal 9 (SIGKILL)")


def test_stops_in_the_middle(script):
    script("echo 'int x'; exit 0")
    assert "stopped in the middle" in message(VerificationError, "stdio.h")


def test_fails_the_second_time(script, tmp_path):
    script(f'[ -e {tmp_path}/once ] && {{ echo oops >&2; exit 3; }}; : >{tmp_path}/once; cc "$@"')
    assert message(CDefError, "stddef.h").endswith("the C preprocessor refuses it:\n    oops")
    assert message(CDefError, "stddef.h").endswith("oops")  # and nothing was kept


# ---- arguments ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "options", "kind", "text"),
    [
        ([], {}, ValueError, "'headers' must name a header"),
        ("", {}, ValueError, "'headers' has an empty name"),
        ("a\0b.h", {}, ValueError, "NUL"),
        (3, {}, TypeError, "'headers' must be a list of strings, not 3"),
        ([3], {}, TypeError, "'headers' must be a list of strings; 3 is none"),
        ("a\nb.h", {}, ValueError, "no #include line can name the header"),
        ("stdio.h", {"select": 3}, TypeError, "'select' must be a list of strings"),
        ("stdio.h", {"follow": 3}, TypeError, "'follow' must be a list of strings"),
        ("stdio.h", {"nonsense": 3}, TypeError, "unexpected keyword argument 'nonsense'"),
        ("stdio.h", {"include_dirs": "x"}, TypeError, "'include_dirs' must be a list"),
    ],
)
def test_bad_arguments(headers, options, kind, text):
    assert text in message(kind, headers, **options)


# ---- odd names and bytes ---------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["a b", 'quo"te', "back\\slash", "new\nline", "ümlaut", "#%$'"])
def test_odd_folders(write, folder):
    path = write(f"{folder}/odd.h", '#include "part.h"\nint odd(int); /* odd */\n#define ODD 1\n')
    write(f"{folder}/part.h", "#define PART 2\n#define NOTHING\n")
    ffi = declare(path)
    assert ffi.integer_const("ODD") == 1
    assert ffi.integer_const("PART") == 2
    (place,) = [place for _, place, _ in ffi.unavailable()]
    assert place.startswith(f"{path.parent}/part.h:2:")
    assert ffi._table.docs == {"odd": "odd"}
    if folder == "a b":
        ffi.verify()


@pytest.mark.parametrize("name", ["a b.h", 'quo"te.h', "gre>ater.h", "ümlaut.h"])
def test_odd_files(write, name):
    path = write(name, "#define ODD 1\n")
    assert declare(path).integer_const("ODD") == 1


def test_no_utf8(write):
    text = b'/* caf\xe9 */\nint latin(int);\n#define NAME "caf\xe9"\n#define U "\xc3\xa9"'
    write("latin.h", text)
    ffi = declare("latin.h", include_dirs=[write.folder])
    lib = ffi.dlopen(None)
    assert lib.NAME == b"caf\xe9"
    assert lib.U == b"\xc3\xa9"
    assert ffi._table.docs["latin"] == "caf\N{REPLACEMENT CHARACTER}"


def test_a_path_object(write):
    path = write("path.h", "#define A 1\n")
    assert declare([path, os.fspath(path)]).integer_const("A") == 1
