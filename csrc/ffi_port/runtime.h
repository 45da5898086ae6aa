// The seam between ported code and its host. Declarations only: runtime.inl, compiled once per
// library, defines them over tvm-ffi, so that nothing else has to include it.
//
// Memory and streams come from tvm-ffi's environment. What needs a framework comes from Python
// callables that the adaptor hands over when it loads the library, through the exported function
// `__ffi_port_set_host(name, callable)`. Tensors travel as tvm_ffi tensors, dtypes by torch's name
// ("float32"), devices by torch's spelling ("cuda:0"):
//   contiguous(tensor) -> tensor                     clone(tensor) -> tensor
//   copy_(dst, src, non_blocking)                    fill_(tensor, number)
//   to(tensor, dtype or None, device or None, non_blocking, copy) -> tensor
//   update(tensor, "add_" or its like, tensor or number)
//   arange(start, end, step, dtype, device) -> tensor
//   compute(name, arguments, keywords) -> tensor, several, or nothing: an operation of compute.h
//   item(tensor) -> number                           deterministic_algorithms() -> bool
//   deterministic_warn_only() -> bool
//   empty(sizes, dtype, device) -> tensor, asked only where no argument of the call is a tensor
//   current_device() -> int, asked only where no file of the library includes cuda.h or hip.h
//   set_stream(device index, stream), told of a stream that ported code makes current
//   stream_id(device index, stream) -> int, the framework's own number of it
//   allow_tf32() -> bool, whether matrix products may round their operands; no without it
//   generator_device(generator) -> device; raises TypeError for what is no generator
//   generator_seed(generator or None, device) -> int       generator_offset(the same) -> int
//   reserve_philox(generator or None, device, increment) -> [seed, offset], or while the current
//     stream is captured ["captured", address of the framework's own function, its `this`]
// On CPU tensors everything but `compute`, `to`, `update` of narrow floats and of mixed types, and
// `arange` of floats works without them. A callable that is missing when it is needed raises
// NotImplementedError.
// A host that keeps a history of gradients says so for a call, through `__ffi_port_record(bool)`:
// everything that makes or writes tensors is asked of it then, and of each other new tensor it is
// told: known(tensor).
#pragma once

#include <cstdint>
#include <optional>

#include "ffi_port/device.h"
#include "ffi_port/scalar_type.h"

namespace ffi_port {

class Scalar;
class Tensor;
template <class T>
class ArrayRef;
using IntArrayRef = ArrayRef<int64_t>;
class CUDAGeneratorImpl;
struct PhiloxCudaState;

namespace runtime {

/// The current GPU, set by cuda.h or hip.h when the library starts.
using CurrentDevice = int (*)();
inline CurrentDevice current_gpu = nullptr;
/// A GPU without an index is the current one, as torch has it.
Device resolve(Device device);

/// Uninitialised contiguous memory from the environment's allocator (torch's own under torch).
Tensor allocate(IntArrayRef sizes, ScalarType dtype, Device device);
/// The environment's current stream of a device; null is the default stream.
void* current_stream(Device device);
/// Changes it for this thread, in the environment and, where there is one, in the framework.
void set_current_stream(Device device, void* stream);
/// The framework's number of a stream; without a framework, its handle.
int64_t stream_id(Device device, void* stream);

Tensor contiguous(const Tensor& self);
Tensor clone(const Tensor& self);
Tensor to(const Tensor& self, std::optional<ScalarType> dtype, std::optional<Device> device,
          bool non_blocking, bool copy);
void copy_(const Tensor& dst, const Tensor& src, bool non_blocking);
void fill_(const Tensor& self, const Scalar& value);
/// In-place arithmetic: "add_", "sub_", "mul_" or "div_".
void update(const Tensor& self, const char* operation, const Tensor& other);
void update(const Tensor& self, const char* operation, const Scalar& other);
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, ScalarType dtype,
              Device device);
Scalar item(const Tensor& self);
bool deterministic_algorithms();
/// What the host's user asked for; nothing where no framework is there to be asked.
enum class Determinism { NotAsked, WarnOnly, Required };
Determinism determinism();
bool allow_tf32();

/// Seed and offset of a generator of the host, whose offset moves on by `increment`.
PhiloxCudaState reserve_philox(const CUDAGeneratorImpl& generator, uint64_t increment);
uint64_t generator_seed(const CUDAGeneratorImpl& generator);
uint64_t generator_offset(const CUDAGeneratorImpl& generator);

}  // namespace runtime
}  // namespace ffi_port
