// cuda_stream.h for HIP, with torch's names for both.
#pragma once

#if defined(USE_ROCM) || defined(__HIPCC__)  // else the branches that use it are not compiled

#include "ffi_port/gpu_stream.h"
#include "ffi_port/hip.h"

namespace ffi_port {

using HIPStreamGuard = gpu::StreamGuard<HipApi>;
using OptionalHIPStreamGuard = gpu::OptionalStreamGuard<HipApi>;
using HIPMultiStreamGuard = gpu::MultiStreamGuard<HipApi>;
using HIPEvent = gpu::Event<HipApi>;
using HIPStreamGuardMasqueradingAsCUDA = HIPStreamGuard;
using OptionalHIPStreamGuardMasqueradingAsCUDA = OptionalHIPStreamGuard;
using HIPMultiStreamGuardMasqueradingAsCUDA = HIPMultiStreamGuard;
using CUDAStreamGuard = HIPStreamGuard;
using OptionalCUDAStreamGuard = OptionalHIPStreamGuard;
using CUDAMultiStreamGuard = HIPMultiStreamGuard;
using CUDAEvent = HIPEvent;

inline void setCurrentHIPStream(const HIPStream& stream) { gpu::set_current_stream(stream); }
inline void setCurrentHIPStreamMasqueradingAsCUDA(const HIPStream& stream) {
  gpu::set_current_stream(stream);
}
inline void setCurrentCUDAStream(const HIPStream& stream) { gpu::set_current_stream(stream); }
inline HIPStream getStreamFromPool(bool high_priority = false, DeviceIndex index = -1) {
  return gpu::stream_from_pool<HipApi>(high_priority, index);
}
inline HIPStream getStreamFromPool(int priority, DeviceIndex index = -1) {
  return gpu::StreamPool<HipApi>::next(priority, index);
}
inline HIPStream getStreamFromPoolMasqueradingAsCUDA(bool high_priority = false,
                                                     DeviceIndex index = -1) {
  return gpu::stream_from_pool<HipApi>(high_priority, index);
}
inline CaptureStatus currentStreamCaptureStatusMayInitCtx() {
  return gpu::capture_status<HipApi>();
}
inline CaptureStatus currentStreamCaptureStatus() { return gpu::capture_status<HipApi>(); }

}  // namespace ffi_port

#endif  // USE_ROCM
