// torch's Tensor as far as host code around a kernel uses it: metadata, typed pointers with torch's
// dtype check, views, accessors, writing in place. A cheap handle without autograd. What
// needs a framework goes through runtime.h.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "ffi_port/accessor.h"
#include "ffi_port/array_ref.h"
#include "ffi_port/compute_methods.h"
#include "ffi_port/device.h"
#include "ffi_port/error.h"
#include "ffi_port/runtime.h"
#include "ffi_port/scalar.h"
#include "ffi_port/scalar_type.h"
#include "ffi_port/tensor_impl.h"
#include "ffi_port/tensor_options.h"
#include "ffi_port/type_meta.h"

namespace ffi_port {

struct TensorIndex;

class Tensor : public detail::ComputeMethods<Tensor> {
 public:
  Tensor() = default;
  explicit Tensor(std::shared_ptr<TensorImpl> impl) : impl_(std::move(impl)) {}
  Tensor(const Tensor&) = default;
  Tensor(Tensor&&) noexcept = default;

  // A variable is bound anew; what an expression returned (`t[i] = u`) is written through.
  Tensor& operator=(const Tensor&) & = default;
  Tensor& operator=(Tensor&&) & noexcept = default;
  Tensor& operator=(const Tensor& src) && { return copy_(src); }
  Tensor& operator=(const Scalar& value) && { return fill_(value); }

  bool defined() const { return impl_ != nullptr; }
  void reset() { impl_.reset(); }
  bool is_same(const Tensor& other) const { return impl_ == other.impl_; }
  const TensorImpl* unsafeGetTensorImpl() const { return impl_.get(); }

  // Metadata. An undefined tensor answers as torch's does: one dimension of size 0.
  int64_t dim() const { return static_cast<int64_t>(sizes().size()); }
  int64_t ndimension() const { return dim(); }
  // Nor does one without dimensions fault where code reads a size before it checks their number:
  // in torch there is memory for five.
  IntArrayRef sizes() const {
    static const int64_t none[5] = {};
    if (impl_ && !impl_->sizes.empty()) return impl_->sizes;
    return IntArrayRef(none, impl_ ? 0 : 1);
  }
  IntArrayRef strides() const {
    FFI_CHECK(defined(), "strides() called on an undefined Tensor");
    return impl_->strides;
  }
  int64_t size(int64_t d) const {
    return sizes()[static_cast<size_t>(detail::wrap_dim(d, dim(), /*wrap_scalar=*/false))];
  }
  int64_t stride(int64_t d) const {
    const int64_t i = detail::wrap_dim(d, dim(), /*wrap_scalar=*/false);
    return strides()[static_cast<size_t>(i)];
  }
  int64_t numel() const { return detail::product(sizes()); }
  size_t element_size() const { return itemsize(); }
  size_t itemsize() const { return dtype().itemsize(); }
  size_t nbytes() const { return static_cast<size_t>(numel()) * itemsize(); }
  /// Counted from the tensor the caller passed or the code allocated: what lies before that
  /// tensor in its framework's storage cannot be known.
  int64_t storage_offset() const { return impl_ ? impl_->offset : 0; }

  ScalarType scalar_type() const { return impl_ ? impl_->dtype : ScalarType::Undefined; }
  TypeMeta dtype() const { return TypeMeta(scalar_type()); }
  bool is_floating_point() const { return isFloatingType(scalar_type()); }
  bool is_complex() const { return isComplexType(scalar_type()); }
  DeprecatedTypeProperties type() const { return {device(), scalar_type()}; }
  Device device() const {
    FFI_CHECK(defined(), "tensor does not have a device");
    return impl_->device;
  }
  bool is_cuda() const { return impl_ && impl_->device.is_cuda(); }
  bool is_cpu() const { return impl_ && impl_->device.is_cpu(); }
  bool is_hip() const { return impl_ && impl_->device.is_hip(); }
  bool is_sparse() const { return false; }
  bool is_meta() const { return false; }
  DeviceIndex get_device() const { return device().index(); }
  Layout layout() const { return Layout::Strided; }
  TensorOptions options() const {
    return TensorOptions().dtype(scalar_type()).device(device()).layout(layout());
  }
  bool is_contiguous(MemoryFormat format = MemoryFormat::Contiguous) const;
  bool is_non_overlapping_and_dense() const;
  std::string toString() const;

  // Pointers to the first element; null when there is none, as in torch.
  void* data_ptr() const {
    FFI_CHECK(defined(), "Cannot access data pointer of Tensor that doesn't have storage");
    if (numel() == 0) return nullptr;
    // A FakeTensor of torch's arrives without memory; a kernel would fault on it.
    FFI_CHECK(impl_->data != nullptr || device().is_meta(),
              "Cannot access data pointer of Tensor (e.g. FakeTensor, FunctionalTensor). If you're "
              "using torch.compile/export/fx, wrap this operator into an opaque custom op");
    return impl_->data;
  }
  void* mutable_data_ptr() const { return data_ptr(); }
  const void* const_data_ptr() const { return data_ptr(); }
  template <class T>
  T* data_ptr() const {
    constexpr ScalarType wanted = CppTypeToScalarType<std::remove_const_t<T>>::value;
    FFI_CHECK(scalar_type() == wanted, "expected scalar type ", wanted, " but found ",
              scalar_type());
    return static_cast<T*>(data_ptr());
  }
  template <class T>
  T* mutable_data_ptr() const {
    return data_ptr<T>();
  }
  template <class T>
  const std::remove_const_t<T>* const_data_ptr() const {
    return data_ptr<const std::remove_const_t<T>>();
  }
  template <class T>
  T* data() const {
    return data_ptr<T>();
  }
  Tensor data() const { return detach(); }

  template <class T, size_t N>
  TensorAccessor<T, N> accessor() const& {
    check_accessor<N>();
    return TensorAccessor<T, N>(data_ptr<T>(), sizes().data(), strides().data());
  }
  template <class T, size_t N>
  TensorAccessor<T, N> accessor() && = delete;
  template <class T, size_t N, template <class U> class PtrTraits = DefaultPtrTraits>
  PackedTensorAccessor32<T, N, PtrTraits> packed_accessor32() const& {
    FFI_CHECK(numel() <= std::numeric_limits<int32_t>::max(),
              "numel needs to be smaller than int32_t max; otherwise, please use "
              "packed_accessor64");
    return packed<T, N, PtrTraits, int32_t>();
  }
  template <class T, size_t N, template <class U> class PtrTraits = DefaultPtrTraits>
  PackedTensorAccessor32<T, N, PtrTraits> packed_accessor32() && = delete;
  template <class T, size_t N, template <class U> class PtrTraits = DefaultPtrTraits>
  PackedTensorAccessor64<T, N, PtrTraits> packed_accessor64() const& {
    return packed<T, N, PtrTraits, int64_t>();
  }
  template <class T, size_t N, template <class U> class PtrTraits = DefaultPtrTraits>
  PackedTensorAccessor64<T, N, PtrTraits> packed_accessor64() && = delete;
  template <class T, size_t N, template <class U> class PtrTraits = DefaultPtrTraits,
            class index_t = int64_t>
  GenericPackedTensorAccessor<T, N, PtrTraits, index_t> packed_accessor() const& {
    return packed<T, N, PtrTraits, index_t>();
  }

  // Views: the same memory under other sizes and strides.
  Tensor as_strided(IntArrayRef sizes, IntArrayRef strides,
                    std::optional<int64_t> storage_offset = std::nullopt) const;
  Tensor view(IntArrayRef sizes) const;
  Tensor view(ScalarType dtype) const;
  Tensor view_as(const Tensor& other) const;
  Tensor reshape(IntArrayRef sizes) const;
  Tensor reshape_as(const Tensor& other) const;
  Tensor select(int64_t dim, int64_t index) const;
  Tensor slice(int64_t dim = 0, std::optional<int64_t> start = std::nullopt,
               std::optional<int64_t> end = std::nullopt, int64_t step = 1) const;
  Tensor narrow(int64_t dim, int64_t start, int64_t length) const;
  Tensor transpose(int64_t dim0, int64_t dim1) const;
  Tensor permute(IntArrayRef dims) const;
  Tensor t() const;
  Tensor squeeze() const;
  Tensor squeeze(int64_t dim) const;
  Tensor unsqueeze(int64_t dim) const;
  Tensor flatten(int64_t start_dim = 0, int64_t end_dim = -1) const;
  Tensor unflatten(int64_t dim, IntArrayRef sizes) const;
  Tensor expand(IntArrayRef sizes, bool implicit = false) const;
  Tensor expand_as(const Tensor& other) const { return expand(other.sizes()); }
  Tensor detach() const;
  Tensor alias() const;
  Tensor operator[](int64_t index) const { return select(0, index); }
  Tensor index(std::initializer_list<TensorIndex> indices) const;  // in indexing.h

  // What may need a framework.
  Tensor contiguous(MemoryFormat format = MemoryFormat::Contiguous) const {
    if (is_contiguous(format)) return *this;
    FFI_CHECK_NOT_IMPLEMENTED(format == MemoryFormat::Contiguous,
                              "contiguous() in memory format ", format);
    return runtime::contiguous(*this);
  }
  Tensor clone() const { return runtime::clone(*this); }
  Tensor& copy_(const Tensor& src, bool non_blocking = false) const {
    runtime::copy_(*this, src, non_blocking);
    return const_cast<Tensor&>(*this);
  }
  Tensor& fill_(const Scalar& value) const {
    runtime::fill_(*this, value);
    return const_cast<Tensor&>(*this);
  }
  Tensor& zero_() const { return fill_(0); }
  Tensor& add_(const Tensor& other) const { return update("add_", other); }
  Tensor& add_(const Scalar& other) const { return update("add_", other); }
  Tensor& sub_(const Tensor& other) const { return update("sub_", other); }
  Tensor& sub_(const Scalar& other) const { return update("sub_", other); }
  Tensor& mul_(const Tensor& other) const { return update("mul_", other); }
  Tensor& mul_(const Scalar& other) const { return update("mul_", other); }
  Tensor& div_(const Tensor& other) const { return update("div_", other); }
  Tensor& div_(const Scalar& other) const { return update("div_", other); }
  Tensor& operator+=(const Tensor& other) { return add_(other); }
  Tensor& operator+=(const Scalar& other) { return add_(other); }
  Tensor& operator-=(const Tensor& other) { return sub_(other); }
  Tensor& operator-=(const Scalar& other) { return sub_(other); }
  Tensor& operator*=(const Tensor& other) { return mul_(other); }
  Tensor& operator*=(const Scalar& other) { return mul_(other); }
  Tensor& operator/=(const Tensor& other) { return div_(other); }
  Tensor& operator/=(const Scalar& other) { return div_(other); }
  Tensor to(ScalarType dtype, bool non_blocking = false, bool copy = false) const {
    return convert(dtype, std::nullopt, non_blocking, copy);
  }
  Tensor to(Device device, ScalarType dtype, bool non_blocking = false, bool copy = false) const {
    return convert(dtype, device, non_blocking, copy);
  }
  Tensor to(const TensorOptions& options, bool non_blocking = false, bool copy = false) const {
    return convert(options.dtype_opt(), options.device_opt(), non_blocking, copy);
  }
  Tensor to(TypeMeta dtype, bool non_blocking = false, bool copy = false) const {
    return to(dtype.toScalarType(), non_blocking, copy);
  }
  Tensor to(const Tensor& other, bool non_blocking = false, bool copy = false) const {
    return to(other.device(), other.scalar_type(), non_blocking, copy);
  }
  Tensor toType(ScalarType dtype) const { return to(dtype); }
  Tensor cpu() const { return convert(std::nullopt, Device(DeviceType::CPU), false, false); }
  Tensor cuda() const { return convert(std::nullopt, Device(DeviceType::CUDA), false, false); }
  Scalar item() const {
    FFI_CHECK(numel() == 1, "a Tensor with ", numel(), " elements cannot be converted to Scalar");
    return runtime::item(*this);
  }
  template <class T>
  T item() const {
    return item().to<T>();
  }

  // Allocation like this tensor.
  Tensor new_empty(IntArrayRef sizes, const TensorOptions& options = {}) const;
  Tensor new_zeros(IntArrayRef sizes, const TensorOptions& options = {}) const;
  Tensor new_ones(IntArrayRef sizes, const TensorOptions& options = {}) const;
  Tensor new_full(IntArrayRef sizes, const Scalar& value, const TensorOptions& options = {}) const;
  const Tensor& resize_(IntArrayRef sizes) const;

 private:
  template <size_t N>
  void check_accessor() const {
    static_assert(N > 0, "accessor is used for indexing tensor, for scalars use *data_ptr<T>()");
    FFI_CHECK(dim() == static_cast<int64_t>(N), "TensorAccessor expected ", N,
              " dims but tensor has ", dim());
  }
  template <class T, size_t N, template <class U> class PtrTraits, class index_t>
  GenericPackedTensorAccessor<T, N, PtrTraits, index_t> packed() const {
    check_accessor<N>();
    return {data_ptr<T>(), sizes().data(), strides().data()};
  }
  template <class Other>
  Tensor& update(const char* operation, const Other& other) const {
    runtime::update(*this, operation, other);
    return const_cast<Tensor&>(*this);
  }
  Tensor convert(std::optional<ScalarType> dtype, std::optional<Device> device, bool non_blocking,
                 bool copy) const {
    const bool same_type = !dtype || *dtype == scalar_type();
    const bool same_device = !device || *device == this->device() ||
                             (!device->has_index() && device->type() == this->device().type());
    if (same_type && same_device && !copy) return *this;
    return runtime::to(*this, dtype, device, non_blocking, copy);
  }

  std::shared_ptr<TensorImpl> impl_;
};

using TensorBase = Tensor;  // no difference without reference counts
using TensorList = ArrayRef<Tensor>;

inline std::optional<Device> device_of(const Tensor& tensor) {
  return tensor.defined() ? std::optional<Device>(tensor.device()) : std::nullopt;
}

}  // namespace ffi_port

#include "ffi_port/tensor_functions.h"
