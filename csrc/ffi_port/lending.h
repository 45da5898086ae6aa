// How values travel between runtime.cc and the callables of its host: tensors, numbers, generators,
// dtypes by name, the operands of compute.h. Nothing here has state. Used by runtime.cc.
#pragma once

#include <tvm/ffi/container/array.h>
#include <tvm/ffi/container/shape.h>
#include <tvm/ffi/string.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "ffi_port/compute.h"
#include "ffi_port/generator.h"
#include "ffi_port/shim.h"

namespace ffi_port {
namespace lending {

using tvm::ffi::Any;

/// A tensor as an argument of a host callable, which must not keep it.
inline tvm::ffi::Tensor lend(const Tensor& t) {
  return t.unsafeGetTensorImpl()->storage ? to_ffi(t) : detail::export_view(t);
}

/// The same for a service that keeps a history where `recording`: it must not take a detached
/// tensor for the one whose memory it shares.
inline Any lend(const Tensor& t, bool recording) {
  if (!recording || !t.unsafeGetTensorImpl()->detached) return Any(lend(t));
  return Any(tvm::ffi::Array<Any>{Any(tvm::ffi::String("ffi_port.detached")), Any(lend(t))});
}

inline Tensor returned(const Any& value) { return from_ffi(value.cast<tvm::ffi::Tensor>()); }

inline Any number(const Scalar& value) {
  if (value.isFloatingPoint()) return Any(value.toDouble());
  if (value.isBoolean()) return Any(value.toBool());
  return Any(value.toLong());
}

/// An argument of an operation: sizes as a Shape, a dtype as such, a device by its name.
struct Lend {
  bool recording;

  Any operator()(std::monostate) const { return Any(); }
  Any operator()(const Tensor& tensor) const {
    return tensor.defined() ? lend(tensor, recording) : Any();
  }
  Any operator()(const Scalar& value) const { return number(value); }
  Any operator()(const Operand::Ints& ints) const { return Any(tvm::ffi::Shape(ints)); }
  Any operator()(ScalarType dtype) const { return Any(to_ffi(dtype)); }
  Any operator()(const Device& device) const { return Any(tvm::ffi::String(device.str())); }
  Any operator()(const std::vector<Tensor>& tensors) const {
    tvm::ffi::Array<Any> items;
    for (const Tensor& tensor : tensors) items.push_back(lend(tensor, recording));
    return Any(items);
  }
};

/// The caller's generator, None for the default one of its device.
inline Any lend(const CUDAGeneratorImpl& generator) {
  const auto* given = static_cast<const Any*>(generator.handle().get());
  return given ? *given : Any();
}

/// torch's Python name of a dtype.
inline std::string python_name(ScalarType t) {
  switch (t) {
    case kByte:
      return "uint8";
    case kChar:
      return "int8";
    case kShort:
      return "int16";
    case kInt:
      return "int32";
    case kLong:
      return "int64";
    case kHalf:
      return "float16";
    case kFloat:
      return "float32";
    case kDouble:
      return "float64";
    case kComplexHalf:
      return "complex32";
    case kComplexFloat:
      return "complex64";
    case kComplexDouble:
      return "complex128";
    default:
      std::string name = toString(t);
      for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
      return name;
  }
}

/// A tensor without memory, for the adaptor: DLPack refuses torch's meta tensors, whose shape and
/// dtype the operator's checks can still judge.
inline tvm::ffi::Tensor meta(const tvm::ffi::Array<int64_t>& shape,
                             const tvm::ffi::Array<int64_t>& strides,
                             const tvm::ffi::String& dtype) {
  auto impl = std::make_shared<TensorImpl>();
  impl->sizes.assign(shape.begin(), shape.end());
  impl->strides.assign(strides.begin(), strides.end());
  impl->dtype = from_ffi(tvm::ffi::StringToDLDataType(dtype));
  impl->device = Device(DeviceType::Meta);
  return detail::export_view(Tensor(std::move(impl)));
}

}  // namespace lending
}  // namespace ffi_port
