// at::Tensor. Metadata has torch's exact types; operators that only make tensors from tensors
// take anything, so that a new overload in torch needs no change here.
#pragma once
#pragma clang force_cuda_host_device begin

namespace at {
using c10::ArrayRef, c10::IntArrayRef, c10::Scalar, c10::ScalarType, c10::TensorOptions,
    c10::MemoryFormat, c10::Device, c10::DeviceIndex, c10::Layout, c10::OptionalIntArrayRef;

// Restricts a pointer, or does not: the traits of packed_accessor.
template <class T> struct DefaultPtrTraits { typedef T *PtrType; };
template <class T> struct RestrictPtrTraits { typedef T *__restrict PtrType; };
template <class T, size_t N, template <class U> class Traits = DefaultPtrTraits, class I = int64_t>
class TensorAccessor {
 public:
  typedef typename Traits<T>::PtrType PtrType;
  TensorAccessor(PtrType data, const I *sizes, const I *strides);
  TensorAccessor<T, N - 1, Traits, I> operator[](I i) const;
  IntArrayRef sizes() const;
  IntArrayRef strides() const;
  I size(I i) const;
  I stride(I i) const;
  PtrType data() const;
};
template <class T, template <class U> class Traits, class I>
class TensorAccessor<T, 1, Traits, I> {
 public:
  typedef typename Traits<T>::PtrType PtrType;
  TensorAccessor(PtrType data, const I *sizes, const I *strides);
  T &operator[](I i) const;
  IntArrayRef sizes() const;
  IntArrayRef strides() const;
  I size(I i) const;
  I stride(I i) const;
  PtrType data() const;
};
template <class T, size_t N, template <class U> class Traits = DefaultPtrTraits, class I = int64_t>
using GenericPackedTensorAccessor = TensorAccessor<T, N, Traits, I>;
template <class T, size_t N, template <class U> class Traits = DefaultPtrTraits>
using PackedTensorAccessor32 = TensorAccessor<T, N, Traits, int32_t>;
template <class T, size_t N, template <class U> class Traits = DefaultPtrTraits>
using PackedTensorAccessor64 = TensorAccessor<T, N, Traits, int64_t>;
template <class T, size_t N, template <class U> class Traits = DefaultPtrTraits, class I = int64_t>
using PackedTensorAccessor = TensorAccessor<T, N, Traits, I>;

// What Tensor::type() answers.
class DeprecatedTypeProperties {
 public:
  ScalarType scalarType() const;
  c10::TypeMeta typeMeta() const;
  c10::Backend backend() const;
  c10::DeviceType device_type() const;
  bool is_cuda() const;
  bool is_sparse() const;
  std::string toString() const;
  bool operator==(const DeprecatedTypeProperties &other) const;
  bool operator!=(const DeprecatedTypeProperties &other) const;
  operator TensorOptions() const;
};
std::ostream &operator<<(std::ostream &out, const DeprecatedTypeProperties &type);

class Generator {
 public:
  Generator();
  bool defined() const;
  c10::Device device() const;
  uint64_t current_seed() const;
  void set_current_seed(uint64_t seed);
  uint64_t seed();
  std::mutex &mutex();
  template <class T> T *get() const;
};

struct TensorImpl : c10::intrusive_ptr_target {
  void set_sizes_contiguous(IntArrayRef sizes);
  void set_sizes_and_strides(IntArrayRef sizes, IntArrayRef strides);
  void set_storage_offset(int64_t offset);
  void bump_version();
};

// Tensor from tensors, with any arguments; in place; or with a braced list of integers first.
#define MIGRATE_OP(name) template <class... A> Tensor name(const A &...args) const;
#define MIGRATE_OP_(name) template <class... A> Tensor &name(const A &...args) const;
#define MIGRATE_OPS(name) MIGRATE_OP(name) MIGRATE_OP_(name##_)
#define MIGRATE_OP_LIST(name)                                                 \
  MIGRATE_OP(name)                                                            \
  template <class... A> Tensor name(std::initializer_list<int64_t> list, const A &...args) const;

class Tensor {
 public:
  Tensor();
  Tensor(const Tensor &other);
  Tensor(Tensor &&other) noexcept;
  ~Tensor();
  Tensor &operator=(const Tensor &other) &;
  Tensor &operator=(Tensor &&other) & noexcept;
  Tensor &operator=(const Tensor &other) &&;
  Tensor &operator=(const Scalar &value) &&;

  bool defined() const;
  void reset();
  bool is_same(const Tensor &other) const noexcept;
  bool is_alias_of(const Tensor &other) const;
  size_t use_count() const noexcept;
  int64_t dim() const;
  int64_t ndimension() const;
  int64_t size(int64_t dim) const;
  int64_t stride(int64_t dim) const;
  IntArrayRef sizes() const;
  IntArrayRef strides() const;
  c10::SymInt sym_size(int64_t dim) const;
  c10::SymIntArrayRef sym_sizes() const;
  c10::SymInt sym_numel() const;
  int64_t numel() const;
  int64_t storage_offset() const;
  size_t nbytes() const;
  size_t itemsize() const;
  int64_t element_size() const;
  ScalarType scalar_type() const;
  c10::TypeMeta dtype() const;
  Device device() const;
  DeviceIndex get_device() const;
  Layout layout() const;
  TensorOptions options() const;
  MemoryFormat suggest_memory_format(bool channels_last_strides_exact_match = false) const;
  DeprecatedTypeProperties type() const;
  std::string toString() const;
  bool has_storage() const;
  const c10::Storage &storage() const;
  TensorImpl *unsafeGetTensorImpl() const;
  c10::DispatchKeySet key_set() const;

  bool is_contiguous(MemoryFormat format = MemoryFormat::Contiguous) const;
  bool is_non_overlapping_and_dense() const;
  bool is_cuda() const;
  bool is_cpu() const;
  bool is_hip() const;
  bool is_xpu() const;
  bool is_mps() const;
  bool is_privateuseone() const;
  bool is_mtia() const;
  bool is_hpu() const;
  bool is_xla() const;
  bool is_vulkan() const;
  bool is_mkldnn() const;
  bool is_meta() const;
  bool is_sparse() const;
  bool is_sparse_csr() const;
  bool is_quantized() const;
  bool is_floating_point() const;
  bool is_complex() const;
  bool is_signed() const;
  bool is_pinned() const;
  bool is_leaf() const;
  bool is_inference() const;
  bool equal(const Tensor &other) const;
  bool is_nonzero() const;
  bool allclose(const Tensor &other, double rtol = 1e-5, double atol = 1e-8, bool = false) const;

  void *data_ptr() const;
  const void *const_data_ptr() const;
  void *mutable_data_ptr() const;
  template <class T> T *data_ptr() const;
  template <class T> const std::remove_const_t<T> *const_data_ptr() const;
  template <class T> T *mutable_data_ptr() const;
  template <class T> T *data() const;
  Tensor data() const;
  template <class T> T item() const;
  Scalar item() const;
  template <class T, size_t N> TensorAccessor<T, N> accessor() const &;
  template <class T, size_t N, template <class U> class Traits = DefaultPtrTraits>
  PackedTensorAccessor32<T, N, Traits> packed_accessor32() const &;
  template <class T, size_t N, template <class U> class Traits = DefaultPtrTraits>
  PackedTensorAccessor64<T, N, Traits> packed_accessor64() const &;
  template <class T, size_t N, template <class U> class Traits = DefaultPtrTraits,
            class I = int64_t>
  PackedTensorAccessor<T, N, Traits, I> packed_accessor() const &;
  template <class T, size_t N, template <class U> class Traits = DefaultPtrTraits,
            class I = int64_t>
  PackedTensorAccessor<T, N, Traits, I> generic_packed_accessor() const &;

  bool requires_grad() const;
  const Tensor &set_requires_grad(bool value) const;
  const Tensor &requires_grad_(bool value = true) const;
  Tensor &mutable_grad() const;
  const Tensor &grad() const;
  void set_data(const Tensor &data) const;
  void backward(const Tensor &gradient = {}) const;
  template <class F> unsigned register_hook(F &&hook) const;
  int64_t _version() const;
  void record_stream(c10::Stream stream) const;

  Tensor contiguous(MemoryFormat format = MemoryFormat::Contiguous) const;
  Tensor to(TensorOptions options, bool non_blocking = false, bool copy = false,
            std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor to(Device device, ScalarType dtype, bool non_blocking = false, bool copy = false) const;
  Tensor to(ScalarType dtype, bool non_blocking = false, bool copy = false,
            std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor to(const Tensor &other, bool non_blocking = false, bool copy = false) const;
  Tensor toType(ScalarType dtype) const;
  Tensor toBackend(c10::Backend backend) const;
  Tensor cpu() const;
  Tensor cuda() const;
  Tensor hip() const;
  Tensor detach() const;
  Tensor &detach_() const;
  Tensor view(IntArrayRef size) const;
  Tensor view(ScalarType dtype) const;
  Tensor operator[](int64_t i) const;
  Tensor operator[](const Scalar &i) const;
  Tensor operator[](const Tensor &i) const;
  Tensor index(ArrayRef<indexing::TensorIndex> indices) const;
  Tensor index(std::initializer_list<indexing::TensorIndex> indices) const;
  Tensor index(const c10::List<std::optional<Tensor>> &indices) const;
  template <class V>
  Tensor &index_put_(std::initializer_list<indexing::TensorIndex> indices, const V &value,
                     bool accumulate = false) const;
  template <class V>
  Tensor &index_put_(ArrayRef<indexing::TensorIndex> indices, const V &value,
                     bool accumulate = false) const;
  std::vector<Tensor> split(int64_t size, int64_t dim = 0) const;
  std::vector<Tensor> split(IntArrayRef sizes, int64_t dim = 0) const;
  std::vector<Tensor> split_with_sizes(IntArrayRef sizes, int64_t dim = 0) const;
  std::vector<Tensor> chunk(int64_t chunks, int64_t dim = 0) const;
  std::vector<Tensor> unbind(int64_t dim = 0) const;
  Tensor max() const;
  Tensor max(const Tensor &other) const;
  std::tuple<Tensor, Tensor> max(int64_t dim, bool keepdim = false) const;
  Tensor min() const;
  Tensor min(const Tensor &other) const;
  std::tuple<Tensor, Tensor> min(int64_t dim, bool keepdim = false) const;
  std::tuple<Tensor, Tensor> sort(int64_t dim = -1, bool descending = false) const;
  std::tuple<Tensor, Tensor> topk(int64_t k, int64_t dim = -1, bool largest = true,
                                  bool sorted = true) const;
  std::tuple<Tensor, Tensor> aminmax() const;

#include "tensor_ops.inc"

  Tensor operator-() const;
  Tensor operator~() const;
#define MIGRATE_ASSIGN(op)                       \
  Tensor &operator op(const Tensor &other);      \
  Tensor &operator op(const Scalar &other);
  MIGRATE_ASSIGN(+=) MIGRATE_ASSIGN(-=) MIGRATE_ASSIGN(*=) MIGRATE_ASSIGN(/=) MIGRATE_ASSIGN(&=)
  MIGRATE_ASSIGN(|=) MIGRATE_ASSIGN(^=)
#undef MIGRATE_ASSIGN
};
#undef MIGRATE_OP
#undef MIGRATE_OP_
#undef MIGRATE_OPS
#undef MIGRATE_OP_LIST

#define MIGRATE_BINARY(op)                                 \
  Tensor operator op(const Tensor &a, const Tensor &b);    \
  Tensor operator op(const Tensor &a, const Scalar &b);    \
  Tensor operator op(const Scalar &a, const Tensor &b);
MIGRATE_BINARY(+) MIGRATE_BINARY(-) MIGRATE_BINARY(*) MIGRATE_BINARY(/) MIGRATE_BINARY(%)
MIGRATE_BINARY(&) MIGRATE_BINARY(|) MIGRATE_BINARY(^) MIGRATE_BINARY(<) MIGRATE_BINARY(>)
MIGRATE_BINARY(<=) MIGRATE_BINARY(>=) MIGRATE_BINARY(==) MIGRATE_BINARY(!=)
#undef MIGRATE_BINARY
std::ostream &operator<<(std::ostream &out, const Tensor &tensor);
class OptionalTensorRef {
 public:
  OptionalTensorRef();
  OptionalTensorRef(const Tensor &tensor);
  bool has_value() const;
  const Tensor &operator*() const;
  const Tensor *operator->() const;
};
}  // namespace at

namespace c10 {
template <class T> class MaybeOwned {
 public:
  static MaybeOwned borrowed(const T &value);
  static MaybeOwned owned(T &&value);
  const T &operator*() const;
  const T *operator->() const;
};
}  // namespace c10

#pragma clang force_cuda_host_device end
