"""explained.ini: the tests that pass on CFFI and not here, each with a reason."""

import configparser
from fnmatch import fnmatchcase
from pathlib import Path

FILE = Path(__file__).with_name("explained.ini")


class Explained:
    """groups: name -> (kind, reason, patterns of tests). crashes: not even started."""

    def __init__(self) -> None:
        file = configparser.ConfigParser(interpolation=None, delimiters=("=",))
        file.read(FILE, encoding="utf-8")
        self.groups = {}
        self.crashes: list[str] = []
        for name in file.sections():
            keys = file[name]
            reason = " ".join(keys["reason"].split())
            self.groups[name] = keys["kind"], reason, keys.get("tests", "").split()
            self.crashes += keys.get("crashes", "").split()

    def group(self, test: str) -> str | None:
        for name, (_, _, patterns) in self.groups.items():
            if any(fnmatchcase(test, pattern) for pattern in patterns):
                return name
        return None

    def worse(self, before: dict, after: dict) -> list[str]:
        """Passed on CFFI, and here not."""
        left_out = {crash.replace(".py::", "::").replace("/", ".") for crash in self.crashes}
        return [
            test
            for test, outcome in before.items()
            if outcome == "passed"
            and after.get(test, "absent") not in ("passed", "skipped")
            and test not in left_out
        ]

    def unknown(self, before: dict, after: dict) -> list[str]:
        return [test for test in self.worse(before, after) if self.group(test) is None]

    def unused(self, after: dict) -> list[tuple[str, str]]:
        """Patterns that no failure of the last runs matches."""
        failed = [
            test
            for found in after.values()
            for test, outcome in found.items()
            if outcome not in ("passed", "skipped")
        ]
        return [
            (name, pattern)
            for name, (_, _, patterns) in self.groups.items()
            for pattern in patterns
            if not any(fnmatchcase(test, pattern) for test in failed)
        ]
