"""FFI.verify(): compile, check and load in one call; from the cache when nothing changed."""

from .verifier import Verifier


def verify(
    ffi,
    source="",
    tmpdir=None,
    modulename=None,
    ext_package=None,
    tag="",
    force_generic_engine=False,
    source_extension=".c",
    flags=None,
    relative_to=None,
    **kwds,
):
    verifier = Verifier(
        ffi,
        source,
        tmpdir,
        modulename,
        ext_package,
        tag,
        force_generic_engine,
        source_extension,
        flags,
        relative_to,
        **kwds,
    )
    lib = verifier.load_library()
    ffi.verifier = verifier
    return lib
