/* cd_limits.h - every limit of the parser, in one place.  MIT.
 * Each exists so that hostile text is refused at once instead of exhausting
 * the stack, the memory or 32-bit ids; real headers stay far below.         */
#ifndef CD_LIMITS_H
#define CD_LIMITS_H

enum {
    CD_MAX_DEPTH = 200,         /* nested declarators, expressions, records  */
    CD_MAX_TOKEN = 65535,       /* bytes of one token                        */
    CD_MAX_PARAMS = 1024,       /* parameters of one function                */
    CD_MAX_MEMBERS = 1 << 20,   /* members of one record                     */
    CD_MAX_INSIDE = 1 << 16,    /* members through anonymous ones, all in all */
    CD_MAX_ALIGN = 1 << 28,     /* bytes; gcc's own limit                    */
    CD_MAX_INCLUDES = 100       /* tables reached through include            */
};
#define CD_MAX_TEXT ((size_t)1 << 31)  /* bytes of one cdef                  */
#define CD_MAX_SIZE ((uint64_t)INT64_MAX) /* bytes of one object             */
#define CD_MAX_RECORDS ((uint32_t)1 << 30) /* records of one kind in a table */

#endif
