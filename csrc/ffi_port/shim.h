// Between tvm-ffi and ported code, for the shim files that g++ compiles: tensors, optionals, lists
// and dtypes both ways, integer range checks as pybind11 makes them, and pybind11's table from C++
// exceptions to Python classes.
#pragma once

#include <tvm/ffi/any.h>
#include <tvm/ffi/container/array.h>
#include <tvm/ffi/container/tensor.h>
#include <tvm/ffi/error.h>
#include <tvm/ffi/function.h>
#include <tvm/ffi/optional.h>
#include <tvm/ffi/string.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "ffi_port/error.h"
#include "ffi_port/tensor.h"

namespace ffi_port {

// Dtypes and devices.

inline ScalarType from_ffi(DLDataType d) { return fromDlpack(DType{d.code, d.bits, d.lanes}); }
inline DLDataType to_ffi(ScalarType t) {
  const DType d = toDlpack(t);
  return DLDataType{d.code, d.bits, d.lanes};
}
inline Device from_ffi(DLDevice d) {
  const DeviceType type = fromDlpackDevice(static_cast<int32_t>(d.device_type));
  // torch's CPU tensors have no index.
  if (type == DeviceType::CPU) return Device(type);
  return Device(type, static_cast<DeviceIndex>(d.device_id));
}
inline DLDevice to_ffi(const Device& d) {
  return DLDevice{static_cast<DLDeviceType>(toDlpackDevice(d.type())),
                  d.has_index() ? static_cast<int32_t>(d.index()) : 0};
}

// Tensors into ported code. A TensorView stays the caller's; an owned Tensor is kept alive.

// These are compiled once, in runtime.inl: every operator calls them for every tensor.
namespace detail {

/// DLPack's `data` does not include `byte_offset`; ours does.
std::shared_ptr<TensorImpl> import_dltensor(const DLTensor& t);
/// A tvm-ffi tensor over the same memory; the caller vouches for memory that is only borrowed.
tvm::ffi::Tensor export_view(const Tensor& t);

}  // namespace detail

inline Tensor from_ffi(tvm::ffi::TensorView view) {
  // Its only member is the DLTensor; read whole, because strides() refuses a null pointer.
  static_assert(sizeof(tvm::ffi::TensorView) == sizeof(DLTensor), "TensorView is a DLTensor");
  return Tensor(detail::import_dltensor(reinterpret_cast<const DLTensor&>(view)));
}
Tensor from_ffi(const tvm::ffi::Tensor& tensor);
inline std::optional<Tensor> from_ffi(const tvm::ffi::Optional<tvm::ffi::TensorView>& view) {
  return view.has_value() ? std::optional<Tensor>(from_ffi(view.value())) : std::nullopt;
}
inline std::optional<Tensor> from_ffi(const tvm::ffi::Optional<tvm::ffi::Tensor>& tensor) {
  return tensor.has_value() ? std::optional<Tensor>(from_ffi(tensor.value())) : std::nullopt;
}
/// Elements that are None pass tvm-ffi's own check of an Array<Tensor>; they are refused here.
std::vector<Tensor> from_ffi(const tvm::ffi::Array<tvm::ffi::Tensor>& list);
std::vector<std::optional<Tensor>> from_ffi(
    const tvm::ffi::Array<tvm::ffi::Optional<tvm::ffi::Tensor>>& list);
std::vector<int64_t> from_ffi(const tvm::ffi::Array<int64_t>& list);
inline std::string from_ffi(const tvm::ffi::String& text) { return std::string(text); }

// Results out of ported code.

/// The very tensor that came in or was allocated when nothing but the handle changed, else a tensor
/// over the same memory that keeps it alive. An undefined tensor is None, as in pybind11.
tvm::ffi::Tensor to_ffi(const Tensor& t);
inline tvm::ffi::String to_ffi(const std::string& text) { return tvm::ffi::String(text); }
inline tvm::ffi::Optional<tvm::ffi::Tensor> to_ffi(const std::optional<Tensor>& t) {
  if (!t || !t->defined()) return std::nullopt;
  return to_ffi(*t);
}

namespace detail {
template <class T>
struct Export;
}  // namespace detail

/// Numbers in tvm-ffi's width (bool, int64_t or double), enums as their number, and containers.
template <class T>
auto to_ffi(const T& value) {
  return detail::Export<T>::to(value);
}

namespace detail {

template <class T>
struct Export {
  static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>, "a type that no shim returns");
  static auto to(T value) {
    if constexpr (std::is_same_v<T, bool>) {
      return value;
    } else if constexpr (std::is_floating_point_v<T>) {
      return static_cast<double>(value);
    } else {
      // 64 unsigned bits travel as the int64_t of the same bits; the adaptor knows.
      return static_cast<int64_t>(value);
    }
  }
};

template <class T>
using Exported = decltype(to_ffi(std::declval<const T&>()));

template <class T>
struct Export<std::optional<T>> {
  static tvm::ffi::Optional<Exported<T>> to(const std::optional<T>& value) {
    if (!value) return std::nullopt;
    return to_ffi(*value);
  }
};

template <class List, class T>
tvm::ffi::Array<Exported<T>> export_list(const List& list) {
  tvm::ffi::Array<Exported<T>> result;
  for (const T& item : list) result.push_back(to_ffi(item));
  return result;
}
template <class T>
struct Export<std::vector<T>> {
  static auto to(const std::vector<T>& list) { return export_list<std::vector<T>, T>(list); }
};
template <class T, size_t N>
struct Export<std::array<T, N>> {
  static auto to(const std::array<T, N>& list) { return export_list<std::array<T, N>, T>(list); }
};

/// The adaptor turns this into a Python tuple.
template <class... Ts>
struct Export<std::tuple<Ts...>> {
  static tvm::ffi::Array<tvm::ffi::Any> to(const std::tuple<Ts...>& items) {
    return std::apply(
        [](const Ts&... item) {
          return tvm::ffi::Array<tvm::ffi::Any>{tvm::ffi::Any(to_ffi(item))...};
        },
        items);
  }
};
template <class A, class B>
struct Export<std::pair<A, B>> {
  static auto to(const std::pair<A, B>& items) { return to_ffi(std::tuple<A, B>(items)); }
};

}  // namespace detail

/// An integer argument at its declared width, or an enum's: pybind11 refuses with TypeError what
/// does not fit. 64 unsigned bits travel as the int64_t of the same bits: all of them fit.
template <class T>
T narrow(int64_t value, const char* name) {
  bool fits = true;
  if constexpr (std::is_enum_v<T>) {
    return static_cast<T>(narrow<std::underlying_type_t<T>>(value, name));
  } else if constexpr (std::is_unsigned_v<T> && sizeof(T) == sizeof(value)) {
    return static_cast<T>(value);
  } else if constexpr (std::is_unsigned_v<T>) {
    fits = value >= 0 && value <= static_cast<int64_t>(std::numeric_limits<T>::max());
  } else {
    fits = value >= static_cast<int64_t>(std::numeric_limits<T>::min()) &&
           value <= static_cast<int64_t>(std::numeric_limits<T>::max());
  }
  FFI_CHECK_TYPE(fits, "incompatible function arguments: ", name, " = ", value,
                 " does not fit its ", sizeof(T) * 8, "-bit type");
  return static_cast<T>(value);
}

namespace detail {

/// The exception being handled, as the tvm-ffi error of the class pybind11 would have raised.
/// Called in a handler; compiled once, in runtime.inl, because every operator ends there.
[[noreturn]] void raise_handled();

}  // namespace detail

/// Runs `f`, turning what it throws into tvm-ffi errors. Nothing escapes as a bare C++ exception,
/// which would abort the process or lose its class.
template <class F>
auto guarded(F&& f) -> decltype(f()) {
  try {
    return f();
  } catch (...) {
    detail::raise_handled();
  }
}

}  // namespace ffi_port
