/* late.c - a stub of declarations that leave all to the compiler that they can;
 * the real ones are in here.                                                 */
#include "stubs.h"
#include "cd_parser.h"

/* ---- what a user's source would be --------------------------------------- */

struct partial { long hidden; int x; };
struct holder { struct partial p; char tail; };
typedef unsigned short num_t;
typedef double real_t;
struct uses { num_t n; real_t r; num_t list[3]; };
struct arrays { char c; int a[7]; };
enum counted { CA = 3, CB = 70000 };
enum given { GA = -4, GB };
typedef struct { short skip; int a; unsigned bits : 5; } anon_t;
struct whole { int a; char b; };
static int table[5];

static num_t twice(num_t n, struct partial p)
{
    return (num_t)(2 * n + p.x);
}

const char late_cdef[] =
    "struct partial { int x; ...; };\n"
    "struct holder { struct partial p; char tail; };\n"
    "typedef int... num_t;\n"
    "typedef float... real_t;\n"
    "struct uses { num_t n; real_t r; num_t list[3]; };\n"
    "struct arrays { int a[...]; ...; };\n"
    "enum counted { CA, CB, ... };\n"
    "enum given { GA = ..., GB };\n"
    "typedef struct { int a; unsigned bits : 5; ...; } anon_t;\n"
    "struct whole { int a; char b; };\n"
    "extern int table[...];\n"
    "extern struct holder many[4];\n"
    "extern anon_t *pointer;\n"
    "num_t twice(num_t, struct partial);\n"
    "typedef num_t (*fn_t)(const real_t);\n"
    "#define LIMIT ...\n"
    "static const long STEP;\n"
    "#define SIZE 5\n";

#define TEXTS(T) \
    T(CA, "CA") T(CB, "CB") T(GA, "GA") T(GB, "GB") T(LIMIT, "LIMIT") \
    T(SIZE, "SIZE") T(STEP, "STEP") T(anon_t, "anon_t") T(fn_t, "fn_t") \
    T(many, "many") T(num_t, "num_t") T(pointer, "pointer") \
    T(real_t, "real_t") T(table, "table") T(twice, "twice") \
    T(arrays, "arrays") T(counted, "counted") T(given, "given") \
    T(holder, "holder") T(partial, "partial") T(uses, "uses") \
    T(whole, "whole") T(x, "x") T(p, "p") T(tail, "tail") T(n, "n") \
    T(r, "r") T(list, "list") T(a, "a") T(b, "b") T(bits, "bits")
TEXT_OF(TEXTS)

/* ---- facts --------------------------------------------------------------- */

#define LAYOUT(type) (int64_t)sizeof(type), (int64_t)_Alignof(type)
#define FIELD(type, field) \
    (int64_t)offsetof(type, field), (int64_t)sizeof(((type *)0)->field)
#define INTEGER(type) (int64_t)sizeof(type), (type)-1 < (type)1
#define PAIR(a, b) a, b
#define LENGTH(array) (int64_t)(sizeof(array) / sizeof *(array)), 0
#define FACTS(F) \
    F(l_partial, LAYOUT(struct partial)) F(f_x, FIELD(struct partial, x)) \
    F(l_holder, LAYOUT(struct holder)) F(f_p, FIELD(struct holder, p)) \
    F(f_tail, FIELD(struct holder, tail)) F(l_num, INTEGER(num_t)) \
    F(l_real, PAIR((int64_t)sizeof(real_t), 0)) \
    F(l_uses, LAYOUT(struct uses)) F(f_n, FIELD(struct uses, n)) \
    F(f_r, FIELD(struct uses, r)) F(f_list, FIELD(struct uses, list)) \
    F(l_arrays, LAYOUT(struct arrays)) F(f_a, FIELD(struct arrays, a)) \
    F(n_a, LENGTH(((struct arrays *)0)->a)) F(n_table, LENGTH(table)) \
    F(e_counted, INTEGER(enum counted)) F(e_given, INTEGER(enum given)) \
    F(v_CA, PAIR(CA, 0)) F(v_CB, PAIR(CB, 0)) F(v_GA, PAIR(GA, 0)) \
    F(v_GB, PAIR(GB, 0)) F(l_anon, LAYOUT(anon_t)) \
    F(f_anon_a, FIELD(anon_t, a)) F(l_whole, LAYOUT(struct whole)) \
    F(f_wa, FIELD(struct whole, a)) F(f_wb, FIELD(struct whole, b)) \
    F(v_limit, PAIR(-1, 1)) F(v_step, PAIR(-7, 0)) \
    F(v_size, PAIR(5, 0)) F(v_size_, PAIR(5, 0))
#define NUMBER(id, ...) id, id##_second,
#define VALUE(id, ...) __VA_ARGS__,
enum { NO_FACT, FACTS(NUMBER) N_FACTS };
static const int64_t facts[N_FACTS] = {0, FACTS(VALUE)};

/* ---- types --------------------------------------------------------------- */

enum {
    T_partial = CD_FIRST_SID, T_holder, T_num, T_num_t, T_real, T_real_t,
    T_uses, T_list, T_arrays, T_dots, T_counted, T_given, T_anon, T_anon_t,
    T_whole, T_table, T_many, T_pointer, T_twice, T_const_real, T_fn,
    T_fn_p, T_fn_t, T_const_long, T_END
};
#define SID(i) ((i)-CD_FIRST_SID)

static const uint32_t ids[] = {
    0,
    /* 1 counted */ 0, 1,
    /* 3 given   */ 2, 3,
    /* 5 twice   */ T_num_t, T_partial,
    /* 7 fn      */ T_const_real,
};

#define MEMBER(member, sid, fact_) \
    {.name = OFF(member), .type = sid, .offset = fact_, .bits = -1}
static const struct cd_stub_field fields[] = {
    /*  0 partial */ MEMBER(x, CD_PRIM_INT, f_x),
    /*  1 holder  */ MEMBER(p, T_partial, f_p),
    MEMBER(tail, CD_PRIM_CHAR, f_tail),
    /*  3 uses    */ MEMBER(n, T_num_t, f_n), MEMBER(r, T_real_t, f_r),
    MEMBER(list, T_list, f_list),
    /*  6 arrays  */ MEMBER(a, T_dots, f_a),
    /*  7 anon    */ MEMBER(a, CD_PRIM_INT, f_anon_a),
    {.name = OFF(bits), .type = CD_PRIM_UINT, .bits = 5, .probe = 0},
    /*  9 whole   */ MEMBER(a, CD_PRIM_INT, f_wa),
    MEMBER(b, CD_PRIM_CHAR, f_wb),
};

#define RECORD(tag, first, count, ...) \
    [SID(T_##tag)] = {.kind = CD_STRUCT, .name = OFF(tag), .a = first, \
                      .b = count, .c = l_##tag, __VA_ARGS__}
#define DERIVED(id, kind_, item, ...) \
    [SID(id)] = {.kind = kind_, .a = item, __VA_ARGS__}
static const struct cd_stub_type types[] = {
    RECORD(partial, 0, 1, .flags = CD_F_PARTIAL),
    RECORD(holder, 1, 2, .flags = 0),
    [SID(T_num)] = {.kind = CD_PRIM, .sub = CD_PRIM_DOT_INT,
                    .name = OFF(num_t), .c = l_num},
    DERIVED(T_num_t, CD_TYPEDEF, T_num, .name = OFF(num_t)),
    [SID(T_real)] = {.kind = CD_PRIM, .sub = CD_PRIM_DOT_FLOAT,
                     .name = OFF(real_t), .c = l_real},
    DERIVED(T_real_t, CD_TYPEDEF, T_real, .name = OFF(real_t)),
    RECORD(uses, 3, 3, .flags = 0),
    DERIVED(T_list, CD_ARRAY, T_num_t, .b = 3),
    RECORD(arrays, 6, 1, .flags = CD_F_PARTIAL),
    DERIVED(T_dots, CD_ARRAY, CD_PRIM_INT, .flags = CD_F_DOTS, .x = n_a),
    [SID(T_counted)] = {.kind = CD_ENUM, .name = OFF(counted), .a = 1,
                        .b = 2, .c = e_counted, .flags = CD_F_PARTIAL},
    [SID(T_given)] = {.kind = CD_ENUM, .name = OFF(given), .a = 3, .b = 2,
                      .c = e_given, .flags = CD_F_PARTIAL},
    [SID(T_anon)] = {.kind = CD_STRUCT, .name = OFF(anon_t), .a = 7, .b = 2,
                     .c = l_anon, .x = 1,
                     .flags = CD_F_TYPEDEF_NAME | CD_F_PARTIAL |
                              CD_F_BITFIELDS},
    DERIVED(T_anon_t, CD_TYPEDEF, T_anon, .name = OFF(anon_t)),
    RECORD(whole, 9, 2, .flags = 0),
    DERIVED(T_table, CD_ARRAY, CD_PRIM_INT, .flags = CD_F_DOTS, .x = n_table),
    DERIVED(T_many, CD_ARRAY, T_holder, .b = 4),
    DERIVED(T_pointer, CD_POINTER, T_anon_t, .b = 0),
    DERIVED(T_twice, CD_FUNC, T_num_t, .b = 5, .c = 2),
    DERIVED(T_const_real, CD_QUAL, T_real_t, .sub = CD_Q_CONST),
    DERIVED(T_fn, CD_FUNC, T_num_t, .b = 7, .c = 1),
    DERIVED(T_fn_p, CD_POINTER, T_fn, .b = 0),
    DERIVED(T_fn_t, CD_TYPEDEF, T_fn_p, .name = OFF(fn_t)),
    DERIVED(T_const_long, CD_QUAL, CD_PRIM_LONG, .sub = CD_Q_CONST),
};

#define GLOBAL(id, kind_, sid, slot_, flags_) \
    {.name = OFF(id), .kind = kind_, .type = sid, .slot = slot_, \
     .flags = flags_, .line = __LINE__}
static const struct cd_stub_global globals[] = {
    GLOBAL(CA, CD_D_INT, T_counted, v_CA, CD_DF_ENUMERATOR),
    GLOBAL(CB, CD_D_INT, T_counted, v_CB, CD_DF_ENUMERATOR),
    GLOBAL(GA, CD_D_INT, T_given, v_GA, CD_DF_ENUMERATOR),
    GLOBAL(GB, CD_D_INT, T_given, v_GB, CD_DF_ENUMERATOR),
    GLOBAL(LIMIT, CD_D_INT, 0, v_limit, 0),
    GLOBAL(SIZE, CD_D_INT, 0, v_size, CD_DF_CHECKED),
    GLOBAL(STEP, CD_D_INT, T_const_long, v_step, CD_DF_STATIC),
    GLOBAL(anon_t, CD_D_TYPEDEF, T_anon_t, 0, 0),
    GLOBAL(fn_t, CD_D_TYPEDEF, T_fn_t, 0, 0),
    GLOBAL(many, CD_D_VARIABLE, T_many, 0, 0),
    GLOBAL(num_t, CD_D_TYPEDEF, T_num_t, 0, 0),
    GLOBAL(pointer, CD_D_VARIABLE, T_pointer, 0, 0),
    GLOBAL(real_t, CD_D_TYPEDEF, T_real_t, 0, 0),
    GLOBAL(table, CD_D_VARIABLE, T_table, 0, 0),
    GLOBAL(twice, CD_D_FUNCTION, T_twice, 0, 0),
};

static const uint32_t tags[] = {SID(T_arrays), SID(T_counted), SID(T_given),
                                SID(T_holder), SID(T_partial), SID(T_uses),
                                SID(T_whole)};

/* ---- code ---------------------------------------------------------------- */

static void t_twice(void *result, const cd_word *args)
{
    *(num_t *)result =
        twice((num_t)args[0].u, *(const struct partial *)args[1].p);
}
static void g_table(void *out)
{
    *(int **)out = table;
}
static void probe_bits(void *record)
{
    ((anon_t *)record)->bits = 31;
}
static const cd_tramp tramps[] = {t_twice};
static const cd_code addresses[] = {(cd_code)twice};
static const cd_getter getters[] = {g_table};
static const cd_probe probes[] = {probe_bits};
static struct cd_link link_;

const struct cd_stub cd_stub_late = {
    STUB_OF("late"),
    .probe = probes, .n_probes = COUNT(probes),
};
