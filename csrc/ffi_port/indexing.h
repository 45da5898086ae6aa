// torch::indexing's Slice, None, Ellipsis and plain integers for `x.index({...})`: basic indexing,
// which is a view. Indexing with a tensor is computation and is not carried.
#pragma once

#include <cstring>
#include <initializer_list>
#include <optional>
#include <type_traits>

#include "ffi_port/tensor.h"

namespace ffi_port {

struct NoneType {};
constexpr NoneType None{};
struct EllipsisIndexType {};
constexpr EllipsisIndexType Ellipsis{};

/// Start, stop and step; whichever is None takes its default.
struct Slice {
  struct Bound {
    std::optional<int64_t> value;
    Bound() = default;
    Bound(NoneType /*unused*/) {}
    Bound(std::nullopt_t /*unused*/) {}
    template <class T, class = std::enable_if_t<std::is_integral_v<T>>>
    Bound(T v) : value(static_cast<int64_t>(v)) {}
  };
  std::optional<int64_t> start;
  std::optional<int64_t> stop;
  int64_t step;
  Slice(Bound start = {}, Bound stop = {}, Bound step = {})
      : start(start.value), stop(stop.value), step(step.value.value_or(1)) {
    FFI_CHECK_VALUE(this->step != 0, "slice step cannot be zero");
  }
};

struct TensorIndex {
  enum Kind { kNone, kEllipsis, kInteger, kSlice } kind;
  int64_t integer = 0;
  Slice slice;
  TensorIndex(NoneType /*unused*/) : kind(kNone) {}
  TensorIndex(std::nullopt_t /*unused*/) : kind(kNone) {}
  TensorIndex(EllipsisIndexType /*unused*/) : kind(kEllipsis) {}
  TensorIndex(const char* text) : kind(kEllipsis) {
    FFI_CHECK_VALUE(std::strcmp(text, "...") == 0,
                    "Expected \"...\" to represent an ellipsis index, but got \"", text, "\"");
  }
  template <class T, class = std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>>>
  TensorIndex(T i) : kind(kInteger), integer(static_cast<int64_t>(i)) {}
  TensorIndex(Slice s) : kind(kSlice), slice(s) {}
};

inline Tensor Tensor::index(std::initializer_list<TensorIndex> indices) const {
  int64_t specified = 0;
  for (const TensorIndex& i : indices) {
    specified += i.kind == TensorIndex::kInteger || i.kind == TensorIndex::kSlice;
  }
  FFI_CHECK_INDEX(specified <= this->dim(), "too many indices for tensor of dimension ",
                  this->dim());
  Tensor result = *this;
  int64_t at = 0;        // of the result so far
  int64_t original = 0;  // of this tensor, for the message
  for (const TensorIndex& i : indices) {
    switch (i.kind) {
      case TensorIndex::kNone:
        result = result.unsqueeze(at++);
        break;
      case TensorIndex::kEllipsis:
        at += this->dim() - specified;
        original += this->dim() - specified;
        break;
      case TensorIndex::kInteger: {
        const int64_t size = result.size(at);
        FFI_CHECK_INDEX(-size <= i.integer && i.integer < size, "index ", i.integer,
                        " is out of bounds for dimension ", original, " with size ", size);
        result = result.select(at, i.integer);
        ++original;
        break;
      }
      case TensorIndex::kSlice:
        FFI_CHECK_VALUE(i.slice.step > 0, "step must be greater than zero");
        result = result.slice(at++, i.slice.start, i.slice.stop, i.slice.step);
        ++original;
        break;
    }
  }
  return result;
}

}  // namespace ffi_port
