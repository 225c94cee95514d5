/* fuzz_stub.c - a compiled stub whose tables are damaged.  MIT.
 * The first byte chooses the stub; then every eight bytes are one change: which
 * array (1 byte), how (1), which word (2), and a number (4).  The stub must be
 * refused or make sound tables.                                              */
#include "fuzz.h"
#include "copy.h"
#include "stubs.h"

static const struct {
    const struct cd_stub *s;
    const char *declared;
} stubs[] = {
    {&cd_stub_everything, everything_cdef},
    {&cd_stub_late, late_cdef},
    {&cd_stub_including, ""},
};

/* Numbers that are nearly right are of more interest than any.               */
static void change(copy *c, const uint8_t *p)
{
    uint32_t *words, n, number;
    uint16_t at;

    memcpy(&at, p + 2, 2);
    memcpy(&number, p + 4, 4);
    if (!words_of(c, p[0] % 8, &words, &n) || n == 0)
        return;
    switch (p[1] % 4) {
    case 0: words[at % n] = number; break;
    case 1: words[at % n] += number; break;
    case 2: words[at % n] ^= 1u << number % 32; break;
    default: words[at % n] = words[number % n]; break;
    }
}

/* Records of gigabytes, and a probe for each of their bit-fields, only take
 * long; and counts may only shrink, since nobody can check that they grew.   */
static int is_moderate(const copy *c)
{
    for (uint32_t i = 0; i < c->s.n_facts; i++)
        if (c->facts[i] > 1 << 20)
            return 0;
    return 1;
}

static void shrink(copy *c, uint8_t how)
{
    uint32_t *counts[] = {&c->s.n_types,   &c->s.n_ids,     &c->s.n_fields,
                          &c->s.n_globals, &c->s.n_facts,   &c->s.n_tags,
                          &c->s.n_getters, &c->s.n_functions};

    if (how & 0x80)
        *counts[how >> 4 & 7] -= *counts[how >> 4 & 7] ? how & 3 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const cd_probe probes[] = {safe_probe, safe_probe, safe_probe,
                                      safe_probe};

    if (size < 2)
        return 0;
    unsigned which = data[0] % 3;
    copy c = copy_of(stubs[which].s);
    c.s.probe = probes;
    for (size_t i = 2; i + 8 <= size; i += 8)
        change(&c, data + i);
    shrink(&c, data[1]);
    if (is_moderate(&c))
        survives(&c.s, stubs[which].declared);
    free_copy(&c);
    return 0;
}
