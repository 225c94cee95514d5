"""set_source() and its relatives: what they record, and what they refuse."""

import os

import pytest
from fake_compilers import program

from cffi_core import FFI, PkgConfigError
from cffi_core.builder.options import Options
from cffi_core.builder.source import recorded


def test_what_is_recorded():
    ffi = FFI()
    assert ffi.set_source("a.b", "int x;", libraries=["m"]) is None
    assert ffi._assigned_source == ("a.b", "int x;", ".c", {"libraries": ["m"]})


def test_once():
    ffi = FFI()
    ffi.set_source("a", "")
    message = r"^set_source\(\) cannot be called several times per ffi object$"
    with pytest.raises(ValueError, match=message):
        ffi.set_source("b", "")
    with pytest.raises(ValueError, match=message):
        ffi.set_source_pkgconfig("b", [], "")
    assert ffi._assigned_source.module_name == "a"


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        (b"a", TypeError, "'module_name' must be a string"),
        (None, TypeError, "'module_name' must be a string"),
        ("a/b", ValueError, "'module_name' must not contain '/': use a dotted name to make"),
        ("a\\b", ValueError, "'module_name' must not contain '/'"),
        ("", ValueError, "'' in '' cannot be a module's name"),
        ("a.", ValueError, "'' in 'a.' cannot be a module's name"),
        (".a", ValueError, "'' in '.a' cannot"),
        ("a-b", ValueError, "must be a dotted name of ASCII letters, digits and '_': 'a-b'"),
        ("1a", ValueError, "'1a' in '1a' cannot"),
        ("a.b\n", ValueError, "cannot be a module's name"),
        ("käse", ValueError, "'käse' in 'käse' cannot"),
        ("a\0b", ValueError, "cannot be a module's name"),
        ("_cffi_core", ValueError, "'_cffi_core' is what cffi_core itself is called"),
    ],
)
def test_bad_names(name, error, message):
    ffi = FFI()
    with pytest.raises(error) as raised:
        ffi.set_source(name, "")
    assert message in str(raised.value)
    ffi.set_source("good", "")  # nothing was recorded by the failure


@pytest.mark.parametrize(
    ("kwds", "error", "message"),
    [
        ({"library": ["z"]}, TypeError, "unexpected keyword argument 'library'"),
        ({"libraries": "z"}, TypeError, "'libraries' must be a list of strings, not 'z'"),
        ({"libraries": [b"z"]}, TypeError, "'libraries' must be a list of strings; b'z' is none"),
        ({"define_macros": ["A"]}, TypeError, "(name, value) pairs"),
        ({"define_macros": [("A", 0.1)]}, TypeError, "a str, int or None; ('A', 0.1) is none"),
        ({"define_macros": {"A": "1"}}, TypeError, "must be a list of (name, value) pairs"),
        ({"language": "d"}, ValueError, "'language' must be 'c' or 'c++', not 'd'"),
        ({"source_extension": "cpp"}, ValueError, "must begin with a dot, like '.c', not 'cpp'"),
    ],
)
def test_bad_keywords(kwds, error, message):
    with pytest.raises(error) as raised:
        FFI().set_source("a", "", **kwds)
    assert message in str(raised.value)


@pytest.mark.parametrize("source", [b"int x;", 1])
def test_bad_source(source):
    with pytest.raises(TypeError, match="'source' must be a str, or None for the ABI mode"):
        FFI().set_source("a", source)


def test_arguments_go_by_name_and_position():
    FFI().set_source("a", "", ".cpp")
    FFI().set_source(module_name="a", source="", source_extension=".c")
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'source'"):
        FFI().set_source("a")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("compile", "set_source() must be called before compile()"),
        ("emit_c_code", "set_source() must be called before emit_c_code()"),
        ("emit_python_code", "set_source() must be called before emit_python_code()"),
        ("distutils_extension", "set_source() must be called before distutils_extension()"),
    ],
)
def test_without_set_source(call, message):
    arguments = ["x"] if call.startswith("emit") else []
    with pytest.raises(ValueError) as raised:
        getattr(FFI(), call)(*arguments)
    assert str(raised.value) == message


def test_c_and_python_are_not_mixed_up(tmp_path):
    c, python = FFI(), FFI()
    c.set_source("a", "")
    python.set_source("a", None)
    with pytest.raises(TypeError, match=r"^emit_c_code\(\) is only for C extension modules"):
        python.emit_c_code(str(tmp_path / "x"))
    with pytest.raises(TypeError, match=r"^distutils_extension\(\) is only for C extension"):
        python.distutils_extension(str(tmp_path))
    with pytest.raises(TypeError, match=r"^emit_python_code\(\) is only for dlopen\(\)-style"):
        c.emit_python_code(str(tmp_path / "x"))
    assert not os.listdir(tmp_path)


def test_subclasses_and_many_threads_share_nothing():
    class Mine(FFI):
        def __init__(self, note):
            super().__init__()
            self.note = note

    one, two = Mine("a"), Mine("b")
    one.set_source("one", "")
    two.set_source("two", "")
    assert one._assigned_source.module_name == "one"


@pytest.mark.parametrize(("enabled", "character"), [(True, "wchar_t"), (False, "char")])
def test_set_unicode(enabled, character):
    ffi = FFI()
    ffi.set_source("a", "", define_macros=[("X", "1")])
    ffi.set_unicode(enabled_flag=enabled)
    names = "TCHAR", "TBYTE", "LPTSTR", "PTSTR", "PTBYTE", "PTCHAR", "LPCTSTR", "PCTSTR"
    pointers = [ffi.typeof(name) for name in names[2:]]
    assert {ffi.typeof("TCHAR"), ffi.typeof("TBYTE")} == {ffi.typeof(character)}
    assert set(pointers) == {ffi.typeof(character + " *")}
    extra = [("UNICODE", "1"), ("_UNICODE", "1")] if enabled else []
    assert recorded(ffi, "compile").kwds == {"define_macros": [("X", "1"), *extra]}
    with pytest.raises(ValueError, match=r"^set_unicode\(\) can only be called once$"):
        ffi.set_unicode(enabled)


def test_keywords_are_copied():
    names = ["m"]
    options = Options("f", ".c", {"libraries": names})
    options.libraries.append("z")
    assert names == ["m"]


def test_extensions_of_cplusplus():
    for extension in ".cpp", ".cc", ".cxx", ".C":
        assert Options("f", extension, {}).cplusplus
    assert not Options("f", ".c", {}).cplusplus
    assert Options("f", ".c", {"language": "c++"}).cplusplus
    assert not Options("f", ".cpp", {"language": "c"}).cplusplus


# ---- pkg-config ---------------------------------------------------------------

PC = """\
Name: frob
Description: for tests
Version: 1
Cflags: -I/inc/frob -DWITH -DLEVEL=3 -pthread -isystem /sys
Libs: -L/lib/frob -lfrob -lm -Wl,--as-needed
"""


@pytest.fixture
def frob(tmp_path, monkeypatch):
    import shutil

    if not shutil.which("pkg-config"):
        pytest.skip("no pkg-config")
    (tmp_path / "frob.pc").write_text(PC)
    monkeypatch.setenv("PKG_CONFIG_PATH", str(tmp_path))
    monkeypatch.delenv("PKG_CONFIG", raising=False)


def test_flags_go_where_they_belong(frob):
    ffi = FFI()
    ffi.set_source_pkgconfig("a", ["frob"], "", libraries=["own"], define_macros=[("OWN", "1")])
    kwds = ffi._assigned_source.kwds
    assert kwds["include_dirs"] == ["/inc/frob"]
    assert kwds["define_macros"] == [("OWN", "1"), ("WITH", None), ("LEVEL", "3")]
    assert kwds["extra_compile_args"] == ["-pthread", "-isystem", "/sys"]
    assert kwds["library_dirs"] == ["/lib/frob"]
    assert kwds["libraries"] == ["own", "frob", "m"]
    assert kwds["extra_link_args"] == ["-Wl,--as-needed"]


def test_lists_of_the_caller_stay(frob):
    libraries = ["own"]
    FFI().set_source_pkgconfig("a", ["frob"], "", libraries=libraries)
    assert libraries == ["own"]


def test_an_unknown_package(frob):
    ffi = FFI()
    with pytest.raises(PkgConfigError, match=r"(?s)no-such-package.*search /no-such-package\.pc"):
        ffi.set_source_pkgconfig("a", ["frob", "no-such-package"], "")
    ffi.set_source("a", "")  # nothing was recorded


@pytest.mark.parametrize("libs", ["frob", None, {"frob"}, [1]])
def test_packages_are_a_list(libs):
    message = r"^the pkgconfig_libs argument must be a list of package names$"
    with pytest.raises(TypeError, match=message):
        FFI().set_source_pkgconfig("a", libs, "")


def test_no_pkg_config(monkeypatch):
    monkeypatch.setenv("PKG_CONFIG", "no-such-program")
    with pytest.raises(PkgConfigError) as raised:
        FFI().set_source_pkgconfig("a", ["zlib"], "")
    assert str(raised.value).startswith("cannot run pkg-config: ")
    assert "apt-get install pkg-config" in str(raised.value)


def test_pkg_config_that_fails_without_a_word(tmp_path, monkeypatch):
    monkeypatch.setenv("PKG_CONFIG", str(program(tmp_path / "pc", "exit 3")))
    with pytest.raises(PkgConfigError, match="--cflags zlib: exit status 3"):
        FFI().set_source_pkgconfig("a", ["zlib"], "")


def test_pkg_config_with_its_own_words_and_quotes(tmp_path, monkeypatch):
    pc = program(
        tmp_path / "pc",
        '[ "$1" = --static ] || exit 1\n'
        "case \"$*\" in *--cflags*) printf '%s\\n' '-I/a\\ b \"-DT=x y\"';; esac",
    )
    monkeypatch.setenv("PKG_CONFIG", f"{pc} --static")
    ffi = FFI()
    ffi.set_source_pkgconfig("a", ["zlib"], "")
    assert ffi._assigned_source.kwds == {"include_dirs": ["/a b"], "define_macros": [("T", "x y")]}
