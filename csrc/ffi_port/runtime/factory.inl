// The bodies of factory.h: what is checked before memory is asked for, and what it is filled with.
// Included by runtime.inl.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "ffi_port/factory.h"
#include "ffi_port/runtime/view.inl"

namespace ffi_port {
namespace detail {

static void check_options(const TensorOptions& options) {
  FFI_CHECK_NOT_IMPLEMENTED(!options.requires_grad(), "a tensor that requires grad");
  FFI_CHECK_NOT_IMPLEMENTED(!options.pinned_memory(), "pinned memory");
  FFI_CHECK_NOT_IMPLEMENTED(options.layout() == Layout::Strided, "layout ", options.layout());
}

static void check_sizes(IntArrayRef sizes, ScalarType dtype) {
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
static void check_out(const Tensor& out, IntArrayRef sizes, IntArrayRef strides, ScalarType dtype,
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
static std::vector<int64_t> like_strides(const Tensor& self) {
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

}  // namespace detail

Tensor empty(IntArrayRef sizes, const TensorOptions& options,
             const std::optional<Tensor>& out) {
  detail::check_options(options);
  const ScalarType dtype = options.dtype().toScalarType();
  detail::check_sizes(sizes, dtype);
  if (out) {
    detail::check_out(*out, sizes, detail::contiguous_strides(sizes), dtype, options.device());
    return *out;
  }
  return runtime::allocate(sizes, dtype, options.device());
}

Tensor empty_strided(IntArrayRef sizes, IntArrayRef strides,
                     const TensorOptions& options,
                     const std::optional<Tensor>& out) {
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

Tensor empty_like(const Tensor& self, const TensorOptions& options,
                  std::optional<MemoryFormat> format,
                  const std::optional<Tensor>& out) {
  const TensorOptions merged = self.options().merge_in(options);
  if (!format) format = options.memory_format_opt();
  if (format.value_or(MemoryFormat::Preserve) == MemoryFormat::Contiguous) {
    return empty(self.sizes(), merged, out);
  }
  FFI_CHECK_NOT_IMPLEMENTED(format.value_or(MemoryFormat::Preserve) == MemoryFormat::Preserve,
                            "empty_like in memory format ", *format);
  return empty_strided(self.sizes(), detail::like_strides(self), merged, out);
}
Tensor full(IntArrayRef sizes, const Scalar& value, TensorOptions options,
            const std::optional<Tensor>& out) {
  if (!options.has_dtype()) {
    options = options.dtype(value.isBoolean()        ? ScalarType::Bool
                            : value.isIntegral(true) ? ScalarType::Long
                                                     : ScalarType::Float);
  }
  return empty(sizes, options, out).fill_(value);
}
Tensor zeros(IntArrayRef sizes, const TensorOptions& options,
             const std::optional<Tensor>& out) {
  for (int64_t s : sizes) FFI_CHECK(s >= 0, "zeros: Dimension size must be non-negative.");
  return empty(sizes, options, out).zero_();
}
Tensor ones(IntArrayRef sizes, const TensorOptions& options,
            const std::optional<Tensor>& out) {
  return empty(sizes, options, out).fill_(1);
}
Tensor zeros_like(const Tensor& self, const TensorOptions& options,
                  std::optional<MemoryFormat> format,
                  const std::optional<Tensor>& out) {
  return empty_like(self, options, format, out).zero_();
}
Tensor ones_like(const Tensor& self, const TensorOptions& options,
                 std::optional<MemoryFormat> format,
                 const std::optional<Tensor>& out) {
  return empty_like(self, options, format, out).fill_(1);
}
Tensor full_like(const Tensor& self, const Scalar& value, const TensorOptions& options,
                 std::optional<MemoryFormat> format,
                 const std::optional<Tensor>& out) {
  return empty_like(self, options, format, out).fill_(value);
}

Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step,
                     TensorOptions options) {
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
Tensor arange(const Scalar& start, const Scalar& end, const TensorOptions& options) {
  return arange(start, end, 1, options);
}
Tensor arange(const Scalar& end, const TensorOptions& options) {
  return arange(0, end, 1, options);
}

Tensor Tensor::new_empty(IntArrayRef sizes, const TensorOptions& o) const {
  return empty(sizes, options().merge_in(o));
}
Tensor Tensor::new_zeros(IntArrayRef sizes, const TensorOptions& o) const {
  return empty(sizes, options().merge_in(o)).zero_();
}
Tensor Tensor::new_ones(IntArrayRef sizes, const TensorOptions& o) const {
  return ones(sizes, options().merge_in(o));
}
Tensor Tensor::new_full(IntArrayRef sizes, const Scalar& value,
                        const TensorOptions& o) const {
  return full(sizes, value, options().merge_in(o));
}

}  // namespace ffi_port
