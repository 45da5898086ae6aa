// The stable ABI: torch::stable::Tensor, torch::headeronly, STABLE_TORCH_LIBRARY*.
#pragma once
#pragma clang force_cuda_host_device begin

typedef struct AtenTensorOpaque *AtenTensorHandle;
typedef int32_t AOTITorchError;
typedef uint64_t StableIValue;

namespace torch {
namespace headeronly {
using c10::ScalarType, c10::DeviceType, c10::Layout, c10::MemoryFormat, c10::Half, c10::BFloat16,
    c10::Float8_e4m3fn, c10::Float8_e5m2, c10::complex;
template <class T> using HeaderOnlyArrayRef = c10::ArrayRef<T>;
using IntHeaderOnlyArrayRef = c10::IntArrayRef;
using at::DefaultPtrTraits, at::RestrictPtrTraits;
}  // namespace headeronly

namespace stable {
using DeviceIndex = int32_t;
class Device {
 public:
  Device(c10::DeviceType type, DeviceIndex index = -1);
  c10::DeviceType type() const;
  DeviceIndex index() const;
  bool is_cuda() const;
  bool is_cpu() const;
  bool operator==(const Device &other) const;
  bool operator!=(const Device &other) const;
};
class Tensor {
 public:
  Tensor();
  explicit Tensor(AtenTensorHandle handle);
  AtenTensorHandle get() const;
  void *data_ptr() const;
  void *mutable_data_ptr() const;
  const void *const_data_ptr() const;
  template <class T> T *mutable_data_ptr() const;
  template <class T> const T *const_data_ptr() const;
  int64_t dim() const;
  int64_t numel() const;
  c10::IntArrayRef sizes() const;
  c10::IntArrayRef strides() const;
  int64_t size(int64_t dim) const;
  int64_t stride(int64_t dim) const;
  bool is_contiguous() const;
  bool is_cuda() const;
  bool is_cpu() const;
  bool defined() const;
  int32_t get_device() const;
  DeviceIndex get_device_index() const;
  Device device() const;
  c10::Layout layout() const;
  c10::ScalarType scalar_type() const;
  size_t element_size() const;
  int64_t storage_offset() const;
  void set_requires_grad(bool value);
};
template <class... A> Tensor empty(std::initializer_list<int64_t> size, const A &...args);
template <class... A> Tensor empty(c10::IntArrayRef size, const A &...args);
#define MIGRATE_OP(name) \
  template <class... A> Tensor name(const Tensor &self, const A &...args); \
  template <class... A>                                                    \
  Tensor name(const Tensor &self, std::initializer_list<int64_t> list, const A &...args);
MIGRATE_OP(empty_like) MIGRATE_OP(zeros_like) MIGRATE_OP(new_empty) MIGRATE_OP(new_zeros)
MIGRATE_OP(contiguous) MIGRATE_OP(clone) MIGRATE_OP(transpose) MIGRATE_OP(narrow) MIGRATE_OP(view)
MIGRATE_OP(reshape) MIGRATE_OP(select) MIGRATE_OP(squeeze) MIGRATE_OP(unsqueeze) MIGRATE_OP(to)
MIGRATE_OP(flatten) MIGRATE_OP(pad) MIGRATE_OP(amax) MIGRATE_OP(sum) MIGRATE_OP(matmul)
MIGRATE_OP(full) MIGRATE_OP(subtract) MIGRATE_OP(copy_) MIGRATE_OP(zero_) MIGRATE_OP(fill_)
#undef MIGRATE_OP
template <class F> void parallel_for(int64_t begin, int64_t end, int64_t grain, const F &f) {}
namespace accelerator {
class Stream {
 public:
  int64_t id() const;
};
class DeviceGuard {
 public:
  explicit DeviceGuard(DeviceIndex index);
};
Stream getCurrentStream(DeviceIndex index);
DeviceIndex getCurrentDeviceIndex();
}  // namespace accelerator
class Library {
 public:
  template <class... A> Library &def(const char *schema, A &&...args) { return *this; }
  template <class F> Library &impl(const char *name, F &&f) { return *this; }
};
}  // namespace stable
}  // namespace torch

extern "C" {
AOTITorchError aoti_torch_get_current_cuda_stream(int32_t device, void **out);
AOTITorchError aoti_torch_get_current_stream(int32_t device, void **out);
AOTITorchError aoti_torch_get_data_ptr(AtenTensorHandle tensor, void **out);
AOTITorchError aoti_torch_call_dispatcher(const char *name, const char *overload,
                                          StableIValue *stack);
}
template <class T> StableIValue from(const T &value);
template <class T> T to(StableIValue value);

#define TORCH_ERROR_CODE_CHECK(...) (void)(__VA_ARGS__)
#define TORCH_BOX(f) (f)
#define MIGRATE_STABLE(kind, ns, m, id) \
  static void torch_library_##kind##_##ns##_##id(::torch::stable::Library &m)
#define MIGRATE_STABLE_IMPL(ns, key, m, id) \
  static void torch_library_impl_##ns##_##key##_##id(::torch::stable::Library &m)
#define MIGRATE_STABLE_(kind, ns, m, id) MIGRATE_STABLE(kind, ns, m, id)
#define MIGRATE_STABLE_IMPL_(ns, key, m, id) MIGRATE_STABLE_IMPL(ns, key, m, id)
#define STABLE_TORCH_LIBRARY(ns, m) MIGRATE_STABLE_(def, ns, m, __COUNTER__)
#define STABLE_TORCH_LIBRARY_FRAGMENT(ns, m) MIGRATE_STABLE_(fragment, ns, m, __COUNTER__)
#define STABLE_TORCH_LIBRARY_IMPL(ns, key, m) MIGRATE_STABLE_IMPL_(ns, key, m, __COUNTER__)

#pragma clang force_cuda_host_device end
