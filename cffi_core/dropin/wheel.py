"""A wheel of the drop-in, for builds in environments of their own: pip finds it by
PIP_FIND_LINKS, and a constraint `cffi==2.1.1+cffi.core` leaves it no other choice."""

import os
import zipfile

from .files import LOCAL_VERSION, dist_info, distribution, record


def write(folder: str) -> str:
    """The path of the wheel."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"cffi-{LOCAL_VERSION}-py3-none-any.whl")
    files = {name: text.encode() for name, text in distribution(LOCAL_VERSION).items()}
    own = f"{dist_info(LOCAL_VERSION)}/RECORD"
    files[own] = record(files, own).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            # A fixed date, so that the same files are the same wheel.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return path
