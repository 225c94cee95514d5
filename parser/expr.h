/* expr.h - what cexpr.c (the grammar of expressions), select.c (_Generic and
 * built-in functions) and fold.c (arithmetic) share.  Private to them.  MIT. */
#ifndef CD_EXPR_H
#define CD_EXPR_H
#include "cd_impl.h"
#include "cd_target.h"

/* A (sub)expression: a type and, if known, a value.  An unknown value is an
 * error, except where nothing is evaluated (sizeof, a branch not taken).     */
typedef struct operand {
    cd_id type;
    bool known;
    bool lvalue;    /* v.u is its address, and known says whether we know it  */
    bool bitfield;
    int bits;       /* width of a _BitInt, whose type stands for it; else 0   */
    cd_str text;    /* of a string literal; else 0                            */
    union { int64_t i; uint64_t u; double d; } v;
    cd_token at;    /* its first token, for messages                          */
} operand;

/* Says what is undefined (x / 0): an error, or an unknown value where nothing
 * is evaluated.                                                              */
void cd_undefined(cd_parser *ps, operand *r, const cd_token *at,
                  const char *what);

/* What C may compute and we do not: nothing more of the expression is
 * evaluated; whoever wanted its value gets the reason, in cd_value.unknown.  */
void cd_beyond(cd_parser *ps, operand *r, cd_str reason);

/* The primitive that arithmetic sees: an enum's compatible type, else the type
 * itself; 0: no arithmetic type.                                             */
int cd_arith_prim(cd_parser *ps, cd_id type);
bool cd_is_float(int prim);
/* The item of a pointer or array type; 0: it is neither.                     */
cd_id cd_item_of(const cd_table *t, cd_id type);

/* Lvalue to value: arrays and functions decay, of others no value is known.  */
operand cd_rvalue(cd_parser *ps, operand x);
/* The same, and it must be arithmetic or a pointer.                          */
operand cd_scalar(cd_parser *ps, operand x);
bool cd_is_true(cd_parser *ps, const operand *x);

operand cd_cast(cd_parser *ps, operand x, cd_id type, const cd_token *at);
operand cd_int_operand(int64_t v, cd_id type, const cd_token *at);
operand cd_fold_unary(cd_parser *ps, const cd_token *op, operand x);
operand cd_fold_binary(cd_parser *ps, const cd_token *op, operand l, operand r);
/* The type of `c ? l : r` for arithmetic l and r, else l's.                  */
cd_id cd_common_type(cd_parser *ps, const operand *l, const operand *r);

/* cexpr.c: one expression without a top-level comma. */
operand cd_conditional(cd_parser *ps);

/* select.c: tok is _Generic; a "(" behind a name.  False: not one we fold.   */
operand cd_generic(cd_parser *ps);
bool cd_folded_call(cd_parser *ps, const cd_token *at, operand *x);

#endif
