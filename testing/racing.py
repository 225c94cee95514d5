"""Several threads that do things to one object at once."""

import sys
import threading

import pytest
from conftest import FULL

THREADS = 6
ROUNDS = 200 if FULL else 25


@pytest.fixture
def hurry():
    """With a GIL it is passed on as often as can be; without one, threads run at once."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def race(*jobs):
    """Runs the jobs at once, each in THREADS // len(jobs) threads; their results, or errors."""
    count = max(1, THREADS // len(jobs))
    barrier = threading.Barrier(count * len(jobs))
    results = [[None] * count for _ in jobs]

    def run(which, i):
        barrier.wait()
        try:
            results[which][i] = jobs[which](i)
        except Exception as error:
            results[which][i] = error

    threads = [
        threading.Thread(target=run, args=(which, i))
        for which in range(len(jobs))
        for i in range(count)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results[0] if len(jobs) == 1 else results
