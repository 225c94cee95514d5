/* attr.c - attributes in all their spellings, alignment specifiers, calling
 * conventions and asm labels, gathered into a cd_attrs.  MIT.
 *
 * What changes the ABI is honoured, what we cannot honour makes the declared
 * name unavailable, anything else is skipped with its balanced tokens.       */
#include "cd_impl.h"
#include "cd_target.h"
#include <string.h>

enum action {
    ACT_SKIP, ACT_PACKED, ACT_ALIGNED, ACT_MS_STRUCT, ACT_GCC_STRUCT,
    ACT_TRANSPARENT, ACT_VECTOR, ACT_MODE, ACT_CONST, ACT_KEEP_GIL, ACT_THREAD,
    ACT_NORETURN, ACT_CONVENTION, ACT_REFUSE
};

typedef struct attribute {
    const char *word;
    uint8_t action, abi; /* abi: of CONVENTION                                */
    const char *reason;  /* of REFUSE                                         */
} attribute;

static const attribute attributes[] = {
    {"", ACT_SKIP, 0, NULL}, /* number 0 is "not asked yet" in an atom        */
    {"", ACT_SKIP, 0, NULL}, /* number 1 is "not in the list"                 */
#define ATTR(word, action) {word, ACT_##action, 0, NULL},
#define CONVENTION(word, abi) {word, ACT_CONVENTION, CD_ABI_##abi, NULL},
#define REFUSED(word, reason) {word, ACT_REFUSE, 0, reason},
#include "attrs.def"
};
enum { UNKNOWN = 1, N_ATTRIBUTES = sizeof attributes / sizeof *attributes };

/* Cuts `__word__` down to `word`. */
static void strip_underscores(const char **s, uint32_t *len)
{
    if (*len > 4 && memcmp(*s, "__", 2) == 0 &&
        memcmp(*s + *len - 2, "__", 2) == 0) {
        *s += 2;
        *len -= 4;
    }
}

/* The table row of an attribute's name; the atom remembers it, so that each
 * spelling is compared with the list once a table.                           */
static const attribute *attribute_named(cd_parser *ps, cd_str name)
{
    cd_atom *a = cd_atom_at(ps->t, name);
    if (a->attr == 0) {
        const char *s = a->text;
        uint32_t len = a->len;
        strip_underscores(&s, &len);
        a->attr = UNKNOWN;
        for (unsigned i = UNKNOWN + 1; i < N_ATTRIBUTES; i++)
            if (strlen(attributes[i].word) == len &&
                memcmp(attributes[i].word, s, len) == 0)
                a->attr = (uint16_t)i;
    }
    return &attributes[a->attr];
}

/* ---- arguments ----------------------------------------------------------- */

static bool is_power_of_two(uint64_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

/* A number; what we do not compute is 1, and makes what is declared
 * unavailable.                                                               */
static cd_value argument(cd_parser *ps, cd_attrs *a)
{
    cd_value v = cd_any_int(ps);

    if (v.unknown) {
        a->unavailable = cd_text(ps->t, v.unknown, NULL);
        v.v.u = v.is_unsigned = 1;
    }
    return v;
}

static void raise_alignment(cd_parser *ps, cd_attrs *a, const cd_token *at,
                            cd_value v)
{
    if (!v.is_unsigned && v.v.i < 0)
        cd_fail(ps, CD_E_CONSTRAINT, at, "the alignment is negative");
    if (!is_power_of_two(v.v.u) || v.v.u > CD_MAX_ALIGN)
        cd_fail(ps, CD_E_CONSTRAINT, at,
                "the alignment is not a power of two up to 2**28");
    if (v.v.u > a->align)
        a->align = (uint32_t)v.v.u;
}

/* aligned = "aligned" ( "(" const-expr ")" )?     without: the target's most */
static void aligned(cd_parser *ps, cd_attrs *a)
{
    if (!cd_accept(ps, CD_T_LPAREN)) {
        uint32_t most = ps->t->target->max_align;
        if (most > a->align)
            a->align = most;
        return;
    }
    cd_token at = ps->tok;
    raise_alignment(ps, a, &at, argument(ps, a));
    cd_expect(ps, CD_T_RPAREN);
}

/* alignas = "_Alignas" "(" ( type-name | const-expr ) ")" */
static void alignas(cd_parser *ps, cd_attrs *a)
{
    cd_next(ps);
    cd_expect(ps, CD_T_LPAREN);
    cd_token at = ps->tok;
    if (cd_starts_type(ps, &ps->tok)) {
        uint64_t size;
        uint32_t align;
        cd_id type = cd_type_name(ps);
        if (!cd_layout_of(ps->t, type, &size, &align))
            cd_fail(ps, CD_E_CONSTRAINT, &at, "%Y has no alignment", type);
        if (align > a->align)
            a->align = align;
    } else {
        cd_value v = argument(ps, a);
        if (v.v.u != 0) /* _Alignas(0) has no effect */
            raise_alignment(ps, a, &at, v);
    }
    cd_expect(ps, CD_T_RPAREN);
}

/* vector-size = "vector_size" "(" const-expr ")" */
static void vector_size(cd_parser *ps, cd_attrs *a)
{
    cd_expect(ps, CD_T_LPAREN);
    cd_token at = ps->tok;
    cd_value v = argument(ps, a);
    if ((!v.is_unsigned && v.v.i < 0) || !is_power_of_two(v.v.u))
        cd_fail(ps, CD_E_CONSTRAINT, &at,
                "the vector's size is not a power of two");
    a->vector = v.v.u;
    cd_expect(ps, CD_T_RPAREN);
}

/* Machine modes: by bytes for integers, by letter for the others.            */
typedef struct mode {
    const char *word;
    int8_t klass;  /* enum cd_class; BOOL means "any integer"                 */
    uint8_t bytes; /* of an integer; 0: as a pointer                          */
    uint8_t prim;  /* of a float or complex                                   */
} mode;
static const mode modes[] = {
    {"QI", CD_CLASS_BOOL, 1, 0},
    {"byte", CD_CLASS_BOOL, 1, 0},
    {"HI", CD_CLASS_BOOL, 2, 0},
    {"SI", CD_CLASS_BOOL, 4, 0},
    {"DI", CD_CLASS_BOOL, 8, 0},
    {"TI", CD_CLASS_BOOL, 16, 0},
    {"word", CD_CLASS_BOOL, 0, 0},
    {"unwind_word", CD_CLASS_BOOL, 0, 0},
    {"pointer", CD_CLASS_BOOL, 0, 0},
    {"HF", CD_CLASS_FLOAT, 0, CD_PRIM_FLOAT16},
    {"SF", CD_CLASS_FLOAT, 0, CD_PRIM_FLOAT},
    {"DF", CD_CLASS_FLOAT, 0, CD_PRIM_DOUBLE},
    {"XF", CD_CLASS_FLOAT, 0, CD_PRIM_LDOUBLE},
    {"TF", CD_CLASS_FLOAT, 0, CD_PRIM_FLOAT128},
    {"SC", CD_CLASS_COMPLEX, 0, CD_PRIM_FCOMPLEX},
    {"DC", CD_CLASS_COMPLEX, 0, CD_PRIM_DCOMPLEX},
    {"XC", CD_CLASS_COMPLEX, 0, CD_PRIM_LDCOMPLEX},
};
enum { N_MODES = sizeof modes / sizeof *modes };

/* mode = "mode" "(" NAME ")" */
static void mode_attribute(cd_parser *ps, cd_attrs *a)
{
    cd_expect(ps, CD_T_LPAREN);
    if (ps->tok.kind != CD_T_NAME)
        cd_expected(ps, "a machine mode");
    const cd_atom *atom = cd_atom_at(ps->t, ps->tok.name);
    const char *s = atom->text;
    uint32_t len = atom->len;
    strip_underscores(&s, &len);
    a->has_mode = true;
    for (a->mode = 0; a->mode < N_MODES; a->mode++)
        if (strlen(modes[a->mode].word) == len &&
            memcmp(modes[a->mode].word, s, len) == 0)
            break;
    if (a->mode == N_MODES)
        a->unavailable = "a machine mode we do not know";
    cd_next(ps);
    cd_expect(ps, CD_T_RPAREN);
}

/* The calling convention that `abi` really is on this target: 64-bit ones
 * have one or two and ignore the 32-bit names, as compilers do.  CDECL stands
 * for the default, when it was asked for.                                    */
static int effective_abi(const cd_parser *ps, int abi)
{
    const cd_target *target = ps->t->target;
    bool i386 = target->cpu == CD_CPU_I386;
    bool x86_64 = target->cpu == CD_CPU_X86_64;
    bool there = false;
    switch (abi) {
    case CD_ABI_STDCALL:
    case CD_ABI_FASTCALL:
    case CD_ABI_THISCALL: there = i386; break;
    case CD_ABI_VECTORCALL: there = i386 || x86_64; break;
    case CD_ABI_MS: there = x86_64 && !target->ms_layout; break;
    case CD_ABI_SYSV: there = x86_64 && target->ms_layout; break;
    default: break;
    }
    return there ? abi : CD_ABI_CDECL;
}

/* ---- one attribute ------------------------------------------------------- */

/* attribute = word ( "(" balanced ")" )?          tok is behind the word     */
static void attribute_arguments(cd_parser *ps, cd_attrs *a,
                                const attribute *attr)
{
    switch (attr->action) {
    case ACT_ALIGNED: aligned(ps, a); return;
    case ACT_VECTOR: vector_size(ps, a); return;
    case ACT_MODE: mode_attribute(ps, a); return;
    case ACT_PACKED: a->packed = true; break;
    case ACT_MS_STRUCT: a->ms_struct = true; break;
    case ACT_GCC_STRUCT: a->gcc_struct = true; break;
    case ACT_TRANSPARENT: a->transparent = true; break;
    case ACT_CONST: a->is_const = true; break;
    case ACT_NORETURN: a->noreturn = true; break;
    case ACT_KEEP_GIL: a->keep_gil = true; break;
    case ACT_THREAD: a->thread = true; break;
    case ACT_CONVENTION: a->abi = effective_abi(ps, attr->abi); break;
    case ACT_REFUSE: a->unavailable = attr->reason; break;
    default: break;
    }
    if (ps->tok.kind == CD_T_LPAREN)
        cd_skip_balanced(ps);
}

/* attribute-list = attribute? ( ","? attribute )*
 * Words may be keywords (const); __declspec separates them by blanks.        */
static void attribute_list(cd_parser *ps, cd_attrs *a)
{
    while (ps->tok.kind != CD_T_RPAREN) {
        if (cd_accept(ps, CD_T_COMMA))
            continue;
        if (ps->tok.name == 0)
            cd_expected(ps, "an attribute's name");
        const attribute *attr = attribute_named(ps, ps->tok.name);
        cd_next(ps);
        if (attr->action == ACT_KEEP_GIL) /* ours alone: [[cffi::keep_gil]]   */
            attr = &attributes[UNKNOWN];
        attribute_arguments(ps, a, attr);
    }
}

static bool name_is(const cd_parser *ps, cd_str name, const char *word)
{
    const cd_atom *a = cd_atom_at(ps->t, name);
    const char *s = a->text;
    uint32_t len = a->len;
    strip_underscores(&s, &len);
    return strlen(word) == len && memcmp(word, s, len) == 0;
}

/* c23-attribute = NAME ( "::" NAME )? ( "(" balanced ")" )? */
static void c23_attribute(cd_parser *ps, cd_attrs *a)
{
    if (ps->tok.name == 0)
        cd_expected(ps, "an attribute's name");
    cd_str first = ps->tok.name;
    const attribute *attr = &attributes[UNKNOWN];
    cd_next(ps);
    if (cd_accept(ps, CD_T_SCOPE)) {
        if (ps->tok.name == 0)
            cd_expected(ps, "an attribute's name");
        bool ours = name_is(ps, first, "cffi");
        const attribute *named = attribute_named(ps, ps->tok.name);
        if (ours ? named->action == ACT_KEEP_GIL
                 : (name_is(ps, first, "gnu") || name_is(ps, first, "clang") ||
                    name_is(ps, first, "msvc")) &&
                       named->action != ACT_KEEP_GIL)
            attr = named;
        cd_next(ps);
    }
    attribute_arguments(ps, a, attr);
}

/* c23-attributes = "[" "[" c23-attribute? ( "," c23-attribute? )* "]" "]" */
static void c23_attributes(cd_parser *ps, cd_attrs *a)
{
    cd_next(ps);
    cd_next(ps);
    while (ps->tok.kind != CD_T_RBRACK)
        if (!cd_accept(ps, CD_T_COMMA))
            c23_attribute(ps, a);
    cd_next(ps);
    cd_expect(ps, CD_T_RBRACK);
}

/* gnu-attributes = "__attribute__" "(" "(" attribute-list ")" ")" */
static void gnu_attributes(cd_parser *ps, cd_attrs *a)
{
    cd_next(ps);
    cd_expect(ps, CD_T_LPAREN);
    cd_expect(ps, CD_T_LPAREN);
    attribute_list(ps, a);
    cd_expect(ps, CD_T_RPAREN);
    cd_expect(ps, CD_T_RPAREN);
}

/* declspec = "__declspec" "(" attribute-list ")" */
static void declspec(cd_parser *ps, cd_attrs *a)
{
    cd_next(ps);
    cd_expect(ps, CD_T_LPAREN);
    attribute_list(ps, a);
    cd_expect(ps, CD_T_RPAREN);
}

/* asm-label = "asm" "(" STRING+ ")" */
static void asm_label(cd_parser *ps, cd_attrs *a)
{
    cd_next(ps);
    cd_expect(ps, CD_T_LPAREN);
    if (ps->tok.kind != CD_T_STRING)
        cd_expected(ps, "the symbol's name in quotes");
    a->asm_label = cd_string(ps);
    cd_expect(ps, CD_T_RPAREN);
}

/* pragma-operator = "_Pragma" "(" STRING+ ")" | "__pragma" "(" balanced ")" */
void cd_pragma_operator(cd_parser *ps)
{
    cd_next(ps);
    if (ps->tok.kind != CD_T_LPAREN)
        cd_expected(ps, "'('");
    if (cd_peek(ps)->kind == CD_T_STRING) {
        cd_next(ps);
        const cd_atom *text = cd_atom_at(ps->t, cd_string(ps));
        cd_pragma_text(ps, text->text, text->len);
        cd_expect(ps, CD_T_RPAREN);
    } else {
        const char *begin = ps->tok.at + 1;
        while (ps->tok.kind == CD_T_LPAREN)
            cd_skip_balanced(ps);
        const char *end = ps->tok.at;
        while (end > begin && end[-1] != ')')
            end--;
        cd_pragma_text(ps, begin, end > begin ? (size_t)(end - 1 - begin) : 0);
    }
}

bool cd_at_attribute(cd_parser *ps)
{
    switch (ps->tok.kind) {
    case CD_T_ATTRIBUTE:
    case CD_T_DECLSPEC:
    case CD_T_ALIGNAS:
    case CD_T_ASM:
    case CD_T_PRAGMA:
    case CD_T_EXTENSION:
    case CD_T_SEGMENT:
    case CD_T_CDECL:
    case CD_T_STDCALL:
    case CD_T_FASTCALL:
    case CD_T_THISCALL:
    case CD_T_VECTORCALL: return true;
    case CD_T_LBRACK: return cd_peek(ps)->kind == CD_T_LBRACK;
    default: return false;
    }
}

/* attributes = ( gnu-attributes | declspec | c23-attributes | alignas |
 *                asm-label | pragma-operator | "__extension__" |
 *                calling-convention )*
 * One set for every position: what is written where C does not allow it is
 * read as compilers' extensions read it.                                     */
void cd_attributes(cd_parser *ps, cd_attrs *a)
{
    while (cd_at_attribute(ps)) {
        int abi = CD_ABI_CDECL;
        switch (ps->tok.kind) {
        case CD_T_ATTRIBUTE: gnu_attributes(ps, a); continue;
        case CD_T_DECLSPEC: declspec(ps, a); continue;
        case CD_T_ALIGNAS: alignas(ps, a); continue;
        case CD_T_ASM: asm_label(ps, a); continue;
        case CD_T_PRAGMA: cd_pragma_operator(ps); continue;
        case CD_T_LBRACK: c23_attributes(ps, a); continue;
        case CD_T_EXTENSION: cd_next(ps); continue;
        case CD_T_SEGMENT:
            a->unavailable = "in another address space";
            cd_next(ps);
            continue;
        case CD_T_STDCALL: abi = CD_ABI_STDCALL; break;
        case CD_T_FASTCALL: abi = CD_ABI_FASTCALL; break;
        case CD_T_THISCALL: abi = CD_ABI_THISCALL; break;
        case CD_T_VECTORCALL: abi = CD_ABI_VECTORCALL; break;
        default: break;
        }
        a->abi = effective_abi(ps, abi);
        cd_next(ps);
    }
}

void cd_add_attrs(cd_attrs *to, const cd_attrs *from)
{
    to->packed |= from->packed;
    to->keep_gil |= from->keep_gil;
    to->is_const |= from->is_const;
    to->noreturn |= from->noreturn;
    to->transparent |= from->transparent;
    to->thread |= from->thread;
    if (from->has_mode) {
        to->has_mode = true;
        to->mode = from->mode;
    }
    if (from->vector)
        to->vector = from->vector;
    if (from->align > to->align)
        to->align = from->align;
    if (from->asm_label)
        to->asm_label = from->asm_label;
    if (from->unavailable)
        to->unavailable = from->unavailable;
}

/* ---- what they do to a type ---------------------------------------------- */

/* The integer of `bytes` with the sign of `type` (TI: __int128).             */
static cd_id integer_of_size(cd_parser *ps, cd_id type, unsigned bytes)
{
    static const struct {
        uint8_t plain, without_sign;
    } by_preference[] = {
        {CD_PRIM_SCHAR, CD_PRIM_UCHAR},  {CD_PRIM_SHORT, CD_PRIM_USHORT},
        {CD_PRIM_INT, CD_PRIM_UINT},     {CD_PRIM_LONG, CD_PRIM_ULONG},
        {CD_PRIM_LLONG, CD_PRIM_ULLONG}, {CD_PRIM_INT128, CD_PRIM_UINT128},
    };
    bool with_sign = cd_prim_signed(ps->t->target, (int)type);
    if (bytes == 0)
        bytes = ps->t->target->pointer.size;
    for (unsigned i = 0; i < sizeof by_preference / sizeof *by_preference; i++)
        if (cd_prim_size(ps->t->target, by_preference[i].plain) == bytes)
            return with_sign ? by_preference[i].plain
                             : by_preference[i].without_sign;
    return 0;
}

/* mode(m) on an arithmetic type; 0: it cannot be applied. */
static cd_id with_mode(cd_parser *ps, cd_id type, const mode *m)
{
    cd_id prim = cd_ty(ps->t, type)->canon;
    if (cd_ty(ps->t, prim)->kind != CD_PRIM)
        return 0;
    switch (cd_prim_class((int)prim)) {
    case CD_CLASS_BOOL:
    case CD_CLASS_CHAR:
    case CD_CLASS_SINT:
    case CD_CLASS_UINT:
        return m->klass == CD_CLASS_BOOL ? integer_of_size(ps, prim, m->bytes)
                                         : 0;
    case CD_CLASS_FLOAT: return m->klass == CD_CLASS_FLOAT ? m->prim : 0;
    case CD_CLASS_COMPLEX: return m->klass == CD_CLASS_COMPLEX ? m->prim : 0;
    default: return 0;
    }
}

cd_id cd_apply_type_attrs(cd_parser *ps, cd_id type, const cd_attrs *a)
{
    if (a->unavailable)
        return cd_unavailable_type(ps, "...", a->unavailable);
    if (a->has_mode) {
        type = with_mode(ps, type, &modes[a->mode]);
        if (type == 0 || cd_prim_size(ps->t->target, (int)type) == 0)
            return cd_unavailable_type(ps, "...",
                                       "a machine mode its type does not have");
    }
    if (a->vector != 0) {
        if (cd_kind_of(ps->t, type) != CD_PRIM)
            return cd_unavailable_type(ps, "...",
                                       "vector_size on what is not a number");
        type = cd_vector_of(ps, type, a->vector);
    }
    return type;
}
