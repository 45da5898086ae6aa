// The two operators of ../../../original/csrc/soft.cpp, migrated by hand.
#include <tvm/ffi/container/tensor.h>
#include <tvm/ffi/error.h>
#include <tvm/ffi/extra/c_env_api.h>
#include <tvm/ffi/function.h>
#include <tvm/ffi/optional.h>

#include <cmath>
#include <cstdint>
#include <cstring>

namespace ffi = tvm::ffi;

namespace soft {

struct BFloat16 {
  uint16_t bits;
  BFloat16() = default;
  explicit BFloat16(float value) {
    uint32_t word;
    std::memcpy(&word, &value, 4);
    bits = std::isnan(value) ? 0x7FC0 : static_cast<uint16_t>((word + 0x7FFF + ((word >> 16) & 1)) >> 16);
  }
  explicit operator float() const {
    const uint32_t word = static_cast<uint32_t>(bits) << 16;
    float value;
    std::memcpy(&value, &word, 4);
    return value;
  }
};

template <typename scalar_t>
void scale_rows(const scalar_t* x, const scalar_t* scale, scalar_t* out, int64_t rows, int64_t cols,
                int64_t row_stride, double eps) {
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t col = 0; col < cols; ++col) {
      const float value = static_cast<float>(x[row * row_stride + col]);
      const float weight = scale ? static_cast<float>(scale[col]) : 1.0f;
      out[row * cols + col] =
          static_cast<scalar_t>(weight * value / std::sqrt(value * value + static_cast<float>(eps)));
    }
  }
}

template <typename T>
T* pointer(const ffi::TensorView& tensor) {
  return reinterpret_cast<T*>(static_cast<char*>(tensor.data_ptr()) + tensor.byte_offset());
}

bool contiguous(const ffi::TensorView& tensor) {
  int64_t expected = 1;
  for (int axis = tensor.ndim() - 1; axis >= 0; --axis) {
    if (tensor.size(axis) == 0) return true;
    if (tensor.size(axis) != 1 && tensor.stride(axis) != expected) return false;
    expected *= tensor.size(axis);
  }
  return true;
}

bool same_type(const ffi::TensorView& a, const ffi::TensorView& b) {
  return a.dtype().code == b.dtype().code && a.dtype().bits == b.dtype().bits;
}

const char* torch_name(DLDataType type) {
  if (type.code == kDLInt) return type.bits == 64 ? "Long" : type.bits == 32 ? "Int" : type.bits == 16 ? "Short" : "Char";
  if (type.code == kDLUInt) return "Byte";
  if (type.code == kDLBool) return "Bool";
  if (type.code == kDLComplex) return "ComplexFloat";
  return type.code == kDLFloat8_e5m2 ? "Float8_e5m2" : "Float8_e4m3fn";
}

template <typename scalar_t>
void run(const ffi::TensorView& x, const ffi::Optional<ffi::TensorView>& scale, const ffi::Tensor& out, double eps) {
  scale_rows<scalar_t>(pointer<scalar_t>(x), scale.has_value() ? pointer<scalar_t>(scale.value()) : nullptr,
                       static_cast<scalar_t*>(out.data_ptr()), x.size(0), x.size(1), x.stride(0), eps);
}

ffi::Tensor soften(ffi::TensorView x, ffi::Optional<ffi::TensorView> scale, double eps) {
  if (x.ndim() != 2) {
    TVM_FFI_THROW(RuntimeError) << "soften: x must have 2 dimensions, got " << x.ndim();
  }
  if (x.stride(1) != 1) {
    TVM_FFI_THROW(RuntimeError) << "soften: the rows of x must be contiguous";
  }
  if (scale.has_value()) {
    if (!contiguous(scale.value())) {
      TVM_FFI_THROW(RuntimeError) << "soften: scale must be contiguous";
    }
    if (scale.value().ndim() != 1 || scale.value().size(0) != x.size(1)) {
      TVM_FFI_THROW(RuntimeError) << "soften: scale must have one entry per column";
    }
    if (!same_type(scale.value(), x)) {
      TVM_FFI_THROW(RuntimeError) << "soften: scale and x differ in type";
    }
  }
  ffi::Tensor out = ffi::Tensor::FromEnvAlloc(TVMFFIEnvTensorAlloc, {x.size(0), x.size(1)}, x.dtype(), x.device());
  const DLDataType type = x.dtype();
  if (type.code == kDLFloat && type.bits == 32) {
    run<float>(x, scale, out, eps);
  } else if (type.code == kDLFloat && type.bits == 64) {
    run<double>(x, scale, out, eps);
  } else if (type.code == kDLFloat && type.bits == 16) {
    run<_Float16>(x, scale, out, eps);
  } else if (type.code == kDLBfloat) {
    run<BFloat16>(x, scale, out, eps);
  } else {
    TVM_FFI_THROW(NotImplementedError) << "\"soften\" not implemented for '" << torch_name(type) << "'";
  }
  return out;
}

bool is_float(const ffi::TensorView& tensor) {
  return tensor.dtype().code == kDLFloat && tensor.dtype().bits == 32;
}

void accumulate_(ffi::TensorView y, ffi::TensorView x, int64_t factor) {
  if (!is_float(y) || !is_float(x)) {
    TVM_FFI_THROW(RuntimeError) << "accumulate_: y and x must be float32";
  }
  if (!contiguous(y) || !contiguous(x)) {
    TVM_FFI_THROW(RuntimeError) << "accumulate_: y and x must be contiguous";
  }
  bool same = y.ndim() == x.ndim();
  int64_t total = 1;
  for (int axis = 0; same && axis < y.ndim(); ++axis) {
    same = y.size(axis) == x.size(axis);
    total *= y.size(axis);
  }
  if (!same) {
    TVM_FFI_THROW(RuntimeError) << "accumulate_: y and x differ in shape";
  }
  if (factor < 0) {
    TVM_FFI_THROW(ValueError) << "accumulate_: factor must not be negative, got " << factor;
  }
  float* to = pointer<float>(y);
  const float* from = pointer<float>(x);
  for (int64_t i = 0; i < total; ++i) to[i] += static_cast<float>(factor) * from[i];
}

}  // namespace soft

TVM_FFI_DLL_EXPORT_TYPED_FUNC(soften, soft::soften);
TVM_FFI_DLL_EXPORT_TYPED_FUNC(accumulate_, soft::accumulate_);
