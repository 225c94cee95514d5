"""`python -m cffi.gen_src`: the C file of a module, for any build system."""

from ._cffi_gen_src import run

if __name__ == "__main__":
    run()
