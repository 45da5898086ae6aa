// torch's DeviceType and Device: torch's numbers, spelling and parsing errors, and the DLPack code
// of each. A build for ROCm (USE_ROCM) calls its devices cuda, as torch does, with DLPack's ROCm
// code 10.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>

#include "ffi_port/error.h"

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

namespace detail {
constexpr const char* kDeviceNames[] = {
    "cpu",    "cuda", "mkldnn", "opengl", "opencl", "ideep", "hip",
    "fpga",   "maia", "xla",    "vulkan", "metal",  "xpu",   "mps",
    "meta",   "hpu",  "ve",     "lazy",   "ipu",    "mtia",  "privateuseone"};
}  // namespace detail

inline std::string DeviceTypeName(DeviceType d, bool lower_case = false) {
  std::string name = detail::kDeviceNames[static_cast<int>(d)];
  if (!lower_case) {
    for (char& c : name) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return name;
}

inline std::ostream& operator<<(std::ostream& out, DeviceType d) {
  return out << DeviceTypeName(d, true);
}

struct Device {
  using Type = DeviceType;

  Device(DeviceType type, DeviceIndex index = -1) : type_(type), index_(index) { validate(); }
  Device(const char* text) : Device(std::string(text)) {}
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
  std::string str() const {
    std::string text = DeviceTypeName(type_, true);
    if (has_index()) text += ":" + std::to_string(static_cast<int>(index_));
    return text;
  }

 private:
  void validate() const {
    FFI_INTERNAL_ASSERT_AS("index_ >= -1", index_ >= -1,
                           "Device index must be -1 or non-negative, got ",
                           static_cast<int>(index_));
    FFI_INTERNAL_ASSERT_AS("!is_cpu() || index_ <= 0", !is_cpu() || index_ <= 0,
                           "CPU device index must be -1 or zero, got ",
                           static_cast<int>(index_));
  }

  static Device parse(const std::string& text) {
    FFI_CHECK(!text.empty(), "Device string must not be empty");
    const size_t colon = text.find(':');
    const std::string name = text.substr(0, colon);
    int type = -1;
    for (int i = 0; i <= static_cast<int>(DeviceType::PrivateUse1); ++i) {
      if (name == detail::kDeviceNames[i] && name != "metal") type = i;
    }
    FFI_CHECK(type >= 0 || colon == std::string::npos || colon + 1 < text.size(),
              "Invalid device string: '", text, "'");
    FFI_CHECK(type >= 0,
              "Expected one of cpu, cuda, ipu, xpu, mkldnn, opengl, opencl, ideep, hip, ve, fpga, "
              "maia, xla, lazy, vulkan, mps, meta, hpu, mtia, privateuseone device type at start "
              "of device string: ",
              name);
    if (colon == std::string::npos) return Device(static_cast<DeviceType>(type));
    const std::string digits = text.substr(colon + 1);
    const bool plain = !digits.empty() && digits.size() <= 3 &&
                       digits.find_first_not_of("0123456789") == std::string::npos &&
                       !(digits.size() > 1 && digits[0] == '0');
    FFI_CHECK(plain && std::stoi(digits) <= 127, "Invalid device string: '", text, "'");
    return Device(static_cast<DeviceType>(type), static_cast<DeviceIndex>(std::stoi(digits)));
  }

  DeviceType type_;
  DeviceIndex index_ = -1;
};

inline std::ostream& operator<<(std::ostream& out, const Device& d) { return out << d.str(); }

// DLPack device codes: CPU 1, CUDA 2, CUDA host 3, Metal 8, VPI 9, ROCm 10, ROCm host 11,
// managed 13, oneAPI 14. A meta tensor, which DLPack has no code for, travels as an extension
// device (12).
inline int32_t toDlpackDevice(DeviceType d) {
  switch (d) {
    case DeviceType::CPU:
      return 1;
    case DeviceType::CUDA:
#if defined(USE_ROCM) || defined(__HIP_PLATFORM_AMD__)
      return 10;
#else
      return 2;
#endif
    case DeviceType::HIP:
      return 10;
    case DeviceType::XPU:
      return 14;
    case DeviceType::MPS:
      return 8;
    case DeviceType::Meta:
      return 12;
    default:
      FFI_CHECK(false, "Cannot pack tensors on ", d);
  }
  return 0;
}

inline DeviceType fromDlpackDevice(int32_t code) {
  switch (code) {
    case 1:
    case 3:  // pinned host memory is CPU memory to torch
    case 11:
      return DeviceType::CPU;
    case 2:
    case 10:
    case 13:
      return DeviceType::CUDA;
    case 8:
      return DeviceType::MPS;
    case 12:
      return DeviceType::Meta;
    case 14:
      return DeviceType::XPU;
    default:
      FFI_CHECK(false, "Unsupported DLPack device type ", code);
  }
  return DeviceType::CPU;
}

}  // namespace ffi_port
