/* stub_asserts.c - the contract, frozen.  MIT.
 *
 * Stubs that were compiled long ago hold these numbers.  None may change, and
 * none be given to anything else: what is new comes behind.                  */
#include "cd_parser.h"
#include "cd_stub.h"

#define SAME(name, number) \
    _Static_assert((name) == (number), #name " is part of the stub contract")
#define AT(type, field, offset) \
    SAME(offsetof(struct type, field), offset)

/* ---- kinds, primitives --------------------------------------------------- */

SAME(CD_PRIM, 1);
SAME(CD_POINTER, 2);
SAME(CD_ARRAY, 3);
SAME(CD_VECTOR, 4);
SAME(CD_FUNC, 5);
SAME(CD_STRUCT, 6);
SAME(CD_UNION, 7);
SAME(CD_ENUM, 8);
SAME(CD_TYPEDEF, 9);
SAME(CD_QUAL, 10);
SAME(CD_IMPORT, 11);
SAME(CD_UNAVAIL, 12);

SAME(CD_PRIM_VOID, 1);
SAME(CD_PRIM_BOOL, 2);
SAME(CD_PRIM_CHAR, 3);
SAME(CD_PRIM_SCHAR, 4);
SAME(CD_PRIM_UCHAR, 5);
SAME(CD_PRIM_SHORT, 6);
SAME(CD_PRIM_USHORT, 7);
SAME(CD_PRIM_INT, 8);
SAME(CD_PRIM_UINT, 9);
SAME(CD_PRIM_LONG, 10);
SAME(CD_PRIM_ULONG, 11);
SAME(CD_PRIM_LLONG, 12);
SAME(CD_PRIM_ULLONG, 13);
SAME(CD_PRIM_FLOAT, 14);
SAME(CD_PRIM_DOUBLE, 15);
SAME(CD_PRIM_LDOUBLE, 16);
SAME(CD_PRIM_WCHAR, 17);
SAME(CD_PRIM_CHAR16, 18);
SAME(CD_PRIM_CHAR32, 19);
SAME(CD_PRIM_INT8, 20);
SAME(CD_PRIM_UINT8, 21);
SAME(CD_PRIM_INT16, 22);
SAME(CD_PRIM_UINT16, 23);
SAME(CD_PRIM_INT32, 24);
SAME(CD_PRIM_UINT32, 25);
SAME(CD_PRIM_INT64, 26);
SAME(CD_PRIM_UINT64, 27);
SAME(CD_PRIM_INT_LEAST8, 28);
SAME(CD_PRIM_UINT_LEAST8, 29);
SAME(CD_PRIM_INT_LEAST16, 30);
SAME(CD_PRIM_UINT_LEAST16, 31);
SAME(CD_PRIM_INT_LEAST32, 32);
SAME(CD_PRIM_UINT_LEAST32, 33);
SAME(CD_PRIM_INT_LEAST64, 34);
SAME(CD_PRIM_UINT_LEAST64, 35);
SAME(CD_PRIM_INT_FAST8, 36);
SAME(CD_PRIM_UINT_FAST8, 37);
SAME(CD_PRIM_INT_FAST16, 38);
SAME(CD_PRIM_UINT_FAST16, 39);
SAME(CD_PRIM_INT_FAST32, 40);
SAME(CD_PRIM_UINT_FAST32, 41);
SAME(CD_PRIM_INT_FAST64, 42);
SAME(CD_PRIM_UINT_FAST64, 43);
SAME(CD_PRIM_INTPTR, 44);
SAME(CD_PRIM_UINTPTR, 45);
SAME(CD_PRIM_INTMAX, 46);
SAME(CD_PRIM_UINTMAX, 47);
SAME(CD_PRIM_PTRDIFF, 48);
SAME(CD_PRIM_SIZE, 49);
SAME(CD_PRIM_SSIZE, 50);
SAME(CD_PRIM_FCOMPLEX, 51);
SAME(CD_PRIM_DCOMPLEX, 52);
SAME(CD_PRIM_LDCOMPLEX, 53);
SAME(CD_PRIM_INT128, 54);
SAME(CD_PRIM_UINT128, 55);
SAME(CD_PRIM_FLOAT16, 56);
SAME(CD_PRIM_BFLOAT16, 57);
SAME(CD_PRIM_FLOAT128, 58);
SAME(CD_PRIM_DOT_INT, 59);
SAME(CD_PRIM_DOT_FLOAT, 60);

/* ---- flags --------------------------------------------------------------- */

SAME(CD_F_OPAQUE, 1 << 0);
SAME(CD_F_PARTIAL, 1 << 1);
SAME(CD_F_LATE, 1 << 2);
SAME(CD_F_OPEN, 1 << 3);
SAME(CD_F_DOTS, 1 << 4);
SAME(CD_F_VARIADIC, 1 << 5);
SAME(CD_F_NOPROTO, 1 << 6);
SAME(CD_F_PACKED, 1 << 7);
SAME(CD_F_FLEX, 1 << 8);
SAME(CD_F_TRANSPARENT, 1 << 9);
SAME(CD_F_UNAVAIL, 1 << 10);
SAME(CD_F_TYPEDEF_NAME, 1 << 11);
SAME(CD_F_BITFIELDS, 1 << 12);
SAME(CD_F_SIGNED, 1 << 13);
SAME(CD_F_BUSY, 1 << 14);
SAME(CD_F_LAID_OUT, 1 << 15);

SAME(CD_Q_CONST, 1);
SAME(CD_Q_VOLATILE, 2);
SAME(CD_Q_RESTRICT, 4);
SAME(CD_Q_ATOMIC, 8);

SAME(CD_ABI_DEFAULT, 0);
SAME(CD_ABI_CDECL, 1);
SAME(CD_ABI_STDCALL, 2);
SAME(CD_ABI_FASTCALL, 3);
SAME(CD_ABI_THISCALL, 4);
SAME(CD_ABI_VECTORCALL, 5);
SAME(CD_ABI_MS, 6);
SAME(CD_ABI_SYSV, 7);

SAME(CD_M_FLEX, 1);
SAME(CD_M_STRADDLE, 2);

/* ---- declarations -------------------------------------------------------- */

SAME(CD_D_TYPEDEF, 1);
SAME(CD_D_FUNCTION, 2);
SAME(CD_D_VARIABLE, 3);
SAME(CD_D_INT, 4);
SAME(CD_D_FLOAT, 5);
SAME(CD_D_STRING, 6);
SAME(CD_D_MACRO, 7);
SAME(CD_D_EXTERN_PYTHON, 8);
SAME(CD_D_UNAVAILABLE, 9);

SAME(CD_DF_UNSIGNED, 1);
SAME(CD_DF_KEEP_GIL, 2);
SAME(CD_DF_PLUS_C, 4);
SAME(CD_DF_API, 8);
SAME(CD_DF_THREAD, 16);
SAME(CD_DF_CHECKED, 32);
SAME(CD_DF_ENUMERATOR, 64);
SAME(CD_DF_STATIC, 128);

/* ---- structs ------------------------------------------------------------- */

SAME(CD_MAJOR, 1);
SAME(CD_FIRST_SID, 256);
SAME(sizeof(cd_word), 8);

SAME(sizeof(struct cd_stub_type), 36);
AT(cd_stub_type, kind, 0);
AT(cd_stub_type, sub, 1);
AT(cd_stub_type, flags, 2);
AT(cd_stub_type, name, 4);
AT(cd_stub_type, a, 8);
AT(cd_stub_type, b, 12);
AT(cd_stub_type, c, 16);
AT(cd_stub_type, x, 20);
AT(cd_stub_type, doc, 24);
AT(cd_stub_type, file, 28);
AT(cd_stub_type, line, 32);

SAME(sizeof(struct cd_stub_field), 20);
AT(cd_stub_field, name, 0);
AT(cd_stub_field, type, 4);
AT(cd_stub_field, offset, 8);
AT(cd_stub_field, bits, 12);
AT(cd_stub_field, flags, 14);
AT(cd_stub_field, probe, 16);

SAME(sizeof(struct cd_stub_global), 32);
AT(cd_stub_global, name, 0);
AT(cd_stub_global, type, 4);
AT(cd_stub_global, slot, 8);
AT(cd_stub_global, kind, 12);
AT(cd_stub_global, flags, 13);
AT(cd_stub_global, reserved, 14);
AT(cd_stub_global, doc, 16);
AT(cd_stub_global, params, 20);
AT(cd_stub_global, file, 24);
AT(cd_stub_global, line, 28);

SAME(sizeof(struct cd_stub_include), 16);
AT(cd_stub_include, module, 0);
AT(cd_stub_include, reserved, 4);
AT(cd_stub_include, digest, 8);

/* Of what holds pointers: n of them come before the field. */
#define AFTER(type, field, bytes, pointers) \
    AT(type, field, (bytes) + (pointers) * sizeof(void *))

AT(cd_stub, size, 0);
AT(cd_stub, major, 4);
AT(cd_stub, minor, 6);
AT(cd_stub, min_core, 8);
AT(cd_stub, target, 12);
AT(cd_stub, digest, 16);
AFTER(cd_stub, module, 48, 0);
AFTER(cd_stub, emitter, 48, 1);
AFTER(cd_stub, text, 48, 2);
AFTER(cd_stub, types, 48, 3);
AFTER(cd_stub, ids, 48, 4);
AFTER(cd_stub, fields, 48, 5);
AFTER(cd_stub, globals, 48, 6);
AFTER(cd_stub, includes, 48, 7);
AFTER(cd_stub, tags, 48, 8);
AFTER(cd_stub, facts, 48, 9);
AFTER(cd_stub, tramp, 48, 10);
AFTER(cd_stub, address, 48, 11);
AFTER(cd_stub, getter, 48, 12);
AFTER(cd_stub, probe, 48, 13);
AFTER(cd_stub, n_text, 48, 14);
AFTER(cd_stub, n_types, 52, 14);
AFTER(cd_stub, n_ids, 56, 14);
AFTER(cd_stub, n_fields, 60, 14);
AFTER(cd_stub, n_globals, 64, 14);
AFTER(cd_stub, n_includes, 68, 14);
AFTER(cd_stub, n_tags, 72, 14);
AFTER(cd_stub, n_facts, 76, 14);
AFTER(cd_stub, n_functions, 80, 14);
AFTER(cd_stub, n_getters, 84, 14);
AFTER(cd_stub, n_probes, 88, 14);
AFTER(cd_stub, n_externs, 92, 14);
AFTER(cd_stub, errno_location, 96, 14);
AFTER(cd_stub, link, 96, 15);
AFTER(cd_stub, reserved, 96, 16);
AFTER(cd_stub, shared, 96, 20);
SAME(sizeof(struct cd_stub), 96 + 21 * sizeof(void *));

AFTER(cd_link, owner, 0, 0);
AFTER(cd_link, call_python, 0, 1);
AFTER(cd_link, definition, 0, 2);
AFTER(cd_link, reserved, 0, 3);
SAME(sizeof(struct cd_link), 8 * sizeof(void *));

AT(cd_core_api, size, 0);
AT(cd_core_api, major, 4);
AT(cd_core_api, minor, 6);
AFTER(cd_core_api, init, 8, 0);
