// torch's dtype check of `x.data_ptr<T>()` for launchers that take a raw pointer and a dtype code:
// the same text, then the cast.
#pragma once

#include <type_traits>

#include "ffi_port/error.h"
#include "ffi_port/scalar_type.h"

namespace ffi_port {
namespace detail {

template <class T>
void check_element_type(ScalarType found) {
  constexpr ScalarType wanted = CppTypeToScalarType<std::remove_const_t<T>>::value;
  FFI_CHECK(found == wanted, "expected scalar type ", wanted, " but found ", found);
}

}  // namespace detail

template <class T>
T* typed(void* data, ScalarType dtype) {
  detail::check_element_type<T>(dtype);
  return static_cast<T*>(data);
}

template <class T>
const T* typed(const void* data, ScalarType dtype) {
  detail::check_element_type<T>(dtype);
  return static_cast<const T*>(data);
}

}  // namespace ffi_port
