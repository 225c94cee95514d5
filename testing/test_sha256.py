"""_core.sha256 against hashlib, and that it lets other threads run."""

import hashlib
import random
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cffi_core._core import _sha256_plain, sha256


@pytest.mark.parametrize("size", [*range(260), 4095, 16383, 16384, 16385, 1_000_003])
def test_every_length_of_the_tail(size):
    data = random.Random(size).randbytes(size)
    assert sha256(data) == _sha256_plain(data) == hashlib.sha256(data).digest()


def test_the_standards_own_examples():
    """FIPS 180-4's example messages, of one block and of two."""
    assert sha256(b"abc").hex() == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert sha256(b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex() == (
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    )


@given(st.binary(max_size=5000))
def test_any_data(data):
    assert sha256(data) == _sha256_plain(data) == hashlib.sha256(data).digest()


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview])
def test_bytes_like(make):
    assert sha256(make(b"abc")) == hashlib.sha256(b"abc").digest()


@pytest.mark.parametrize("wrong", ["text", 3, None, [1]])
def test_other_objects(wrong):
    with pytest.raises(TypeError, match="bytes-like object is required"):
        sha256(wrong)


def test_not_contiguous():
    with pytest.raises(BufferError):
        sha256(memoryview(b"abcdef")[::2])


def test_the_buffer_is_released():
    data = bytearray(100_000)
    sha256(data)
    data.append(1)  # BufferError while exported


def ticks_during(function, data) -> int:
    """How often this thread runs while another is inside of one call."""
    inside, done = threading.Event(), threading.Event()

    def hash_it():
        inside.set()
        function(data)
        done.set()

    thread = threading.Thread(target=hash_it)
    thread.start()
    inside.wait()
    ticks = 0
    while not done.is_set():
        ticks += 1
        time.sleep(0.0005)
    thread.join()
    return ticks


@pytest.mark.parametrize("function", [sha256, _sha256_plain])
def test_large_data_leaves_the_gil(function):
    """A few ticks can be before and behind the call; one try of many with more will do, however
    busy the machine."""
    data = bytes(60_000_000)
    assert any(ticks_during(function, data) > 5 for _ in range(30))
