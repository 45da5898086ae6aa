// torch's random generators as kernel launchers use them: the caller's or the device's default one,
// on which a range of Philox offsets is reserved for each kernel. The state stays with the host
// framework, so that its own operators and ported ones draw from one sequence; runtime.h reserves.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "ffi_port/device.h"
#include "ffi_port/error.h"
#include "ffi_port/philox.h"
#include "ffi_port/runtime.h"

namespace ffi_port {

/// Names a generator of the host. An empty handle is the default one of the device.
class CUDAGeneratorImpl {
 public:
  explicit CUDAGeneratorImpl(Device device, std::shared_ptr<void> handle = nullptr)
      : device_(device), handle_(std::move(handle)) {}
  static DeviceType device_type() { return DeviceType::CUDA; }
  Device device() const { return device_; }
  const std::shared_ptr<void>& handle() const { return handle_; }

  /// Seed and offset for one kernel, and the generator moved on by `increment`, rounded up to a
  /// multiple of 4.
  PhiloxCudaState philox_cuda_state(uint64_t increment) {
    return runtime::reserve_philox(*this, increment);
  }
  std::pair<uint64_t, uint64_t> philox_engine_inputs(uint64_t increment) {
    const PhiloxCudaState state = runtime::reserve_philox(*this, increment);
    FFI_CHECK(!state.captured_, "Cannot call CUDAGeneratorImpl::philox_engine_inputs during CUDA "
              "graph capture");
    return {state.seed_.val, state.offset_.val};
  }
  uint64_t current_seed() const { return runtime::generator_seed(*this); }
  uint64_t get_offset() const { return runtime::generator_offset(*this); }
  uint64_t philox_offset_per_thread() const { return get_offset(); }

  // What the original locks around a reservation. Reservations exclude each other in the host: a
  // mutex shared between threads would be held by one that waits for Python's lock while another,
  // which has that lock, waits for the mutex. So each thread, and each call that brings its own
  // generator, has one of its own.
  std::mutex mutex_;

 private:
  Device device_;
  std::shared_ptr<void> handle_;
};

class Generator {
 public:
  Generator() = default;
  explicit Generator(std::shared_ptr<CUDAGeneratorImpl> impl) : impl_(std::move(impl)) {}
  bool defined() const { return static_cast<bool>(impl_); }
  Device device() const { return impl_->device(); }
  std::mutex& mutex() { return impl_->mutex_; }
  uint64_t current_seed() const { return impl_->current_seed(); }
  template <class T>
  T* get() const {
    return static_cast<T*>(impl_.get());
  }

 private:
  std::shared_ptr<CUDAGeneratorImpl> impl_;
};

/// The generator as the kind its device has, with torch's refusals.
template <class T>
T* check_generator(const std::optional<Generator>& generator) {
  FFI_CHECK(generator.has_value(), "Expected Generator but received nullopt");
  FFI_CHECK(generator->defined(), "Generator with undefined implementation is not allowed");
  FFI_CHECK(T::device_type() == generator->device().type(), "Expected a '", T::device_type(),
            "' device type for generator but found '", generator->device().type(), "'");
  return generator->get<T>();
}
template <class T>
T* get_generator_or_default(const std::optional<Generator>& generator, const Generator& standard) {
  const bool given = generator.has_value() && generator->defined();
  return check_generator<T>(given ? generator : std::optional<Generator>(standard));
}

/// The default generator of a GPU, of the current one without an index.
inline const Generator& getDefaultCUDAGenerator(DeviceIndex index = -1) {
  thread_local std::unordered_map<int, Generator> known;  // by thread: see mutex_
  const Device device = runtime::resolve(Device(DeviceType::CUDA, index));
  Generator& found = known[device.index()];
  if (!found.defined()) found = Generator(std::make_shared<CUDAGeneratorImpl>(device));
  return found;
}
inline const Generator& getDefaultHIPGenerator(DeviceIndex index = -1) {
  return getDefaultCUDAGenerator(index);
}

}  // namespace ffi_port
