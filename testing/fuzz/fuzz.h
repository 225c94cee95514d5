/* fuzz.h - what the fuzz targets share.  MIT.
 *
 * A target checks more than "it does not crash": a failed parse leaves the
 * table as it was, the same text means the same twice, a type's spelling means
 * that type.                                                                 */
#ifndef CD_FUZZ_H
#define CD_FUZZ_H
#include "cd_parser.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A failed check is a finding.                                               */
#define CHECK(condition, ...)                                                 \
    do {                                                                      \
        if (!(condition)) {                                                   \
            fprintf(stderr, "check failed: %s: ", #condition);                \
            fprintf(stderr, __VA_ARGS__);                                     \
            fputc('\n', stderr);                                              \
            abort();                                                          \
        }                                                                     \
    } while (0)

/* A number that differs (nearly surely) when anything a reader can see in the
 * table differs.                                                             */
uint64_t digest(const cd_table *t);

/* Spells the type, parses the spelling: it must be that type.  Types that have
 * no spelling (anonymous records, what is unavailable) pass.                 */
void check_spelling(cd_table *t, cd_id id);

/* An allocator that fails at the n-th request from now on; n 0: never.       */
typedef struct failing {
    uint64_t left;
} failing;
cd_alloc failing_alloc(failing *state);

#endif
