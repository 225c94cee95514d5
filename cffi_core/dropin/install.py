"""The drop-in in a folder of modules, and out of it again.

A CFFI that is there already is kept in an archive beside the new metadata when it is replaced,
and comes back when the drop-in is removed.
"""

import csv
import os
import shutil
import sys
import sysconfig
import zipfile
from pathlib import Path

from .files import MARK, VERSION, dist_info, distribution, record

SAVED = "replaced.zip"


class Refused(Exception):
    """What was asked for would do harm, or has nothing to do."""


def install(into: str | None, force: bool, user: bool = False) -> str:
    site, scripts = places(into, user)
    if into is None:
        require_first(site)
    ours, theirs = found(site)
    if theirs and not force:
        names = ", ".join(path.name for path in theirs)
        raise Refused(
            f"CFFI is installed in {site} ({names}); --force replaces it, and --remove brings it "
            "back then"
        )
    require_writable(site)
    saved = kept(ours)
    for info in ours:
        take_out(info)
    if theirs:
        saved = save(site, theirs)
    contents = {name: text.encode() for name, text in distribution(VERSION).items()}
    contents[f"{dist_info(VERSION)}/INSTALLER"] = b"cffi_core\n"
    if saved is not None:
        contents[f"{dist_info(VERSION)}/{SAVED}"] = saved
    script = script_path(scripts)
    contents[os.path.relpath(script, site).replace(os.sep, "/")] = script_text()
    own = f"{dist_info(VERSION)}/RECORD"
    contents[own] = record(contents, own).encode()
    try:
        write(site, contents)
        script.chmod(0o755)
    except OSError as error:
        written = [site / name for name in contents if (site / name).exists()]
        take_out(site / dist_info(VERSION), written)
        if saved is not None:
            bring_back(site, saved)
        raise Refused(f"nothing was changed: {error}") from None
    return f"`import cffi` is cffi_core in {site}"


def write(site: Path, contents: dict[str, bytes]) -> None:
    for name, content in contents.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def remove(into: str | None, user: bool = False) -> str:
    site, _ = places(into, user)
    ours, theirs = found(site)
    if not ours:
        raise Refused(f"{site} has {'CFFI itself' if theirs else 'no cffi'}, and no drop-in")
    require_writable(site)
    saved = kept(ours)
    for info in ours:
        take_out(info)
    if saved is None:
        return f"removed from {site}"
    bring_back(site, saved)
    return f"removed from {site}, where CFFI is back"


def places(into: str | None, user: bool = False) -> tuple[Path, Path]:
    """The folder for modules, and the one for commands."""
    if user:
        import site

        if not site.ENABLE_USER_SITE:
            raise Refused("this Python has no folder of the user's: a virtual environment is one's")
        folder = sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user"))
        return Path(site.getusersitepackages()), Path(folder)
    if into is None:
        return Path(sysconfig.get_path("purelib")), Path(sysconfig.get_path("scripts"))
    return Path(into).absolute(), Path(into).absolute() / "bin"


def require_writable(site: Path) -> None:
    folder = next(path for path in (site, *site.parents) if path.exists())
    if not os.access(folder, os.W_OK):
        raise Refused(f"{folder} cannot be written to: try --user, --into DIR or an environment")


def require_first(site: Path) -> None:
    """Raises when `import cffi` would go on to mean another one. The first folder on sys.path is
    where this command was called."""
    from importlib.machinery import PathFinder

    folders = [os.path.abspath(folder) for folder in sys.path[1:]]
    for folder in folders[: folders.index(str(site))] if str(site) in folders else ():
        if PathFinder.find_spec("cffi", [folder]) is not None:
            raise Refused(
                f"`import cffi` is the one in {folder}, which comes before {site}: say --into "
                f"{folder}, or remove that one"
            )


def found(site: Path) -> tuple[list[Path], list[Path]]:
    """The metadata of drop-ins there, and what there is of a CFFI."""
    infos = [*site.glob("cffi-*.dist-info"), *site.glob("cffi-*.egg-info")]
    ours = [path for path in infos if (path / MARK).exists()]
    theirs = [path for path in infos if path not in ours]
    if not ours:
        theirs += [*site.glob("cffi"), *site.glob("_cffi_backend*")]
    return ours, theirs


def recorded(info: Path) -> list[Path]:
    """The files of a distribution, by its RECORD."""
    try:
        with open(info / "RECORD", encoding="utf-8", newline="") as file:
            return [info.parent / row[0] for row in csv.reader(file) if row]
    except OSError:
        return [path for path in info.rglob("*") if path.is_file()] if info.is_dir() else [info]


def take_out(info: Path, files: list[Path] | None = None) -> None:
    """Removes a distribution: its files, what was compiled from them, folders left empty."""
    for path in recorded(info) if files is None else files:
        path.unlink(missing_ok=True)
    for folder in info.parent / "cffi", info:
        shutil.rmtree(folder, ignore_errors=True)
    for path in (info.parent / "__pycache__").glob("_cffi_backend.*"):
        path.unlink()


def kept(ours: list[Path]) -> bytes | None:
    """The archive of the CFFI that a drop-in has replaced."""
    archives = [info / SAVED for info in ours if (info / SAVED).exists()]
    return archives[0].read_bytes() if archives else None


def save(site: Path, theirs: list[Path]) -> bytes:
    """Moves a CFFI into an archive."""
    from io import BytesIO

    files = {path for info in theirs if info.name.startswith("cffi-") for path in recorded(info)}
    for path in theirs:
        files |= {path} if path.is_file() else {p for p in path.rglob("*") if p.is_file()}
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in files if path.is_file()):
            archive.write(path, os.path.relpath(path, site))
    for path in files:
        path.unlink(missing_ok=True)
    for path in theirs:
        shutil.rmtree(path, ignore_errors=True)
    return content.getvalue()


def bring_back(site: Path, saved: bytes) -> None:
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(saved)) as archive:
        for entry in archive.infolist():
            path = Path(os.path.normpath(site / entry.filename))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive.read(entry))
            path.chmod(entry.external_attr >> 16 & 0o777 or 0o644)


def script_path(folder: Path) -> Path:
    return folder / "cffi-gen-src"


def script_text() -> bytes:
    program = "import sys\nfrom cffi._cffi_gen_src import run\nsys.exit(run())\n"
    return f"#!{sys.executable}\n{program}".encode()
