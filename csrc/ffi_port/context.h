// What ported code asks of at::globalContext().
#pragma once

#include "ffi_port/runtime.h"

namespace ffi_port {

struct Context {
  bool deterministicAlgorithms() const { return runtime::deterministic_algorithms(); }
};

inline Context& globalContext() {
  static Context context;
  return context;
}

}  // namespace ffi_port
