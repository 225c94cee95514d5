/* including.c - a stub that includes everything.c's.                         */
#include "stubs.h"
#include "cd_parser.h"

#define TEXTS(T) \
    T(module, "everything") T(distance, "distance") T(line, "line") \
    T(point, "point") T(item_t, "item_t") T(gone, "gone") T(from, "from") \
    T(to, "to") T(items, "items") T(missing, "missing")
TEXT_OF(TEXTS)

/* As struct point and item_t are there.                                      */
struct point { int x; short y; };
typedef struct { char name[16]; struct point at; } item_t;
struct line { struct point from, to; item_t items[2]; };

enum {
    T_point = CD_FIRST_SID, T_item, T_items, T_inner, T_gone, T_gone_p,
    T_line, T_distance, T_END
};
static const uint32_t ids[] = {0, T_line, T_point};
#define LAYOUT(type) (int64_t)sizeof(type), (int64_t)_Alignof(type)
#define FIELD(field) \
    (int64_t)offsetof(struct line, field), \
        (int64_t)sizeof(((struct line *)0)->field)
static const int64_t facts[] = {0, LAYOUT(struct point), LAYOUT(item_t),
                                LAYOUT(struct line), FIELD(from), FIELD(to),
                                FIELD(items), 4, 4};
static const struct cd_stub_field fields[] = {
    {.name = OFF(from), .type = T_point, .offset = 7, .bits = -1},
    {.name = OFF(to), .type = T_point, .offset = 9, .bits = -1},
    {.name = OFF(items), .type = T_items, .offset = 11, .bits = -1},
};
static const struct cd_stub_type types[] = {
    {.kind = CD_IMPORT, .sub = CD_STRUCT, .name = OFF(point), .a = 1, .c = 1},
    {.kind = CD_IMPORT, .sub = CD_STRUCT, .name = OFF(item_t), .a = 1, .c = 3,
     .x = 0x80000002, .flags = CD_F_TYPEDEF_NAME},
    {.kind = CD_ARRAY, .a = T_item, .b = 2},
    {.kind = CD_IMPORT, .sub = CD_UNION, .a = 1, .c = 13, .x = 1},
    {.kind = CD_IMPORT, .sub = CD_STRUCT, .name = OFF(gone), .a = 1},
    {.kind = CD_POINTER, .a = T_gone},
    {.kind = CD_STRUCT, .name = OFF(line), .a = 0, .b = 3, .c = 5},
    {.kind = CD_FUNC, .a = CD_PRIM_DOUBLE, .b = 1, .c = 2},
};
static const struct cd_stub_global globals[] = {
    {.name = OFF(distance), .kind = CD_D_FUNCTION, .type = T_distance},
    {.name = OFF(missing), .kind = CD_D_VARIABLE, .type = T_gone_p},
};
static const struct cd_stub_include includes[] = {{.module = OFF(module)}};
static const uint32_t tags[] = {T_line - CD_FIRST_SID};

static double distance(struct line l, struct point p)
{
    return l.from.x + p.x;
}
static void t_distance(void *result, const cd_word *args)
{
    *(double *)result = distance(*(const struct line *)args[0].p,
                                 *(const struct point *)args[1].p);
}
static void g_missing(void *out)
{
    *(void **)out = NULL;
}
static const cd_tramp tramps[] = {t_distance};
static const cd_code addresses[] = {(cd_code)distance};
static const cd_getter getters[] = {g_missing};
static struct cd_link link_;

const struct cd_stub cd_stub_including = {
    STUB_OF("including"),
    .includes = includes, .n_includes = COUNT(includes),
};
