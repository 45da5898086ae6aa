// torch's 8-bit and packed 4-bit floating types without torch: the OCP types e4m3fn and e5m2, the
// fnuz variants of AMD's gfx94x, the scale type e8m0fnu, and the opaque pair float4_e2m1fn_x2.
// One conversion serves the four arithmetic types; what differs is a row of constants.
#pragma once

#include <cstdint>
#include <limits>

#include "ffi_port/bits.h"
#include "ffi_port/float_ops.h"
#include "ffi_port/macros.h"

namespace ffi_port {
namespace detail {

// kOverflow is the pattern for finite values too large and for infinity, kNan the one for NaN;
// the fnuz types have one NaN, which is where minus zero would be, and no minus zero.
template <int kMantissa, int kBias, uint32_t kLargest, uint32_t kOverflow, uint32_t kNan,
          bool kFnuz>
struct Float8Format {
  FFI_HD static uint8_t from_float(float value) {
    const uint32_t bits = float_bits(value);
    const uint32_t sign = (bits >> 24) & 0x80u;
    const uint32_t magnitude = bits & 0x7FFFFFFFu;
    if (magnitude > 0x7F800000u) return static_cast<uint8_t>(kFnuz ? kNan : sign | kNan);
    const uint32_t exponent = magnitude >> 23;
    const uint32_t first_normal = 127u - kBias + 1u;
    uint32_t result;
    if (exponent < first_normal) {
      const uint32_t mantissa = (magnitude & 0x7FFFFFu) | (exponent ? 0x800000u : 0u);
      result = shift_round_even(mantissa, 23u - kMantissa + first_normal - exponent);
    } else {
      result = shift_round_even(magnitude - ((127u - kBias) << 23), 23u - kMantissa);
    }
    if (result > kLargest) return static_cast<uint8_t>(kFnuz ? kOverflow : sign | kOverflow);
    if (kFnuz && result == 0) return 0;
    return static_cast<uint8_t>(sign | result);
  }

  FFI_HD static float to_float(uint8_t x) {
    const uint32_t sign = (static_cast<uint32_t>(x) & 0x80u) << 24;
    const uint32_t magnitude = x & 0x7Fu;
    if (kFnuz && x == 0x80u) return float_from_bits(0x7F800001u);
    const uint32_t exponent = magnitude >> kMantissa;
    const uint32_t mantissa = magnitude & ((1u << kMantissa) - 1u);
    if (exponent == 0) {
      // mantissa * 2^(1 - bias - mantissa bits), exact in float.
      const float unit = float_from_bits((128u - kBias - kMantissa) << 23);
      return float_from_bits(sign | float_bits(static_cast<float>(mantissa) * unit));
    }
    return float_from_bits(sign | ((exponent + 127u - kBias) << 23) |
                           (mantissa << (23 - kMantissa)));
  }
};

using E4M3fn = Float8Format<3, 7, 0x7E, 0x7E, 0x7F, false>;  // saturates; torch's choice since 2.12
using E5M2 = Float8Format<2, 15, 0x7B, 0x7C, 0x7F, false>;
using E4M3fnuz = Float8Format<3, 8, 0x7F, 0x80, 0x80, true>;
using E5M2fnuz = Float8Format<2, 16, 0x7F, 0x80, 0x80, true>;

}  // namespace detail

#define FFI_PORT_FLOAT8_TYPE_(name, to, from, is_nan, is_inf)                       \
  struct alignas(1) name {                                                          \
    uint8_t x;                                                                      \
    struct from_bits_t {};                                                          \
    FFI_HD static constexpr from_bits_t from_bits() { return from_bits_t(); }       \
    name() = default;                                                               \
    constexpr FFI_HD name(uint8_t bits, from_bits_t /*unused*/) : x(bits) {}        \
    FFI_HD name(float value) : x(from(value)) {}                                    \
    FFI_HD operator float() const { return to(x); }                                 \
    FFI_HD bool isnan() const { return is_nan; }                                    \
    FFI_HD bool isinf() const { return is_inf; }                                    \
  };                                                                                \
  FFI_PORT_PRINTED_AS_FLOAT_(name)
#define FFI_PORT_FLOAT8_ARITHMETIC_(name)                                           \
  FFI_PORT_FLOAT_OPERATORS(name)                                                    \
  FFI_HD inline name operator-(const name& a) { return -static_cast<float>(a); }

namespace detail {

// The two formats whose highest exponent is not all numbers.
FFI_HD inline float e4m3fn_to_float(uint8_t x) {
  if ((x & 0x7Fu) != 0x7Fu) return E4M3fn::to_float(x);
  return float_from_bits(((x & 0x80u) << 24) | 0x7FF00000u);
}
FFI_HD inline float e5m2_to_float(uint8_t x) {
  if ((x & 0x7Fu) < 0x7Cu) return E5M2::to_float(x);
  const uint32_t mantissa = x & 3u;
  return float_from_bits(((x & 0x80u) << 24) | 0x7F800000u | (mantissa << 21) |
                         (mantissa ? 0x400000u : 0u));
}

// A power of two without sign. Rounds on the three bits below the exponent, with c10's rule that
// a tie goes up unless the exponent is zero.
FFI_HD inline uint8_t e8m0fnu_from_float(float value) {
  const uint32_t bits = float_bits(value);
  uint32_t exponent = (bits >> 23) & 0xFFu;
  if (exponent == 0xFFu) return 0xFFu;
  const uint32_t mantissa = bits & 0x7FFFFFu;
  if (mantissa > 0x400000u || (mantissa == 0x400000u && exponent > 0)) ++exponent;
  return static_cast<uint8_t>(exponent);
}
FFI_HD inline float e8m0fnu_to_float(uint8_t x) {
  if (x == 0) return float_from_bits(0x00400000u);
  if (x == 0xFFu) return float_from_bits(0x7F800001u);
  return float_from_bits(static_cast<uint32_t>(x) << 23);
}

}  // namespace detail

FFI_PORT_FLOAT8_TYPE_(Float8_e4m3fn, detail::e4m3fn_to_float, detail::E4M3fn::from_float,
                      (x & 0x7F) == 0x7F, false)
FFI_PORT_FLOAT8_TYPE_(Float8_e5m2, detail::e5m2_to_float, detail::E5M2::from_float,
                      (x & 0x7F) > 0x7C, (x & 0x7F) == 0x7C)
FFI_PORT_FLOAT8_TYPE_(Float8_e4m3fnuz, detail::E4M3fnuz::to_float, detail::E4M3fnuz::from_float,
                      x == 0x80, false)
FFI_PORT_FLOAT8_TYPE_(Float8_e5m2fnuz, detail::E5M2fnuz::to_float, detail::E5M2fnuz::from_float,
                      x == 0x80, false)
FFI_PORT_FLOAT8_TYPE_(Float8_e8m0fnu, detail::e8m0fnu_to_float, detail::e8m0fnu_from_float,
                      x == 0xFF, false)
FFI_PORT_FLOAT8_ARITHMETIC_(Float8_e4m3fn)
FFI_PORT_FLOAT8_ARITHMETIC_(Float8_e5m2)
FFI_PORT_FLOAT8_ARITHMETIC_(Float8_e4m3fnuz)
FFI_PORT_FLOAT8_ARITHMETIC_(Float8_e5m2fnuz)

struct alignas(1) Float4_e2m1fn_x2 {
  uint8_t val_;
  Float4_e2m1fn_x2() = default;
  FFI_HD explicit Float4_e2m1fn_x2(uint8_t val) : val_(val) {}
};
FFI_HD inline bool operator==(const Float4_e2m1fn_x2& a, const Float4_e2m1fn_x2& b) {
  return a.val_ == b.val_;
}
FFI_HD inline bool operator!=(const Float4_e2m1fn_x2& a, const Float4_e2m1fn_x2& b) {
  return a.val_ != b.val_;
}

}  // namespace ffi_port

namespace std {

#define FFI_PORT_FLOAT8_LIMITS_(name, min_, lowest_, max_, epsilon_, round_error_, nan_)  \
  using T = ffi_port::name;                                                               \
                                                                                          \
 public:                                                                                  \
  static constexpr bool has_quiet_NaN = true;                                             \
  static constexpr bool has_signaling_NaN = false;                                        \
  static constexpr bool is_iec559 = false;                                                \
  FFI_PORT_LIMIT_(T, min, min_)                                                           \
  FFI_PORT_LIMIT_(T, lowest, lowest_)                                                     \
  FFI_PORT_LIMIT_(T, max, max_)                                                           \
  FFI_PORT_LIMIT_(T, epsilon, epsilon_)                                                   \
  FFI_PORT_LIMIT_(T, round_error, round_error_)                                           \
  FFI_PORT_LIMIT_(T, quiet_NaN, nan_)

template <>
class numeric_limits<ffi_port::Float8_e4m3fn> {
  FFI_PORT_FLOAT8_LIMITS_(Float8_e4m3fn, 0x08, 0xFE, 0x7E, 0x20, 0x30, 0x7F)
  FFI_PORT_LIMITS_COMMON_(4, 0, 3, -5, -1, 8, 2)
  static constexpr bool is_signed = true;
  static constexpr bool has_infinity = false;
  FFI_PORT_LIMIT_(T, denorm_min, 0x01)
};
template <>
class numeric_limits<ffi_port::Float8_e5m2> {
  FFI_PORT_FLOAT8_LIMITS_(Float8_e5m2, 0x04, 0xFB, 0x7B, 0x34, 0x38, 0x7F)
  FFI_PORT_LIMITS_COMMON_(3, 0, 2, -13, -4, 16, 4)
  static constexpr bool is_signed = true;
  static constexpr bool has_infinity = true;
  FFI_PORT_LIMIT_(T, infinity, 0x7C)
  FFI_PORT_LIMIT_(T, denorm_min, 0x01)
};
template <>
class numeric_limits<ffi_port::Float8_e4m3fnuz> {
  FFI_PORT_FLOAT8_LIMITS_(Float8_e4m3fnuz, 0x08, 0xFF, 0x7F, 0x28, 0x38, 0x80)
  FFI_PORT_LIMITS_COMMON_(4, 0, 3, -6, -1, 8, 2)
  static constexpr bool is_signed = true;
  static constexpr bool has_infinity = false;
  FFI_PORT_LIMIT_(T, infinity, 0x80)
  FFI_PORT_LIMIT_(T, denorm_min, 0x01)
};
template <>
class numeric_limits<ffi_port::Float8_e5m2fnuz> {
  FFI_PORT_FLOAT8_LIMITS_(Float8_e5m2fnuz, 0x04, 0xFF, 0x7F, 0x34, 0x38, 0x80)
  FFI_PORT_LIMITS_COMMON_(3, 0, 2, -14, -4, 16, 4)
  static constexpr bool is_signed = true;
  static constexpr bool has_infinity = false;
  FFI_PORT_LIMIT_(T, infinity, 0x80)
  FFI_PORT_LIMIT_(T, denorm_min, 0x01)
};
template <>
class numeric_limits<ffi_port::Float8_e8m0fnu> {
  FFI_PORT_FLOAT8_LIMITS_(Float8_e8m0fnu, 0x00, 0x00, 0xFE, 0x7F, 0x7E, 0xFF)
  FFI_PORT_LIMITS_COMMON_(1, 0, 1, -126, -38, 128, 38)
  static constexpr bool is_signed = false;
  static constexpr bool has_infinity = false;
};
#undef FFI_PORT_FLOAT8_LIMITS_

}  // namespace std
