// torch's TensorOptions, the builders that make one (dtype, device, ...), Layout and MemoryFormat.
// requires_grad(true) and pinned_memory(true) are carried so that factory.h can refuse them.
#pragma once

#include <iosfwd>
#include <optional>
#include <type_traits>
#include <utility>

#include "ffi_port/device.h"
#include "ffi_port/scalar_type.h"
#include "ffi_port/type_meta.h"

namespace ffi_port {

enum class Layout : int8_t {
  Strided,
  Sparse,
  SparseCsr,
  Mkldnn,
  SparseCsc,
  SparseBsr,
  SparseBsc,
  Jagged,
};
constexpr Layout kStrided = Layout::Strided;
constexpr Layout kSparse = Layout::Sparse;
std::ostream& operator<<(std::ostream& out, Layout layout);

enum class MemoryFormat : int8_t { Contiguous, Preserve, ChannelsLast, ChannelsLast3d };
std::ostream& operator<<(std::ostream& out, MemoryFormat format);

struct DeprecatedTypeProperties;

struct TensorOptions {
  TensorOptions() = default;
  TensorOptions(const DeprecatedTypeProperties& type);
  TensorOptions(ScalarType dtype) : dtype_(dtype) {}
  TensorOptions(TypeMeta dtype) : dtype_(dtype.toScalarType()) {}
  TensorOptions(Layout layout) : layout_(layout) {}
  TensorOptions(MemoryFormat format) : memory_format_(format) {}
  // Anything a Device can be made of: a Device, a DeviceType, "cuda:1".
  template <class T, class = std::enable_if_t<std::is_constructible_v<Device, T> &&
                                              !std::is_same_v<std::decay_t<T>, TensorOptions>>>
  TensorOptions(T&& device) : device_(Device(std::forward<T>(device))) {}

  TensorOptions device(std::optional<Device> device) const {
    TensorOptions r = *this;
    r.device_ = device;
    return r;
  }
  TensorOptions device(DeviceType type, DeviceIndex index) const {
    return device(Device(type, index));
  }
  TensorOptions device_index(DeviceIndex index) const { return device(DeviceType::CUDA, index); }
  TensorOptions dtype(std::optional<ScalarType> dtype) const {
    TensorOptions r = *this;
    r.dtype_ = dtype;
    return r;
  }
  TensorOptions dtype(TypeMeta dtype) const { return this->dtype(dtype.toScalarType()); }
  template <class T>
  TensorOptions dtype() const {
    return dtype(CppTypeToScalarType<T>::value);
  }
  TensorOptions layout(std::optional<Layout> layout) const {
    TensorOptions r = *this;
    r.layout_ = layout;
    return r;
  }
  TensorOptions requires_grad(std::optional<bool> value) const {
    TensorOptions r = *this;
    r.requires_grad_ = value;
    return r;
  }
  TensorOptions pinned_memory(std::optional<bool> value) const {
    TensorOptions r = *this;
    r.pinned_memory_ = value;
    return r;
  }
  TensorOptions memory_format(std::optional<MemoryFormat> format) const {
    TensorOptions r = *this;
    r.memory_format_ = format;
    return r;
  }
  // What `other` sets wins.
  TensorOptions merge_in(const TensorOptions& other) const {
    TensorOptions r = *this;
    if (other.dtype_) r.dtype_ = other.dtype_;
    if (other.device_) r.device_ = other.device_;
    if (other.layout_) r.layout_ = other.layout_;
    if (other.requires_grad_) r.requires_grad_ = other.requires_grad_;
    if (other.pinned_memory_) r.pinned_memory_ = other.pinned_memory_;
    if (other.memory_format_) r.memory_format_ = other.memory_format_;
    return r;
  }

  Device device() const { return device_.value_or(Device(DeviceType::CPU)); }
  DeviceIndex device_index() const { return device().index(); }
  bool has_device() const { return device_.has_value(); }
  std::optional<Device> device_opt() const { return device_; }
  // torch's global default dtype is taken to be float32.
  TypeMeta dtype() const { return TypeMeta(dtype_.value_or(ScalarType::Float)); }
  bool has_dtype() const { return dtype_.has_value(); }
  std::optional<ScalarType> dtype_opt() const { return dtype_; }
  Layout layout() const { return layout_.value_or(Layout::Strided); }
  bool requires_grad() const { return requires_grad_.value_or(false); }
  bool pinned_memory() const { return pinned_memory_.value_or(false); }
  std::optional<MemoryFormat> memory_format_opt() const { return memory_format_; }

 private:
  std::optional<ScalarType> dtype_;
  std::optional<Device> device_;
  std::optional<Layout> layout_;
  std::optional<bool> requires_grad_;
  std::optional<bool> pinned_memory_;
  std::optional<MemoryFormat> memory_format_;
};

inline TensorOptions dtype(ScalarType type) { return TensorOptions().dtype(type); }
inline TensorOptions dtype(TypeMeta type) { return TensorOptions().dtype(type); }
template <class T>
TensorOptions dtype() {
  return TensorOptions().dtype<T>();
}
inline TensorOptions device(Device device) { return TensorOptions().device(device); }
inline TensorOptions layout(Layout layout) { return TensorOptions().layout(layout); }
inline TensorOptions requires_grad(bool value = true) {
  return TensorOptions().requires_grad(value);
}
inline TensorOptions memory_format(MemoryFormat format) {
  return TensorOptions().memory_format(format);
}

}  // namespace ffi_port
