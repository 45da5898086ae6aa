// torch's c10::cuda and at::cuda as kernel launchers use them: guards, the current stream, error
// checks, device properties. The logic is in gpu.h; this names the CUDA runtime's calls.
#pragma once

#if defined(USE_ROCM) || defined(__HIPCC__)
// A tree that builds for both names CUDA; on ROCm hip.h has every name of this header.
#include "ffi_port/hip.h"
#else

#include <cuda_runtime.h>

#include "ffi_port/gpu.h"

namespace ffi_port {

struct CudaApi {
  using status_t = cudaError_t;
  using stream_t = cudaStream_t;
  using properties_t = cudaDeviceProp;
  static constexpr status_t success = cudaSuccess;
  static constexpr status_t not_ready = cudaErrorNotReady;
  static constexpr const char* name = "CUDA";
  static const char* error_string(status_t s) { return cudaGetErrorString(s); }
  static void clear_error() { (void)cudaGetLastError(); }
  static status_t get_device(int* index) { return cudaGetDevice(index); }
  static status_t set_device(int index) { return cudaSetDevice(index); }
  static status_t device_count(int* count) { return cudaGetDeviceCount(count); }
  static status_t get_properties(properties_t* p, int i) { return cudaGetDeviceProperties(p, i); }
  static status_t synchronize(stream_t s) { return cudaStreamSynchronize(s); }
  static status_t query(stream_t s) { return cudaStreamQuery(s); }
};

using CUDAGuard = gpu::Guard<CudaApi>;
using OptionalCUDAGuard = gpu::OptionalGuard<CudaApi>;
using DeviceGuard = gpu::AnyGuard<CudaApi>;
using OptionalDeviceGuard = gpu::AnyGuard<CudaApi>;
using CUDAStream = gpu::Stream<CudaApi>;

inline CUDAStream getCurrentCUDAStream(DeviceIndex index = -1) {
  return gpu::current_stream<CudaApi>(index);
}
inline CUDAStream getDefaultCUDAStream(DeviceIndex index = -1) {
  return CUDAStream(nullptr, index < 0 ? gpu::current_device<CudaApi>() : index);
}
inline CUDAStream getStreamFromExternal(cudaStream_t stream, DeviceIndex index) {
  return CUDAStream(stream, index);
}
inline cudaDeviceProp* getCurrentDeviceProperties() { return gpu::device_properties<CudaApi>(); }
inline cudaDeviceProp* getDeviceProperties(int64_t index) {
  return gpu::device_properties<CudaApi>(index);
}
inline int warp_size() { return getCurrentDeviceProperties()->warpSize; }
inline DeviceIndex current_device() { return gpu::current_device<CudaApi>(); }
inline void set_device(DeviceIndex index) { gpu::set_device<CudaApi>(index); }
inline DeviceIndex device_count() { return gpu::device_count<CudaApi>(); }
inline bool is_available() { return gpu::device_count<CudaApi>() > 0; }
inline DeviceIndex getNumGPUs() { return gpu::device_count<CudaApi>(); }

namespace detail {
// Runs when the library is loaded: a GPU without an index is from now on the current one.
inline const bool knows_current_gpu = [] {
  runtime::current_gpu = [] { return static_cast<int>(gpu::current_device<CudaApi>()); };
  return true;
}();
}  // namespace detail

}  // namespace ffi_port

#define FFI_WARP_SIZE 32

#define FFI_CUDA_ERROR_HANDLED(EXPR) EXPR
#define FFI_CUDA_CLEAR_ERROR() ::ffi_port::CudaApi::clear_error()
#define FFI_CUDA_CHECK(EXPR) ::ffi_port::gpu::check<::ffi_port::CudaApi>(EXPR)
#define FFI_CUDA_KERNEL_LAUNCH_CHECK() FFI_CUDA_CHECK(cudaGetLastError())

#endif  // USE_ROCM
