// c10::TensorOptions, dimension names and at::indexing.
#pragma once
#pragma clang force_cuda_host_device begin

namespace c10 {
class TensorOptions {
 public:
  TensorOptions();
  TensorOptions(Layout layout);
  TensorOptions(Device device);
  TensorOptions(DeviceType device, DeviceIndex index = -1);
  TensorOptions(TypeMeta dtype);
  TensorOptions(ScalarType dtype);
  TensorOptions(MemoryFormat format);
  TensorOptions device(std::optional<Device> device) const noexcept;
  template <class... A> TensorOptions device(A &&...args) const noexcept;
  TensorOptions device_index(DeviceIndex index) const noexcept;
  TensorOptions dtype(std::optional<TypeMeta> dtype) const noexcept;
  TensorOptions dtype(std::optional<ScalarType> dtype) const noexcept;
  TensorOptions dtype(ScalarType dtype) const noexcept;
  TensorOptions dtype(TypeMeta dtype) const noexcept;
  template <class T> TensorOptions &dtype();
  TensorOptions layout(std::optional<Layout> layout) const noexcept;
  TensorOptions requires_grad(std::optional<bool> value) const noexcept;
  TensorOptions pinned_memory(std::optional<bool> value) const noexcept;
  TensorOptions memory_format(std::optional<MemoryFormat> value) const noexcept;
  Device device() const noexcept;
  int32_t device_index() const;
  TypeMeta dtype() const noexcept;
  Layout layout() const noexcept;
  bool requires_grad() const noexcept;
  bool pinned_memory() const noexcept;
  bool has_device() const noexcept;
  bool has_dtype() const noexcept;
  std::optional<Device> device_opt() const noexcept;
  std::optional<TypeMeta> dtype_opt() const noexcept;
  std::optional<Layout> layout_opt() const noexcept;
  std::optional<bool> pinned_memory_opt() const noexcept;
  TensorOptions merge_in(TensorOptions options) const noexcept;
};
TensorOptions dtype(TypeMeta dtype);
TensorOptions dtype(ScalarType dtype);
template <class T> TensorOptions dtype();
TensorOptions device(Device device);
TensorOptions device_index(int16_t index);
TensorOptions layout(Layout layout);
TensorOptions requires_grad(bool value = true);
TensorOptions memory_format(MemoryFormat format);
std::string toString(const TensorOptions &options);
std::ostream &operator<<(std::ostream &out, const TensorOptions &options);
}  // namespace c10

namespace at {
class Tensor;
using TensorBase = Tensor;
using TensorList = c10::ArrayRef<Tensor>;
using ITensorListRef = c10::ArrayRef<Tensor>;
class Dimname {};
using DimnameList = c10::ArrayRef<Dimname>;

namespace indexing {
enum class EllipsisIndexType { Ellipsis };
inline constexpr EllipsisIndexType Ellipsis = EllipsisIndexType::Ellipsis;
using c10::nullopt;
inline constexpr c10::nullopt_t None = c10::nullopt;
struct Slice {
  Slice(std::optional<c10::SymInt> start = std::nullopt,
        std::optional<c10::SymInt> stop = std::nullopt,
        std::optional<c10::SymInt> step = std::nullopt);
};
struct TensorIndex {
  TensorIndex(c10::nullopt_t);
  TensorIndex(EllipsisIndexType);
  TensorIndex(const char *text);
  template <class T> requires(__is_integral(T)) TensorIndex(T value);
  TensorIndex(Slice slice);
  TensorIndex(const Tensor &tensor);
};
}  // namespace indexing
}  // namespace at

#pragma clang force_cuda_host_device end
