"""Projects of others that are written for CFFI, built and tested on CFFI and on cffi_core."""
