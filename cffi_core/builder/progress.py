"""What is being compiled, on a terminal: one line that is overwritten. With rich installed, its
bar."""

import sys
import threading
from contextlib import contextmanager


def progress(total: int):
    """A context manager whose value has working_on(name)."""
    if total < 2 or sys.stderr is None or not sys.stderr.isatty():
        return Silent()
    try:
        import rich.progress
    except ImportError:
        return Line(total, sys.stderr)
    return Bar(total, rich.progress)


class Silent:
    def __enter__(self):
        return self

    def __exit__(self, *exc_info) -> None:
        pass

    @contextmanager
    def working_on(self, name: str):
        yield


class Line(Silent):
    """`[2/5] compiling _a, _b`, as wide as fits."""

    WIDTH = 79

    def __init__(self, total: int, file) -> None:
        self.total = total
        self.file = file
        self.done = 0
        self.names: list[str] = []
        self.lock = threading.Lock()

    def __exit__(self, *exc_info) -> None:
        self.show("")

    @contextmanager
    def working_on(self, name: str):
        with self.lock:
            self.names.append(name)
            self.update()
        try:
            yield
        finally:
            with self.lock:
                self.names.remove(name)
                self.done += 1
                self.update()

    def update(self) -> None:
        self.show(f"[{self.done}/{self.total}] compiling {', '.join(self.names)}")

    def show(self, text: str) -> None:
        """Erases the line, then writes the new one."""
        self.file.write("\r\x1b[K" + text[: self.WIDTH])
        self.file.flush()


class Bar(Silent):
    def __init__(self, total: int, rich_progress) -> None:
        self.bar = rich_progress.Progress(transient=True)
        self.task = self.bar.add_task("compiling", total=total)

    def __enter__(self):
        self.bar.start()
        return self

    def __exit__(self, *exc_info) -> None:
        self.bar.stop()

    @contextmanager
    def working_on(self, name: str):
        self.bar.update(self.task, description=f"compiling {name}")
        try:
            yield
        finally:
            self.bar.advance(self.task)
