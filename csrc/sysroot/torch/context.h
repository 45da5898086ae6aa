// Contexts and guards, parallel_for, argument checks of TensorUtils, IValue, and namespace torch.
#pragma once
#pragma clang force_cuda_host_device begin

namespace at {
class Context {
 public:
  const Generator &defaultGenerator(Device device);
  bool deterministicAlgorithms() const;
  bool allowTF32CuBLAS() const;
  bool allowFP16ReductionCuBLAS() const;
  bool allowBF16ReductionCuBLAS() const;
  void alertNotDeterministic(std::string_view caller);
  void lazyInitCUDA();
  static bool hasCUDA();
};
Context &globalContext();
bool hasCUDA();
void manual_seed(uint64_t seed);
class NoGradGuard {
 public:
  NoGradGuard();
  ~NoGradGuard();
};
class AutoGradMode {
 public:
  explicit AutoGradMode(bool enabled);
  ~AutoGradMode();
};
struct GradMode {
  static bool is_enabled();
  static void set_enabled(bool enabled);
};
class AutoDispatchBelowAutograd {
 public:
  AutoDispatchBelowAutograd();
  ~AutoDispatchBelowAutograd();
};
using AutoNonVariableTypeMode = AutoDispatchBelowAutograd;
using AutoDispatchBelowADInplaceOrView = AutoDispatchBelowAutograd;
class InferenceMode {
 public:
  explicit InferenceMode(bool enabled = true);
  ~InferenceMode();
};
std::optional<Device> device_of(const Tensor &tensor);
std::optional<Device> device_of(const std::optional<Tensor> &tensor);
using DeviceGuard = c10::DeviceGuard;
using OptionalDeviceGuard = c10::OptionalDeviceGuard;

template <class F> void parallel_for(int64_t begin, int64_t end, int64_t grain, const F &f) {}
template <class T, class F, class R>
T parallel_reduce(int64_t begin, int64_t end, int64_t grain, T start, const F &f, const R &r) {
  return start;
}
int get_num_threads();
void set_num_threads(int count);
int get_thread_num();
bool in_parallel_region();
namespace internal {
inline constexpr int64_t GRAIN_SIZE = 32768;
}
template <class T> constexpr T divup(T a, T b) { return (a + b - 1) / b; }
template <class A, class B> constexpr A ceil_div(A a, B b) { return (a + b - 1) / b; }

struct TensorGeometry {
  explicit TensorGeometry(const Tensor &tensor);
  IntArrayRef sizes() const;
  int64_t size(int64_t dim) const;
};
struct TensorArg {
  const Tensor &tensor;
  const char *name;
  int pos;
  TensorArg(const Tensor &tensor, const char *name, int pos);
  const Tensor *operator->() const;
  const Tensor &operator*() const;
};
using CheckedFrom = const char *;
struct TensorGeometryArg {
  TensorGeometry tensor;
  const char *name;
  int pos;
  TensorGeometryArg(TensorArg arg);
};
void checkDim(CheckedFrom from, const Tensor &tensor, const char *name, int pos, int64_t dim);
void checkDim(CheckedFrom from, const TensorGeometryArg &tensor, int64_t dim);
void checkDimRange(CheckedFrom from, const TensorGeometryArg &tensor, int64_t begin, int64_t end);
void checkSize(CheckedFrom from, const TensorGeometryArg &tensor, IntArrayRef sizes);
void checkSize(CheckedFrom from, const TensorGeometryArg &tensor, int64_t dim, int64_t size);
void checkNumel(CheckedFrom from, const TensorGeometryArg &tensor, int64_t numel);
void checkContiguous(CheckedFrom from, const TensorGeometryArg &tensor);
void checkDefined(CheckedFrom from, const TensorArg &tensor);
void checkScalarType(CheckedFrom from, const TensorArg &tensor, ScalarType type);
void checkScalarTypes(CheckedFrom from, const TensorArg &tensor, ArrayRef<ScalarType> types);
void checkSameDim(CheckedFrom from, const TensorGeometryArg &a, const TensorGeometryArg &b);
#define MIGRATE_CHECK(name)                                               \
  void checkSame##name(CheckedFrom from, const TensorArg &a, const TensorArg &b); \
  void checkAllSame##name(CheckedFrom from, ArrayRef<TensorArg> tensors);
MIGRATE_CHECK(GPU) MIGRATE_CHECK(Type) MIGRATE_CHECK(Size) MIGRATE_CHECK(Numel)
#undef MIGRATE_CHECK
void checkAllContiguous(CheckedFrom from, ArrayRef<TensorArg> tensors);
void checkAllDefined(CheckedFrom from, ArrayRef<TensorArg> tensors);
void checkBackend(CheckedFrom from, ArrayRef<Tensor> tensors, c10::Backend backend);
void checkDeviceType(CheckedFrom from, ArrayRef<Tensor> tensors, c10::DeviceType type);
void checkLayout(CheckedFrom from, const Tensor &tensor, Layout layout);
void checkLayout(CheckedFrom from, ArrayRef<Tensor> tensors, Layout layout);
IntArrayRef strides_or_error(const Tensor &tensor, std::string_view name);
std::vector<int64_t> infer_size(IntArrayRef a, IntArrayRef b);
int64_t maybe_wrap_dim(int64_t dim, int64_t rank, bool wrap_scalar = true);

namespace autocast {
Tensor cached_cast(ScalarType type, const Tensor &tensor);
bool is_enabled();
bool is_autocast_enabled(c10::DeviceType device);
ScalarType get_autocast_gpu_dtype();
ScalarType get_autocast_dtype(c10::DeviceType device);
}  // namespace autocast
namespace detail {
const Generator &getDefaultCPUGenerator();
}
struct CPUGeneratorImpl {
  std::mutex mutex_;
  uint32_t random();
  uint64_t random64();
};
template <class T>
T *get_generator_or_default(const std::optional<Generator> &generator, const Generator &other);
template <class T> T *check_generator(std::optional<Generator> generator);
DeprecatedTypeProperties CPU(ScalarType type);
DeprecatedTypeProperties CUDA(ScalarType type);
}  // namespace at

namespace c10 {
class IValue {
 public:
  IValue();
  template <class T> IValue(T &&value);
  at::Tensor toTensor() const;
  int64_t toInt() const;
  double toDouble() const;
  bool toBool() const;
  std::string toStringRef() const;
  std::vector<at::Tensor> toTensorVector() const;
  std::vector<int64_t> toIntVector() const;
  List<int64_t> toIntList() const;
  Device toDevice() const;
  bool isTensor() const;
  bool isNone() const;
  bool isInt() const;
  template <class T> T to() const;
  template <class T> std::optional<T> toOptional() const;
};
struct WarningUtils {
  static void set_warnAlways(bool value);
};
}  // namespace c10

namespace torch {
using namespace at;
using at::Tensor, c10::Device, c10::IValue, c10::optional, c10::nullopt, c10::List, c10::Dict;
using Dtype = c10::ScalarType;
template <class T> using OptionalArrayRef = c10::OptionalArrayRef<T>;
inline constexpr Dtype kUInt8 = at::kByte, kInt8 = at::kChar, kInt16 = at::kShort,
                       kInt32 = at::kInt, kInt64 = at::kLong, kFloat16 = at::kHalf,
                       kFloat32 = at::kFloat, kFloat64 = at::kDouble, kU8 = at::kByte,
                       kI8 = at::kChar, kI16 = at::kShort, kI32 = at::kInt, kI64 = at::kLong,
                       kF16 = at::kHalf, kF32 = at::kFloat, kF64 = at::kDouble,
                       kComplex64 = at::kComplexFloat, kComplex128 = at::kComplexDouble;
struct NoneType {};
Tensor pickle_load(const std::vector<char> &data);
namespace cuda {
bool is_available();
size_t device_count();
void synchronize(int64_t device = -1);
void manual_seed(uint64_t seed);
}  // namespace cuda
namespace nn::functional {
template <class... A> Tensor pad(const Tensor &self, const A &...args);
template <class... A> Tensor softmax(const Tensor &self, const A &...args);
template <class... A> Tensor silu(const Tensor &self, const A &...args);
template <class... A> Tensor gelu(const Tensor &self, const A &...args);
struct PadFuncOptions {
  PadFuncOptions(std::vector<int64_t> padding);
  template <class T> PadFuncOptions mode(T mode);
  PadFuncOptions value(double value);
};
}  // namespace nn::functional
}  // namespace torch

#pragma clang force_cuda_host_device end
