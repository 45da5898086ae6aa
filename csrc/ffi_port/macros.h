// Compiler and target switches shared by the support headers: one place that knows the difference
// between g++, nvcc and hipcc. torch's C10_HOST_DEVICE, C10_DEVICE, C10_LIKELY, ... map here.
#pragma once

#if defined(__CUDACC__) || defined(__HIPCC__)
#define FFI_PORT_DEVICE_COMPILER 1
#define FFI_PORT_HOST_DEVICE __host__ __device__
#define FFI_PORT_DEVICE __device__
#define FFI_PORT_HOST __host__
#define FFI_PORT_LAUNCH_BOUNDS_1(threads) __launch_bounds__((threads))
#define FFI_PORT_LAUNCH_BOUNDS_2(threads, blocks) __launch_bounds__((threads), (blocks))
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
#define FFI_PORT_EXPORT __attribute__((visibility("default")))
#else
#define FFI_PORT_ALWAYS_INLINE inline
#define FFI_PORT_EXPORT
#endif

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
