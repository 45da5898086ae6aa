// Fill, copy and read of CPU tensors, strides included, so that these need no framework. Used by
// runtime.inl.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "ffi_port/complex.h"
#include "ffi_port/dispatch.h"
#include "ffi_port/float8.h"
#include "ffi_port/tensor.h"

namespace ffi_port {
namespace cpu_ops {

/// A run of elements along the last dimension of two tensors: where it starts in each and how far
/// its elements lie apart there, in bytes.
struct Run {
  int64_t a;
  int64_t b;
  int64_t count;
  int64_t step_a;
  int64_t step_b;
};

/// Calls visit(context, run) for all of `a`, in row-major order; `b` has its shape.
inline void walk(const Tensor& a, const Tensor& b, void (*visit)(void*, const Run&),
                 void* context) {
  if (a.numel() == 0) return;
  const int64_t item_a = static_cast<int64_t>(a.itemsize());
  const int64_t item_b = static_cast<int64_t>(b.itemsize());
  const IntArrayRef sizes = a.sizes();
  const size_t outer = sizes.empty() ? 0 : sizes.size() - 1;
  Run run{0, 0, 1, 0, 0};
  if (!sizes.empty()) {
    run.count = sizes[outer];
    run.step_a = a.strides()[outer] * item_a;
    run.step_b = b.strides()[outer] * item_b;
  }
  std::vector<int64_t> index(outer, 0);
  for (bool more = true; more;) {
    visit(context, run);
    more = false;
    for (size_t d = outer; d-- > 0 && !more;) {
      const int64_t step_a = a.strides()[d] * item_a;
      const int64_t step_b = b.strides()[d] * item_b;
      run.a += step_a;
      run.b += step_b;
      more = ++index[d] < sizes[d];
      if (more) break;
      run.a -= step_a * index[d];
      run.b -= step_b * index[d];
      index[d] = 0;
    }
  }
}

/// The same with f(run): the walk itself is compiled once.
template <class F>
void for_each_run(const Tensor& a, const Tensor& b, F f) {
  walk(a, b, [](void* context, const Run& run) { (*static_cast<F*>(context))(run); }, &f);
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
  for_each_run(dst, src, [&](const Run& run) {
    for (int64_t i = 0; i < run.count; ++i) {
      std::memcpy(to + run.a + i * run.step_a, from + run.b + i * run.step_b, item);
    }
  });
}

/// One value of any type, by its bytes.
struct Bytes {
  alignas(16) char bytes[16];
  template <class T>
  void set(const T& value) {
    static_assert(sizeof(T) <= sizeof(bytes), "no dtype is larger");
    std::memcpy(bytes, &value, sizeof(T));
  }
};

template <size_t Item>
void repeat(char* to, int64_t count, int64_t step, const Bytes& value) {
  if (step == Item) {  // known to the compiler, which then stores whole vectors
    for (int64_t i = 0; i < count; ++i) std::memcpy(to + i * Item, value.bytes, Item);
  } else {
    for (int64_t i = 0; i < count; ++i) std::memcpy(to + i * step, value.bytes, Item);
  }
}

inline void fill_bytes(const Tensor& self, const Bytes& value) {
  if (self.numel() == 0) return;
  char* to = static_cast<char*>(self.data_ptr());
  const size_t item = self.itemsize();
  auto* one = item == 1 ? repeat<1> : item == 2 ? repeat<2> : item == 4 ? repeat<4>
                                    : item == 8 ? repeat<8> : repeat<16>;
  if (self.is_non_overlapping_and_dense()) {
    return one(to, self.numel(), static_cast<int64_t>(item), value);
  }
  for_each_run(self, self, [&](const Run& run) { one(to + run.a, run.count, run.step_a, value); });
}

// The value is converted, and may be refused, even when there is nothing to fill, as in torch.
inline void fill_(const Tensor& self, const Scalar& value) {
  const auto type = self.scalar_type();
  Bytes bytes;
  if (isComplexType(type)) {
    FFI_DISPATCH_COMPLEX_TYPES(type, "fill_cpu", [&] {
      using part = typename scalar_t::value_type;
      bytes.set(scalar_t(value.to<part>()));
    });
    return fill_bytes(self, bytes);
  }
  FFI_DISPATCH_SWITCH(
      type, "fill_cpu",
      FFI_DISPATCH_CASE_ALL_TYPES([&] { bytes.set(value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kBool, [&] { bytes.set(value.to<scalar_t>()); })
      FFI_DISPATCH_CASE_REDUCED_FLOATING_TYPES([&] { bytes.set(value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kFloat8_e5m2, [&] { bytes.set(value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kFloat8_e4m3fn, [&] { bytes.set(value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kFloat8_e5m2fnuz, [&] { bytes.set(value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kFloat8_e4m3fnuz, [&] { bytes.set(value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kFloat8_e8m0fnu, [&] { bytes.set(value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kUInt16, [&] { bytes.set(value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kUInt32, [&] { bytes.set(value.to<scalar_t>()); })
      FFI_DISPATCH_CASE(kUInt64, [&] { bytes.set(value.to<scalar_t>()); }));
  fill_bytes(self, bytes);
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
