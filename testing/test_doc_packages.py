"""What the guide's page on packages shows is what testing/packages does."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "doc" / "guide" / "13-shipping-a-package.md"
PACKAGES = ROOT / "testing" / "packages"

# What a package of one's own says in another way: its name, and which cffi_core it knows of.
OWN = re.compile(r"""name = "points"|requires = .*|dependencies = .*""")


def blocks(section: str) -> list[list[str]]:
    """The lines of each block that is no code to run, in one section of the page."""
    text = PAGE.read_text(encoding="utf-8").split(f"\n## {section}\n")[1].split("\n## ")[0]
    found = re.findall(r"^```text\n(.*?)^```$", text, re.M | re.S)
    return [[line.strip() for line in block.splitlines() if line.strip()] for block in found]


@pytest.mark.parametrize(
    ("section", "files"),
    [
        ("setuptools", ["setuptools/setup.py", "setuptools/pyproject.toml"]),
        ("scikit-build-core", ["scikit/CMakeLists.txt", "scikit/pyproject.toml"]),
        ("meson-python", ["meson/meson.build"]),
    ],
)
def test_every_line_shown_is_in_the_package(section, files):
    shown = blocks(section)
    assert len(shown) == len(files)
    for block, name in zip(shown, files, strict=True):
        text = (PACKAGES / name).read_text(encoding="utf-8")
        there = {line.strip() for line in text.splitlines()}
        assert [line for line in block if line not in there and not OWN.fullmatch(line)] == []
