/* cdata_repr.c - repr(): what it is, and whose memory it shows.             */
#include "cdata.h"

/* "5: B" of an enumerator, else the number. */
static PyObject *enum_text(CDataObject *cd)
{
    PyObject *text = NULL, *name;
    PyObject *value = cd->ct->read(cd->ct, cd->data);
    if (value == NULL)
        return NULL;
    name = cc_enum_name(cd->ct, value);
    if (name != NULL) {
        text = PyUnicode_FromFormat("%S: %U", value, name);
        Py_DECREF(name);
    } else if (!PyErr_Occurred()) {
        text = PyObject_Str(value);
    }
    Py_DECREF(value);
    return text;
}

static PyObject *wide_float_text(CDataObject *cd)
{
    char text[128];
    if (cd->ct->klass == CD_CLASS_COMPLEX) {
        long double parts[2];
        memcpy(parts, cd->data, sizeof parts);
        snprintf(text, sizeof text, "(%LE%+LEj)", parts[0], parts[1]);
    } else {
        snprintf(text, sizeof text, "%LE",
                 cc_read_long_double(cd->ct, cd->data));
    }
    return PyUnicode_FromString(text);
}

static PyObject *number_text(CDataObject *cd)
{
    if (cd->ct->kind == CD_ENUM)
        return enum_text(cd);
    if (cc_is_wide_float(cd->ct))
        return wide_float_text(cd);
    PyObject *value = cd->ct->read(cd->ct, cd->data);
    if (value == NULL)
        return NULL;
    PyObject *text = PyObject_Repr(value);
    Py_DECREF(value);
    return text;
}

/* New reference, as another thread may release the buffer meanwhile. */
static PyObject *exporter_of(CDataBuf *buf)
{
    PyObject *exporter;
    CC_BEGIN_CRITICAL(buf);
    exporter = Py_XNewRef(buf->view.obj);
    CC_END_CRITICAL();
    return exporter;
}

static PyObject *buffer_text(CDataBuf *buf)
{
    CDataObject *cd = &buf->sized.base;
    PyObject *text, *exporter = exporter_of(buf);
    if (exporter == NULL)
        return PyUnicode_FromString("buffer RELEASED");
    const char *type = Py_TYPE(exporter)->tp_name;
    if (cd->ct->kind != CD_ARRAY)
        text = PyUnicode_FromFormat("buffer from '%.200s' object", type);
    else
        text = PyUnicode_FromFormat("buffer len %zd from '%.200s' object",
                                    cc_array_length(cd), type);
    Py_DECREF(exporter);
    return text;
}

/* What follows the type's name. */
static PyObject *detail(CDataObject *cd)
{
    cc_state *st = cd->ct->state;
    PyTypeObject *type = Py_TYPE(cd);
    if (cc_is_primitive(cd->ct))
        return number_text(cd);
    if (type == st->CDataFromBuf)
        return buffer_text((CDataBuf *)cd);
    if (type == st->CDataOwnGC && cd->ct->flags & CT_VOID_PTR)
        return PyUnicode_FromFormat("handle to %R", ((CDataKeeper *)cd)->kept);
    if (type == st->CDataOwn || type == st->CDataOwnGC)
        return PyUnicode_FromFormat("owning %zd bytes", cc_cdata_bytes(cd));
    if (cd->ct->kind == CD_ARRAY && cd->ct->length < 0)
        return PyUnicode_FromFormat("sliced length %zd", cc_array_length(cd));
    if (cd->data == NULL)
        return PyUnicode_FromString("NULL");
    char address[2 + 2 * sizeof(void *) + 1];
    snprintf(address, sizeof address, "0x%zx", (size_t)cd->data);
    return PyUnicode_FromString(address);
}

PyObject *cc_cdata_repr(PyObject *self)
{
    CDataObject *cd = (CDataObject *)self;
    bool reference = cc_is_record(cd->ct) &&
                     Py_TYPE(self) != cd->ct->state->CDataOwn;
    PyObject *text = detail(cd);
    if (text == NULL)
        return NULL;
    PyObject *result = PyUnicode_FromFormat("<cdata '%U%s' %U>", cd->ct->name,
                                            reference ? " &" : "", text);
    Py_DECREF(text);
    return result;
}
