"""What the distribution called cffi consists of, as texts by their paths in site-packages."""

from pathlib import Path

VERSION = "2.1.1"
# Of the wheel: pip takes it for a 2.1.1, and prefers it to the one of the package index.
LOCAL_VERSION = "2.1.1+cffi.core"

METADATA = """\
Metadata-Version: 2.1
Name: cffi
Version: {version}
Summary: cffi_core under the name of CFFI
Requires-Python: >=3.10
{requires}
Put here by `python -m cffi_core dropin`. `import cffi` is cffi_core.
"""

WHEEL = """\
Wheel-Version: 1.0
Generator: cffi_core dropin
Root-Is-Purelib: true
Tag: py3-none-any
"""

ENTRY_POINTS = """\
[console_scripts]
cffi-gen-src = cffi._cffi_gen_src:run

[distutils.setup_keywords]
cffi_modules = cffi.setuptools_ext:cffi_modules
"""

# In the dist-info of ours, and of no other cffi.
MARK = "cffi_core"


def dist_info(version: str) -> str:
    return f"cffi-{version}.dist-info"


def modules() -> dict[str, str]:
    site = Path(__file__).parent / "site"
    found = sorted(site.rglob("*.py"))
    return {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in found}


def distribution(version: str) -> dict[str, str]:
    """All but RECORD, which whoever writes the files makes of them.

    A wheel requires cffi_core. What cffi_core itself installs need not say so, and installers
    leave it alone even where they do not see cffi_core.
    """
    requires = "Requires-Dist: cffi_core\n" if version == LOCAL_VERSION else ""
    folder = dist_info(version)
    return modules() | {
        f"{folder}/METADATA": METADATA.format(version=version, requires=requires),
        f"{folder}/WHEEL": WHEEL,
        f"{folder}/entry_points.txt": ENTRY_POINTS,
        f"{folder}/top_level.txt": "_cffi_backend\ncffi\n",
        f"{folder}/{MARK}": "",
    }


def record(files: dict[str, bytes], own: str) -> str:
    """The text of RECORD, itself called own."""
    from base64 import urlsafe_b64encode

    from cffi_core._core import sha256

    lines = []
    for path, content in files.items():
        digest = urlsafe_b64encode(sha256(content)).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(content)}\n")
    return "".join(lines) + f"{own},,\n"
