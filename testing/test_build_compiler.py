"""The compiler run: which compiler, which options, what is read, what is left behind."""

import os
import shutil
import stat
import subprocess
import sys

import pytest
from fake_compilers import needs_cplusplus, program

from cffi_core.builder import compiler, programs, toolchain_elf
from cffi_core.builder.compiler import CompilerFailed, Job
from cffi_core.builder.options import Options, absolute_words

C = 'int seven(void);\n__attribute__((visibility("default"))) int seven(void) { return 7; }\n'

pytestmark = pytest.mark.skipif(not shutil.which("cc"), reason="no C compiler")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    """No CC, no CFLAGS: what the tests need they set."""
    for name in ("CC", "CXX", *programs.ENVIRONMENT):
        monkeypatch.delenv(name, raising=False)


def job(folder, text=C, name="a.c", *, base=None, debug=False, **kwds) -> Job:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    options = Options("test", os.path.splitext(name)[1], kwds)
    return Job(name, options, folder=str(folder), scratch=str(scratch), base=base, debug=debug)


def run(folder, *args, **kwds):
    made = job(folder, *args, **kwds)
    made.run(str(folder / "out.so"))
    return made


def recorder(tmp_path, name="recorder"):
    """A compiler that notes its arguments in a file and then does the work."""
    log = tmp_path / f"{name}.log"
    return program(tmp_path / name, f'printf "%s\\n" "$*" >>"{log}"\nexec cc "$@"'), log


def commands(log) -> list[list[str]]:
    """What ran, but for the question where headers are looked for."""
    lines = [line.split() for line in log.read_text().splitlines()]
    return [words for words in lines if "-E" not in words and "-dumpmachine" not in words]


# ---- which compiler ---------------------------------------------------------


def test_cc_is_honoured_with_its_flags(tmp_path, monkeypatch):
    cc, log = recorder(tmp_path)
    monkeypatch.setenv("CC", f"{cc} -DFROM_CC")
    run(tmp_path / "a", C + "#ifndef FROM_CC\n#error no flag\n#endif\n")
    assert len(commands(log)) == 1, "one source: one command compiles and links"


@pytest.mark.parametrize(
    ("cc", "cxx"),
    [
        ("gcc", "g++"),
        ("gcc-12", "g++-12"),
        ("/opt/x/bin/clang -m32", "/opt/x/bin/clang++ -m32"),
        ("clang-18.1", "clang++-18.1"),
        ("aarch64-linux-gnu-gcc", "aarch64-linux-gnu-g++"),
        ("ccache gcc -pipe", "ccache g++ -pipe"),
        ("musl-cc", "musl-c++"),
        ("absent-gcc", "c++"),
        ("icc", "c++"),
        ("my-compiler", "c++"),
    ],
)
def test_the_cplusplus_compiler_follows_cc(monkeypatch, cc, cxx):
    monkeypatch.setenv("CC", cc)
    absent = "absent-g++", "ic++"
    monkeypatch.setattr(programs, "find", lambda name: None if name in absent else name)
    assert programs.command(cplusplus=True) == cxx.split()
    monkeypatch.setenv("CXX", "other -x")
    assert programs.command(cplusplus=True) == ["other", "-x"]


def test_quotes_in_cc(tmp_path, monkeypatch):
    folder = tmp_path / "a folder"
    folder.mkdir()
    cc, log = recorder(folder)
    monkeypatch.setenv("CC", f"'{cc}' -DX='a b'")
    assert programs.command(cplusplus=False) == [str(cc), "-DX=a b"]
    run(tmp_path / "a")
    assert commands(log)


def test_a_missing_compiler(tmp_path, monkeypatch):
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(CompilerFailed) as failed:
        run(tmp_path)
    assert failed.value.status is None
    assert "No such file" in failed.value.output
    assert not (tmp_path / "out.so").exists()


def test_every_program_word_is_described(tmp_path, monkeypatch):
    wrapper = program(tmp_path / "ccache", 'exec "$@"')
    cc = program(tmp_path / "mycc", 'exec cc "$@"')
    words = [str(wrapper), str(cc), "-O1"]
    before = programs.described(words)
    assert programs.wrapped(words)
    os.utime(cc, ns=(1, 1))
    assert programs.described(words) != before
    assert programs.described(words).splitlines()[2] == "-O1"


def test_a_compiler_behind_a_link_to_a_wrapper(tmp_path):
    program(tmp_path / "ccache", 'exec cc "$@"')
    (tmp_path / "gcc").symlink_to(tmp_path / "ccache")
    assert programs.wrapped([str(tmp_path / "gcc")])
    assert not programs.wrapped(["cc"])


def test_wrappers_see_compiling_alone(tmp_path, monkeypatch):
    """ccache passes on what links as well, and keeps nothing of it."""
    log = tmp_path / "log"
    program(tmp_path / "ccache", f'printf "%s\\n" "$*" >>{log}\nexec "$@"')
    monkeypatch.setenv("CC", f"{tmp_path / 'ccache'} cc")
    run(tmp_path / "a")
    compiled, linked = commands(log)
    assert "-c" in compiled and "-shared" not in compiled
    assert "-shared" in linked and "a.c" not in linked


# ---- which options ------------------------------------------------------------


def words(tmp_path, monkeypatch, **kwds) -> list[str]:
    cc, log = recorder(tmp_path)
    monkeypatch.setenv("CC", str(cc))
    run(tmp_path / "a", **kwds)
    return commands(log)[-1]


def test_defaults(tmp_path, monkeypatch):
    found = words(tmp_path, monkeypatch)
    assert {"-O2", "-fPIC", "-shared", "-fno-semantic-interposition", "-DNDEBUG"} <= set(found)
    assert "-g" not in found


def test_a_level_in_cflags_replaces_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("CFLAGS", "-O1 -Wall")
    found = words(tmp_path, monkeypatch)
    assert "-O2" not in found and "-O1" in found and "-Wall" in found


def test_a_level_in_extra_compile_args_replaces_ours(tmp_path, monkeypatch):
    found = words(tmp_path, monkeypatch, extra_compile_args=["-Os"])
    assert "-O2" not in found and "-Os" in found


def test_debug(tmp_path, monkeypatch):
    found = words(tmp_path, monkeypatch, debug=True)
    assert "-g" in found and "-O0" in found and "-DNDEBUG" not in found


def test_keywords_come_after_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("CPPFLAGS", "-DN=1 -DCPP")
    monkeypatch.setenv("CFLAGS", "-DCF")
    monkeypatch.setenv("LDFLAGS", "-Wl,-z,now")
    found = words(
        tmp_path,
        monkeypatch,
        define_macros=[("A", None), ("B", "2")],
        undef_macros=["NDEBUG"],
        include_dirs=["inc"],
        libraries=["m"],
        library_dirs=["lib"],
        runtime_library_dirs=["/run"],
        extra_compile_args=["-DLAST"],
        extra_link_args=["-Wl,-z,relro"],
    )
    order = "-DCPP -DCF -DNDEBUG -DA -DB=2 -UNDEBUG -Iinc -DLAST -Wl,-z,now -Llib -lm"
    places = [found.index(word) for word in order.split()]
    assert places == sorted(places)
    assert "-Wl,-rpath,/run" in found
    assert found.index("-Wl,-z,relro") > places[-1]


@needs_cplusplus
def test_cplusplus(tmp_path, monkeypatch):
    monkeypatch.setenv("CFLAGS", "-std=c11")
    monkeypatch.setenv("CXXFLAGS", "-std=c++17")
    text = "namespace n { template<class T> T f(T x) { return x; } }\nint y = n::f(3);\n"
    run(tmp_path, text, "a.cpp")
    monkeypatch.setenv("CXXFLAGS", "")
    run(tmp_path, text, "b.c", language="c++", extra_objects=[])


@needs_cplusplus
def test_further_sources_and_objects(tmp_path):
    (tmp_path / "b.c").write_text("int eight(void) { return 8; }\n")
    (tmp_path / "c.cpp").write_text('extern "C" int nine(void) { return 9; }\n')
    (tmp_path / "o.c").write_text("int ten(void) { return 10; }\n")
    subprocess.run(["cc", "-fPIC", "-c", "o.c", "-o", "o.o"], cwd=tmp_path, check=True)
    subprocess.run(["ar", "rcs", "libo.a", "o.o"], cwd=tmp_path, check=True)
    text = (
        "int eight(void), nine(void), ten(void);\n"
        '__attribute__((visibility("default")))\n'
        "int all(void) { return eight() + nine() + ten(); }\n"
    )
    made = run(
        tmp_path, text, sources=["b.c", "c.cpp"], libraries=["o"], library_dirs=[str(tmp_path)]
    )
    import ctypes

    assert ctypes.CDLL(str(tmp_path / "out.so")).all() == 27
    for name in "a.c", "b.c", "c.cpp", "libo.a":
        assert str(tmp_path / name) in made.inputs
    made = run(tmp_path, text, sources=["b.c", "c.cpp"], extra_objects=["o.o"])
    assert str(tmp_path / "o.o") in made.inputs
    assert not [path for path in made.inputs if "crt" in path or "libgcc" in path]


# ---- what is read ---------------------------------------------------------------


def test_headers_and_the_places_before_them(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "x.h").write_text("#define X 1\n")
    made = run(tmp_path, "#include <x.h>\nint x = X;\n", include_dirs=["one", "two"])
    assert str(tmp_path / "two" / "x.h") in made.inputs
    assert str(tmp_path / "a.c") in made.inputs
    assert str(tmp_path / "one" / "x.h") in made.absent


@pytest.mark.parametrize("name", ["with space", "hash#dollar$", "käse-☃", "quo'te\"", "new\nline"])
def test_odd_folders(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    (folder / "x.h").write_text("#define X 1\n")
    made = run(folder, '#include "x.h"\nint x = X;\n')
    assert (folder / "out.so").exists()
    assert str(folder / "x.h") in made.inputs
    assert sorted(p.name for p in folder.iterdir()) == ["a.c", "out.so", "scratch", "x.h"]


def test_relative_paths_start_from_base(tmp_path, monkeypatch):
    base = tmp_path / "base"
    for folder in "i", "q", "e", "c":
        (base / folder).mkdir(parents=True)
        (base / folder / f"{folder}.h").write_text(f"#define {folder.upper()} 1\n")
    monkeypatch.setenv("CFLAGS", "-isystem e")
    monkeypatch.setenv("CPATH", "c")
    text = '#include <i.h>\n#include "q.h"\n#include <e.h>\n#include <c.h>\n'
    made = job(
        tmp_path / "a",
        text + "int x = I + Q + E + C;\n",
        base=str(base),
        include_dirs=["i"],
        extra_compile_args=["-iquoteq"],
    )
    made.options.rebase(str(base))
    made.run(str(tmp_path / "a" / "out.so"))
    assert str(base / "e" / "e.h") in made.inputs


def test_absolute_words(tmp_path):
    (tmp_path / "x.o").write_text("")
    given = [
        *("-Ia", "-I", "b", "-O2", "x.o", "y.o", "-L/abs"),
        *("-include", "p.h", "-I=sys", "-isystemz"),
    ]
    base = str(tmp_path)
    assert absolute_words(given, base) == [
        *(f"-I{base}/a", "-I", f"{base}/b", "-O2", f"{base}/x.o", "y.o", "-L/abs"),
        *("-include", f"{base}/p.h", "-I=sys", f"-isystem{base}/z"),
    ]


# ---- what comes out ----------------------------------------------------------------


def test_the_same_bytes_wherever_it_is_compiled(tmp_path):
    text = C + "const char *where(void) { return __FILE__; }\n"
    outputs = []
    for name in "here", "a/longer/path":
        folder = tmp_path / name
        folder.mkdir(parents=True)
        run(folder, text)
        outputs.append((folder / "out.so").read_bytes())
    assert outputs[0] == outputs[1]
    assert str(tmp_path).encode() not in outputs[0]


def test_a_failure_leaves_nothing_and_keeps_the_old(tmp_path):
    run(tmp_path)
    before = (tmp_path / "out.so").read_bytes()
    with pytest.raises(CompilerFailed) as failed:
        run(tmp_path, "int x = ;\n")
    assert "a.c:1:9: error: expected expression" in failed.value.output
    assert (tmp_path / "out.so").read_bytes() == before
    with pytest.raises(ZeroDivisionError):
        job(tmp_path).run(str(tmp_path / "out.so"), lambda path: 1 / 0)
    assert (tmp_path / "out.so").read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.c", "out.so", "scratch"]


def test_a_partial_file_is_never_seen(tmp_path, monkeypatch):
    """A compiler that writes its output slowly, or dies while it does."""
    out = tmp_path / "out.so"
    slow = (
        'for w in "$@"; do [ "$last" = -o ] && o=$w; last=$w; done\n'
        'case "$*" in *-E*) exit 0;; esac\necho partial >"$o"\nkill -9 $$'
    )
    monkeypatch.setenv("CC", str(program(tmp_path / "slow", slow)))
    with pytest.raises(CompilerFailed) as failed:
        run(tmp_path)
    assert failed.value.status == -9
    assert not out.exists()
    assert not [p for p in tmp_path.iterdir() if p.name.endswith(".tmp")]


def test_warnings_are_kept(tmp_path, capfd):
    assert "this is odd" in run(tmp_path, C + "#warning this is odd\n").remarks[0]
    assert capfd.readouterr() == ("", "")


def test_nothing_is_said_when_all_is_well(tmp_path, capfd):
    assert run(tmp_path).remarks == []
    assert capfd.readouterr() == ("", "")


def test_commands_are_shown_when_asked(tmp_path, capfd):
    made = job(tmp_path)
    made.verbose = 1
    made.run(str(tmp_path / "out.so"))
    assert " -shared " in capfd.readouterr().err


def test_the_current_folder_stays(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(tmp_path / "a")
    assert os.getcwd() == str(tmp_path)
    assert sorted(os.listdir()) == ["a"]


def test_a_stderr_that_cannot_show_it(tmp_path):
    program = (
        "import sys; from cffi_core.builder.compiler import say;"
        "say('k\\u00e4se \\u2603'); sys.stderr = None; say('x')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "k\\xe4se \\u2603\n"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting needs root")
def test_a_full_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)], capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("cannot mount a tmpfs here")
    try:
        text = C + '__attribute__((visibility("default"))) char big[1 << 20] = {1};\n'
        with pytest.raises(CompilerFailed) as failed:
            run(disk, text)
        assert "No space left on device" in failed.value.output
        assert sorted(p.name for p in disk.iterdir()) == ["a.c", "scratch"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# ---- for which machine ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("x86_64-linux-gnu", "x86_64-redhat-linux", True),
        ("x86_64-pc-linux-gnu", "amd64-unknown-linux-gnu", True),
        ("i686-linux-gnu", "i386-linux-gnu", True),
        ("x86_64-linux-gnu", "x86_64-linux-musl", False),
        ("x86_64-linux-gnu", "aarch64-linux-gnu", False),
        ("x86_64-linux-gnu", "x86_64-w64-mingw32", False),
    ],
)
def test_kinds_of_machines(one, other, same):
    assert (compiler.kind_of(one) == compiler.kind_of(other)) is same


def test_our_own_compiler_is_not_foreign(monkeypatch):
    monkeypatch.setenv("CC", "cc")
    assert not compiler.Target(False).foreign
    assert compiler.Target(False).suffix == ".so"


def test_a_target_that_says_so_is_foreign(tmp_path, monkeypatch):
    cross = program(tmp_path / "x-gcc", "echo riscv64-linux-gnu")
    monkeypatch.setenv("CC", str(cross))
    assert compiler.Target(False).foreign
    windows = program(tmp_path / "w-gcc", "echo x86_64-w64-mingw32")
    monkeypatch.setenv("CC", str(windows))
    assert compiler.Target(False).suffix == ".pyd"


def test_a_file_for_another_machine_is_recognised(tmp_path):
    run(tmp_path)
    path = tmp_path / "out.so"
    assert compiler.same_machine(str(path))
    data = bytearray(path.read_bytes())
    data[18] ^= 0xFF
    path.write_bytes(data)
    assert not compiler.same_machine(str(path))


def test_scratch_is_private(tmp_path):
    from cffi_core.builder.compile import scratch_folder

    with scratch_folder() as folder:
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
    assert not os.path.exists(folder)


def test_what_the_linker_names():
    """Objects and archives of the user, not those of the compiler."""
    own = "/usr/lib/crti.o\n/usr/lib/crtbeginS.o\n/usr/lib/libgcc_s.so.1\n/usr/lib/libgcc_eh.a\n"
    theirs = "/tmp/a.o\n(lib/libx.a)member.o\nmy-crt.o\nlibgcc-like.a\n/usr/lib/libm.so\n"
    remarks, files = toolchain_elf.sort_output(own + theirs, "\na warning\n")
    assert remarks == "a warning"
    assert files == ["/tmp/a.o", "lib/libx.a", "my-crt.o", "libgcc-like.a"]


LISTING = b"""ignoring nonexistent directory "/no"
#include "..." search starts here:
#include <...> search starts here:
 /usr/include
End of search list.
"""


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        (LISTING, b""),
        (b"clang -cc1 version 14\n" + LISTING + b"a.c:1: warning: x\n", b"a.c:1: warning: x\n"),
        (b"cc: warning: -x\n" + LISTING + b"a.c:1: error: y", b"cc: warning: -x\na.c:1: error: y"),
    ],
)
def test_where_headers_are_looked_for_is_no_remark(said, rest):
    from cffi_core.builder.toolchain_elf import folders_told
    from cffi_core.cache import search

    listing, remarks = folders_told(said)
    assert remarks == rest
    assert search.parse_verbose(listing).angle == ["/usr/include"]
    assert folders_told(rest) == (b"", rest)


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_the_compiler_says_where_it_looked(tmp_path, monkeypatch, compiler):
    """In the same run, and a warning is still one."""
    if not shutil.which(compiler):
        pytest.skip(f"no {compiler}")
    monkeypatch.setenv("CC", compiler)
    (tmp_path / "käse").mkdir()
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "x.h").write_text("#warning oh\n")
    made = run(tmp_path, "#include <x.h>\nint x;\n", include_dirs=["käse", "two"])
    assert str(tmp_path / "käse" / "x.h") in made.absent
    assert len(made.remarks) == 1 and "oh" in made.remarks[0]
    assert "search" not in made.remarks[0] and "End" not in made.remarks[0]
