// torch's factory functions: empty, empty_like, empty_strided, zeros, ones, full, and their
// _like forms. Memory comes from the host's allocator (runtime.h). Each takes an optional last
// argument `out`: a tensor the caller provided for this result, used instead of allocating
// after its shape, dtype and device have been checked.
#pragma once

#include <optional>
#include <type_traits>

#include "ffi_port/tensor.h"

namespace ffi_port {

Tensor empty(IntArrayRef sizes, const TensorOptions& options = {},
             const std::optional<Tensor>& out = std::nullopt);
Tensor empty_strided(IntArrayRef sizes, IntArrayRef strides,
                     const TensorOptions& options = {},
                     const std::optional<Tensor>& out = std::nullopt);
Tensor empty_like(const Tensor& self, const TensorOptions& options = {},
                  std::optional<MemoryFormat> format = std::nullopt,
                  const std::optional<Tensor>& out = std::nullopt);
// A template, so that a third argument of std::nullopt still means the memory format.
template <class Out, class = std::enable_if_t<std::is_same_v<Out, std::optional<Tensor>>>>
Tensor empty_like(const Tensor& self, const TensorOptions& options, const Out& out) {
  return empty_like(self, options, std::nullopt, out);
}
Tensor full(IntArrayRef sizes, const Scalar& value, TensorOptions options = {},
            const std::optional<Tensor>& out = std::nullopt);
Tensor zeros(IntArrayRef sizes, const TensorOptions& options = {},
             const std::optional<Tensor>& out = std::nullopt);
Tensor ones(IntArrayRef sizes, const TensorOptions& options = {},
            const std::optional<Tensor>& out = std::nullopt);
Tensor zeros_like(const Tensor& self, const TensorOptions& options = {},
                  std::optional<MemoryFormat> format = std::nullopt,
                  const std::optional<Tensor>& out = std::nullopt);
Tensor ones_like(const Tensor& self, const TensorOptions& options = {},
                 std::optional<MemoryFormat> format = std::nullopt,
                 const std::optional<Tensor>& out = std::nullopt);
Tensor full_like(const Tensor& self, const Scalar& value, const TensorOptions& options = {},
                 std::optional<MemoryFormat> format = std::nullopt,
                 const std::optional<Tensor>& out = std::nullopt);
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step,
              TensorOptions options = {});
Tensor arange(const Scalar& start, const Scalar& end, const TensorOptions& options = {});
Tensor arange(const Scalar& end, const TensorOptions& options = {});

}  // namespace ffi_port
