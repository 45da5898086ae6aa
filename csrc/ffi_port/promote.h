// torch's promote_types: the smallest type that holds both, by kind (bool, integer, float, complex)
// first and width second.
#pragma once

#include <algorithm>

#include "ffi_port/error.h"
#include "ffi_port/scalar_type.h"

namespace ffi_port {
namespace detail {

inline bool is_quantized(ScalarType t) {
  return t == ScalarType::QInt8 || t == ScalarType::QUInt8 || t == ScalarType::QInt32 ||
         t == ScalarType::QUInt4x2 || t == ScalarType::QUInt2x4;
}
inline bool is_wide_unsigned(ScalarType t) {
  return t == ScalarType::UInt16 || t == ScalarType::UInt32 || t == ScalarType::UInt64;
}

/// Of two floating types: neither half type holds the other.
inline ScalarType wider_float(ScalarType a, ScalarType b) {
  if (a == b) return a;
  if (a == ScalarType::Double || b == ScalarType::Double) return ScalarType::Double;
  return ScalarType::Float;
}

}  // namespace detail

inline ScalarType promoteTypes(ScalarType a, ScalarType b) {
  if (a == b) return a;
  if (a == ScalarType::Undefined || b == ScalarType::Undefined) return ScalarType::Undefined;
  FFI_CHECK(!detail::is_quantized(a) && !detail::is_quantized(b),
            "promoteTypes with quantized numbers is not handled yet; figure out what the correct "
            "rules should be, offending types: ", a, " ", b);
  FFI_CHECK(!isFloat8Type(a) && !isFloat8Type(b),
            "Promotion for Float8 Types is not supported, attempted to promote ", a, " and ", b);
  if (detail::is_wide_unsigned(a) || detail::is_wide_unsigned(b)) {
    if (isFloatingType(a)) return a;
    if (isFloatingType(b)) return b;
    FFI_CHECK(false,
              "Promotion for uint16, uint32, uint64 types is not supported, attempted to promote ",
              a, " and ", b);
  }
  const bool complex_a = isComplexType(a);
  const bool complex_b = isComplexType(b);
  if (complex_a || complex_b) {
    const ScalarType real_a = complex_a ? toRealValueType(a) : a;
    const ScalarType real_b = complex_b ? toRealValueType(b) : b;
    const ScalarType part = promoteTypes(real_a, real_b);
    if (part == ScalarType::Double) return ScalarType::ComplexDouble;
    return part == ScalarType::Half ? ScalarType::ComplexHalf : ScalarType::ComplexFloat;
  }
  const bool float_a = isFloatingType(a);
  const bool float_b = isFloatingType(b);
  if (float_a && float_b) return detail::wider_float(a, b);
  if (float_a) return a;
  if (float_b) return b;
  if (a == ScalarType::Bool) return b;
  if (b == ScalarType::Bool) return a;
  // Byte is the one unsigned type here: with any signed type it needs at least a Short.
  if (a == ScalarType::Byte) return std::max(b, ScalarType::Short);
  if (b == ScalarType::Byte) return std::max(a, ScalarType::Short);
  return std::max(a, b);  // the signed types are numbered by width
}
/// The same, but with an answer or an error.
inline ScalarType promote_types(ScalarType a, ScalarType b) {
  const ScalarType result = promoteTypes(a, b);
  FFI_CHECK(result != ScalarType::Undefined, "Promotion from ", a, " and ", b, " is unsupported.");
  return result;
}

}  // namespace ffi_port
