// torch's AT_DISPATCH_V2, where the dtypes follow the body: AT_WRAP and AT_EXPAND keep their work
// of guarding commas and splicing a list. Up to 24 dtypes after splicing.
#pragma once

#include "ffi_port/complex.h"
#include "ffi_port/dispatch.h"
#include "ffi_port/float8.h"

#define FFI_WRAP(...) __VA_ARGS__
#define FFI_EXPAND(X) X

#define FFI_FLOATING_TYPES ::ffi_port::ScalarType::Double, ::ffi_port::ScalarType::Float
#define FFI_COMPLEX_TYPES \
  ::ffi_port::ScalarType::ComplexDouble, ::ffi_port::ScalarType::ComplexFloat
#define FFI_INTEGRAL_TYPES                                                                   \
  ::ffi_port::ScalarType::Byte, ::ffi_port::ScalarType::Char, ::ffi_port::ScalarType::Int,   \
      ::ffi_port::ScalarType::Long, ::ffi_port::ScalarType::Short
#define FFI_BAREBONES_UNSIGNED_TYPES                               \
  ::ffi_port::ScalarType::UInt16, ::ffi_port::ScalarType::UInt32,  \
      ::ffi_port::ScalarType::UInt64
#define FFI_INTEGRAL_TYPES_V2 FFI_INTEGRAL_TYPES, FFI_BAREBONES_UNSIGNED_TYPES
#define FFI_FLOAT8_TYPES                                                            \
  ::ffi_port::ScalarType::Float8_e5m2, ::ffi_port::ScalarType::Float8_e5m2fnuz,     \
      ::ffi_port::ScalarType::Float8_e4m3fn, ::ffi_port::ScalarType::Float8_e4m3fnuz, \
      ::ffi_port::ScalarType::Float8_e8m0fnu
#define FFI_ALL_TYPES FFI_INTEGRAL_TYPES, FFI_FLOATING_TYPES
#define FFI_ALL_TYPES_AND_COMPLEX FFI_ALL_TYPES, FFI_COMPLEX_TYPES

// One case per dtype, peeling the list from the front.
#define FFI_PORT_V2_0_(N, ...)
#define FFI_PORT_V2_1_(N, T) FFI_DISPATCH_CASE(T, N)
#define FFI_PORT_V2_2_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_1_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_3_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_2_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_4_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_3_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_5_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_4_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_6_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_5_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_7_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_6_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_8_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_7_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_9_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_8_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_10_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_9_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_11_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_10_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_12_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_11_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_13_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_12_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_14_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_13_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_15_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_14_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_16_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_15_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_17_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_16_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_18_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_17_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_19_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_18_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_20_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_19_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_21_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_20_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_22_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_21_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_23_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_22_(FFI_WRAP(N), __VA_ARGS__)
#define FFI_PORT_V2_24_(N, T, ...) FFI_DISPATCH_CASE(T, N) FFI_PORT_V2_23_(FFI_WRAP(N), __VA_ARGS__)
// The macro above for as many dtypes as were given.
#define FFI_PORT_V2_PICK_(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, \
      _16, _17, _18, _19, _20, _21, _22, _23, _24, X, ...) X
#define FFI_PORT_V2_CASES_(N, ...) \
  FFI_EXPAND(FFI_PORT_V2_PICK_(__VA_ARGS__, \
      FFI_PORT_V2_24_, FFI_PORT_V2_23_, FFI_PORT_V2_22_, FFI_PORT_V2_21_, FFI_PORT_V2_20_, \
      FFI_PORT_V2_19_, FFI_PORT_V2_18_, FFI_PORT_V2_17_, FFI_PORT_V2_16_, FFI_PORT_V2_15_, \
      FFI_PORT_V2_14_, FFI_PORT_V2_13_, FFI_PORT_V2_12_, FFI_PORT_V2_11_, FFI_PORT_V2_10_, \
      FFI_PORT_V2_9_, FFI_PORT_V2_8_, FFI_PORT_V2_7_, FFI_PORT_V2_6_, FFI_PORT_V2_5_, \
      FFI_PORT_V2_4_, FFI_PORT_V2_3_, FFI_PORT_V2_2_, FFI_PORT_V2_1_, FFI_PORT_V2_0_) \
  (FFI_WRAP(N), __VA_ARGS__))

#define FFI_DISPATCH_V2(TYPE, NAME, BODY, ...) \
  FFI_DISPATCH_SWITCH(TYPE, NAME, FFI_PORT_V2_CASES_(FFI_WRAP(BODY), __VA_ARGS__))
