/* sha256.c - _core.sha256(data): SHA-256 by FIPS 180-4, in plain C
 * (sha256_plain.c) where the processor has no instructions for it
 * (sha256_x86.c).
 *
 * The cache's digests.  Not hashlib: importing that and its OpenSSL costs more
 * than a warm verify() takes.                                                */
#include "sha256.h"
#include "module.h"

enum {
    BLOCK = 64,                 /* bytes that are mixed in at once            */
    DIGEST = 32,
    WITHOUT_GIL = 16 * 1024     /* bytes from which others may run meanwhile  */
};

/* The square roots of the first eight primes, likewise (5.3.3).              */
static const uint32_t INITIAL[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

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
    return digest_of(mixer != NULL ? mixer : cc_sha256_plainly, data);
}

PyObject *cc_sha256_plain(PyObject *Py_UNUSED(module), PyObject *data)
{
    return digest_of(cc_sha256_plainly, data);
}
