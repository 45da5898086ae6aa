// torch's functions of tensors beside the methods: views, metadata, operators. Included by
// tensor.h; those that a framework computes are in compute.h.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include "ffi_port/tensor.h"

namespace ffi_port {
namespace runtime {
/// The results of the host's operation; none of one that writes into its arguments.
std::vector<Tensor> compute(const char* name, std::initializer_list<Operand> operands);
}  // namespace runtime

template <class... A>
std::vector<Tensor> compute_all(const char* name, const A&... arguments) {
  return runtime::compute(name, {Operand(arguments)...});
}

template <class... A>
Tensor computed(const Tensor& self, const char* name, const A&... arguments) {
  return compute_all(name, self, arguments...).at(0);
}

Tensor slice(const Tensor& self, int64_t dim = 0, std::optional<int64_t> start = std::nullopt,
             std::optional<int64_t> end = std::nullopt, int64_t step = 1);
Tensor transpose(const Tensor& self, int64_t dim0, int64_t dim1);
Tensor reshape(const Tensor& self, IntArrayRef sizes);
Tensor permute(const Tensor& self, IntArrayRef dims);
Tensor unsqueeze(const Tensor& self, int64_t dim);
Tensor narrow(const Tensor& self, int64_t dim, int64_t start, int64_t length);

int64_t numel(const Tensor& tensor);
int64_t size(const Tensor& tensor, int64_t dim);
int64_t stride(const Tensor& tensor, int64_t dim);
bool is_floating_point(const Tensor& tensor);
bool is_complex(const Tensor& tensor);

// Arithmetic that makes a new tensor.
#define FFI_PORT_OPERATOR(SIGN)                           \
  Tensor operator SIGN(const Tensor& a, const Tensor& b); \
  Tensor operator SIGN(const Tensor& a, const Scalar& b);
FFI_PORT_OPERATOR(+) FFI_PORT_OPERATOR(-) FFI_PORT_OPERATOR(*) FFI_PORT_OPERATOR(/)
FFI_PORT_OPERATOR(==) FFI_PORT_OPERATOR(!=) FFI_PORT_OPERATOR(<) FFI_PORT_OPERATOR(<=)
FFI_PORT_OPERATOR(>) FFI_PORT_OPERATOR(>=) FFI_PORT_OPERATOR(&) FFI_PORT_OPERATOR(|)
#undef FFI_PORT_OPERATOR
// A number on the left takes the tensor's dtype, as in torch.
Tensor operator+(const Scalar& a, const Tensor& b);
Tensor operator*(const Scalar& a, const Tensor& b);
Tensor operator-(const Scalar& a, const Tensor& b);
Tensor operator/(const Scalar& a, const Tensor& b);
Tensor operator<(const Scalar& a, const Tensor& b);
Tensor operator<=(const Scalar& a, const Tensor& b);
Tensor operator>(const Scalar& a, const Tensor& b);
Tensor operator>=(const Scalar& a, const Tensor& b);
Tensor operator-(const Tensor& self);
Tensor operator~(const Tensor& self);

}  // namespace ffi_port
