// torch's at::BFloat16 without torch: the upper half of a float, rounding to nearest even, and
// c10's arithmetic (float_ops.h). On an NVIDIA device the conversions are the instructions c10
// uses there; on AMD c10 converts by the same integer code as on the host, and so does this.
#pragma once

#include <cstdint>
#include <limits>

#include "ffi_port/bits.h"
#include "ffi_port/float_ops.h"
#include "ffi_port/macros.h"

#if defined(__CUDACC__) && !defined(__HIPCC__)
#include <cuda_bf16.h>
#endif

namespace ffi_port {
namespace detail {

FFI_HD inline uint16_t bfloat16_bits_from_float(float value) {
  const uint32_t bits = float_bits(value);
  // Every NaN becomes this one; the sign goes too.
  if ((bits & 0x7FFFFFFFu) > 0x7F800000u) return 0x7FC0u;
  return static_cast<uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
}

}  // namespace detail

struct alignas(2) BFloat16 {
  uint16_t x;

  struct from_bits_t {};
  FFI_HD static constexpr from_bits_t from_bits() { return from_bits_t(); }

#if defined(__HIPCC__)
  FFI_HD BFloat16() = default;
#else
  BFloat16() = default;
#endif
  constexpr FFI_HD BFloat16(unsigned short bits, from_bits_t /*unused*/) : x(bits) {}

  FFI_HD BFloat16(float value) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
    x = __bfloat16_as_ushort(__float2bfloat16(value));
#else
    x = detail::bfloat16_bits_from_float(value);
#endif
  }

  FFI_HD operator float() const {
    return detail::float_from_bits(static_cast<uint32_t>(x) << 16);
  }

#if defined(__CUDACC__) && !defined(__HIPCC__)
  FFI_HD BFloat16(const __nv_bfloat16& value) {
    x = *reinterpret_cast<const unsigned short*>(&value);
  }
  explicit FFI_HD operator __nv_bfloat16() const {
    return *reinterpret_cast<const __nv_bfloat16*>(&x);
  }
#endif
};

FFI_PORT_PRINTED_AS_FLOAT_(BFloat16)
FFI_PORT_FLOAT_OPERATORS(BFloat16)

FFI_HD inline BFloat16 operator-(const BFloat16& a) { return -static_cast<float>(a); }

// Bitwise operators write their left operand, as c10's do.
FFI_HD inline BFloat16& operator|(BFloat16& a, const BFloat16& b) {
  a.x = a.x | b.x;
  return a;
}
FFI_HD inline BFloat16& operator^(BFloat16& a, const BFloat16& b) {
  a.x = a.x ^ b.x;
  return a;
}
FFI_HD inline BFloat16& operator&(BFloat16& a, const BFloat16& b) {
  a.x = a.x & b.x;
  return a;
}

#if defined(__CUDACC__) && !defined(__HIPCC__)
__device__ inline BFloat16 __ldg(const BFloat16* ptr) {
  return ::__ldg(reinterpret_cast<const __nv_bfloat16*>(ptr));
}
#endif

}  // namespace ffi_port

namespace std {
template <>
class numeric_limits<ffi_port::BFloat16> {
  using T = ffi_port::BFloat16;

 public:
  FFI_PORT_LIMITS_COMMON_(8, 2, 4, -125, -37, 128, 38)
  static constexpr bool is_signed = true;
  static constexpr bool has_infinity = true;
  static constexpr bool has_quiet_NaN = true;
  static constexpr bool has_signaling_NaN = true;
  static constexpr bool is_iec559 = false;
  FFI_PORT_LIMIT_(T, min, 0x0080)
  FFI_PORT_LIMIT_(T, lowest, 0xFF7F)
  FFI_PORT_LIMIT_(T, max, 0x7F7F)
  FFI_PORT_LIMIT_(T, epsilon, 0x3C00)
  FFI_PORT_LIMIT_(T, round_error, 0x3F00)
  FFI_PORT_LIMIT_(T, infinity, 0x7F80)
  FFI_PORT_LIMIT_(T, quiet_NaN, 0x7FC0)
  FFI_PORT_LIMIT_(T, signaling_NaN, 0x7F80)
  FFI_PORT_LIMIT_(T, denorm_min, 0x0001)
};
}  // namespace std
