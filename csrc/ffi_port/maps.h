// std::map and std::unordered_map as arguments and results of a shim, for the few that have some.
#pragma once

#include <tvm/ffi/any.h>
#include <tvm/ffi/container/map.h>

#include <map>
#include <unordered_map>

#include "ffi_port/convert.h"

namespace ffi_port {
namespace detail {

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

template <class M>
auto export_map(const M& map) {
  tvm::ffi::Map<Exported<typename M::key_type>, Exported<typename M::mapped_type>> result;
  for (const auto& item : map) result.Set(to_ffi(item.first), to_ffi(item.second));
  return result;
}
template <class K, class V>
struct Export<std::map<K, V>> {
  static auto to(const std::map<K, V>& map) { return export_map(map); }
};
template <class K, class V>
struct Export<std::unordered_map<K, V>> {
  static auto to(const std::unordered_map<K, V>& map) { return export_map(map); }
};

}  // namespace detail

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

}  // namespace ffi_port
