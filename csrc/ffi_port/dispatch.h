// torch's AT_DISPATCH_* macros without torch: a switch over the dtype that runs the body with
// `scalar_t` (or `index_t`) bound to the C++ type. The name is evaluated as a constant, the dtype
// once; an unlisted dtype raises NotImplementedError "name" not implemented for 'Dtype'.
// A file that dispatches complex or 8-bit types includes complex.h or float8.h as well.
#pragma once

#include "ffi_port/bfloat16.h"
#include "ffi_port/error.h"
#include "ffi_port/half.h"
#include "ffi_port/scalar_type.h"
#include "ffi_port/type_properties.h"

namespace ffi_port {

template <ScalarType N>
struct ScalarTypeToCPPType;
#define FFI_PORT_TO_CPP_(cpp, name, number, size, code, bits, lanes) \
  template <>                                                        \
  struct ScalarTypeToCPPType<ScalarType::name> {                     \
    using type = cpp;                                                \
    static type t;                                                   \
  };
FFI_FORALL_SCALAR_TYPES(FFI_PORT_TO_CPP_)
#undef FFI_PORT_TO_CPP_
namespace detail {
/// What dispatch macros used to ask of `x.scalar_type()` or of `x.type()`.
inline ScalarType scalar_type(ScalarType dtype) { return dtype; }
inline ScalarType scalar_type(const DeprecatedTypeProperties& type) { return type.scalarType(); }
}  // namespace detail

template <ScalarType N>
using ScalarTypeToCPPTypeT = typename ScalarTypeToCPPType<N>::type;

}  // namespace ffi_port

#define FFI_PRIVATE_CASE_TYPE_USING_HINT(enum_type, HINT, ...)                     \
  case enum_type: {                                                                \
    using HINT [[maybe_unused]] = ::ffi_port::ScalarTypeToCPPTypeT<enum_type>;     \
    return __VA_ARGS__();                                                          \
  }

#define FFI_DISPATCH_CASE(enum_type, ...) \
  FFI_PRIVATE_CASE_TYPE_USING_HINT(enum_type, scalar_t, __VA_ARGS__)

#define FFI_DISPATCH_SWITCH(TYPE, NAME, ...)                                                  \
  [&] {                                                                                       \
    const auto& the_type = TYPE;                                                              \
    constexpr const char* at_dispatch_name = NAME;                                            \
    const ::ffi_port::ScalarType _st = the_type;                                              \
    switch (_st) {                                                                            \
      __VA_ARGS__                                                                             \
      default:                                                                                \
        FFI_CHECK_NOT_IMPLEMENTED(false, '"', at_dispatch_name, "\" not implemented for '",   \
                                  ::ffi_port::toString(_st), "'");                            \
    }                                                                                         \
  }()

// The base lists.
#define FFI_DISPATCH_CASE_FLOATING_TYPES(...)                   \
  FFI_DISPATCH_CASE(::ffi_port::ScalarType::Double, __VA_ARGS__) \
  FFI_DISPATCH_CASE(::ffi_port::ScalarType::Float, __VA_ARGS__)
#define FFI_DISPATCH_CASE_REDUCED_FLOATING_TYPES(...)           \
  FFI_DISPATCH_CASE(::ffi_port::ScalarType::Half, __VA_ARGS__)   \
  FFI_DISPATCH_CASE(::ffi_port::ScalarType::BFloat16, __VA_ARGS__)
#define FFI_DISPATCH_CASE_COMPLEX_TYPES(...)                           \
  FFI_DISPATCH_CASE(::ffi_port::ScalarType::ComplexDouble, __VA_ARGS__) \
  FFI_DISPATCH_CASE(::ffi_port::ScalarType::ComplexFloat, __VA_ARGS__)
#define FFI_DISPATCH_CASE_INTEGRAL_TYPES(...)                  \
  FFI_DISPATCH_CASE(::ffi_port::ScalarType::Byte, __VA_ARGS__)  \
  FFI_DISPATCH_CASE(::ffi_port::ScalarType::Char, __VA_ARGS__)  \
  FFI_DISPATCH_CASE(::ffi_port::ScalarType::Int, __VA_ARGS__)   \
  FFI_DISPATCH_CASE(::ffi_port::ScalarType::Long, __VA_ARGS__)  \
  FFI_DISPATCH_CASE(::ffi_port::ScalarType::Short, __VA_ARGS__)
#define FFI_DISPATCH_CASE_FLOATING_TYPES_AND_HALF(...) \
  FFI_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__)        \
  FFI_DISPATCH_CASE(::ffi_port::ScalarType::Half, __VA_ARGS__)
#define FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES(...) \
  FFI_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__)           \
  FFI_DISPATCH_CASE_COMPLEX_TYPES(__VA_ARGS__)
#define FFI_DISPATCH_CASE_ALL_TYPES(...)        \
  FFI_DISPATCH_CASE_INTEGRAL_TYPES(__VA_ARGS__) \
  FFI_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__)
#define FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX(...) \
  FFI_DISPATCH_CASE_ALL_TYPES(__VA_ARGS__)           \
  FFI_DISPATCH_CASE_COMPLEX_TYPES(__VA_ARGS__)

// The lists as whole dispatches.
#define FFI_DISPATCH_FLOATING_TYPES(TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, FFI_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__))
#define FFI_DISPATCH_REDUCED_FLOATING_TYPES(TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, FFI_DISPATCH_CASE_REDUCED_FLOATING_TYPES(__VA_ARGS__))
#define FFI_DISPATCH_COMPLEX_TYPES(TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, FFI_DISPATCH_CASE_COMPLEX_TYPES(__VA_ARGS__))
#define FFI_DISPATCH_INTEGRAL_TYPES(TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, FFI_DISPATCH_CASE_INTEGRAL_TYPES(__VA_ARGS__))
#define FFI_DISPATCH_FLOATING_TYPES_AND_HALF(TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, FFI_DISPATCH_CASE_FLOATING_TYPES_AND_HALF(__VA_ARGS__))
#define FFI_DISPATCH_FLOATING_AND_COMPLEX_TYPES(TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES(__VA_ARGS__))
#define FFI_DISPATCH_ALL_TYPES(TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, FFI_DISPATCH_CASE_ALL_TYPES(__VA_ARGS__))
#define FFI_DISPATCH_ALL_TYPES_AND_COMPLEX(TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX(__VA_ARGS__))

// The lists with extra dtypes: each builds on the one before it.
#define FFI_DISPATCH_CASE_FLOATING_TYPES_AND(T1, ...) \
  FFI_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__) \
  FFI_DISPATCH_CASE(T1, __VA_ARGS__)
#define FFI_DISPATCH_FLOATING_TYPES_AND(T1, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_FLOATING_TYPES_AND(T1, __VA_ARGS__))
#define FFI_DISPATCH_CASE_FLOATING_TYPES_AND2(T1, T2, ...) \
  FFI_DISPATCH_CASE_FLOATING_TYPES_AND(T1, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T2, __VA_ARGS__)
#define FFI_DISPATCH_FLOATING_TYPES_AND2(T1, T2, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_FLOATING_TYPES_AND2(T1, T2, __VA_ARGS__))
#define FFI_DISPATCH_CASE_FLOATING_TYPES_AND3(T1, T2, T3, ...) \
  FFI_DISPATCH_CASE_FLOATING_TYPES_AND2(T1, T2, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T3, __VA_ARGS__)
#define FFI_DISPATCH_FLOATING_TYPES_AND3(T1, T2, T3, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_FLOATING_TYPES_AND3(T1, T2, T3, __VA_ARGS__))
#define FFI_DISPATCH_CASE_FLOATING_TYPES_AND4(T1, T2, T3, T4, ...) \
  FFI_DISPATCH_CASE_FLOATING_TYPES_AND3(T1, T2, T3, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T4, __VA_ARGS__)
#define FFI_DISPATCH_FLOATING_TYPES_AND4(T1, T2, T3, T4, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_FLOATING_TYPES_AND4(T1, T2, T3, T4, __VA_ARGS__))
#define FFI_DISPATCH_CASE_FLOATING_TYPES_AND5(T1, T2, T3, T4, T5, ...) \
  FFI_DISPATCH_CASE_FLOATING_TYPES_AND4(T1, T2, T3, T4, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T5, __VA_ARGS__)
#define FFI_DISPATCH_FLOATING_TYPES_AND5(T1, T2, T3, T4, T5, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_FLOATING_TYPES_AND5(T1, T2, T3, T4, T5, __VA_ARGS__))
#define FFI_DISPATCH_CASE_COMPLEX_TYPES_AND(T1, ...) \
  FFI_DISPATCH_CASE_COMPLEX_TYPES(__VA_ARGS__) \
  FFI_DISPATCH_CASE(T1, __VA_ARGS__)
#define FFI_DISPATCH_COMPLEX_TYPES_AND(T1, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_COMPLEX_TYPES_AND(T1, __VA_ARGS__))
#define FFI_DISPATCH_CASE_INTEGRAL_TYPES_AND(T1, ...) \
  FFI_DISPATCH_CASE_INTEGRAL_TYPES(__VA_ARGS__) \
  FFI_DISPATCH_CASE(T1, __VA_ARGS__)
#define FFI_DISPATCH_INTEGRAL_TYPES_AND(T1, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_INTEGRAL_TYPES_AND(T1, __VA_ARGS__))
#define FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND1(T1, ...) \
  FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES(__VA_ARGS__) \
  FFI_DISPATCH_CASE(T1, __VA_ARGS__)
#define FFI_DISPATCH_FLOATING_AND_COMPLEX_TYPES_AND1(T1, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND1(T1, __VA_ARGS__))
#define FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND2(T1, T2, ...) \
  FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND1(T1, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T2, __VA_ARGS__)
#define FFI_DISPATCH_FLOATING_AND_COMPLEX_TYPES_AND2(T1, T2, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND2(T1, T2, __VA_ARGS__))
#define FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND3(T1, T2, T3, ...) \
  FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND2(T1, T2, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T3, __VA_ARGS__)
#define FFI_DISPATCH_FLOATING_AND_COMPLEX_TYPES_AND3(T1, T2, T3, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND3(T1, T2, T3, __VA_ARGS__))
#define FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND4(T1, T2, T3, T4, ...) \
  FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND3(T1, T2, T3, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T4, __VA_ARGS__)
#define FFI_DISPATCH_FLOATING_AND_COMPLEX_TYPES_AND4(T1, T2, T3, T4, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND4(T1, T2, T3, T4, __VA_ARGS__))
#define FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND5(T1, T2, T3, T4, T5, ...) \
  FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND4(T1, T2, T3, T4, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T5, __VA_ARGS__)
#define FFI_DISPATCH_FLOATING_AND_COMPLEX_TYPES_AND5(T1, T2, T3, T4, T5, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND5(T1, T2, T3, T4, T5, \
          __VA_ARGS__))
#define FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND6(T1, T2, T3, T4, T5, T6, ...) \
  FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND5(T1, T2, T3, T4, T5, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T6, __VA_ARGS__)
#define FFI_DISPATCH_FLOATING_AND_COMPLEX_TYPES_AND6(T1, T2, T3, T4, T5, T6, TYPE, NAME, \
      ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_FLOATING_AND_COMPLEX_TYPES_AND6(T1, T2, T3, T4, T5, T6, \
          __VA_ARGS__))
#define FFI_DISPATCH_CASE_ALL_TYPES_AND(T1, ...) \
  FFI_DISPATCH_CASE_ALL_TYPES(__VA_ARGS__) \
  FFI_DISPATCH_CASE(T1, __VA_ARGS__)
#define FFI_DISPATCH_ALL_TYPES_AND(T1, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_ALL_TYPES_AND(T1, __VA_ARGS__))
#define FFI_DISPATCH_CASE_ALL_TYPES_AND2(T1, T2, ...) \
  FFI_DISPATCH_CASE_ALL_TYPES_AND(T1, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T2, __VA_ARGS__)
#define FFI_DISPATCH_ALL_TYPES_AND2(T1, T2, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_ALL_TYPES_AND2(T1, T2, __VA_ARGS__))
#define FFI_DISPATCH_CASE_ALL_TYPES_AND3(T1, T2, T3, ...) \
  FFI_DISPATCH_CASE_ALL_TYPES_AND2(T1, T2, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T3, __VA_ARGS__)
#define FFI_DISPATCH_ALL_TYPES_AND3(T1, T2, T3, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_ALL_TYPES_AND3(T1, T2, T3, __VA_ARGS__))
#define FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND(T1, ...) \
  FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX(__VA_ARGS__) \
  FFI_DISPATCH_CASE(T1, __VA_ARGS__)
#define FFI_DISPATCH_ALL_TYPES_AND_COMPLEX_AND(T1, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND(T1, __VA_ARGS__))
#define FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND2(T1, T2, ...) \
  FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND(T1, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T2, __VA_ARGS__)
#define FFI_DISPATCH_ALL_TYPES_AND_COMPLEX_AND2(T1, T2, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND2(T1, T2, __VA_ARGS__))
#define FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND3(T1, T2, T3, ...) \
  FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND2(T1, T2, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T3, __VA_ARGS__)
#define FFI_DISPATCH_ALL_TYPES_AND_COMPLEX_AND3(T1, T2, T3, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND3(T1, T2, T3, __VA_ARGS__))
#define FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND4(T1, T2, T3, T4, ...) \
  FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND3(T1, T2, T3, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T4, __VA_ARGS__)
#define FFI_DISPATCH_ALL_TYPES_AND_COMPLEX_AND4(T1, T2, T3, T4, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND4(T1, T2, T3, T4, __VA_ARGS__))
#define FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND5(T1, T2, T3, T4, T5, ...) \
  FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND4(T1, T2, T3, T4, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T5, __VA_ARGS__)
#define FFI_DISPATCH_ALL_TYPES_AND_COMPLEX_AND5(T1, T2, T3, T4, T5, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND5(T1, T2, T3, T4, T5, __VA_ARGS__))
#define FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND6(T1, T2, T3, T4, T5, T6, ...) \
  FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND5(T1, T2, T3, T4, T5, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T6, __VA_ARGS__)
#define FFI_DISPATCH_ALL_TYPES_AND_COMPLEX_AND6(T1, T2, T3, T4, T5, T6, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND6(T1, T2, T3, T4, T5, T6, __VA_ARGS__))
#define FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND7(T1, T2, T3, T4, T5, T6, T7, ...) \
  FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND6(T1, T2, T3, T4, T5, T6, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T7, __VA_ARGS__)
#define FFI_DISPATCH_ALL_TYPES_AND_COMPLEX_AND7(T1, T2, T3, T4, T5, T6, T7, TYPE, NAME, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND7(T1, T2, T3, T4, T5, T6, T7, \
          __VA_ARGS__))
#define FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND8(T1, T2, T3, T4, T5, T6, T7, T8, ...) \
  FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND7(T1, T2, T3, T4, T5, T6, T7, __VA_ARGS__) \
  FFI_DISPATCH_CASE(T8, __VA_ARGS__)
#define FFI_DISPATCH_ALL_TYPES_AND_COMPLEX_AND8(T1, T2, T3, T4, T5, T6, T7, T8, TYPE, NAME, \
      ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, \
      FFI_DISPATCH_CASE_ALL_TYPES_AND_COMPLEX_AND8(T1, T2, T3, T4, T5, T6, T7, T8, \
          __VA_ARGS__))

#define FFI_DISPATCH_INDEX_TYPES(TYPE, NAME, ...)                                          \
  FFI_DISPATCH_SWITCH(                                                                     \
      TYPE, NAME,                                                                          \
      FFI_PRIVATE_CASE_TYPE_USING_HINT(::ffi_port::ScalarType::Int, index_t, __VA_ARGS__)  \
      FFI_PRIVATE_CASE_TYPE_USING_HINT(::ffi_port::ScalarType::Long, index_t, __VA_ARGS__))
