// torch's argument checks of ATen/TensorUtils.h: TensorArg names a tensor for the message, each
// check* throws with torch's text as Python shows it (types by their Python names). What reaches a
// message through a TensorGeometryArg has to be defined, or fails by its strides as in torch.
#pragma once

#include <cstdint>
#include <ostream>
#include <sstream>

#include "ffi_port/array_ref.h"
#include "ffi_port/error.h"
#include "ffi_port/tensor.h"

namespace ffi_port {

using CheckedFrom = const char*;

struct TensorArg {
  const Tensor& tensor;
  const char* name;
  int pos;  // from 1; 0: no position to print
  TensorArg(const Tensor& t, const char* n, int p) : tensor(t), name(n), pos(p) {}
  TensorArg(Tensor&&, const char*, int) = delete;
  const Tensor* operator->() const { return &tensor; }
  const Tensor& operator*() const { return tensor; }
};

struct TensorGeometryArg {
  Tensor tensor;
  const char* name;
  int pos;
  TensorGeometryArg(const TensorArg& arg) : tensor(arg.tensor), name(arg.name), pos(arg.pos) {
    FFI_CHECK(tensor.defined(), "sym_strides() called on an undefined Tensor");
  }
  const Tensor* operator->() const { return &tensor; }
  const Tensor& operator*() const { return tensor; }
};

inline std::ostream& operator<<(std::ostream& out, const TensorGeometryArg& t) {
  if (t.pos == 0) return out << "'" << t.name << "'";
  return out << "argument #" << t.pos << " '" << t.name << "'";
}

namespace detail {

/// Runs check(first, other) for the first defined tensor and each defined one after it.
template <class F>
void check_all_against_first(ArrayRef<TensorArg> tensors, F&& check) {
  const TensorArg* first = nullptr;
  for (const TensorArg& t : tensors) {
    if (!t->defined()) continue;
    if (first) {
      check(*first, t);
    } else {
      first = &t;
    }
  }
}

}  // namespace detail

inline void checkDim(CheckedFrom c, const Tensor& tensor, const char* name, int pos, int64_t dim) {
  FFI_CHECK(tensor.dim() == dim, "Expected ", dim, "-dimensional tensor, but got ", tensor.dim(),
            "-dimensional tensor for ", TensorGeometryArg(TensorArg(tensor, name, pos)),
            " (while checking arguments for ", c, ")");
}
inline void checkDim(CheckedFrom c, const TensorGeometryArg& t, int64_t dim) {
  checkDim(c, t.tensor, t.name, t.pos, dim);
}
/// `end` is the first number of dimensions that is too many.
inline void checkDimRange(CheckedFrom c, const TensorGeometryArg& t, int64_t start, int64_t end) {
  FFI_CHECK(t->dim() >= start && t->dim() < end, "Expected ", start, " to ", end - 1,
            " dimensions, but got ", t->dim(), "-dimensional tensor for ", t,
            " (while checking arguments for ", c, ")");
}
inline void checkSameDim(CheckedFrom c, const TensorGeometryArg& a, const TensorGeometryArg& b) {
  FFI_CHECK(a->dim() == b->dim(), "Expected tensor for ", a,
            " to have the same dimension as tensor for ", b, "; but ", a->dim(),
            " does not equal ", b->dim(), " (while checking arguments for ", c, ")");
}

inline void checkContiguous(CheckedFrom c, const TensorGeometryArg& t) {
  FFI_CHECK(t->is_contiguous(), "Expected contiguous tensor, but got non-contiguous tensor for ", t,
            " (while checking arguments for ", c, ")");
}
inline void checkAllContiguous(CheckedFrom c, ArrayRef<TensorArg> tensors) {
  for (const TensorArg& t : tensors) {
    if (t->defined()) checkContiguous(c, t);
  }
}

inline void checkSize(CheckedFrom c, const TensorGeometryArg& t, IntArrayRef sizes) {
  checkDim(c, t, static_cast<int64_t>(sizes.size()));
  FFI_CHECK(t->sizes() == sizes, "Expected tensor of size ", sizes, ", but got tensor of size ",
            t->sizes(), " for ", t, " (while checking arguments for ", c, ")");
}
inline void checkSize(CheckedFrom c, const TensorGeometryArg& t, int64_t dim, int64_t size) {
  FFI_CHECK(t->size(dim) == size, "Expected tensor to have size ", size, " at dimension ", dim,
            ", but got size ", t->size(dim), " for ", t, " (while checking arguments for ", c, ")");
}
inline void checkSameSize(CheckedFrom c, const TensorArg& a, const TensorArg& b) {
  FFI_CHECK(a->sizes() == b->sizes(), "Expected tensor for ", TensorGeometryArg(a),
            " to have same size as tensor for ", TensorGeometryArg(b), "; but ", a->sizes(),
            " does not equal ", b->sizes(), " (while checking arguments for ", c, ")");
}
inline void checkAllSameSize(CheckedFrom c, ArrayRef<TensorArg> tensors) {
  detail::check_all_against_first(
      tensors, [&](const TensorArg& a, const TensorArg& b) { checkSameSize(c, a, b); });
}

inline void checkNumel(CheckedFrom c, const TensorGeometryArg& t, int64_t numel) {
  FFI_CHECK(t->numel() == numel, "Expected tensor for ", t, " to have ", numel,
            " elements; but it actually has ", t->numel(),
            " elements (while checking arguments for ", c, ")");
}
inline void checkSameNumel(CheckedFrom c, const TensorArg& a, const TensorArg& b) {
  FFI_CHECK(a->numel() == b->numel(), "Expected tensor for ", TensorGeometryArg(a),
            " to have same number of elements as tensor for ", TensorGeometryArg(b), "; but ",
            a->numel(), " does not equal ", b->numel(), " (while checking arguments for ", c, ")");
}
inline void checkAllSameNumel(CheckedFrom c, ArrayRef<TensorArg> tensors) {
  detail::check_all_against_first(
      tensors, [&](const TensorArg& a, const TensorArg& b) { checkSameNumel(c, a, b); });
}

inline void checkScalarType(CheckedFrom c, const TensorArg& t, ScalarType type) {
  if (t->scalar_type() == type) return;
  const TensorGeometryArg named(t);  // refuses an undefined tensor before its type is asked for
  FFI_CHECK(false, "Expected tensor for ", named, " to have scalar type ", type, "; but got ",
            t->toString(), " instead (while checking arguments for ", c, ")");
}
inline void checkScalarTypes(CheckedFrom c, const TensorArg& t, ArrayRef<ScalarType> types) {
  std::ostringstream list;
  for (size_t i = 0; i < types.size(); ++i) {
    if (types[i] == t->scalar_type()) return;
    list << (i ? ", " : "") << types[i];
  }
  const TensorGeometryArg named(t);
  FFI_CHECK(false, "Expected tensor for ", named,
            " to have one of the following scalar types: ", list.str(), "; but got ",
            t->toString(), " instead (while checking arguments for ", c, ")");
}

inline void checkSameGPU(CheckedFrom c, const TensorArg& a, const TensorArg& b) {
  if (!a->is_cuda() || !b->is_cuda()) {
    std::ostringstream text;
    for (const TensorArg* t : {&a, &b}) {
      if ((*t)->is_cpu()) text << "Tensor for " << TensorGeometryArg(*t) << " is on CPU, ";
    }
    FFI_CHECK(false, text.str(), "but expected it to be on GPU (while checking arguments for ", c,
              ")");
  }
  FFI_CHECK(a->get_device() == b->get_device(), "Expected tensor for ", TensorGeometryArg(a),
            " to have the same device as tensor for ", TensorGeometryArg(b), "; but device ",
            static_cast<int>(a->get_device()), " does not equal ",
            static_cast<int>(b->get_device()), " (while checking arguments for ", c, ")");
}
inline void checkAllSameGPU(CheckedFrom c, ArrayRef<TensorArg> tensors) {
  detail::check_all_against_first(
      tensors, [&](const TensorArg& a, const TensorArg& b) { checkSameGPU(c, a, b); });
}

inline void checkSameType(CheckedFrom c, const TensorArg& a, const TensorArg& b) {
  FFI_CHECK(a->type() == b->type(), "Expected tensor for ", TensorGeometryArg(a),
            " to have the same type as tensor for ", TensorGeometryArg(b), "; but type ",
            a->toString(), " does not equal ", b->toString(), " (while checking arguments for ", c,
            ")");
}
inline void checkAllSameType(CheckedFrom c, ArrayRef<TensorArg> tensors) {
  detail::check_all_against_first(
      tensors, [&](const TensorArg& a, const TensorArg& b) { checkSameType(c, a, b); });
}

inline void checkDefined(CheckedFrom c, const TensorArg& t) {
  FFI_CHECK(t->defined(), "Expected tensor for ", TensorGeometryArg(t),
            " to be non-null, but it was undefined ", " (while checking arguments for ", c, ")");
}
inline void checkAllDefined(CheckedFrom c, ArrayRef<TensorArg> tensors) {
  for (const TensorArg& t : tensors) checkDefined(c, t);
}

inline void checkDeviceType(CheckedFrom c, ArrayRef<Tensor> tensors, DeviceType type) {
  for (const Tensor& t : tensors) {
    if (!t.defined()) continue;
    FFI_CHECK(t.device().type() == type, "Expected tensor to have ", type,
              " DeviceType, but got tensor with ", t.device().type(),
              " DeviceType (while checking arguments for ", c, ")");
  }
}
inline void checkLayout(CheckedFrom c, const Tensor& t, Layout layout) {
  FFI_CHECK(!t.defined() || t.layout() == layout, "Expected tensor to have ", layout,
            " Layout, but got tensor with ", t.layout(),
            " Layout (while checking arguments for ", c, ")");
}
inline void checkLayout(CheckedFrom c, ArrayRef<Tensor> tensors, Layout layout) {
  for (const Tensor& t : tensors) checkLayout(c, t, layout);
}

}  // namespace ffi_port
