// torch's ScalarType: the enumerators with their numbers, names, sizes, categories, the map from
// C++ types, and the DLPack code of each. A kernel's launcher needs no more to know a dtype.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <type_traits>

#include "ffi_port/error.h"

namespace ffi_port {

struct Half;
struct BFloat16;
struct Float8_e5m2;
struct Float8_e4m3fn;
struct Float8_e5m2fnuz;
struct Float8_e4m3fnuz;
struct Float8_e8m0fnu;
struct Float4_e2m1fn_x2;
template <class T>
struct complex;

// DLPack's description of an element type, laid out as DLDataType.
struct DType {
  uint8_t code;
  uint8_t bits;
  uint16_t lanes;
};
constexpr bool operator==(DType a, DType b) {
  return a.code == b.code && a.bits == b.bits && a.lanes == b.lanes;
}

// Columns: C++ type, enumerator, number, element size, DLPack code, bits, lanes.
// DLPack codes: int 0, uint 1, float 2, bfloat 4, complex 5, bool 6, float8 8 to 14, float4 17.
#define FFI_FORALL_SCALAR_TYPES(_)                        \
  _(uint8_t, Byte, 0, 1, 1, 8, 1)                         \
  _(int8_t, Char, 1, 1, 0, 8, 1)                          \
  _(int16_t, Short, 2, 2, 0, 16, 1)                       \
  _(int, Int, 3, 4, 0, 32, 1)                             \
  _(int64_t, Long, 4, 8, 0, 64, 1)                        \
  _(Half, Half, 5, 2, 2, 16, 1)                           \
  _(float, Float, 6, 4, 2, 32, 1)                         \
  _(double, Double, 7, 8, 2, 64, 1)                       \
  _(complex<Half>, ComplexHalf, 8, 4, 5, 32, 1)           \
  _(complex<float>, ComplexFloat, 9, 8, 5, 64, 1)         \
  _(complex<double>, ComplexDouble, 10, 16, 5, 128, 1)    \
  _(bool, Bool, 11, 1, 6, 8, 1)                           \
  _(BFloat16, BFloat16, 15, 2, 4, 16, 1)                  \
  _(Float8_e5m2, Float8_e5m2, 23, 1, 12, 8, 1)            \
  _(Float8_e4m3fn, Float8_e4m3fn, 24, 1, 10, 8, 1)        \
  _(Float8_e5m2fnuz, Float8_e5m2fnuz, 25, 1, 13, 8, 1)    \
  _(Float8_e4m3fnuz, Float8_e4m3fnuz, 26, 1, 11, 8, 1)    \
  _(uint16_t, UInt16, 27, 2, 1, 16, 1)                    \
  _(uint32_t, UInt32, 28, 4, 1, 32, 1)                    \
  _(uint64_t, UInt64, 29, 8, 1, 64, 1)                    \
  _(Float8_e8m0fnu, Float8_e8m0fnu, 44, 1, 14, 8, 1)      \
  _(Float4_e2m1fn_x2, Float4_e2m1fn_x2, 45, 1, 17, 4, 2)

// Types torch names but has no arithmetic for: name, number, element size. They have no DLPack
// code and cannot be an argument; they exist so that a switch over them compiles.
#define FFI_FORALL_OPAQUE_TYPES(_)                                                          \
  _(QInt8, 12, 1) _(QUInt8, 13, 1) _(QInt32, 14, 4) _(QUInt4x2, 16, 1) _(QUInt2x4, 17, 1)   \
  _(Bits1x8, 18, 1) _(Bits2x4, 19, 1) _(Bits4x2, 20, 1) _(Bits8, 21, 1) _(Bits16, 22, 2)    \
  _(UInt1, 30, 1) _(UInt2, 31, 1) _(UInt3, 32, 1) _(UInt4, 33, 1) _(UInt5, 34, 1)           \
  _(UInt6, 35, 1) _(UInt7, 36, 1) _(Int1, 37, 1) _(Int2, 38, 1) _(Int3, 39, 1)              \
  _(Int4, 40, 1) _(Int5, 41, 1) _(Int6, 42, 1) _(Int7, 43, 1)

enum class ScalarType : int8_t {
#define FFI_PORT_ENUM_(cpp, name, number, size, code, bits, lanes) name = number,
#define FFI_PORT_OPAQUE_ENUM_(name, number, size) name = number,
  FFI_FORALL_SCALAR_TYPES(FFI_PORT_ENUM_) FFI_FORALL_OPAQUE_TYPES(FFI_PORT_OPAQUE_ENUM_)
#undef FFI_PORT_ENUM_
#undef FFI_PORT_OPAQUE_ENUM_
      Undefined = 46,
  NumOptions = 47
};

#define FFI_PORT_CONSTANT_(cpp, name, number, size, code, bits, lanes) \
  constexpr ScalarType k##name = ScalarType::name;
FFI_FORALL_SCALAR_TYPES(FFI_PORT_CONSTANT_)
#undef FFI_PORT_CONSTANT_
#define FFI_PORT_CONSTANT_(name, number, size) constexpr ScalarType k##name = ScalarType::name;
FFI_FORALL_OPAQUE_TYPES(FFI_PORT_CONSTANT_)
#undef FFI_PORT_CONSTANT_

constexpr ScalarType kUInt8 = ScalarType::Byte;
constexpr ScalarType kInt8 = ScalarType::Char;
constexpr ScalarType kInt16 = ScalarType::Short;
constexpr ScalarType kInt32 = ScalarType::Int;
constexpr ScalarType kInt64 = ScalarType::Long;
constexpr ScalarType kFloat16 = ScalarType::Half;
constexpr ScalarType kFloat32 = ScalarType::Float;
constexpr ScalarType kFloat64 = ScalarType::Double;
constexpr ScalarType kU8 = ScalarType::Byte;
constexpr ScalarType kI8 = ScalarType::Char;
constexpr ScalarType kI16 = ScalarType::Short;
constexpr ScalarType kI32 = ScalarType::Int;
constexpr ScalarType kI64 = ScalarType::Long;
constexpr ScalarType kF16 = ScalarType::Half;
constexpr ScalarType kF32 = ScalarType::Float;
constexpr ScalarType kF64 = ScalarType::Double;
constexpr ScalarType kComplex32 = ScalarType::ComplexHalf;
constexpr ScalarType kComplex64 = ScalarType::ComplexFloat;
constexpr ScalarType kComplex128 = ScalarType::ComplexDouble;

template <class T>
struct CppTypeToScalarType;
#define FFI_PORT_FROM_CPP_(cpp, name, number, size, code, bits, lanes) \
  template <>                                                          \
  struct CppTypeToScalarType<cpp>                                      \
      : std::integral_constant<ScalarType, ScalarType::name> {};
FFI_FORALL_SCALAR_TYPES(FFI_PORT_FROM_CPP_)
#undef FFI_PORT_FROM_CPP_

const char* toString(ScalarType t);
std::ostream& operator<<(std::ostream& out, ScalarType t);
/// In bytes.
size_t elementSize(ScalarType t);

inline bool isIntegralType(ScalarType t, bool includeBool) {
  switch (t) {
    case ScalarType::Byte:
    case ScalarType::Char:
    case ScalarType::Short:
    case ScalarType::Int:
    case ScalarType::Long:
    case ScalarType::UInt16:
    case ScalarType::UInt32:
    case ScalarType::UInt64:
      return true;
    default:
      return includeBool && t == ScalarType::Bool;
  }
}
inline bool isFloat8Type(ScalarType t) {
  return t == ScalarType::Float8_e5m2 || t == ScalarType::Float8_e5m2fnuz ||
         t == ScalarType::Float8_e4m3fn || t == ScalarType::Float8_e4m3fnuz ||
         t == ScalarType::Float8_e8m0fnu;
}
inline bool isReducedFloatingType(ScalarType t) {
  return t == ScalarType::Half || t == ScalarType::BFloat16 || isFloat8Type(t) ||
         t == ScalarType::Float4_e2m1fn_x2;
}
inline bool isFloatingType(ScalarType t) {
  return t == ScalarType::Double || t == ScalarType::Float || isReducedFloatingType(t);
}
inline bool isComplexType(ScalarType t) {
  return t == ScalarType::ComplexHalf || t == ScalarType::ComplexFloat ||
         t == ScalarType::ComplexDouble;
}
inline bool isSignedType(ScalarType t) {
  switch (t) {
    case ScalarType::Byte:
    case ScalarType::Bool:
    case ScalarType::UInt16:
    case ScalarType::UInt32:
    case ScalarType::UInt64:
    case ScalarType::Float8_e8m0fnu:
      return false;
    default:
      return isFloatingType(t) || isComplexType(t) || isIntegralType(t, false);
  }
}
inline ScalarType toRealValueType(ScalarType t) {
  switch (t) {
    case ScalarType::ComplexHalf:
      return ScalarType::Half;
    case ScalarType::ComplexFloat:
      return ScalarType::Float;
    case ScalarType::ComplexDouble:
      return ScalarType::Double;
    default:
      return t;
  }
}

DType toDlpack(ScalarType t);
ScalarType fromDlpack(DType d);

}  // namespace ffi_port
