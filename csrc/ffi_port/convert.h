// What a generated shim needs beyond shim.h: any argument as the C++ type the operator declares,
// and results that may be arguments coming back.
#pragma once

#include <tvm/ffi/any.h>
#include <tvm/ffi/container/shape.h>
#include <tvm/ffi/container/tuple.h>

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "ffi_port/generator.h"
#include "ffi_port/shim.h"

namespace ffi_port {

/// A generator of the host, which travels as the object it is there; runtime.cc asks for its device.
Generator generator_from_ffi(const tvm::ffi::Any& generator);

namespace detail {

template <class T>
struct Convert;

}  // namespace detail

/// An argument of the shim as the operator's own type, e.g. `std::optional<std::vector<int>>`.
template <class T, class V>
T from_ffi(const V& value) {
  return detail::Convert<T>::from(value);
}

namespace detail {

template <class T>
struct Convert {
  template <class V>
  static T from(const V& value) {
    if constexpr (std::is_same_v<T, bool> || std::is_floating_point_v<T>) {
      return static_cast<T>(value);
    } else if constexpr (std::is_integral_v<T>) {
      return narrow<T>(value, "an element");
    } else {
      return ffi_port::from_ffi(value);
    }
  }
};

template <class T>
struct Convert<std::optional<T>> {
  template <class V>
  static std::optional<T> from(const tvm::ffi::Optional<V>& value) {
    if (!value.has_value()) return std::nullopt;
    return Convert<T>::from(value.value());
  }
};

template <>
struct Convert<Generator> {
  static Generator from(const tvm::ffi::Any& value) { return generator_from_ffi(value); }
};

template <>
struct Convert<std::optional<Generator>> {
  static std::optional<Generator> from(const tvm::ffi::Any& value) {
    if (value == nullptr) return std::nullopt;
    return generator_from_ffi(value);
  }
};

template <class T>
struct Convert<std::vector<T>> {
  template <class V>
  static std::vector<T> from(const tvm::ffi::Array<V>& list) {
    std::vector<T> result;
    result.reserve(list.size());
    for (const auto& item : list) result.push_back(Convert<T>::from(item));
    return result;
  }
};

template <class... Ts>
struct Convert<std::tuple<Ts...>> {
  template <class V>
  static std::tuple<Ts...> from(const V& items) {
    return pick(items, std::index_sequence_for<Ts...>{});
  }

 private:
  template <class V, size_t... I>
  static std::tuple<Ts...> pick(const V& items, std::index_sequence<I...>) {
    return std::tuple<Ts...>(Convert<Ts>::from(items.template get<I>())...);
  }
};

template <class A, class B>
struct Convert<std::pair<A, B>> {
  template <class V>
  static std::pair<A, B> from(const V& items) {
    return {Convert<A>::from(items.template get<0>()), Convert<B>::from(items.template get<1>())};
  }
};

}  // namespace detail

namespace detail {

/// Bytes from a tensor's first element to the end of its last, whatever its strides.
inline int64_t extent_bytes(const TensorImpl& impl) {
  int64_t last = 0;
  for (size_t i = 0; i < impl.sizes.size(); ++i) {
    if (impl.sizes[i] == 0) return 0;
    last += (impl.sizes[i] - 1) * impl.strides[i];
  }
  return (last + 1) * static_cast<int64_t>(elementSize(impl.dtype));
}

}  // namespace detail

using Arguments = std::initializer_list<std::optional<Tensor>>;

/// A tensor that may be (a view of) an argument. The adaptor turns the marker back into the
/// caller's own object, because tvm-ffi would hand out a new tensor without its autograd history.
inline tvm::ffi::Any result(const Tensor& tensor, Arguments arguments) {
  using tvm::ffi::Any;
  if (!tensor.defined()) return Any(nullptr);
  const TensorImpl& impl = *tensor.unsafeGetTensorImpl();
  int64_t index = -1;
  for (const std::optional<Tensor>& argument : arguments) {
    ++index;
    if (argument && tensor.is_same(*argument)) {
      return tvm::ffi::Array<Any>{Any(tvm::ffi::String("ffi_port.argument")), Any(index)};
    }
  }
  if (impl.storage) return Any(to_ffi(tensor));
  // Borrowed memory: a view of the argument it lies in.
  index = -1;
  for (const std::optional<Tensor>& argument : arguments) {
    ++index;
    if (!argument || !argument->defined() || argument->scalar_type() != impl.dtype) continue;
    const TensorImpl& base = *argument->unsafeGetTensorImpl();
    const int64_t offset = impl.data - base.data;
    if (offset < 0 || offset > detail::extent_bytes(base)) continue;
    const auto item = static_cast<int64_t>(argument->itemsize());
    return tvm::ffi::Array<Any>{Any(tvm::ffi::String("ffi_port.view")), Any(index),
                                Any(tvm::ffi::Shape(impl.sizes)),
                                Any(tvm::ffi::Shape(impl.strides)), Any(offset / item)};
  }
  return Any(to_ffi(tensor));
}

template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
tvm::ffi::Any result(T value, Arguments /*arguments*/) {
  return tvm::ffi::Any(value);
}

inline tvm::ffi::Any result(const std::string& text, Arguments /*arguments*/) {
  return tvm::ffi::Any(to_ffi(text));
}

inline tvm::ffi::Any result(const std::optional<Tensor>& tensor, Arguments arguments) {
  return tensor ? result(*tensor, arguments) : tvm::ffi::Any(nullptr);
}

template <class T>
tvm::ffi::Any result(const std::vector<T>& list, Arguments arguments) {
  tvm::ffi::Array<tvm::ffi::Any> items;
  for (const T& item : list) items.push_back(result(item, arguments));
  return tvm::ffi::Any(items);
}

template <class... Ts>
tvm::ffi::Any result(const std::tuple<Ts...>& items, Arguments arguments) {
  return std::apply(
      [&](const Ts&... item) {
        return tvm::ffi::Any(tvm::ffi::Array<tvm::ffi::Any>{result(item, arguments)...});
      },
      items);
}

template <class A, class B>
tvm::ffi::Any result(const std::pair<A, B>& items, Arguments arguments) {
  return result(std::tuple<A, B>(items), arguments);
}

}  // namespace ffi_port
