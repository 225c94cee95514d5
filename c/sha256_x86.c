/* sha256_x86.c - SHA-256 by the SHA extensions of x86 processors.
 *
 * Intel, "Intel SHA Extensions" (2013): SHA256RNDS2 does two rounds on the
 * state kept as (a b e f) and (c d g h), SHA256MSG1 and SHA256MSG2 the message
 * schedule, four words at a time.                                            */
#include "sha256.h"

#if (defined(__x86_64__) || defined(__i386__)) &&                              \
    (defined(__GNUC__) || defined(__clang__))
#include <cpuid.h>
#include <immintrin.h>

#define WITH_SHA __attribute__((target("sha,ssse3,sse4.1")))

typedef struct halves {
    __m128i abef, cdgh;
} halves;

WITH_SHA static inline halves split(const uint32_t state[8])
{
    __m128i abcd = _mm_loadu_si128((const __m128i *)state);
    __m128i efgh = _mm_loadu_si128((const __m128i *)(state + 4));
    __m128i badc = _mm_shuffle_epi32(abcd, 0xb1);
    __m128i hgfe = _mm_shuffle_epi32(efgh, 0x1b);
    return (halves){_mm_alignr_epi8(badc, hgfe, 8),
                    _mm_blend_epi16(hgfe, badc, 0xf0)};
}

WITH_SHA static inline void join(uint32_t state[8], halves h)
{
    __m128i feba = _mm_shuffle_epi32(h.abef, 0x1b);
    __m128i dchg = _mm_shuffle_epi32(h.cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

/* The next four words of the schedule, after w[0] ... w[3] of four each.     */
WITH_SHA static inline __m128i next_words(const __m128i w[4])
{
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w[0], w[1]),
                                _mm_alignr_epi8(w[3], w[2], 4));
    return _mm_sha256msg2_epu32(sum, w[3]);
}

WITH_SHA static inline halves four_rounds(halves h, __m128i w, int group)
{
    const __m128i *k = (const __m128i *)cc_sha256_k;
    __m128i kw = _mm_add_epi32(w, _mm_loadu_si128(k + group));
    h.cdgh = _mm_sha256rnds2_epu32(h.cdgh, h.abef, kw);
    h.abef = _mm_sha256rnds2_epu32(h.abef, h.cdgh, _mm_shuffle_epi32(kw, 0x0e));
    return h;
}

WITH_SHA static void mix_blocks(uint32_t state[8], const uint8_t *data,
                                size_t blocks)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL,
                                        0x0405060700010203LL);
    halves h = split(state);
    for (; blocks > 0; blocks--, data += 64) {
        const halves before = h;
        __m128i w[4];
        for (int i = 0; i < 4; i++) {
            w[i] = _mm_loadu_si128((const __m128i *)data + i);
            w[i] = _mm_shuffle_epi8(w[i], swap);
            h = four_rounds(h, w[i], i);
        }
        for (int group = 4; group < 16; group++) {
            __m128i next = next_words(w);
            h = four_rounds(h, next, group);
            w[0] = w[1];
            w[1] = w[2];
            w[2] = w[3];
            w[3] = next;
        }
        h.abef = _mm_add_epi32(h.abef, before.abef);
        h.cdgh = _mm_add_epi32(h.cdgh, before.cdgh);
    }
    join(state, h);
}

static bool has_sha(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) ||
        !(c & bit_SSE4_1))
        return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

/* Asked once a process: in a virtual machine the question is a trap into its
 * host.  Two threads that ask at once find the same.                         */
cc_sha256_mixer cc_sha256_by_processor(void)
{
    enum { UNKNOWN, NO, YES };
    static int known = UNKNOWN;
    if (__atomic_load_n(&known, __ATOMIC_RELAXED) == UNKNOWN)
        __atomic_store_n(&known, has_sha() ? YES : NO, __ATOMIC_RELAXED);
    return __atomic_load_n(&known, __ATOMIC_RELAXED) == YES ? mix_blocks : NULL;
}

#else

cc_sha256_mixer cc_sha256_by_processor(void)
{
    return NULL;
}

#endif
