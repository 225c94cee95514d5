"""cffi_core.cache: what is a hit and what is a miss, and what a hit costs."""

import atexit
import os
import random
import shutil
import sys
import threading
from pathlib import Path

import pytest
from cache_build import (
    KEY,
    Builder,
    entry_of,
    fail_if_called,
    names,
    object_of,
    old,
    run_python,
    settle,
)
from hypothesis import given
from hypothesis import strategies as st

from cffi_core.cache import Built, Cache, limits, private
from cffi_core.cache.entry import NO_STAMP, Entry, encode, escape, unescape
from cffi_core.cache.explain import decode, notes_of


@pytest.fixture
def cache(tmp_path) -> Cache:
    return Cache(tmp_path / "cache")


def test_miss_then_hit(cache):
    path = cache.get(KEY, Builder())
    assert Path(path).read_bytes() == b"object\n"
    assert Path(path).parent == Path(cache.directory)
    assert cache.get(KEY, fail_if_called) == path
    assert names(cache.directory) == {".entry", ".so"}


def test_making_a_cache_touches_nothing(cache):
    assert not os.path.exists(cache.directory)


def test_a_failing_build_raises_and_leaves_nothing(cache, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    os.mkdir(tmp_path / "temporary")

    def fail(folder):
        Path(folder, "half.o").write_bytes(b"half")
        raise RuntimeError("the compiler's words")

    with pytest.raises(RuntimeError, match="the compiler's words"):
        cache.get(KEY, fail)
    assert os.listdir(cache.directory) == []
    assert os.listdir(tmp_path / "temporary") == []
    assert cache.get(KEY, Builder())


def test_the_private_folder_is_removed(cache, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    os.mkdir(tmp_path / "temporary")

    def build(folder):
        os.makedirs(os.path.join(folder, "a", "b"))
        assert os.stat(folder).st_mode & 0o777 == 0o700
        return Builder()(folder)

    cache.get(KEY, build)
    assert os.listdir(tmp_path / "temporary") == []


def test_private_folders_leave_nothing_to_be_done_at_exit():
    """However many there were: one call, which looks for those that are left."""

    def make(times):
        for _ in range(times):
            private.remove(private.folder())
        return atexit._ncallbacks()

    assert make(1) == make(5)


# --- the key -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "host"),
    [
        ({"source": "int z;"}, {}),
        ({"more": ""}, {}),
        ({"source": b"int x;\nint y;\n"}, {}),
        ({}, {"compiler": "gcc"}),
        ({}, {"flags": []}),
        ({}, {"flags": ["-a", "-b"]}),
        ({}, {"flags": ["-a-b"]}),
        ({}, {"flags": ["-a", ["-b"]]}),
        ({}, {"CPATH": None}),
        ({}, {"CPATH": ""}),
    ],
)
def test_every_part_of_the_key_counts(cache, change, host):
    cache.get(KEY, Builder())
    build = Builder()
    cache.get({**KEY, **change}, build, host=host)
    assert build.count == 1


def test_order_of_names_does_not_count(cache):
    path = cache.get({"a": "1", "b": ["2"]}, Builder())
    assert cache.get({"b": ("2",), "a": "1"}, fail_if_called) == path


@pytest.mark.parametrize("name", ["", "a b", "[host]", "a\n"])
def test_names_that_cannot_be_written(cache, name):
    with pytest.raises(ValueError, match="not the name of a part of a cache key"):
        cache.get({name: "x"}, Builder())


def test_values_that_cannot_be_written(cache):
    with pytest.raises(TypeError, match="options of a cache key must be str, bytes, None, or a"):
        cache.get({"options": 3.5}, Builder())


def test_a_name_in_both_parts(cache):
    with pytest.raises(ValueError, match="in both key and host: flags"):
        cache.get({"flags": "a"}, Builder(), host={"flags": "b"})


VALUES = st.recursive(
    st.none() | st.text() | st.binary(), lambda inner: st.lists(inner, max_size=3), max_leaves=5
)
MAPPINGS = st.dictionaries(st.from_regex(r"\A[a-z][a-z_.]{0,5}\Z"), VALUES, max_size=4)


@given(MAPPINGS)
def test_keys_are_readable_again(values):
    assert decode(encode(values)) == (values, b"")


@given(MAPPINGS, MAPPINGS)
def test_different_keys_have_different_texts(one, other):
    assert (encode(one) == encode(other)) == (one == other)


@given(st.binary().filter(lambda name: b"\0" not in name))
def test_any_path_fits_in_a_line(path):
    line = escape(path)
    assert b"\n" not in line
    assert unescape(line) == path


# --- inputs ------------------------------------------------------------------------------------


def test_a_header_edited(cache, tmp_path):
    header = old(tmp_path / "a.h", "one")
    build = Builder(header)
    first = cache.get(KEY, build)
    assert cache.get(KEY, fail_if_called) == first
    old(header, "two")
    second = cache.get(KEY, build)
    assert build.count == 2
    assert Path(second).read_bytes() == b"object\ntwo"
    assert Path(first).read_bytes() == b"object\none", "a loaded object is never overwritten"


def test_a_header_edited_to_the_same_size_and_time(cache, tmp_path):
    header = old(tmp_path / "a.h", "one")
    cache.get(KEY, Builder(header))
    before = header.stat()
    header.write_text("two")
    os.utime(header, ns=(before.st_atime_ns, before.st_mtime_ns))
    build = Builder(header)
    cache.get(KEY, build)
    assert build.count >= 1


def test_a_header_removed(cache, tmp_path):
    header = old(tmp_path / "a.h", "one")
    cache.get(KEY, Builder(header))
    header.unlink()
    build = Builder()
    cache.get(KEY, build)
    assert build.count == 1


def test_a_header_shadowed(cache, tmp_path):
    header = old(tmp_path / "second" / "a.h", "one")
    shadow = tmp_path / "first" / "a.h"
    build = Builder(header, absent=[shadow])
    cache.get(KEY, build)
    cache.get(KEY, fail_if_called)
    old(shadow, "two")
    shadowed = Builder(shadow)
    path = cache.get(KEY, shadowed)
    assert shadowed.count == 1
    assert Path(path).read_bytes() == b"object\ntwo"


def test_the_same_content_under_other_times(cache, tmp_path):
    """A hit, and the next look-up need not hash again."""
    header = old(tmp_path / "a.h", "one")
    path = cache.get(KEY, Builder(header))
    copy = tmp_path / "copy"
    shutil.copy(header, copy)
    os.utime(copy, (1e9, 1e9))
    copy.replace(header)
    assert cache.get(KEY, fail_if_called) == path


def test_stamps_of_settled_files_are_refreshed(cache, tmp_path, monkeypatch):
    header = old(tmp_path / "a.h", "one")
    cache.get(KEY, Builder(header))
    entry = Entry.read(entry_of(cache.directory), entry_of(cache.directory).stem)
    assert entry.files[0][1] == NO_STAMP, "changed within two seconds: its times prove nothing"
    import time

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 10)
    cache.get(KEY, fail_if_called)
    entry = Entry.read(entry_of(cache.directory), entry_of(cache.directory).stem)
    assert entry.files[0][1].startswith(b"3 ")
    assert entry.check() == "same"


def test_an_input_edited_while_it_is_compiled(cache, tmp_path):
    """What was hashed is not what was compiled: the build runs again."""
    header = old(tmp_path / "a.h", "one")
    build = Builder(header)
    build.meanwhile = lambda: build.count == 1 and header.write_text("two")
    path = cache.get(KEY, build)
    assert build.count == 2
    assert Path(path).read_bytes() == b"object\ntwo"
    assert cache.get(KEY, fail_if_called) == path


def test_an_input_that_never_stands_still(cache, tmp_path):
    """It is used, and not kept."""
    header = old(tmp_path / "a.h", "0")
    build = Builder(header)
    build.meanwhile = lambda: header.write_text(str(build.count))
    path = cache.get(KEY, build)
    assert Path(path).read_bytes() == b"object\n1"
    assert list(Path(cache.directory).glob("*.entry")) == []
    assert Path(cache.get(KEY, build)).read_bytes() == b"object\n3"


def test_a_shadow_that_comes_while_it_is_compiled(cache, tmp_path):
    header = old(tmp_path / "second" / "a.h", "one")
    shadow = tmp_path / "first" / "a.h"
    build = Builder(header, absent=[shadow])

    def come():
        if build.count == 1:
            old(shadow, "two")
            build.inputs = [shadow]

    build.meanwhile = come
    path = cache.get(KEY, build)
    assert Path(path).read_bytes() == b"object\ntwo"


def test_a_skewed_clock(cache, tmp_path, monkeypatch):
    """Inputs that changed in the future, by this clock: one more build, then hits."""
    import time

    header = old(tmp_path / "a.h", "one")
    monkeypatch.setattr(time, "time", lambda: 1e9)
    monkeypatch.setattr(time, "time_ns", lambda: 10**18)
    build = Builder(header)
    path = cache.get(KEY, build)
    assert build.count == 2
    assert cache.get(KEY, fail_if_called) == path
    header.write_text("two")
    assert cache.get(KEY, build) != path


def test_what_the_build_wrote_is_no_input(cache):
    def build(folder):
        stub = Path(folder, "stub.c")
        stub.write_text("int x;")
        return Built(Builder()(folder).path, [stub])

    path = cache.get(KEY, build)
    assert cache.get(KEY, fail_if_called) == path


def test_an_input_that_is_not_there(cache):
    """A dependency file that was not understood: nothing is kept by it."""
    build = Builder()
    cache.get(KEY, lambda folder: Built(build(folder).path, ["/no/such/header.h"]))
    cache.get(KEY, build)
    assert build.count == 3  # twice, because it might have come meanwhile; and again


def test_relative_inputs(cache, tmp_path, monkeypatch):
    header = old(tmp_path / "a.h", "one")
    monkeypatch.chdir(tmp_path)
    path = cache.get(KEY, lambda folder: Built(Builder(header)(folder).path, ["a.h"]))
    monkeypatch.chdir("/")
    assert cache.get(KEY, fail_if_called) == path


NAMES = ["a\nb", "quo\"te'", "tab\there", "é ü", "back\\slash\\n", "per%cent", "[key]", "\udcff"]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_inputs(cache, tmp_path, name):
    header = old(tmp_path / name / f"{name}.h", "one")
    shadow = tmp_path / "other" / f"{name}.h"
    build = Builder(header, absent=[shadow])
    path = cache.get(KEY, build)
    assert cache.get(KEY, fail_if_called) == path
    old(header, "two")
    cache.get(KEY, build)
    assert build.count == 2


@pytest.mark.parametrize("name", NAMES)
def test_names_of_caches(tmp_path, name):
    cache = Cache(tmp_path / name)
    path = cache.get(KEY, Builder())
    assert path.startswith(str(tmp_path / name))
    assert cache.get(KEY, fail_if_called) == path


# --- damage ------------------------------------------------------------------------------------


def test_every_truncation_of_an_entry(cache, tmp_path):
    path = cache.get(KEY, Builder(old(tmp_path / "a.h", "one")))
    entry = entry_of(cache.directory)
    data = entry.read_bytes()
    for size in range(len(data)):
        entry.write_bytes(data[:size])
        assert cache.lookup(entry.stem) is None, size
    entry.write_bytes(data + b"x")
    assert cache.lookup(entry.stem) is None
    entry.write_bytes(data)
    assert cache.lookup(entry.stem) == path


def test_every_bit_of_an_entry(cache, tmp_path):
    """A flipped bit is a miss; in the notes, which no look-up uses, a fault that verify finds."""
    path = cache.get(KEY, Builder(old(tmp_path / "a.h", "one")))
    entry = entry_of(cache.directory)
    data = entry.read_bytes()
    notes = len(data) - len(Entry.parse(data).notes)
    unread = range(data.index(b"\n") - 64, data.index(b"\n"))  # the notes' digest
    for number in range(notes * 8):
        flipped = bytearray(data)
        flipped[number // 8] ^= 1 << number % 8
        entry.write_bytes(flipped)
        if number // 8 not in unread:
            assert cache.lookup(entry.stem) is None, number
    for number in [*range(notes, len(data)), *unread]:
        flipped = bytearray(data)
        flipped[number] ^= 1
        with pytest.raises(ValueError):
            notes_of(Entry.parse(bytes(flipped)))
    entry.write_bytes(data)
    assert cache.lookup(entry.stem) == path


@given(st.binary(), st.integers(0, 500))
def test_any_text_is_no_entry(data, at):
    good = Entry("ab" * 32, "cd" * 32, "ef" * 32 + ".so", [], [b"/x"], b"notes").data()
    assert Entry.parse(data) is None
    changed = good[:at] + data + good[at + len(data) :]
    found = Entry.parse(changed)
    assert changed == good or found is None or found.absent == [b"/x"]


def test_a_damaged_object(cache):
    path = Path(cache.get(KEY, Builder()))
    rng = random.Random(1)
    for damage in (
        lambda data: data[:-1],
        lambda data: b"",
        lambda data: data + b"\0",
        lambda data: bytes([data[0] ^ 1, *data[1:]]),
        lambda data: rng.randbytes(len(data)),
    ):
        good = path.read_bytes()
        path.write_bytes(damage(good))
        build = Builder()
        assert cache.get(KEY, build) == str(path)
        assert build.count == 1
        assert path.read_bytes() == good


def test_a_missing_object(cache):
    path = Path(cache.get(KEY, Builder()))
    path.unlink()
    assert cache.get(KEY, Builder()) == str(path)
    assert path.exists()


def test_a_damaged_object_is_replaced_not_written_to(cache):
    """A process that has it loaded keeps the file it has."""
    path = Path(cache.get(KEY, Builder()))
    with open(path, "r+b") as file:
        file.write(b"damage")
        file.flush()
        cache.get(KEY, Builder())
        file.seek(0)
        assert file.read(6) == b"damage"
    assert path.read_bytes() == b"object\n"


def test_an_entry_of_another_key(cache):
    """Copied, renamed, from another platform: an entry knows its own key."""
    cache.get(KEY, Builder())
    one = entry_of(cache.directory)
    cache.get({**KEY, "source": "other"}, Builder(suffix=".so"))
    for path in Path(cache.directory).glob("*.entry"):
        path.write_bytes(one.read_bytes())
    build = Builder()
    cache.get({**KEY, "source": "other"}, build)
    assert build.count == 1


def test_the_platform_is_part_of_the_key(cache, monkeypatch):
    cache.get(KEY, Builder())
    here = os.uname()
    other = os.uname_result([here.sysname, here.nodename, here.release, here.version, "s390x"])
    monkeypatch.setattr(os, "uname", lambda: other)
    build = Builder()
    cache.get(KEY, build)
    assert build.count == 1


@pytest.mark.parametrize("kind", ["directory", "fifo", "link to nothing", "link to itself"])
def test_something_else_in_the_place_of_an_entry(cache, kind):
    path = cache.get(KEY, Builder())
    entry = entry_of(cache.directory)
    entry.unlink()
    if kind == "directory":
        entry.mkdir()
    elif kind == "fifo":
        os.mkfifo(entry)
    else:
        entry.symlink_to(entry.name if kind == "link to itself" else "nothing")
    build = Builder()
    if kind == "directory":
        with pytest.warns(UserWarning, match="cannot be written: Is a directory"):
            assert Path(cache.get(KEY, build)).read_bytes() == b"object\n"
    else:
        assert cache.get(KEY, build) == path
        assert cache.get(KEY, fail_if_called) == path
    assert build.count == 1


def test_a_cache_that_was_moved(cache, tmp_path):
    path = cache.get(KEY, Builder(old(tmp_path / "a.h", "one")))
    os.rename(cache.directory, tmp_path / "moved")
    moved = Cache(tmp_path / "moved").get(KEY, fail_if_called)
    assert moved == path.replace(cache.directory, str(tmp_path / "moved"))


# --- prebuilt ----------------------------------------------------------------------------------


@pytest.fixture
def shipped(tmp_path):
    """A package's directory, and the digests that its code lists."""
    from cffi_core.cache.prebuilt import export

    maker = Cache(tmp_path / "maker")
    maker.get(KEY, Builder(old(tmp_path / "a.h", "one")), host={"compiler": "theirs"})
    maker.get({"name": "other"}, Builder())
    digests = export(maker.directory, tmp_path / "package", ["module"])
    shutil.rmtree(maker.directory)
    return tmp_path / "package", digests


def test_prebuilt_needs_no_compiler(cache, shipped):
    """Found by the key alone; the host, and the headers it was made with, do not matter."""
    path = cache.get(KEY, fail_if_called, host={"compiler": "ours"}, prebuilt=shipped)
    assert Path(path).parent == shipped[0]
    assert not os.path.exists(cache.directory)
    shipped[0].rename(shipped[0].parent / "moved")
    moved = shipped[0].parent / "moved", shipped[1]
    assert Path(cache.get(KEY, fail_if_called, prebuilt=moved)).parent == moved[0]


def test_prebuilt_of_another_key(cache, shipped):
    build = Builder()
    cache.get({**KEY, "source": "changed"}, build, prebuilt=shipped)
    assert build.count == 1


def test_prebuilt_is_trusted_by_digest_alone(cache, shipped):
    os.chmod(shipped[0], 0o777)
    assert cache.get(KEY, fail_if_called, prebuilt=shipped)
    object_of(shipped[0]).write_bytes(b"another")
    build = Builder()
    assert Path(cache.get(KEY, build, prebuilt=shipped)).parent == Path(cache.directory)
    assert build.count == 1


def test_prebuilt_that_is_missing(cache, shipped):
    shutil.rmtree(shipped[0])
    assert cache.get(KEY, Builder(), prebuilt=shipped)


# --- limits ------------------------------------------------------------------------------------


def filled(cache, count: int, now: float) -> list[str]:
    """Entries used 0, 1, 2, ... days ago; their objects' names."""
    objects = []
    for age in range(count):
        path = cache.get({"name": str(age)}, lambda folder, age=age: one_of_size(folder, age))
        objects.append(os.path.basename(path))
        for entry in Path(cache.directory).glob("*.entry"):
            if entry.stat().st_mtime > now - 60:
                os.utime(entry, (now - age * 86400 - 120,) * 2)
    return objects


def one_of_size(folder: str, age: int) -> Built:
    path = Path(folder, "object.so")
    path.write_bytes(b"%04d" % age * 2500)
    return Built(path)


def test_age_limit(cache):
    import time

    objects = filled(cache, 5, time.time())
    removed, size = limits.prune(cache.directory, None, 2.5)
    assert (removed, size > 20000) == (4, True)
    assert {path.name for path in Path(cache.directory).glob("*.so")} == set(objects[:3])


def test_size_limit_removes_what_was_used_longest_ago(cache):
    import time

    objects = filled(cache, 5, time.time())
    limits.prune(cache.directory, 25_000, None)
    assert {path.name for path in Path(cache.directory).glob("*.so")} == set(objects[:2])
    assert len(list(Path(cache.directory).glob("*.entry"))) == 2


def test_an_object_of_two_entries_stays_with_the_second(cache):
    import time

    first, second = cache.get({"a": "1"}, Builder()), cache.get({"a": "2"}, Builder())
    assert first == second
    a, _ = sorted(Path(cache.directory).glob("*.entry"))
    os.utime(a, (time.time() - 10 * 86400,) * 2)
    limits.prune(cache.directory, None, 5)
    assert Path(first).exists()
    assert len(list(Path(cache.directory).glob("*.entry"))) == 1


def test_what_was_just_published_is_never_evicted(tmp_path):
    cache = Cache(tmp_path / "cache", max_bytes=0, max_days=0)
    path = cache.get(KEY, Builder())
    assert Path(path).exists()


def test_the_limits_are_kept_by_themselves(cache):
    import time

    objects = filled(cache, 4, time.time())
    os.utime(Path(cache.directory, "checked.tmp"), (1, 1))
    Cache(cache.directory, max_days=1.5).get(KEY, Builder())
    kept = {path.name for path in Path(cache.directory).glob("*.so")}
    assert kept & set(objects) == set(objects[:2])


def test_sweeping(cache):
    """Abandoned files, orphans and damage go; what may be in use, or is not ours, stays."""
    path = Path(cache.get(KEY, Builder()))
    digest = "ab" * 32
    for name, age, _ in (
        LEFT_OVER := [
            (f"{digest}.so.1-ff.tmp", 2 * 86400, False),
            (f"{digest}.so.2-ff.tmp", 10, True),
            (f"{digest}.lock", 2 * 86400, False),
            (f"{digest[:-1]}0.lock", 10, True),
            (f"{digest}.so", 7200, False),
            (f"{digest[:-1]}0.so", 10, True),
            (f"{digest}.entry", 10, False),
            ("notes.txt", 10**8, True),
            ("ab.so", 10**8, True),
        ]
    ):
        file = Path(cache.directory, name)
        file.write_text("left over")
        os.utime(file, (file.stat().st_mtime - age,) * 2)
    limits.prune(cache.directory, None, None)
    for name, _, stays in LEFT_OVER:
        assert Path(cache.directory, name).exists() == stays, name
    assert path.exists()
    limits.clear(cache.directory)
    assert set(os.listdir(cache.directory)) == {"notes.txt", "ab.so"}


def test_entries_from_the_future_begin_to_age(cache):
    import time

    cache.get(KEY, Builder())
    entry = entry_of(cache.directory)
    future = time.time() + 10**8
    os.utime(entry, (future, future))
    limits.prune(cache.directory, None, 30)
    assert entry.stat().st_mtime < future - 10**7
    os.utime(entry, (future, future))
    cache.get(KEY, fail_if_called)
    assert entry.stat().st_mtime < future - 10**7


def test_use_is_noted_once_a_day(cache):
    import time

    cache.get(KEY, Builder())
    entry = entry_of(cache.directory)
    for age, noted in (3600, False), (2 * 86400, True):
        then = time.time() - age
        os.utime(entry, (then, then))
        cache.get(KEY, fail_if_called)
        assert (entry.stat().st_mtime > then + 1) == noted


# --- threads, and what a hit imports -----------------------------------------------------------


def test_threads_share_one_build(cache):
    build = Builder()
    build.meanwhile = lambda: settle()
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(cache.get(KEY, build))) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert build.count == 1


WARM = """
import sys, time
import cffi_core
before = set(sys.modules)
start = time.perf_counter()
from cffi_core.cache import Cache
imported = time.perf_counter()
Cache(sys.argv[1]).get({"name": "module", "source": "int x;\\nint y;\\n"}, None)
found = time.perf_counter()
print(*sorted(set(sys.modules) - before))
print(imported - start, found - imported)
"""


def test_a_hit_imports_almost_nothing(cache, tmp_path):
    cache.get(KEY, Builder(old(tmp_path / "a.h", "one")))
    modules, times = run_python(WARM, cache.directory).splitlines()
    ours = {"cffi_core.cache", "cffi_core.cache.entry", "cffi_core.cache.place"}
    assert set(modules.split()) - {"time"} == ours
    assert "time" in sys.builtin_module_names
    assert sum(map(float, times.split())) < 0.1  # about 1 ms on a quiet machine
