// torch's at::Half without torch: IEEE binary16 storage, conversions rounding to nearest even, and
// c10's arithmetic (float_ops.h). On the device the conversions are the same instructions c10 uses
// (their NaN differs from the host's), and it converts to and from the native __half.
#pragma once

#include <cstdint>
#include <limits>

#include "ffi_port/bits.h"
#include "ffi_port/float_ops.h"
#include "ffi_port/macros.h"

#if defined(__HIPCC__)
#include <hip/hip_fp16.h>
#elif defined(__CUDACC__)
#include <cuda_fp16.h>
#endif

namespace ffi_port {
namespace detail {

// A signalling NaN comes out quiet, as the multiplication in c10's conversion makes it.
FFI_HD inline float half_bits_to_float(uint16_t h) {
  const uint32_t sign = (static_cast<uint32_t>(h) & 0x8000u) << 16;
  const uint32_t exponent = (h >> 10) & 0x1Fu;
  const uint32_t mantissa = h & 0x3FFu;
  if (exponent == 0x1Fu) {
    return float_from_bits(sign | 0x7F800000u | (mantissa << 13) | (mantissa ? 0x400000u : 0u));
  }
  if (exponent != 0) return float_from_bits(sign | ((exponent + 112u) << 23) | (mantissa << 13));
  // Subnormal: mantissa * 2^-24, exact in float.
  const float magnitude = static_cast<float>(mantissa) * 5.9604644775390625e-8f;
  return float_from_bits(sign | float_bits(magnitude));
}

FFI_HD inline uint16_t half_bits_from_float(float value) {
  const uint32_t bits = float_bits(value);
  const uint32_t sign = (bits >> 16) & 0x8000u;
  const uint32_t magnitude = bits & 0x7FFFFFFFu;
  uint32_t result;
  if (magnitude > 0x7F800000u) {
    result = 0x7E00u;  // every NaN becomes this one, sign kept
  } else if (magnitude >= 0x477FF000u) {
    result = 0x7C00u;  // 65520 and above round to infinity
  } else if (magnitude < 0x38800000u) {
    // Below 2^-14: count units of 2^-24.
    const uint32_t exponent = magnitude >> 23;
    const uint32_t mantissa = (magnitude & 0x7FFFFFu) | (exponent ? 0x800000u : 0u);
    result = shift_round_even(mantissa, 126u - exponent);
  } else {
    result = shift_round_even(magnitude - (112u << 23), 13u);
  }
  return static_cast<uint16_t>(sign | result);
}

}  // namespace detail

struct alignas(2) Half {
  unsigned short x;

  struct from_bits_t {};
  FFI_HD static constexpr from_bits_t from_bits() { return from_bits_t(); }

#if defined(__HIPCC__)
  FFI_HD Half() = default;
#else
  Half() = default;
#endif
  constexpr FFI_HD Half(unsigned short bits, from_bits_t /*unused*/) : x(bits) {}

  FFI_HD Half(float value) {
#if defined(FFI_PORT_DEVICE_PASS)
    x = __half_as_ushort(__float2half(value));
#else
    x = detail::half_bits_from_float(value);
#endif
  }

  FFI_HD operator float() const {
#if defined(FFI_PORT_DEVICE_PASS)
    return __half2float(*reinterpret_cast<const __half*>(&x));
#else
    return detail::half_bits_to_float(x);
#endif
  }

#if defined(FFI_PORT_DEVICE_COMPILER)
  FFI_HD Half(const __half& value) { x = *reinterpret_cast<const unsigned short*>(&value); }
  FFI_HD operator __half() const { return *reinterpret_cast<const __half*>(&x); }
#endif
};

FFI_PORT_PRINTED_AS_FLOAT_(Half)
FFI_PORT_FLOAT_OPERATORS(Half)

FFI_HD inline Half operator-(const Half& a) {
#if (defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 530) || defined(__HIP_DEVICE_COMPILE__)
  return __hneg(a);
#else
  return -static_cast<float>(a);
#endif
}

#if defined(__CUDACC__) && !defined(__HIPCC__)
__device__ inline Half __ldg(const Half* ptr) {
  return ::__ldg(reinterpret_cast<const __half*>(ptr));
}
#endif

}  // namespace ffi_port

namespace std {
template <>
class numeric_limits<ffi_port::Half> {
  using T = ffi_port::Half;

 public:
  FFI_PORT_LIMITS_COMMON_(11, 3, 5, -13, -4, 16, 4)
  static constexpr bool is_signed = true;
  static constexpr bool has_infinity = true;
  static constexpr bool has_quiet_NaN = true;
  static constexpr bool has_signaling_NaN = true;
  static constexpr bool is_iec559 = true;
  FFI_PORT_LIMIT_(T, min, 0x0400)
  FFI_PORT_LIMIT_(T, lowest, 0xFBFF)
  FFI_PORT_LIMIT_(T, max, 0x7BFF)
  FFI_PORT_LIMIT_(T, epsilon, 0x1400)
  FFI_PORT_LIMIT_(T, round_error, 0x3800)
  FFI_PORT_LIMIT_(T, infinity, 0x7C00)
  FFI_PORT_LIMIT_(T, quiet_NaN, 0x7E00)
  FFI_PORT_LIMIT_(T, signaling_NaN, 0x7D00)
  FFI_PORT_LIMIT_(T, denorm_min, 0x0001)
};
}  // namespace std
