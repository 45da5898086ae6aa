// torch's accumulation types: at::acc_type<T, is_cuda> (float for the reduced types; float widens
// to double only on the CPU; integers to int64_t) and at::opmath_type<T> (float for the reduced
// types, T otherwise).
#pragma once

#include <cstdint>

#include "ffi_port/bfloat16.h"
#include "ffi_port/device.h"
#include "ffi_port/half.h"
#include "ffi_port/scalar_type.h"

namespace ffi_port {

template <class T, bool is_cuda>
struct AccumulateType {};

#define FFI_PORT_ACCUMULATE_(T, on_cpu, on_gpu) \
  template <>                                   \
  struct AccumulateType<T, false> {             \
    using type = on_cpu;                        \
  };                                            \
  template <>                                   \
  struct AccumulateType<T, true> {              \
    using type = on_gpu;                        \
  };
FFI_PORT_ACCUMULATE_(BFloat16, float, float)
FFI_PORT_ACCUMULATE_(Half, float, float)
FFI_PORT_ACCUMULATE_(Float8_e5m2, float, float)
FFI_PORT_ACCUMULATE_(Float8_e4m3fn, float, float)
FFI_PORT_ACCUMULATE_(Float8_e5m2fnuz, float, float)
FFI_PORT_ACCUMULATE_(Float8_e4m3fnuz, float, float)
FFI_PORT_ACCUMULATE_(float, double, float)
FFI_PORT_ACCUMULATE_(double, double, double)
FFI_PORT_ACCUMULATE_(int8_t, int64_t, int64_t)
FFI_PORT_ACCUMULATE_(uint8_t, int64_t, int64_t)
FFI_PORT_ACCUMULATE_(char, int64_t, int64_t)
FFI_PORT_ACCUMULATE_(int16_t, int64_t, int64_t)
FFI_PORT_ACCUMULATE_(int32_t, int64_t, int64_t)
FFI_PORT_ACCUMULATE_(int64_t, int64_t, int64_t)
FFI_PORT_ACCUMULATE_(bool, bool, bool)
FFI_PORT_ACCUMULATE_(complex<Half>, complex<float>, complex<float>)
FFI_PORT_ACCUMULATE_(complex<float>, complex<double>, complex<float>)
FFI_PORT_ACCUMULATE_(complex<double>, complex<double>, complex<double>)
#undef FFI_PORT_ACCUMULATE_
#if defined(FFI_PORT_DEVICE_COMPILER)
template <>
struct AccumulateType<__half, true> {
  using type = float;
};
#endif

template <class T, bool is_cuda>
using acc_type = typename AccumulateType<T, is_cuda>::type;
template <class T, DeviceType device>
using acc_type_device = acc_type<T, device == DeviceType::CUDA || device == DeviceType::HIP>;

inline ScalarType toAccumulateType(ScalarType t, bool is_cuda) {
#define FFI_PORT_CASE_(T, name) \
  case ScalarType::name:        \
    return is_cuda ? CppTypeToScalarType<acc_type<T, true>>::value \
                   : CppTypeToScalarType<acc_type<T, false>>::value;
  switch (t) {
    FFI_PORT_CASE_(uint8_t, Byte)
    FFI_PORT_CASE_(int8_t, Char)
    FFI_PORT_CASE_(int16_t, Short)
    FFI_PORT_CASE_(int, Int)
    FFI_PORT_CASE_(int64_t, Long)
    FFI_PORT_CASE_(Half, Half)
    FFI_PORT_CASE_(float, Float)
    FFI_PORT_CASE_(double, Double)
    FFI_PORT_CASE_(complex<float>, ComplexFloat)
    FFI_PORT_CASE_(complex<double>, ComplexDouble)
    FFI_PORT_CASE_(bool, Bool)
    FFI_PORT_CASE_(BFloat16, BFloat16)
    FFI_PORT_CASE_(Float8_e5m2, Float8_e5m2)
    FFI_PORT_CASE_(Float8_e4m3fn, Float8_e4m3fn)
    default:
      FFI_INTERNAL_ASSERT(false, "Unrecognized ScalarType: ", t);
  }
#undef FFI_PORT_CASE_
  return ScalarType::Undefined;
}

template <class T>
struct OpMathType {
  using type = T;
};
#define FFI_PORT_OPMATH_(T, U) \
  template <>                  \
  struct OpMathType<T> {       \
    using type = U;            \
  };
FFI_PORT_OPMATH_(Half, float)
FFI_PORT_OPMATH_(BFloat16, float)
FFI_PORT_OPMATH_(Float8_e5m2, float)
FFI_PORT_OPMATH_(Float8_e4m3fn, float)
FFI_PORT_OPMATH_(Float8_e5m2fnuz, float)
FFI_PORT_OPMATH_(Float8_e4m3fnuz, float)
FFI_PORT_OPMATH_(Float8_e8m0fnu, float)
FFI_PORT_OPMATH_(complex<Half>, complex<float>)
#undef FFI_PORT_OPMATH_

template <class T>
using opmath_type = typename OpMathType<T>::type;

}  // namespace ffi_port
