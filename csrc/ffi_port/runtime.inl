// runtime.h over tvm-ffi: memory and streams from its environment, the rest from the callables that
// `__ffi_port_set_host` received; and the bodies of what the other headers only declare, from the
// folder runtime/. Each library's shim includes this once, before anything of the library's own:
// beside tvm-ffi's headers, which it needs anyway, the runtime takes a compiler half as long.
#pragma once

#include "ffi_port/runtime.h"

#include <tvm/ffi/extra/c_env_api.h>
#include <tvm/ffi/function.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ffi_port/factory.h"
#include "ffi_port/generator.h"
#include "ffi_port/runtime/cpu_arithmetic.h"
#include "ffi_port/runtime/cpu_ops.h"
#include "ffi_port/runtime/crossing.inl"
#include "ffi_port/runtime/factory.inl"
#include "ffi_port/runtime/lending.h"
#include "ffi_port/runtime/naming.inl"
#include "ffi_port/runtime/resize.inl"
#include "ffi_port/runtime/services.h"
#include "ffi_port/runtime/texts.inl"
#include "ffi_port/runtime/view.inl"
#include "ffi_port/runtime/view_dims.inl"
#include "ffi_port/runtime/write_checks.h"

namespace ffi_port {
namespace runtime {

using namespace lending;
using namespace services;
using tvm::ffi::AnyView;
using tvm::ffi::Function;
using tvm::ffi::String;

/// Whether the host keeps the history of the call that this thread is in.
static bool& recording() {
  thread_local bool on = false;
  return on;
}
static void record(bool on) { recording() = on; }

/// A tensor for a service that keeps a history, in this thread's call.
static Any lend_known(const Tensor& t) { return lend(t, recording()); }

/// What the framework's function returns through a hidden pointer: its state is a plain struct that
/// starts so in every version, and is followed by less than what is reserved here.
struct CapturedPhilox {
  int64_t* seed;
  int64_t* offset;
  uint32_t intragraph;
  uint32_t rest[11];
};

/// Memory that nothing but its tensors owns.
struct OwnMemory : Storage {
  void* data;
  explicit OwnMemory(size_t bytes) : data(::operator new(bytes, std::align_val_t{64})) {}
  ~OwnMemory() override { ::operator delete(data, std::align_val_t{64}); }
};

/// Memory for a function that no tensor came to: tvm-ffi has an allocator only where one did.
static Tensor allocate_alone(IntArrayRef sizes, ScalarType dtype, const Device& device) {
  if (find_host("empty") || !device.is_cpu()) {
    return returned(host("empty")({tvm::ffi::Shape(sizes.vec()), String(python_name(dtype)),
                                   String(device.str())}));
  }
  auto impl = std::make_shared<TensorImpl>();
  impl->sizes = sizes.vec();
  impl->strides = detail::contiguous_strides(sizes);
  impl->dtype = dtype;
  impl->device = Device(DeviceType::CPU);
  auto memory = std::make_shared<OwnMemory>(static_cast<size_t>(detail::product(sizes)) *
                                            elementSize(dtype));
  impl->data = static_cast<char*>(memory->data);
  impl->storage = std::move(memory);
  return Tensor(std::move(impl));
}

Device resolve(Device device) {
  if (device.is_cpu() || device.has_index()) return device;
  const int64_t index = current_gpu ? current_gpu() : integer(host("current_device")({}));
  return Device(device.type(), static_cast<DeviceIndex>(index));
}

// From the allocator of the host's framework. DLPack's word for memory that is not to be had is
// MemoryError, torch's own exception is another.
static Tensor allocate_there(IntArrayRef sizes, ScalarType dtype, Device where) {
  try {
    return from_ffi(tvm::ffi::Tensor::FromEnvAlloc(
        TVMFFIEnvTensorAlloc, tvm::ffi::ShapeView(sizes.data(), sizes.size()), to_ffi(dtype),
        to_ffi(where)));
  } catch (const tvm::ffi::Error& error) {
    if (error.kind() != "MemoryError") throw;
    std::string text = error.message();  // with C++ frames, which torch's Python leaves out
    text.resize(std::min({text.size(), text.find("\nException raised "), text.find("\nframe #0")}));
    if (where.is_cpu()) throw Error(text);
    throw OutOfMemoryError(text);
  }
}

Tensor allocate(IntArrayRef sizes, ScalarType dtype, Device device) {
  const Device where = resolve(device);
  Tensor result = TVMFFIEnvGetDLPackManagedTensorAllocator() == nullptr
                      ? allocate_alone(sizes, dtype, where)
                      : allocate_there(sizes, dtype, where);
  const_cast<TensorImpl*>(result.unsafeGetTensorImpl())->storage_bytes =
      static_cast<int64_t>(result.nbytes());
  if (recording()) host("known")({lend(result)});
  return result;
}

void* current_stream(Device device) {
  const DLDevice d = to_ffi(resolve(device));
  return TVMFFIEnvGetStream(static_cast<int32_t>(d.device_type), d.device_id);
}

void set_current_stream(Device device, void* stream) {
  const DLDevice d = to_ffi(resolve(device));
  TVM_FFI_CHECK_SAFE_CALL(
      TVMFFIEnvSetStream(static_cast<int32_t>(d.device_type), d.device_id, stream, nullptr));
  if (const auto service = find_host("set_stream")) {
    (*service)({d.device_id, static_cast<int64_t>(reinterpret_cast<intptr_t>(stream))});
  }
}

int64_t stream_id(Device device, void* stream) {
  const auto handle = static_cast<int64_t>(reinterpret_cast<intptr_t>(stream));
  const auto service = find_host("stream_id");
  return service ? integer((*service)({resolve(device).index(), handle})) : handle;
}

Tensor contiguous(const Tensor& self) {
  if (!self.is_cpu() || recording()) return returned(host("contiguous")({lend_known(self)}));
  Tensor result = allocate(self.sizes(), self.scalar_type(), self.device());
  cpu_ops::copy_same_type(result, self);
  return result;
}

Tensor clone(const Tensor& self) {
  if (!self.is_cpu() || recording()) return returned(host("clone")({lend_known(self)}));
  Tensor result = empty_like(self);
  cpu_ops::copy_same_type(result, self);
  return result;
}

Tensor to(const Tensor& self, std::optional<ScalarType> dtype, std::optional<Device> device,
          bool non_blocking, bool copy) {
  const Any name = dtype ? Any(String(python_name(*dtype))) : Any();
  const Any place = device ? Any(String(device->str())) : Any();
  return returned(host("to")({lend_known(self), name, place, non_blocking, copy}));
}

void copy_(const Tensor& dst, const Tensor& src, bool non_blocking) {
  if (dst.defined() && dst.is_same(src)) return;
  detail::check_write(dst, src, "src");
  const bool on_cpu = dst.is_cpu() && src.is_cpu();
  const bool simple = !recording() && on_cpu && dst.scalar_type() == src.scalar_type();
  if (simple) {
    cpu_ops::copy_same_type(dst, dst.sizes() == src.sizes() ? src : src.expand(dst.sizes()));
    return;
  }
  host("copy_")({lend_known(dst), lend_known(src), non_blocking});
}

void fill_(const Tensor& self, const Scalar& value) {
  if (self.is_cpu() && !recording()) return cpu_ops::fill_(self, value);
  host("fill_")({lend_known(self), number(value)});
}

void update(const Tensor& self, const char* operation, const Tensor& other) {
  detail::check_write(self, other, "other");
  if (!recording() && cpu_ops::update(self, operation[0], other)) return;
  host("update")({lend_known(self), String(operation), lend_known(other)});
}

void update(const Tensor& self, const char* operation, const Scalar& other) {
  detail::check_defined(self, 0, "self");
  detail::check_no_internal_overlap(self);
  if (!recording() && cpu_ops::update(self, operation[0], other)) return;
  host("update")({lend_known(self), String(operation), number(other)});
}

Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, ScalarType dtype,
              Device device) {
  return returned(host("arange")({number(start), number(end), number(step),
                                  String(python_name(dtype)), String(resolve(device).str())}));
}

/// A Map made by the runtime: its C++ class is more code than all of this file.
static Any map_of(const std::vector<Any>& keys_and_values) {
  static const auto* make = new Function(Function::GetGlobalRequired("ffi.Map"));
  const std::vector<AnyView> arguments(keys_and_values.begin(), keys_and_values.end());
  Any map;
  make->CallPacked(arguments.data(), static_cast<int32_t>(arguments.size()), &map);
  return map;
}

std::vector<Tensor> compute(const char* name, std::initializer_list<Operand> operands) {
  const auto service = find_host("compute");
  FFI_CHECK_NOT_IMPLEMENTED(service.has_value(), "'", name,
                            "' needs a framework that computes it: call this library through its "
                            "torch adaptor, or give it a service `compute`");
  tvm::ffi::Array<Any> arguments;
  std::vector<Any> keywords;  // names and values in turn
  for (const Operand& operand : operands) {
    Any value = lend(operand, recording());
    if (operand.name == nullptr) {
      arguments.push_back(value);
    } else if (operand.kind != Operand::Kind::None) {
      keywords.insert(keywords.end(), {String(operand.name), value});
    }
  }
  std::vector<Tensor> results;
  const Any answer = (*service)({String(name), arguments, map_of(keywords)});
  if (auto one = answer.as<tvm::ffi::Tensor>()) {
    results.push_back(from_ffi(*one));
  } else if (auto several = answer.as<tvm::ffi::Array<tvm::ffi::Tensor>>()) {
    for (const auto& item : *several) results.push_back(from_ffi(item));
  }
  return results;
}

Scalar item(const Tensor& self) {
  if (self.is_cpu()) return cpu_ops::item(self);
  const Any value = host("item")({lend(self)});
  if (isFloatingType(self.scalar_type())) return Scalar(value.cast<double>());
  if (self.scalar_type() == kBool) return Scalar(truth(value));
  return Scalar(integer(value));
}

bool deterministic_algorithms() { return truth(host("deterministic_algorithms")({})); }

Determinism determinism() {
  if (!find_host("deterministic_algorithms") || !deterministic_algorithms()) return {};
  const bool warn_only = truth(host("deterministic_warn_only")({}));
  return warn_only ? Determinism::WarnOnly : Determinism::Required;
}

bool allow_tf32() {
  const auto service = find_host("allow_tf32");
  return service && truth((*service)({}));
}

PhiloxCudaState reserve_philox(const CUDAGeneratorImpl& generator, uint64_t increment) {
  const Any reserved = host("reserve_philox")(
      {lend(generator), generator.device().index(), static_cast<int64_t>(increment)});
  const auto answer = reserved.cast<tvm::ffi::Array<Any>>();
  if (answer.size() == 2) {
    return PhiloxCudaState(static_cast<uint64_t>(integer(answer[0])),
                           static_cast<uint64_t>(integer(answer[1])));
  }
  using Reserve = CapturedPhilox (*)(void* generator, uint64_t increment);
  const auto reserve = reinterpret_cast<Reserve>(integer(answer[1]));
  const auto state = reserve(reinterpret_cast<void*>(integer(answer[2])), increment);
  return PhiloxCudaState(state.seed, state.offset, state.intragraph);
}

uint64_t generator_seed(const CUDAGeneratorImpl& generator) {
  return static_cast<uint64_t>(
      integer(host("generator_seed")({lend(generator), generator.device().index()})));
}

uint64_t generator_offset(const CUDAGeneratorImpl& generator) {
  return static_cast<uint64_t>(
      integer(host("generator_offset")({lend(generator), generator.device().index()})));
}

}  // namespace runtime

// Declared in convert.h, which nothing else here needs.
Generator generator_from_ffi(const tvm::ffi::Any& generator) {
  const tvm::ffi::Any name = services::host("generator_device")({generator});
  const Device device(std::string(name.cast<tvm::ffi::String>()));
  return Generator(
      std::make_shared<CUDAGeneratorImpl>(device, std::make_shared<tvm::ffi::Any>(generator)));
}

}  // namespace ffi_port

TVM_FFI_DLL_EXPORT_TYPED_FUNC(__ffi_port_set_host, ffi_port::services::set_host)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(__ffi_port_record, ffi_port::runtime::record)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(__ffi_port_meta, ffi_port::lending::meta)
