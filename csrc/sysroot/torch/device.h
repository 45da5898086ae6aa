// Devices, dispatch keys, streams, storage, intrusive pointers, and c10's small helpers.
#pragma once
#pragma clang force_cuda_host_device begin

namespace c10 {
template <class T> using optional = std::optional<T>;
using std::in_place;
using std::make_optional;
using std::nullopt;
using std::nullopt_t;
using string_view = std::string_view;

enum class DeviceType : int8_t {
  CPU, CUDA, MKLDNN, OPENGL, OPENCL, IDEEP, HIP, FPGA, MAIA, XLA, Vulkan, Metal, XPU, MPS, Meta,
  HPU, VE, Lazy, IPU, MTIA, PrivateUse1, COMPILE_TIME_MAX_DEVICE_TYPES
};
inline constexpr DeviceType kCPU = DeviceType::CPU;
inline constexpr DeviceType kCUDA = DeviceType::CUDA;
inline constexpr DeviceType kHIP = DeviceType::HIP;
inline constexpr DeviceType kXPU = DeviceType::XPU;
inline constexpr DeviceType kMPS = DeviceType::MPS;
inline constexpr DeviceType kMeta = DeviceType::Meta;
inline constexpr DeviceType kXLA = DeviceType::XLA, kHPU = DeviceType::HPU, kIPU = DeviceType::IPU;
inline constexpr DeviceType kVulkan = DeviceType::Vulkan, kMetal = DeviceType::Metal;
inline constexpr DeviceType kMTIA = DeviceType::MTIA, kLazy = DeviceType::Lazy;
inline constexpr DeviceType kPrivateUse1 = DeviceType::PrivateUse1;
inline constexpr int COMPILE_TIME_MAX_DEVICE_TYPES = int(DeviceType::COMPILE_TIME_MAX_DEVICE_TYPES);
using DeviceIndex = int8_t;
std::string DeviceTypeName(DeviceType type, bool lower_case = false);
std::ostream &operator<<(std::ostream &out, DeviceType type);

struct Device {
  Device(DeviceType type, DeviceIndex index = -1);
  Device(const std::string &text);
  Device(const char *text);
  bool operator==(const Device &other) const noexcept;
  bool operator!=(const Device &other) const noexcept;
  DeviceType type() const noexcept;
  DeviceIndex index() const noexcept;
  bool has_index() const noexcept;
  void set_index(DeviceIndex index);
  bool is_cuda() const noexcept;
  bool is_cpu() const noexcept;
  bool is_hip() const noexcept;
  bool is_xpu() const noexcept;
  bool is_mps() const noexcept;
  bool is_meta() const noexcept;
  std::string str() const;
};
std::ostream &operator<<(std::ostream &out, const Device &device);

enum class Backend { CPU, CUDA, HIP, SparseCPU, SparseCUDA, QuantizedCPU, Meta, Undefined };
enum class DispatchKey : uint16_t {
  Undefined, CPU, CUDA, HIP, XPU, MPS, Meta, QuantizedCPU, SparseCPU, SparseCUDA, PrivateUse1,
  BackendSelect, Python, Functionalize, ADInplaceOrView, AutogradOther, AutogradCPU, AutogradCUDA,
  AutogradMeta, AutogradFunctionality, AutocastCPU, AutocastCUDA, FuncTorchBatched, Autograd,
  CompositeImplicitAutograd, CompositeExplicitAutograd, CatchAll
};
const char *toString(DispatchKey key);
class DispatchKeySet {
 public:
  DispatchKeySet();
  DispatchKeySet(DispatchKey key);
  bool has(DispatchKey key) const;
  DispatchKeySet operator|(DispatchKeySet other) const;
  DispatchKeySet operator&(DispatchKeySet other) const;
};
namespace impl {
class ExcludeDispatchKeyGuard {
 public:
  ExcludeDispatchKeyGuard(DispatchKey key);
  ExcludeDispatchKeyGuard(DispatchKeySet keys);
};
class IncludeDispatchKeyGuard {
 public:
  IncludeDispatchKeyGuard(DispatchKey key);
};
bool tls_is_dispatch_key_excluded(DispatchKey key);
}  // namespace impl

using StreamId = int64_t;
class Stream {
 public:
  enum Unsafe { UNSAFE };
  enum Default { DEFAULT };
  Stream(Unsafe, Device device, StreamId id);
  Stream(Default, Device device);
  Device device() const noexcept;
  DeviceType device_type() const noexcept;
  DeviceIndex device_index() const noexcept;
  StreamId id() const noexcept;
  void synchronize() const;
  bool query() const;
  bool operator==(const Stream &other) const noexcept;
};
class DeviceGuard {
 public:
  explicit DeviceGuard(Device device);
  void set_index(DeviceIndex index);
  void reset_device(Device device);
  Device original_device() const;
  Device current_device() const;
};
class OptionalDeviceGuard {
 public:
  OptionalDeviceGuard();
  explicit OptionalDeviceGuard(Device device);
  explicit OptionalDeviceGuard(std::optional<Device> device);
  void reset_device(Device device);
};
class StreamGuard {
 public:
  explicit StreamGuard(Stream stream);
};

template <class T> class intrusive_ptr {
 public:
  intrusive_ptr() noexcept;
  template <class U> intrusive_ptr(const intrusive_ptr<U> &other) noexcept;
  T *get() const noexcept;
  T &operator*() const noexcept;
  T *operator->() const noexcept;
  explicit operator bool() const noexcept;
  bool defined() const noexcept;
  void reset() noexcept;
  size_t use_count() const noexcept;
  template <class... A> static intrusive_ptr make(A &&...args);
};
template <class T, class... A> intrusive_ptr<T> make_intrusive(A &&...args);
class intrusive_ptr_target {
 public:
  virtual ~intrusive_ptr_target();
};

class DataPtr {
 public:
  DataPtr();
  DataPtr(void *data, Device device);
  DataPtr(void *data, void *context, void (*deleter)(void *), Device device);
  void *get() const;
  void *mutable_get();
  Device device() const;
  void clear();
  explicit operator bool() const;
};
struct Allocator {
  virtual ~Allocator();
  virtual DataPtr allocate(size_t size) = 0;
};
class Storage {
 public:
  const void *data() const;
  void *mutable_data() const;
  const DataPtr &data_ptr() const;
  size_t nbytes() const;
  Device device() const;
  bool is_alias_of(const Storage &other) const;
  size_t use_count() const;
  template <class T> T *data() const;
};

// c10::irange and c10::Error
template <class A> struct counting_iterator {
  A value;
  A operator*() const;
  counting_iterator &operator++();
  bool operator!=(const counting_iterator &other) const;
  bool operator==(const counting_iterator &other) const;
};
template <class A> struct counting_range {
  counting_iterator<A> begin() const;
  counting_iterator<A> end() const;
};
template <class A> counting_range<A> irange(A end);
template <class A, class B> counting_range<B> irange(A begin, B end);
class Error : public std::exception {
 public:
  Error(std::string text);
  const std::string &msg() const noexcept;
  const char *what_without_backtrace() const noexcept;
};
class IndexError : public Error { using Error::Error; };
class ValueError : public Error { using Error::Error; };
class TypeError : public Error { using Error::Error; };
class NotImplementedError : public Error { using Error::Error; };
class OutOfMemoryError : public Error { using Error::Error; };
template <class... A> std::string str(const A &...args);
}  // namespace c10

#pragma clang force_cuda_host_device end
