// Operations that only a framework computes, under the names and arguments they have in torch's C++
// API. Each calls the host's service `compute(name, arguments, keywords)` where the original called
// torch; torch's adaptor answers with torch's own operator of that name, so results, their dtypes
// and the classes of errors are the original's. A host without the service gets
// NotImplementedError.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ffi_port/tensor.h"

namespace ffi_port {

// As functions, where there is a method to match. Lists in braces are named: a template does not
// see what they are.
#define FFI_PORT_FUNCTION(NAME)                                          \
  template <class... A>                                                  \
  auto NAME(const Tensor& self, A&&... arguments)                        \
      -> decltype(self.NAME(std::forward<A>(arguments)...)) {            \
    return self.NAME(std::forward<A>(arguments)...);                     \
  }
FFI_PORT_FUNCTION(abs) FFI_PORT_FUNCTION(add) FFI_PORT_FUNCTION(all) FFI_PORT_FUNCTION(any)
FFI_PORT_FUNCTION(argmax) FFI_PORT_FUNCTION(argmin) FFI_PORT_FUNCTION(argsort)
FFI_PORT_FUNCTION(bmm) FFI_PORT_FUNCTION(ceil) FFI_PORT_FUNCTION(clamp)
FFI_PORT_FUNCTION(clamp_max) FFI_PORT_FUNCTION(clamp_min) FFI_PORT_FUNCTION(cos)
FFI_PORT_FUNCTION(cumprod) FFI_PORT_FUNCTION(cumsum) FFI_PORT_FUNCTION(div)
FFI_PORT_FUNCTION(eq) FFI_PORT_FUNCTION(exp) FFI_PORT_FUNCTION(floor)
FFI_PORT_FUNCTION(floor_divide) FFI_PORT_FUNCTION(gather) FFI_PORT_FUNCTION(ge)
FFI_PORT_FUNCTION(gt) FFI_PORT_FUNCTION(index_select) FFI_PORT_FUNCTION(isfinite)
FFI_PORT_FUNCTION(isinf) FFI_PORT_FUNCTION(isnan) FFI_PORT_FUNCTION(le) FFI_PORT_FUNCTION(log)
FFI_PORT_FUNCTION(log2) FFI_PORT_FUNCTION(lt) FFI_PORT_FUNCTION(masked_select)
FFI_PORT_FUNCTION(matmul) FFI_PORT_FUNCTION(max) FFI_PORT_FUNCTION(maximum)
FFI_PORT_FUNCTION(mean) FFI_PORT_FUNCTION(min) FFI_PORT_FUNCTION(minimum) FFI_PORT_FUNCTION(mm)
FFI_PORT_FUNCTION(mul) FFI_PORT_FUNCTION(ne) FFI_PORT_FUNCTION(neg) FFI_PORT_FUNCTION(nonzero)
FFI_PORT_FUNCTION(pow) FFI_PORT_FUNCTION(prod) FFI_PORT_FUNCTION(relu) FFI_PORT_FUNCTION(round)
FFI_PORT_FUNCTION(rsqrt) FFI_PORT_FUNCTION(sigmoid) FFI_PORT_FUNCTION(sin)
FFI_PORT_FUNCTION(sort) FFI_PORT_FUNCTION(sqrt) FFI_PORT_FUNCTION(sub) FFI_PORT_FUNCTION(sum)
FFI_PORT_FUNCTION(tanh) FFI_PORT_FUNCTION(topk)
#undef FFI_PORT_FUNCTION

inline Tensor sum(const Tensor& self, IntArrayRef dims, bool keepdim = false,
                  std::optional<ScalarType> dtype = std::nullopt) {
  return self.sum(dims, keepdim, dtype);
}
inline Tensor mean(const Tensor& self, IntArrayRef dims, bool keepdim = false,
                   std::optional<ScalarType> dtype = std::nullopt) {
  return self.mean(dims, keepdim, dtype);
}
inline Tensor max(const Tensor& self, const Tensor& other) { return self.maximum(other); }
inline Tensor min(const Tensor& self, const Tensor& other) { return self.minimum(other); }
inline Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other) {
  return computed(condition, "where", self, other);
}
inline Tensor cat(TensorList tensors, int64_t dim = 0) {
  return compute_all("cat", tensors, dim).at(0);
}
inline Tensor stack(TensorList tensors, int64_t dim = 0) {
  return compute_all("stack", tensors, dim).at(0);
}
inline Tensor addmm(const Tensor& self, const Tensor& mat1, const Tensor& mat2,
                    const Scalar& beta = 1, const Scalar& alpha = 1) {
  return computed(self, "addmm", mat1, mat2, keyword("beta", beta), keyword("alpha", alpha));
}
inline std::tuple<Tensor, Tensor> _unique(const Tensor& self, bool sorted = true,
                                          bool return_inverse = false) {
  auto results = compute_all("_unique", self, sorted, return_inverse);
  return {results[0], results[1]};
}

// Into a tensor of the right shape: the host refuses to give one another.
inline Tensor& mm_out(Tensor& out, const Tensor& self, const Tensor& other) {
  compute_all("mm", self, other, keyword("out", out));
  return out;
}
inline Tensor& bmm_out(Tensor& out, const Tensor& self, const Tensor& other) {
  compute_all("bmm", self, other, keyword("out", out));
  return out;
}
inline Tensor& matmul_out(Tensor& out, const Tensor& self, const Tensor& other) {
  compute_all("matmul", self, other, keyword("out", out));
  return out;
}
inline Tensor& addmm_out(Tensor& out, const Tensor& self, const Tensor& mat1, const Tensor& mat2,
                         const Scalar& beta = 1, const Scalar& alpha = 1) {
  compute_all("addmm", self, mat1, mat2, keyword("beta", beta), keyword("alpha", alpha),
              keyword("out", out));
  return out;
}
inline Tensor& sum_out(Tensor& out, const Tensor& self, IntArrayRef dims, bool keepdim = false,
                       std::optional<ScalarType> dtype = std::nullopt) {
  compute_all("sum", self, dims, keepdim, keyword("dtype", dtype), keyword("out", out));
  return out;
}
inline Tensor& mean_out(Tensor& out, const Tensor& self, IntArrayRef dims, bool keepdim = false,
                        std::optional<ScalarType> dtype = std::nullopt) {
  compute_all("mean", self, dims, keepdim, keyword("dtype", dtype), keyword("out", out));
  return out;
}
inline Tensor& cumsum_out(Tensor& out, const Tensor& self, int64_t dim,
                          std::optional<ScalarType> dtype = std::nullopt) {
  compute_all("cumsum", self, dim, keyword("dtype", dtype), keyword("out", out));
  return out;
}
inline Tensor& index_select_out(Tensor& out, const Tensor& self, int64_t dim,
                                const Tensor& index) {
  compute_all("index_select", self, dim, index, keyword("out", out));
  return out;
}

// Of torch::nn::functional, with constants around the tensor.
namespace functional {
class PadFuncOptions {
 public:
  PadFuncOptions(std::vector<int64_t> pad) : pad_(std::move(pad)) {}
  PadFuncOptions& value(double value) {
    value_ = value;
    return *this;
  }
  const std::vector<int64_t>& pad() const { return pad_; }
  double value() const { return value_; }

 private:
  std::vector<int64_t> pad_;
  double value_ = 0;
};
inline Tensor pad(const Tensor& self, const PadFuncOptions& options) {
  constexpr int64_t constant = 3;  // of torch's padding modes
  const auto value = options.value() != 0 ? std::optional<double>(options.value()) : std::nullopt;
  return computed(self, "_pad_enum", IntArrayRef(options.pad()), constant, value);
}
}  // namespace functional

// Drawn from the host's default generator.
inline Tensor randperm(int64_t n, const TensorOptions& options = kLong) {
  return compute_all("randperm", n, keyword("dtype", options.dtype_opt().value_or(kLong)),
                     keyword("device", options.device()))
      .at(0);
}
inline Tensor rand(IntArrayRef sizes, const TensorOptions& options = {}) {
  return compute_all("rand", sizes, keyword("dtype", typeMetaToScalarType(options.dtype())),
                     keyword("device", options.device()))
      .at(0);
}

}  // namespace ffi_port
