// torch's TensorAccessor and PackedTensorAccessor32/64: typed element access by index, for host
// loops and for kernels (the packed form carries its sizes and strides by value).
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "ffi_port/array_ref.h"
#include "ffi_port/error.h"
#include "ffi_port/macros.h"

namespace ffi_port {

template <class T>
struct DefaultPtrTraits {
  using PtrType = T*;
};
template <class T>
struct RestrictPtrTraits {
  using PtrType = T* __restrict__;
};

// Borrows sizes and strides; one dimension is dropped per index.
template <class T, size_t N, template <class U> class PtrTraits = DefaultPtrTraits,
          class index_t = int64_t>
class TensorAccessor {
 public:
  using PtrType = typename PtrTraits<T>::PtrType;

  FFI_HD TensorAccessor(PtrType data, const index_t* sizes, const index_t* strides)
      : data_(data), sizes_(sizes), strides_(strides) {}

  FFI_PORT_HOST ArrayRef<index_t> sizes() const { return ArrayRef<index_t>(sizes_, N); }
  FFI_PORT_HOST ArrayRef<index_t> strides() const { return ArrayRef<index_t>(strides_, N); }
  FFI_HD index_t size(index_t i) const { return sizes_[i]; }
  FFI_HD index_t stride(index_t i) const { return strides_[i]; }
  FFI_HD PtrType data() { return data_; }
  FFI_HD const PtrType data() const { return data_; }

  FFI_HD decltype(auto) operator[](index_t i) {
    if constexpr (N == 1) {
      return element(i);
    } else {
      return TensorAccessor<T, N - 1, PtrTraits, index_t>(data_ + strides_[0] * i, sizes_ + 1,
                                                          strides_ + 1);
    }
  }
  FFI_HD decltype(auto) operator[](index_t i) const {
    if constexpr (N == 1) {
      return static_cast<const T&>(element(i));
    } else {
      using Row = const TensorAccessor<T, N - 1, PtrTraits, index_t>;
      return static_cast<Row>(Row(data_ + strides_[0] * i, sizes_ + 1, strides_ + 1));
    }
  }

 private:
  FFI_HD T& element(index_t i) const { return data_[strides_[0] * i]; }

  PtrType data_;
  const index_t* sizes_;
  const index_t* strides_;
};

// Owns its sizes and strides, so that it can be a kernel argument.
template <class T, size_t N, template <class U> class PtrTraits = DefaultPtrTraits,
          class index_t = int64_t>
class GenericPackedTensorAccessor {
 public:
  using PtrType = typename PtrTraits<T>::PtrType;

  template <class source_t>
  FFI_PORT_HOST GenericPackedTensorAccessor(PtrType data, const source_t* sizes,
                                            const source_t* strides)
      : data_(data) {
    for (size_t i = 0; i < N; ++i) {
      sizes_[i] = static_cast<index_t>(sizes[i]);
      strides_[i] = static_cast<index_t>(strides[i]);
    }
  }

  FFI_HD index_t size(index_t i) const { return sizes_[i]; }
  FFI_HD index_t stride(index_t i) const { return strides_[i]; }
  FFI_HD PtrType data() { return data_; }
  FFI_HD const PtrType data() const { return data_; }

  FFI_HD decltype(auto) operator[](index_t i) {
    if constexpr (N == 1) {
      return static_cast<T&>(data_[strides_[0] * i]);
    } else {
      return row(i);
    }
  }
  FFI_HD decltype(auto) operator[](index_t i) const {
    if constexpr (N == 1) {
      return static_cast<const T&>(data_[strides_[0] * i]);
    } else {
      return static_cast<const TensorAccessor<T, N - 1, PtrTraits, index_t>>(row(i));
    }
  }

  FFI_PORT_HOST GenericPackedTensorAccessor transpose(index_t dim1, index_t dim2) const {
    check(dim1);
    check(dim2);
    GenericPackedTensorAccessor result(data_, sizes_, strides_);
    std::swap(result.sizes_[dim1], result.sizes_[dim2]);
    std::swap(result.strides_[dim1], result.strides_[dim2]);
    return result;
  }

 private:
  FFI_HD auto row(index_t i) const {
    return TensorAccessor<T, N - 1, PtrTraits, index_t>(data_ + strides_[0] * i, sizes_ + 1,
                                                        strides_ + 1);
  }
  FFI_PORT_HOST void check(index_t i) const {
    FFI_CHECK_INDEX(0 <= i && i < static_cast<index_t>(N), "Index ", i,
                    " is not within bounds of a tensor of dimension ", N);
  }

  PtrType data_;
  index_t sizes_[N];
  index_t strides_[N];
};

template <class T, size_t N, template <class U> class PtrTraits = DefaultPtrTraits,
          class index_t = int64_t>
using PackedTensorAccessor = GenericPackedTensorAccessor<T, N, PtrTraits, index_t>;
template <class T, size_t N, template <class U> class PtrTraits = DefaultPtrTraits>
using PackedTensorAccessor32 = GenericPackedTensorAccessor<T, N, PtrTraits, int32_t>;
template <class T, size_t N, template <class U> class PtrTraits = DefaultPtrTraits>
using PackedTensorAccessor64 = GenericPackedTensorAccessor<T, N, PtrTraits, int64_t>;

}  // namespace ffi_port
