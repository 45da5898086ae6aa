// In-place arithmetic of CPU tensors where torch's result is one correctly rounded operation per
// element: equal types among float, double and the common integers. The rest is the host's.
// Used by runtime.inl.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <type_traits>

#include "ffi_port/runtime/cpu_ops.h"
#include "ffi_port/tensor.h"

namespace ffi_port {
namespace cpu_ops {

template <class T>
T updated(char operation, T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    // Wide and unsigned, so that overflow wraps as it does in torch.
    const auto x = static_cast<uint64_t>(a);
    const auto y = static_cast<uint64_t>(b);
    return static_cast<T>(operation == 'a' ? x + y : operation == 's' ? x - y : x * y);
  } else {
    switch (operation) {
      case 'a':
        return a + b;
      case 's':
        return a - b;
      case 'm':
        return a * b;
      default:
        return a / b;
    }
  }
}

/// One run of a = a `operation` b.
template <class T>
void update_run(char operation, char* a, const char* b, const Run& run) {
  for (int64_t i = 0; i < run.count; ++i) {
    T x, y;
    std::memcpy(&x, a + i * run.step_a, sizeof(T));
    std::memcpy(&y, b + i * run.step_b, sizeof(T));
    x = updated<T>(operation, x, y);
    std::memcpy(a + i * run.step_a, &x, sizeof(T));
  }
}
using UpdateRun = void (*)(char, char*, const char*, const Run&);

inline bool has_arithmetic(ScalarType t) {
  return t == kFloat || t == kDouble || (isIntegralType(t, false) && t != kUInt16 &&
                                         t != kUInt32 && t != kUInt64);
}

inline void refuse_true_division(const Tensor& self) {
  FFI_CHECK(!isIntegralType(self.scalar_type(), true),
            "result type Float can't be cast to the desired output type ", self.scalar_type());
}

/// self = self `operation` other, where `operation` is the first letter of add_, sub_, mul_, div_;
/// false when that is the host's to do. Shapes have been checked.
inline bool update(const Tensor& self, char operation, const Tensor& other) {
  const ScalarType type = self.scalar_type();
  if (!self.is_cpu() || !other.is_cpu() || type != other.scalar_type() || !has_arithmetic(type)) {
    return false;
  }
  if (operation == 'd') refuse_true_division(self);
  const Tensor from = other.expand(self.sizes());
  if (self.numel() == 0) return true;
  char* a = static_cast<char*>(self.data_ptr());
  const char* b = static_cast<const char*>(from.const_data_ptr());
  UpdateRun one = nullptr;
  FFI_DISPATCH_ALL_TYPES(type, "update", [&] { one = &update_run<scalar_t>; });
  for_each_run(self, from, [&](const Run& run) { one(operation, a + run.a, b + run.b, run); });
  return true;
}

/// The number in the tensor's type, if that is how torch takes it there.
template <class T>
std::optional<T> as_operand(const Scalar& value) {
  if (value.isComplex()) return std::nullopt;
  if constexpr (std::is_integral_v<T>) {
    if (value.isFloatingPoint()) return std::nullopt;
    const int64_t wide = value.toLong();
    if (static_cast<int64_t>(static_cast<T>(wide)) != wide) return std::nullopt;
    return static_cast<T>(wide);
  } else {
    if (value.isFloatingPoint()) return static_cast<T>(value.toDouble());
    return static_cast<T>(value.toLong());
  }
}

inline bool update(const Tensor& self, char operation, const Scalar& value) {
  const ScalarType type = self.scalar_type();
  if (!self.is_cpu() || !has_arithmetic(type)) return false;
  FFI_CHECK(operation != 's' || !value.isBoolean(),
            "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying "
            "to invert a mask, use the `~` or `logical_not()` operator instead.");
  if (operation == 'd' || value.isFloatingPoint()) refuse_true_division(self);
  Bytes operand;
  UpdateRun one = nullptr;
  FFI_DISPATCH_ALL_TYPES(type, "update", [&] {
    if (const std::optional<scalar_t> y = as_operand<scalar_t>(value)) {
      operand.set(*y);
      one = &update_run<scalar_t>;
    }
  });
  if (one == nullptr) return false;
  if (self.numel() == 0) return true;
  char* a = static_cast<char*>(self.data_ptr());
  for_each_run(self, self, [&](Run run) {
    run.step_b = 0;
    one(operation, a + run.a, operand.bytes, run);
  });
  return true;
}

}  // namespace cpu_ops
}  // namespace ffi_port
