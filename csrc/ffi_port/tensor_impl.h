// What a Tensor handle points to, and the arithmetic on sizes and strides that tensor.h, shim.h and
// runtime/ share.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "ffi_port/array_ref.h"
#include "ffi_port/device.h"
#include "ffi_port/error.h"
#include "ffi_port/scalar_type.h"
#include "ffi_port/tensor_options.h"
#include "ffi_port/type_properties.h"

namespace ffi_port {

/// Keeps a tensor's memory alive; shim.h and from_blob derive from it.
struct Storage {
  virtual ~Storage() = default;
};

struct TensorImpl {
  std::vector<int64_t> sizes;
  std::vector<int64_t> strides;
  ScalarType dtype = ScalarType::Undefined;
  Device device = Device(DeviceType::CPU);
  char* data = nullptr;        // of the first element
  int64_t offset = 0;          // elements from the tensor this one is a view of
  int64_t storage_bytes = -1;  // from that tensor's first element; -1: not known
  bool detached = false;       // over memory of another tensor, without its history of gradients
  std::shared_ptr<Storage> storage;  // empty: borrowed from the caller
};

namespace detail {

/// A dimension counted from the end made positive; IndexError with torch's text when out of range.
inline int64_t wrap_dim(int64_t dim, int64_t ndim, bool wrap_scalar = true) {
  if (ndim == 0) {
    FFI_CHECK_INDEX(wrap_scalar, "Dimension specified as ", dim, " but tensor has no dimensions");
    ndim = 1;
  }
  FFI_CHECK_INDEX(-ndim <= dim && dim < ndim,
                  "Dimension out of range (expected to be in range of [", -ndim, ", ", ndim - 1,
                  "], but got ", dim, ")");
  return dim < 0 ? dim + ndim : dim;
}

inline std::vector<int64_t> contiguous_strides(IntArrayRef sizes) {
  std::vector<int64_t> strides(sizes.size());
  int64_t next = 1;
  for (size_t i = sizes.size(); i-- > 0;) {
    strides[i] = next;
    next *= std::max<int64_t>(sizes[i], 1);
  }
  return strides;
}

inline int64_t product(IntArrayRef sizes) {
  int64_t n = 1;
  for (int64_t s : sizes) n *= s;
  return n;
}

}  // namespace detail

}  // namespace ffi_port
