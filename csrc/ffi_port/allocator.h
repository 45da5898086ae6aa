// torch's CUDACachingAllocator as launchers use it for workspaces. Memory is the environment's,
// which under torch is that very allocator: freed memory is used again in the order of the stream
// that was current when it was taken.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "ffi_port/device.h"
#include "ffi_port/runtime.h"
#include "ffi_port/tensor.h"

namespace ffi_port {

/// Memory and what frees it.
class DataPtr {
 public:
  using Deleter = void (*)(void*);
  DataPtr() = default;
  DataPtr(void* data, Device device) : data_(data), device_(device) {}
  DataPtr(void* data, void* context, Deleter deleter, Device device)
      : data_(data), device_(device), owner_(context, deleter ? deleter : [](void*) {}) {}
  DataPtr(void* data, Device device, std::shared_ptr<void> owner)
      : data_(data), device_(device), owner_(std::move(owner)) {}
  DataPtr(DataPtr&&) = default;
  DataPtr& operator=(DataPtr&&) = default;

  void* get() const { return data_; }
  void* mutable_get() { return data_; }
  void* get_context() const { return owner_.get(); }
  Device device() const { return device_; }
  void clear() {
    data_ = nullptr;
    owner_.reset();
  }
  operator bool() const { return data_ || owner_; }

 private:
  void* data_ = nullptr;
  Device device_ = Device(DeviceType::CPU);
  std::shared_ptr<void> owner_;
};

namespace detail {

/// Memory of the current GPU, on its current stream; null for no bytes, as torch's.
inline DataPtr allocate_bytes(size_t size) {
  const Device device = runtime::resolve(Device(DeviceType::CUDA));
  if (size == 0) return DataPtr(nullptr, device);
  const int64_t bytes = static_cast<int64_t>(size);
  auto owner = std::make_shared<Tensor>(runtime::allocate(bytes, kByte, device));
  return DataPtr(owner->data_ptr(), device, owner);
}

}  // namespace detail

struct Allocator {
  virtual ~Allocator() = default;
  virtual DataPtr allocate(size_t size) = 0;
};

class CUDAAllocator : public Allocator {
 public:
  DataPtr allocate(size_t size) override { return detail::allocate_bytes(size); }

  void* raw_alloc(size_t size) {
    DataPtr memory = detail::allocate_bytes(size);
    void* data = memory.get();
    const std::lock_guard<std::mutex> lock(mutex_);
    if (data) raw_[data] = std::move(memory);
    return data;
  }
  void* raw_alloc_with_stream(size_t size, void* stream) {
    const Device device = runtime::resolve(Device(DeviceType::CUDA));
    const CurrentStream scope(device, stream);
    return raw_alloc(size);
  }
  void raw_delete(void* data) {
    DataPtr memory;  // freed after the lock
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = raw_.find(data);
    FFI_CHECK(found != raw_.end() || !data, "invalid device pointer: ", data);
    if (!data) return;
    memory = std::move(found->second);
    raw_.erase(found);
  }

 private:
  struct CurrentStream {
    CurrentStream(Device d, void* stream) : device(d), before(runtime::current_stream(d)) {
      if (stream != before) runtime::set_current_stream(device, stream);
      changed = stream != before;
    }
    ~CurrentStream() {
      try {
        if (changed) runtime::set_current_stream(device, before);
      } catch (...) {  // nothing may leave a destructor
      }
    }
    Device device;
    void* before;
    bool changed = false;
  };

  std::mutex mutex_;
  std::unordered_map<void*, DataPtr> raw_;
};

namespace CUDACachingAllocator {

/// Never destroyed: memory is given back to a framework that may be gone by then.
inline CUDAAllocator* get() {
  static auto* allocator = new CUDAAllocator();
  return allocator;
}
inline void* raw_alloc(size_t size) { return get()->raw_alloc(size); }
inline void* raw_alloc_with_stream(size_t size, void* stream) {
  return get()->raw_alloc_with_stream(size, stream);
}
inline void raw_delete(void* data) { get()->raw_delete(data); }

}  // namespace CUDACachingAllocator
namespace HIPCachingAllocator = CUDACachingAllocator;

inline Allocator* getCUDADeviceAllocator() { return CUDACachingAllocator::get(); }

}  // namespace ffi_port
