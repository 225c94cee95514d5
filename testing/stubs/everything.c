/* everything.c - a stub as the emitter would write it, with one of everything
 * that can be known without a compiler; everything_cdef says the same in C.  */
#include "stubs.h"
#include "cd_parser.h"

/* ---- what a user's source would be --------------------------------------- */

struct point { int x; short y; };
struct bits { unsigned a : 3; int b : 7; long long c : 40; _Bool d : 1; };
union number { int i; double d; };
enum color { RED, GREEN = 5, BLUE = -1 };
typedef enum { BIG = 0xFFFFFFFFFFFFFFFF } big_t;
typedef struct { char name[16]; struct point at; } item_t;
struct tree;
struct node {
    struct node *next;
    struct tree *up;
    item_t items[2];
    int (*visit)(struct node *, const void *);
};
struct tree { struct node *root; };
struct flex { int n; char data[]; };
#pragma pack(push, 1)
struct packed { char c; int i; };
#pragma pack(pop)
struct __attribute__((packed)) tight { char c; short s; };
struct aligned { _Alignas(16) int i; };
struct anon { int kind; union { int i; float f; }; };
typedef unsigned long count_t;
typedef int vec4 __attribute__((vector_size(16)));

static int add(int a, int b)
{
    return a + b;
}
static struct point mirror(struct point p)
{
    return (struct point){p.y, (short)p.x};
}
static int counter;
static void call_back(void)
{
}

const char everything_cdef[] =
    "struct point { int x; short y; };\n"
    "struct bits { unsigned a : 3; int b : 7; long long c : 40; _Bool d : 1; "
    "};\n"
    "union number { int i; double d; };\n"
    "enum color { RED, GREEN = 5, BLUE = -1 };\n"
    "typedef enum { BIG = 0xFFFFFFFFFFFFFFFF } big_t;\n"
    "typedef struct { char name[16]; struct point at; } item_t;\n"
    "struct tree;\n"
    "struct node { struct node *next; struct tree *up; item_t items[2];\n"
    "  int (*visit)(struct node *, const void *); };\n"
    "struct tree { struct node *root; };\n"
    "struct flex { int n; char data[]; };\n"
    "#pragma pack(push, 1)\n"
    "struct packed { char c; int i; };\n"
    "#pragma pack(pop)\n"
    "struct __attribute__((packed)) tight { char c; short s; };\n"
    "struct aligned { _Alignas(16) int i; };\n"
    "struct anon { int kind; union { int i; float f; }; };\n"
    "struct hidden;\n"
    "typedef unsigned long count_t;\n"
    "typedef int vec4 __attribute__((vector_size(16)));\n"
    "int add(int a, int b);\n"
    "struct point mirror(struct point);\n"
    "int print(const char *fmt, ...);\n"
    "extern int counter;\n"
    "extern vec4 lanes;\n"
    "extern FILE *stream;\n"
    "extern struct hidden *secret;\n"
    "extern union number numbers[3];\n"
    "extern struct point *(*table[2])(count_t, item_t *);\n"
    "extern struct bits *restrict volatile flags;\n"
    "#define LIMIT 100\n"
    "#define HUGE_ONE 0xFFFFFFFFFFFFFFFF\n"
    "static const double HALF = 0.5;\n"
    "#define VERSION \"1.2\"\n"
    "extern \"Python\" void on_event(int, void *);\n";

/* ---- text ---------------------------------------------------------------- */

#define TEXTS(T) \
    T(file, "everything.py") T(BIG, "BIG") T(BLUE, "BLUE") T(GREEN, "GREEN") \
    T(HALF, "HALF") T(HUGE_ONE, "HUGE_ONE") T(LIMIT, "LIMIT") T(RED, "RED") \
    T(VERSION, "VERSION") T(add, "add") T(big_t, "big_t") \
    T(count_t, "count_t") T(counter, "counter") T(flags, "flags") \
    T(item_t, "item_t") T(lanes, "lanes") T(mirror, "mirror") \
    T(numbers, "numbers") T(on_event, "on_event") T(print, "print") \
    T(secret, "secret") T(stream, "stream") T(table, "table") \
    T(vec4, "vec4") T(color, "color") T(point, "point") T(bits, "bits") \
    T(number, "number") T(tree, "tree") T(node, "node") T(flex, "flex") \
    T(packed, "packed") T(tight, "tight") T(aligned, "aligned") \
    T(anon, "anon") T(hidden, "hidden") T(io_file, "_IO_FILE") \
    T(FILE_, "FILE") T(a, "a") T(b, "b") T(c, "c") T(d, "d") T(x, "x") \
    T(y, "y") T(i, "i") T(f, "f") T(n, "n") T(s, "s") T(at, "at") \
    T(name, "name") T(next, "next") T(up, "up") T(items, "items") \
    T(visit, "visit") T(root, "root") T(data, "data") T(kind, "kind") \
    T(one_two, "1.2") T(a_b, "a,b") T(fmt, "fmt")
TEXT_OF(TEXTS)

/* ---- facts --------------------------------------------------------------- */

#define LAYOUT(type) (int64_t)sizeof(type), (int64_t)_Alignof(type)
#define FIELD(type, field) \
    (int64_t)offsetof(type, field), (int64_t)sizeof(((type *)0)->field)
#define ENUM_FACT(type) (int64_t)sizeof(type), (type)-1 < (type)1
#define FACTS(F) \
    F(l_point, LAYOUT(struct point)) F(f_x, FIELD(struct point, x)) \
    F(f_y, FIELD(struct point, y)) F(l_bits, LAYOUT(struct bits)) \
    F(l_number, LAYOUT(union number)) F(f_ni, FIELD(union number, i)) \
    F(f_nd, FIELD(union number, d)) F(l_item, LAYOUT(item_t)) \
    F(f_name, FIELD(item_t, name)) F(f_at, FIELD(item_t, at)) \
    F(l_node, LAYOUT(struct node)) F(f_next, FIELD(struct node, next)) \
    F(f_up, FIELD(struct node, up)) F(f_items, FIELD(struct node, items)) \
    F(f_visit, FIELD(struct node, visit)) F(l_tree, LAYOUT(struct tree)) \
    F(f_root, FIELD(struct tree, root)) F(l_flex, LAYOUT(struct flex)) \
    F(f_n, FIELD(struct flex, n)) \
    F(f_data, COMMA((int64_t)offsetof(struct flex, data), 0)) \
    F(l_packed, LAYOUT(struct packed)) F(f_pc, FIELD(struct packed, c)) \
    F(f_pi, FIELD(struct packed, i)) F(l_tight, LAYOUT(struct tight)) \
    F(f_tc, FIELD(struct tight, c)) F(f_ts, FIELD(struct tight, s)) \
    F(l_aligned, LAYOUT(struct aligned)) \
    F(f_ai, FIELD(struct aligned, i)) F(l_anon, LAYOUT(struct anon)) \
    F(f_kind, FIELD(struct anon, kind)) F(f_inner, COMMA(4, 4)) \
    F(l_inner, COMMA(4, 4)) F(f_ii, COMMA(0, 4)) F(f_if, COMMA(0, 4)) \
    F(e_color, ENUM_FACT(enum color)) F(e_big, ENUM_FACT(big_t)) \
    F(v_red, COMMA(RED, 0)) F(v_red_, COMMA(0, 0)) \
    F(v_green, COMMA(GREEN, 0)) F(v_green_, COMMA(5, 0)) \
    F(v_blue, COMMA(BLUE, 0)) F(v_blue_, COMMA(-1, 0)) \
    F(v_big, COMMA((int64_t)BIG, 1)) F(v_big_, COMMA(-1, 1)) \
    F(v_limit, COMMA(100, 0)) F(v_limit_, COMMA(100, 0)) \
    F(v_huge, COMMA(-1, 1)) F(v_huge_, COMMA(-1, 1))
#define COMMA(a, b) a, b
#define NUMBER(id, ...) id, id##_second,
#define VALUE(id, ...) __VA_ARGS__,
enum { NO_FACT, FACTS(NUMBER) N_FACTS };
static const int64_t facts[N_FACTS] = {0, FACTS(VALUE)};

/* ---- types --------------------------------------------------------------- */

enum {
    T_point = CD_FIRST_SID, T_bits, T_number, T_color, T_big, T_big_t, T_item,
    T_item_t, T_tree, T_node, T_hidden, T_io_file, T_flex, T_packed, T_tight,
    T_aligned, T_inner, T_anon, T_count_t, T_char16, T_node_p, T_tree_p,
    T_items, T_const_void, T_const_void_p, T_visit, T_visit_p, T_chars,
    T_vec, T_vec4, T_add, T_mirror, T_const_char, T_const_char_p, T_print,
    T_FILE, T_FILE_p, T_hidden_p, T_numbers, T_point_p, T_item_t_p, T_entry,
    T_entry_p, T_table, T_bits_p, T_flags, T_void_p, T_on_event, T_const_double,
    T_END
};
#define SID(i) ((i)-CD_FIRST_SID)
/* Tests look at the copies of these numbers only: the file's line is any.    */
#define AT .file = OFF(file), .line = __LINE__

static const uint32_t ids[] = {
    0,
    /*  1 color   */ 6, 2, 1,
    /*  4 big     */ 0,
    /*  5 visit   */ T_node_p, T_const_void_p,
    /*  7 add     */ CD_PRIM_INT, CD_PRIM_INT,
    /*  9 mirror  */ T_point,
    /* 10 print   */ T_const_char_p,
    /* 11 entry   */ T_count_t, T_item_t_p,
    /* 13 event   */ CD_PRIM_INT, T_void_p,
};

#define MEMBER(member, sid, fact_) \
    {.name = OFF(member), .type = sid, .offset = fact_, .bits = -1}
static const struct cd_stub_field fields[] = {
    /*  0 point   */ MEMBER(x, CD_PRIM_INT, f_x),
    MEMBER(y, CD_PRIM_SHORT, f_y),
    /*  2 bits    */
    {.name = OFF(a), .type = CD_PRIM_UINT, .bits = 3, .probe = 0},
    {.name = OFF(b), .type = CD_PRIM_INT, .bits = 7, .probe = 1},
    {.name = OFF(c), .type = CD_PRIM_LLONG, .bits = 40, .probe = 2},
    {.name = OFF(d), .type = CD_PRIM_BOOL, .bits = 1, .probe = 3},
    /*  6 number  */ MEMBER(i, CD_PRIM_INT, f_ni),
    MEMBER(d, CD_PRIM_DOUBLE, f_nd),
    /*  8 item    */ MEMBER(name, T_char16, f_name),
    MEMBER(at, T_point, f_at),
    /* 10 node    */ MEMBER(next, T_node_p, f_next),
    MEMBER(up, T_tree_p, f_up), MEMBER(items, T_items, f_items),
    MEMBER(visit, T_visit_p, f_visit),
    /* 14 tree    */ MEMBER(root, T_node_p, f_root),
    /* 15 flex    */ MEMBER(n, CD_PRIM_INT, f_n),
    MEMBER(data, T_chars, f_data),
    /* 17 packed  */ MEMBER(c, CD_PRIM_CHAR, f_pc),
    MEMBER(i, CD_PRIM_INT, f_pi),
    /* 19 tight   */ MEMBER(c, CD_PRIM_CHAR, f_tc),
    MEMBER(s, CD_PRIM_SHORT, f_ts),
    /* 21 aligned */ MEMBER(i, CD_PRIM_INT, f_ai),
    /* 22 inner   */ MEMBER(i, CD_PRIM_INT, f_ii),
    MEMBER(f, CD_PRIM_FLOAT, f_if),
    /* 24 anon    */ MEMBER(kind, CD_PRIM_INT, f_kind),
    {.name = 0, .type = T_inner, .offset = f_inner, .bits = -1},
};

#define RECORD(tag, first, count, layout, ...) \
    [SID(T_##tag)] = {.kind = CD_STRUCT, .name = OFF(tag), .a = first, \
                      .b = count, .c = layout, AT, __VA_ARGS__}
#define DERIVED(id, kind_, item, ...) \
    [SID(id)] = {.kind = kind_, .a = item, __VA_ARGS__}
static const struct cd_stub_type types[] = {
    RECORD(point, 0, 2, l_point, .sub = 0),
    RECORD(bits, 2, 4, l_bits, .flags = CD_F_BITFIELDS),
    [SID(T_number)] = {.kind = CD_UNION, .name = OFF(number), .a = 6, .b = 2,
                       .c = l_number, AT},
    [SID(T_color)] = {.kind = CD_ENUM, .name = OFF(color), .a = 1, .b = 3,
                      .c = e_color, AT},
    [SID(T_big)] = {.kind = CD_ENUM, .name = OFF(big_t), .a = 4, .b = 1,
                    .c = e_big, .x = 0x80000001, .flags = CD_F_TYPEDEF_NAME,
                    AT},
    DERIVED(T_big_t, CD_TYPEDEF, T_big, .name = OFF(big_t), AT),
    [SID(T_item)] = {.kind = CD_STRUCT, .name = OFF(item_t), .a = 8, .b = 2,
                     .c = l_item, .x = 0x80000002, .flags = CD_F_TYPEDEF_NAME,
                     AT},
    DERIVED(T_item_t, CD_TYPEDEF, T_item, .name = OFF(item_t), AT),
    RECORD(tree, 14, 1, l_tree, .sub = 0),
    RECORD(node, 10, 4, l_node, .sub = 0),
    RECORD(hidden, 0, 0, 0, .flags = CD_F_OPAQUE),
    RECORD(io_file, 0, 0, 0, .flags = CD_F_OPAQUE),
    RECORD(flex, 15, 2, l_flex, .flags = CD_F_FLEX),
    RECORD(packed, 17, 2, l_packed, .sub = 1, .flags = CD_F_PACKED),
    RECORD(tight, 19, 2, l_tight, .sub = 0x80, .flags = CD_F_PACKED),
    RECORD(aligned, 21, 1, l_aligned, .flags = CD_F_LAID_OUT),
    [SID(T_inner)] = {.kind = CD_UNION, .a = 22, .b = 2, .c = l_inner, .x = 1,
                      AT},
    RECORD(anon, 24, 2, l_anon, .sub = 0),
    DERIVED(T_count_t, CD_TYPEDEF, CD_PRIM_ULONG, .name = OFF(count_t), AT),
    DERIVED(T_char16, CD_ARRAY, CD_PRIM_CHAR, .b = 16),
    DERIVED(T_node_p, CD_POINTER, T_node, .b = 0),
    DERIVED(T_tree_p, CD_POINTER, T_tree, .b = 0),
    DERIVED(T_items, CD_ARRAY, T_item_t, .b = 2),
    DERIVED(T_const_void, CD_QUAL, CD_PRIM_VOID, .sub = CD_Q_CONST),
    DERIVED(T_const_void_p, CD_POINTER, T_const_void, .b = 0),
    DERIVED(T_visit, CD_FUNC, CD_PRIM_INT, .b = 5, .c = 2),
    DERIVED(T_visit_p, CD_POINTER, T_visit, .b = 0),
    DERIVED(T_chars, CD_ARRAY, CD_PRIM_CHAR, .flags = CD_F_OPEN),
    DERIVED(T_vec, CD_VECTOR, CD_PRIM_INT, .b = 4),
    DERIVED(T_vec4, CD_TYPEDEF, T_vec, .name = OFF(vec4), AT),
    DERIVED(T_add, CD_FUNC, CD_PRIM_INT, .b = 7, .c = 2),
    DERIVED(T_mirror, CD_FUNC, T_point, .b = 9, .c = 1),
    DERIVED(T_const_char, CD_QUAL, CD_PRIM_CHAR, .sub = CD_Q_CONST),
    DERIVED(T_const_char_p, CD_POINTER, T_const_char, .b = 0),
    DERIVED(T_print, CD_FUNC, CD_PRIM_INT, .b = 10, .c = 1,
            .flags = CD_F_VARIADIC),
    DERIVED(T_FILE, CD_TYPEDEF, T_io_file, .name = OFF(FILE_), AT),
    DERIVED(T_FILE_p, CD_POINTER, T_FILE, .b = 0),
    DERIVED(T_hidden_p, CD_POINTER, T_hidden, .b = 0),
    DERIVED(T_numbers, CD_ARRAY, T_number, .b = 3),
    DERIVED(T_point_p, CD_POINTER, T_point, .b = 0),
    DERIVED(T_item_t_p, CD_POINTER, T_item_t, .b = 0),
    DERIVED(T_entry, CD_FUNC, T_point_p, .b = 11, .c = 2),
    DERIVED(T_entry_p, CD_POINTER, T_entry, .b = 0),
    DERIVED(T_table, CD_ARRAY, T_entry_p, .b = 2),
    DERIVED(T_bits_p, CD_POINTER, T_bits, .b = 0),
    DERIVED(T_flags, CD_QUAL, T_bits_p,
            .sub = CD_Q_RESTRICT | CD_Q_VOLATILE),
    DERIVED(T_void_p, CD_POINTER, CD_PRIM_VOID, .b = 0),
    DERIVED(T_on_event, CD_FUNC, CD_PRIM_VOID, .b = 13, .c = 2),
    DERIVED(T_const_double, CD_QUAL, CD_PRIM_DOUBLE, .sub = CD_Q_CONST),
};

/* ---- globals, sorted by name --------------------------------------------- */

#define GLOBAL(id, kind_, sid, slot_, ...) \
    {.name = OFF(id), .kind = kind_, .type = sid, .slot = slot_, AT, \
     __VA_ARGS__}
static const struct cd_stub_global globals[] = {
    GLOBAL(BIG, CD_D_INT, T_big, v_big,
           .flags = CD_DF_CHECKED | CD_DF_ENUMERATOR),
    /* the list stays sorted in ASCII: capitals first */
    GLOBAL(BLUE, CD_D_INT, T_color, v_blue,
           .flags = CD_DF_CHECKED | CD_DF_ENUMERATOR),
    GLOBAL(GREEN, CD_D_INT, T_color, v_green,
           .flags = CD_DF_CHECKED | CD_DF_ENUMERATOR),
    GLOBAL(HALF, CD_D_FLOAT, T_const_double, 1, .flags = CD_DF_STATIC),
    GLOBAL(HUGE_ONE, CD_D_INT, 0, v_huge, .flags = CD_DF_CHECKED),
    GLOBAL(LIMIT, CD_D_INT, 0, v_limit, .flags = CD_DF_CHECKED),
    GLOBAL(RED, CD_D_INT, T_color, v_red,
           .flags = CD_DF_CHECKED | CD_DF_ENUMERATOR),
    GLOBAL(VERSION, CD_D_STRING, 0, 3, .doc = OFF(one_two),
           .flags = CD_DF_CHECKED),
    GLOBAL(add, CD_D_FUNCTION, T_add, 0, .params = OFF(a_b)),
    GLOBAL(big_t, CD_D_TYPEDEF, T_big_t, 0, .flags = 0),
    GLOBAL(count_t, CD_D_TYPEDEF, T_count_t, 0, .flags = 0),
    GLOBAL(counter, CD_D_VARIABLE, CD_PRIM_INT, 0, .flags = 0),
    GLOBAL(flags, CD_D_VARIABLE, T_flags, 0, .flags = 0),
    GLOBAL(item_t, CD_D_TYPEDEF, T_item_t, 0, .flags = 0),
    GLOBAL(lanes, CD_D_VARIABLE, T_vec4, 0, .flags = 0),
    GLOBAL(mirror, CD_D_FUNCTION, T_mirror, 1, .flags = 0),
    GLOBAL(numbers, CD_D_VARIABLE, T_numbers, 0, .flags = 0),
    GLOBAL(on_event, CD_D_EXTERN_PYTHON, T_on_event, 0, .flags = 0),
    GLOBAL(print, CD_D_FUNCTION, T_print, 2, .params = OFF(fmt)),
    GLOBAL(secret, CD_D_VARIABLE, T_hidden_p, 0, .flags = 0),
    GLOBAL(stream, CD_D_VARIABLE, T_FILE_p, 0, .flags = 0),
    GLOBAL(table, CD_D_VARIABLE, T_table, 0, .flags = 0),
    GLOBAL(vec4, CD_D_TYPEDEF, T_vec4, 0, .flags = 0),
};

static const uint32_t tags[] = { /* sorted: _IO_FILE aligned anon bits ...    */
    SID(T_io_file), SID(T_aligned), SID(T_anon), SID(T_bits), SID(T_color),
    SID(T_flex), SID(T_hidden), SID(T_node), SID(T_number), SID(T_packed),
    SID(T_point), SID(T_tight), SID(T_tree),
};

/* ---- code ---------------------------------------------------------------- */

static void t_add(void *result, const cd_word *args)
{
    *(int *)result = add((int)args[0].i, (int)args[1].i);
}
static void t_mirror(void *result, const cd_word *args)
{
    *(struct point *)result = mirror(*(const struct point *)args[0].p);
}
static void g_counter(void *out)
{
    *(int **)out = &counter;
}
static void g_half(void *out)
{
    *(double *)out = 0.5;
}
#define PROBE(field, value) \
    static void probe_##field(void *record) \
    { \
        ((struct bits *)record)->field = value; \
    }
PROBE(a, 7)
PROBE(b, -1)
PROBE(c, -1)
PROBE(d, 1)

static const cd_tramp tramps[] = {t_add, t_mirror, NULL};
static const cd_code addresses[] = {(cd_code)add, (cd_code)mirror, NULL,
                                    call_back};
static const cd_getter getters[] = {g_counter, g_half};
static const cd_probe probes[] = {probe_a, probe_b, probe_c, probe_d};
static struct cd_link link_;

const struct cd_stub cd_stub_everything = {
    STUB_OF("everything"),
    .probe = probes, .n_probes = COUNT(probes), .n_externs = 1,
};
