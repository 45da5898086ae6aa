// What torch's `x.dtype()` returns in C++: a TypeMeta, which compares with ScalarType and prints
// the C++ type's name ("float", "c10::Half", "long int"), not the enumerator's.
#pragma once

#include <ostream>
#include <string>

#include "ffi_port/scalar_type.h"

namespace ffi_port {

class TypeMeta {
 public:
  TypeMeta() = default;
  explicit TypeMeta(ScalarType type) : type_(type) {}

  ScalarType toScalarType() const { return type_; }
  size_t itemsize() const { return type_ == ScalarType::Undefined ? 0 : elementSize(type_); }
  template <class T>
  bool Match() const {
    return CppTypeToScalarType<T>::value == type_;
  }
  template <class T>
  static TypeMeta Make() {
    return TypeMeta(CppTypeToScalarType<T>::value);
  }

  std::string name() const {
    switch (type_) {
      case ScalarType::Byte:
        return "unsigned char";
      case ScalarType::Char:
        return "signed char";
      case ScalarType::Short:
        return "short int";
      case ScalarType::Int:
        return "int";
      case ScalarType::Long:
        return "long int";
      case ScalarType::UInt16:
        return "short unsigned int";
      case ScalarType::UInt32:
        return "unsigned int";
      case ScalarType::UInt64:
        return "long unsigned int";
      case ScalarType::Float:
        return "float";
      case ScalarType::Double:
        return "double";
      case ScalarType::Bool:
        return "bool";
      case ScalarType::ComplexHalf:
        return "c10::complex<c10::Half>";
      case ScalarType::ComplexFloat:
        return "c10::complex<float>";
      case ScalarType::ComplexDouble:
        return "c10::complex<double>";
      case ScalarType::Undefined:
      case ScalarType::NumOptions:
        return "nullptr (uninitialized)";
      default:
        return std::string("c10::") + toString(type_);
    }
  }

 private:
  ScalarType type_ = ScalarType::Undefined;
};

inline bool operator==(TypeMeta a, TypeMeta b) { return a.toScalarType() == b.toScalarType(); }
inline bool operator!=(TypeMeta a, TypeMeta b) { return !(a == b); }
inline bool operator==(TypeMeta a, ScalarType b) { return a.toScalarType() == b; }
inline bool operator==(ScalarType a, TypeMeta b) { return b == a; }
inline bool operator!=(TypeMeta a, ScalarType b) { return !(a == b); }
inline bool operator!=(ScalarType a, TypeMeta b) { return !(b == a); }

inline std::ostream& operator<<(std::ostream& out, TypeMeta meta) { return out << meta.name(); }

inline ScalarType typeMetaToScalarType(TypeMeta meta) { return meta.toScalarType(); }
inline TypeMeta scalarTypeToTypeMeta(ScalarType type) { return TypeMeta(type); }

}  // namespace ffi_port
