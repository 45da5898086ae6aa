// Compiler and target switches shared by the support headers: one place that knows the difference
// between g++, nvcc and hipcc. torch's C10_HOST_DEVICE, C10_DEVICE, C10_LIKELY, ... map here.
#pragma once

#if defined(__CUDACC__) || defined(__HIPCC__)
#define FFI_PORT_DEVICE_COMPILER 1
#define FFI_PORT_HOST_DEVICE __host__ __device__
#define FFI_PORT_DEVICE __device__
#define FFI_PORT_HOST __host__
// torch's limits: a block larger than any GPU's becomes 256 threads, blocks that do not fit one
// multiprocessor of the architecture become as many as do.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ == 750
#define FFI_PORT_THREADS_PER_SM_ 1024
#elif defined(__CUDA_ARCH__) && (__CUDA_ARCH__ == 860 || __CUDA_ARCH__ == 870 || \
                                 __CUDA_ARCH__ == 890 || __CUDA_ARCH__ == 1200)
#define FFI_PORT_THREADS_PER_SM_ 1536
#else
#define FFI_PORT_THREADS_PER_SM_ 2048
#endif
#define FFI_PORT_MAX_THREADS_PER_BLOCK(threads) ((threads) <= 1024 ? (threads) : 256)
#define FFI_PORT_MIN_BLOCKS_PER_SM(threads, blocks)      \
  ((threads) * (blocks) <= FFI_PORT_THREADS_PER_SM_      \
       ? (blocks)                                        \
       : (FFI_PORT_THREADS_PER_SM_ + (threads)-1) / (threads))
#define FFI_PORT_LAUNCH_BOUNDS_0 __launch_bounds__(256, 4)
#define FFI_PORT_LAUNCH_BOUNDS_1(threads) \
  __launch_bounds__((FFI_PORT_MAX_THREADS_PER_BLOCK((threads))))
#define FFI_PORT_LAUNCH_BOUNDS_2(threads, blocks)                  \
  __launch_bounds__((FFI_PORT_MAX_THREADS_PER_BLOCK((threads))),   \
                    (FFI_PORT_MIN_BLOCKS_PER_SM((threads), (blocks))))
#else
#define FFI_PORT_HOST_DEVICE
#define FFI_PORT_DEVICE
#define FFI_PORT_HOST
#endif
#define FFI_HD FFI_PORT_HOST_DEVICE

// True in the pass that emits code for the GPU.
#if defined(__CUDA_ARCH__) || defined(__HIP_DEVICE_COMPILE__)
#define FFI_PORT_DEVICE_PASS 1
#endif

#if defined(__GNUC__) || defined(__clang__)
#define FFI_PORT_ALWAYS_INLINE __attribute__((__always_inline__)) inline
#define FFI_PORT_NOINLINE __attribute__((noinline))
// Out of the way of code that runs: error paths.
#define FFI_PORT_COLD __attribute__((cold, noinline))
#define FFI_PORT_EXPORT __attribute__((visibility("default")))
#else
#define FFI_PORT_ALWAYS_INLINE inline
#define FFI_PORT_NOINLINE
#define FFI_PORT_COLD
#define FFI_PORT_EXPORT
#endif
#define FFI_PORT_RESTRICT __restrict
#define FFI_PORT_UNUSED [[maybe_unused]]
#define FFI_PORT_NODISCARD [[nodiscard]]

// nvcc refuses __builtin_expect in the constant expressions some checks appear in.
#if defined(__CUDACC__) || !(defined(__GNUC__) || defined(__clang__))
#define FFI_PORT_LIKELY(e) (e)
#define FFI_PORT_UNLIKELY(e) (e)
#else
#define FFI_PORT_LIKELY(e) (__builtin_expect(static_cast<bool>(e), 1))
#define FFI_PORT_UNLIKELY(e) (__builtin_expect(static_cast<bool>(e), 0))
#endif

#define FFI_PORT_STRINGIZE_(x) #x
#define FFI_PORT_STRINGIZE(x) FFI_PORT_STRINGIZE_(x)
#define FFI_PORT_CONCAT_(a, b) a##b
#define FFI_PORT_CONCAT(a, b) FFI_PORT_CONCAT_(a, b)
