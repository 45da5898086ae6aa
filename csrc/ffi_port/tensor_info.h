// What ATen/cuda/detail/TensorInfo.cuh and IndexUtils.cuh declare: a tensor's sizes and strides by
// value for a kernel, an element's offset from its number, and whether 32 bits count the elements.
#pragma once

#include <cstdint>
#include <limits>

#include "ffi_port/macros.h"
#include "ffi_port/tensor.h"

#ifndef MAX_TENSORINFO_DIMS
#define MAX_TENSORINFO_DIMS 25
#endif

namespace ffi_port {

template <typename T, typename IndexType>
struct TensorInfo {
  TensorInfo() = default;
  FFI_PORT_HOST TensorInfo(T* p, int dim, const IndexType* sz, const IndexType* st)
      : data(p), dims(dim) {
    FFI_CHECK(dims < MAX_TENSORINFO_DIMS, "CUDA Tensors cannot have more than 25 dimensions");
    for (int i = 0; i < dims; ++i) {
      sizes[i] = sz[i];
      strides[i] = st[i];
    }
  }

  FFI_PORT_HOST void reduceDim(int dim) {
    FFI_CHECK(dim < dims && dim >= 0, "expected dim between 0 and dims - 1");
    sizes[dim] = 1;
  }

  /// Joins dimensions that lie in memory as one, leaving out those of size 1, but for `exclude`,
  /// whose new place is returned.
  FFI_PORT_HOST int collapseDims(const int exclude = -1) {
    FFI_CHECK(exclude >= -1 && exclude < dims, "expected excluded dim between -1 and dims - 1");
    int last = -1;
    int place = -1;
    bool open = false;  // whether the last dimension may still grow
    for (int i = 0; i < dims; ++i) {
      const bool kept = i == exclude;
      if (!kept && sizes[i] == 1) continue;
      if (!kept && open && strides[last] == sizes[i] * strides[i]) {
        sizes[last] *= sizes[i];
        strides[last] = strides[i];
        continue;
      }
      ++last;
      sizes[last] = sizes[i];
      strides[last] = strides[i];
      if (kept) place = last;
      open = !kept;
    }
    dims = last + 1;
    if (last == -1 || (last == 0 && sizes[0] == 1)) {
      dims = 1;
      sizes[0] = 1;
      strides[0] = 1;
      return 0;
    }
    return place;
  }

  FFI_HD bool isContiguous() const { return dims == 1 && strides[0] == 1; }

  T* data = nullptr;
  IndexType sizes[MAX_TENSORINFO_DIMS];
  IndexType strides[MAX_TENSORINFO_DIMS];
  int dims = 0;
};

/// `Dims` is known to the compiler, or -1.
template <typename T, typename IndexType, int Dims>
struct IndexToOffset {
  FFI_HD static IndexType get(IndexType linear, const TensorInfo<T, IndexType>& info) {
    IndexType offset = 0;
    for (int i = (Dims < 0 ? info.dims : Dims) - 1; i > 0; --i) {
      offset += linear % info.sizes[i] * info.strides[i];
      linear /= info.sizes[i];
    }
    return offset + linear * info.strides[0];
  }
};

template <typename scalar_t, typename IndexType>
TensorInfo<scalar_t, IndexType> getTensorInfo(const Tensor& t) {
  IndexType sizes[MAX_TENSORINFO_DIMS];
  IndexType strides[MAX_TENSORINFO_DIMS];
  const int dims = static_cast<int>(t.dim());
  FFI_CHECK(dims < MAX_TENSORINFO_DIMS, "CUDA Tensors cannot have more than 25 dimensions");
  for (int i = 0; i < dims; ++i) {
    sizes[i] = static_cast<IndexType>(t.size(i));
    strides[i] = static_cast<IndexType>(t.stride(i));
  }
  return TensorInfo<scalar_t, IndexType>(t.data_ptr<scalar_t>(), dims, sizes, strides);
}

inline bool canUse32BitIndexMath(const Tensor& t,
                                 int64_t max_elem = std::numeric_limits<int32_t>::max()) {
  const int64_t elements = t.numel();
  if (elements >= max_elem) return false;
  if (elements == 0) return max_elem > 0;
  int64_t last = 0;
  for (int64_t i = 0; i < t.dim(); ++i) last += (t.size(i) - 1) * t.stride(i);
  return last < max_elem;
}

}  // namespace ffi_port
