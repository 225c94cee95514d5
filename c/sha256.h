/* sha256.h - the mixing of blocks, the part of SHA-256 that takes time.      */
#ifndef CC_SHA256_H
#define CC_SHA256_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Mixes whole blocks of 64 bytes into the state.  Changes nothing outside of
 * it.                                                                        */
typedef void (*cc_sha256_mixer)(uint32_t state[8], const uint8_t *data,
                                size_t blocks);

/* sha256_plain.c: FIPS 180-4, 4.2.2 and 6.2.2                                */
extern const uint32_t cc_sha256_k[64];
void cc_sha256_plainly(uint32_t state[8], const uint8_t *data, size_t blocks);
/* sha256_x86.c: by the SHA extensions; NULL where there are none.            */
cc_sha256_mixer cc_sha256_by_processor(void);

#endif
