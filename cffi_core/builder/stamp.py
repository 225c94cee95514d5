"""Whether a compiled file is up to date: what it was made from, in a small text that is kept in the
cache or beside it.

A JSON object: `command`, the text that says how; `output` and each of `inputs`, [size, mtime_ns]
of a file then, null for one that was not there; `advice`, lists of names that the emitter had to be
told. A file is up to date when all are as they were: newer or older makes no difference.
"""

import os

from .advice import Advice


def fingerprint(path: str) -> list[int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]


class Beside:
    """The text in a file of its own."""

    def __init__(self, path: str) -> None:
        self.path = path

    def read(self) -> str:
        try:
            with open(self.path, encoding="utf-8", errors="surrogateescape") as file:
                return file.read()
        except (OSError, ValueError):
            return ""

    def write(self, text: str) -> None:
        from .files import write_text

        write_text(self.path, text)


class Stamp:
    NEEDS = ("json",)  # for write(); slow to import

    def __init__(self, place) -> None:
        """place: the path of a file, or what has read() and write(text)."""
        self.place = Beside(place) if isinstance(place, str) else place
        self.data: dict = {}
        if text := self.place.read():
            self._read(text)

    def _read(self, text: str) -> None:
        import json

        try:
            data = json.loads(text)
        except ValueError:
            return
        if isinstance(data, dict):
            self.data = data

    @property
    def advice(self) -> Advice:
        """Last time's: the text is then the one that was compiled."""
        try:
            lists = self.data["advice"]
            return Advice(**{name: frozenset(map(str, names)) for name, names in lists.items()})
        except (AttributeError, KeyError, TypeError):
            return Advice()

    def current(self, output: str, command: str) -> bool:
        """Whether output is what command makes of its inputs as they are now."""
        data = self.data
        inputs = data.get("inputs")
        return (
            data.get("command") == command
            and data.get("output") is not None
            and data["output"] == fingerprint(output)
            and isinstance(inputs, dict)
            and all(then == fingerprint(path) for path, then in inputs.items())
        )

    def write(self, output: str, command: str, built) -> None:
        """Records what became of a Unit."""
        import json

        self.data = {
            "command": command,
            "output": fingerprint(output),
            "advice": {name: sorted(names) for name, names in built.advice._asdict().items()},
            # An input that is not there was not understood, or is gone already: never current.
            "inputs": {path: fingerprint(path) or False for path in built.inputs}
            | {path: fingerprint(path) for path in built.absent},
        }
        self.place.write(json.dumps(self.data, indent=1, ensure_ascii=False) + "\n")
