// torch's Scalar: a number that remembers whether it was a bool, an integer or a float, and refuses
// a conversion that overflows with torch's text. Complex scalars are not carried.
#pragma once

#include <cmath>
#include <cstdint>
#include <iosfwd>
#include <limits>
#include <type_traits>

#include "ffi_port/bfloat16.h"
#include "ffi_port/error.h"
#include "ffi_port/half.h"
#include "ffi_port/scalar_type.h"

namespace ffi_port {
namespace detail {

// torch names the type as its own tables spell it.
template <class T>
inline const char* scalar_name() {
  switch (CppTypeToScalarType<T>::value) {
    case ScalarType::Byte:
      return "uint8_t";
    case ScalarType::Char:
      return "int8_t";
    case ScalarType::Short:
      return "int16_t";
    case ScalarType::Int:
      return "int";
    case ScalarType::Long:
      return "int64_t";
    case ScalarType::UInt16:
      return "uint16_t";
    case ScalarType::UInt32:
      return "uint32_t";
    case ScalarType::UInt64:
      return "uint64_t";
    case ScalarType::Half:
      return "c10::Half";
    case ScalarType::BFloat16:
      return "c10::BFloat16";
    case ScalarType::Float8_e5m2:
      return "c10::Float8_e5m2";
    case ScalarType::Float8_e4m3fn:
      return "c10::Float8_e4m3fn";
    case ScalarType::Float8_e5m2fnuz:
      return "c10::Float8_e5m2fnuz";
    case ScalarType::Float8_e4m3fnuz:
      return "c10::Float8_e4m3fnuz";
    case ScalarType::Float8_e8m0fnu:
      return "c10::Float8_e8m0fnu";
    case ScalarType::Double:
      return "double";
    default:
      return "float";
  }
}

template <class To>
bool overflows(double f) {
  using L = std::numeric_limits<To>;
  if (L::has_infinity && std::isinf(f)) return false;
  if (!L::has_quiet_NaN && f != f) return true;
  return f < static_cast<double>(L::lowest()) || f > static_cast<double>(L::max());
}
// Negative integers may wrap into an unsigned type as long as they fit its width.
template <class To>
bool overflows(int64_t f) {
  using L = std::numeric_limits<To>;
  if constexpr (!L::is_integer) {
    return overflows<To>(static_cast<double>(f));
  } else if constexpr (!L::is_signed) {
    const uint64_t magnitude = f < 0 ? 0 - static_cast<uint64_t>(f) : static_cast<uint64_t>(f);
    return magnitude > static_cast<uint64_t>(L::max());
  } else {
    return f < static_cast<int64_t>(L::lowest()) || f > static_cast<int64_t>(L::max());
  }
}

}  // namespace detail

class Scalar {
 public:
  Scalar() : Scalar(int64_t(0)) {}
  template <class T, std::enable_if_t<std::is_arithmetic_v<T> || std::is_same_v<T, Half> ||
                                          std::is_same_v<T, BFloat16>,
                                      bool> = true>
  Scalar(T value) {
    if constexpr (std::is_same_v<T, bool>) {
      kind_ = ScalarType::Bool;
      integer_ = value;
    } else if constexpr (std::is_integral_v<T>) {
      kind_ = ScalarType::Long;
      integer_ = static_cast<int64_t>(value);
    } else {
      kind_ = ScalarType::Double;
      real_ = static_cast<double>(value);
    }
  }

  bool isFloatingPoint() const { return kind_ == ScalarType::Double; }
  bool isIntegral(bool includeBool) const {
    return kind_ == ScalarType::Long || (includeBool && isBoolean());
  }
  bool isBoolean() const { return kind_ == ScalarType::Bool; }
  bool isComplex() const { return false; }
  ScalarType type() const { return kind_; }

  template <class T>
  T to() const {
    if constexpr (std::is_same_v<T, bool>) {
      return isFloatingPoint() ? real_ != 0 : integer_ != 0;
    } else if (isFloatingPoint()) {
      FFI_CHECK(!detail::overflows<T>(real_), "value cannot be converted to type ",
                detail::scalar_name<T>(), " without overflow");
      return static_cast<T>(real_);
    } else {
      FFI_CHECK(!detail::overflows<T>(integer_), "value cannot be converted to type ",
                detail::scalar_name<T>(), " without overflow");
      return static_cast<T>(integer_);
    }
  }
  double toDouble() const { return to<double>(); }
  float toFloat() const { return to<float>(); }
  int64_t toLong() const { return to<int64_t>(); }
  int toInt() const { return to<int>(); }
  int16_t toShort() const { return to<int16_t>(); }
  int8_t toChar() const { return to<int8_t>(); }
  uint8_t toByte() const { return to<uint8_t>(); }
  bool toBool() const { return to<bool>(); }
  Half toHalf() const { return to<Half>(); }
  BFloat16 toBFloat16() const { return to<BFloat16>(); }

 private:
  ScalarType kind_ = ScalarType::Long;
  double real_ = 0;
  int64_t integer_ = 0;
};

std::ostream& operator<<(std::ostream& out, const Scalar& s);

}  // namespace ffi_port
