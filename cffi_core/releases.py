"""Which cffi_core loads a stub: what a package that ships one has to require."""

# Contract version (CD_MAJOR, CD_MINOR of cd_stub.h) -> the first release that loads its stubs.
FIRST = {(1, 0): "0.1.0.dev0"}

# A module without C source (set_source(name, None)) needs no contract.
OLDEST = "0.1.0.dev0"


def requirement(min_core: int | None = None) -> str:
    """The requirement for a stub with this min_core (major << 16 | minor); None: for no stub."""
    if min_core is None:
        return f"cffi_core>={OLDEST}"
    return f"cffi_core>={FIRST[min_core >> 16, min_core & 0xFFFF]}"
