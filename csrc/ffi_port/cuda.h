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

  using event_t = cudaEvent_t;
  static constexpr unsigned disable_timing = cudaEventDisableTiming;
  static status_t priority_range(int* least, int* greatest) {
    return cudaDeviceGetStreamPriorityRange(least, greatest);
  }
  static status_t create_stream(stream_t* s, int priority) {
    return cudaStreamCreateWithPriority(s, cudaStreamNonBlocking, priority);
  }
  static status_t stream_priority(stream_t s, int* p) { return cudaStreamGetPriority(s, p); }
  static status_t capture_status(stream_t s, int* status) {
    auto found = cudaStreamCaptureStatusNone;
    const status_t result = cudaStreamIsCapturing(s, &found);
    *status = static_cast<int>(found);
    return result;
  }
  static status_t create_event(event_t* e, unsigned flags) {
    return cudaEventCreateWithFlags(e, flags);
  }
  static status_t destroy_event(event_t e) { return cudaEventDestroy(e); }
  static status_t record_event(event_t e, stream_t s) { return cudaEventRecord(e, s); }
  static status_t wait_event(stream_t s, event_t e) { return cudaStreamWaitEvent(s, e, 0); }
  static status_t query_event(event_t e) { return cudaEventQuery(e); }
  static status_t synchronize_event(event_t e) { return cudaEventSynchronize(e); }
  static status_t elapsed_time(float* ms, event_t start, event_t end) {
    return cudaEventElapsedTime(ms, start, end);
  }
  static status_t synchronize_device() { return cudaDeviceSynchronize(); }
  static status_t can_access_peer(int* can, int device, int peer) {
    return cudaDeviceCanAccessPeer(can, device, peer);
  }
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
inline void stream_synchronize(cudaStream_t stream) {
  gpu::check<CudaApi>(CudaApi::synchronize(stream));
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
template <class T = Tensor>
bool check_device(typename gpu::Several<T>::type tensors) {
  return gpu::check_device<CudaApi>(tensors);
}

inline void device_synchronize() { gpu::check<CudaApi>(CudaApi::synchronize_device()); }
inline void synchronize(int64_t index = -1) {
  gpu::device_synchronize<CudaApi>(static_cast<DeviceIndex>(index));
}
inline cudaError_t GetDevice(DeviceIndex* index) {
  int found = -1;
  const cudaError_t result = CudaApi::get_device(&found);
  *index = static_cast<DeviceIndex>(found);
  return result;
}
inline cudaError_t SetDevice(DeviceIndex index) { return CudaApi::set_device(index); }
inline cudaError_t MaybeSetDevice(DeviceIndex index) { return CudaApi::set_device(index); }
inline bool canDeviceAccessPeer(DeviceIndex device, DeviceIndex peer) {
  return gpu::can_access_peer<CudaApi>(device, peer);
}

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
