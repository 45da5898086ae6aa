// c10/macros and torch/version.h.
#pragma once

#define TORCH_VERSION_MAJOR 2
#define TORCH_VERSION_MINOR 13
#define TORCH_VERSION_PATCH 0
#define TORCH_VERSION "2.13.0"
#define C10_API
#define C10_EXPORT
#define C10_IMPORT
#define C10_CUDA_API
#define C10_HIP_API
#define TORCH_API
#define TORCH_CUDA_CPP_API
#define TORCH_CUDA_CU_API
#define TORCH_EXPORT
#define AT_API
#define PYBIND11_EXPORT
#define C10_HOST_DEVICE __host__ __device__
#define C10_HOST __host__
#define C10_DEVICE __device__
#define C10_ALWAYS_INLINE inline
#define C10_ALWAYS_INLINE_ATTRIBUTE
#define C10_NOINLINE
#define C10_UNUSED
#define C10_NODISCARD
#define C10_LIKELY(x) (x)
#define C10_UNLIKELY(x) (x)
#define C10_RESTRICT __restrict
#define C10_CONCATENATE_IMPL(a, b) a##b
#define C10_CONCATENATE(a, b) C10_CONCATENATE_IMPL(a, b)
#define C10_STRINGIZE_IMPL(x) #x
#define C10_STRINGIZE(x) C10_STRINGIZE_IMPL(x)
#define C10_UID __COUNTER__
#define C10_ANONYMOUS_VARIABLE(prefix) C10_CONCATENATE(prefix, __COUNTER__)
#define C10_DISABLE_COPY_AND_ASSIGN(name) \
  name(const name &) = delete;            \
  name &operator=(const name &) = delete
#define C10_LAUNCH_BOUNDS_0
#define C10_LAUNCH_BOUNDS_1(...)
#define C10_LAUNCH_BOUNDS_2(...)
#define C10_LAUNCH_BOUNDS(...)
#define C10_WARP_SIZE 32
#define C10_MAX_THREADS_PER_BLOCK(value) (value)
#define C10_MIN_BLOCKS_PER_SM(threads, blocks) (blocks)
#define C10_DIAGNOSTIC_PUSH_AND_IGNORED_IF_DEFINED(warning)
#define C10_DIAGNOSTIC_POP()
#define C10_CLANG_DIAGNOSTIC_PUSH()
#define C10_CLANG_DIAGNOSTIC_IGNORE(warning)
#define C10_CLANG_DIAGNOSTIC_POP()
#define AT_EXPAND(x) x
#define AT_PARALLEL_OPENMP 1
