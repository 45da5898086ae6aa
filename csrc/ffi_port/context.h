// What ported code asks of at::globalContext().
#pragma once

#include <string_view>

#include "ffi_port/error.h"
#include "ffi_port/runtime.h"
#include "ffi_port/warn.h"

namespace ffi_port {

struct Context {
  bool deterministicAlgorithms() const { return runtime::deterministic_algorithms(); }
  /// Fails, or warns, where the caller of a framework asked it for deterministic algorithms.
  static void alertNotDeterministic(std::string_view caller) {
    const runtime::Determinism asked = runtime::determinism();
    if (asked == runtime::Determinism::WarnOnly) {
      FFI_WARN(caller, " does not have a deterministic implementation, but you set "
               "'torch.use_deterministic_algorithms(True, warn_only=True)'. You can file an issue "
               "at https://github.com/pytorch/pytorch/issues to help us prioritize adding "
               "deterministic support for this operation.")
    }
    FFI_CHECK(asked != runtime::Determinism::Required, caller,
              " does not have a deterministic implementation, but you set "
              "'torch.use_deterministic_algorithms(True)'. You can turn off determinism just for "
              "this operation, or you can use the 'warn_only=True' option, if that's acceptable "
              "for your application. You can also file an issue at "
              "https://github.com/pytorch/pytorch/issues to help us prioritize adding "
              "deterministic support for this operation.");
  }
};

inline Context& globalContext() {
  static Context context;
  return context;
}

}  // namespace ffi_port
