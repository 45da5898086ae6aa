// Results of a generated shim: an argument that comes back is told from a new tensor, because the
// caller must get its own object.
#pragma once

#include <tvm/ffi/any.h>
#include <tvm/ffi/container/shape.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "ffi_port/shim.h"

namespace ffi_port {
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
