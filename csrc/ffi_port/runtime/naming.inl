// The bodies of what the headers of torch's plain types declare: names and sizes of dtypes, devices
// and layouts, their printing, their DLPack codes. Included by runtime.inl.
#pragma once

#include <ostream>
#include <string>

#include "ffi_port/device.h"
#include "ffi_port/error.h"
#include "ffi_port/scalar.h"
#include "ffi_port/scalar_type.h"
#include "ffi_port/tensor.h"
#include "ffi_port/tensor_impl.h"
#include "ffi_port/tensor_options.h"
#include "ffi_port/type_meta.h"

namespace ffi_port {
namespace detail {

constexpr const char* kDeviceNames[] = {
    "cpu",    "cuda", "mkldnn", "opengl", "opencl", "ideep", "hip",
    "fpga",   "maia", "xla",    "vulkan", "metal",  "xpu",   "mps",
    "meta",   "hpu",  "ve",     "lazy",   "ipu",    "mtia",  "privateuseone"};
}  // namespace detail

const char* toString(ScalarType t) {
#define FFI_PORT_CASE_(cpp, name, number, size, code, bits, lanes) \
  case ScalarType::name:                                           \
    return #name;
#define FFI_PORT_OPAQUE_CASE_(name, number, size) \
  case ScalarType::name:                          \
    return #name;
  switch (t) {
    FFI_FORALL_SCALAR_TYPES(FFI_PORT_CASE_)
    FFI_FORALL_OPAQUE_TYPES(FFI_PORT_OPAQUE_CASE_)
    default:
      return "UNKNOWN_SCALAR";
  }
#undef FFI_PORT_CASE_
#undef FFI_PORT_OPAQUE_CASE_
}

std::ostream& operator<<(std::ostream& out, ScalarType t) { return out << toString(t); }

size_t elementSize(ScalarType t) {
#define FFI_PORT_CASE_(cpp, name, number, size, code, bits, lanes) \
  case ScalarType::name:                                           \
    return size;
#define FFI_PORT_OPAQUE_CASE_(name, number, size) \
  case ScalarType::name:                          \
    return size;
  switch (t) {
    FFI_FORALL_SCALAR_TYPES(FFI_PORT_CASE_)
    FFI_FORALL_OPAQUE_TYPES(FFI_PORT_OPAQUE_CASE_)
    default:
      FFI_CHECK(false, "Unknown ScalarType");
  }
#undef FFI_PORT_CASE_
#undef FFI_PORT_OPAQUE_CASE_
  return 0;
}

DType toDlpack(ScalarType t) {
#define FFI_PORT_CASE_(cpp, name, number, size, code, bits, lanes) \
  case ScalarType::name:                                           \
    return DType{code, bits, lanes};
  switch (t) {
    FFI_FORALL_SCALAR_TYPES(FFI_PORT_CASE_)
    default:
      FFI_CHECK_TYPE(false, toString(t), " has no DLPack code");
  }
#undef FFI_PORT_CASE_
  return DType{0, 0, 0};
}

ScalarType fromDlpack(DType d) {
#define FFI_PORT_CASE_(cpp, name, number, size, code, bits, lanes) \
  if (d == DType{code, bits, lanes}) return ScalarType::name;
  FFI_FORALL_SCALAR_TYPES(FFI_PORT_CASE_)
#undef FFI_PORT_CASE_
  if (d == DType{1, 1, 1}) return ScalarType::Bool;  // older producers' spelling of bool
  FFI_CHECK_TYPE(false, "no ScalarType for the DLPack dtype with code ", int(d.code), ", bits ",
                 int(d.bits), ", lanes ", int(d.lanes));
  return ScalarType::Undefined;
}

std::string TypeMeta::name() const {
  switch (type_) {
    case ScalarType::Byte:
      return "unsigned char";
    case ScalarType::Char:
      return "signed char";
    case ScalarType::Short:
      return "short int";
    case ScalarType::Int:
      return "int";
    case ScalarType::Long:
      return "long int";
    case ScalarType::UInt16:
      return "short unsigned int";
    case ScalarType::UInt32:
      return "unsigned int";
    case ScalarType::UInt64:
      return "long unsigned int";
    case ScalarType::Float:
      return "float";
    case ScalarType::Double:
      return "double";
    case ScalarType::Bool:
      return "bool";
    case ScalarType::ComplexHalf:
      return "c10::complex<c10::Half>";
    case ScalarType::ComplexFloat:
      return "c10::complex<float>";
    case ScalarType::ComplexDouble:
      return "c10::complex<double>";
    case ScalarType::Undefined:
    case ScalarType::NumOptions:
      return "nullptr (uninitialized)";
    default:
      return std::string("c10::") + toString(type_);
  }
}

std::ostream& operator<<(std::ostream& out, TypeMeta meta) { return out << meta.name(); }

std::ostream& operator<<(std::ostream& out, Layout layout) {
  constexpr const char* names[] = {"Strided",   "Sparse",    "SparseCsr", "Mkldnn",
                                   "SparseCsc", "SparseBsr", "SparseBsc", "Jagged"};
  return out << names[static_cast<int>(layout)];
}

std::ostream& operator<<(std::ostream& out, MemoryFormat format) {
  constexpr const char* names[] = {"Contiguous", "Preserve", "ChannelsLast", "ChannelsLast3d"};
  return out << names[static_cast<int>(format)];
}

std::string DeviceTypeName(DeviceType d, bool lower_case) {
  std::string name = detail::kDeviceNames[static_cast<int>(d)];
  if (!lower_case) {
    for (char& c : name) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return name;
}

std::ostream& operator<<(std::ostream& out, DeviceType d) {
  return out << DeviceTypeName(d, true);
}

Device::Device(const char* text) : Device(std::string(text)) {}

std::string Device::str() const {
  std::string text = DeviceTypeName(type_, true);
  if (has_index()) text += ":" + std::to_string(static_cast<int>(index_));
  return text;
}

void Device::invalid() const {
  FFI_INTERNAL_ASSERT_AS("index_ >= -1", index_ >= -1,
                         "Device index must be -1 or non-negative, got ",
                         static_cast<int>(index_));
  FFI_INTERNAL_ASSERT_AS("!is_cpu() || index_ <= 0", false,
                         "CPU device index must be -1 or zero, got ", static_cast<int>(index_));
  __builtin_unreachable();
}

Device Device::parse(const std::string& text) {
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

std::ostream& detail::put_device(std::ostream& out, const Device& device) {
  return out << device.str();
}

int32_t toDlpackDevice(DeviceType d) {
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

DeviceType fromDlpackDevice(int32_t code) {
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

std::string DeprecatedTypeProperties::toString() const {
  return DeviceTypeName(device_.type()) + ffi_port::toString(dtype_) + "Type";
}
std::ostream& operator<<(std::ostream& out, const DeprecatedTypeProperties& t) {
  return out << t.toString();
}
/// `at::empty(sizes, x.type())`: on the current device of x's kind, as torch has it.
TensorOptions::TensorOptions(const DeprecatedTypeProperties& type)
    : dtype_(type.dtype_), device_(Device(type.device_.type())) {}

std::string Tensor::toString() const {
  return std::string("torch.") + (is_cpu() ? "" : DeviceTypeName(device().type(), true) + ".") +
         ffi_port::toString(scalar_type()) + "Tensor";
}

std::ostream& operator<<(std::ostream& out, const Scalar& s) {
  if (s.isFloatingPoint()) return out << s.toDouble();
  if (s.isBoolean()) return out << (s.toBool() ? "true" : "false");
  return out << s.toLong();
}

}  // namespace ffi_port
