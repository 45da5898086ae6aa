// torch's HIP twins of c10::cuda and at::cuda, under all the names hipified code uses: HIP...,
// HIP...MasqueradingAsCUDA and CUDA.... The logic is in gpu.h; this names the HIP runtime's calls.
#pragma once

#if defined(USE_ROCM) || defined(__HIPCC__)  // else the branches that use it are not compiled

#include <hip/hip_runtime.h>

#include "ffi_port/gpu.h"

namespace ffi_port {

struct HipApi {
  using status_t = hipError_t;
  using stream_t = hipStream_t;
  using properties_t = hipDeviceProp_t;
  static constexpr status_t success = hipSuccess;
  static constexpr status_t not_ready = hipErrorNotReady;
  static constexpr const char* name = "HIP";
  static const char* error_string(status_t s) { return hipGetErrorString(s); }
  static void clear_error() { (void)hipGetLastError(); }
  static status_t get_device(int* index) { return hipGetDevice(index); }
  static status_t set_device(int index) { return hipSetDevice(index); }
  static status_t device_count(int* count) { return hipGetDeviceCount(count); }
  static status_t get_properties(properties_t* p, int i) { return hipGetDeviceProperties(p, i); }
  static status_t synchronize(stream_t s) { return hipStreamSynchronize(s); }
  static status_t query(stream_t s) { return hipStreamQuery(s); }

  using event_t = hipEvent_t;
  static constexpr unsigned disable_timing = hipEventDisableTiming;
  static status_t priority_range(int* least, int* greatest) {
    return hipDeviceGetStreamPriorityRange(least, greatest);
  }
  static status_t create_stream(stream_t* s, int priority) {
    return hipStreamCreateWithPriority(s, hipStreamNonBlocking, priority);
  }
  static status_t stream_priority(stream_t s, int* p) { return hipStreamGetPriority(s, p); }
  static status_t capture_status(stream_t s, int* status) {
    auto found = hipStreamCaptureStatusNone;
    const status_t result = hipStreamIsCapturing(s, &found);
    *status = static_cast<int>(found);
    return result;
  }
  static status_t create_event(event_t* e, unsigned flags) {
    return hipEventCreateWithFlags(e, flags);
  }
  static status_t destroy_event(event_t e) { return hipEventDestroy(e); }
  static status_t record_event(event_t e, stream_t s) { return hipEventRecord(e, s); }
  static status_t wait_event(stream_t s, event_t e) { return hipStreamWaitEvent(s, e, 0); }
  static status_t query_event(event_t e) { return hipEventQuery(e); }
  static status_t synchronize_event(event_t e) { return hipEventSynchronize(e); }
  static status_t elapsed_time(float* ms, event_t start, event_t end) {
    return hipEventElapsedTime(ms, start, end);
  }
  static status_t synchronize_device() { return hipDeviceSynchronize(); }
  static status_t can_access_peer(int* can, int device, int peer) {
    return hipDeviceCanAccessPeer(can, device, peer);
  }
};

using HIPGuard = gpu::Guard<HipApi>;
using OptionalHIPGuard = gpu::OptionalGuard<HipApi>;
using DeviceGuard = gpu::AnyGuard<HipApi>;
using OptionalDeviceGuard = gpu::AnyGuard<HipApi>;
using HIPStream = gpu::Stream<HipApi>;
using HIPGuardMasqueradingAsCUDA = HIPGuard;
using OptionalHIPGuardMasqueradingAsCUDA = OptionalHIPGuard;
using HIPStreamMasqueradingAsCUDA = HIPStream;
using CUDAGuard = HIPGuard;
using OptionalCUDAGuard = OptionalHIPGuard;
using CUDAStream = HIPStream;

inline HIPStream getCurrentHIPStream(DeviceIndex index = -1) {
  return gpu::current_stream<HipApi>(index);
}
inline HIPStream getCurrentHIPStreamMasqueradingAsCUDA(DeviceIndex index = -1) {
  return gpu::current_stream<HipApi>(index);
}
inline HIPStream getCurrentCUDAStream(DeviceIndex index = -1) {
  return gpu::current_stream<HipApi>(index);
}
inline HIPStream getDefaultHIPStream(DeviceIndex index = -1) {
  return HIPStream(nullptr, index < 0 ? gpu::current_device<HipApi>() : index);
}
inline HIPStream getStreamFromExternal(hipStream_t stream, DeviceIndex index) {
  return HIPStream(stream, index);
}
inline void stream_synchronize(hipStream_t stream) {
  gpu::check<HipApi>(HipApi::synchronize(stream));
}
inline hipDeviceProp_t* getCurrentDeviceProperties() { return gpu::device_properties<HipApi>(); }
inline hipDeviceProp_t* getDeviceProperties(int64_t index) {
  return gpu::device_properties<HipApi>(index);
}
inline int warp_size() { return getCurrentDeviceProperties()->warpSize; }
inline DeviceIndex current_device() { return gpu::current_device<HipApi>(); }
inline void set_device(DeviceIndex index) { gpu::set_device<HipApi>(index); }
inline DeviceIndex device_count() { return gpu::device_count<HipApi>(); }
inline bool is_available() { return gpu::device_count<HipApi>() > 0; }
inline DeviceIndex getNumGPUs() { return gpu::device_count<HipApi>(); }
template <class T = Tensor>
bool check_device(typename gpu::Several<T>::type tensors) {
  return gpu::check_device<HipApi>(tensors);
}

inline void device_synchronize() { gpu::check<HipApi>(HipApi::synchronize_device()); }
inline void synchronize(int64_t index = -1) {
  gpu::device_synchronize<HipApi>(static_cast<DeviceIndex>(index));
}
inline hipError_t GetDevice(DeviceIndex* index) {
  int found = -1;
  const hipError_t result = HipApi::get_device(&found);
  *index = static_cast<DeviceIndex>(found);
  return result;
}
inline hipError_t SetDevice(DeviceIndex index) { return HipApi::set_device(index); }
inline hipError_t MaybeSetDevice(DeviceIndex index) { return HipApi::set_device(index); }
inline bool canDeviceAccessPeer(DeviceIndex device, DeviceIndex peer) {
  return gpu::can_access_peer<HipApi>(device, peer);
}

namespace detail {
// Runs when the library is loaded: a GPU without an index is from now on the current one.
inline const bool knows_current_gpu = [] {
  runtime::current_gpu = [] { return static_cast<int>(gpu::current_device<HipApi>()); };
  return true;
}();
}  // namespace detail

}  // namespace ffi_port

// As torch: the compiler's own width in device code; 64 on the host and on gfx9.
#if defined(__HIP_DEVICE_COMPILE__) && defined(__AMDGCN_WAVEFRONT_SIZE)
#define FFI_WARP_SIZE __AMDGCN_WAVEFRONT_SIZE
#else
#define FFI_WARP_SIZE 64
#endif

#define FFI_CUDA_ERROR_HANDLED(EXPR) EXPR
#define FFI_CUDA_CLEAR_ERROR() ::ffi_port::HipApi::clear_error()
#define FFI_HIP_CHECK(EXPR) ::ffi_port::gpu::check<::ffi_port::HipApi>(EXPR)
#define FFI_HIP_KERNEL_LAUNCH_CHECK() FFI_HIP_CHECK(hipGetLastError())
#define FFI_CUDA_CHECK(EXPR) FFI_HIP_CHECK(EXPR)
#define FFI_CUDA_KERNEL_LAUNCH_CHECK() FFI_HIP_KERNEL_LAUNCH_CHECK()

#endif  // USE_ROCM
