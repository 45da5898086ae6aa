// torch's from_blob: a tensor over memory that something else owns.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "ffi_port/tensor.h"

namespace ffi_port {
namespace detail {

struct BlobStorage : Storage {
  std::function<void(void*)> deleter;
  void* data;
  BlobStorage(std::function<void(void*)> d, void* p) : deleter(std::move(d)), data(p) {}
  ~BlobStorage() override { deleter(data); }
};

}  // namespace detail

/// A tensor over memory someone else owns; `deleter`, if any, runs with its last handle.
inline Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides,
                        std::function<void(void*)> deleter, const TensorOptions& options = {}) {
  auto impl = std::make_shared<TensorImpl>();
  impl->sizes = sizes.vec();
  impl->strides = strides.vec();
  impl->dtype = options.dtype().toScalarType();
  impl->device = options.device();
  impl->data = static_cast<char*>(data);
  impl->detached = true;
  impl->storage = std::make_shared<detail::BlobStorage>(
      deleter ? std::move(deleter) : [](void*) {}, data);
  return Tensor(std::move(impl));
}
inline Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides,
                        const TensorOptions& options = {}) {
  return from_blob(data, sizes, strides, nullptr, options);
}
inline Tensor from_blob(void* data, IntArrayRef sizes, std::function<void(void*)> deleter,
                        const TensorOptions& options = {}) {
  return from_blob(data, sizes, detail::contiguous_strides(sizes), std::move(deleter), options);
}
inline Tensor from_blob(void* data, IntArrayRef sizes, const TensorOptions& options = {}) {
  return from_blob(data, sizes, detail::contiguous_strides(sizes), nullptr, options);
}

}  // namespace ffi_port
