"""`python -m cffi_core cache`: what it prints, and why a look-up missed."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cache_build import KEY, Builder, entry_of, fail_if_called, object_of, old

from cffi_core.__main__ import main
from cffi_core.cache import Cache, cli
from cffi_core.cache.notes import Note


@pytest.fixture
def cache(tmp_path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture
def run(cache, capsys):
    """Runs a sub-command; its output, and its status in `run.status`."""

    def run(*words: str) -> str:
        run.status = main(["cache", "--directory", cache.directory, *words])
        captured = capsys.readouterr()
        run.err = captured.err
        return captured.out

    return run


def test_as_a_program(cache):
    cache.get(KEY, Builder())
    command = [sys.executable, "-m", "cffi_core", "cache", "dir"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env=os.environ | {"CFFI_CORE_CACHE": cache.directory},
    )
    assert (done.stdout, done.returncode) == (cache.directory + "\n", 0)


@pytest.mark.parametrize("words", [[], ["cache"], ["cache", "nothing"]])
def test_what_is_missing_is_said(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    command = " ".join(["usage: python -m cffi_core", *words[:1]])
    assert capsys.readouterr().err.startswith(f"{command} [-h]")


def test_dir(cache, run):
    assert run("dir") == cache.directory + "\n"
    assert run.status == 0, "not there yet is no fault"
    cache.get(KEY, Builder())
    os.chmod(cache.directory, 0o777)
    assert run("dir") == cache.directory + "\n"
    assert run.status == 1
    assert "it is not used: others can write to it (mode 777)" in run.err


def test_list(cache, run):
    assert run("list") == f"0 entries, 0 B in {cache.directory}\n"
    cache.get(KEY, Builder())
    cache.get({"a": "no name"}, Builder())
    *lines, total = run("list").splitlines()
    assert total.startswith("2 entries, 1.")
    size = object_of(cache.directory).stat().st_size
    assert {tuple(line.split()[3:5]) for line in lines} == {(str(size), "B")}
    assert sorted(line.split()[5:] for line in lines) == [["(no", "name)"], ["module"]]
    assert {line[:12] for line in lines} == {
        path.stem[:12] for path in Path(cache.directory).glob("*.entry")
    }


# --- explain -----------------------------------------------------------------------------------


def test_explain_nothing(cache, run):
    run("explain")
    assert (run.status, run.err) == (1, f"no entry at all in {cache.directory}\n")
    run("explain", "module")
    assert run.err == f"no entry module in {cache.directory}\n"


def test_explain_the_first(cache, run):
    cache.get(KEY, Builder())
    assert run("explain").splitlines()[1:] == [
        "  new: nothing was kept for this key",
        "  there is no older entry to compare it with",
    ]


def test_explain_a_header(cache, run, tmp_path):
    header = old(tmp_path / "a.h", "one")
    build = Builder(header)
    cache.get(KEY, build)
    old(header, "three")
    cache.get(KEY, build)
    first, why = run("explain", "module").splitlines()
    assert first.startswith(f"module {entry_of(cache.directory).stem[:12]}: missed and compiled 2")
    assert why.startswith(f"  {header} changed: from content 7692c3ad3540")
    assert " to content 8b5b9db0c13d (5 bytes of 2" in why


def test_explain_a_header_that_is_gone(cache, run, tmp_path):
    header = old(tmp_path / "a.h", "one")
    cache.get(KEY, Builder(header))
    header.unlink()
    cache.get(KEY, Builder())
    assert run("explain").splitlines()[1:] == [f"  {header} is gone or unreadable"]


def test_explain_a_shadow(cache, run, tmp_path):
    shadow = tmp_path / "first" / "a.h"
    cache.get(KEY, Builder(absent=[shadow]))
    old(shadow)
    cache.get(KEY, Builder())
    assert run("explain").splitlines()[1:] == [
        f"  {shadow} appeared, where the compiler looks before it finds what it used"
    ]


def test_explain_damage(cache, run):
    cache.get(KEY, Builder())
    name = object_of(cache.directory).name
    for damage, why in (
        (lambda: object_of(cache.directory).write_bytes(b""), f"the object {name} was damaged"),
        (
            lambda: object_of(cache.directory).unlink(),
            f"the object {name} was missing or unreadable",
        ),
        (lambda: entry_of(cache.directory).write_bytes(b"x"), "the entry was damaged, or not of"),
    ):
        damage()
        cache.get(KEY, Builder())
        assert why in run("explain")


@pytest.mark.parametrize(
    ("old_parts", "new_parts", "said"),
    [
        ({"CPATH": None}, {"CPATH": "/x"}, "CPATH changed: from nothing to /x"),
        ({"CPATH": "/x"}, {}, "CPATH changed: from /x to nothing"),
        ({"flags": ["-O2", "-g"]}, {"flags": ["-O3", "-g"]}, "flags changed: from -O2 to -O3"),
        ({"flags": ["-a"]}, {"flags": ["-a", "-b"]}, "flags changed: from nothing to -b"),
        ({"flags": ["-a", "-b"]}, {"flags": ["-b", "-a"]}, "flags changed: from -a -b to -b -a"),
        ({"source": "a\nb\nc"}, {"source": "a\nB\nc"}, "source changed in line 2: from b to B"),
        ({"source": "a\nb"}, {"source": "a\nb\nc"}, "source changed in line 3: from nothing to c"),
        ({"x": "a\tb"}, {"x": b"a"}, "x changed: from 'a\\tb' to b'a'"),
        ({"x": "y" * 70}, {"x": ""}, f"x changed: from {'y' * 60}... to "),
    ],
)
def test_explain_another_key(cache, run, old_parts, new_parts, said):
    cache.get({"name": "other", **new_parts}, Builder())
    cache.get({**KEY, **old_parts}, Builder())
    cache.get({**KEY, **new_parts}, Builder())
    assert run("explain", "module").splitlines()[1:] == [
        "  new: nothing was kept for this key",
        "  compared with the entry most like it:",
        f"  {said}",
    ]


def test_explain_a_name_that_cannot_be_printed(cache, tmp_path):
    header = old(tmp_path / "\udcff \u00e9.h", "one")
    cache.get({**KEY, "name": "\udcff"}, Builder(header))
    header.unlink()
    cache.get({**KEY, "name": "\udcff"}, Builder())
    command = [sys.executable, "-m", "cffi_core", "cache", "--directory", cache.directory]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    for action in "explain", "list", "verify":
        done = subprocess.run([*command, action], capture_output=True, env=environment)
        assert done.returncode == 0, done.stderr
    done = subprocess.run([*command, "explain"], capture_output=True, env=environment)
    assert b"\\udcff \\xe9.h is gone or unreadable" in done.stdout


def test_explain_by_the_key(cache, run):
    cache.get(KEY, Builder())
    assert run("explain", entry_of(cache.directory).stem[:8])
    assert run.status == 0


# --- verify, prune, clear ----------------------------------------------------------------------


def test_verify(cache, run, tmp_path):
    header = old(tmp_path / "a.h", "one")
    cache.get(KEY, Builder(header))
    cache.get({"name": "other"}, Builder())
    assert run("verify") == "2 whole (0 of them out of date), 0 damaged\n"
    old(header, "two")
    *lines, total = run("verify").splitlines()
    assert total == "2 whole (1 of them out of date), 0 damaged"
    assert f"module is out of date: {header} changed: from content 7692c3ad3540" in lines[0]
    assert run.status == 0


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda c: entry_of(c).write_bytes(b"x"), "not an entry of this cache"),
        (lambda c: entry_of(c).write_bytes(b""), "not an entry of this cache"),
        (lambda c: object_of(c).write_bytes(b"x"), "is not what it was"),
        (lambda c: object_of(c).unlink(), "is missing"),
        (
            lambda c: entry_of(c).write_bytes(entry_of(c).read_bytes().replace(b"int y", b"int z")),
            "its notes are not what they were",
        ),
    ],
)
def test_verify_finds_damage(cache, run, damage, fault):
    cache.get(KEY, Builder())
    damage(cache.directory)
    line, total = run("verify").splitlines()
    assert fault in line
    assert total == "0 whole (0 of them out of date), 1 damaged"
    assert run.status == 1
    run("verify", "--remove")
    assert run.status == 0
    assert run("verify") == "0 whole (0 of them out of date), 0 damaged\n"


def test_prune(cache, run):
    cache.get(KEY, Builder())
    assert run("prune") == f"removed 0 files, 0 B, from {cache.directory}\n"
    assert cache.get(KEY, fail_if_called)
    assert run("prune", "--max-size", "1K").startswith("removed 0 files")
    assert run("prune", "--max-size", "0").startswith("removed 2 files")
    cache.get(KEY, Builder())
    assert run("prune", "--max-days", "1").startswith("removed 0 files")
    os.utime(entry_of(cache.directory), (1e9, 1e9))
    assert run("prune", "--max-days", "1").startswith("removed 2 files")


def test_notes_go_when_they_are_old(cache, run, monkeypatch):
    monkeypatch.setenv("CFFI_CORE_CACHE", cache.directory)
    note = Note("/some/file")
    assert note.read() == ""
    note.write("text \udc80")
    assert Note("/some/file").read() == "text \udc80"
    os.utime(note.path, (1e9, 1e9))
    assert run("prune", "--max-days", "99999").startswith("removed 0 files")
    assert run("prune").startswith("removed 1 file")
    note.write("text")
    assert run("clear").startswith("removed 1 file")
    assert note.read() == ""


@pytest.mark.parametrize(
    ("text", "size"), [("5", 5), ("5k", 5120), ("1.5M", 1572864), ("2G", 2**31), ("1K", 1024)]
)
def test_sizes(text, size):
    assert cli.size(text) == size


@pytest.mark.parametrize("text", ["", "x", "5X", "5 MB", "M"])
def test_not_sizes(run, text, capsys):
    with pytest.raises(SystemExit):
        run("prune", "--max-size", text)
    assert "--max-size: " in capsys.readouterr().err


def test_clear(cache, run):
    cache.get(KEY, Builder())
    assert run("clear").startswith("removed 2 files, ")
    assert os.listdir(cache.directory) == []
    assert run("clear").startswith("removed 0 files, 0 B")


# --- export ------------------------------------------------------------------------------------


def test_export(cache, run, tmp_path):
    made = cache.get(KEY, Builder())
    cache.get({"name": "other"}, Builder())
    text = run("export", str(tmp_path / "package"), "module")
    digests = ast.literal_eval(text.removeprefix("DIGESTS = "))
    assert list(digests.values()) == [os.path.basename(made)]
    shipped = tmp_path / "package", digests
    path = Cache(tmp_path / "empty").get(KEY, fail_if_called, prebuilt=shipped)
    assert Path(path).read_bytes() == Path(made).read_bytes()
    assert (
        len(ast.literal_eval(run("export", str(tmp_path / "all")).partition("=")[2].strip())) == 2
    )


def test_export_of_what_is_not_there(cache, run, tmp_path):
    cache.get(KEY, Builder())
    assert run("export", str(tmp_path / "package"), "wrong") == ""
    assert (run.status, run.err) == (1, f"no entry wrong in {cache.directory}\n")
    object_of(cache.directory).unlink()
    assert run("export", str(tmp_path / "package")) == ""
    assert "is gone; run: python -m cffi_core cache verify" in run.err


def test_every_action_and_option_is_documented(capsys):
    page = Path(__file__).parent.parent / "doc" / "reference" / "command-line.md"
    if not page.exists():
        pytest.skip("no documentation beside the tests")
    text = page.read_text(encoding="utf-8")
    for add in cli.ADD:
        action = add.__name__.removeprefix("add_")
        assert f"### `cache {action}" in text
        with pytest.raises(SystemExit):
            main(["cache", action, "--help"])
        options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
        heading = text.partition(f"### `cache {action}")[2].partition("\n")[0]
        assert set(re.findall(r"--[a-z-]+", heading)) == options
