// torch's factory functions: empty, empty_like, empty_strided, zeros, ones, full, their _like forms
// and from_blob. Memory comes from the host's allocator (runtime.h). Each takes an optional last
// argument `out`: a tensor the caller provided for this result, used instead of allocating
// after its shape, dtype and device have been checked.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ffi_port/tensor.h"

namespace ffi_port {
namespace detail {

inline void check_options(const TensorOptions& options) {
  FFI_CHECK_NOT_IMPLEMENTED(!options.requires_grad(), "a tensor that requires grad");
  FFI_CHECK_NOT_IMPLEMENTED(!options.pinned_memory(), "pinned memory");
  FFI_CHECK_NOT_IMPLEMENTED(options.layout() == Layout::Strided, "layout ", options.layout());
}

inline void check_sizes(IntArrayRef sizes, ScalarType dtype) {
  uint64_t bytes = elementSize(dtype);
  for (int64_t s : sizes) {
    FFI_CHECK(s >= 0, "Trying to create tensor with negative dimension ", s, ": ", sizes);
  }
  bool overflow = false;
  for (int64_t s : sizes) {
    uint64_t next = 0;
    overflow |= __builtin_mul_overflow(bytes, static_cast<uint64_t>(s), &next);
    bytes = next;
  }
  FFI_CHECK(!overflow, "Storage size calculation overflowed with sizes=", sizes);
}

/// Strides count where they can be seen: a kernel that filled its own allocation trusts them.
inline void check_out(const Tensor& out, IntArrayRef sizes, IntArrayRef strides, ScalarType dtype,
                      Device device) {
  FFI_CHECK_VALUE(out.defined(), "the tensor given for an output is undefined");
  FFI_CHECK_VALUE(out.sizes() == sizes, "the tensor given for an output has shape ", out.sizes(),
                  " but the result has shape ", sizes);
  FFI_CHECK_VALUE(out.scalar_type() == dtype, "the tensor given for an output has dtype ",
                  out.scalar_type(), " but the result has dtype ", dtype);
  const bool same = out.device() == device ||
                    (out.device().type() == device.type() &&
                     (device.is_cpu() || !device.has_index()));
  FFI_CHECK_VALUE(same, "the tensor given for an output is on ", out.device(),
                  " but the result is on ", device);
  for (size_t i = 0; i < sizes.size(); ++i) {
    FFI_CHECK_VALUE(out.numel() == 0 || sizes[i] == 1 || out.strides()[i] == strides[i],
                    "the tensor given for an output has strides ", out.strides(),
                    " but the result has strides ", strides);
  }
}

/// Strides of an empty_like: those of a dense tensor kept, others closed up in the same order.
inline std::vector<int64_t> like_strides(const Tensor& self) {
  if (self.is_non_overlapping_and_dense()) return self.strides().vec();
  const IntArrayRef sizes = self.sizes();
  const IntArrayRef strides = self.strides();
  std::vector<size_t> order;  // innermost first
  for (size_t i = sizes.size(); i-- > 0;) order.push_back(i);
  // Positive when `a` belongs outside `b`; zero when a stride of 0 leaves it open.
  const auto compare = [&](size_t a, size_t b) {
    if (strides[a] == 0 || strides[b] == 0) return 0;
    if (strides[a] != strides[b]) return strides[a] < strides[b] ? -1 : 1;
    return sizes[a] > sizes[b] ? 1 : 0;
  };
  for (size_t i = 1; i < order.size(); ++i) {
    size_t moving = i;
    for (size_t j = i; j-- > 0;) {
      const int c = compare(order[j], order[moving]);
      if (c < 0) break;
      if (c > 0) {
        std::swap(order[j], order[moving]);
        moving = j;
      }
    }
  }
  std::vector<int64_t> result(sizes.size());
  int64_t next = 1;
  for (size_t i : order) {
    result[i] = next;
    next *= std::max<int64_t>(sizes[i], 1);
  }
  return result;
}

struct BlobStorage : Storage {
  std::function<void(void*)> deleter;
  void* data;
  BlobStorage(std::function<void(void*)> d, void* p) : deleter(std::move(d)), data(p) {}
  ~BlobStorage() override { deleter(data); }
};

}  // namespace detail

inline Tensor empty(IntArrayRef sizes, const TensorOptions& options = {},
                    const std::optional<Tensor>& out = std::nullopt) {
  detail::check_options(options);
  const ScalarType dtype = options.dtype().toScalarType();
  detail::check_sizes(sizes, dtype);
  if (out) {
    detail::check_out(*out, sizes, detail::contiguous_strides(sizes), dtype, options.device());
    return *out;
  }
  return runtime::allocate(sizes, dtype, options.device());
}

inline Tensor empty_strided(IntArrayRef sizes, IntArrayRef strides,
                            const TensorOptions& options = {},
                            const std::optional<Tensor>& out = std::nullopt) {
  FFI_CHECK(sizes.size() == strides.size(), "dimensionality of sizes (", sizes.size(),
            ") must match dimensionality of strides (", strides.size(), ")");
  if (out) {
    detail::check_options(options);
    const ScalarType dtype = options.dtype().toScalarType();
    detail::check_sizes(sizes, dtype);
    detail::check_out(*out, sizes, strides, dtype, options.device());
    return *out;
  }
  int64_t needed = detail::product(sizes) == 0 ? 0 : 1;
  for (size_t i = 0; needed && i < sizes.size(); ++i) needed += (sizes[i] - 1) * strides[i];
  if (strides.vec() == detail::contiguous_strides(sizes)) return empty(sizes, options);
  return detail::make_view(empty({needed}, options), sizes.vec(), strides.vec());
}

inline Tensor empty_like(const Tensor& self, const TensorOptions& options = {},
                         std::optional<MemoryFormat> format = std::nullopt,
                         const std::optional<Tensor>& out = std::nullopt) {
  const TensorOptions merged = self.options().merge_in(options);
  if (!format) format = options.memory_format_opt();
  if (format.value_or(MemoryFormat::Preserve) == MemoryFormat::Contiguous) {
    return empty(self.sizes(), merged, out);
  }
  FFI_CHECK_NOT_IMPLEMENTED(format.value_or(MemoryFormat::Preserve) == MemoryFormat::Preserve,
                            "empty_like in memory format ", *format);
  return empty_strided(self.sizes(), detail::like_strides(self), merged, out);
}
// A template, so that a third argument of std::nullopt still means the memory format.
template <class Out, class = std::enable_if_t<std::is_same_v<Out, std::optional<Tensor>>>>
Tensor empty_like(const Tensor& self, const TensorOptions& options, const Out& out) {
  return empty_like(self, options, std::nullopt, out);
}

inline Tensor full(IntArrayRef sizes, const Scalar& value, TensorOptions options = {},
                   const std::optional<Tensor>& out = std::nullopt) {
  if (!options.has_dtype()) {
    options = options.dtype(value.isBoolean()        ? ScalarType::Bool
                            : value.isIntegral(true) ? ScalarType::Long
                                                     : ScalarType::Float);
  }
  return empty(sizes, options, out).fill_(value);
}
inline Tensor zeros(IntArrayRef sizes, const TensorOptions& options = {},
                    const std::optional<Tensor>& out = std::nullopt) {
  for (int64_t s : sizes) FFI_CHECK(s >= 0, "zeros: Dimension size must be non-negative.");
  return empty(sizes, options, out).zero_();
}
inline Tensor ones(IntArrayRef sizes, const TensorOptions& options = {},
                   const std::optional<Tensor>& out = std::nullopt) {
  return empty(sizes, options, out).fill_(1);
}
inline Tensor zeros_like(const Tensor& self, const TensorOptions& options = {},
                         std::optional<MemoryFormat> format = std::nullopt,
                         const std::optional<Tensor>& out = std::nullopt) {
  return empty_like(self, options, format, out).zero_();
}
inline Tensor ones_like(const Tensor& self, const TensorOptions& options = {},
                        std::optional<MemoryFormat> format = std::nullopt,
                        const std::optional<Tensor>& out = std::nullopt) {
  return empty_like(self, options, format, out).fill_(1);
}
inline Tensor full_like(const Tensor& self, const Scalar& value, const TensorOptions& options = {},
                        std::optional<MemoryFormat> format = std::nullopt,
                        const std::optional<Tensor>& out = std::nullopt) {
  return empty_like(self, options, format, out).fill_(value);
}

inline Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step,
                     TensorOptions options = {}) {
  detail::check_options(options);
  const bool integral = start.isIntegral(true) && end.isIntegral(true) && step.isIntegral(true);
  if (!options.has_dtype()) options = options.dtype(integral ? kLong : kFloat);
  const ScalarType dtype = options.dtype().toScalarType();
  if (!integral || (dtype != kLong && dtype != kInt) || !options.device().is_cpu()) {
    return runtime::arange(start, end, step, dtype, options.device());
  }
  const int64_t from = start.toLong();
  const int64_t to = end.toLong();
  const int64_t by = step.toLong();
  FFI_CHECK(by != 0, "step must be nonzero");
  FFI_CHECK(by > 0 ? to >= from : to <= from,
            "upper bound and lower bound inconsistent with step sign");
  const int64_t count = (to - from) / by + ((to - from) % by != 0);
  Tensor result = empty({count}, options);
  for (int64_t i = 0; i < count; ++i) {
    if (dtype == kLong) {
      result.data_ptr<int64_t>()[i] = from + i * by;
    } else {
      result.data_ptr<int>()[i] = static_cast<int>(from + i * by);
    }
  }
  return result;
}
inline Tensor arange(const Scalar& start, const Scalar& end, const TensorOptions& options = {}) {
  return arange(start, end, 1, options);
}
inline Tensor arange(const Scalar& end, const TensorOptions& options = {}) {
  return arange(0, end, 1, options);
}

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

inline Tensor Tensor::new_empty(IntArrayRef sizes, const TensorOptions& o) const {
  return empty(sizes, options().merge_in(o));
}
inline Tensor Tensor::new_zeros(IntArrayRef sizes, const TensorOptions& o) const {
  return empty(sizes, options().merge_in(o)).zero_();
}
inline Tensor Tensor::new_ones(IntArrayRef sizes, const TensorOptions& o) const {
  return ones(sizes, options().merge_in(o));
}
inline Tensor Tensor::new_full(IntArrayRef sizes, const Scalar& value,
                               const TensorOptions& o) const {
  return full(sizes, value, options().merge_in(o));
}

}  // namespace ffi_port
