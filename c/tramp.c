/* tramp.c - see tramp.h.  MIT. */
#include "tramp.h"
#include <stdatomic.h>
#include <stddef.h>

#if defined(__x86_64__) && defined(__ELF__) && defined(__GNUC__) && \
    !defined(__ILP32__)

enum { N_TRAMPS = 1024, TRAMP_SIZE = 16 };

/* The closure of each trampoline; NULL: free.  The assembly knows the name.  */
extern _Atomic(void *) cc_tramp_closures[];
__attribute__((used, visibility("hidden")))
_Atomic(void *) cc_tramp_closures[N_TRAMPS];
extern char cc_tramps[] __attribute__((visibility("hidden")));

/* 1024 times: fetch the closure, jump to its code.  r10 is the static chain of
 * the System V ABI.                                                          */
__asm__(".pushsection .text\n"
        "    .balign 64\n"
        "    .hidden cc_tramps\n"
        "    .globl cc_tramps\n"
        "    .type cc_tramps, @function\n"
        "cc_tramps:\n"
        "    .set cc_tramp_offset, 0\n"
        "    .rept 1024\n"
        "    endbr64\n"
        "    movq cc_tramp_closures + cc_tramp_offset(%rip), %r10\n"
        "    jmp *(%r10)\n"
        "    .balign 16\n"
        "    .set cc_tramp_offset, cc_tramp_offset + 8\n"
        "    .endr\n"
        "    .size cc_tramps, . - cc_tramps\n"
        "    .popsection\n");

/* Goes round, so that one given back is not taken again at once: C that still
 * calls a freed callback shall not meet another.                             */
void *cc_tramp_take(void *closure)
{
    static atomic_uint turn;
    for (unsigned tries = 0; tries < N_TRAMPS; tries++) {
        unsigned i = atomic_fetch_add(&turn, 1) % N_TRAMPS;
        void *expected = NULL;
        if (atomic_compare_exchange_strong(&cc_tramp_closures[i], &expected,
                                           closure))
            return cc_tramps + (size_t)i * TRAMP_SIZE;
    }
    return NULL;
}

void cc_tramp_give(void *code)
{
    size_t i = (size_t)((char *)code - cc_tramps) / TRAMP_SIZE;
    atomic_store(&cc_tramp_closures[i], NULL);
}

#else

void *cc_tramp_take(void *closure)
{
    (void)closure;
    return NULL;
}

void cc_tramp_give(void *code)
{
    (void)code;
}

#endif
