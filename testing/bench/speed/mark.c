/* Where callgrind ends one count and starts the next; without valgrind, nothing
 * happens.                                                                  */
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_DUMP_STATS
#endif

void bench_mark(void);

void bench_mark(void)
{
    CALLGRIND_DUMP_STATS;
}
