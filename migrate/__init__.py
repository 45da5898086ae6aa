"""migrate: pybind11/torch C++, CUDA and HIP extensions to apache-tvm-ffi, provably."""

__version__ = "0.1.0"
