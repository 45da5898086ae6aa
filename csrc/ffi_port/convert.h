// What a generated shim needs beyond shim.h: any argument as the C++ type the operator declares,
// and (results.h) results that may be arguments coming back.
#pragma once

#include <tvm/ffi/any.h>
#include <tvm/ffi/container/shape.h>
#include <tvm/ffi/container/tuple.h>
#include <tvm/ffi/container/variant.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "ffi_port/export.h"
#include "ffi_port/generator.h"
#include "ffi_port/results.h"
#include "ffi_port/shim.h"

namespace ffi_port {

/// A generator of the host travels as the object it is there; runtime.inl asks for its device.
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
    } else if constexpr (std::is_integral_v<T> ||
                         (std::is_enum_v<T> && !std::is_same_v<T, ScalarType>)) {
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

}  // namespace ffi_port
