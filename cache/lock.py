"""One compilation of one key at a time: saves work, and nothing depends on it.

The lock is the kernel's (flock), so that one whose holder died is free. It is polled, never waited
in: a waiter also returns when the entry appears, and goes on alone when the holder takes too long
or the file system has no locks.
"""

import os
import time

try:
    import fcntl
except ImportError:  # Windows: two processes may compile the same
    fcntl = None

FIRST_PAUSE, LONGEST_PAUSE = 0.002, 0.05


class Lock:
    """`with Lock(cache, name) as lock`: held, or `lock.found` is the object's path, or neither."""

    def __init__(self, cache, name: str) -> None:
        self.cache, self.name = cache, name
        self.path = os.path.join(cache.directory, name + ".lock")
        self.fd, self.held, self.found = -1, False, None

    def __enter__(self) -> "Lock":
        if fcntl is not None:
            try:
                self._acquire()
            except OSError:
                pass  # a read-only directory, or a file system without locks
        return self

    def _acquire(self) -> None:
        entry = os.path.join(self.cache.directory, self.name + ".entry")
        seen = signature(entry)
        deadline, pause = time.monotonic() + self.cache.lock_seconds, FIRST_PAUSE
        while not self._try() and time.monotonic() < deadline:
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)
            now = signature(entry)
            if now != seen:
                seen, self.found = now, self.cache.lookup(self.name)
                if self.found:
                    return

    def _try(self) -> bool:
        """True when the lock is held now, on the file that has the name."""
        if self.fd < 0:
            self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if os.fstat(self.fd).st_nlink == 0:  # its last holder removed it when it was done
            os.close(self.fd)
            self.fd = -1
            return self._try()
        self.held = True
        return True

    def __exit__(self, *exc_info) -> None:
        try:
            if self.held:
                os.unlink(self.path)
        except OSError:
            pass
        if self.fd >= 0:
            os.close(self.fd)


def signature(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
