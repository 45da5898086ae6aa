// The warp helpers of ATen/cuda/DeviceUtils.cuh, under their own names: they have no prefix of
// torch's. The host compiler sees nothing of them.
#pragma once

#if defined(__CUDACC__) || defined(__HIPCC__)

#include <cstdint>

#if defined(USE_ROCM) || defined(__HIPCC__)
#include <hip/hip_runtime.h>
// A wavefront runs in step: the masks are not looked at, as in torch.
#define FFI_PORT_SHUFFLE_(name, ...) __shfl##name(__VA_ARGS__)
#else
#include <cuda_runtime.h>
#define FFI_PORT_SHUFFLE_(name, ...) __shfl##name##_sync(mask, __VA_ARGS__)
#endif

__device__ __forceinline__ void WARP_SYNC([[maybe_unused]] unsigned int mask = 0xffffffff) {
#if !defined(USE_ROCM) && !defined(__HIPCC__)
  __syncwarp(mask);
#endif
}

#if defined(USE_ROCM) || defined(__HIPCC__)
__device__ __forceinline__ unsigned long long int WARP_BALLOT(int predicate) {
  return __ballot(predicate);
}
#else
__device__ __forceinline__ unsigned int ACTIVE_MASK() { return __activemask(); }
__device__ __forceinline__ unsigned int WARP_BALLOT(int predicate,
                                                    unsigned int mask = 0xffffffff) {
  return __ballot_sync(mask, predicate);
}
#endif

template <typename T>
__device__ __forceinline__ T WARP_SHFL_XOR(T value, int lane_mask, int width = warpSize,
                                           [[maybe_unused]] unsigned int mask = 0xffffffff) {
  return FFI_PORT_SHUFFLE_(_xor, value, lane_mask, width);
}
template <typename T>
__device__ __forceinline__ T WARP_SHFL(T value, int lane, int width = warpSize,
                                       [[maybe_unused]] unsigned int mask = 0xffffffff) {
  return FFI_PORT_SHUFFLE_(, value, lane, width);
}
template <typename T>
__device__ __forceinline__ T WARP_SHFL_UP(T value, unsigned int delta, int width = warpSize,
                                          [[maybe_unused]] unsigned int mask = 0xffffffff) {
  return FFI_PORT_SHUFFLE_(_up, value, delta, width);
}
template <typename T>
__device__ __forceinline__ T WARP_SHFL_DOWN(T value, unsigned int delta, int width = warpSize,
                                            [[maybe_unused]] unsigned int mask = 0xffffffff) {
  return FFI_PORT_SHUFFLE_(_down, value, delta, width);
}
#undef FFI_PORT_SHUFFLE_

template <typename T>
__device__ __forceinline__ T doLdg(const T* p) {
#if defined(USE_ROCM) || defined(__HIPCC__)
  return *p;
#else
  return __ldg(p);
#endif
}

#endif  // a device compiler
