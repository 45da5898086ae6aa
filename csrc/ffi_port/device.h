// torch's DeviceType and Device: torch's numbers, spelling and parsing errors, and the DLPack code
// of each. A build for ROCm (USE_ROCM) calls its devices cuda, as torch does, with DLPack's ROCm
// code 10.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <type_traits>

#include "ffi_port/macros.h"

namespace ffi_port {

using DeviceIndex = int8_t;

enum class DeviceType : int8_t {
  CPU = 0,
  CUDA = 1,
  MKLDNN = 2,
  OPENGL = 3,
  OPENCL = 4,
  IDEEP = 5,
  HIP = 6,
  FPGA = 7,
  MAIA = 8,
  XLA = 9,
  Vulkan = 10,
  Metal = 11,
  XPU = 12,
  MPS = 13,
  Meta = 14,
  HPU = 15,
  VE = 16,
  Lazy = 17,
  IPU = 18,
  MTIA = 19,
  PrivateUse1 = 20,
  COMPILE_TIME_MAX_DEVICE_TYPES = 21,
};

constexpr DeviceType kCPU = DeviceType::CPU;
constexpr DeviceType kCUDA = DeviceType::CUDA;
constexpr DeviceType kHIP = DeviceType::HIP;
constexpr DeviceType kXPU = DeviceType::XPU;
constexpr DeviceType kMPS = DeviceType::MPS;
constexpr DeviceType kMeta = DeviceType::Meta;
constexpr DeviceType kXLA = DeviceType::XLA;
constexpr DeviceType kHPU = DeviceType::HPU;
constexpr DeviceType kVulkan = DeviceType::Vulkan;
constexpr DeviceType kMetal = DeviceType::Metal;
constexpr DeviceType kIPU = DeviceType::IPU;
constexpr DeviceType kMTIA = DeviceType::MTIA;
constexpr DeviceType kLazy = DeviceType::Lazy;
constexpr DeviceType kPrivateUse1 = DeviceType::PrivateUse1;
constexpr int COMPILE_TIME_MAX_DEVICE_TYPES =
    static_cast<int>(DeviceType::COMPILE_TIME_MAX_DEVICE_TYPES);

std::string DeviceTypeName(DeviceType d, bool lower_case = false);
std::ostream& operator<<(std::ostream& out, DeviceType d);

struct Device {
  using Type = DeviceType;

  Device(DeviceType type, DeviceIndex index = -1) : type_(type), index_(index) { validate(); }
  Device(const char* text);
  Device(const std::string& text) : Device(parse(text)) {}

  DeviceType type() const noexcept { return type_; }
  DeviceIndex index() const noexcept { return index_; }
  void set_index(DeviceIndex index) { index_ = index; }
  bool has_index() const noexcept { return index_ != -1; }
  bool is_cuda() const noexcept { return type_ == DeviceType::CUDA; }
  bool is_cpu() const noexcept { return type_ == DeviceType::CPU; }
  bool is_hip() const noexcept { return type_ == DeviceType::HIP; }
  bool is_xpu() const noexcept { return type_ == DeviceType::XPU; }
  bool is_mps() const noexcept { return type_ == DeviceType::MPS; }
  bool is_meta() const noexcept { return type_ == DeviceType::Meta; }
  bool operator==(const Device& o) const noexcept {
    return type_ == o.type_ && index_ == o.index_;
  }
  bool operator!=(const Device& o) const noexcept { return !(*this == o); }
  std::string str() const;

 private:
  void validate() const {
    if (index_ < -1 || (is_cpu() && index_ > 0)) invalid();
  }
  [[noreturn]] FFI_PORT_COLD void invalid() const;
  static Device parse(const std::string& text);

  DeviceType type_;
  DeviceIndex index_ = -1;
};

namespace detail {
std::ostream& put_device(std::ostream& out, const Device& device);
}  // namespace detail
/// Prints a Device and nothing that only converts to one: texts do.
template <class T, std::enable_if_t<std::is_same_v<T, Device>, int> = 0>
std::ostream& operator<<(std::ostream& out, const T& device) {
  return detail::put_device(out, device);
}

// DLPack device codes: CPU 1, CUDA 2, CUDA host 3, Metal 8, VPI 9, ROCm 10, ROCm host 11,
// managed 13, oneAPI 14. A meta tensor, which DLPack has no code for, travels as an extension
// device (12).
int32_t toDlpackDevice(DeviceType d);
DeviceType fromDlpackDevice(int32_t code);

}  // namespace ffi_port
