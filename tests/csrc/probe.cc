// What test_ffi_port.py loads: the cases on ffi_port, views over tensors from Python, the shim's
// conversions, the seam to the host, and the device guards over a device that only counts.
#include <ffi_port/runtime.inl>

#include <tvm/ffi/container/array.h>
#include <tvm/ffi/container/tensor.h>
#include <tvm/ffi/function.h>

#include <stdexcept>

namespace {

int64_t typed(tvm::ffi::TensorView, int64_t number, bool, double,
              tvm::ffi::Optional<tvm::ffi::Tensor>, const tvm::ffi::Array<int64_t>&,
              tvm::ffi::Any) {
  if (number == 1) throw std::out_of_range("not translated");
  if (number == 2) TVM_FFI_THROW(IndexError) << "as it is";
  return number;
}

}  // namespace

// By tvm-ffi's own macro, while it is there: export.h has another, which must answer the same.
TVM_FFI_DLL_EXPORT_TYPED_FUNC(typed_by_tvm_ffi, typed)

#include <ffi_port/accumulate.h>
#include <ffi_port/ceil_div.h>
#include <ffi_port/convert.h>
#include <ffi_port/compute.h>
#include <ffi_port/dispatch_v2.h>
#include <ffi_port/exception.h>
#include <ffi_port/factory.h>
#include <ffi_port/from_blob.h>
#include <ffi_port/gpu.h>
#include <ffi_port/indexing.h>
#include <ffi_port/logging.h>
#include <ffi_port/maps.h>
#include <ffi_port/parallel.h>
#include <ffi_port/pointer.h>
#include <ffi_port/promote.h>
#include <ffi_port/tensor_arg.h>
#include <ffi_port/warn.h>

#include "ported_cases.h"

namespace {

using ffi_port::from_ffi;
using ffi_port::guarded;
using ffi_port::Tensor;
using ffi_port::to_ffi;
using tvm::ffi::Array;
using tvm::ffi::Optional;
using tvm::ffi::String;
using tvm::ffi::TensorView;

// The tensor argument, when a torch tensor, makes torch's allocator available.
tvm::ffi::Bytes run(const String& name, TensorView) {
  return guarded([&] { return tvm::ffi::Bytes(all_cases().at(std::string(name))()); });
}
Array<String> names() {
  Array<String> result;
  for (const auto& entry : all_cases()) result.push_back(entry.first);
  return result;
}

Tensor apply_one(const Tensor& t, const std::string& op, const std::vector<int64_t>& a) {
  const size_t half = a.size() / 2;
  if (op == "view") return t.view(a);
  if (op == "reshape") return t.reshape(a);
  if (op == "select") return t.select(a[0], a[1]);
  if (op == "narrow") return t.narrow(a[0], a[1], a[2]);
  if (op == "slice") return t.slice(a[0], a[1], a[2], a[3]);
  if (op == "transpose") return t.transpose(a[0], a[1]);
  if (op == "permute") return t.permute(a);
  if (op == "squeeze") return a.empty() ? t.squeeze() : t.squeeze(a[0]);
  if (op == "unsqueeze") return t.unsqueeze(a[0]);
  if (op == "flatten") return t.flatten(a[0], a[1]);
  if (op == "expand") return t.expand(a);
  if (op == "empty_like") return ffi_port::empty_like(t);
  if (op == "contiguous") return t.contiguous();
  if (op == "clone") return t.clone();
  if (op == "as_strided") {
    return t.as_strided({a.data(), half}, {a.data() + half, half});
  }
  throw std::logic_error("no operation " + op);
}
tvm::ffi::Tensor apply(const String& op, tvm::ffi::Tensor t, const Array<int64_t>& args) {
  return guarded([&] { return to_ffi(apply_one(from_ffi(t), op, from_ffi(args))); });
}
void update(const String& operation, tvm::ffi::Tensor t, tvm::ffi::Tensor other) {
  guarded([&] { ffi_port::runtime::update(from_ffi(t), operation.c_str(), from_ffi(other)); });
}
Array<int64_t> facts(TensorView t) {
  return guarded([&] {
    const Tensor x = from_ffi(t);
    return Array<int64_t>{x.numel(), int64_t(x.nbytes()), int64_t(x.is_contiguous()),
                          int64_t(x.scalar_type()), int64_t(x.is_non_overlapping_and_dense()),
                          int64_t(reinterpret_cast<uintptr_t>(x.data_ptr()))};
  });
}

int64_t offset_of_byte_offset() {
  static float data[8];
  int64_t shape[1] = {2};
  DLTensor t{data, {kDLCPU, 0}, 1, {kDLFloat, 32, 1}, shape, nullptr, 8};
  const Tensor x = from_ffi(TensorView(&t));
  return (x.data_ptr<float>() - data) * 100 + x.stride(0);
}

tvm::ffi::Tensor borrow_and_return(TensorView t) {
  return guarded([&] { return to_ffi(from_ffi(t)); });
}
auto many(const Array<tvm::ffi::Tensor>& list) {
  return guarded([&] { return to_ffi(from_ffi(list)); });
}
auto triple(tvm::ffi::Tensor t, Optional<TensorView> other) {
  return guarded([&] {
    const auto x = from_ffi(t);
    const auto y = from_ffi(other);
    return to_ffi(std::make_tuple(x, std::string(y ? "given" : "absent"), x.t(), Tensor(),
                                  int64_t(3)));
  });
}
tvm::ffi::Tensor result_into(TensorView like, Optional<tvm::ffi::Tensor> out) {
  return guarded([&] {
    const auto x = from_ffi(like);
    return to_ffi(ffi_port::empty({2, 3}, x.options(), from_ffi(out)));
  });
}
/// A dtype is an enum to C++, but it travels as tvm-ffi's.
String named_dtype(tvm::ffi::Optional<DLDataType> dtype) {
  const auto value = ffi_port::from_ffi<std::optional<ffi_port::ScalarType>>(dtype);
  return value ? ffi_port::toString(*value) : "none";
}

int64_t narrowed(int64_t value, const String& type) {
  return guarded([&]() -> int64_t {
    if (type == "int32") return ffi_port::narrow<int32_t>(value, "n");
    if (type == "uint8") return ffi_port::narrow<uint8_t>(value, "n");
    if (type == "uint64") return int64_t(ffi_port::narrow<uint64_t>(value, "n"));
    return ffi_port::narrow<int64_t>(value, "n");
  });
}
tvm::ffi::Tensor to_half(tvm::ffi::Tensor t) {
  return guarded([&] { return to_ffi(from_ffi(t).to(ffi_port::kHalf)); });
}
tvm::ffi::Tensor borrowed_to_half(TensorView t) {
  return guarded([&] { return to_ffi(from_ffi(t).to(ffi_port::kHalf)); });
}
bool deterministic() {
  return guarded([&] { return ffi_port::runtime::deterministic_algorithms(); });
}
double typed_sum(TensorView t) {
  return guarded([&] {
    const Tensor x = from_ffi(t);
    const float* p = ffi_port::typed<float>(x.const_data_ptr(), x.scalar_type());
    double sum = 0;
    for (int64_t i = 0; i < x.numel(); ++i) sum += p[i];
    return sum;
  });
}
int64_t stream_of(int64_t index) {
  return reinterpret_cast<int64_t>(ffi_port::runtime::current_stream(
      ffi_port::Device(ffi_port::kCUDA, static_cast<ffi_port::DeviceIndex>(index))));
}

int64_t resolved(bool hooked) {
  return guarded([&] {
    ffi_port::runtime::current_gpu = hooked ? +[] { return 3; } : nullptr;
    const auto device = ffi_port::runtime::resolve(ffi_port::Device(ffi_port::kCUDA));
    ffi_port::runtime::current_gpu = nullptr;
    return int64_t(device.index());
  });
}

// A device runtime that keeps a log.
struct FakeApi {
  using status_t = int;
  using stream_t = void*;
  struct properties_t {
    int which;
  };
  static constexpr int success = 0;
  static constexpr int not_ready = 1;
  static constexpr const char* name = "CUDA";
  static inline int device = 0;
  static inline std::string log;
  static const char* error_string(int) { return "invalid device ordinal"; }
  static void clear_error() { log += "clear "; }
  static int get_device(int* i) { return *i = device, 0; }
  static int set_device(int i) {
    log += text("set", i, " ");
    if (i >= 4) return 101;
    device = i;
    return 0;
  }
  static int device_count(int* n) { return *n = 4, 0; }
  static int get_properties(properties_t* p, int i) { return p->which = i, 0; }
  static int synchronize(stream_t) { return 0; }
  static int query(stream_t) { return 1; }
};

String guards() {
  using namespace ffi_port;
  using Guard = gpu::Guard<FakeApi>;
  using OptionalGuard = gpu::OptionalGuard<FakeApi>;
  FakeApi::log.clear();
  FakeApi::device = 0;
  auto& log = FakeApi::log;
  {
    Guard g(Device(kCUDA, 2));
    log += text(int(g.original_device().index()), int(g.current_device().index()), " ");
    Guard same(Device(kCUDA, 2));
  }
  log += text("|", FakeApi::device, " ");
  {
    Guard none{Device(kCUDA)};
    OptionalGuard empty;
    OptionalGuard off{std::optional<Device>()};
  }
  {
    OptionalGuard g(Device(kCUDA, 1));
    g.set_index(3);
    log += text(FakeApi::device, " ");
  }
  log += text("|", FakeApi::device, " ");
  try {
    Guard g(Device(kCUDA, 1));
    throw 1;
  } catch (int) {
    log += text("|", FakeApi::device, " ");
  }
  try {
    Guard g(DeviceIndex(9));
  } catch (const Error& e) {
    log += text(e.kind(), ":", e.what(), " ");
  }
  try {
    Guard g{Device(kCPU)};
  } catch (const Error& e) {
    log += text(e.what(), " ");
  }
  { gpu::AnyGuard<FakeApi> cpu{Device(kCPU)}; }
  log += text(gpu::device_properties<FakeApi>(3)->which, gpu::device_properties<FakeApi>()->which);
  return log;
}

}  // namespace

TVM_FFI_DLL_EXPORT_TYPED_FUNC(typed_by_port, typed)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(run, run)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(names, names)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(apply, apply)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(update, update)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(facts, facts)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(offset_of_byte_offset, offset_of_byte_offset)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(borrow_and_return, borrow_and_return)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(many, many)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(triple, triple)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(result_into, result_into)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(named_dtype, named_dtype)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(narrowed, narrowed)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(to_half, to_half)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(borrowed_to_half, borrowed_to_half)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(deterministic, deterministic)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(typed_sum, typed_sum)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(stream_of, stream_of)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(resolved, resolved)
TVM_FFI_DLL_EXPORT_TYPED_FUNC(guards, guards)
