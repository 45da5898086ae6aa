// torch's DeviceGuard for a file of any backend: the GPU runtime's where its headers are at hand,
// else one that knows the CPU only and refuses anything else.
#pragma once

#if defined(USE_ROCM) || defined(__HIPCC__) || defined(__CUDACC__) || \
    __has_include(<cuda_runtime.h>)
#include "ffi_port/cuda.h"
#else
#include <optional>

#include "ffi_port/device.h"
#include "ffi_port/error.h"

namespace ffi_port {

class DeviceGuard {
 public:
  explicit DeviceGuard(Device device) { reset_device(device); }
  explicit DeviceGuard(std::optional<Device> device) {
    if (device) reset_device(*device);
  }
  DeviceGuard(const DeviceGuard&) = delete;
  DeviceGuard& operator=(const DeviceGuard&) = delete;
  void reset_device(Device device) {
    FFI_CHECK_NOT_IMPLEMENTED(device.is_cpu(), "this library was built without a GPU runtime");
  }
};
using OptionalDeviceGuard = DeviceGuard;

}  // namespace ffi_port
#endif
