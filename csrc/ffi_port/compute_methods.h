// The operations of torch's Tensor that only a framework computes: reductions, comparisons,
// arithmetic that makes new tensors, gathers. A base of Tensor; each asks the host (compute.h).
// Arguments are as in torch's C++ API, but for those that ported code does not use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>

#include "ffi_port/array_ref.h"
#include "ffi_port/device.h"
#include "ffi_port/scalar.h"
#include "ffi_port/scalar_type.h"

namespace ffi_port {

class Tensor;

/// An argument by its name, left out where it holds nothing: the operation has its own default.
template <class T>
struct Keyword {
  const char* name;
  const T& value;
};
template <class T>
Keyword<T> keyword(const char* name, const T& value) {
  return {name, value};
}

/// One argument of an operation, by position or by `name`; None where it holds nothing. It refers
/// to what it was made from, which lives as long as the call: every file with tensors compiles
/// this, and nothing in it has to be copied or destroyed.
struct Operand {
  enum class Kind : uint8_t { None, Tensor, Number, Ints, Tensors, Dtype, Device };
  Kind kind = Kind::None;
  ScalarType dtype = ScalarType::Undefined;
  const char* name = nullptr;
  const void* data = nullptr;
  size_t size = 0;
  Scalar number;

  Operand(const Tensor& tensor) : kind(Kind::Tensor), data(&tensor) {}
  Operand(const Scalar& value) : kind(Kind::Number), number(value) {}
  Operand(bool flag) : kind(Kind::Number), number(flag) {}
  Operand(int64_t value) : kind(Kind::Number), number(value) {}
  Operand(double value) : kind(Kind::Number), number(value) {}
  Operand(IntArrayRef ints) : kind(Kind::Ints), data(ints.data()), size(ints.size()) {}
  Operand(ArrayRef<Tensor> list) : kind(Kind::Tensors), data(list.data()), size(list.size()) {}
  Operand(ScalarType type) : kind(Kind::Dtype), dtype(type) {}
  Operand(const Device& device) : kind(Kind::Device), data(&device) {}
  template <class T>
  Operand(const std::optional<T>& given) {
    if (given) *this = Operand(*given);
  }
  template <class T>
  Operand(const Keyword<T>& given) : Operand(given.value) {
    name = given.name;
  }
};

namespace detail {

// `T` is Tensor, which is complete only where one of these is called.
template <class T>
class ComputeMethods {
  using Dtype = std::optional<ScalarType>;
  using Dims = IntArrayRef;
  using Pair = std::tuple<T, T>;

 public:
#define FFI_PORT_ALONE(NAME) \
  T NAME() const { return computed(self(), #NAME); }
  FFI_PORT_ALONE(abs) FFI_PORT_ALONE(bitwise_not) FFI_PORT_ALONE(ceil) FFI_PORT_ALONE(cos)
  FFI_PORT_ALONE(erf) FFI_PORT_ALONE(exp) FFI_PORT_ALONE(exp2) FFI_PORT_ALONE(expm1)
  FFI_PORT_ALONE(floor) FFI_PORT_ALONE(frac) FFI_PORT_ALONE(isfinite) FFI_PORT_ALONE(isinf)
  FFI_PORT_ALONE(isnan) FFI_PORT_ALONE(log) FFI_PORT_ALONE(log10) FFI_PORT_ALONE(log1p)
  FFI_PORT_ALONE(log2) FFI_PORT_ALONE(logical_not) FFI_PORT_ALONE(max) FFI_PORT_ALONE(min)
  FFI_PORT_ALONE(neg) FFI_PORT_ALONE(nonzero) FFI_PORT_ALONE(reciprocal) FFI_PORT_ALONE(relu)
  FFI_PORT_ALONE(round) FFI_PORT_ALONE(rsqrt) FFI_PORT_ALONE(sigmoid) FFI_PORT_ALONE(sign)
  FFI_PORT_ALONE(sin) FFI_PORT_ALONE(sqrt) FFI_PORT_ALONE(square) FFI_PORT_ALONE(tanh)
  FFI_PORT_ALONE(trunc) FFI_PORT_ALONE(all) FFI_PORT_ALONE(any)
#undef FFI_PORT_ALONE

  // By a tensor or a number.
#define FFI_PORT_BY(NAME)                                                       \
  T NAME(const T& other) const { return computed(self(), #NAME, other); }       \
  T NAME(const Scalar& other) const { return computed(self(), #NAME, other); }
  FFI_PORT_BY(add) FFI_PORT_BY(sub) FFI_PORT_BY(mul) FFI_PORT_BY(div) FFI_PORT_BY(true_divide)
  FFI_PORT_BY(floor_divide) FFI_PORT_BY(remainder) FFI_PORT_BY(fmod) FFI_PORT_BY(pow)
  FFI_PORT_BY(eq) FFI_PORT_BY(ne) FFI_PORT_BY(lt) FFI_PORT_BY(le) FFI_PORT_BY(gt) FFI_PORT_BY(ge)
  FFI_PORT_BY(bitwise_and) FFI_PORT_BY(bitwise_or) FFI_PORT_BY(bitwise_xor)
  FFI_PORT_BY(bitwise_left_shift) FFI_PORT_BY(bitwise_right_shift) FFI_PORT_BY(clamp_min)
  FFI_PORT_BY(clamp_max)
#undef FFI_PORT_BY
#define FFI_PORT_IN_PLACE(NAME)                                       \
  T& NAME(const T& other) const { return in_place(#NAME, other); }    \
  T& NAME(const Scalar& other) const { return in_place(#NAME, other); }
  FFI_PORT_IN_PLACE(floor_divide_) FFI_PORT_IN_PLACE(remainder_) FFI_PORT_IN_PLACE(pow_)
  FFI_PORT_IN_PLACE(bitwise_and_) FFI_PORT_IN_PLACE(bitwise_or_) FFI_PORT_IN_PLACE(clamp_min_)
  FFI_PORT_IN_PLACE(clamp_max_)
#undef FFI_PORT_IN_PLACE

  T clamp(const std::optional<Scalar>& min,
          const std::optional<Scalar>& max = std::nullopt) const {
    return computed(self(), "clamp", min, max);
  }
  T minimum(const T& other) const { return computed(self(), "minimum", other); }
  T maximum(const T& other) const { return computed(self(), "maximum", other); }
  T logical_and(const T& other) const { return computed(self(), "logical_and", other); }
  T logical_or(const T& other) const { return computed(self(), "logical_or", other); }

  // Reductions and scans.
#define FFI_PORT_REDUCE(NAME)                                                               \
  T NAME(Dtype dtype = std::nullopt) const {                                                \
    return computed(self(), #NAME, keyword("dtype", dtype));                                \
  }                                                                                         \
  T NAME(Dims dims, bool keepdim = false, Dtype dtype = std::nullopt) const {               \
    return computed(self(), #NAME, dims, keepdim, keyword("dtype", dtype));                 \
  }
  FFI_PORT_REDUCE(sum) FFI_PORT_REDUCE(mean)
#undef FFI_PORT_REDUCE
  T prod(Dtype dtype = std::nullopt) const {
    return computed(self(), "prod", keyword("dtype", dtype));
  }
  T prod(int64_t dim, bool keepdim = false, Dtype dtype = std::nullopt) const {
    return computed(self(), "prod", dim, keepdim, keyword("dtype", dtype));
  }
  T all(int64_t dim, bool keepdim = false) const { return computed(self(), "all", dim, keepdim); }
  T any(int64_t dim, bool keepdim = false) const { return computed(self(), "any", dim, keepdim); }
  T amax(Dims dims = {}, bool keepdim = false) const {
    return computed(self(), "amax", dims, keepdim);
  }
  T amin(Dims dims = {}, bool keepdim = false) const {
    return computed(self(), "amin", dims, keepdim);
  }
  T argmax(std::optional<int64_t> dim = std::nullopt, bool keepdim = false) const {
    return computed(self(), "argmax", dim, keepdim);
  }
  T argmin(std::optional<int64_t> dim = std::nullopt, bool keepdim = false) const {
    return computed(self(), "argmin", dim, keepdim);
  }
  Pair max(int64_t dim, bool keepdim = false) const { return two("max", dim, keepdim); }
  Pair min(int64_t dim, bool keepdim = false) const { return two("min", dim, keepdim); }
  Pair sort(int64_t dim = -1, bool descending = false) const {
    return two("sort", dim, descending);
  }
  T argsort(int64_t dim = -1, bool descending = false) const {
    return computed(self(), "argsort", dim, descending);
  }
  Pair topk(int64_t k, int64_t dim = -1, bool largest = true, bool sorted = true) const {
    return two("topk", k, dim, largest, sorted);
  }
  T cumsum(int64_t dim, Dtype dtype = std::nullopt) const {
    return computed(self(), "cumsum", dim, keyword("dtype", dtype));
  }
  T cumprod(int64_t dim, Dtype dtype = std::nullopt) const {
    return computed(self(), "cumprod", dim, keyword("dtype", dtype));
  }

  // Gathers and scatters.
  T index_select(int64_t dim, const T& index) const {
    return computed(self(), "index_select", dim, index);
  }
  T gather(int64_t dim, const T& index) const { return computed(self(), "gather", dim, index); }
  T masked_select(const T& mask) const { return computed(self(), "masked_select", mask); }
  T masked_fill(const T& mask, const Scalar& value) const {
    return computed(self(), "masked_fill", mask, value);
  }
  T& masked_fill_(const T& mask, const Scalar& value) const {
    return in_place("masked_fill_", mask, value);
  }
  T& scatter_(int64_t dim, const T& index, const T& src) const {
    return in_place("scatter_", dim, index, src);
  }
  T& scatter_add_(int64_t dim, const T& index, const T& src) const {
    return in_place("scatter_add_", dim, index, src);
  }
  T& index_add_(int64_t dim, const T& index, const T& source) const {
    return in_place("index_add_", dim, index, source);
  }
  T repeat(Dims repeats) const { return computed(self(), "repeat", repeats); }
  T flip(Dims dims) const { return computed(self(), "flip", dims); }

  // Products.
  T matmul(const T& other) const { return computed(self(), "matmul", other); }
  T mm(const T& other) const { return computed(self(), "mm", other); }
  T bmm(const T& other) const { return computed(self(), "bmm", other); }

 private:
  const T& self() const { return static_cast<const T&>(*this); }
  template <class... A>
  T& in_place(const char* name, const A&... arguments) const {
    compute_all(name, self(), arguments...);
    return const_cast<T&>(self());
  }
  template <class... A>
  Pair two(const char* name, const A&... arguments) const {
    auto results = compute_all(name, self(), arguments...);
    return {results[0], results[1]};
  }
};

}  // namespace detail
}  // namespace ffi_port
