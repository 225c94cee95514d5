/* target.c - the platforms: sizes and alignments of primitives, and the few
 * layout rules that differ.  MIT.
 *
 * Sources: System V ABI (x86-64, i386 supplements), AAPCS64 and AAPCS32 of Arm,
 * the s390x, Power ELF v2 and RISC-V psABI documents, Microsoft's C reference.
 * The native platform asks the compiler that builds this file.               */
#include "cd_target.h"
#include <stdalign.h>
#include <string.h>
#include <wchar.h>

/* ---- the native platform ------------------------------------------------- */

#define REP(type) {sizeof(type), alignof(type)}
#ifdef __SIZEOF_INT128__
#define REP_I128 REP(__int128)
#else
#define REP_I128 {0, 0}
#endif
#if defined(__SIZEOF_FLOAT128__) || defined(__FLT128_MANT_DIG__)
#define REP_F128 {16, 16}
#else
#define REP_F128 {0, 0}
#endif
#ifdef __FLT16_MANT_DIG__
#define REP_F16 {2, 2}
#else
#define REP_F16 {0, 0}
#endif
#ifdef _MSC_VER /* no _Complex; as two members in a row */
#define REP_COMPLEX(type) {2 * sizeof(type), alignof(type)}
#else
#define REP_COMPLEX(type) REP(type _Complex)
#endif
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define BIG_ENDIAN_HERE true
#else
#define BIG_ENDIAN_HERE false
#endif
#ifdef _WIN32
#define MS_HERE true
#else
#define MS_HERE false
#endif
#if defined(__aarch64__) || defined(__arm__)
#define ARM_HERE true
#else
#define ARM_HERE false
#endif
#if defined(__x86_64__) || defined(_M_X64)
#define CPU_HERE CD_CPU_X86_64
#elif defined(__i386__) || defined(_M_IX86)
#define CPU_HERE CD_CPU_I386
#else
#define CPU_HERE CD_CPU_OTHER
#endif
#ifdef __BIGGEST_ALIGNMENT__
#define MAX_ALIGN_HERE __BIGGEST_ALIGNMENT__
#else
#define MAX_ALIGN_HERE 16
#endif

static const cd_target native = {
    .name = "native", .cpu = CPU_HERE,
    .bool_ = REP(_Bool), .i8 = REP(int8_t), .i16 = REP(int16_t),
    .i32 = REP(int32_t), .i64 = REP(int64_t), .i128 = REP_I128,
    .short_ = REP(short), .int_ = REP(int), .long_ = REP(long),
    .llong = REP(long long), .f16 = REP_F16, .f32 = REP(float),
    .f64 = REP(double), .ldouble = REP(long double), .f128 = REP_F128,
    .fcomplex = REP_COMPLEX(float), .dcomplex = REP_COMPLEX(double),
    .ldcomplex = REP_COMPLEX(long double), .wchar = REP(wchar_t),
    .fast16 = REP(int_fast16_t), .fast32 = REP(int_fast32_t),
    .pointer = REP(void *),
    .char_signed = (char)-1 < 0, .wchar_signed = (wchar_t)-1 < (wchar_t)1,
    .big_endian = BIG_ENDIAN_HERE, .ms_layout = MS_HERE,
    .unnamed_bitfield_aligns = ARM_HERE, .max_align = MAX_ALIGN_HERE,
};

const cd_target *cd_target_native(void)
{
    return &native;
}

/* ---- the others ---------------------------------------------------------- */

/* What all share; then the sizes of long, pointers, int_fast16_t,
 * int_fast32_t and wchar_t, and the alignment of what is 8 bytes wide.       */
#define WORDS(lng, ptr, fst16, fst32, wch, al8) \
    .bool_ = {1, 1}, .i8 = {1, 1}, .i16 = {2, 2}, .short_ = {2, 2}, \
    .i32 = {4, 4}, .int_ = {4, 4}, .f16 = {2, 2}, .f32 = {4, 4}, \
    .fcomplex = {8, 4}, .long_ = {lng, lng}, .pointer = {ptr, ptr}, \
    .fast16 = {fst16, fst16}, .fast32 = {fst32, fst32}, .wchar = {wch, wch}, \
    .i64 = {8, al8}, .llong = {8, al8}, .f64 = {8, al8}, .dcomplex = {16, al8}
#define LDOUBLE(size, al) \
    .ldouble = {size, al}, .ldcomplex = {2 * (size), al}
#define WIDE(al) .i128 = {16, al}, .f128 = {16, al}

static const cd_target targets[] = {
    {.name = "x86_64-linux-gnu", .cpu = CD_CPU_X86_64,
     WORDS(8, 8, 8, 8, 4, 8), LDOUBLE(16, 16),
     WIDE(16), .char_signed = true, .wchar_signed = true, .max_align = 16},
    {.name = "i386-linux-gnu", .cpu = CD_CPU_I386,
     WORDS(4, 4, 4, 4, 4, 4), LDOUBLE(12, 4),
     .f128 = {16, 16}, .char_signed = true, .wchar_signed = true,
     .max_align = 16},
    {.name = "aarch64-linux-gnu", WORDS(8, 8, 8, 8, 4, 8), LDOUBLE(16, 16),
     WIDE(16), .unnamed_bitfield_aligns = true, .max_align = 16},
    {.name = "arm-linux-gnueabihf", WORDS(4, 4, 4, 4, 4, 8), LDOUBLE(8, 8),
     .unnamed_bitfield_aligns = true, .max_align = 8},
    {.name = "s390x-linux-gnu", WORDS(8, 8, 8, 8, 4, 8), LDOUBLE(16, 8),
     WIDE(8), .wchar_signed = true, .big_endian = true, .max_align = 8},
    {.name = "powerpc64le-linux-gnu", WORDS(8, 8, 8, 8, 4, 8), WIDE(16),
     LDOUBLE(16, 16), .wchar_signed = true, .max_align = 16},
    {.name = "riscv64-linux-gnu", WORDS(8, 8, 8, 8, 4, 8), LDOUBLE(16, 16),
     WIDE(16), .wchar_signed = true, .max_align = 16},
    {.name = "x86_64-apple-darwin", .cpu = CD_CPU_X86_64,
     WORDS(8, 8, 2, 4, 4, 8), LDOUBLE(16, 16),
     WIDE(16), .char_signed = true, .wchar_signed = true, .max_align = 16},
    {.name = "aarch64-apple-darwin", WORDS(8, 8, 2, 4, 4, 8), LDOUBLE(8, 8),
     .i128 = {16, 16}, .char_signed = true, .wchar_signed = true,
     .max_align = 8},
    {.name = "x86_64-windows-msvc", .cpu = CD_CPU_X86_64,
     WORDS(4, 8, 4, 4, 2, 8), LDOUBLE(8, 8),
     .char_signed = true, .ms_layout = true, .max_align = 16},
    {.name = "i386-windows-msvc", .cpu = CD_CPU_I386,
     WORDS(4, 4, 4, 4, 2, 8), LDOUBLE(8, 8),
     .char_signed = true, .ms_layout = true, .max_align = 16},
};

/* The list is short, and asked once a table. */
const cd_target *cd_target_named(const char *triple)
{
    if (strcmp(triple, native.name) == 0)
        return &native;
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++)
        if (strcmp(triple, targets[i].name) == 0)
            return &targets[i];
    return NULL;
}

/* ---- facts of a primitive ------------------------------------------------ */

static const struct prim {
    const char *name;
    uint8_t klass;
    uint16_t rep; /* where in cd_target */
} prims[CD_N_PRIMS] = {
    {"", CD_CLASS_VOID, offsetof(cd_target, none)},
#define PRIM(NAME, spelling, klass, rep) \
    {spelling, CD_CLASS_##klass, offsetof(cd_target, rep)},
#include "prims.def"
};

/* prims.def names the column; here it has become its offset. */
static cd_rep rep_of(const cd_target *target, int prim)
{
    const char *base = (const char *)(target ? target : &native);

    return *(const cd_rep *)(const void *)(base + prims[prim].rep);
}

const char *cd_prim_name(int prim)
{
    return prims[prim].name;
}

int cd_prim_class(int prim)
{
    return prims[prim].klass;
}

uint32_t cd_prim_size(const cd_target *target, int prim)
{
    return rep_of(target, prim).size;
}

uint32_t cd_prim_align(const cd_target *target, int prim)
{
    return rep_of(target, prim).align;
}

/* Of the character types only char and wchar_t differ between platforms. */
bool cd_prim_signed(const cd_target *target, int prim)
{
    if (target == NULL)
        target = &native;
    switch (prims[prim].klass) {
    case CD_CLASS_CHAR:
        if (prim == CD_PRIM_CHAR)
            return target->char_signed;
        return prim == CD_PRIM_WCHAR && target->wchar_signed;
    case CD_CLASS_SINT:
    case CD_CLASS_FLOAT:
        return true;
    default:
        return false;
    }
}
