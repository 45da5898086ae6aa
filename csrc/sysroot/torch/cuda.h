// torch's CUDA and HIP side: streams, guards, events, device properties, handles, generators.
#pragma once
#pragma clang force_cuda_host_device begin

namespace c10::cuda {
class CUDAStream {
 public:
  enum Unchecked { UNCHECKED };
  explicit CUDAStream(Stream stream);
  CUDAStream(Unchecked, Stream stream);
  bool operator==(const CUDAStream &other) const noexcept;
  bool operator!=(const CUDAStream &other) const noexcept;
  operator cudaStream_t() const;
  operator Stream() const;
  cudaStream_t stream() const;
  Stream unwrap() const;
  Device device() const;
  DeviceIndex device_index() const;
  DeviceType device_type() const;
  StreamId id() const;
  int priority() const;
  bool query() const;
  void synchronize() const;
};
CUDAStream getCurrentCUDAStream(DeviceIndex device = -1);
CUDAStream getDefaultCUDAStream(DeviceIndex device = -1);
CUDAStream getStreamFromPool(bool high_priority = false, DeviceIndex device = -1);
CUDAStream getStreamFromPool(int priority, DeviceIndex device = -1);
CUDAStream getStreamFromExternal(cudaStream_t stream, DeviceIndex device);
void setCurrentCUDAStream(CUDAStream stream);
std::ostream &operator<<(std::ostream &out, const CUDAStream &stream);
DeviceIndex device_count() noexcept;
DeviceIndex current_device();
void set_device(DeviceIndex device);
cudaError_t GetDevice(DeviceIndex *device);
cudaError_t SetDevice(DeviceIndex device);
cudaError_t MaybeSetDevice(DeviceIndex device);
void device_synchronize();
void stream_synchronize(cudaStream_t stream);
void c10_cuda_check_implementation(int32_t error, const char *file, const char *function, int line,
                                   bool device_assertions);

struct CUDAGuard {
  explicit CUDAGuard(DeviceIndex index);
  explicit CUDAGuard(Device device);
  CUDAGuard(const CUDAGuard &) = delete;
  void set_device(Device device);
  void reset_device(Device device);
  void set_index(DeviceIndex index);
  Device original_device() const;
  Device current_device() const;
};
struct OptionalCUDAGuard {
  OptionalCUDAGuard();
  explicit OptionalCUDAGuard(std::optional<Device> device);
  explicit OptionalCUDAGuard(std::optional<DeviceIndex> index);
  explicit OptionalCUDAGuard(Device device);
  explicit OptionalCUDAGuard(DeviceIndex index);
  explicit OptionalCUDAGuard(int index);
  void set_device(Device device);
  void set_index(DeviceIndex index);
  void reset();
};
struct CUDAStreamGuard {
  explicit CUDAStreamGuard(Stream stream);
  void reset_stream(Stream stream);
  CUDAStream original_stream() const;
  CUDAStream current_stream() const;
  Device original_device() const;
  Device current_device() const;
};
struct OptionalCUDAStreamGuard {
  OptionalCUDAStreamGuard();
  explicit OptionalCUDAStreamGuard(Stream stream);
  explicit OptionalCUDAStreamGuard(std::optional<Stream> stream);
  void reset_stream(Stream stream);
  std::optional<CUDAStream> original_stream() const;
  std::optional<CUDAStream> current_stream() const;
  void reset();
};
struct CUDAMultiStreamGuard {
  explicit CUDAMultiStreamGuard(ArrayRef<CUDAStream> streams);
};
enum class CaptureStatus { None, Active, Invalidated };
CaptureStatus currentStreamCaptureStatusMayInitCtx();

namespace CUDACachingAllocator {
struct CUDAAllocator : Allocator {
  void *raw_alloc(size_t size);
  void *raw_alloc_with_stream(size_t size, cudaStream_t stream);
  void raw_delete(void *p);
};
CUDAAllocator *get();
void *raw_alloc(size_t size);
void *raw_alloc_with_stream(size_t size, cudaStream_t stream);
void raw_delete(void *p);
void recordStream(const DataPtr &data, CUDAStream stream);
void emptyCache();
std::shared_ptr<void> getIpcDevPtr(std::string handle);
}  // namespace CUDACachingAllocator
}  // namespace c10::cuda

namespace at {
struct PhiloxCudaState {
  PhiloxCudaState() = default;
  PhiloxCudaState(uint64_t seed, uint64_t offset);
  union Payload {
    uint64_t val;
    int64_t *ptr;
  };
  Payload seed_, offset_;
  uint32_t offset_intragraph_;
  bool captured_;
};
struct CUDAGeneratorImpl {
  c10::Device device() const;
  static c10::DeviceType device_type();
  uint64_t get_offset() const;
  void set_offset(uint64_t offset);
  std::mutex mutex_;
  PhiloxCudaState philox_cuda_state(uint64_t increment);
  std::pair<uint64_t, uint64_t> philox_engine_inputs(uint64_t increment);
  uint64_t current_seed() const;
  uint64_t philox_offset_per_thread() const;
};

namespace cuda {
using namespace c10::cuda;
using c10::cuda::CUDAGuard, c10::cuda::OptionalCUDAGuard, c10::cuda::CUDAStream,
    c10::cuda::CUDAStreamGuard, c10::cuda::getCurrentCUDAStream, c10::cuda::getDefaultCUDAStream,
    c10::cuda::getStreamFromPool, c10::cuda::setCurrentCUDAStream;
struct CUDAEvent {
  CUDAEvent();
  CUDAEvent(CUDAEvent &&other) noexcept;
  CUDAEvent &operator=(CUDAEvent &&other) noexcept;
  bool isCreated() const;
  c10::DeviceIndex device_index() const;
  explicit CUDAEvent(unsigned flags);
  operator cudaEvent_t() const;
  cudaEvent_t event() const;
  bool query() const;
  void record();
  void record(const CUDAStream &stream);
  void recordOnce(const CUDAStream &stream);
  void block(const CUDAStream &stream);
  float elapsed_time(const CUDAEvent &other) const;
  void synchronize() const;
};
cudaDeviceProp *getCurrentDeviceProperties();
cudaDeviceProp *getDeviceProperties(c10::DeviceIndex device);
int warp_size();
bool is_available();
int64_t getNumGPUs();
bool check_device(ArrayRef<Tensor> tensors);
bool canDeviceAccessPeer(c10::DeviceIndex device, c10::DeviceIndex peer);
c10::Allocator *getCUDADeviceAllocator();
cublasHandle_t getCurrentCUDABlasHandle(bool setup = true);
c10::cuda::CaptureStatus currentStreamCaptureStatus();
cublasLtHandle_t getCurrentCUDABlasLtHandle();
cudaDataType ScalarTypeToCudaDataType(const c10::ScalarType &type);
namespace detail {
const Generator &getDefaultCUDAGenerator(c10::DeviceIndex device = -1);
Generator createCUDAGenerator(c10::DeviceIndex device = -1);
template <class T, class I> struct TensorInfo {
  T *data;
  I sizes[25], strides[25];
  int dims;
  TensorInfo();
  TensorInfo(T *p, int dim, I sizes[25], I strides[25]);
  void reduceDim(int dim);
  int collapseDims(int exclude = -1);
  bool isContiguous() const;
};
template <class T, class I, int Dims> struct IndexToOffset {
  static I get(I linear, const TensorInfo<T, I> &info);
};
template <class T, class I> TensorInfo<T, I> getTensorInfo(const Tensor &tensor);
bool canUse32BitIndexMath(const Tensor &tensor, int64_t max_elements = 0x7fffffff);
bool maybeOverlappingIndices(const Tensor &tensor);
}  // namespace detail
namespace philox {
std::tuple<uint64_t, uint64_t> unpack(PhiloxCudaState state);
}
namespace blas {
template <class... A> void gemm(A &&...args);
}
template <class T> constexpr T ATenCeilDiv(T a, T b) { return (a + b - 1) / b; }
void device_synchronize();
int current_device();
void lazyInitDevice();
}  // namespace cuda
}  // namespace at
namespace torch::cuda {
using at::cuda::getCurrentCUDAStream;
}

// What hipify makes of the above. Guards and streams that masquerade as CUDA are the CUDA ones.
namespace c10::hip {
using namespace c10::cuda;
using HIPStream = c10::cuda::CUDAStream;
using HIPStreamMasqueradingAsCUDA = c10::cuda::CUDAStream;
using HIPGuard = c10::cuda::CUDAGuard;
using HIPGuardMasqueradingAsCUDA = c10::cuda::CUDAGuard;
using OptionalHIPGuard = c10::cuda::OptionalCUDAGuard;
using OptionalHIPGuardMasqueradingAsCUDA = c10::cuda::OptionalCUDAGuard;
using HIPStreamGuard = c10::cuda::CUDAStreamGuard;
using HIPStreamGuardMasqueradingAsCUDA = c10::cuda::CUDAStreamGuard;
using OptionalHIPStreamGuard = c10::cuda::OptionalCUDAStreamGuard;
using OptionalHIPStreamGuardMasqueradingAsCUDA = c10::cuda::OptionalCUDAStreamGuard;
using HIPMultiStreamGuard = c10::cuda::CUDAMultiStreamGuard;
using HIPMultiStreamGuardMasqueradingAsCUDA = c10::cuda::CUDAMultiStreamGuard;
HIPStream getCurrentHIPStream(DeviceIndex device = -1);
HIPStream getCurrentHIPStreamMasqueradingAsCUDA(DeviceIndex device = -1);
HIPStream getDefaultHIPStream(DeviceIndex device = -1);
HIPStream getStreamFromPoolMasqueradingAsCUDA(bool high = false, DeviceIndex device = -1);
void setCurrentHIPStream(HIPStream stream);
void setCurrentHIPStreamMasqueradingAsCUDA(HIPStream stream);
namespace HIPCachingAllocator = c10::cuda::CUDACachingAllocator;
}  // namespace c10::hip
namespace at::cuda {  // hipify renames the function, and keeps its namespace
using c10::hip::getCurrentHIPStream, c10::hip::getDefaultHIPStream;
}
namespace at::hip {
using namespace at::cuda;
using namespace c10::hip;
using c10::hip::getCurrentHIPStream, c10::hip::getCurrentHIPStreamMasqueradingAsCUDA,
    c10::hip::HIPGuardMasqueradingAsCUDA, c10::hip::OptionalHIPGuardMasqueradingAsCUDA,
    c10::hip::HIPStreamMasqueradingAsCUDA, c10::hip::HIPGuard, c10::hip::OptionalHIPGuard;
namespace detail {
using namespace at::cuda::detail;
const Generator &getDefaultHIPGenerator(c10::DeviceIndex device = -1);
}  // namespace detail
using HIPEvent = at::cuda::CUDAEvent;
hipblasHandle_t getCurrentHIPBlasHandle(bool setup = true);
hipblasLtHandle_t getCurrentHIPBlasLtHandle();
hipDataType ScalarTypeToHipDataType(const c10::ScalarType &type);
}  // namespace at::hip
namespace torch::hip {
using namespace at::hip;
}

#pragma clang force_cuda_host_device end
