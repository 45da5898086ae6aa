// What a generated shim needs beyond shim.h: any argument as the C++ type the operator declares,
// and results that may be arguments coming back.
#pragma once

#include <tvm/ffi/any.h>
#include <tvm/ffi/container/shape.h>
#include <tvm/ffi/container/tuple.h>
#include <tvm/ffi/container/variant.h>

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
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
    } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
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

template <class T, size_t N>
struct Convert<std::array<T, N>> {
  template <class V>
  static std::array<T, N> from(const tvm::ffi::Array<V>& list) {
    FFI_CHECK_TYPE(list.size() == N, "incompatible function arguments: expected ", N,
                   " elements but got ", list.size());
    return pick(list, std::make_index_sequence<N>{});
  }

 private:
  template <class V, size_t... I>
  static std::array<T, N> pick(const tvm::ffi::Array<V>& list, std::index_sequence<I...>) {
    return {Convert<T>::from(list[I])...};
  }
};

template <class M, class V>
M convert_map(const V& items) {
  M result;
  for (const auto& [key, value] : items) {
    result.emplace(Convert<typename M::key_type>::from(key),
                   Convert<typename M::mapped_type>::from(value));
  }
  return result;
}
template <class K, class T>
struct Convert<std::map<K, T>> {
  template <class V>
  static std::map<K, T> from(const V& items) {
    return convert_map<std::map<K, T>>(items);
  }
};
template <class K, class T>
struct Convert<std::unordered_map<K, T>> {
  template <class V>
  static std::unordered_map<K, T> from(const V& items) {
    return convert_map<std::unordered_map<K, T>>(items);
  }
};

/// The alternative that tvm-ffi chose, under its C++ type.
template <class... Ts>
struct Convert<std::variant<Ts...>> {
  template <class... Vs>
  static std::variant<Ts...> from(const tvm::ffi::Variant<Vs...>& value) {
    std::optional<std::variant<Ts...>> result;
    (take<Ts, Vs>(value, result), ...);
    return *std::move(result);
  }

 private:
  template <class T, class V, class From>
  static void take(const From& value, std::optional<std::variant<Ts...>>& result) {
    if (result) return;
    if (auto item = value.template as<V>()) result = Convert<T>::from(*item);
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

using Arguments = std::vector<std::optional<Tensor>>;

namespace detail {

template <class T>
void collect(Arguments& into, const T& /*no tensor*/) {
  into.push_back(std::nullopt);
}
inline void collect(Arguments& into, const Tensor& tensor) { into.push_back(tensor); }
template <class T>
void collect(Arguments& into, const std::optional<T>& value);
template <class T>
void collect(Arguments& into, const std::vector<T>& list);
template <class T, size_t N>
void collect(Arguments& into, const std::array<T, N>& list);
template <class... Ts>
void collect(Arguments& into, const std::tuple<Ts...>& items);
template <class A, class B>
void collect(Arguments& into, const std::pair<A, B>& items);

template <class T>
void collect(Arguments& into, const std::optional<T>& value) {
  value ? collect(into, *value) : into.push_back(std::nullopt);
}
template <class T>
void collect(Arguments& into, const std::vector<T>& list) {
  for (const T& item : list) collect(into, item);
}
template <class T, size_t N>
void collect(Arguments& into, const std::array<T, N>& list) {
  for (const T& item : list) collect(into, item);
}
template <class... Ts>
void collect(Arguments& into, const std::tuple<Ts...>& items) {
  std::apply([&](const Ts&... item) { (collect(into, item), ...); }, items);
}
template <class A, class B>
void collect(Arguments& into, const std::pair<A, B>& items) {
  collect(into, items.first);
  collect(into, items.second);
}

}  // namespace detail

/// What may come back, one place for each item of a list or tuple: the adaptor counts the same.
template <class... Ts>
Arguments arguments(const Ts&... values) {
  Arguments result;
  (detail::collect(result, values), ...);
  return result;
}

/// A tensor that may be (a view of) an argument. The adaptor turns the marker back into the
/// caller's own object, because tvm-ffi would hand out a new tensor without its autograd history.
inline tvm::ffi::Any result(const Tensor& tensor, const Arguments& arguments) {
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

/// What holds no tensor.
template <class T>
tvm::ffi::Any result(const T& value, const Arguments& /*arguments*/) {
  return tvm::ffi::Any(to_ffi(value));
}

template <class T>
tvm::ffi::Any result(const std::optional<T>& value, const Arguments& arguments) {
  return value ? result(*value, arguments) : tvm::ffi::Any(nullptr);
}

template <class T>
tvm::ffi::Any result(const std::vector<T>& list, const Arguments& arguments) {
  tvm::ffi::Array<tvm::ffi::Any> items;
  for (const T& item : list) items.push_back(result(item, arguments));
  return tvm::ffi::Any(items);
}

template <class T, size_t N>
tvm::ffi::Any result(const std::array<T, N>& list, const Arguments& arguments) {
  return result(std::vector<T>(list.begin(), list.end()), arguments);
}

template <class M>
tvm::ffi::Any map_result(const M& map, const Arguments& arguments) {
  tvm::ffi::Map<tvm::ffi::Any, tvm::ffi::Any> items;
  for (const auto& [key, value] : map) items.Set(to_ffi(key), result(value, arguments));
  return tvm::ffi::Any(items);
}
template <class K, class V>
tvm::ffi::Any result(const std::map<K, V>& map, const Arguments& arguments) {
  return map_result(map, arguments);
}
template <class K, class V>
tvm::ffi::Any result(const std::unordered_map<K, V>& map, const Arguments& arguments) {
  return map_result(map, arguments);
}

template <class... Ts>
tvm::ffi::Any result(const std::tuple<Ts...>& items, const Arguments& arguments) {
  return std::apply(
      [&](const Ts&... item) {
        return tvm::ffi::Any(tvm::ffi::Array<tvm::ffi::Any>{result(item, arguments)...});
      },
      items);
}

template <class A, class B>
tvm::ffi::Any result(const std::pair<A, B>& items, const Arguments& arguments) {
  return result(std::tuple<A, B>(items), arguments);
}

}  // namespace ffi_port
