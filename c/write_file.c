/* write_file.c - Python files as arguments of type FILE *.
 *
 * The FILE is fdopen'ed over a duplicate of the file's descriptor, once; it
 * stays in an attribute of the Python file and is closed with it, but not
 * while a call has it.                                                       */
#include "cdata.h"
#include <stdio.h>
#if defined(_WIN32)
#include <io.h>
#define dup _dup
#define close _close
#define fdopen _fdopen
#else
#include <unistd.h>
#endif

#define ATTRIBUTE "__cffi_FILE"

bool cc_is_file_pointer(const CTypeObject *ct)
{
    if (ct->kind != CD_POINTER || ct->item->kind != CD_STRUCT)
        return false;
    const char *const names[] = {"struct _IO_FILE", "FILE"};
    for (int i = 0; i < 2; i++)
        if (PyUnicode_CompareWithASCIIString(ct->item->name, names[i]) == 0)
            return true;
    return false;
}

static void close_file(PyObject *capsule)
{
    fclose(PyCapsule_GetPointer(capsule, ATTRIBUTE));
}

/* A FILE over a duplicate of the descriptor; NULL with an exception. */
static FILE *open_file(PyObject *file)
{
    FILE *stream = NULL;
    int fd = PyObject_AsFileDescriptor(file);
    if (fd < 0)
        return NULL;
    PyObject *mode = PyObject_GetAttrString(file, "mode");
    const char *text = mode != NULL ? PyUnicode_AsUTF8(mode) : NULL;
    fd = text != NULL ? dup(fd) : -1;
    if (fd >= 0)
        stream = fdopen(fd, text);
    if (stream == NULL && text != NULL)
        PyErr_SetFromErrno(PyExc_OSError);
    if (stream == NULL && fd >= 0)
        close(fd);
    Py_XDECREF(mode);
    if (stream != NULL)
        setbuf(stream, NULL); /* what C writes is in order with Python's */
    return stream;
}

/* The capsule that holds the file's FILE.  New reference. */
static PyObject *file_capsule(PyObject *file)
{
    PyObject *capsule = PyObject_GetAttrString(file, ATTRIBUTE);
    if (capsule != NULL || !PyErr_ExceptionMatches(PyExc_AttributeError))
        return capsule;
    PyErr_Clear();
    FILE *stream = open_file(file);
    if (stream == NULL)
        return NULL;
    capsule = PyCapsule_New(stream, ATTRIBUTE, close_file);
    if (capsule == NULL)
        fclose(stream);
    else if (PyObject_SetAttrString(file, ATTRIBUTE, capsule) < 0)
        Py_CLEAR(capsule);
    return capsule;
}

int cc_file_argument(PyObject *file, char **address, PyObject **keep)
{
    PyObject *done = PyObject_CallMethod(file, "flush", NULL);
    if (done == NULL)
        return -1;
    Py_DECREF(done);
    PyObject *capsule = file_capsule(file);
    if (capsule == NULL)
        return -1;
    *address = PyCapsule_GetPointer(capsule, ATTRIBUTE);
    if (*address != NULL)
        *keep = capsule;
    else
        Py_DECREF(capsule);
    return *address != NULL ? 0 : -1;
}
