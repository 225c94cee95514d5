"""Out-of-line modules of the ABI mode: Python text with the declarations."""

import importlib
import io
import os
import subprocess
import sys

import pytest

from cffi_core import FFI, VerificationError


def module(tmp_path, monkeypatch, ffi: FFI):
    """Compiles and imports the module of ffi."""
    path = ffi.compile(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    name = ffi._assigned_source.module_name
    for part in range(1, len(name.split("."))):
        (tmp_path.joinpath(*name.split(".")[:part]) / "__init__.py").touch()
    importlib.invalidate_caches()
    made = importlib.import_module(name)
    assert made.__file__ == path
    return made


def test_a_module(tmp_path, monkeypatch):
    ffi = FFI()
    ffi.cdef("size_t strlen(const char *);\n#define FOUR 4\n")
    ffi.cdef("struct s { char c; int i; };", packed=True)
    ffi.cdef("typedef struct t { char c; int i; } t_t;", pack=2, release_gil=False)
    ffi.set_source("pymod_plain", None)
    made = module(tmp_path, monkeypatch, ffi)
    libc = made.ffi.dlopen(None)
    assert libc.strlen(b"hello") == 5
    assert libc.FOUR == 4
    assert made.ffi.sizeof("struct s") == 5
    assert made.ffi.sizeof("struct t") == 6
    assert made.ffi.typeof("t_t").cname == "struct t" and ffi.typeof("t_t").cname == "t_t"
    assert made.ffi._sources == ffi._sources
    assert sorted(n for n in vars(made) if not n.startswith("_")) == ["ffi"]


def test_it_can_be_read(tmp_path):
    ffi = FFI()
    ffi.cdef("\n    int f(void);\n    int g(void);\n")
    ffi.set_source("pymod_read", None)
    text = io.StringIO()
    ffi.emit_python_code(text)
    assert '\nffi.cdef("""\n    int f(void);\n    int g(void);\n""")\n' in text.getvalue()


ODD = [
    r"enum { A = '\n', B = '\\' };",
    'extern int a; // """ quotes """\n',
    'extern int a; // ends in a quote"',
    "extern int a; // ends in a backslash \\",
    "extern int a;\r\nextern int b;\r",
    "extern int a; // \x01 \x7f\n",
    "extern int a; // käse ☃ \U0001f600\n",
    "extern int a;\t\v\f\n",
    "",
]


@pytest.mark.parametrize("text", ODD)
def test_odd_texts(tmp_path, monkeypatch, text):
    ffi = FFI()
    ffi.cdef(text)
    name = f"pymod_odd{ODD.index(text)}"
    ffi.set_source(name, None)
    assert module(tmp_path, monkeypatch, ffi).ffi._sources == ffi._sources


def test_a_dotted_name_goes_below_folders(tmp_path, monkeypatch):
    ffi = FFI()
    ffi.cdef("struct s { int a; };")
    ffi.set_source("pymod_a.b.c", None)
    made = module(tmp_path, monkeypatch, ffi)
    assert made.__file__ == str(tmp_path / "pymod_a" / "b" / "c.py")


def test_include(tmp_path, monkeypatch):
    base, user = FFI(), FFI()
    base.cdef("typedef struct { int a; } base_t;")
    base.set_source("pymod_base", None)
    user.cdef("typedef int before_t;")
    user.include(base)
    user.cdef("typedef struct { base_t b; before_t c; } user_t;")
    user.set_source("pymod_user", None)
    one = module(tmp_path, monkeypatch, base)
    two = module(tmp_path, monkeypatch, user)
    assert dict(two.ffi.typeof("user_t").fields)["b"].type is one.ffi.typeof("base_t")


def test_include_of_what_has_no_module():
    base, user = FFI(), FFI()
    user.include(base)
    user.set_source("pymod_x", None)
    with pytest.raises(VerificationError, match=r"has not been prepared with set_source\(\)$"):
        user.emit_python_code(io.StringIO())
    base.set_source("pymod_y", "int x;")
    with pytest.raises(VerificationError, match="cannot include the compiled module 'pymod_y'"):
        user.emit_python_code(io.StringIO())


def test_an_unchanged_module_is_left_alone(tmp_path, capsys):
    ffi = FFI()
    ffi.cdef("int f(void);")
    ffi.set_source("pymod_same", None)
    path = ffi.compile(tmp_path, verbose=1)
    assert capsys.readouterr().out == f"generating {path}\n"
    os.utime(path, ns=(5, 5))
    assert ffi.compile(tmp_path, verbose=1) == path
    assert os.stat(path).st_mtime_ns == 5
    assert capsys.readouterr().out == f"{path} is up to date\n"
    ffi.cdef("int g(void);")
    ffi.compile(tmp_path)
    assert os.stat(path).st_mtime_ns != 5
    assert os.listdir(tmp_path) == ["pymod_same.py"]


def test_emit_to_a_file(tmp_path):
    ffi = FFI()
    ffi.cdef("int f(void);")
    ffi.set_source("pymod_file", None)
    ffi.emit_python_code(str(tmp_path / "a.py"))
    ffi.emit_python_code(tmp_path / "b.py")
    assert (tmp_path / "a.py").read_text() == (tmp_path / "b.py").read_text()


def test_importing_one_needs_no_builder(tmp_path):
    ffi = FFI()
    ffi.cdef("int f(void);")
    ffi.set_source("pymod_light", None)
    ffi.compile(tmp_path)
    program = "import sys, pymod_light; print([m for m in sys.modules if 'builder' in m])"
    search = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": search},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
