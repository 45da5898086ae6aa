// torch's device guards, current stream and device properties, written once for CUDA and HIP. Api
// names the runtime's calls: cuda.h and hip.h each supply one. A guard switches the current device
// and restores it when it goes out of scope, also on an exception; a device without an index
// leaves the current one.
#pragma once

#include <atomic>
#include <limits>
#include <optional>

#include "ffi_port/device.h"
#include "ffi_port/error.h"
#include "ffi_port/macros.h"
#include "ffi_port/runtime.h"

namespace ffi_port {

template <class T>
class ArrayRef;

namespace gpu {

/// Raises a failed runtime call as torch does: the kind is torch.AcceleratorError, a RuntimeError.
template <class Api>
void check(typename Api::status_t status) {
  if (FFI_PORT_LIKELY(status == Api::success)) return;
  const char* text = Api::error_string(status);
  Api::clear_error();
  FFI_THROW_ERROR(AcceleratorError, Api::name, " error: ", text);
}

template <class Api>
DeviceIndex current_device() {
  int index = 0;
  check<Api>(Api::get_device(&index));
  return static_cast<DeviceIndex>(index);
}

template <class Api>
void set_device(DeviceIndex index) {
  if (index >= 0 && index != current_device<Api>()) check<Api>(Api::set_device(index));
}

/// Tensors as an argument, for a header that needs no tensor.h: complete where a caller has some.
template <class T>
struct Several {
  using type = ArrayRef<T>;
};

/// True when all of `tensors` are on the current device, and when there are none.
template <class Api, class T>
bool check_device(ArrayRef<T> tensors) {
  if (tensors.empty()) return true;
  const Device current(DeviceType::CUDA, current_device<Api>());
  for (const T& tensor : tensors) {
    if (tensor.device() != current) return false;
  }
  return true;
}

template <class Api>
DeviceIndex device_count() {
  int count = 0;
  if (Api::device_count(&count) != Api::success) {
    Api::clear_error();
    return 0;
  }
  return static_cast<DeviceIndex>(count);
}

template <class Api>
class Guard {
 public:
  explicit Guard(DeviceIndex index) : original_(gpu::current_device<Api>()), current_(original_) {
    set_index(index);
  }
  explicit Guard(Device device) : original_(gpu::current_device<Api>()), current_(original_) {
    set_device(device);
  }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  ~Guard() {
    // A failure here cannot be thrown; torch warns, and the next call reports it anyway.
    int now = 0;
    if (Api::get_device(&now) == Api::success && now != original_) {
      if (Api::set_device(original_) != Api::success) Api::clear_error();
    }
  }

  void set_device(Device device) {
    FFI_CHECK(device.is_cuda() || device.is_hip(), "Expected a ", Api::name, " device, but got ",
              device);
    set_index(device.index());
  }
  void reset_device(Device device) { set_device(device); }
  void set_index(DeviceIndex index) {
    gpu::set_device<Api>(index);
    if (index >= 0) current_ = index;
  }
  Device original_device() const { return Device(DeviceType::CUDA, original_); }
  Device current_device() const { return Device(DeviceType::CUDA, current_); }

 private:
  DeviceIndex original_;
  DeviceIndex current_;
};

template <class Api>
class OptionalGuard {
 public:
  OptionalGuard() = default;
  explicit OptionalGuard(std::optional<Device> device) {
    if (device) set_device(*device);
  }
  explicit OptionalGuard(std::optional<DeviceIndex> index) {
    if (index) set_index(*index);
  }
  explicit OptionalGuard(Device device) { set_device(device); }
  explicit OptionalGuard(DeviceIndex index) { set_index(index); }
  OptionalGuard(const OptionalGuard&) = delete;
  OptionalGuard& operator=(const OptionalGuard&) = delete;

  void set_device(Device device) {
    if (guard_) {
      guard_->set_device(device);
    } else {
      guard_.emplace(device);
    }
  }
  void reset_device(Device device) { set_device(device); }
  void set_index(DeviceIndex index) { set_device(Device(DeviceType::CUDA, index)); }
  void reset() { guard_.reset(); }
  std::optional<Device> original_device() const {
    return guard_ ? std::optional<Device>(guard_->original_device()) : std::nullopt;
  }
  std::optional<Device> current_device() const {
    return guard_ ? std::optional<Device>(guard_->current_device()) : std::nullopt;
  }

 private:
  std::optional<Guard<Api>> guard_;
};

/// torch's DeviceGuard: as the above on a GPU, nothing on the CPU.
template <class Api>
class AnyGuard {
 public:
  explicit AnyGuard(Device device) { reset_device(device); }
  explicit AnyGuard(std::optional<Device> device) {
    if (device) reset_device(*device);
  }
  void reset_device(Device device) {
    if (!device.is_cpu()) guard_.set_device(device);
  }
  void set_index(DeviceIndex index) { guard_.set_index(index); }

 private:
  OptionalGuard<Api> guard_;
};

/// A stream and its device; converts to the runtime's own stream type.
template <class Api>
class Stream {
 public:
  using stream_t = typename Api::stream_t;
  Stream(stream_t stream, DeviceIndex index) : stream_(stream), index_(index) {}
  operator stream_t() const { return stream_; }
  stream_t stream() const { return stream_; }
  DeviceIndex device_index() const { return index_; }
  Device device() const { return Device(DeviceType::CUDA, index_); }
  DeviceType device_type() const { return DeviceType::CUDA; }
  /// torch's number of the stream, where torch is the host.
  int64_t id() const {
    return runtime::stream_id(device(), const_cast<void*>(static_cast<const void*>(stream_)));
  }
  int priority() const {
    int found = 0;
    check<Api>(Api::stream_priority(stream_, &found));
    return found;
  }
  void synchronize() const { check<Api>(Api::synchronize(stream_)); }
  bool query() const {
    const auto status = Api::query(stream_);
    if (status == Api::success) return true;
    if (status != Api::not_ready) check<Api>(status);
    Api::clear_error();
    return false;
  }
  bool operator==(const Stream& o) const { return stream_ == o.stream_ && index_ == o.index_; }
  bool operator!=(const Stream& o) const { return !(*this == o); }

 private:
  stream_t stream_;
  DeviceIndex index_;
};

/// The environment's stream of the given device, or of the current one.
template <class Api>
Stream<Api> current_stream(DeviceIndex index = -1) {
  if (index < 0) index = current_device<Api>();
  void* stream = runtime::current_stream(Device(DeviceType::CUDA, index));
  return Stream<Api>(static_cast<typename Api::stream_t>(stream), index);
}

/// Queried once per device and kept. Without <mutex>, which every kernel file would pay for: of two
/// threads that ask first, one throws its answer away.
template <class Api>
typename Api::properties_t* device_properties(int64_t index = -1) {
  using Properties = typename Api::properties_t;
  static std::atomic<Properties*> known[std::numeric_limits<DeviceIndex>::max() + 1];
  if (index < 0) index = current_device<Api>();
  const DeviceIndex count = device_count<Api>();
  FFI_CHECK(index < count, "device=", index, ", num_gpus=", static_cast<int>(count));
  std::atomic<Properties*>& place = known[index];
  if (Properties* found = place.load()) return found;
  Properties found{};
  check<Api>(Api::get_properties(&found, static_cast<int>(index)));
  Properties* first = nullptr;
  auto* fresh = new Properties(found);
  if (place.compare_exchange_strong(first, fresh)) return fresh;
  delete fresh;
  return first;
}

template <class Api>
bool can_access_peer(int64_t device, int64_t peer) {
  const int64_t count = device_count<Api>();
  FFI_CHECK(device >= 0 && device < count, device, " is not a device");
  FFI_CHECK(peer >= 0 && peer < count, peer, " is not a device");
  int can = 0;
  check<Api>(Api::can_access_peer(&can, static_cast<int>(device), static_cast<int>(peer)));
  return can != 0;
}

template <class Api>
void device_synchronize(DeviceIndex index = -1) {
  const Guard<Api> guard(index);
  check<Api>(Api::synchronize_device());
}

}  // namespace gpu
}  // namespace ffi_port
