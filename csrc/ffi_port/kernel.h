// What ATen/cuda/detail/KernelUtils.h declares, and CUDA_KERNEL_ASSERT. The loop macros keep their
// names: they have no prefix of torch's, and a tree may define its own.
#pragma once

#include <cassert>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include "ffi_port/error.h"
#include "ffi_port/macros.h"

#ifndef CUDA_KERNEL_LOOP_TYPE
#define CUDA_KERNEL_LOOP_TYPE(i, n, index_type)                                   \
  int64_t _i_n_d_e_x = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; \
  for (index_type i = _i_n_d_e_x; _i_n_d_e_x < (n);                               \
       _i_n_d_e_x += blockDim.x * gridDim.x, i = _i_n_d_e_x)
#endif
#ifndef CUDA_KERNEL_LOOP
#define CUDA_KERNEL_LOOP(i, n) CUDA_KERNEL_LOOP_TYPE(i, n, int)
#endif

// Checks even where NDEBUG is defined, but stops without a text on ROCm, as torch's.
#if defined(USE_ROCM)
#define FFI_CUDA_KERNEL_ASSERT(cond) \
  if (FFI_PORT_UNLIKELY(!(cond))) {  \
    abort();                         \
  }
#else
#define FFI_CUDA_KERNEL_ASSERT(cond)                                                      \
  if (FFI_PORT_UNLIKELY(!(cond))) {                                                       \
    __assert_fail(#cond, __FILE__, static_cast<unsigned int>(__LINE__), __func__);        \
  }
#endif

namespace ffi_port {

constexpr int CUDA_NUM_THREADS = 1024;

inline int GET_BLOCKS(const int64_t N, const int64_t max_threads_per_block = CUDA_NUM_THREADS) {
  FFI_INTERNAL_ASSERT(N > 0, "CUDA kernel launch blocks must be positive, but got N=", N);
  constexpr int64_t max_int = std::numeric_limits<int>::max();
  const auto block_num = (N - 1) / max_threads_per_block + 1;
  FFI_INTERNAL_ASSERT(block_num <= max_int, "Can't schedule too many blocks on CUDA device");
  return static_cast<int>(block_num);
}

}  // namespace ffi_port
