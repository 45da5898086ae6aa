// Two operators in the styles that bindings are written in: one returns a fresh tensor, one
// works in place behind checks.
#include <torch/extension.h>

#include <cmath>

namespace soft {

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

// Each row of x, softened; scale is one weight per column.
torch::Tensor soften(const torch::Tensor& x, std::optional<torch::Tensor> scale, double eps) {
  TORCH_CHECK(x.dim() == 2, "soften: x must have 2 dimensions, got ", x.dim());
  TORCH_CHECK(x.stride(1) == 1, "soften: the rows of x must be contiguous");
  if (scale.has_value()) {
    TORCH_CHECK(scale->is_contiguous(), "soften: scale must be contiguous");
    TORCH_CHECK(scale->dim() == 1 && scale->size(0) == x.size(1),
                "soften: scale must have one entry per column");
    TORCH_CHECK(scale->scalar_type() == x.scalar_type(), "soften: scale and x differ in type");
  }
  auto out = torch::empty({x.size(0), x.size(1)}, x.options());
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kHalf, at::kBFloat16, x.scalar_type(), "soften", [&] {
    scale_rows<scalar_t>(x.data_ptr<scalar_t>(),
                         scale.has_value() ? scale->data_ptr<scalar_t>() : nullptr,
                         out.data_ptr<scalar_t>(), x.size(0), x.size(1), x.stride(0), eps);
  });
  return out;
}

// y += factor * x, in place; y comes back.
torch::Tensor accumulate_(torch::Tensor y, const torch::Tensor& x, int64_t factor) {
  TORCH_CHECK(y.scalar_type() == torch::kFloat && x.scalar_type() == torch::kFloat,
              "accumulate_: y and x must be float32");
  TORCH_CHECK(y.is_contiguous() && x.is_contiguous(), "accumulate_: y and x must be contiguous");
  TORCH_CHECK(y.sizes() == x.sizes(), "accumulate_: y and x differ in shape");
  TORCH_CHECK_VALUE(factor >= 0, "accumulate_: factor must not be negative, got ", factor);
  float* to = y.data_ptr<float>();
  const float* from = x.data_ptr<float>();
  for (int64_t i = 0; i < y.numel(); ++i) to[i] += static_cast<float>(factor) * from[i];
  return y;
}

}  // namespace soft

PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {
  m.def("soften", &soft::soften, py::arg("x"), py::arg("scale") = py::none(),
        py::arg("eps") = 1e-6);
  m.def("accumulate_", &soft::accumulate_, py::arg("y"), py::arg("x"), py::arg("factor") = 1);
}
