// How a shim's functions become the symbols that tvm-ffi calls: its TVM_FFI_DLL_EXPORT_TYPED_FUNC
// under the same name, with the same symbol, conversions, error classes and texts. tvm-ffi's own
// expansion spells out the making of each error text at each argument of each operator, which is
// most of what a shim takes to compile; here that is done out of line, once, in runtime.inl.
#pragma once

#include <tvm/ffi/any.h>
#include <tvm/ffi/function.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "ffi_port/macros.h"

namespace ffi_port {
namespace detail {

using TypeName = std::string (*)();

/// A function as error texts show it: its name; the type of its result, then its arguments'.
struct Signature {
  const char* name;
  const TypeName* types;
  size_t arguments;
};

[[noreturn]] void wrong_count(const Signature& called, int32_t given);
[[noreturn]] void wrong_type(const Signature& called, size_t index, const std::string& given);
/// Leaves the exception being handled to the caller of a C function; what that returns.
int raised();

template <class T>
[[noreturn]] FFI_PORT_COLD void wrong_argument(const Signature& called, const TVMFFIAny& given,
                                               size_t index) {
  wrong_type(called, index, tvm::ffi::TypeTraits<T>::GetMismatchTypeInfo(&given));
}

template <class T>
FFI_PORT_NOINLINE T argument(const Signature& called, const TVMFFIAny* given, size_t index) {
  const auto& value = reinterpret_cast<const tvm::ffi::AnyView&>(given[index]);
  if constexpr (std::is_same_v<T, tvm::ffi::AnyView> || std::is_same_v<T, tvm::ffi::Any>) {
    return T(value);
  } else {
    std::optional<T> converted = value.template try_cast<T>();
    if (!converted) wrong_argument<T>(called, given[index], index);
    return *std::move(converted);
  }
}

template <class R, class... A, size_t... I>
void call(R (*function)(A...), const Signature& called, const TVMFFIAny* given, TVMFFIAny* result,
          std::index_sequence<I...> /*unused*/) {
  if constexpr (std::is_void_v<R>) {
    function(argument<std::decay_t<A>>(called, given, I)...);
  } else {
    reinterpret_cast<tvm::ffi::Any&>(*result) =
        function(argument<std::decay_t<A>>(called, given, I)...);
  }
}

template <class R, class... A>
int safe_call(R (*function)(A...), const char* name, const TVMFFIAny* given, int32_t count,
              TVMFFIAny* result) {
  static constexpr TypeName types[] = {&tvm::ffi::detail::Type2Str<R>::v,
                                       &tvm::ffi::detail::Type2Str<A>::v...};
  const Signature called{name, types, sizeof...(A)};
  try {
    if (count != static_cast<int32_t>(sizeof...(A))) wrong_count(called, count);
    call(function, called, given, result, std::index_sequence_for<A...>());
    return 0;
  } catch (...) {
    return raised();
  }
}

}  // namespace detail
}  // namespace ffi_port

// With metadata asked for, tvm-ffi's own exports it too.
#if !TVM_FFI_DLL_EXPORT_INCLUDE_METADATA
#undef TVM_FFI_DLL_EXPORT_TYPED_FUNC
#define TVM_FFI_DLL_EXPORT_TYPED_FUNC(name, function)                                             \
  extern "C" {                                                                                    \
  TVM_FFI_DLL_EXPORT int __tvm_ffi_##name(void* /*self*/, const TVMFFIAny* arguments,             \
                                          int32_t count, TVMFFIAny* result) {                     \
    return ::ffi_port::detail::safe_call(+(function), #name, arguments, count, result);           \
  }                                                                                               \
  }
#endif
