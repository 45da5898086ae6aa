// Integer division rounded up, torch's at::ceil_div, at::round_up and at::cuda::ATenCeilDiv:
// (a + b - 1) / b in the type of the arguments, with that formula's overflow.
#pragma once

#include <type_traits>

#include "ffi_port/macros.h"

namespace ffi_port {

template <class T, class = std::enable_if_t<std::is_integral_v<T>>>
FFI_HD FFI_PORT_ALWAYS_INLINE T ceil_div(T a, T b) {
  return (a + b - 1) / b;
}

template <class T>
FFI_HD FFI_PORT_ALWAYS_INLINE T round_up(T a, T b) {
  return ceil_div(a, b) * b;
}

template <class T>
FFI_HD FFI_PORT_ALWAYS_INLINE T ATenCeilDiv(T a, T b) {
  return (a + b - 1) / b;
}

}  // namespace ffi_port
