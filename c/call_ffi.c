/* call_ffi.c - libffi, seen by this file alone.  MIT.
 *
 * ctype -> ffi_type.  libffi places a record from its members' types, by rules
 * that know neither unions nor bit-fields nor packed members.  On System V
 * x86-64 only the class of each eightbyte counts, so a record becomes one of
 * the same size, alignment and classes (classify.h).  Elsewhere it becomes its
 * members, and what comes out at other offsets than ours is refused.         */
#include "call_ffi.h"
#include "classify.h"
#include "tramp.h"
#include <ffi.h>

#if defined(__x86_64__) && !defined(_WIN32) && !defined(__ILP32__)
#define SYSV 1
#else
#define SYSV 0
#endif
/* Where a record with an integer inside travels by size and alignment alone. */
#if defined(__aarch64__) || defined(__i386__)
#define BLOBS 1
#else
#define BLOBS 0
#endif

/* Memory of a cif, freed with it.  Raw: a closure may outlive its interpreter.
 */
typedef struct block {
    struct block *next;
    max_align_t data[];
} block;

/* How a value travels.  See split_record. */
enum part { WHOLE, HALVES, SECOND_HALF };

struct cc_cif {
    ffi_cif cif;
    block *blocks;
    CTypeObject *func; /* BORROWED */
    bool for_closure;
    unsigned ints, floats; /* registers taken by the arguments so far */
    unsigned n_arguments, n_types, n_values;
    uint8_t *parts; /* by value: enum part; NULL: all whole              */
    ffi_type *types[];
};

static CC_COLD ffi_type *unsupported(CTypeObject *ct, bool result,
                                     const char *why)
{
    PyErr_Format(PyExc_NotImplementedError,
                 "ctype '%U' not supported as %s: %s", ct->name,
                 result ? "return value" : "argument", why);
    return NULL;
}

static void *cif_alloc(cc_cif *c, size_t size)
{
    block *b = PyMem_RawCalloc(1, sizeof *b + size);
    if (b == NULL)
        return PyErr_NoMemory();
    b->next = c->blocks;
    c->blocks = b;
    return b->data;
}

/* A record type with room for n elements and the NULL behind them.           */
static ffi_type *new_record(cc_cif *c, size_t n, Py_ssize_t size,
                            uint32_t align)
{
    ffi_type *type = cif_alloc(c, sizeof *type + (n + 1) * sizeof type);
    if (type == NULL)
        return NULL;
    type->size = (size_t)size;
    type->alignment = (unsigned short)align;
    type->type = FFI_TYPE_STRUCT;
    type->elements = (ffi_type **)(type + 1);
    return type;
}

/* ---- primitives ---------------------------------------------------------- */

static ffi_type *integer_type(uint64_t size, bool is_signed)
{
    switch (size) {
    case 1: return is_signed ? &ffi_type_sint8 : &ffi_type_uint8;
    case 2: return is_signed ? &ffi_type_sint16 : &ffi_type_uint16;
    case 4: return is_signed ? &ffi_type_sint32 : &ffi_type_uint32;
    case 8: return is_signed ? &ffi_type_sint64 : &ffi_type_uint64;
    default: return NULL;
    }
}

static ffi_type *float_type(int prim)
{
    switch (prim) {
    case CD_PRIM_FLOAT: return &ffi_type_float;
    case CD_PRIM_DOUBLE: return &ffi_type_double;
    case CD_PRIM_LDOUBLE: return &ffi_type_longdouble;
    case CD_PRIM_FLOAT16:
    case CD_PRIM_BFLOAT16: /* the low bits of the register a float goes in */
        return SYSV ? &ffi_type_float : NULL;
#ifdef FFI_TARGET_HAS_COMPLEX_TYPE
    case CD_PRIM_FCOMPLEX: return &ffi_type_complex_float;
    case CD_PRIM_DCOMPLEX: return &ffi_type_complex_double;
    case CD_PRIM_LDCOMPLEX: return &ffi_type_complex_longdouble;
#endif
    default: return NULL;
    }
}

/* NULL: libffi has no such type. */
static ffi_type *prim_type(int prim, uint64_t size)
{
    switch (cd_prim_class(prim)) {
    case CD_CLASS_FLOAT:
    case CD_CLASS_COMPLEX: return float_type(prim);
    case CD_CLASS_VOID: return &ffi_type_void;
    default:
        return integer_type(size, cd_prim_signed(cd_target_native(), prim));
    }
}

/* ---- records on System V x86-64 ------------------------------------------ */
#if SYSV

/* A record that libffi passes in memory whatever its size: its member is one
 * that no register could hold.                                               */
static ffi_type *memory_record(cc_cif *c, CTypeObject *ct)
{
    ffi_type *type = new_record(c, 1, ct->size, ct->align);
    ffi_type *big = type == NULL ? NULL : new_record(c, 1, 64, 1);
    if (big == NULL)
        return NULL;
    big->elements[0] = &ffi_type_uint8;
    type->elements[0] = big;
    return type;
}

/* Adds elements of one class that fill `bytes` of an eightbyte.  False: libffi
 * has no such element.                                                       */
static bool add_eightbyte(cc_cif *c, ffi_type **at, uint8_t klass, int bytes)
{
    switch (klass) {
    case CC_INTEGER:
        for (int i = 0; i < (bytes == 8 ? 1 : bytes); i++)
            at[i] = bytes == 8 ? &ffi_type_uint64 : &ffi_type_uint8;
        return true;
    case CC_SSE:
        at[0] = bytes == 8 ? &ffi_type_double : &ffi_type_float;
        return bytes == 8 || bytes == 4;
    case CC_NO_CLASS: /* padding: an element that only takes its place */
        at[0] = new_record(c, 0, bytes, 1);
        return at[0] != NULL;
    default: return false;
    }
}

/* A record of these classes.  As an argument without its last eightbyte if
 * that is padding: libffi's closures would take it for a register.           */
static ffi_type *register_record(cc_cif *c, CTypeObject *ct, bool result,
                                 const uint8_t classes[2])
{
    bool padded = !result && ct->size > 8 && classes[1] == CC_NO_CLASS;
    int left = padded ? 8 : (int)ct->size;
    ffi_type *type = new_record(c, 16, left, ct->align);
    if (type == NULL)
        return NULL;
    ffi_type **at = type->elements;
    for (int i = 0; left > 0; i++, left -= 8) {
        if (!add_eightbyte(c, at, classes[i], left < 8 ? left : 8))
            return PyErr_Occurred()
                       ? NULL
                       : unsupported(ct, result,
                                     "libffi cannot place such a member");
        while (*at != NULL)
            at++;
    }
    return type;
}

static ffi_type *result_record(cc_cif *c, CTypeObject *ct)
{
    uint8_t classes[2];
    if (!cc_sysv_classify(ct->table->table, ct->id, classes))
        return unsupported(ct, true, "libffi does not know its members");
    if (classes[0] == CC_X87)
        return &ffi_type_longdouble; /* the same register */
    if (classes[0] != CC_MEMORY)
        return register_record(c, ct, true, classes);
    c->ints = 1; /* its address is the first argument */
    return memory_record(c, ct);
}

/* One eightbyte of a record as an argument of its own.                       */
static ffi_type *half_type(cc_cif *c, CTypeObject *ct, uint8_t klass, int bytes)
{
    if (bytes == 8)
        return klass == CC_SSE ? &ffi_type_double : &ffi_type_uint64;
    ffi_type *type = new_record(c, 8, bytes, 1);
    if (type != NULL && !add_eightbyte(c, type->elements, klass, bytes))
        return unsupported(ct, false, "libffi cannot place such a member");
    return type;
}

/* A record in two registers.  libffi (3.4.4) copies 16 bytes into an integer
 * register for it, reading and writing too far: the last one's overflow lands
 * on the first vector register.  So it travels as its two halves, each an
 * argument of its own, which come to the same registers.  Adds the first; the
 * last type, or NULL with an exception.                                      */
static ffi_type *split_record(cc_cif *c, CTypeObject *ct,
                              const uint8_t classes[2])
{
    if (c->parts == NULL)
        c->parts = cif_alloc(c, c->n_arguments);
    if (c->parts == NULL)
        return NULL;
    if (classes[0] == CC_NO_CLASS) {
        c->parts[c->n_values] = SECOND_HALF;
    } else {
        c->parts[c->n_values] = HALVES;
        c->types[c->n_types++] = half_type(c, ct, classes[0], 8);
    }
    return half_type(c, ct, classes[1], (int)ct->size - 8);
}

/* An __int128 is passed as a record of two integers would be.                */
static bool as_record(const CTypeObject *ct)
{
    return cc_is_record(ct) ||
           (cc_is_primitive(ct) && ct->size == 16 &&
            (ct->klass == CD_CLASS_SINT || ct->klass == CD_CLASS_UINT));
}

static ffi_type *argument_record(cc_cif *c, CTypeObject *ct)
{
    uint8_t classes[2] = {CC_INTEGER, CC_INTEGER};
    unsigned ints = 0, floats = 0;
    if (cc_is_record(ct) &&
        !cc_sysv_classify(ct->table->table, ct->id, classes))
        return unsupported(ct, false, "libffi does not know its members");
    for (int i = 0; i < 2; i++) {
        ints += classes[i] == CC_INTEGER;
        floats += classes[i] == CC_SSE;
    }
    bool fits = ints + floats > 0 && c->ints + ints <= 6 &&
                c->floats + floats <= 8 && c->func->sig->abi != CD_ABI_MS;
    if (!fits && ct->align > 16)
        return unsupported(ct, false,
                           "libffi does not align the stack beyond 16 bytes");
    if (!fits)
        return memory_record(c, ct);
    c->ints += ints;
    c->floats += floats;
    if (!c->for_closure && ct->size > 8 && classes[1] != CC_NO_CLASS)
        return split_record(c, ct, classes);
    if (c->for_closure && classes[0] == CC_NO_CLASS)
        return unsupported(ct, false, "libffi does not know such padding");
    return register_record(c, ct, false, classes);
}

/* Counts the registers of an argument that is no record.                     */
static void count_scalar(cc_cif *c, const CTypeObject *ct)
{
    unsigned n = ct->size > 8 ? 2 : 1;
    if (!cc_is_primitive(ct) ||
        (ct->klass != CD_CLASS_FLOAT && ct->klass != CD_CLASS_COMPLEX))
        c->ints += c->ints + n <= 6 ? n : 0;
    else if (ct->prim != CD_PRIM_LDOUBLE && ct->size <= 16)
        c->floats += c->floats + n <= 8 ? n : 0;
}

static ffi_type *int128_type(cc_cif *c)
{
    ffi_type *type = new_record(c, 2, 16, 16);
    if (type != NULL)
        type->elements[0] = type->elements[1] = &ffi_type_uint64;
    return type;
}

#else
/* ---- records elsewhere --------------------------------------------------- */

typedef struct build {
    cc_cif *c;
    const cd_table *t;
    bool failed;      /* with an exception: no memory                         */
    bool has_integer; /* a member goes by the integer rules                   */
    const char *why;  /* not NULL: no description by members                  */
} build;

static ffi_type *member_type(build *b, cd_id id);

static size_t count_elements(const cd_table *t, const cd_ctype *ty)
{
    size_t n = 0;
    for (uint32_t i = 0; i < ty->b; i++) {
        const cd_member *m = cd_member_at(t, ty->a + i);
        const cd_ctype *mt = cd_type(t, cd_strip(t, m->type));
        n += mt->kind == CD_ARRAY ? (size_t)mt->n : 1;
    }
    return n;
}

/* Members of ty as elements of a new record; checks their offsets.           */
static ffi_type *struct_type(build *b, const cd_ctype *ty)
{
    const cd_table *t = b->t;
    if (ty->size > 4096) {
        b->why = "it is too large for libffi's description";
        return NULL;
    }
    ffi_type *type = new_record(b->c, count_elements(t, ty),
                                (Py_ssize_t)ty->size, ty->align);
    b->failed |= type == NULL;
    uint64_t at = 0;
    size_t n = 0;
    for (uint32_t i = 0; type != NULL && i < ty->b; i++) {
        const cd_member *m = cd_member_at(t, ty->a + i);
        const cd_ctype *mt = cd_type(t, cd_strip(t, m->type));
        uint64_t times = mt->kind == CD_ARRAY ? mt->n : 1;
        if (m->bits >= 0)
            b->why = "libffi does not know bit-fields";
        if (times == 0 || (m->flags & CD_M_FLEX))
            continue;
        ffi_type *element =
            member_type(b, mt->kind == CD_ARRAY ? mt->a : m->type);
        if (element == NULL)
            return NULL;
        at = (at + element->alignment - 1) / element->alignment *
             element->alignment;
        if (at != m->offset)
            b->why = "libffi does not know packed or aligned members";
        at += times * element->size;
        while (times-- > 0)
            type->elements[n++] = element;
    }
    return type;
}

static ffi_type *member_type(build *b, cd_id id)
{
    const cd_ctype *ty = cd_type(b->t, cd_strip(b->t, id));
    ffi_type *type = NULL;
    switch (ty->kind) {
    case CD_PRIM:
    case CD_ENUM:
        type = prim_type(ty->sub, ty->size);
        b->has_integer |= cd_prim_class(ty->sub) != CD_CLASS_FLOAT;
        break;
    case CD_POINTER: b->has_integer = true; return &ffi_type_pointer;
    case CD_STRUCT: return struct_type(b, ty);
    case CD_UNION:
        b->why = "libffi does not know unions";
        return struct_type(b, ty);
    case CD_IMPORT: {
        build inner = {b->c, cd_included(b->t, ty->a), false, false, NULL};
        type = member_type(&inner, ty->b);
        b->failed |= inner.failed;
        b->has_integer |= inner.has_integer;
        if (inner.why != NULL)
            b->why = inner.why;
        return type;
    }
    }
    if (type == NULL)
        b->why = "libffi does not know its members";
    return type;
}

static ffi_type *record_type(cc_cif *c, CTypeObject *ct, bool result)
{
    build b = {c, ct->table->table, false, false, NULL};
    ffi_type *type = member_type(&b, ct->id);
    if (b.failed)
        return NULL;
    if (type == NULL || (b.why != NULL && !(BLOBS && b.has_integer)))
        return unsupported(ct, result, b.why);
    if (b.why != NULL) { /* only size and alignment count */
        type = new_record(c, 1, ct->size, ct->align);
        if (type != NULL)
            type->elements[0] = &ffi_type_uint8;
    }
    return type;
}

static ffi_type *int128_type(cc_cif *c)
{
    (void)c;
    return NULL;
}

static ffi_type *result_record(cc_cif *c, CTypeObject *ct)
{
    return record_type(c, ct, true);
}

static bool as_record(const CTypeObject *ct)
{
    return cc_is_record(ct);
}

static ffi_type *argument_record(cc_cif *c, CTypeObject *ct)
{
    return record_type(c, ct, false);
}

static void count_scalar(cc_cif *c, const CTypeObject *ct)
{
    (void)c, (void)ct;
}
#endif

/* ---- cifs ---------------------------------------------------------------- */

/* The ffi_type of what is no record; NULL with an exception.                 */
static ffi_type *scalar_type(cc_cif *c, CTypeObject *ct, bool result)
{
    ffi_type *type = NULL;
    if (cc_is_pointer(ct))
        return &ffi_type_pointer;
    if (cc_is_primitive(ct) || (ct->flags & CT_VOID)) {
        type = prim_type(ct->prim, (uint64_t)ct->size);
        if (type == NULL && ct->size == 16 && ct->klass != CD_CLASS_FLOAT)
            type = int128_type(c);
    }
    if (type == NULL && !PyErr_Occurred())
        unsupported(ct, result, "libffi does not know this type");
    return type;
}

static ffi_type *result_type(cc_cif *c)
{
    CTypeObject *ct = c->func->item;
    if (!cc_is_record(ct))
        return scalar_type(c, ct, true);
    return ct->size > 0 ? result_record(c, ct) : &ffi_type_void;
}

/* Adds the type (or two: split_record) of the next argument.  0/-1           */
static int add_argument(cc_cif *c, CTypeObject *ct)
{
    ffi_type *type;
    if (ct->flags & CT_TRANSPARENT) { /* passed as its first member would be */
        if (cc_record_ready(ct) < 0)
            return -1;
        ct = cc_field_at(ct, 0)->type;
    }
    if (cc_is_record(ct) && ct->size == 0)
        return 0; /* travels as nothing */
    if (as_record(ct)) {
        type = argument_record(c, ct);
    } else {
        type = scalar_type(c, ct, false);
        count_scalar(c, ct);
    }
    c->types[c->n_types++] = type;
    c->n_values++;
    return type != NULL ? 0 : -1;
}

/* cd_abi -> ffi_abi.  False: not on this machine.                            */
static bool ffi_abi_of(int abi, ffi_abi *out)
{
    *out = FFI_DEFAULT_ABI;
    switch (abi) {
    case CD_ABI_DEFAULT:
    case CD_ABI_CDECL: return true;
#if SYSV
    case CD_ABI_MS: *out = FFI_GNUW64; return true;
    case CD_ABI_SYSV:
    case CD_ABI_STDCALL: /* these three mean nothing on 64 bits */
    case CD_ABI_FASTCALL:
    case CD_ABI_THISCALL: return true;
#elif defined(__i386__) || defined(_M_IX86)
    case CD_ABI_STDCALL: *out = FFI_STDCALL; return true;
    case CD_ABI_FASTCALL: *out = FFI_FASTCALL; return true;
    case CD_ABI_THISCALL: *out = FFI_THISCALL; return true;
#elif defined(_WIN64)
    case CD_ABI_MS:
    case CD_ABI_STDCALL:
    case CD_ABI_FASTCALL:
    case CD_ABI_THISCALL: return true;
#endif
    default: return false;
    }
}

static int prepare(cc_cif *c, CTypeObject *const *types, uint32_t n,
                   uint32_t n_fixed)
{
    ffi_type *result = result_type(c);
    ffi_abi abi;
    ffi_status status = FFI_BAD_ABI;
    unsigned front = 0;
    if (result == NULL)
        return -1;
    for (uint32_t i = 0; i < n; i++) {
        if (add_argument(c, types[i]) < 0)
            return -1;
        if (i < n_fixed)
            front = c->n_types;
    }
    if (ffi_abi_of(c->func->sig->abi, &abi))
        status = c->func->sig->variadic
                     ? ffi_prep_cif_var(&c->cif, abi, front, c->n_types, result,
                                        c->types)
                     : ffi_prep_cif(&c->cif, abi, c->n_types, result, c->types);
    if (status == FFI_OK)
        return 0;
    PyErr_Format(PyExc_NotImplementedError,
                 "ctype '%U': libffi does not support %s", c->func->name,
                 status == FFI_BAD_ABI ? "this calling convention here"
                                       : "such a call");
    return -1;
}

static cc_cif *new_cif(CTypeObject *func, CTypeObject *const *types, uint32_t n,
                       uint32_t n_fixed, bool for_closure)
{
    cc_cif *c =
        PyMem_RawCalloc(1, sizeof *c + (2 * n + 1) * sizeof c->types[0]);
    if (c == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    c->func = func;
    c->for_closure = for_closure;
    c->n_arguments = n;
    if (prepare(c, types, n, n_fixed) == 0)
        return c;
    cc_cif_free(c);
    return NULL;
}

cc_cif *cc_cif_for_call(CTypeObject *func, CTypeObject *const *types,
                        uint32_t n, uint32_t n_fixed)
{
    return new_cif(func, types, n, n_fixed, false);
}

cc_cif *cc_cif_for_closure(CTypeObject *func)
{
    return new_cif(func, func->sig->params, func->sig->n, func->sig->n, true);
}

void cc_cif_free(cc_cif *c)
{
    if (c == NULL)
        return;
    for (block *b = c->blocks, *next; b != NULL; b = next) {
        next = b->next;
        PyMem_RawFree(b);
    }
    PyMem_RawFree(c);
}

BORROWED cc_cif *cc_cif_of(cc_plan *plan)
{
    cc_cif *c = CC_LOAD(plan->cif);
    if (CC_LIKELY(c != NULL))
        return c;
    const cc_signature *sig = plan->func->sig;
    c = cc_cif_for_call(plan->func, sig->params, sig->n, sig->n);
    if (c == NULL)
        return NULL;
    CC_LOCK(&plan->func->state->lock);
    cc_cif *first = plan->cif; /* another thread may have been faster */
    if (first == NULL)
        CC_STORE(plan->cif, c);
    CC_UNLOCK(&plan->func->state->lock);
    if (first == NULL)
        return c;
    cc_cif_free(c);
    return first;
}

/* Makes the values of split records those of their halves, from the end.     */
static void spread_halves(const cc_cif *c, void **values)
{
    void **to = values + c->n_types;
    for (unsigned i = c->n_values; i-- > 0;) {
        char *value = values[i];
        if (c->parts[i] != WHOLE)
            *--to = value + 8;
        if (c->parts[i] != SECOND_HALF)
            *--to = value;
    }
}

void cc_cif_call(const cc_cif *c, void *code, void **values, void *result)
{
    if (c->parts != NULL)
        spread_halves(c, values);
    ffi_call((ffi_cif *)&c->cif, (void (*)(void))code, result, values);
#if PY_BIG_ENDIAN /* a widened integer ends where the register ends */
    CTypeObject *ct = c->func->item;
    if (cc_is_primitive(ct) && ct->klass != CD_CLASS_FLOAT &&
        (size_t)ct->size < sizeof(ffi_arg))
        memmove(result, (char *)result + sizeof(ffi_arg) - ct->size, ct->size);
#endif
}

/* ---- closures ------------------------------------------------------------ */

typedef struct closure {
#ifdef FFI_GO_CLOSURES
    ffi_go_closure go; /* first: what our own trampolines carry            */
#endif
    ffi_closure *dynamic; /* libffi's trampoline; NULL: one of ours           */
    void *user, *code;
} closure;

static void closure_entry(ffi_cif *cif, void *result, void **args, void *c)
{
    (void)cif;
    cc_closure_run(((closure *)c)->user, result, args);
}

/* A trampoline that is compiled code; see tramp.h.                           */
static bool prepare_static(closure *c, cc_cif *cif)
{
#ifdef FFI_GO_CLOSURES
    if (ffi_prep_go_closure(&c->go, &cif->cif, closure_entry) == FFI_OK)
        c->code = cc_tramp_take(c);
#else
    (void)cif;
#endif
    return c->code != NULL;
}

static bool prepare_dynamic(closure *c, cc_cif *cif)
{
    c->dynamic = ffi_closure_alloc(sizeof *c->dynamic, &c->code);
    if (c->dynamic == NULL)
        return false;
    if (ffi_prep_closure_loc(c->dynamic, &cif->cif, closure_entry, c,
                             c->code) == FFI_OK)
        return true;
    ffi_closure_free(c->dynamic);
    return false;
}

void *cc_closure_new(cc_cif *cif, void *user, void **code)
{
    closure *c = PyMem_RawCalloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    c->user = user;
    if (!prepare_static(c, cif) && !prepare_dynamic(c, cif)) {
        PyMem_RawFree(c);
        return NULL;
    }
    *code = c->code;
    return c;
}

void cc_closure_free(void *p)
{
    closure *c = p;
    if (c == NULL)
        return;
    if (c->dynamic != NULL)
        ffi_closure_free(c->dynamic);
    else
        cc_tramp_give(c->code);
    PyMem_RawFree(c);
}

void cc_closure_widen(const CTypeObject *ct, void *result)
{
    if (!cc_is_primitive(ct) || ct->klass == CD_CLASS_FLOAT ||
        ct->klass == CD_CLASS_COMPLEX || (size_t)ct->size >= sizeof(ffi_arg))
        return;
    cc_word w = {0};
    memcpy(&w, result, (size_t)ct->size);
    cc_widen(ct, &w);
    ffi_arg wide = (ffi_arg)w.u;
    memcpy(result, &wide, sizeof wide);
}
