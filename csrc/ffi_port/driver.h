// AT_CUDA_DRIVER_CHECK and AT_CUDA_NVRTC_CHECK. A library that uses them links to cuda and nvrtc.
#pragma once

#if defined(USE_ROCM) || defined(__HIPCC__)
#include "ffi_port/hip.h"
#define FFI_CUDA_DRIVER_CHECK(EXPR)                                                   \
  do {                                                                                \
    const hipError_t status_ = EXPR;                                                  \
    FFI_CHECK(status_ == hipSuccess, "CUDA driver error: ", static_cast<int>(status_)); \
  } while (0)
#else

#include <cuda.h>
#include <nvrtc.h>

#include "ffi_port/error.h"

#define FFI_CUDA_DRIVER_CHECK(EXPR)                                                     \
  do {                                                                                  \
    const CUresult status_ = EXPR;                                                      \
    if (status_ != CUDA_SUCCESS) {                                                      \
      const char* text_ = nullptr;                                                      \
      const bool known_ = cuGetErrorString(status_, &text_) == CUDA_SUCCESS;            \
      FFI_CHECK(false, "CUDA driver error: ", known_ ? text_ : "unknown error");        \
    }                                                                                   \
  } while (0)

#define FFI_CUDA_NVRTC_CHECK(EXPR)                                                      \
  do {                                                                                  \
    const nvrtcResult status_ = EXPR;                                                   \
    if (status_ != NVRTC_SUCCESS) {                                                     \
      if (static_cast<int>(status_) != 7) {                                             \
        FFI_CHECK(false, "CUDA NVRTC error: ", nvrtcGetErrorString(status_));           \
      } else {                                                                          \
        FFI_CHECK(false, "CUDA NVRTC error: NVRTC_ERROR_BUILTIN_OPERATION_FAILURE");    \
      }                                                                                 \
    }                                                                                   \
  } while (0)

#endif  // USE_ROCM
