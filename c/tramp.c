/* tramp.c - see tramp.h.  MIT. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* dl_iterate_phdr; as pyconfig.h has it */
#endif
#include "tramp.h"
#include "sysv.h"
#include <stdatomic.h>
#include <stddef.h>

#ifdef CC_SYSV
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A bank is a page of trampolines with a page of their closures behind it.  The
 * first lies in our own file.  What more are needed are further mappings of its
 * page of code, which no system forbids: it was never writable.              */
enum { PAGE = 4096, N_TRAMPS = 256, TRAMP_SIZE = 16 };

typedef struct bank {
    char code[PAGE];
    _Atomic(void *) closures[N_TRAMPS]; /* of each trampoline; NULL: free     */
    atomic_uint turn, used;
    struct bank *next; /* written before the bank is seen                     */
    _Alignas(PAGE) char end[];
} bank;
_Static_assert(sizeof(bank) == 2 * PAGE, "two pages");

extern char cc_tramp_code[] __attribute__((visibility("hidden")));

/* 256 times: fetch the closure, a page behind; jump to its code.  r10 is the
 * static chain of the System V ABI.                                          */
__asm__(".pushsection .text\n"
        "    .balign 4096\n"
        "    .hidden cc_tramp_code\n"
        "    .globl cc_tramp_code\n"
        "    .type cc_tramp_code, @function\n"
        "cc_tramp_code:\n"
        "    .set cc_tramp_offset, 4096\n"
        "    .rept 256\n"
        "    endbr64\n"
        "    movq cc_tramp_code + cc_tramp_offset(%rip), %r10\n"
        "    jmp *(%r10)\n"
        "    .balign 16\n"
        "    .set cc_tramp_offset, cc_tramp_offset + 8\n"
        "    .endr\n"
        "    .size cc_tramp_code, . - cc_tramp_code\n"
        "    .popsection\n");

static _Atomic(bank *) banks; /* the newest first; none is ever unmapped      */

/* ---- our code, mapped once more ------------------------------------------ */

/* Where the code lies in the file it was loaded from.                        */
typedef struct origin {
    const char *file;
    off_t offset;
} origin;

static int find_origin(struct dl_phdr_info *info, size_t size, void *arg)
{
    origin *found = arg;
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        uintptr_t at = (uintptr_t)cc_tramp_code - info->dlpi_addr;
        if (ph->p_type == PT_LOAD && at - ph->p_vaddr < ph->p_filesz) {
            found->file = info->dlpi_name;
            found->offset = (off_t)(at - ph->p_vaddr + ph->p_offset);
            return 1;
        }
    }
    return 0;
}

/* Maps the file's page at `to`.  False: the file is gone, or another by now. */
static bool map_from_file(char *to)
{
    origin o = {NULL, 0};
    if (dl_iterate_phdr(find_origin, &o) == 0)
        return false;
    const char *file = o.file[0] != 0 ? o.file : "/proc/self/exe";
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    void *p = mmap(to, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, fd,
                   o.offset);
    close(fd);
    return p != MAP_FAILED && memcmp(p, cc_tramp_code, PAGE) == 0;
}

/* Else a copy: written first, then executable.                               */
static bool map_copy(char *to)
{
    if (mmap(to, PAGE, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
        return false;
    memcpy(to, cc_tramp_code, PAGE);
    return mprotect(to, PAGE, PROT_READ | PROT_EXEC) == 0;
}

static bank *new_bank(void)
{
    bank *b = mmap(NULL, sizeof *b, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (b == MAP_FAILED)
        return NULL;
    if (map_from_file(b->code) || map_copy(b->code))
        return b;
    munmap(b, sizeof *b);
    return NULL;
}

/* ---- taking and giving --------------------------------------------------- */

/* Goes round, so that one given back is not taken again at once: C that still
 * calls a freed callback shall not meet another.                             */
static void *take_from(bank *b, void *closure)
{
    for (unsigned tries = 0; tries < N_TRAMPS && b->used < N_TRAMPS; tries++) {
        unsigned i = atomic_fetch_add(&b->turn, 1) % N_TRAMPS;
        void *expected = NULL;
        if (atomic_compare_exchange_strong(&b->closures[i], &expected,
                                           closure)) {
            atomic_fetch_add(&b->used, 1);
            return b->code + (size_t)i * TRAMP_SIZE;
        }
    }
    return NULL;
}

void *cc_tramp_take(void *closure)
{
    for (bank *b = atomic_load(&banks); b != NULL; b = b->next) {
        void *code = take_from(b, closure);
        if (code != NULL)
            return code;
    }
    bank *b = new_bank();
    if (b == NULL)
        return NULL;
    void *code = take_from(b, closure); /* ours before others see it */
    b->next = atomic_load(&banks);
    while (!atomic_compare_exchange_weak(&banks, &b->next, b))
        continue;
    return code;
}

void cc_tramp_give(void *code)
{
    bank *b = (bank *)((uintptr_t)code & -(uintptr_t)PAGE);
    size_t i = (size_t)((char *)code - b->code) / TRAMP_SIZE;
    atomic_store(&b->closures[i], NULL);
    atomic_fetch_sub(&b->used, 1);
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
