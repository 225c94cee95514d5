"""The development packages whose headers are examined, and what is in them."""

import functools
import os
import subprocess
from pathlib import Path

PACKAGES = [
    "zlib1g-dev", "libsqlite3-dev", "libpng-dev", "libjpeg62-turbo-dev", "libcurl4-openssl-dev",
    "libssl-dev", "libsodium-dev", "libxml2-dev", "libglib2.0-dev", "libcairo2-dev", "libuv1-dev",
    "libevent-dev", "libarchive-dev", "liblz4-dev", "libzstd-dev", "libxcb1-dev", "libpq-dev",
    "libfftw3-dev", "liblapacke-dev", "libwayland-dev", "libusb-1.0-0-dev", "libsndfile1-dev",
    "libelf-dev", "liblua5.4-dev", "libgmp-dev", "libncurses-dev", "libpcre2-dev",
    "libfreetype-dev", "libyaml-dev", "libzmq3-dev", "libc6-dev",
]  # fmt: skip


def output(*command: str) -> str:
    """What a command prints; nothing if it fails."""
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else ""


@functools.cache
def files(package: str) -> list[Path]:
    return [Path(line) for line in output("dpkg", "-L", package).splitlines()]


def version(package: str) -> str:
    return output("dpkg-query", "-W", "-f", "${Version}", package)


def install(packages: list[str]) -> None:
    """Those that are missing, as root."""
    missing = [name for name in packages if not files(name)]
    if missing:
        command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "-q", "update"], env=environment)
        subprocess.run(command, env=environment, check=True)
        files.cache_clear()


def headers(package: str) -> list[Path]:
    """Each once, whatever links lead to it."""
    found = {path.resolve(): path for path in sorted(files(package)) if path.suffix == ".h"}
    return sorted(path for path in found.values() if "/share/doc/" not in str(path))


@functools.cache
def flags(package: str) -> list[str]:
    """What pkg-config says for the package's own modules."""
    modules = {path.stem for path in files(package) if path.suffix == ".pc"}
    words: list[str] = []
    for module in sorted(modules):
        found = output(os.environ.get("PKG_CONFIG", "pkg-config"), "--cflags", module).split()
        words += [word for word in found if word not in words]
    return words
