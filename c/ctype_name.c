/* ctype_name.c - names of ctypes, spelled as CFFI spells them.
 *
 * A name has a place where a declarator goes: `int(*|)(long)`.  The name of
 * a derived type is its item's with text put in that place: " *" or "(*)" for
 * a pointer, "[3]" for an array, "(*)(long)" for a function.  */
#include "ctype_make.h"

/* base's name with text in the declarator's place, a new str.                */
static PyObject *insert(CTypeObject *base, PyObject *text)
{
    PyObject *result = NULL;
    PyObject *before = PyUnicode_Substring(base->name, 0, base->name_at);
    PyObject *after = PyUnicode_Substring(base->name, base->name_at,
                                          PyUnicode_GET_LENGTH(base->name));
    if (before != NULL && after != NULL)
        result = PyUnicode_FromFormat("%U%U%U", before, text, after);
    Py_XDECREF(before);
    Py_XDECREF(after);
    return result;
}

/* "(*)(int, char *, ...)"                                                    */
static PyObject *function_text(CTypeObject *ct)
{
    const cc_signature *sig = ct->sig;
    PyObject *text = NULL, *joined = NULL, *comma = NULL;
    PyObject *parts = PyList_New(0);

    if (parts == NULL)
        goto done;
    for (uint32_t i = 0; i < sig->n; i++)
        if (PyList_Append(parts, sig->params[i]->name) < 0)
            goto done;
    if (sig->variadic) {
        PyObject *dots = PyUnicode_FromString("...");
        if (dots == NULL || PyList_Append(parts, dots) < 0) {
            Py_XDECREF(dots);
            goto done;
        }
        Py_DECREF(dots);
    }
    comma = PyUnicode_FromString(", ");
    if (comma != NULL)
        joined = PyUnicode_Join(comma, parts);
    if (joined != NULL)
        text = PyUnicode_FromFormat("(*)(%U)", joined);
done:
    Py_XDECREF(parts);
    Py_XDECREF(comma);
    Py_XDECREF(joined);
    return text;
}

/* What ct adds to its item's name; *cursor: the declarator's place in it.    */
static PyObject *derived_text(CTypeObject *ct, uint32_t *cursor)
{
    *cursor = 2;
    if (ct->kind == CD_FUNC)
        return function_text(ct);
    if (ct->kind == CD_POINTER)
        return PyUnicode_FromString(ct->item->kind == CD_ARRAY ? "(*)" : " *");
    if (ct->flags & CT_VECTOR) {
        PyObject *text = PyUnicode_FromFormat(
            " __attribute__((vector_size(%zd)))", ct->size);
        *cursor = text ? (uint32_t)PyUnicode_GET_LENGTH(text) : 0;
        return text;
    }
    *cursor = 0;
    if (ct->length < 0)
        return PyUnicode_FromString(ct->flags & CT_LATE ? "[...]" : "[]");
    return PyUnicode_FromFormat("[%zd]", ct->length);
}

/* Names can grow with the power of a text's length: `typedef T (*U)(T, T)`
 * over and over.                                                             */
enum { LONGEST_NAME = 1 << 20 };

static int check_length(const CTypeObject *ct)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(ct->item->name);
    for (uint32_t i = 0; ct->kind == CD_FUNC && i < ct->sig->n; i++)
        n += PyUnicode_GET_LENGTH(ct->sig->params[i]->name);
    if (n <= LONGEST_NAME)
        return 0;
    PyErr_Format(cc_error(ct->state, CC_FFIError),
                 "a type made of so many others that its name would have more "
                 "than %d characters", LONGEST_NAME);
    return -1;
}

int cc_name_derived(CTypeObject *ct)
{
    uint32_t cursor;
    if (check_length(ct) < 0)
        return -1;
    PyObject *text = derived_text(ct, &cursor);
    if (text == NULL)
        return -1;
    ct->name = insert(ct->item, text);
    ct->name_at = ct->item->name_at + cursor;
    Py_DECREF(text);
    return ct->name == NULL ? -1 : 0;
}

/* The struct behind FILE, as long as nobody has given it a body.             */
static bool is_standard_file(const cd_table *t, cd_id id)
{
    const cd_ctype *record = cd_type(t, id);
    return record->kind == CD_STRUCT && record->flags & CD_F_OPAQUE &&
           strcmp(cd_text(t, record->name, NULL), "_IO_FILE") == 0;
}

/* The name by which Python knows a type that has a tag, if it is another:
 * FILE, or of `typedef struct s T;` T.                                       */
static const char *name_by_typedef(const TableObject *tb, cd_id id,
                                   const cd_ctype *t)
{
    if (is_standard_file(tb->table, id))
        return "FILE";
    bool is_tagged = t->kind == CD_STRUCT || t->kind == CD_UNION ||
                     t->kind == CD_ENUM;
    if (!is_tagged || tb->out_of_line || t->name == 0 || t->n == 0 ||
        t->flags & CD_F_TYPEDEF_NAME)
        return NULL;
    return cd_text(tb->table, (cd_str)t->n, NULL);
}

int cc_name_declared(CTypeObject *ct, const cd_ctype *t)
{
    char small[200], *text = small;
    const char *known = name_by_typedef(ct->table, ct->id, t);
    if (known != NULL) {
        ct->name = PyUnicode_DecodeUTF8(known, (Py_ssize_t)strlen(known),
                                        "replace");
        if (ct->name == NULL)
            return -1;
        ct->name_at = (uint32_t)PyUnicode_GET_LENGTH(ct->name);
        return 0;
    }
    size_t n = cd_spell(ct->table->table, ct->id, "", small, sizeof small);
    if (n >= sizeof small) {
        text = PyMem_Malloc(n + 1);
        if (text == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        cd_spell(ct->table->table, ct->id, "", text, n + 1);
    }
    ct->name = PyUnicode_DecodeUTF8(text, (Py_ssize_t)n, "replace");
    if (text != small)
        PyMem_Free(text);
    if (ct->name == NULL)
        return -1;
    ct->name_at = (uint32_t)PyUnicode_GET_LENGTH(ct->name);
    return 0;
}

/* The declarator without the white space around it, and with what C wants
 * between it and the type: parentheses for `*` of an array, else a space
 * before a name or a star.                                                   */
static PyObject *dress(CTypeObject *ct, PyObject *declarator)
{
    PyObject *bare = PyObject_CallMethod(declarator, "strip", NULL);
    if (bare == NULL || PyUnicode_GET_LENGTH(bare) == 0)
        return bare;
    PyObject *dressed = bare;
    Py_UCS4 first = PyUnicode_READ_CHAR(bare, 0);
    if (first == '*' && ct->kind == CD_ARRAY)
        dressed = PyUnicode_FromFormat("(%U)", bare);
    else if (first != '[' && first != '(')
        dressed = PyUnicode_FromFormat(" %U", bare);
    if (dressed != bare)
        Py_DECREF(bare);
    return dressed;
}

PyObject *cc_ctype_spell(CTypeObject *ct, const char *declarator)
{
    PyObject *result = NULL, *dressed = NULL;
    PyObject *text = PyUnicode_FromString(declarator);
    if (text != NULL)
        dressed = dress(ct, text);
    if (dressed != NULL)
        result = insert(ct, dressed);
    Py_XDECREF(text);
    Py_XDECREF(dressed);
    return result;
}
