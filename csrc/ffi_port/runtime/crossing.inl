// The bodies of what shim.h and export.h declare: tensors, lists and failures on their way between
// tvm-ffi and ported code. Included by runtime.inl.
#pragma once

#include <tvm/ffi/container/array.h>
#include <tvm/ffi/container/shape.h>
#include <tvm/ffi/container/tensor.h>
#include <tvm/ffi/error.h>
#include <tvm/ffi/function.h>

#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "ffi_port/exception.h"
#include "ffi_port/export.h"
#include "ffi_port/shim.h"

namespace ffi_port {

/// An owned tensor of tvm-ffi behind one of ours.
struct FfiStorage : Storage {
  tvm::ffi::Tensor tensor;
  explicit FfiStorage(tvm::ffi::Tensor t) : tensor(std::move(t)) {}
};

namespace detail {

std::shared_ptr<TensorImpl> import_dltensor(const DLTensor& t) {
  auto impl = std::make_shared<TensorImpl>();
  impl->sizes.assign(t.shape, t.shape + t.ndim);
  impl->strides = t.strides ? std::vector<int64_t>(t.strides, t.strides + t.ndim)
                            : contiguous_strides(impl->sizes);
  impl->dtype = from_ffi(t.dtype);
  impl->device = from_ffi(t.device);
  impl->data = t.data ? static_cast<char*>(t.data) + t.byte_offset : nullptr;
  return impl;
}

struct KeepAlive {
  std::shared_ptr<Storage> storage;
  void AllocData(DLTensor* t, void* data) { t->data = data; }
  void FreeData(DLTensor* /*unused*/) { storage.reset(); }
};

tvm::ffi::Tensor export_view(const Tensor& t) {
  const TensorImpl& impl = *t.unsafeGetTensorImpl();
  static const int64_t none = 0;  // tvm-ffi refuses null strides even for no dimensions
  const size_t ndim = impl.sizes.size();
  return tvm::ffi::Tensor::FromNDAllocStrided(
      KeepAlive{impl.storage}, tvm::ffi::ShapeView(ndim ? impl.sizes.data() : &none, ndim),
      tvm::ffi::ShapeView(ndim ? impl.strides.data() : &none, ndim), to_ffi(impl.dtype),
      to_ffi(impl.device), impl.data);
}

static std::string text(const Signature& called) {
  std::string result = std::string(called.name) + "(";
  for (size_t i = 0; i < called.arguments; ++i) {
    result += (i == 0 ? "" : ", ") + std::to_string(i) + ": " + called.types[i + 1]();
  }
  return result + ") -> " + called.types[0]();
}

void wrong_count(const Signature& called, int32_t given) {
  TVM_FFI_THROW(TypeError) << "Mismatched number of arguments when calling: `" << text(called)
                           << "`. Expected " << called.arguments << " but got " << given
                           << " arguments";
}

void wrong_type(const Signature& called, size_t index, const std::string& given) {
  TVM_FFI_THROW(TypeError) << "Mismatched type on argument #" << index << " when calling: `"
                           << text(called) << "`. Expected `" << called.types[index + 1]()
                           << "` but got `" << given << '`';
}

int raised() {
  TVM_FFI_SAFE_CALL_BEGIN();
  throw;
  TVM_FFI_SAFE_CALL_END();
}

void raise_handled() {
  using Raise = tvm::ffi::Error;
  try {
    throw;
  } catch (const tvm::ffi::Error&) {
    throw;
  } catch (const Error& e) {
    throw Raise(e.kind(), e.what(), "");
  } catch (const std::bad_alloc& e) {
    throw Raise("MemoryError", e.what(), "");
  } catch (const std::domain_error& e) {
    throw Raise("ValueError", e.what(), "");
  } catch (const std::invalid_argument& e) {
    throw Raise("ValueError", e.what(), "");
  } catch (const std::length_error& e) {
    throw Raise("ValueError", e.what(), "");
  } catch (const std::out_of_range& e) {
    throw Raise("IndexError", e.what(), "");
  } catch (const std::range_error& e) {
    throw Raise("ValueError", e.what(), "");
  } catch (const std::overflow_error& e) {
    throw Raise("OverflowError", e.what(), "");
  } catch (const std::exception& e) {
    throw Raise("RuntimeError", e.what(), "");
  } catch (...) {
    throw Raise("RuntimeError", "Caught an unknown exception!", "");
  }
}

}  // namespace detail

Tensor from_ffi(const tvm::ffi::Tensor& tensor) {
  FFI_CHECK_TYPE(tensor.defined(), "expected a Tensor but got None");
  auto impl = detail::import_dltensor(*tensor.GetDLTensorPtr());
  impl->storage = std::make_shared<FfiStorage>(tensor);
  return Tensor(std::move(impl));
}

std::vector<Tensor> from_ffi(const tvm::ffi::Array<tvm::ffi::Tensor>& list) {
  std::vector<Tensor> result;
  for (const tvm::ffi::Tensor& t : list) result.push_back(from_ffi(t));
  return result;
}
std::vector<std::optional<Tensor>> from_ffi(
    const tvm::ffi::Array<tvm::ffi::Optional<tvm::ffi::Tensor>>& list) {
  std::vector<std::optional<Tensor>> result;
  for (const auto& t : list) result.push_back(from_ffi(t));
  return result;
}
std::vector<int64_t> from_ffi(const tvm::ffi::Array<int64_t>& list) {
  return std::vector<int64_t>(list.begin(), list.end());
}

tvm::ffi::Tensor to_ffi(const Tensor& t) {
  if (!t.defined()) return tvm::ffi::Tensor();
  const TensorImpl& impl = *t.unsafeGetTensorImpl();
  FFI_CHECK(impl.storage, "cannot return a tensor that is only borrowed from the caller; the "
            "function has to take it as an owned tvm::ffi::Tensor");
  if (auto* owner = dynamic_cast<FfiStorage*>(impl.storage.get())) {
    const auto whole = detail::import_dltensor(*owner->tensor.GetDLTensorPtr());
    if (whole->data == impl.data && whole->dtype == impl.dtype && whole->sizes == impl.sizes &&
        whole->strides == impl.strides) {
      return owner->tensor;
    }
  }
  return detail::export_view(t);
}

}  // namespace ffi_port
