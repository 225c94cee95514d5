"""Programs that stand in for the C compiler and other tools."""

import shutil

import pytest

needs_cplusplus = pytest.mark.skipif(not shutil.which("c++"), reason="no C++ compiler")


def program(path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)
