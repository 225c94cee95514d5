/* call_ffi.c - libffi, seen by this file alone.  MIT.
 *
 * ctype -> ffi_type.  libffi places a record from its members' types, by rules
 * that know neither unions nor bit-fields nor packed members: a record becomes
 * its members, and what comes out at other offsets than ours is refused.  On
 * System V x86-64 we place values ourselves (sysv.h); libffi is left with the
 * calls by Microsoft's ABI.                                                  */
#include "call_ffi.h"
#include "sysv.h"
#include "tramp.h"
#include <ffi.h>

/* Where a record with an integer inside travels by size and alignment alone; by
 * Microsoft's ABI every record does.                                         */
#if defined(__aarch64__) || defined(__i386__)
#define BLOBS(b) ((b)->has_integer)
#elif defined(CC_SYSV)
#define BLOBS(b) true
#else
#define BLOBS(b) false
#endif

/* Memory of a cif, freed with it.  Raw: a closure may outlive its interpreter.
 */
typedef struct block {
    struct block *next;
    max_align_t data[];
} block;

struct cc_cif {
    ffi_cif cif;
#ifdef CC_SYSV
    cc_sysv *sysv; /* not NULL: cif is unused */
#endif
    block *blocks;
    CTypeObject *func; /* BORROWED */
    unsigned n_types;
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

/* ---- records ------------------------------------------------------------- */

typedef struct build {
    cc_cif *c;
    const cd_table *t;
    bool failed;      /* with an exception: no memory                         */
    bool has_integer; /* a member goes by the integer rules                   */
    bool partial;     /* there may be members that nobody has declared        */
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
    uint64_t at = 0, covered = 0;
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
        covered += times * element->size;
        while (times-- > 0)
            type->elements[n++] = element;
    }
    if (ty->flags & CD_F_PARTIAL &&
        (covered != ty->size || ty->kind == CD_UNION))
        b->partial = true;
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
        build inner = {.c = b->c, .t = cd_included(b->t, ty->a)};
        type = member_type(&inner, ty->b);
        b->failed |= inner.failed;
        b->has_integer |= inner.has_integer;
        b->partial |= inner.partial;
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
    build b = {.c = c, .t = ct->table->table};
    ffi_type *type = member_type(&b, ct->id);
    if (b.failed)
        return NULL;
    if (b.partial && !BLOBS(&b))
        return cc_error_partial(ct, result), NULL;
    if (type == NULL || (b.why != NULL && !BLOBS(&b)))
        return unsupported(ct, result, b.why);
    if (b.why != NULL) { /* only size and alignment count */
        type = new_record(c, 1, ct->size, ct->align);
        if (type != NULL)
            type->elements[0] = &ffi_type_uint8;
    }
    return type;
}

/* ---- cifs ---------------------------------------------------------------- */

/* The ffi_type of what is no record; NULL with an exception.                 */
static ffi_type *scalar_type(CTypeObject *ct, bool result)
{
    ffi_type *type = NULL;
    if (cc_is_pointer(ct))
        return &ffi_type_pointer;
    if (cc_is_primitive(ct) || (ct->flags & CT_VOID))
        type = prim_type(ct->prim, (uint64_t)ct->size);
    return type != NULL
               ? type
               : unsupported(ct, result, "libffi does not know this type");
}

static ffi_type *result_type(cc_cif *c)
{
    CTypeObject *ct = c->func->item;
    if (!cc_is_record(ct))
        return scalar_type(ct, true);
    return ct->size > 0 ? record_type(c, ct, true) : &ffi_type_void;
}

/* Adds the type of the next argument.  0/-1                                  */
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
    type =
        cc_is_record(ct) ? record_type(c, ct, false) : scalar_type(ct, false);
    c->types[c->n_types++] = type;
    return type != NULL ? 0 : -1;
}

/* cd_abi -> ffi_abi.  False: not on this machine.                            */
static bool ffi_abi_of(int abi, ffi_abi *out)
{
    *out = FFI_DEFAULT_ABI;
    switch (abi) {
    case CD_ABI_DEFAULT:
    case CD_ABI_CDECL: return true;
#ifdef CC_SYSV
    case CD_ABI_MS: *out = FFI_GNUW64; return true;
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

long cc_ffi_abi(const CTypeObject *func)
{
    ffi_abi abi;
    return ffi_abi_of(func->sig->abi, &abi) ? (long)abi : (long)FFI_DEFAULT_ABI;
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

#ifdef CC_SYSV
/* Whether we place the values of func ourselves.  The other conventions that
 * have a name mean nothing on 64 bits.                                       */
static bool is_ours(CTypeObject *func)
{
    return func->sig->abi != CD_ABI_MS && func->sig->abi != CD_ABI_VECTORCALL;
}
#endif

cc_cif *cc_cif_for_call(CTypeObject *func, CTypeObject *const *types,
                        uint32_t n, uint32_t n_fixed)
{
    cc_cif *c = PyMem_RawCalloc(1, sizeof *c + (n + 1) * sizeof c->types[0]);
    if (c == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    c->func = func;
#ifdef CC_SYSV
    if (is_ours(func)) {
        c->sysv = cc_sysv_place(func, types, n);
        if (c->sysv != NULL)
            return c;
    } else
#endif
        if (prepare(c, types, n, n_fixed) == 0)
        return c;
    cc_cif_free(c);
    return NULL;
}

cc_cif *cc_cif_for_closure(CTypeObject *func)
{
    return cc_cif_for_call(func, func->sig->params, func->sig->n, func->sig->n);
}

void cc_cif_free(cc_cif *c)
{
    if (c == NULL)
        return;
    for (block *b = c->blocks, *next; b != NULL; b = next) {
        next = b->next;
        PyMem_RawFree(b);
    }
#ifdef CC_SYSV
    PyMem_RawFree(c->sysv);
#endif
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

void cc_cif_call(const cc_cif *c, void *code, void **values, void *result)
{
#ifdef CC_SYSV
    if (c->sysv != NULL) {
        cc_sysv_call(c->sysv, code, values, result);
        return;
    }
#endif
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
#ifdef CC_SYSV
    cc_sysv_closure ours;
#endif
    ffi_closure *libffi; /* NULL: ours */
    cc_closure_run run;
    void *user, *code;
} closure;

static void closure_entry(ffi_cif *cif, void *result, void **args, void *arg)
{
    const closure *c = arg;
    (void)cif;
    c->run(c->user, result, args);
}

static bool prepare_libffi(closure *c, cc_cif *cif)
{
    c->libffi = ffi_closure_alloc(sizeof *c->libffi, &c->code);
    if (c->libffi == NULL)
        return false;
    if (ffi_prep_closure_loc(c->libffi, &cif->cif, closure_entry, c, c->code) ==
        FFI_OK)
        return true;
    ffi_closure_free(c->libffi);
    return false;
}

static bool prepare_closure(closure *c, cc_cif *cif)
{
#ifdef CC_SYSV
    if (cif->sysv != NULL) {
        c->ours = (cc_sysv_closure){(void *)cc_sysv_entry, cif->sysv, c->run,
                                    c->user};
        c->code = cc_tramp_take(&c->ours);
        return c->code != NULL;
    }
#endif
    return prepare_libffi(c, cif);
}

void *cc_closure_new(cc_cif *cif, cc_closure_run run, void *user, void **code)
{
    closure *c = PyMem_RawCalloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    c->run = run;
    c->user = user;
    if (!prepare_closure(c, cif)) {
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
    if (c->libffi != NULL)
        ffi_closure_free(c->libffi);
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
