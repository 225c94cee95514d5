"""FFI.set_unicode(): which characters TCHAR and its relatives are, on Windows."""

TYPES = """
typedef {0} TCHAR, TBYTE, *LPTSTR, *PTSTR, *PTBYTE, *PTCHAR;
typedef const {0} *LPCTSTR, *PCTSTR;
"""


def set_unicode(ffi, enabled_flag) -> None:
    if getattr(ffi, "_windows_unicode", None) is not None:
        raise ValueError("set_unicode() can only be called once")
    enabled = bool(enabled_flag)
    ffi.cdef(TYPES.format("wchar_t" if enabled else "char"))
    ffi._windows_unicode = enabled
