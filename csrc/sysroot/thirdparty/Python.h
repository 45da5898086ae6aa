// The little of CPython's API that extensions without pybind11 use: an empty module to import.
#pragma once

struct PyObject;
struct PyMethodDef {
  const char *ml_name;
  PyObject *(*ml_meth)(PyObject *, PyObject *);
  int ml_flags;
  const char *ml_doc;
};
struct PyModuleDef_Base {
  void *ob_base, *m_init;
};
struct PyModuleDef {
  PyModuleDef_Base m_base;
  const char *m_name, *m_doc;
  long m_size;
  PyMethodDef *m_methods;
  void *m_slots, *m_traverse, *m_clear, *m_free;
};
#define PyModuleDef_HEAD_INIT {nullptr, nullptr}
#define PyMODINIT_FUNC extern "C" PyObject *
PyObject *PyModule_Create(PyModuleDef *definition);
PyObject *PyModuleDef_Init(PyModuleDef *definition);
