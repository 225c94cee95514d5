/* sysv.c - see sysv.h.  MIT.
 *
 * A call's registers are kept as an array of eightbytes, so a place is a number
 * and a value goes there by memcpy, eightbyte by eightbyte:
 *
 *    0-15  xmm0-7, low and high half      16-21  rdi rsi rdx rcx r8 r9
 *
 * and on return 0-3 xmm0-1, 16-17 rax rdx, 22-25 st0-1.  Two assembly routines
 * move the array to the registers and back; all else is C.                   */
#include "sysv.h"

#ifdef CC_SYSV
#include "call_ffi.h"
#include "sysv_classify.h"

enum {
    FIRST_INT = 16,
    FIRST_X87 = 22,
    N_WORDS = 26,
    N_INTS = 6,
    N_VECTORS = 8,
    NOWHERE = 255 /* padding: no register, no bytes                          */
};
/* Of a callback: where its arguments on the stack are, seen from the words: a
 * saved rbp and the return address are between them.                         */
enum { STACK_FROM = 8 * N_WORDS + 16 };
/* Bytes of arguments on the stack: those of threads are small. */
enum { STACK_LIMIT = 1 << 20 };

typedef struct place {
    bool in_memory; /* argument: on the stack; result: where C wants it   */
    uint8_t at[2];  /* else the word of each eightbyte, or NOWHERE        */
    uint32_t size;  /* bytes of the value that values[i] points to        */
    uint32_t stack; /* offset on the stack                                */
    int32_t from; /* argument of a callback: offset from the words; -1: its
                     halves are apart                                       */
} place;

struct cc_sysv {
    uint32_t n; /* arguments, without empty records                   */
    uint32_t stack_size, stack_align;
    uint8_t n_vectors; /* vector registers used: what variadic C looks at    */
    uint8_t n_x87;     /* values that the result leaves on the x87 stack     */
    place result;
    place args[];
};

/* ---- classes ------------------------------------------------------------- */

static CC_COLD bool unsupported(CTypeObject *ct, bool result, const char *why)
{
    PyErr_Format(PyExc_NotImplementedError,
                 "ctype '%U' not supported as %s: %s", ct->name,
                 result ? "return value" : "argument", why);
    return false;
}

static void set_classes(uint8_t classes[2], int first, int second)
{
    classes[0] = (uint8_t)first;
    classes[1] = (uint8_t)second;
}

static void classify_float(CTypeObject *ct, uint8_t classes[2])
{
    if (ct->klass == CD_CLASS_COMPLEX && ct->size == 32)
        set_classes(classes, CC_COMPLEX_X87, CC_NO_CLASS);
    else if (ct->klass == CD_CLASS_COMPLEX)
        set_classes(classes, CC_SSE, ct->size > 8 ? CC_SSE : CC_NO_CLASS);
    else if (ct->prim == CD_PRIM_LDOUBLE)
        set_classes(classes, CC_X87, CC_X87UP);
    else
        set_classes(classes, CC_SSE, ct->size > 8 ? CC_SSEUP : CC_NO_CLASS);
}

/* False: gcc and clang do not agree, or it depends on their options.         */
static bool classify_vector(CTypeObject *ct, uint8_t classes[2])
{
    set_classes(classes, CC_SSE, ct->size > 8 ? CC_SSEUP : CC_NO_CLASS);
    return ct->size == 8 || ct->size == 16;
}

static bool classify_record(CTypeObject *ct, bool result, uint8_t classes[2])
{
    switch (cc_sysv_classify(ct->table->table, ct->id, classes)) {
    case CC_CLASSIFIED: return true;
    case CC_PARTIAL: return cc_error_partial(ct, result), false;
    default:
        return unsupported(ct, result, "how one of its members travels "
                           "depends on the compiler and its options");
    }
}

/* False: NotImplementedError.                                                */
static bool classify(CTypeObject *ct, bool result, uint8_t classes[2])
{
    if (ct->flags & CT_VECTOR) {
        if (!classify_vector(ct, classes))
            return unsupported(ct, result,
                               "how a vector of this size travels "
                               "depends on the compiler and its options");
    } else if (cc_is_record(ct)) {
        return classify_record(ct, result, classes);
    } else if (cc_is_primitive(ct) &&
               (ct->klass == CD_CLASS_FLOAT || ct->klass == CD_CLASS_COMPLEX)) {
        classify_float(ct, classes);
    } else {
        set_classes(classes, CC_INTEGER,
                    ct->size > 8 ? CC_INTEGER : CC_NO_CLASS);
    }
    return true;
}

/* ---- places -------------------------------------------------------------- */

typedef struct placing {
    cc_sysv *sysv;
    unsigned ints, vectors; /* registers taken */
} placing;

static unsigned count(const uint8_t classes[2], int klass)
{
    return (classes[0] == klass) + (classes[1] == klass);
}

/* Takes the next registers for the two eightbytes.                           */
static void take(placing *pl, place *p, const uint8_t classes[2])
{
    for (int i = 0; i < 2; i++) {
        switch (classes[i]) {
        case CC_INTEGER: p->at[i] = (uint8_t)(FIRST_INT + pl->ints++); break;
        case CC_SSE: p->at[i] = (uint8_t)(2 * pl->vectors++); break;
        case CC_SSEUP: p->at[i] = (uint8_t)(p->at[0] + 1); break;
        default: p->at[i] = NOWHERE;
        }
    }
}

/* False: NotImplementedError: too much.                                      */
static bool take_stack(placing *pl, place *p, CTypeObject *ct)
{
    cc_sysv *sysv = pl->sysv;
    uint32_t align = ct->align > 8 ? ct->align : 8;
    uint64_t at = ((uint64_t)sysv->stack_size + align - 1) / align * align;
    uint64_t end = at + ((uint64_t)ct->size + 7) / 8 * 8;
    if (end > STACK_LIMIT)
        return unsupported(ct, false, "there is 1 MB for arguments");
    p->in_memory = true;
    p->stack = (uint32_t)at;
    p->from = (int32_t)at + STACK_FROM;
    sysv->stack_size = (uint32_t)end;
    if (align > sysv->stack_align)
        sysv->stack_align = align;
    return true;
}

static bool place_argument(placing *pl, CTypeObject *ct)
{
    place *p = &pl->sysv->args[pl->sysv->n++];
    uint8_t classes[2];
    bool word = cc_arg_code_of(ct) != CC_ARG_STORAGE;
    p->size = word ? 8 : (uint32_t)ct->size;
    if (ct->flags & CT_TRANSPARENT) { /* passed as its first member would be */
        if (cc_record_ready(ct) < 0)
            return false;
        ct = cc_field_at(ct, 0)->type;
    }
    if (!classify(ct, false, classes))
        return false;
    unsigned ints = count(classes, CC_INTEGER);
    unsigned vectors = count(classes, CC_SSE);
    if (ints + vectors == 0 || pl->ints + ints > N_INTS ||
        pl->vectors + vectors > N_VECTORS)
        return take_stack(pl, p, ct);
    take(pl, p, classes);
    bool whole = p->size <= 8 || p->at[1] == p->at[0] + 1;
    p->from = whole ? 8 * p->at[0] : -1;
    return true;
}

static bool place_result(placing *pl, CTypeObject *ct)
{
    cc_sysv *sysv = pl->sysv;
    place *p = &sysv->result;
    uint8_t classes[2];
    p->at[0] = p->at[1] = NOWHERE;
    if ((ct->flags & CT_VOID) || ct->size == 0)
        return true;
    /* A word is widened to all of its register. */
    p->size = cc_arg_code_of(ct) != CC_ARG_STORAGE ? 8 : (uint32_t)ct->size;
    if (!classify(ct, true, classes))
        return false;
    switch (classes[0]) {
    case CC_COMPLEX_X87: sysv->n_x87 = 2; break;
    case CC_X87: sysv->n_x87 = 1; break;
    case CC_MEMORY: /* its address is the first argument */
        p->in_memory = true;
        pl->ints = 1;
        break;
    default: take(&(placing){sysv, 0, 0}, p, classes);
    }
    return true;
}

cc_sysv *cc_sysv_place(CTypeObject *func, CTypeObject *const *types, uint32_t n)
{
    cc_sysv *sysv = PyMem_RawCalloc(1, sizeof *sysv + n * sizeof(place));
    placing pl = {sysv, 0, 0};
    if (sysv == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    sysv->stack_align = 16;
    bool ok = place_result(&pl, func->item);
    for (uint32_t i = 0; ok && i < n; i++) /* empty records are nothing */
        if (!cc_is_record(types[i]) || types[i]->size > 0)
            ok = place_argument(&pl, types[i]);
    sysv->n_vectors = (uint8_t)pl.vectors;
    sysv->stack_size = (sysv->stack_size + 15) / 16 * 16;
    if (ok)
        return sysv;
    PyMem_RawFree(sysv);
    return NULL;
}

/* ---- values to and from places ------------------------------------------- */

static uint32_t half_size(const place *p, int i)
{
    return i > 0 ? p->size - 8 : p->size < 8 ? p->size : 8;
}

/* What a half does not fill of its register is zero.                         */
static void put_words(const place *p, uint64_t *words, const char *value)
{
    for (int i = 0; i < 2 && p->size > 8 * (uint32_t)i; i++) {
        if (p->at[i] == NOWHERE)
            continue;
        uint64_t word = 0;
        memcpy(&word, value + 8 * i, half_size(p, i));
        words[p->at[i]] = word;
    }
}

/* A result at `value`, 32 bytes of which those behind it are zero.           */
static inline void put_result(const place *p, uint64_t *words,
                              const char *value)
{
    if (CC_LIKELY(p->size <= 8 && p->at[0] != NOWHERE))
        memcpy(&words[p->at[0]], value, sizeof *words);
    else
        put_words(p, words, value);
}

static void get_words(const place *p, const uint64_t *words, char *value)
{
    for (int i = 0; i < 2 && p->size > 8 * (uint32_t)i; i++)
        if (p->at[i] != NOWHERE)
            memcpy(value + 8 * i, &words[p->at[i]], half_size(p, i));
}

/* ---- calls --------------------------------------------------------------- */

/* What the assembly reads and writes; it knows the offsets.                  */
typedef struct frame {
    uint64_t words[N_WORDS];
    void *code;
    uint64_t stack_size, stack_mask, n_vectors, n_x87;
    const cc_sysv *sysv;
    void **values;
} frame;
_Static_assert(offsetof(frame, code) == 208, "below");
_Static_assert(offsetof(frame, stack_size) == 216, "below");
_Static_assert(offsetof(frame, n_x87) == 240, "below");

void cc_sysv_enter(frame *fr);
void cc_sysv_fill(const frame *fr, char *stack);
uint64_t cc_sysv_run(const cc_sysv_closure *closure, uint64_t *words);

/* Called by cc_sysv_enter: the arguments in memory, into place.              */
__attribute__((used)) void cc_sysv_fill(const frame *fr, char *stack)
{
    const cc_sysv *sysv = fr->sysv;
    for (uint32_t i = 0; i < sysv->n; i++)
        if (sysv->args[i].in_memory)
            memcpy(stack + sysv->args[i].stack, fr->values[i],
                   sysv->args[i].size);
}

/* void cc_sysv_enter(frame *): makes room on the stack, fills it, loads the
 * registers, calls, stores the registers.                                    */
__asm__(".pushsection .text\n"
        "    .balign 16\n"
        "    .globl cc_sysv_enter\n"
        "    .hidden cc_sysv_enter\n"
        "    .type cc_sysv_enter, @function\n"
        "cc_sysv_enter:\n"
        "    .cfi_startproc\n"
        "    endbr64\n"
        "    pushq %rbp\n"
        "    .cfi_def_cfa_offset 16\n"
        "    .cfi_offset %rbp, -16\n"
        "    movq %rsp, %rbp\n"
        "    .cfi_def_cfa_register %rbp\n"
        "    pushq %rbx\n"
        "    .cfi_offset %rbx, -24\n"
        "    movq %rdi, %rbx\n"
        "    subq 216(%rbx), %rsp\n" /* stack_size */
        "    andq 224(%rbx), %rsp\n" /* stack_mask */
        "    movq %rsp, %rsi\n"
        "    call cc_sysv_fill\n"
        "    movaps 0(%rbx), %xmm0\n"
        "    movaps 16(%rbx), %xmm1\n"
        "    movaps 32(%rbx), %xmm2\n"
        "    movaps 48(%rbx), %xmm3\n"
        "    movaps 64(%rbx), %xmm4\n"
        "    movaps 80(%rbx), %xmm5\n"
        "    movaps 96(%rbx), %xmm6\n"
        "    movaps 112(%rbx), %xmm7\n"
        "    movq 128(%rbx), %rdi\n"
        "    movq 136(%rbx), %rsi\n"
        "    movq 144(%rbx), %rdx\n"
        "    movq 152(%rbx), %rcx\n"
        "    movq 160(%rbx), %r8\n"
        "    movq 168(%rbx), %r9\n"
        "    movq 232(%rbx), %rax\n" /* n_vectors */
        "    call *208(%rbx)\n"      /* code */
        "    movaps %xmm0, 0(%rbx)\n"
        "    movaps %xmm1, 16(%rbx)\n"
        "    movq %rax, 128(%rbx)\n"
        "    movq %rdx, 136(%rbx)\n"
        "    cmpq $1, 240(%rbx)\n" /* n_x87 */
        "    jb 1f\n"
        "    fstpt 176(%rbx)\n"
        "    je 1f\n"
        "    fstpt 192(%rbx)\n"
        "1:  leaq -8(%rbp), %rsp\n"
        "    popq %rbx\n"
        "    popq %rbp\n"
        "    .cfi_def_cfa %rsp, 8\n"
        "    ret\n"
        "    .cfi_endproc\n"
        "    .size cc_sysv_enter, . - cc_sysv_enter\n"
        "    .popsection\n");

void cc_sysv_call(const cc_sysv *sysv, void *code, void **values, void *result)
{
    _Alignas(16) frame fr;
    fr.code = code; /* a register without an argument may hold anything */
    fr.stack_size = sysv->stack_size;
    fr.stack_mask = -(uint64_t)sysv->stack_align;
    fr.n_vectors = sysv->n_vectors;
    fr.n_x87 = sysv->n_x87;
    fr.sysv = sysv;
    fr.values = values;
    if (sysv->result.in_memory)
        fr.words[FIRST_INT] = (uint64_t)(uintptr_t)result;
    for (uint32_t i = 0; i < sysv->n; i++)
        if (!sysv->args[i].in_memory)
            put_words(&sysv->args[i], fr.words, values[i]);
    cc_sysv_enter(&fr);
    if (sysv->n_x87 > 0)
        memcpy(result, &fr.words[FIRST_X87], sysv->result.size);
    else if (!sysv->result.in_memory)
        get_words(&sysv->result, fr.words, result);
}

/* ---- callbacks ----------------------------------------------------------- */

/* void cc_sysv_entry(void), with the closure in r10: stores the registers, runs
 * cc_sysv_run(closure, words), loads the result's.  It answers how many
 * values go to the x87 stack.                                                */
__asm__(".pushsection .text\n"
        "    .balign 16\n"
        "    .globl cc_sysv_entry\n"
        "    .hidden cc_sysv_entry\n"
        "    .type cc_sysv_entry, @function\n"
        "cc_sysv_entry:\n"
        "    .cfi_startproc\n"
        "    endbr64\n"
        "    pushq %rbp\n"
        "    .cfi_def_cfa_offset 16\n"
        "    .cfi_offset %rbp, -16\n"
        "    movq %rsp, %rbp\n"
        "    .cfi_def_cfa_register %rbp\n"
        "    subq $208, %rsp\n"
        "    movaps %xmm0, 0(%rsp)\n"
        "    movaps %xmm1, 16(%rsp)\n"
        "    movaps %xmm2, 32(%rsp)\n"
        "    movaps %xmm3, 48(%rsp)\n"
        "    movaps %xmm4, 64(%rsp)\n"
        "    movaps %xmm5, 80(%rsp)\n"
        "    movaps %xmm6, 96(%rsp)\n"
        "    movaps %xmm7, 112(%rsp)\n"
        "    movq %rdi, 128(%rsp)\n"
        "    movq %rsi, 136(%rsp)\n"
        "    movq %rdx, 144(%rsp)\n"
        "    movq %rcx, 152(%rsp)\n"
        "    movq %r8, 160(%rsp)\n"
        "    movq %r9, 168(%rsp)\n"
        "    movq %r10, %rdi\n"
        "    movq %rsp, %rsi\n"
        "    call cc_sysv_run\n"
        "    movaps 0(%rsp), %xmm0\n"
        "    movaps 16(%rsp), %xmm1\n"
        "    cmpq $1, %rax\n"
        "    movq 128(%rsp), %rax\n"
        "    movq 136(%rsp), %rdx\n"
        "    jb 1f\n"
        "    je 2f\n"
        "    fldt 192(%rsp)\n"
        "2:  fldt 176(%rsp)\n"
        "1:  leave\n"
        "    .cfi_def_cfa %rsp, 8\n"
        "    ret\n"
        "    .cfi_endproc\n"
        "    .size cc_sysv_entry, . - cc_sysv_entry\n"
        "    .popsection\n");

/* The address of an argument: where it is, or, when its halves are apart, its
 * copy.                                                                      */
static inline void *find_argument(const place *p, uint64_t *words, char *copy)
{
    if (CC_LIKELY(p->from >= 0))
        return (char *)words + p->from;
    get_words(p, words, copy);
    return copy;
}

typedef struct copy {
    _Alignas(16) char bytes[16];
} copy;

/* args and copies: room for as many as there are arguments.                  */
static inline uint64_t run_in(const cc_sysv_closure *closure, uint64_t *words,
                              void **args, copy *copies)
{
    const cc_sysv *sysv = closure->sysv;
    _Alignas(16) char value[32] = {0}, *result = value;
    uint8_t n_x87 = sysv->n_x87;
    place where = sysv->result; /* running may free the closure */
    if (CC_UNLIKELY(where.in_memory))
        result = (char *)(uintptr_t)words[FIRST_INT];
    for (uint32_t i = 0; i < sysv->n; i++)
        args[i] = find_argument(&sysv->args[i], words, copies[i].bytes);
    closure->run(closure->user, result, args);
    if (CC_UNLIKELY(where.in_memory))
        words[FIRST_INT] = (uint64_t)(uintptr_t)result;
    else if (CC_UNLIKELY(n_x87 > 0))
        memcpy(&words[FIRST_X87], value, where.size);
    else
        put_result(&where, words, value);
    return n_x87;
}

static CC_COLD uint64_t run_many(const cc_sysv_closure *closure,
                                 uint64_t *words)
{
    void *args[closure->sysv->n];
    copy copies[closure->sysv->n];
    return run_in(closure, words, args, copies);
}

__attribute__((used)) uint64_t cc_sysv_run(const cc_sysv_closure *closure,
                                           uint64_t *words)
{
    enum { FEW = 8 };
    void *args[FEW];
    copy copies[FEW];
    if (CC_UNLIKELY(closure->sysv->n > FEW))
        return run_many(closure, words);
    return run_in(closure, words, args, copies);
}

#else
typedef int cc_no_sysv; /* ISO C wants something in every file */
#endif
