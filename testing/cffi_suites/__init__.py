"""CFFI's own test-suites, run on CFFI and on cffi_core under its name."""
