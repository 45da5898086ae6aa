"""Libraries that every torch extension finds loaded, because torch itself links to them.

A migrated library has to name those it calls. A row maps the start of a function's name to a
library; the rest of the name begins with a capital, as in ``cublasHgemm``.
"""

from __future__ import annotations

CALLED: dict[str, dict[str, str]] = {
    "cuda": {
        "cublasLt": "cublasLt",
        "cublas": "cublas",
        "cusparse": "cusparse",
        "cusolver": "cusolver",
        "curand": "curand",
        "cufft": "cufft",
        "nvrtc": "nvrtc",
    },
    "hip": {
        "hipblasLt": "hipblaslt",
        "hipblas": "hipblas",
        "hipsparse": "hipsparse",
        "hipsolver": "hipsolver",
        "hiprand": "hiprand",
        "hipfft": "hipfft",
        "hiprtc": "hiprtc",
    },
}

# Names of torch whose carried form calls one itself.
CARRIED: dict[str, dict[str, tuple[str, ...]]] = {
    "cuda": {
        "getCurrentCUDABlasHandle": ("cublas",),
        "getCurrentCUDABlasLtHandle": ("cublas", "cublasLt"),
        "TORCH_CUDABLAS_CHECK": ("cublas",),
        "AT_CUDA_DRIVER_CHECK": ("cuda", "nvrtc"),
        "AT_CUDA_NVRTC_CHECK": ("cuda", "nvrtc"),
    },
    "hip": {
        "getCurrentCUDABlasHandle": ("hipblas",),
        "getCurrentHIPBlasHandle": ("hipblas",),
        "TORCH_CUDABLAS_CHECK": ("hipblas",),
    },
}

# What a migrated library does not link to: torch, Python, and the device runtime, which the device
# compiler brings in the form that suits it.
LEFT = ("torch", "c10", "caffe2", "shm", "python", "cudart", "amdhip64", "pybind11", "tvm_ffi")
