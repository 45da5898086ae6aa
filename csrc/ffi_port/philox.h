// torch's PhiloxCudaState, which a kernel takes by value, and the unpack that gives it seed and
// offset, on host and device. Under graph capture both are behind pointers, so that every replay
// samples anew; the layout is ours, torch's changed between versions.
#pragma once

#include <cstdint>
#include <tuple>

#include "ffi_port/macros.h"

namespace ffi_port {

struct PhiloxCudaState {
  PhiloxCudaState() = default;
  PhiloxCudaState(uint64_t seed, uint64_t offset) {
    seed_.val = seed;
    offset_.val = offset;
  }
  PhiloxCudaState(int64_t* seed, int64_t* offset_extragraph, uint64_t offset_intragraph) {
    seed_.ptr = seed;
    offset_.ptr = offset_extragraph;
    offset_intragraph_ = offset_intragraph;
    captured_ = true;
  }

  union Payload {
    uint64_t val;
    int64_t* ptr;
  };

  Payload seed_{};
  Payload offset_{};
  uint64_t offset_intragraph_ = 0;
  bool captured_ = false;
};

namespace philox {

FFI_HD inline std::tuple<uint64_t, uint64_t> unpack(PhiloxCudaState state) {
  if (!state.captured_) return {state.seed_.val, state.offset_.val};
  const uint64_t offset = static_cast<uint64_t>(*state.offset_.ptr) + state.offset_intragraph_;
  return {static_cast<uint64_t>(*state.seed_.ptr), offset};
}

}  // namespace philox
}  // namespace ffi_port
