// Tensor's views: new sizes and strides over the same memory, with torch's results and errors.
// Included by runtime.inl.
#pragma once

#include <algorithm>
#include <limits>
#include <utility>

#include "ffi_port/str.h"
#include "ffi_port/tensor.h"

namespace ffi_port {
namespace detail {

/// The same memory from `offset` elements further on.
Tensor make_view(const Tensor& self, std::vector<int64_t> sizes, std::vector<int64_t> strides,
                 int64_t offset = 0) {
  FFI_CHECK(self.defined(),
            "Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument "
            "#0 'self'");
  auto impl = std::make_shared<TensorImpl>(*self.unsafeGetTensorImpl());
  impl->sizes = std::move(sizes);
  impl->strides = std::move(strides);
  impl->offset += offset;
  if (impl->data) impl->data += offset * static_cast<int64_t>(elementSize(impl->dtype));
  return Tensor(std::move(impl));
}

/// `sizes` with its -1 filled in so that it holds `numel` elements.
std::vector<int64_t> infer_size(IntArrayRef sizes, int64_t numel) {
  std::vector<int64_t> result = sizes.vec();
  int64_t known = 1;
  int64_t inferred = -1;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == -1) {
      FFI_CHECK(inferred < 0, "only one dimension can be inferred");
      inferred = static_cast<int64_t>(i);
    } else {
      FFI_CHECK(sizes[i] >= 0, "invalid shape dimension ", sizes[i], " at index ", i,
                " of shape ", sizes);
      known *= sizes[i];
    }
  }
  const bool fits = inferred < 0 ? known == numel : known > 0 && numel % known == 0;
  FFI_CHECK(fits || (inferred >= 0 && known == 0 && numel == 0), "shape '", sizes,
            "' is invalid for input of size ", numel);
  if (inferred >= 0) {
    FFI_CHECK(known != 0, "cannot reshape tensor of 0 elements into shape ", sizes,
              " because the unspecified dimension size -1 can be any value and is ambiguous");
    result[static_cast<size_t>(inferred)] = numel / known;
  }
  return result;
}

/// Strides that show `self`'s elements, in order, under `sizes`; none if only a copy can.
std::optional<std::vector<int64_t>> view_strides(const Tensor& self, IntArrayRef sizes) {
  const IntArrayRef old_sizes = self.sizes();
  const IntArrayRef old_strides = self.strides();
  if (self.numel() == 0) {
    return old_sizes == sizes ? old_strides.vec() : contiguous_strides(sizes);
  }
  std::vector<int64_t> strides(sizes.size(), 1);
  if (old_sizes.empty()) return strides;
  // Walk the old dimensions from the right, in runs whose elements lie a constant stride apart;
  // new dimensions must fill each run exactly.
  size_t next = sizes.size();  // sizes[next...] have their strides
  int64_t run = 1;
  int64_t base = old_strides.back();
  for (size_t d = old_sizes.size(); d-- > 0;) {
    run *= old_sizes[d];
    if (d > 0 && (old_sizes[d - 1] == 1 || old_strides[d - 1] == run * base)) continue;
    int64_t filled = 1;
    while (next > 0 && (filled < run || sizes[next - 1] == 1)) {
      strides[--next] = filled * base;
      filled *= sizes[next];
    }
    if (filled != run) return std::nullopt;
    if (d > 0) base = old_strides[d - 1];
    run = 1;
  }
  if (next != 0) return std::nullopt;
  return strides;
}

}  // namespace detail

bool Tensor::is_contiguous(MemoryFormat format) const {
  if (!defined()) return true;
  if (numel() == 0) return true;
  const IntArrayRef sizes = this->sizes();
  const IntArrayRef strides = this->strides();
  std::vector<size_t> order;  // innermost first
  if (format == MemoryFormat::ChannelsLast && sizes.size() == 4) {
    order = {1, 3, 2, 0};
  } else if (format == MemoryFormat::ChannelsLast3d && sizes.size() == 5) {
    order = {1, 4, 3, 2, 0};
  } else if (format != MemoryFormat::Contiguous) {
    return false;
  } else {
    for (size_t i = sizes.size(); i-- > 0;) order.push_back(i);
  }
  int64_t expected = 1;
  for (size_t i : order) {
    if (sizes[i] != 1 && strides[i] != expected) return false;
    expected *= sizes[i];
  }
  return true;
}

bool Tensor::is_non_overlapping_and_dense() const {
  if (is_contiguous()) return true;
  std::vector<size_t> order;
  for (size_t i = 0; i < sizes().size(); ++i) {
    if (sizes()[i] > 1) order.push_back(i);
  }
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return strides()[a] < strides()[b]; });
  int64_t expected = 1;
  for (size_t i : order) {
    if (strides()[i] != expected) return false;
    expected *= sizes()[i];
  }
  return true;
}

Tensor Tensor::as_strided(IntArrayRef sizes, IntArrayRef strides,
                          std::optional<int64_t> storage_offset) const {
  const int64_t offset = storage_offset.value_or(this->storage_offset());
  FFI_CHECK(sizes.size() == strides.size(), "mismatch in length of strides and shape");
  int64_t last = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    FFI_CHECK(strides[i] >= 0,
              "as_strided: Negative strides are not supported at the moment, got strides: ",
              strides);
    last += (sizes[i] - 1) * strides[i];
  }
  const int64_t bytes = unsafeGetTensorImpl() ? unsafeGetTensorImpl()->storage_bytes : -1;
  const int64_t item = static_cast<int64_t>(itemsize());
  if (bytes >= 0 && detail::product(sizes) != 0) {
    FFI_CHECK((last + 1 + offset) * item <= bytes, "setStorage: sizes ", sizes, ", strides ",
              strides, ", storage offset ", offset, ", and itemsize ", item,
              " requiring a storage size of ", (last + 1 + offset) * item,
              " are out of bounds for storage of size ", bytes);
  }
  return detail::make_view(*this, sizes.vec(), strides.vec(), offset - this->storage_offset());
}

Tensor Tensor::alias() const {
  return defined() ? detail::make_view(*this, sizes().vec(), strides().vec()) : Tensor();
}

Tensor Tensor::detach() const {
  const Tensor result = alias();
  if (defined()) const_cast<TensorImpl*>(result.unsafeGetTensorImpl())->detached = true;
  return result;
}

Tensor Tensor::view(IntArrayRef sizes) const {
  if (!defined()) return detail::make_view(*this, {}, {});
  std::vector<int64_t> inferred = detail::infer_size(sizes, numel());
  auto strides = detail::view_strides(*this, inferred);
  FFI_CHECK(strides.has_value(),
            "view size is not compatible with input tensor's size and stride (at least one "
            "dimension spans across two contiguous subspaces). Use .reshape(...) instead.");
  return detail::make_view(*this, std::move(inferred), std::move(*strides));
}

Tensor Tensor::view_as(const Tensor& other) const { return view(other.sizes()); }

Tensor Tensor::reshape(IntArrayRef sizes) const {
  std::vector<int64_t> inferred = detail::infer_size(sizes, numel());
  auto strides = detail::view_strides(*this, inferred);
  if (strides) return detail::make_view(*this, std::move(inferred), std::move(*strides));
  return runtime::contiguous(*this).view(inferred);
}

Tensor Tensor::reshape_as(const Tensor& other) const { return reshape(other.sizes()); }

Tensor Tensor::view(ScalarType dtype) const {
  const int64_t old_size = static_cast<int64_t>(itemsize());
  const int64_t new_size = static_cast<int64_t>(elementSize(dtype));
  std::vector<int64_t> sizes = this->sizes().vec();
  std::vector<int64_t> strides = this->strides().vec();
  const auto names = str("to view ", scalar_type(), " as ", dtype, " (different element sizes)");
  int64_t up = 1;
  int64_t down = 1;
  if (old_size != new_size) {
    FFI_CHECK(dim() != 0, "self.dim() cannot be 0 ", names);
    if (new_size > old_size) {
      down = new_size / old_size;
      FFI_CHECK(size(-1) % down == 0, "self.size(-1) must be divisible by ", down, " ", names,
                ", but got ", size(-1));
      FFI_CHECK(storage_offset() % down == 0, "self.storage_offset() must be divisible by ", down,
                " ", names, ", but got ", storage_offset());
    } else {
      up = old_size / new_size;
    }
    FFI_CHECK(stride(-1) == 1, "self.stride(-1) must be 1 ", names, ", but got ", stride(-1));
    for (size_t i = 0; i + 1 < strides.size(); ++i) {
      FFI_CHECK(strides[i] % down == 0, "self.stride(", i, ") must be divisible by ", down, " ",
                names, ", but got ", strides[i]);
      strides[i] = strides[i] * up / down;
    }
    sizes.back() = sizes.back() * up / down;
  }
  auto impl = std::make_shared<TensorImpl>(*unsafeGetTensorImpl());
  impl->sizes = std::move(sizes);
  impl->strides = std::move(strides);
  impl->dtype = dtype;
  impl->offset = impl->offset * up / down;
  return Tensor(std::move(impl));
}

// As functions.

Tensor slice(const Tensor& self, int64_t dim,
                    std::optional<int64_t> start,
                    std::optional<int64_t> end, int64_t step) {
  return self.slice(dim, start, end, step);
}
Tensor transpose(const Tensor& self, int64_t dim0, int64_t dim1) {
  return self.transpose(dim0, dim1);
}
Tensor reshape(const Tensor& self, IntArrayRef sizes) { return self.reshape(sizes); }
Tensor permute(const Tensor& self, IntArrayRef dims) { return self.permute(dims); }
Tensor unsqueeze(const Tensor& self, int64_t dim) { return self.unsqueeze(dim); }
Tensor narrow(const Tensor& self, int64_t dim, int64_t start, int64_t length) {
  return self.narrow(dim, start, length);
}

int64_t numel(const Tensor& tensor) { return tensor.numel(); }
int64_t size(const Tensor& tensor, int64_t dim) { return tensor.size(dim); }
int64_t stride(const Tensor& tensor, int64_t dim) { return tensor.stride(dim); }
bool is_floating_point(const Tensor& tensor) { return tensor.is_floating_point(); }
bool is_complex(const Tensor& tensor) { return tensor.is_complex(); }


// Arithmetic that makes a new tensor.
#define FFI_PORT_OPERATOR(SIGN, NAME)                                                       \
  Tensor operator SIGN(const Tensor& a, const Tensor& b) { return a.NAME(b); }       \
  Tensor operator SIGN(const Tensor& a, const Scalar& b) { return a.NAME(b); }
FFI_PORT_OPERATOR(+, add)
FFI_PORT_OPERATOR(-, sub)
FFI_PORT_OPERATOR(*, mul)
FFI_PORT_OPERATOR(/, div)
FFI_PORT_OPERATOR(==, eq)
FFI_PORT_OPERATOR(!=, ne)
FFI_PORT_OPERATOR(<, lt)
FFI_PORT_OPERATOR(<=, le)
FFI_PORT_OPERATOR(>, gt)
FFI_PORT_OPERATOR(>=, ge)
FFI_PORT_OPERATOR(&, bitwise_and)
FFI_PORT_OPERATOR(|, bitwise_or)
#undef FFI_PORT_OPERATOR
// A number on the left takes the tensor's dtype, as in torch.
Tensor operator+(const Scalar& a, const Tensor& b) { return b.add(a); }
Tensor operator*(const Scalar& a, const Tensor& b) { return b.mul(a); }
Tensor operator-(const Scalar& a, const Tensor& b) { return b.clone().fill_(a).sub_(b); }
Tensor operator/(const Scalar& a, const Tensor& b) { return b.reciprocal().mul_(a); }
Tensor operator<(const Scalar& a, const Tensor& b) { return b.gt(a); }
Tensor operator<=(const Scalar& a, const Tensor& b) { return b.ge(a); }
Tensor operator>(const Scalar& a, const Tensor& b) { return b.lt(a); }
Tensor operator>=(const Scalar& a, const Tensor& b) { return b.le(a); }
Tensor operator-(const Tensor& self) { return self.neg(); }
Tensor operator~(const Tensor& self) { return self.bitwise_not(); }

}  // namespace ffi_port
