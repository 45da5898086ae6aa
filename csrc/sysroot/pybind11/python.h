// The few names of Python's C API that extension sources use: a module definition, references.
#pragma once
#pragma clang force_cuda_host_device begin

typedef ptrdiff_t Py_ssize_t;
struct PyTypeObject;
struct PyObject {
  Py_ssize_t ob_refcnt;
  PyTypeObject *ob_type;
};
typedef PyObject *(*PyCFunction)(PyObject *, PyObject *);
struct PyMethodDef {
  const char *ml_name;
  PyCFunction ml_meth;
  int ml_flags;
  const char *ml_doc;
};
struct PyModuleDef_Base {
  int reserved;
};
struct PyModuleDef {
  PyModuleDef_Base m_base;
  const char *m_name;
  const char *m_doc;
  Py_ssize_t m_size;
  PyMethodDef *m_methods;
  void *m_slots, *m_traverse, *m_clear, *m_free;
};
#define PY_VERSION_HEX 0x030B0000
#define PY_MAJOR_VERSION 3
#define PY_MINOR_VERSION 11
#define PyMODINIT_FUNC extern "C" PyObject *
#define PyModuleDef_HEAD_INIT {0}
#define METH_VARARGS 1
#define METH_KEYWORDS 2
#define METH_NOARGS 4
#define METH_O 8
#define Py_None (&_Py_NoneStruct)
#define Py_RETURN_NONE return Py_None
#define Py_INCREF(o) ((void)(o))
#define Py_DECREF(o) ((void)(o))
#define Py_XINCREF(o) ((void)(o))
#define Py_XDECREF(o) ((void)(o))

extern "C" {
extern PyObject _Py_NoneStruct;
extern PyObject *PyExc_RuntimeError;
extern PyObject *PyExc_ValueError;
extern PyObject *PyExc_TypeError;
extern PyObject *PyExc_IndexError;
PyObject *PyModule_Create(PyModuleDef *definition);
int PyModule_AddFunctions(PyObject *module, PyMethodDef *methods);
PyObject *Py_BuildValue(const char *format, ...);
int PyArg_ParseTuple(PyObject *args, const char *format, ...);
void PyErr_SetString(PyObject *type, const char *text);
PyObject *PyErr_Occurred();
PyObject *PyLong_FromLong(long value);
PyObject *PyLong_FromVoidPtr(void *p);
void *PyLong_AsVoidPtr(PyObject *object);
PyObject *PyBytes_FromStringAndSize(const char *data, Py_ssize_t size);
int Py_IsInitialized();
}

#pragma clang force_cuda_host_device end
