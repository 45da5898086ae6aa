// at::cuda::ScalarTypeToCudaDataType: torch's dtypes as the libraries of CUDA and ROCm name them.
#pragma once

#if defined(USE_ROCM) || defined(__HIPCC__)
#include <hip/library_types.h>
#else
#include <cuda.h>
#include <library_types.h>
#endif

#include "ffi_port/error.h"
#include "ffi_port/scalar_type.h"

namespace ffi_port {

#if defined(USE_ROCM) || defined(__HIPCC__)
using GpuDataType = hipDataType;
#define FFI_PORT_DATA_TYPE_(name) HIP_##name
#else
using GpuDataType = cudaDataType;
#define FFI_PORT_DATA_TYPE_(name) CUDA_##name
#endif

inline GpuDataType ScalarTypeToCudaDataType(const ScalarType& type) {
#define FFI_PORT_CASE_(from, to) \
  case ScalarType::from:         \
    return FFI_PORT_DATA_TYPE_(to);
  switch (type) {
    FFI_PORT_CASE_(Byte, R_8U)
    FFI_PORT_CASE_(Char, R_8I)
    FFI_PORT_CASE_(Short, R_16I)
    FFI_PORT_CASE_(Int, R_32I)
    FFI_PORT_CASE_(Long, R_64I)
    FFI_PORT_CASE_(Half, R_16F)
    FFI_PORT_CASE_(BFloat16, R_16BF)
    FFI_PORT_CASE_(Float, R_32F)
    FFI_PORT_CASE_(Double, R_64F)
    FFI_PORT_CASE_(ComplexHalf, C_16F)
    FFI_PORT_CASE_(ComplexFloat, C_32F)
    FFI_PORT_CASE_(ComplexDouble, C_64F)
#if defined(USE_ROCM) || defined(__HIPCC__)
    FFI_PORT_CASE_(Float8_e4m3fnuz, R_8F_E4M3_FNUZ)
    FFI_PORT_CASE_(Float8_e5m2fnuz, R_8F_E5M2_FNUZ)
#else
    FFI_PORT_CASE_(Float8_e4m3fn, R_8F_E4M3)
    FFI_PORT_CASE_(Float8_e5m2, R_8F_E5M2)
#if CUDA_VERSION >= 12080
    FFI_PORT_CASE_(Float4_e2m1fn_x2, R_4F_E2M1)
#endif
#endif
    default:
      FFI_INTERNAL_ASSERT(false, "Cannot convert ScalarType ", type, " to cudaDataType.")
      return FFI_PORT_DATA_TYPE_(R_32F);
  }
#undef FFI_PORT_CASE_
}
#undef FFI_PORT_DATA_TYPE_

inline GpuDataType ScalarTypeToHipDataType(const ScalarType& type) {
  return ScalarTypeToCudaDataType(type);
}

}  // namespace ffi_port
