"""Which cffi_core loads a stub: what a package that ships one has to require."""

# Contract version (CD_MAJOR, CD_MINOR of cd_stub.h) -> the first release that loads its stubs.
FIRST = {(1, 0): "0.1.0.dev0", (1, 1): "0.1.0.dev0", (1, 2): "0.1.0.dev0"}

# A module without C source (set_source(name, None)) needs no contract.
OLDEST = "0.1.0.dev0"


def requirement(min_core: tuple[int, int] | None = None) -> str:
    """The requirement for a stub that needs this contract version; None: for no stub."""
    return f"cffi_core>={OLDEST if min_core is None else FIRST[min_core]}"
