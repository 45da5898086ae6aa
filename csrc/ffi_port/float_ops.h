// The operators c10 gives each of its reduced floating types, as one macro: same type through
// float and rounded once, with float giving float, with double giving double, with int and int64_t
// giving the type itself. There are no comparisons: those go through the conversion to float.
// Native device operators round differently, which is why kernels keep these.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <limits>
#include <type_traits>

#include "ffi_port/macros.h"

namespace ffi_port {
namespace detail {
std::ostream& put_float(std::ostream& out, float value);
}  // namespace detail
}  // namespace ffi_port

// Prints a T and nothing that only converts to one.
#define FFI_PORT_PRINTED_AS_FLOAT_(T)                                                 \
  template <class V, std::enable_if_t<std::is_same_v<V, T>, int> = 0>                 \
  std::ostream& operator<<(std::ostream& out, const V& value) {                       \
    return detail::put_float(out, static_cast<float>(value));                         \
  }

// With another arithmetic type W the result is R, computed after converting to R.
#define FFI_PORT_MIXED_OPERATOR_(T, W, R, op)                                         \
  FFI_HD inline R operator op(T a, W b) {                                             \
    return static_cast<R>(a) op static_cast<R>(b);                                    \
  }                                                                                   \
  FFI_HD inline R operator op(W a, T b) {                                             \
    return static_cast<R>(a) op static_cast<R>(b);                                    \
  }

#define FFI_PORT_FLOAT_OPERATOR_(T, op)                                               \
  FFI_HD inline T operator op(const T& a, const T& b) {                               \
    return static_cast<float>(a) op static_cast<float>(b);                            \
  }                                                                                   \
  FFI_HD inline T& operator op##=(T& a, const T& b) {                                 \
    a = a op b;                                                                       \
    return a;                                                                         \
  }                                                                                   \
  FFI_HD inline float& operator op##=(float& a, const T& b) {                         \
    a = a op static_cast<float>(b);                                                   \
    return a;                                                                         \
  }                                                                                   \
  FFI_PORT_MIXED_OPERATOR_(T, float, float, op)                                       \
  FFI_PORT_MIXED_OPERATOR_(T, double, double, op)                                     \
  FFI_PORT_MIXED_OPERATOR_(T, int, T, op)                                             \
  FFI_PORT_MIXED_OPERATOR_(T, int64_t, T, op)

#define FFI_PORT_FLOAT_OPERATORS(T)                                                   \
  FFI_PORT_FLOAT_OPERATOR_(T, +)                                                      \
  FFI_PORT_FLOAT_OPERATOR_(T, -)                                                      \
  FFI_PORT_FLOAT_OPERATOR_(T, *)                                                      \
  FFI_PORT_FLOAT_OPERATOR_(T, /)

// The members of std::numeric_limits that all these types share.
#define FFI_PORT_LIMITS_COMMON_(digits_, digits10_, max_digits10_, min_e, min_e10, max_e, \
                                max_e10)                                              \
  static constexpr bool is_specialized = true;                                        \
  static constexpr bool is_integer = false;                                           \
  static constexpr bool is_exact = false;                                             \
  static constexpr auto round_style = numeric_limits<float>::round_style;             \
  static constexpr bool is_bounded = true;                                            \
  static constexpr bool is_modulo = false;                                            \
  static constexpr auto traps = numeric_limits<float>::traps;                         \
  static constexpr int digits = digits_;                                              \
  static constexpr int digits10 = digits10_;                                          \
  static constexpr int max_digits10 = max_digits10_;                                  \
  static constexpr int radix = 2;                                                     \
  static constexpr int min_exponent = min_e;                                          \
  static constexpr int min_exponent10 = min_e10;                                      \
  static constexpr int max_exponent = max_e;                                          \
  static constexpr int max_exponent10 = max_e10;

// One value-returning member, given as a bit pattern.
#define FFI_PORT_LIMIT_(T, name, bits)                                                \
  FFI_HD static constexpr T name() { return T(bits, T::from_bits()); }
