"""First stage: what comes from the network, once for both environments, and kept."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from .environment import STOCK, Environment, Failed, run
from .project import Project, Source, canonical

ARCHIVES = (".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".zip")


def missing(packages: list[str]) -> list[str]:
    """Those of Debian's packages that are not installed; none where there is no Debian."""
    if not packages or not shutil.which("dpkg-query"):
        return []
    words = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *packages]
    said = subprocess.run(
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False
    )
    there = {line.split()[0] for line in said.stdout.splitlines() if line.endswith(" installed")}
    return sorted(set(packages) - there)


def install(packages: list[str]) -> None:
    """Those that are missing. Whoever else installs is waited for."""
    wanted = missing(packages)
    if wanted:
        apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=900"]
        env = {"DEBIAN_FRONTEND": "noninteractive"}
        run(*apt, "update", env=env)
        run(*apt, "install", "-y", "--no-install-recommends", *wanted, env=env)


def fetch(project: Project, environment: Environment) -> None:
    """Its sources, and wheels of what it needs beside CFFI: the environment is CFFI's."""
    stamp = project.wheels / "needs.txt"
    needs = "\n".join(project.needs)
    if not stamp.exists() or stamp.read_text() != needs:
        shutil.rmtree(project.wheels, ignore_errors=True)
        environment.pip("wheel", "--prefer-binary", "-w", project.wheels, STOCK, *project.needs)
        stamp.write_text(needs)
    need(project, environment)
    for source in project.sources:
        if found(project, source) is None:
            words = ["--no-build-isolation", "--no-deps", "--no-binary", ":all:"]
            words += ["-d", project.downloads, f"{source.name}=={source.version}"]
            environment.pip("download", *words, env=project.env)
        archive(project, source)


def need(project: Project, environment: Environment) -> None:
    """Installs what a project needs for building and testing, from what was fetched."""
    words = ["--no-index", "--find-links", project.wheels]
    environment.pip("install", "-U", *words, *project.needs)


def found(project: Project, source: Source) -> Path | None:
    for path in project.downloads.glob("*"):
        ending = next((e for e in ARCHIVES if path.name.endswith(e)), "")
        if canonical(path.name[: len(path.name) - len(ending)]) == source.stem:
            return path
    return None


def archive(project: Project, source: Source) -> Path:
    """The source distribution that was fetched, which is the one that the list means."""
    path = found(project, source)
    if path is None:
        raise Failed(f"{source.name} {source.version}: no source distribution was downloaded")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if source.sha256 not in ("", digest):
        raise Failed(f"{path}: its SHA-256 is {digest}, the list has {source.sha256}")
    return path
