// Reading a float's bits and writing them back, on host and device. The reduced floating types
// convert with integer arithmetic on these bits, so no rounding mode or flush mode can change them.
#pragma once

#include <cstdint>
#include <cstring>

#include "ffi_port/macros.h"

// hipcc has no device memcpy until the HIP runtime header is in.
#if defined(__HIPCC__)
#define FFI_PORT_COPY_BITS_ __builtin_memcpy
#else
#define FFI_PORT_COPY_BITS_ memcpy
#endif

namespace ffi_port {
namespace detail {

FFI_HD inline uint32_t float_bits(float value) {
  uint32_t bits;
  FFI_PORT_COPY_BITS_(&bits, &value, sizeof(bits));
  return bits;
}

FFI_HD inline float float_from_bits(uint32_t bits) {
  float value;
  FFI_PORT_COPY_BITS_(&value, &bits, sizeof(value));
  return value;
}

// Drops the low `shift` bits of `value`, rounding to nearest, ties to even.
FFI_HD inline uint32_t shift_round_even(uint32_t value, uint32_t shift) {
  if (shift > 31) return 0;
  const uint32_t kept = value >> shift;
  const uint32_t rest = value & ((1u << shift) - 1u);
  const uint32_t half = (1u << shift) >> 1;
  return kept + ((rest > half || (rest == half && (kept & 1u))) && shift ? 1u : 0u);
}

}  // namespace detail
}  // namespace ffi_port
