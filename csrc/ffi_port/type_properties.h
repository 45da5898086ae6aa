// What torch's deprecated `x.type()` returned.
#pragma once

#include <iosfwd>

#include "ffi_port/device.h"
#include "ffi_port/scalar_type.h"

namespace ffi_port {

/// Prints "CUDAFloatType", dispatches as its dtype.
struct DeprecatedTypeProperties {
  Device device_;
  ScalarType dtype_;
  ScalarType scalarType() const { return dtype_; }
  bool is_cuda() const { return device_.is_cuda(); }
  std::string toString() const;
  operator ScalarType() const { return dtype_; }
  bool operator==(const DeprecatedTypeProperties& o) const {
    return device_.type() == o.device_.type() && dtype_ == o.dtype_;
  }
  bool operator!=(const DeprecatedTypeProperties& o) const { return !(*this == o); }
};
std::ostream& operator<<(std::ostream& out, const DeprecatedTypeProperties& t);

}  // namespace ffi_port
