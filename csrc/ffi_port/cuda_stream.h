// torch's ways of changing the current stream, its pool and its events, for CUDA. Not in cuda.h,
// which every kernel file compiles: most launchers do without.
#pragma once

#if defined(USE_ROCM) || defined(__HIPCC__)
#include "ffi_port/hip_stream.h"
#else

#include "ffi_port/cuda.h"
#include "ffi_port/gpu_stream.h"

namespace ffi_port {

using CUDAStreamGuard = gpu::StreamGuard<CudaApi>;
using OptionalCUDAStreamGuard = gpu::OptionalStreamGuard<CudaApi>;
using CUDAMultiStreamGuard = gpu::MultiStreamGuard<CudaApi>;
using CUDAEvent = gpu::Event<CudaApi>;

inline void setCurrentCUDAStream(const CUDAStream& stream) { gpu::set_current_stream(stream); }
inline CUDAStream getStreamFromPool(bool high_priority = false, DeviceIndex index = -1) {
  return gpu::stream_from_pool<CudaApi>(high_priority, index);
}
inline CUDAStream getStreamFromPool(int priority, DeviceIndex index = -1) {
  return gpu::StreamPool<CudaApi>::next(priority, index);
}
inline CaptureStatus currentStreamCaptureStatusMayInitCtx() {
  return gpu::capture_status<CudaApi>();
}
inline CaptureStatus currentStreamCaptureStatus() { return gpu::capture_status<CudaApi>(); }

}  // namespace ffi_port

#endif  // USE_ROCM
