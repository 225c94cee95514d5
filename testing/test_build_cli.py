"""`python -m cffi_core emit`, without and with its standard output."""

import os
import shutil
import subprocess
import sys

import pytest

import cffi_core
from cffi_core.__main__ import main

SCRIPT = """\
import helper
from cffi_core import FFI

ffibuilder = FFI()
ffibuilder.cdef(helper.DECLARATIONS)
ffibuilder.set_source("cli_made", None)
factory = lambda: ffibuilder
nothing = 3
assert __name__ == "__cffi__" and __file__.endswith("build.py")
"""


@pytest.fixture
def script(tmp_path):
    (tmp_path / "helper.py").write_text('DECLARATIONS = "int käse(void);"\n', encoding="utf-8")
    (tmp_path / "build.py").write_text(SCRIPT)
    yield str(tmp_path / "build.py")
    sys.modules.pop("helper", None)


@pytest.mark.parametrize("form", [["emit"], ["emit", "exec-python"]])
@pytest.mark.parametrize("variable", [[], ["--ffi-var", "factory"]])
def test_a_script(tmp_path, script, form, variable):
    before = list(sys.path)
    output = tmp_path / "out.py"
    assert main([form[0], *variable, *form[1:], script, str(output)]) == 0
    assert 'ffi.cdef("""int käse(void);""")' in output.read_text(encoding="utf-8")
    assert sys.path == before


def test_standard_output_is_utf8(script):
    done = subprocess.run(
        [sys.executable, "-m", "cffi_core", "emit", script, "-"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert "int käse(void);" in done.stdout.decode("utf-8")


def test_c_from_a_script_and_from_its_parts(tmp_path):
    """The same file, wherever it comes from; here it is compiled by hand and imported."""
    cdef = "int add(int, int);\r\n"
    source = "/* käse */ static int add(int a, int b) { return a + b; }\n"
    (tmp_path / "cdef.txt").write_bytes(cdef.encode())
    (tmp_path / "source.c").write_text(source, encoding="utf-8")
    (tmp_path / "build.py").write_text(
        f"from cffi_core import FFI\nffibuilder = FFI()\nffibuilder.cdef({cdef!r})\n"
        f"ffibuilder.set_source('cli_add', {source!r})\n",
        encoding="utf-8",
    )
    one, two = tmp_path / "one.c", tmp_path / "two.c"
    assert main(["emit", str(tmp_path / "build.py"), str(one)]) == 0
    parts = [str(tmp_path / "cdef.txt"), str(tmp_path / "source.c"), str(two)]
    assert main(["emit", "read-sources", "cli_add", *parts]) == 0
    assert one.read_bytes() == two.read_bytes()
    if shutil.which("cc"):
        module = str(tmp_path / "cli_add.so")
        command = ["cc", "-shared", "-fPIC", "-O2", "-fvisibility=hidden", str(one), "-o", module]
        subprocess.run(command, check=True)
        assert cffi_core.load(module).lib.add(2, 3) == 5


def test_an_output_that_would_not_change_is_left_alone(tmp_path, script):
    output = tmp_path / "out.py"
    main(["emit", script, str(output)])
    os.utime(output, ns=(5, 5))
    main(["emit", script, str(output)])
    assert output.stat().st_mtime_ns == 5


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent", "has no 'absent'; name its FFI with --ffi-var"),
        ("nothing", "'nothing' in "),
    ],
)
def test_no_such_ffi(tmp_path, script, capsys, name, message):
    assert main(["emit", "--ffi-var", name, script, str(tmp_path / "x")]) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("words", [["a"], ["a", "b", "c"], ["read-sources", "m", "a", "b"]])
def test_a_wrong_number_of_words(words, capsys):
    with pytest.raises(SystemExit) as exited:
        main(["emit", *words])
    assert exited.value.code == 2
    assert "read-sources MODULE CDEF SOURCE OUTPUT" in capsys.readouterr().err


def test_version(capsys):
    from cffi_core import __version__

    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith(f"cffi_core {__version__}, stub contract (")


def test_help(capsys):
    with pytest.raises(SystemExit) as exited:
        main(["emit", "--help"])
    assert exited.value.code == 0
    assert "for a build system to compile" in capsys.readouterr().out
