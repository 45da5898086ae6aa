// torch's ways of changing the current stream, its stream pool and its events, written once for
// CUDA and HIP as gpu.h is. A change is made in tvm-ffi's environment, where all of the library
// looks, and passed on to the host framework, whose allocator ties memory to the current stream.
#pragma once

#include <array>
#include <atomic>
#include <optional>
#include <utility>
#include <vector>

#include "ffi_port/array_ref.h"
#include "ffi_port/gpu.h"

namespace ffi_port {

/// What a stream is doing with the work it is given.
enum class CaptureStatus : int { None = 0, Active = 1, Invalidated = 2 };

namespace gpu {

template <class Api>
void set_current_stream(const Stream<Api>& stream) {
  runtime::set_current_stream(stream.device(), static_cast<void*>(stream.stream()));
}

/// As set_current_stream where nothing may be thrown: in destructors.
template <class Api>
void restore_stream(const Stream<Api>& stream) noexcept {
  try {
    set_current_stream<Api>(stream);
  } catch (...) {  // torch warns; the next use of the stream reports it
  }
}

/// The stream and its device for a scope; both devices' streams are then as they were.
template <class Api>
class StreamGuard {
 public:
  explicit StreamGuard(const Stream<Api>& stream)
      : device_(stream.device_index()),
        original_(gpu::current_stream<Api>(device_.original_device().index())),
        replaced_(gpu::current_stream<Api>(stream.device_index())),
        current_(stream) {
    set_current_stream<Api>(stream);
  }
  StreamGuard(const StreamGuard&) = delete;
  StreamGuard& operator=(const StreamGuard&) = delete;
  ~StreamGuard() { restore_stream<Api>(replaced_); }

  void reset_stream(const Stream<Api>& stream) {
    restore_stream<Api>(replaced_);
    device_.set_index(stream.device_index());
    replaced_ = gpu::current_stream<Api>(stream.device_index());
    current_ = stream;
    set_current_stream<Api>(stream);
  }
  Stream<Api> original_stream() const { return original_; }
  Stream<Api> current_stream() const { return current_; }
  Device original_device() const { return device_.original_device(); }
  Device current_device() const { return device_.current_device(); }

 private:
  Guard<Api> device_;
  Stream<Api> original_;
  Stream<Api> replaced_;
  Stream<Api> current_;
};

template <class Api>
class OptionalStreamGuard {
 public:
  OptionalStreamGuard() = default;
  explicit OptionalStreamGuard(const Stream<Api>& stream) { guard_.emplace(stream); }
  explicit OptionalStreamGuard(const std::optional<Stream<Api>>& stream) {
    if (stream) guard_.emplace(*stream);
  }
  void reset_stream(const Stream<Api>& stream) {
    if (guard_) {
      guard_->reset_stream(stream);
    } else {
      guard_.emplace(stream);
    }
  }
  std::optional<Stream<Api>> original_stream() const {
    return guard_ ? std::optional<Stream<Api>>(guard_->original_stream()) : std::nullopt;
  }
  std::optional<Stream<Api>> current_stream() const {
    return guard_ ? std::optional<Stream<Api>>(guard_->current_stream()) : std::nullopt;
  }
  void reset() { guard_.reset(); }

 private:
  std::optional<StreamGuard<Api>> guard_;
};

/// Current streams of several devices for a scope; the current device stays.
template <class Api>
class MultiStreamGuard {
 public:
  explicit MultiStreamGuard(ArrayRef<Stream<Api>> streams) {
    for (const auto& stream : streams) {
      replaced_.push_back(current_stream<Api>(stream.device_index()));
      set_current_stream<Api>(stream);
    }
  }
  MultiStreamGuard(const MultiStreamGuard&) = delete;
  MultiStreamGuard& operator=(const MultiStreamGuard&) = delete;
  ~MultiStreamGuard() {
    for (const auto& stream : replaced_) restore_stream<Api>(stream);
  }

 private:
  std::vector<Stream<Api>> replaced_;
};

/// Streams that are made once and given out in turn, 32 for each device and priority, as torch's.
template <class Api>
class StreamPool {
 public:
  static Stream<Api> next(int priority, DeviceIndex index) {
    FFI_CHECK(priority <= 0, "Expected ", Api::name,
              " stream priority to be less than or equal to 0, got ", priority);
    if (index < 0) index = current_device<Api>();
    const Guard<Api> guard(index);
    int least = 0;
    int greatest = 0;
    check<Api>(Api::priority_range(&least, &greatest));
    if (priority < greatest) priority = greatest;
    const Lock lock;
    StreamPool& pool = of(index, priority);
    auto& stream = pool.streams_[pool.next_++ % pool.streams_.size()];
    if (!stream) {
      typename Api::stream_t fresh{};
      check<Api>(Api::create_stream(&fresh, priority));
      stream = fresh;
    }
    return Stream<Api>(*stream, index);
  }

 private:
  // Held for as long as one stream takes to make. No std::mutex: see gpu.h.
  class Lock {
   public:
    Lock() {
      while (busy().test_and_set(std::memory_order_acquire)) {
      }
    }
    ~Lock() { busy().clear(std::memory_order_release); }

   private:
    static std::atomic_flag& busy() {
      static std::atomic_flag flag = ATOMIC_FLAG_INIT;
      return flag;
    }
  };

  StreamPool(DeviceIndex index, int priority) : index_(index), priority_(priority) {}
  static StreamPool& of(DeviceIndex index, int priority) {
    static std::vector<StreamPool> pools;
    for (StreamPool& pool : pools) {
      if (pool.index_ == index && pool.priority_ == priority) return pool;
    }
    pools.push_back(StreamPool(index, priority));
    return pools.back();
  }

  DeviceIndex index_;
  int priority_;
  std::array<std::optional<typename Api::stream_t>, 32> streams_;
  size_t next_ = 0;
};
/// `high` asks for the greatest priority there is.
template <class Api>
Stream<Api> stream_from_pool(bool high, DeviceIndex index) {
  return StreamPool<Api>::next(high ? -1000 : 0, index);
}

template <class Api>
CaptureStatus capture_status() {
  int status = 0;
  check<Api>(Api::capture_status(current_stream<Api>(), &status));
  return static_cast<CaptureStatus>(status);
}

/// Made on its first record, on the device of that stream.
template <class Api>
class Event {
 public:
  using event_t = typename Api::event_t;
  Event() = default;
  explicit Event(unsigned flags) : flags_(flags) {}
  Event(Event&& o) noexcept { *this = std::move(o); }
  Event& operator=(Event&& o) noexcept {
    std::swap(flags_, o.flags_);
    std::swap(created_, o.created_);
    std::swap(recorded_, o.recorded_);
    std::swap(index_, o.index_);
    std::swap(event_, o.event_);
    return *this;
  }
  ~Event() {
    if (!created_) return;
    int before = 0;
    const bool known = Api::get_device(&before) == Api::success;
    const bool moved = known && before != index_ && Api::set_device(index_) == Api::success;
    if (Api::destroy_event(event_) != Api::success) Api::clear_error();
    if (moved && Api::set_device(before) != Api::success) Api::clear_error();
  }

  operator event_t() const { return event_; }
  event_t event() const { return event_; }
  bool isCreated() const { return created_; }
  DeviceIndex device_index() const { return index_; }

  bool query() const {
    if (!created_) return true;
    const auto status = Api::query_event(event_);
    if (status == Api::success) return true;
    if (status != Api::not_ready) check<Api>(status);
    Api::clear_error();
    return false;
  }
  void record() { record(current_stream<Api>()); }
  void recordOnce(const Stream<Api>& stream) {
    if (!recorded_) record(stream);
  }
  void record(const Stream<Api>& stream) {
    if (!created_) create(stream.device_index());
    FFI_CHECK(index_ == stream.device_index(), "Event device ", static_cast<int>(index_),
              " does not match recording stream's device ", static_cast<int>(stream.device_index()),
              ".");
    const Guard<Api> guard(index_);
    check<Api>(Api::record_event(event_, stream));
    recorded_ = true;
  }
  void block(const Stream<Api>& stream) {
    if (!created_) return;
    const Guard<Api> guard(stream.device_index());
    check<Api>(Api::wait_event(stream, event_));
  }
  float elapsed_time(const Event& end) const {
    FFI_CHECK_VALUE(!((flags_ | end.flags_) & Api::disable_timing),
                    "Both events must be created with argument 'enable_timing=True'.");
    FFI_CHECK_VALUE(created_ && end.created_,
                    "Both events must be recorded before calculating elapsed time.");
    FFI_CHECK_VALUE(query() && end.query(),
                    "Both events must be completed before calculating elapsed time.");
    const Guard<Api> guard(index_);
    float milliseconds = 0;
    check<Api>(Api::elapsed_time(&milliseconds, event_, end.event_));
    return milliseconds;
  }
  void synchronize() const {
    if (created_) check<Api>(Api::synchronize_event(event_));
  }

 private:
  void create(DeviceIndex index) {
    const Guard<Api> guard(index);
    check<Api>(Api::create_event(&event_, flags_));
    index_ = index;
    created_ = true;
  }

  unsigned flags_ = Api::disable_timing;
  bool created_ = false;
  bool recorded_ = false;
  DeviceIndex index_ = -1;
  event_t event_{};
};

}  // namespace gpu
}  // namespace ffi_port
