"""Modules that C programs call: embedding_api(), embedding_init_code()."""

import ctypes
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

import cffi_core
from cffi_core import FFI, VerificationError
from cffi_core.builder.embedding import libpython

CODE = """
    from _plugin import ffi, lib

    @ffi.def_extern()
    def weigh(a, b):
        return a * 100 + b

    @ffi.def_extern()
    def half(x):
        return x / 2
"""
MAIN = r"""
#include <pthread.h>
#include <stdio.h>
int weigh(int, int);
double half(double);
static void *call(void *x) { return (void *)(long)weigh(1, (int)(long)x); }
int main(void)
{
    pthread_t threads[8];
    long sum = 0;
    for (long i = 0; i < 8; i++)
        pthread_create(&threads[i], 0, call, (void *)i);
    for (int i = 0; i < 8; i++) {
        void *result;
        pthread_join(threads[i], &result);
        sum += (long)result;
    }
    printf("%ld %d %g\n", sum, weigh(4, 2), half(5));
    return 0;
}
"""


def plugin(code=CODE, source="", name="_plugin") -> FFI:
    ffi = FFI()
    ffi.embedding_api("int weigh(int, int); double half(double);")
    ffi.set_source(name, source)
    if code is not None:
        ffi.embedding_init_code(code)
    return ffi


@pytest.fixture
def program(tmp_path):
    """Compiles a program around an FFI's library and runs it."""
    if not libpython():
        pytest.skip("this Python has no shared library that a C program could load")

    def run(ffi, main=MAIN, **environment):
        library = ffi.compile(tmp_path, target="libplugin.*")
        (tmp_path / "main.c").write_text(main)
        subprocess.run(
            ["cc", "main.c", library, "-Wl,-rpath,.", "-lpthread", "-o", "main"],
            cwd=tmp_path,
            check=True,
        )
        root = Path(cffi_core.__file__).resolve().parent.parent
        return subprocess.run(
            ["./main"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(root), **environment},
            timeout=60,
            check=False,
        )

    return run


def test_the_first_call_starts_python(program):
    done = program(plugin())
    assert (done.stdout, done.stderr, done.returncode) == ("828 402 2.5\n", "", 0)


def test_without_init_code_nothing_is_bound(program):
    done = program(plugin(None), "int weigh(int, int); int main(void) { return weigh(1, 2); }")
    assert done.returncode == 0
    assert "weigh() called, but no code was attached to it yet" in done.stderr


def test_an_init_code_that_fails_is_told_once_and_calls_give_zero(program):
    main = "int weigh(int, int); int main(void) { return weigh(1, 2) + weigh(3, 4); }"
    done = program(plugin("raise KeyError('what')"), main)
    assert done.returncode == 0
    assert done.stderr.count("KeyError: 'what'") == 1
    assert done.stderr.count("could not be started or its init code failed") == 1


def test_no_python_library(program):
    main = "int weigh(int, int); int main(void) { return weigh(1, 2); }"
    done = program(plugin(), main, CFFI_CORE_LIBPYTHON="libnosuch.so")
    assert done.returncode == 0
    assert "no Python library was found; name one in the environment" in done.stderr


def test_the_source_may_start_python_and_export(program):
    source = """
        CFFI_DLLEXPORT int twice(int);
        int twice(int x) { return cffi_start_python() ? -1 : 2 * x; }
    """
    main = "int twice(int); int main(void) { return twice(21); }"
    done = program(plugin("import sys; print('init', __name__)", source), main)
    assert (done.returncode, done.stdout) == (42, "init __main__\n")


LATER = r"""
#include <pthread.h>
#include <unistd.h>
int weigh(int, int);
static void *call(void *x) { return (void *)(long)(weigh(1, 2) - 102); }
int main(void)
{
    pthread_t thread;
    void *result;
    pthread_create(&thread, 0, call, 0);
    usleep(400000);
    int own = weigh(3, 4) - 304;
    pthread_join(thread, &result);
    return own || result;
}
"""


def test_a_call_waits_for_the_init_code(program):
    """The module is loaded by then, and nothing bound."""
    done = program(plugin("    import time\n    time.sleep(0.6)\n" + CODE), LATER)
    assert (done.stderr, done.returncode) == ("", 0)


TWO = r"""
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
static void *call(void *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    int (*function)(int) = library ? (int (*)(int))dlsym(library, "number") : 0;
    return (void *)(long)(function ? function(1) : -1);
}
int main(void)
{
    pthread_t threads[2];
    void *results[2];
    pthread_create(&threads[0], 0, call, "./_number_0.so");
    pthread_create(&threads[1], 0, call, "./_number_1.so");
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], &results[i]);
    printf("%ld %ld\n", (long)results[0], (long)results[1]);
    return 0;
}
"""


def test_two_modules_are_first_called_by_two_threads(tmp_path, program):
    code = "from {0} import ffi\n@ffi.def_extern()\ndef number(x): return x + {1}"
    for number in range(2):
        ffi = FFI()
        ffi.embedding_api("int number(int);")
        ffi.embedding_init_code(code.format(f"_number_{number}", 10 * number))
        ffi.set_source(f"_number_{number}", "")
        ffi.compile(tmp_path)
    done = program(plugin(), TWO)
    assert (done.stdout, done.stderr, done.returncode) == ("1 11\n", "", 0)


def test_a_call_from_the_init_code(program):
    code = """
        from _plugin import ffi, lib
        @ffi.def_extern()
        def half(x):
            return x + 1
        import ctypes
        me = ctypes.CDLL("./libplugin.so")
        me.half.restype = ctypes.c_double
        print(me.half(ctypes.c_double(1.5)))
    """
    main = "double half(double); int main(void) { return (int)half(9); }"
    done = program(plugin(code), main)
    assert (done.returncode, done.stdout, done.stderr) == (10, "2.5\n", "")


def test_in_a_process_that_is_python(tmp_path, monkeypatch):
    ffi = plugin(CODE.replace("_plugin", "_inside"), name="_inside")
    library = ctypes.CDLL(ffi.compile(tmp_path))
    assert library.weigh(7, 5) == 705
    assert sys.modules["_inside"].lib is sys.modules["_inside.lib"]
    monkeypatch.delitem(sys.modules, "_inside")
    monkeypatch.delitem(sys.modules, "_inside.lib")


def test_included_python_header_does_no_harm(tmp_path):
    """Some of the names that cd_embed.c calls by are macros there."""
    ffi = plugin("", "#include <Python.h>\n", name="_with_header")
    from sysconfig import get_path

    text = io.StringIO()
    ffi.emit_c_code(text)
    (tmp_path / "x.c").write_text(text.getvalue())
    command = ["cc", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "x.c"]
    subprocess.run([*command, "-I", get_path("include")], cwd=tmp_path, check=True)


def test_the_text_says_nothing_of_this_machine():
    text = io.StringIO()
    plugin().emit_c_code(text)
    assert "libpython" in text.getvalue()
    assert sys.prefix not in text.getvalue()


def test_code_is_checked_when_it_is_given():
    with pytest.raises(SyntaxError):
        FFI().embedding_init_code("def f(:")
    with pytest.raises(TypeError, match="must be a str"):
        FFI().embedding_init_code(b"pass")
    ffi = plugin()
    with pytest.raises(ValueError, match="can only be called once"):
        ffi.embedding_init_code("pass")


def test_code_without_functions(tmp_path):
    ffi = FFI()
    ffi.embedding_init_code("pass")
    ffi.set_source("_nothing", "")
    with pytest.raises(VerificationError, match="no function is declared by embedding_api"):
        ffi.compile(tmp_path)


def test_not_without_c(tmp_path):
    ffi = FFI()
    ffi.embedding_api("int f(void);")
    ffi.set_source("_nothing", None)
    with pytest.raises(VerificationError, match="embedding_api"):
        ffi.compile(tmp_path)
