// Fill, copy and read of CPU tensors, strides included, so that these need no framework. Used by
// runtime.cc.
#pragma once

#include <algorithm>
#include <cstring>
#include <vector>

#include "ffi_port/dispatch.h"
#include "ffi_port/tensor.h"

namespace ffi_port {
namespace cpu_ops {

/// Calls f(offset of a, offset of b) in bytes for every index of `a`, in row-major order.
template <class F>
void for_each(const Tensor& a, const Tensor& b, F&& f) {
  const int64_t n = a.numel();
  const int64_t item_a = static_cast<int64_t>(a.itemsize());
  const int64_t item_b = static_cast<int64_t>(b.itemsize());
  std::vector<int64_t> index(a.sizes().size(), 0);
  int64_t at_a = 0;
  int64_t at_b = 0;
  for (int64_t i = 0; i < n; ++i) {
    f(at_a * item_a, at_b * item_b);
    for (size_t d = index.size(); d-- > 0;) {
      at_a += a.strides()[d];
      at_b += b.strides()[d];
      if (++index[d] < a.sizes()[d]) break;
      at_a -= a.strides()[d] * index[d];
      at_b -= b.strides()[d] * index[d];
      index[d] = 0;
    }
  }
}

inline void copy_same_type(const Tensor& dst, const Tensor& src) {
  char* to = static_cast<char*>(dst.data_ptr());
  const char* from = static_cast<const char*>(src.data_ptr());
  const size_t item = dst.itemsize();
  if (dst.numel() == 0) return;
  if (dst.is_contiguous() && src.is_contiguous()) {
    std::memmove(to, from, dst.nbytes());
    return;
  }
  for_each(dst, src, [&](int64_t a, int64_t b) { std::memcpy(to + a, from + b, item); });
}

template <class T>
void fill_all(const Tensor& self, T value) {
  if (self.numel() == 0) return;
  char* to = static_cast<char*>(self.data_ptr());
  if (self.is_non_overlapping_and_dense()) {
    std::fill_n(reinterpret_cast<T*>(to), self.numel(), value);
    return;
  }
  for_each(self, self, [&](int64_t a, int64_t) { std::memcpy(to + a, &value, sizeof(T)); });
}

// The value is converted, and may be refused, even when there is nothing to fill, as in torch.
inline void fill_(const Tensor& self, const Scalar& value) {
  const auto type = self.scalar_type();
  if (isComplexType(type)) {
    FFI_DISPATCH_COMPLEX_TYPES(type, "fill_cpu", [&] {
      using part = typename scalar_t::value_type;
      fill_all<scalar_t>(self, scalar_t(value.to<part>()));
    });
    return;
  }
  FFI_DISPATCH_SWITCH(
      type, "fill_cpu",
      FFI_DISPATCH_CASE_ALL_TYPES([&] { fill_all(self, value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kBool, [&] { fill_all(self, value.to<scalar_t>()); })
      FFI_DISPATCH_CASE_REDUCED_FLOATING_TYPES([&] { fill_all(self, value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kFloat8_e5m2, [&] { fill_all(self, value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kFloat8_e4m3fn, [&] { fill_all(self, value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kFloat8_e5m2fnuz, [&] { fill_all(self, value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kFloat8_e4m3fnuz, [&] { fill_all(self, value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kFloat8_e8m0fnu, [&] { fill_all(self, value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kUInt16, [&] { fill_all(self, value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kUInt32, [&] { fill_all(self, value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kUInt64, [&] { fill_all(self, value.to<scalar_t>()); }));
}

inline Scalar item(const Tensor& self) {
  const void* data = self.const_data_ptr();
  if (self.scalar_type() == kBool) return Scalar(*static_cast<const bool*>(data));
  return FFI_DISPATCH_ALL_TYPES_AND2(
      kHalf, kBFloat16, self.scalar_type(), "_local_scalar_dense_cpu",
      [&]() -> Scalar { return Scalar(*static_cast<const scalar_t*>(data)); });
}

}  // namespace cpu_ops
}  // namespace ffi_port
