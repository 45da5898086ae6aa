// What torch's `x.dtype()` returns in C++: a TypeMeta, which compares with ScalarType and prints
// the C++ type's name ("float", "c10::Half", "long int"), not the enumerator's.
#pragma once

#include <iosfwd>

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

  std::string name() const;

 private:
  ScalarType type_ = ScalarType::Undefined;
};

inline bool operator==(TypeMeta a, TypeMeta b) { return a.toScalarType() == b.toScalarType(); }
inline bool operator!=(TypeMeta a, TypeMeta b) { return !(a == b); }
inline bool operator==(TypeMeta a, ScalarType b) { return a.toScalarType() == b; }
inline bool operator==(ScalarType a, TypeMeta b) { return b == a; }
inline bool operator!=(TypeMeta a, ScalarType b) { return !(a == b); }
inline bool operator!=(ScalarType a, TypeMeta b) { return !(b == a); }

std::ostream& operator<<(std::ostream& out, TypeMeta meta);

inline ScalarType typeMetaToScalarType(TypeMeta meta) { return meta.toScalarType(); }
inline TypeMeta scalarTypeToTypeMeta(ScalarType type) { return TypeMeta(type); }

}  // namespace ffi_port
