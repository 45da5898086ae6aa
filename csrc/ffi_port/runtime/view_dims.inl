// Tensor's views that pick, reorder, add or drop dimensions. Included by runtime.inl.
#pragma once

#include <limits>
#include <utility>

#include "ffi_port/runtime/view.inl"

namespace ffi_port {

Tensor Tensor::select(int64_t dim, int64_t index) const {
  FFI_CHECK_INDEX(this->dim() != 0, "select() cannot be applied to a 0-dim tensor.");
  const size_t d = static_cast<size_t>(detail::wrap_dim(dim, this->dim()));
  const int64_t size = sizes()[d];
  FFI_CHECK_INDEX(-size <= index && index < size, "select(): index ", index,
                  " out of range for tensor of size ", sizes(), " at dimension ", d);
  std::vector<int64_t> new_sizes = sizes().vec();
  std::vector<int64_t> new_strides = strides().vec();
  const int64_t offset = (index < 0 ? index + size : index) * new_strides[d];
  new_sizes.erase(new_sizes.begin() + static_cast<int64_t>(d));
  new_strides.erase(new_strides.begin() + static_cast<int64_t>(d));
  return detail::make_view(*this, std::move(new_sizes), std::move(new_strides), offset);
}

Tensor Tensor::slice(int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end,
                            int64_t step) const {
  FFI_CHECK_INDEX(this->dim() != 0, "slice() cannot be applied to a 0-dim tensor.");
  const size_t d = static_cast<size_t>(detail::wrap_dim(dim, this->dim()));
  FFI_CHECK(step > 0, "slice step must be positive");
  const int64_t size = sizes()[d];
  const auto clamp = [size](int64_t i, int64_t low) {
    if (i < 0) i += size;
    return i < low ? low : (i > size ? size : i);
  };
  const int64_t from = clamp(start.value_or(0), 0);
  const int64_t to = clamp(end.value_or(std::numeric_limits<int64_t>::max()), from);
  std::vector<int64_t> new_sizes = sizes().vec();
  std::vector<int64_t> new_strides = strides().vec();
  const int64_t offset = from * new_strides[d];
  new_sizes[d] = (to - from + step - 1) / step;
  new_strides[d] *= step;
  return detail::make_view(*this, std::move(new_sizes), std::move(new_strides), offset);
}

Tensor Tensor::narrow(int64_t dim, int64_t start, int64_t length) const {
  FFI_CHECK(this->dim() > 0, "narrow() cannot be applied to a 0-dim tensor.");
  FFI_CHECK(length >= 0, "narrow(): length must be non-negative.");
  const int64_t size = this->size(dim);
  FFI_CHECK_INDEX(-size <= start && start <= size,
                  "start out of range (expected to be in range of [", -size, ", ", size,
                  "], but got ", start, ")");
  if (start < 0) start += size;
  FFI_CHECK(start <= size - length, "start (", start, ") + length (", length,
            ") exceeds dimension size (", size, ").");
  return slice(dim, start, start + length, 1);
}

Tensor Tensor::transpose(int64_t dim0, int64_t dim1) const {
  const size_t a = static_cast<size_t>(detail::wrap_dim(dim0, dim()));
  const size_t b = static_cast<size_t>(detail::wrap_dim(dim1, dim()));
  std::vector<int64_t> new_sizes = sizes().vec();
  std::vector<int64_t> new_strides = strides().vec();
  if (a != b) {
    std::swap(new_sizes[a], new_sizes[b]);
    std::swap(new_strides[a], new_strides[b]);
  }
  return detail::make_view(*this, std::move(new_sizes), std::move(new_strides));
}

Tensor Tensor::t() const {
  FFI_CHECK(dim() <= 2, "t() expects a tensor with <= 2 dimensions, but self is ", dim(), "D");
  return transpose(0, dim() < 2 ? 0 : 1);
}

Tensor Tensor::permute(IntArrayRef dims) const {
  // torch's own text says sparse_coo, whatever the layout.
  FFI_CHECK(dims.size() == sizes().size(),
            "permute(sparse_coo): number of dimensions in the tensor input does not match the "
            "length of the desired ordering of dimensions i.e. input.dim() = ",
            dim(), " is not equal to len(dims) = ", dims.size());
  std::vector<int64_t> new_sizes;
  std::vector<int64_t> new_strides;
  std::vector<bool> seen(dims.size(), false);
  for (int64_t given : dims) {
    const size_t d = static_cast<size_t>(detail::wrap_dim(given, dim()));
    FFI_CHECK(!seen[d], "permute(): duplicate dims are not allowed.");
    seen[d] = true;
    new_sizes.push_back(sizes()[d]);
    new_strides.push_back(strides()[d]);
  }
  return detail::make_view(*this, std::move(new_sizes), std::move(new_strides));
}

Tensor Tensor::squeeze() const {
  std::vector<int64_t> new_sizes;
  std::vector<int64_t> new_strides;
  for (size_t i = 0; i < sizes().size(); ++i) {
    if (sizes()[i] == 1) continue;
    new_sizes.push_back(sizes()[i]);
    new_strides.push_back(strides()[i]);
  }
  return detail::make_view(*this, std::move(new_sizes), std::move(new_strides));
}

Tensor Tensor::squeeze(int64_t dim) const {
  const int64_t d = detail::wrap_dim(dim, this->dim());
  std::vector<int64_t> new_sizes = sizes().vec();
  std::vector<int64_t> new_strides = strides().vec();
  if (this->dim() > 0 && new_sizes[static_cast<size_t>(d)] == 1) {
    new_sizes.erase(new_sizes.begin() + d);
    new_strides.erase(new_strides.begin() + d);
  }
  return detail::make_view(*this, std::move(new_sizes), std::move(new_strides));
}

Tensor Tensor::unsqueeze(int64_t dim) const {
  const int64_t d = detail::wrap_dim(dim, this->dim() + 1);
  const size_t i = static_cast<size_t>(d);
  std::vector<int64_t> new_sizes = sizes().vec();
  std::vector<int64_t> new_strides = strides().vec();
  const int64_t stride = d >= this->dim() ? 1 : new_sizes[i] * new_strides[i];
  new_sizes.insert(new_sizes.begin() + d, 1);
  new_strides.insert(new_strides.begin() + d, stride);
  return detail::make_view(*this, std::move(new_sizes), std::move(new_strides));
}

Tensor Tensor::flatten(int64_t start_dim, int64_t end_dim) const {
  const int64_t start = detail::wrap_dim(start_dim, dim());
  const int64_t end = detail::wrap_dim(end_dim, dim());
  FFI_CHECK(start <= end, "flatten() has invalid args: start_dim cannot come after end_dim");
  if (dim() == 0) return reshape({1});
  if (start == end) return *this;
  std::vector<int64_t> shape;
  for (int64_t i = 0; i < dim(); ++i) {
    if (i > start && i <= end) {
      shape.back() *= sizes()[static_cast<size_t>(i)];
    } else {
      shape.push_back(sizes()[static_cast<size_t>(i)]);
    }
  }
  return reshape(shape);
}

Tensor Tensor::unflatten(int64_t dim, IntArrayRef sizes) const {
  const int64_t d = detail::wrap_dim(dim, this->dim());
  FFI_CHECK(!sizes.empty(), "unflatten: sizes must be non-empty");
  const int64_t whole = this->size(d);
  int64_t known = 1;
  bool infer = false;
  for (int64_t s : sizes) {
    if (s == -1) {
      infer = true;
    } else {
      known *= s;
    }
  }
  FFI_CHECK(infer ? known > 0 && whole % known == 0 : known == whole, "unflatten: Provided sizes ",
            sizes, " don't multiply up to the size of dim ", d, " (", whole,
            ") in the input tensor");
  std::vector<int64_t> shape = this->sizes().vec();
  const std::vector<int64_t> parts = detail::infer_size(sizes, whole);
  shape.erase(shape.begin() + d);
  shape.insert(shape.begin() + d, parts.begin(), parts.end());
  return view(shape);
}

Tensor Tensor::expand(IntArrayRef target, bool /*implicit*/) const {
  FFI_CHECK(target.size() >= sizes().size(), "expand(", toString(), "{", sizes(), "}, size=",
            target, "): the number of sizes provided (", target.size(),
            ") must be greater or equal to the number of dimensions in the tensor (", dim(), ")");
  const int64_t added = static_cast<int64_t>(target.size()) - dim();
  std::vector<int64_t> new_sizes = target.vec();
  std::vector<int64_t> new_strides(target.size());
  for (int64_t i = static_cast<int64_t>(target.size()) - 1; i >= 0; --i) {
    const size_t at = static_cast<size_t>(i);
    const bool is_new = i < added;
    const int64_t size = is_new ? 1 : sizes()[static_cast<size_t>(i - added)];
    int64_t stride = is_new ? (i + 1 < static_cast<int64_t>(target.size())
                                   ? new_sizes[at + 1] * new_strides[at + 1]
                                   : 1)
                            : strides()[static_cast<size_t>(i - added)];
    if (new_sizes[at] == -1) {
      FFI_CHECK(!is_new, "The expanded size of the tensor (-1) isn't allowed in a leading, "
                "non-existing dimension ", i);
      new_sizes[at] = size;
    }
    if (size != new_sizes[at]) {
      FFI_CHECK(size == 1, "The expanded size of the tensor (", new_sizes[at],
                ") must match the existing size (", size, ") at non-singleton dimension ", i,
                ".  Target sizes: ", target, ".  Tensor sizes: ", sizes());
      stride = 0;
    }
    new_strides[at] = stride;
  }
  return detail::make_view(*this, std::move(new_sizes), std::move(new_strides));
}

}  // namespace ffi_port
