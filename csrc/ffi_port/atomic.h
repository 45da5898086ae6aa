// What ATen/cuda/Atomic.cuh adds to the device runtime: atomicAdd and gpuAtomicAdd for Half,
// BFloat16, complex and narrow integers, in the global namespace as there. Each addition is done on
// the containing 32-bit word, or by the native instruction where the architecture has one.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ffi_port/bfloat16.h"
#include "ffi_port/complex.h"
#include "ffi_port/half.h"

#if defined(__CUDACC__) || defined(__HIPCC__)

namespace ffi_port {
namespace detail {

/// Compare-and-swap on the 32-bit word that holds a one- or two-byte value.
template <class T>
__device__ inline T atomic_add_in_word(T* address, T value) {
  constexpr unsigned bits = sizeof(T) * 8;
  const auto place = reinterpret_cast<size_t>(address);
  auto* word = reinterpret_cast<unsigned*>(place & ~static_cast<size_t>(3));
  const unsigned shift = static_cast<unsigned>(place & 3) * 8;
  const unsigned mask = ((1u << bits) - 1u) << shift;
  unsigned seen = *word;
  unsigned expected;
  T before;
  do {
    expected = seen;
    const unsigned raw = (expected & mask) >> shift;
    if constexpr (sizeof(T) == 1) {
      const auto narrow = static_cast<uint8_t>(raw);
      before = *reinterpret_cast<const T*>(&narrow);
    } else {
      const auto narrow = static_cast<uint16_t>(raw);
      before = *reinterpret_cast<const T*>(&narrow);
    }
    const T after = static_cast<T>(before + value);
    unsigned stored = 0;
    if constexpr (sizeof(T) == 1) {
      stored = *reinterpret_cast<const uint8_t*>(&after);
    } else {
      stored = *reinterpret_cast<const uint16_t*>(&after);
    }
    seen = atomicCAS(word, expected, (expected & ~mask) | (stored << shift));
  } while (expected != seen);
  return before;
}

}  // namespace detail
}  // namespace ffi_port

__device__ inline ffi_port::Half atomicAdd(ffi_port::Half* address, ffi_port::Half value) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 700
  return ffi_port::Half(atomicAdd(reinterpret_cast<__half*>(address), static_cast<__half>(value)));
#else
  return ffi_port::detail::atomic_add_in_word(address, value);
#endif
}
__device__ inline ffi_port::BFloat16 atomicAdd(ffi_port::BFloat16* address,
                                               ffi_port::BFloat16 value) {
  return ffi_port::detail::atomic_add_in_word(address, value);
}
__device__ inline uint8_t atomicAdd(uint8_t* address, uint8_t value) {
  return ffi_port::detail::atomic_add_in_word(address, value);
}
__device__ inline int8_t atomicAdd(int8_t* address, int8_t value) {
  return ffi_port::detail::atomic_add_in_word(address, value);
}
__device__ inline int16_t atomicAdd(int16_t* address, int16_t value) {
  return ffi_port::detail::atomic_add_in_word(address, value);
}
__device__ inline int64_t atomicAdd(int64_t* address, int64_t value) {
  return static_cast<int64_t>(atomicAdd(reinterpret_cast<unsigned long long*>(address),
                                        static_cast<unsigned long long>(value)));
}
/// Part by part, as torch does it: another thread may see one part without the other.
template <class T>
__device__ inline ffi_port::complex<T> atomicAdd(ffi_port::complex<T>* address,
                                                 ffi_port::complex<T> value) {
  T* parts = reinterpret_cast<T*>(address);
  const T real = atomicAdd(parts, value.real());
  return ffi_port::complex<T>(real, atomicAdd(parts + 1, value.imag()));
}

/// torch's name for the same, and for the form whose result nobody reads.
template <class T>
__device__ inline T gpuAtomicAdd(T* address, T value) {
  return atomicAdd(address, value);
}
template <class T>
__device__ inline void gpuAtomicAddNoReturn(T* address, T value) {
  (void)atomicAdd(address, value);
}

#endif
