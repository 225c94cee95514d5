/* layout.c - completes records and enums: checks, then the ABI's layout.  MIT.
 *
 * The rules are those that gcc and clang share on each platform: System V and
 * AAPCS (a bit-field may not cross more units of its type than the type has),
 * and Microsoft's (runs of bit-fields of one type size), also chosen by
 * attribute ms_struct.  Compared with gcc by testing/test_layout_gcc.py.
 *
 * Positions are a byte offset and 0..7 bits, so nothing overflows; an
 * alignment of 0 is "any bit".                                               */
#include "cd_impl.h"
#include "cd_target.h"

/* One member while it is placed. */
typedef struct field {
    uint64_t size;  /* of the type, bytes                                     */
    uint32_t align; /* of the type                                            */
    uint32_t want;  /* alignment that the position must have; 0: any bit      */
    int32_t bits;   /* -1: no bit-field                                       */
    bool named, packed;
    bool whole;     /* a bit-field that fills an aligned integer: no unit of
                       its type constrains it                                 */
} field;

typedef struct place {
    cd_parser *ps;
    const cd_target *target;
    const cd_record_opts *o;
    bool ms, is_union;
    uint64_t byte;  /* the next free position                                 */
    uint32_t bit;
    uint32_t align; /* of the record so far                                   */
    /* Microsoft: the run of bit-fields that is open, if any */
    bool run;
    int32_t run_bits;   /* width of the field that the run began with         */
    uint64_t run_size;  /* size of its type                                   */
    uint64_t remaining; /* bits left in the current unit                      */
} place;

/* ---- positions ----------------------------------------------------------- */

/* The one place where a position grows, and so the one check of its limit. */
static void advance(place *p, uint64_t bytes, uint64_t bits)
{
    bits += p->bit;
    p->byte += bytes + bits / 8;
    p->bit = bits % 8;
    if (p->byte > CD_MAX_SIZE)
        cd_fail(p->ps, CD_E_LIMIT, &p->ps->tok, "record is too large");
}

/* To the next multiple of an alignment in bytes; any bit will do for 0. */
static void round_up(place *p, uint32_t align)
{
    if (align == 0)
        return;
    if (p->bit != 0)
        advance(p, 0, 8 - p->bit);
    advance(p, (align - p->byte % align) % align, 0);
}

static bool is_aligned(const place *p, uint32_t align)
{
    return align == 0 || (p->bit == 0 && p->byte % align == 0);
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t most(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* ---- the alignment that a member wants ----------------------------------- */

/* Alignment of a whole integer of these bits; 0: there is none.  The i386 ABI
 * halves that of 8 bytes, but not of a member with an attribute of its own.  */
static uint32_t whole_align(const place *p, int32_t bits, bool own)
{
    switch (bits) {
    case 8: return p->target->i8.align;
    case 16: return p->target->i16.align;
    case 32: return p->target->i32.align;
    case 64: return own ? 8 : p->target->i64.align;
    case 128: return p->target->i128.align;
    default: return 0;
    }
}

/* `align` is the member's own attribute.  A zero-width bit-field is not
 * influenced by packing, but in Microsoft's layout it has no alignment.      */
static void want_of_bitfield(const place *p, field *f, uint32_t align)
{
    uint32_t whole = whole_align(p, f->bits, align != 0);

    f->want = align;
    if (f->bits == 0 && !p->ms) {
        f->want = most(align, f->align);
        return;
    }
    if (whole != 0 && (whole == 1 || !f->packed) &&
        (p->is_union || is_aligned(p, whole))) {
        f->whole = true;
        f->want = most(align, whole);
    }
    if (p->o->pack != 0)
        f->want = least(f->want, p->o->pack);
}

/* Packing takes a member's alignment away, an attribute of its own gives it
 * back, #pragma pack limits both.                                            */
static void want_of_plain(const place *p, field *f, uint32_t align)
{
    if (f->packed)
        f->want = align ? align : 1;
    else
        f->want = most(align, f->align);
    if (p->o->pack != 0)
        f->want = least(f->want, p->o->pack);
}

/* ---- what a member does to the record's alignment ------------------------ */

/* A named bit-field aligns the record like a plain member of its type; one
 * without a name does so on Arm only.                                        */
static void align_record_sysv(place *p, const field *f)
{
    uint32_t align = f->align;

    if (f->bits < 0) {
        p->align = most(p->align, f->want);
        return;
    }
    if (!f->named && !p->target->unnamed_bitfield_aligns)
        return;
    if (f->bits != 0 && p->o->pack != 0)
        align = least(align, p->o->pack);
    else if (f->bits != 0 && f->packed)
        align = 1;
    p->align = most(p->align, most(align, f->want));
}

/* A zero-width bit-field counts only right behind another bit-field. */
static void align_record_ms(place *p, const field *f)
{
    uint32_t align = most(f->align, f->want);

    if (f->bits > 0 && f->packed)
        return;
    if (f->bits == 0 && !(p->run && p->run_bits != 0))
        return;
    if (f->bits < 0 && f->packed)
        align = f->want;
    if (p->o->pack != 0)
        align = least(align, p->o->pack);
    p->align = most(p->align, align);
}

/* ---- where a member goes ------------------------------------------------- */

/* Would a bit-field here touch more units of its type's alignment than its
 * type does?                                                                 */
static bool crosses_units(const place *p, const field *f)
{
    uint64_t unit = (uint64_t)f->align * 8;
    uint64_t from = p->byte % f->align * 8 + p->bit;

    return (from + (uint64_t)f->bits + unit - 1) / unit > f->size * 8 / unit;
}

/* On to a bit-field's next unit.  gcc counts units from the last multiple of
 * the platform's (or the record's) largest alignment, which matters to types
 * that are aligned to more than that.                                        */
static void place_sysv(place *p, const field *f)
{
    uint32_t largest = most(p->target->max_align, p->o->align);
    uint64_t from = p->byte - p->byte % largest;

    round_up(p, f->want);
    if (f->bits <= 0 || f->whole || f->packed || p->o->pack != 0 ||
        !crosses_units(p, f))
        return;
    if (f->want >= largest)
        from = p->byte;
    uint64_t unit = (uint64_t)f->align * 8;
    uint64_t at = (p->byte - from) * 8 + p->bit;
    advance(p, 0, (unit - at % unit) % unit);
}

/* What a bit-field that begins a unit of its type leaves of it. */
static uint64_t unused_bits(const field *f)
{
    uint64_t type_bits = f->size * 8;

    if (f->bits < 0 || type_bits < (uint64_t)f->bits)
        return 0;
    return type_bits - (uint64_t)f->bits;
}

/* Goes on with, or leaves, the open run.  False: leaving it, what was before
 * does not matter for what follows.                                          */
static bool continue_run(place *p, const field *f)
{
    bool realign = !is_aligned(p, f->want), matters = true;

    if (f->bits > 0 && p->run_bits != 0 && f->size == p->run_size) {
        if (p->remaining < (uint64_t)f->bits) {
            advance(p, 0, p->remaining);
            p->run_bits = f->bits;
            p->remaining = unused_bits(f);
        } else {
            p->remaining -= (uint64_t)f->bits;
            realign = false;
        }
    } else {
        if (p->run_bits != 0)
            advance(p, 0, p->remaining);
        else
            matters = false;
        if (f->bits <= 0)
            p->run = false;
    }
    if (realign)
        round_up(p, f->want);
    return matters;
}

/* Bit-fields of one type size share units; any other member, and a change of
 * size, begins anew at an aligned position.                                  */
static void place_ms(place *p, const field *f, bool flexible)
{
    uint64_t size_before = p->run_size;
    bool after_run = p->run;

    if (p->run)
        after_run = continue_run(p, f);
    else
        round_up(p, f->want);
    if (f->bits < 0 || (after_run ? f->size != size_before : f->bits != 0)) {
        uint32_t align = f->packed ? 1 : f->align;
        if (!flexible)
            p->remaining = unused_bits(f);
        if (p->o->pack != 0)
            align = least(align, p->o->pack);
        round_up(p, align);
        p->run = false;
    }
    if (!p->run && f->bits >= 0) {
        p->run = true;
        p->run_bits = f->bits;
        p->run_size = f->size;
    }
}

/* ---- one record ---------------------------------------------------------- */

/* Size and alignment of a member's type; a flexible array has its element's
 * alignment and no size.                                                     */
static bool measure(const cd_table *t, cd_id type, field *f)
{
    if (cd_layout_of(t, type, &f->size, &f->align))
        return false;
    cd_layout_of(t, cd_ty(t, cd_strip(t, type))->a, &f->size, &f->align);
    f->size = 0;
    return true;
}

/* Places one member; its position is left in *out as a byte and a bit. */
static void place_member(place *p, const cd_raw_member *m, bool last,
                         cd_member *out)
{
    field f = {.bits = m->bits, .named = m->name != 0};
    bool flexible = measure(p->ps->t, m->type, &f);

    f.packed = (m->packed || p->o->packed) && (f.bits >= 0 || f.align > 1);
    if (f.bits >= 0)
        want_of_bitfield(p, &f, m->align);
    else
        want_of_plain(p, &f, m->align);
    if (p->ms)
        align_record_ms(p, &f);
    else
        align_record_sysv(p, &f);
    if (!p->is_union && p->ms)
        place_ms(p, &f, flexible);
    else if (!p->is_union)
        place_sysv(p, &f);
    if (out != NULL) {
        out->offset = p->byte;
        out->shift = (uint16_t)p->bit;
    }
    advance(p, f.bits >= 0 ? 0 : f.size, f.bits > 0 ? (uint64_t)f.bits : 0);
    if (p->ms && !p->is_union && last && f.bits > 0)
        advance(p, 0, p->remaining);
}

/* Does an integer of `size` bytes at `unit` hold the field and stay inside? */
static bool holds(const cd_member *m, uint64_t unit, uint64_t size,
                  uint64_t record_size)
{
    uint64_t end = (m->offset - unit) * 8 + m->shift + (uint64_t)m->bits;

    return end <= size * 8 && unit + size <= record_size;
}

/* From the position of a bit-field's first bit to its storage unit: an integer
 * of its type inside the record, aligned if that holds it, else at the field's
 * first byte; else the bytes that the field touches.                         */
void cd_find_unit(const cd_table *t, cd_member *m, uint64_t record_size)
{
    uint64_t size = 0;
    uint32_t align = 1;

    cd_layout_of(t, m->type, &size, &align);
    uint64_t unit = m->offset - m->offset % (size < align ? size : align);
    if (!holds(m, unit, size, record_size))
        unit = m->offset;
    if (!holds(m, unit, size, record_size)) {
        m->flags |= CD_M_STRADDLE;
        size = (m->shift + (uint64_t)m->bits + 7) / 8;
    }
    uint64_t from = (m->offset - unit) * 8 + m->shift;
    m->offset = unit;
    m->shift = (uint16_t)(t->target->big_endian
                              ? size * 8 - from - (uint64_t)m->bits
                              : from);
}

/* Places all; the record's size.  Members run from index `first`. */
static uint64_t place_all(place *p, const cd_raw_member *raw, uint32_t n,
                          uint32_t first)
{
    uint64_t largest = 0;
    uint32_t next = first;

    for (uint32_t i = 0; i < n; i++) {
        bool listed = raw[i].name != 0 || raw[i].bits < 0;
        cd_member *m = listed ? cd_seg_at(&p->ps->t->members, next++) : NULL;
        place_member(p, &raw[i], i + 1 == n, m);
        if (p->is_union) {
            uint64_t size = p->byte + (p->bit != 0);
            largest = size > largest ? size : largest;
            p->byte = p->bit = 0;
        }
    }
    p->byte = p->is_union ? largest : p->byte;
    round_up(p, p->align);
    for (uint32_t i = first; i < next; i++) {
        cd_member *m = cd_seg_at(&p->ps->t->members, i);
        if (m->bits >= 0)
            cd_find_unit(p->ps->t, m, p->byte);
    }
    return p->byte;
}

/* ---- checks -------------------------------------------------------------- */

static bool is_record(int kind)
{
    return kind == CD_STRUCT || kind == CD_UNION;
}

static void duplicate(cd_parser *ps, const cd_raw_member *m, cd_str name)
{
    cd_fail(ps, CD_E_CONSTRAINT, &m->at, "duplicate member %N", name);
}

/* Marks a name as seen in the record of this stamp. */
static void mark_name(cd_parser *ps, const cd_raw_member *m, cd_str name)
{
    cd_atom *a = cd_atom_at(ps->t, name);

    if (a->stamp == ps->t->stamp)
        duplicate(ps, m, name);
    a->stamp = ps->t->stamp;
}

/* The names that an anonymous member makes visible.  Of an imported record
 * they are names of another table: those that are not known here clash with
 * none.  *seen counts them: what looks members up walks as far.              */
static void mark_inside(cd_parser *ps, const cd_raw_member *raw,
                        const cd_table *t, cd_id type, uint32_t *seen)
{
    const cd_ctype *c = cd_behind(&t, cd_ty(t, cd_ty(t, type)->canon));

    cd_enter(ps);
    if (c->b > CD_MAX_INSIDE - *seen)
        cd_fail(ps, CD_E_LIMIT, &raw->at,
                "too many members of anonymous members");
    *seen += c->b;
    for (uint32_t i = 0; i < c->b; i++) {
        const cd_member *m = cd_member_at(t, c->a + i);
        cd_str name = m->name;
        if (name == 0) {
            mark_inside(ps, raw, t, m->type, seen);
            continue;
        }
        if (t != ps->t) {
            uint32_t len;
            const char *s = cd_text(t, name, &len);
            name = cd_find_atom(ps->t, s, len);
        }
        if (name != 0)
            mark_name(ps, raw, name);
    }
    cd_leave(ps);
}

/* See cd_guess_enums(). */
static void guess_enum(cd_parser *ps, cd_id type)
{
    cd_id id = cd_ty(ps->t, type)->canon;
    const cd_ctype *c = cd_ty(ps->t, id);

    if (ps->t->guess_enums && c->kind == CD_ENUM && c->flags & CD_F_OPAQUE)
        cd_complete_enum(ps, id, NULL, 0, 0, CD_PRIM_UINT, false, false);
}

/* A bit-field's type is an integer type and has that many bits. */
static void check_bits(cd_parser *ps, const cd_raw_member *m)
{
    cd_table *t = ps->t;
    const cd_ctype *c = cd_ty(t, cd_ty(t, m->type)->canon);
    int prim = c->kind == CD_ENUM || c->kind == CD_PRIM ? c->sub : 0;
    int klass = cd_prim_class(prim);
    uint64_t size = 0;
    uint32_t align;

    if (c->kind == CD_UNAVAIL) /* _BitInt; it makes the record one            */
        return;
    if (cd_kind_of(t, m->type) != CD_ENUM && klass != CD_CLASS_BOOL &&
        klass != CD_CLASS_CHAR && klass != CD_CLASS_SINT &&
        klass != CD_CLASS_UINT && prim != CD_PRIM_DOT_INT)
        cd_fail(ps, CD_E_TYPE, &m->at,
                "bit-field of %Y: must be an integer type", m->type);
    if (!cd_complete(t, m->type))
        cd_fail(ps, CD_E_TYPE, &m->at,
                "bit-field of incomplete type %Y", m->type);
    if (m->bits == 0 && m->name != 0)
        cd_fail(ps, CD_E_TYPE, &m->at, "bit-field %N has no bits", m->name);
    if (!cd_layout_of(t, m->type, &size, &align))
        return; /* late: a compiler will tell */
    if ((uint64_t)m->bits > (klass == CD_CLASS_BOOL ? 1 : size * 8))
        cd_fail(ps, CD_E_TYPE, &m->at, "bit-field is wider than %Y",
                m->type);
}

/* Only types with a size can be members, but for one array at the end; in what
 * ends in `...;` an array may leave its length to the compiler anywhere.     */
static void check_type(cd_parser *ps, const cd_raw_member *m, bool last)
{
    cd_table *t = ps->t;
    const cd_ctype *c = cd_ty(t, cd_ty(t, m->type)->canon);

    if (c->kind == CD_FUNC)
        cd_fail(ps, CD_E_TYPE, &m->at, "member %N is a function", m->name);
    if (c->flags & CD_F_OPEN) {
        if (!last)
            cd_fail(ps, CD_E_TYPE, &m->at,
                    "flexible array %N must be the last member", m->name);
    } else if (!cd_complete(t, m->type)) {
        cd_fail(ps, CD_E_TYPE, &m->at,
                "member %N has incomplete type %Y", m->name, m->type);
    }
}

/* Checks all members; how many of them are listed. */
uint32_t cd_check_members(cd_parser *ps, const cd_raw_member *m, uint32_t n,
                          bool open_anywhere)
{
    uint32_t listed = 0, seen = 0;

    ps->t->stamp++;
    for (uint32_t i = 0; i < n; i++) {
        guess_enum(ps, m[i].type);
        if (m[i].bits >= 0)
            check_bits(ps, &m[i]);
        else
            check_type(ps, &m[i], open_anywhere || i + 1 == n);
        if (m[i].name != 0)
            mark_name(ps, &m[i], m[i].name);
        else if (m[i].bits < 0)
            mark_inside(ps, &m[i], ps->t, m[i].type, &seen);
        listed += m[i].name != 0 || m[i].bits < 0;
    }
    return listed;
}

/* ---- completing a record ------------------------------------------------- */

/* Lists the members without their positions; the flags that they give the
 * record.                                                                    */
uint16_t cd_list_members(cd_parser *ps, const cd_raw_member *raw, uint32_t n,
                         uint32_t next, bool is_union)
{
    cd_table *t = ps->t;
    uint16_t flags = 0;

    for (uint32_t i = 0; i < n; i++) {
        const cd_ctype *c = cd_ty(t, cd_ty(t, raw[i].type)->canon);
        bool open = c->kind == CD_ARRAY && (c->flags & CD_F_OPEN);
        bool flexible = open || (is_record(c->kind) && (c->flags & CD_F_FLEX));
        flags |= cd_spread(t, raw[i].type);
        if (raw[i].bits >= 0)
            flags |= CD_F_BITFIELDS;
        if (flexible && (is_union || i + 1 == n))
            flags |= CD_F_FLEX;
        if (raw[i].bits >= 0 && raw[i].name == 0)
            continue;
        cd_member *m = cd_seg_at(&t->members, next++);
        m->name = raw[i].name;
        m->type = raw[i].type;
        m->bits = (int16_t)raw[i].bits;
        m->flags = open ? CD_M_FLEX : 0;
    }
    return flags;
}

/* i386 halves the alignment of what is 8 bytes wide, but what gcc then makes of
 * ms_struct depends on its machine modes.                                    */
bool cd_knows_ms_struct(const cd_table *t)
{
    return t->target->ms_layout || t->target->i64.align == 8;
}

/* The record's column sub. */
static uint8_t pack_column(const cd_record_opts *o)
{
    return (uint8_t)((o->packed ? 0x80 : 0) |
                     (o->pack ? cd_log2(o->pack) + 1 : 0));
}

uint64_t cd_place_members(cd_parser *ps, const cd_raw_member *raw, uint32_t n,
                          uint32_t first, bool is_union,
                          const cd_record_opts *o, uint32_t *align)
{
    const cd_target *target = ps->t->target;
    place p = {.ps = ps, .target = target, .o = o, .is_union = is_union,
               .align = *align};

    p.ms = (target->ms_layout || o->ms_struct) && !o->gcc_struct;
    uint64_t size = place_all(&p, raw, n, first);
    *align = p.align;
    return size;
}

/* What a body says about the record, but for what its members do; and whether
 * there is more to its layout than the table keeps.                          */
static uint16_t flags_of(const cd_raw_member *raw, uint32_t n,
                         const cd_record_opts *o)
{
    bool more = o->align != 0 || o->ms_struct || o->gcc_struct;
    uint16_t flags = 0;

    for (uint32_t i = 0; i < n; i++)
        more |= raw[i].align != 0 || raw[i].packed ||
                (raw[i].name == 0 && raw[i].bits >= 0);
    flags |= more ? CD_F_LAID_OUT : 0;
    flags |= o->packed || o->pack ? CD_F_PACKED : 0;
    flags |= o->transparent ? CD_F_TRANSPARENT : 0;
    flags |= o->partial ? CD_F_PARTIAL | CD_F_LATE : 0;
    return flags;
}

/* Whether a member says by itself that there is more to the record: `T a[...]`,
 * or a record that ends in `...;`.                                           */
static bool is_open_ended(const cd_table *t, cd_id type)
{
    const cd_ctype *c = cd_ty(t, cd_ty(t, type)->canon);

    if (is_record(c->kind))
        return c->flags & CD_F_PARTIAL;
    for (; c->kind == CD_ARRAY; c = cd_ty(t, cd_ty(t, c->a)->canon))
        if (c->flags & CD_F_DOTS)
            return true;
    return false;
}

/* `...;` says of unnamed members, too, that only a compiler knows where what
 * they have lies: it may be members of the record itself.                    */
static void loosen(cd_parser *ps, uint32_t first, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const cd_member *m = cd_member_at(ps->t, first + i);
        cd_ctype *c = cd_ty(ps->t, m->type);
        if (m->name != 0 || !is_record(c->kind) || c->name != 0 ||
            c->flags & CD_F_LATE)
            continue;
        if (m->type < ps->mark_types)
            cd_touch(ps, c, sizeof *c);
        c->flags |= CD_F_LATE;
        c->size = c->align = 0;
        loosen(ps, c->a, c->b);
    }
}

/* Everything that can fail comes first; then the record, which others may
 * already point to, is filled in at once.                                    */
void cd_complete_record(cd_parser *ps, cd_id id, const cd_raw_member *raw,
                        uint32_t n, const cd_record_opts *o)
{
    cd_table *t = ps->t;
    cd_ctype *c = cd_ty(t, id);
    bool is_union = c->kind == CD_UNION;
    uint32_t listed = cd_check_members(ps, raw, n, is_union || o->partial);
    uint32_t first = cd_seg_add(ps, &t->members, listed);
    uint16_t flags = cd_list_members(ps, raw, n, first, is_union);
    uint32_t align = 0;
    uint64_t size = 0;

    flags |= flags_of(raw, n, o);
    for (uint32_t i = 0; flags & CD_F_LATE && i < n; i++)
        flags |= is_open_ended(t, raw[i].type) ? CD_F_PARTIAL : 0;
    if (flags & CD_F_PARTIAL)
        loosen(ps, first, listed);
    if (!(flags & (CD_F_LATE | CD_F_UNAVAIL))) {
        align = most(1, o->align);
        size = cd_place_members(ps, raw, n, first, is_union, o, &align);
    }
    if (id < ps->mark_types)
        cd_touch(ps, c, sizeof *c);
    c->flags = (uint16_t)((c->flags & ~(CD_F_OPAQUE | CD_F_BUSY)) | flags);
    c->sub = pack_column(o);
    c->a = first;
    c->b = listed;
    c->size = size;
    c->align = align;
}

/* ---- completing an enum -------------------------------------------------- */

static int bit_length(uint64_t v)
{
    int n = 0;

    for (; v != 0; v >>= 1)
        n++;
    return n;
}

/* Bits that the value needs in a type of that sign. */
static int bits_of(const cd_value *v, bool in_signed)
{
    if (!v->is_unsigned && v->v.i < 0)
        return bit_length(~v->v.u) + 1;
    return bit_length(v->v.u) + in_signed;
}

/* int or unsigned int when it is enough, unless packed; then the narrowest. */
int cd_enum_base(const cd_target *target, int bits, bool is_signed, bool packed)
{
    bool wide_long = target->long_.size == 8;

    if (packed && bits <= 8)
        return is_signed ? CD_PRIM_SCHAR : CD_PRIM_UCHAR;
    if (packed && bits <= 16)
        return is_signed ? CD_PRIM_SHORT : CD_PRIM_USHORT;
    if (bits <= target->int_.size * 8)
        return is_signed ? CD_PRIM_INT : CD_PRIM_UINT;
    if (wide_long)
        return is_signed ? CD_PRIM_LONG : CD_PRIM_ULONG;
    return is_signed ? CD_PRIM_LLONG : CD_PRIM_ULLONG;
}

/* As gcc does: the values' range decides, and whether one is negative. */
static int choose_base(const cd_target *target, const cd_raw_enumerator *e,
                       uint32_t n, bool packed)
{
    bool is_signed = false;
    int bits = 1;

    for (uint32_t i = 0; i < n; i++)
        is_signed |= !e[i].value.is_unsigned && e[i].value.v.i < 0;
    for (uint32_t i = 0; i < n; i++) {
        int need = bits_of(&e[i].value, is_signed);
        bits = need > bits ? need : bits;
    }
    return cd_enum_base(target, bits, is_signed,
                        packed || target->small_enums);
}

/* Of a partial enum without a fixed type only the compiler can tell the
 * size.                                                                      */
void cd_complete_enum(cd_parser *ps, cd_id id, const cd_raw_enumerator *e,
                      uint32_t n, uint32_t first, int base, bool packed,
                      bool partial)
{
    cd_table *t = ps->t;
    cd_ctype *c = cd_ty(t, id);
    bool fixed = base != 0;

    for (uint32_t i = 0; i < n; i++)
        partial |= e[i].dots;
    if (!fixed)
        base = choose_base(t->target, e, n, packed);
    if (id < ps->mark_types)
        cd_touch(ps, c, sizeof *c);
    c->flags &= (uint16_t)~(CD_F_OPAQUE | CD_F_BUSY);
    c->flags |= cd_prim_signed(t->target, base) ? CD_F_SIGNED : 0;
    c->sub = (uint8_t)base;
    c->a = first;
    c->b = n;
    if (partial)
        c->flags |= CD_F_PARTIAL;
    if (partial && !fixed) {
        c->flags |= CD_F_LATE;
    } else {
        c->size = cd_prim_size(t->target, base);
        c->align = cd_prim_align(t->target, base);
    }
}
