/* sha256.c - _core.sha256(data): SHA-256 by FIPS 180-4, in plain C where the
 * processor has no instructions for it (sha256_x86.c).
 *
 * The cache's digests.  Not hashlib: importing that and its OpenSSL costs more
 * than a warm verify() takes.                                                */
#include "core.h"
#include "sha256.h"

enum {
    BLOCK = 64,                 /* bytes that are mixed in at once            */
    DIGEST = 32,
    WITHOUT_GIL = 16 * 1024     /* bytes from which others may run meanwhile  */
};

/* The first 32 bits of the fractional parts of the cube roots of the first 64
 * primes (FIPS 180-4, 4.2.2).                                                */
const uint32_t cc_sha256_k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* The square roots of the first eight primes, likewise (5.3.3).              */
static const uint32_t INITIAL[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static inline uint32_t rotr(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

static inline uint32_t big_endian(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           (uint32_t)p[3];
}

/* One round (6.2.2, step 3) with the names of the eight variables turned by one
 * instead of their values: only d and h change.                              */
static inline void round_of(uint32_t a, uint32_t b, uint32_t c, uint32_t *d,
                            uint32_t e, uint32_t f, uint32_t g, uint32_t *h,
                            uint32_t kw)
{
    uint32_t t1 = *h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) +
                  ((e & f) ^ (~e & g)) + kw;
    *d += t1;
    *h = t1 + (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) +
         ((a & b) ^ (a & c) ^ (b & c));
}

/* Mixes one block into the state (6.2.2).                                    */
static void mix(uint32_t state[8], const uint8_t *block)
{
    uint32_t w[64];
    for (int t = 0; t < 16; t++)
        w[t] = big_endian(block + 4 * t);
    for (int t = 16; t < 64; t++) {
        uint32_t x = w[t - 15], y = w[t - 2];
        w[t] = w[t - 16] + (rotr(x, 7) ^ rotr(x, 18) ^ x >> 3) +
               w[t - 7] + (rotr(y, 17) ^ rotr(y, 19) ^ y >> 10);
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int t = 0; t < 64; t += 8) {
        const uint32_t *k = cc_sha256_k + t, *v = w + t;
        round_of(a, b, c, &d, e, f, g, &h, k[0] + v[0]);
        round_of(h, a, b, &c, d, e, f, &g, k[1] + v[1]);
        round_of(g, h, a, &b, c, d, e, &f, k[2] + v[2]);
        round_of(f, g, h, &a, b, c, d, &e, k[3] + v[3]);
        round_of(e, f, g, &h, a, b, c, &d, k[4] + v[4]);
        round_of(d, e, f, &g, h, a, b, &c, k[5] + v[5]);
        round_of(c, d, e, &f, g, h, a, &b, k[6] + v[6]);
        round_of(b, c, d, &e, f, g, h, &a, k[7] + v[7]);
    }
    const uint32_t mixed[8] = {a, b, c, d, e, f, g, h};
    for (int i = 0; i < 8; i++)
        state[i] += mixed[i];
}

static void mix_blocks(uint32_t state[8], const uint8_t *data, size_t blocks)
{
    for (; blocks > 0; blocks--, data += BLOCK)
        mix(state, data);
}

/* The rest of less than a block, a one bit, zeros, the length in bits (5.1.1):
 * one block, or two where the length does not fit.                           */
static void mix_tail(cc_sha256_mixer mixer, uint32_t state[8],
                     const uint8_t *rest, size_t size)
{
    uint8_t tail[2 * BLOCK] = {0};
    size_t left = size % BLOCK;
    size_t end = left + 1 + 8 <= BLOCK ? BLOCK : 2 * BLOCK;
    memcpy(tail, rest, left);
    tail[left] = 0x80;
    uint64_t bits = (uint64_t)size * 8;
    for (size_t i = 1; i <= 8; i++, bits >>= 8)
        tail[end - i] = (uint8_t)bits;
    mixer(state, tail, end / BLOCK);
}

static void sha256(cc_sha256_mixer mixer, const uint8_t *data, size_t size,
                   uint8_t digest[DIGEST])
{
    uint32_t state[8];
    memcpy(state, INITIAL, sizeof state);
    size_t whole = size - size % BLOCK;
    mixer(state, data, whole / BLOCK);
    mix_tail(mixer, state, whole ? data + whole : data, size);
    for (int i = 0; i < DIGEST; i++)
        digest[i] = (uint8_t)(state[i / 4] >> (24 - i % 4 * 8));
}

static PyObject *digest_of(cc_sha256_mixer mixer, PyObject *data)
{
    Py_buffer view;
    uint8_t digest[DIGEST];
    if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) < 0)
        return NULL;
    if (view.len < WITHOUT_GIL)
        sha256(mixer, view.buf, (size_t)view.len, digest);
    else {
        Py_BEGIN_ALLOW_THREADS
        sha256(mixer, view.buf, (size_t)view.len, digest);
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&view);
    return PyBytes_FromStringAndSize((const char *)digest, DIGEST);
}

PyObject *cc_sha256(PyObject *Py_UNUSED(module), PyObject *data)
{
    cc_sha256_mixer mixer = cc_sha256_by_processor();
    return digest_of(mixer != NULL ? mixer : mix_blocks, data);
}

PyObject *cc_sha256_plain(PyObject *Py_UNUSED(module), PyObject *data)
{
    return digest_of(mix_blocks, data);
}
