// How values travel between runtime.inl and the callables of its host: tensors, numbers,
// generators, dtypes by name, the operands of compute.h. Nothing here has state.
#pragma once

#include <tvm/ffi/container/array.h>
#include <tvm/ffi/container/shape.h>
#include <tvm/ffi/string.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "ffi_port/generator.h"
#include "ffi_port/shim.h"
#include "ffi_port/tensor.h"

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
inline Any lend(const Operand& operand, bool recording) {
  switch (operand.kind) {
    case Operand::Kind::None:
      return Any();
    case Operand::Kind::Tensor: {
      const auto& tensor = *static_cast<const Tensor*>(operand.data);
      return tensor.defined() ? lend(tensor, recording) : Any();
    }
    case Operand::Kind::Number:
      return number(operand.number);
    case Operand::Kind::Ints: {
      const auto* ints = static_cast<const int64_t*>(operand.data);
      return Any(tvm::ffi::Shape(ints, ints + operand.size));
    }
    case Operand::Kind::Dtype:
      return Any(to_ffi(operand.dtype));
    case Operand::Kind::Device:
      return Any(tvm::ffi::String(static_cast<const Device*>(operand.data)->str()));
    case Operand::Kind::Tensors:
      break;
  }
  tvm::ffi::Array<Any> items;
  const auto* tensors = static_cast<const Tensor*>(operand.data);
  for (size_t i = 0; i < operand.size; ++i) items.push_back(lend(tensors[i], recording));
  return Any(items);
}

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
