// Tensor::resize_ for memory that the library allocated: torch's sizes, and where it grows the old
// bytes first. What a caller or another tensor sees cannot be moved from here: NotImplementedError.
// Included by runtime.inl.
#pragma once

#include <cstdint>

#include "ffi_port/tensor.h"
#include "ffi_port/runtime/view.inl"

namespace ffi_port {

const Tensor& Tensor::resize_(IntArrayRef sizes) const {
  FFI_CHECK(defined(),
            "Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument "
            "#0 'self'");
  TensorImpl& impl = *impl_;
  FFI_CHECK_NOT_IMPLEMENTED(impl.storage_bytes >= 0 && impl.offset == 0,
                            "resize_ of a tensor that was not allocated here");
  int64_t bytes = static_cast<int64_t>(itemsize());
  for (const int64_t size : sizes) {
    FFI_CHECK(size >= 0 && !__builtin_mul_overflow(bytes, size, &bytes),
              "numel: integer multiplication overflow");
  }
  if (bytes <= impl.storage_bytes) {
    impl.sizes = sizes.vec();
    impl.strides = detail::contiguous_strides(sizes);
    return *this;
  }
  FFI_CHECK_NOT_IMPLEMENTED(impl.storage.use_count() == 1,
                            "resize_ of a tensor that another one is a view of");
  const Tensor grown = runtime::allocate(sizes, impl.dtype, impl.device);
  const int64_t kept = impl.storage_bytes / static_cast<int64_t>(itemsize());
  if (kept > 0) {
    detail::make_view(grown, {kept}, {1}).copy_(detail::make_view(*this, {kept}, {1}));
  }
  impl = *grown.unsafeGetTensorImpl();
  return *this;
}

}  // namespace ffi_port
