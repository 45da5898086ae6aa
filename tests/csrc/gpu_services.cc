// What test_gpu_services.py loads: generators, streams, events and allocations of ffi_port over a
// device that only writes down what it is asked.
#include <ffi_port/runtime.inl>

#include <ffi_port/allocator.h>
#include <ffi_port/convert.h>
#include <ffi_port/generator.h>
#include <ffi_port/gpu_stream.h>
#include <ffi_port/str.h>
#include <ffi_port/tensor_info.h>

#include <string>

namespace {

using ffi_port::Device;
using ffi_port::guarded;
using tvm::ffi::Any;
using tvm::ffi::Array;
using tvm::ffi::String;

struct FakeApi {
  using status_t = int;
  using stream_t = char*;
  using event_t = int;
  static constexpr status_t success = 0;
  static constexpr status_t not_ready = 1;
  static constexpr unsigned disable_timing = 2;
  static constexpr const char* name = "FAKE";
  static inline std::string log;
  static inline int device = 0;
  static inline char made[256];
  static inline int streams = 0;
  static inline int events = 0;

  static const char* error_string(status_t) { return "failed"; }
  static void clear_error() {}
  static status_t get_device(int* index) { return *index = device, success; }
  static status_t set_device(int index) {
    device = index;
    log += "device " + std::to_string(index) + "; ";
    return success;
  }
  static status_t device_count(int* count) { return *count = 2, success; }
  static status_t priority_range(int* least, int* greatest) {
    return *least = 0, *greatest = -2, success;
  }
  static status_t create_stream(stream_t* s, int priority) {
    log += "stream of priority " + std::to_string(priority) + "; ";
    return *s = &made[++streams], success;
  }
  static status_t capture_status(stream_t, int* status) { return *status = 1, success; }
  static status_t create_event(event_t* e, unsigned flags) {
    log += "event with " + std::to_string(flags) + "; ";
    return *e = ++events, success;
  }
  static status_t destroy_event(event_t e) {
    log += "destroy " + std::to_string(e) + "; ";
    return success;
  }
  static status_t record_event(event_t e, stream_t) {
    log += "record " + std::to_string(e) + "; ";
    return success;
  }
  static status_t wait_event(stream_t, event_t e) {
    log += "wait " + std::to_string(e) + "; ";
    return success;
  }
  static status_t query_event(event_t) { return success; }
  static status_t synchronize_event(event_t) { return success; }
  static status_t elapsed_time(float* ms, event_t, event_t) { return *ms = 1.5f, success; }
};

std::string current(int device) {
  char* stream = ffi_port::gpu::current_stream<FakeApi>(static_cast<int8_t>(device));
  return stream ? std::to_string(stream - FakeApi::made) : "0";
}

/// Seed, offset and intragraph offset, drawn as launchers draw them.
Array<int64_t> draw(const Any& given, int64_t increment) {
  return guarded([&] {
    const auto generator = ffi_port::from_ffi<std::optional<ffi_port::Generator>>(given);
    auto* gen = ffi_port::get_generator_or_default<ffi_port::CUDAGeneratorImpl>(
        generator, ffi_port::getDefaultCUDAGenerator(1));
    const std::lock_guard<std::mutex> lock(gen->mutex_);
    const ffi_port::PhiloxCudaState state = gen->philox_cuda_state(increment);
    const auto [seed, offset] = ffi_port::philox::unpack(state);
    return Array<int64_t>{static_cast<int64_t>(seed), static_cast<int64_t>(offset),
                          static_cast<int64_t>(state.captured_)};
  });
}

String streams() {
  using namespace ffi_port::gpu;
  return guarded([] {
    FakeApi::log.clear();
    FakeApi::device = 0;
    const auto low = stream_from_pool<FakeApi>(false, 1);
    const auto high = stream_from_pool<FakeApi>(true, -1);
    std::string seen = FakeApi::log + "| ";
    FakeApi::log.clear();
    {
      const StreamGuard<FakeApi> guard(low);
      seen += current(0) + current(1) + std::to_string(FakeApi::device) + " ";
      seen += ffi_port::str(guard.original_device(), guard.current_device(), " ");
    }
    seen += current(0) + current(1) + std::to_string(FakeApi::device) + " ";
    {
      const std::vector<Stream<FakeApi>> both{low, high};
      const MultiStreamGuard<FakeApi> guard(both);
      seen += current(0) + current(1) + std::to_string(FakeApi::device) + " ";
    }
    seen += current(0) + current(1);
    for (int i = 0; i < 31; ++i) stream_from_pool<FakeApi>(false, 1);
    seen += stream_from_pool<FakeApi>(false, 1) == low ? " again" : " another";
    if (capture_status<FakeApi>() == ffi_port::CaptureStatus::Active) seen += " capturing";
    return String(seen);
  });
}

String events() {
  using namespace ffi_port::gpu;
  const std::string ms = guarded([] {
    FakeApi::log.clear();
    FakeApi::device = 0;
    const Stream<FakeApi> stream(nullptr, 1);
    Event<FakeApi> first(0);
    Event<FakeApi> second(0);
    if (!first.query() || first.isCreated()) return std::string("made too early");
    first.block(stream);  // nothing to wait for
    first.record(stream);
    second.record(stream);
    second.recordOnce(stream);
    first.block(stream);
    const float ms = first.elapsed_time(second);
    Event<FakeApi> third = std::move(first);
    if (first.isCreated() || !third.isCreated()) return std::string("not moved");
    return std::to_string(ms);
  });
  return String(FakeApi::log + ms);
}

void refused(int64_t which) {
  using namespace ffi_port::gpu;
  guarded([&] {
    Event<FakeApi> timed(0);
    Event<FakeApi> untimed;
    if (which == 0) timed.elapsed_time(untimed);
    if (which == 1) timed.elapsed_time(timed);
    timed.record(Stream<FakeApi>(nullptr, 1));
    if (which == 2) timed.record(Stream<FakeApi>(nullptr, 0));
    if (which == 3) StreamPool<FakeApi>::next(1, 0);
    if (which == 4) ffi_port::CUDACachingAllocator::raw_delete(&which);
  });
}

/// Dimensions, sizes, strides and the place of the excluded one after collapsing; then the offset
/// of each element before and after.
Array<int64_t> collapsed(tvm::ffi::Tensor tensor, int64_t exclude) {
  return guarded([&] {
    auto info = ffi_port::getTensorInfo<float, int>(ffi_port::from_ffi(tensor));
    const auto before = info;
    Array<int64_t> result{info.collapseDims(static_cast<int>(exclude)), info.dims};
    for (int i = 0; i < info.dims; ++i) result.push_back(info.sizes[i]);
    for (int i = 0; i < info.dims; ++i) result.push_back(info.strides[i]);
    int count = 1;
    for (int i = 0; i < before.dims; ++i) count *= before.sizes[i];
    for (int i = 0; i < count; ++i) {
      using Offset = ffi_port::IndexToOffset<float, int, -1>;
      FFI_CHECK(Offset::get(i, before) == Offset::get(i, info), "element ", i, " moved");
    }
    return result;
  });
}
bool counts_in_32_bits(tvm::ffi::Tensor tensor, int64_t limit) {
  return guarded([&] { return ffi_port::canUse32BitIndexMath(ffi_port::from_ffi(tensor), limit); });
}

}  // namespace

TVM_FFI_DLL_EXPORT_TYPED_FUNC(collapsed, collapsed)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(counts_in_32_bits, counts_in_32_bits)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(draw, draw)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(streams, streams)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(events, events)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(refused, refused)
