// What torch asks before it writes one tensor into another: memory that overlaps, shapes that do
// not broadcast. Metadata only, so the answer is the same on every device. Used by runtime.inl.
#pragma once

#include <algorithm>
#include <vector>

#include "ffi_port/tensor.h"

namespace ffi_port {
namespace detail {

inline void check_defined(const Tensor& t, int number, const char* name) {
  FFI_CHECK(t.defined(),
            "Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument #",
            number, " '", name, "'");
}

/// No two elements of `self` may share a place. torch looks for expanded dimensions only.
inline void check_no_internal_overlap(const Tensor& self) {
  if (self.is_non_overlapping_and_dense()) return;
  for (size_t i = 0; i < self.sizes().size(); ++i) {
    FFI_CHECK(self.sizes()[i] <= 1 || self.strides()[i] != 0,
              "unsupported operation: more than one element of the written-to tensor refers to a "
              "single memory location. Please clone() the tensor before performing the operation.");
  }
}

/// The same memory as a whole is fine, a part of it is not. torch judges dense tensors only.
inline void check_no_partial_overlap(const Tensor& self, const Tensor& other) {
  if (self.is_same(other) || self.numel() == 0 || other.numel() == 0) return;
  if (!self.is_non_overlapping_and_dense() || !other.is_non_overlapping_and_dense()) return;
  if (self.device() != other.device()) return;
  const auto* a = static_cast<const char*>(self.const_data_ptr());
  const auto* b = static_cast<const char*>(other.const_data_ptr());
  const bool apart = a + self.nbytes() <= b || b + other.nbytes() <= a;
  const bool same = a == b && self.nbytes() == other.nbytes() && self.strides() == other.strides();
  FFI_CHECK(apart || same,
            "unsupported operation: some elements of the input tensor and the written-to tensor "
            "refer to a single memory location. Please clone() the tensor before performing the "
            "operation.");
}

/// `other` must broadcast to the shape of `self`, which stays as it is.
inline void check_broadcast(const Tensor& self, const Tensor& other) {
  const IntArrayRef a = self.sizes();
  const IntArrayRef b = other.sizes();
  if (a == b) return;
  std::vector<int64_t> shape(std::max(a.size(), b.size()));
  for (size_t i = 1; i <= shape.size(); ++i) {
    const int64_t size_a = i <= a.size() ? a[a.size() - i] : 1;
    const int64_t size_b = i <= b.size() ? b[b.size() - i] : 1;
    FFI_CHECK(size_a == size_b || size_a == 1 || size_b == 1, "The size of tensor a (", size_a,
              ") must match the size of tensor b (", size_b, ") at non-singleton dimension ",
              shape.size() - i);
    shape[shape.size() - i] = size_a == 1 ? size_b : size_a;
  }
  FFI_CHECK(a == shape, "output with shape ", a, " doesn't match the broadcast shape ",
            IntArrayRef(shape));
}

/// All of it, for a write of `other`, argument `name` of torch's function, into `self`.
inline void check_write(const Tensor& self, const Tensor& other, const char* name) {
  check_defined(self, 0, "self");
  check_defined(other, 1, name);
  check_no_internal_overlap(self);
  check_no_partial_overlap(self, other);
  check_broadcast(self, other);
}

}  // namespace detail
}  // namespace ffi_port
