// Functions of namespaces at and torch that make tensors.
#pragma once
#pragma clang force_cuda_host_device begin

namespace at {
// Factories: torch's exact parameters, because braced sizes and implicit options depend on them.
#define MIGRATE_SIZED(name)                                                                     \
  Tensor name(IntArrayRef size, TensorOptions options = {},                                     \
              std::optional<MemoryFormat> format = std::nullopt);                               \
  Tensor name(IntArrayRef size, std::optional<ScalarType> dtype, std::optional<Layout> layout,  \
              std::optional<Device> device, std::optional<bool> pin_memory,                     \
              std::optional<MemoryFormat> format = std::nullopt);
#define MIGRATE_LIKE(name)                                                                      \
  Tensor name(const Tensor &self, TensorOptions options = {},                                   \
              std::optional<MemoryFormat> format = std::nullopt);
MIGRATE_SIZED(empty) MIGRATE_SIZED(zeros) MIGRATE_SIZED(ones) MIGRATE_SIZED(rand)
MIGRATE_SIZED(randn)
MIGRATE_LIKE(empty_like) MIGRATE_LIKE(zeros_like) MIGRATE_LIKE(ones_like) MIGRATE_LIKE(rand_like)
MIGRATE_LIKE(randn_like)
#undef MIGRATE_SIZED
#undef MIGRATE_LIKE
Tensor rand(IntArrayRef size, std::optional<Generator> generator, TensorOptions options = {});
Tensor empty_strided(IntArrayRef size, IntArrayRef stride, TensorOptions options = {});
Tensor full(IntArrayRef size, const Scalar &value, TensorOptions options = {});
Tensor full_like(const Tensor &self, const Scalar &value, TensorOptions options = {});
Tensor arange(const Scalar &end, TensorOptions options = {});
Tensor arange(const Scalar &start, const Scalar &end, TensorOptions options = {});
Tensor arange(const Scalar &start, const Scalar &end, const Scalar &step, TensorOptions = {});
Tensor linspace(const Scalar &start, const Scalar &end, int64_t steps, TensorOptions = {});
Tensor randint(int64_t high, IntArrayRef size, TensorOptions options = {});
Tensor randint(int64_t low, int64_t high, IntArrayRef size, TensorOptions options = {});
Tensor randperm(int64_t n, TensorOptions options = {});
Tensor eye(int64_t n, TensorOptions options = {});
Tensor eye(int64_t n, int64_t m, TensorOptions options = {});
Tensor scalar_tensor(const Scalar &value, TensorOptions options = {});
Tensor from_blob(void *data, IntArrayRef sizes, const TensorOptions &options = {});
Tensor from_blob(void *data, IntArrayRef sizes, const std::function<void(void *)> &deleter,
                 const TensorOptions &options = {});
Tensor from_blob(void *data, IntArrayRef sizes, IntArrayRef strides,
                 const TensorOptions &options = {});
Tensor from_blob(void *data, IntArrayRef sizes, IntArrayRef strides,
                 const std::function<void(void *)> &deleter, const TensorOptions &options = {});
Tensor tensor(std::initializer_list<double> values, const TensorOptions &options = {});
template <class T> Tensor tensor(const T &value, const TensorOptions &options = {});
template <class T>
Tensor tensor(std::initializer_list<T> values, const TensorOptions &options = {});
template <class T> Tensor scalar_to_tensor(const T &value);

Tensor cat(TensorList tensors, int64_t dim = 0);
Tensor concat(TensorList tensors, int64_t dim = 0);
Tensor stack(TensorList tensors, int64_t dim = 0);
Tensor hstack(TensorList tensors);
Tensor vstack(TensorList tensors);
Tensor &sum_out(Tensor &out, const Tensor &self, IntArrayRef dims, bool keepdim = false,
                std::optional<ScalarType> dtype = std::nullopt);
Tensor &mean_out(Tensor &out, const Tensor &self, IntArrayRef dims, bool keepdim = false,
                 std::optional<ScalarType> dtype = std::nullopt);
Tensor &cat_out(Tensor &out, TensorList tensors, int64_t dim = 0);
Tensor &stack_out(Tensor &out, TensorList tensors, int64_t dim = 0);
std::vector<Tensor> split(const Tensor &self, int64_t size, int64_t dim = 0);
std::vector<Tensor> split_with_sizes(const Tensor &self, IntArrayRef sizes, int64_t dim = 0);
std::vector<Tensor> chunk(const Tensor &self, int64_t chunks, int64_t dim = 0);
std::vector<Tensor> unbind(const Tensor &self, int64_t dim = 0);
std::vector<Tensor> meshgrid(TensorList tensors);
std::vector<Tensor> broadcast_tensors(TensorList tensors);
std::vector<Tensor> where(const Tensor &condition);
Tensor where(const Tensor &condition, const Tensor &a, const Tensor &b);
Tensor where(const Tensor &condition, const Scalar &a, const Tensor &b);
Tensor where(const Tensor &condition, const Tensor &a, const Scalar &b);
Tensor where(const Tensor &condition, const Scalar &a, const Scalar &b);
Tensor max(const Tensor &self);
Tensor max(const Tensor &self, const Tensor &other);
std::tuple<Tensor, Tensor> max(const Tensor &self, int64_t dim, bool keepdim = false);
Tensor min(const Tensor &self);
Tensor min(const Tensor &self, const Tensor &other);
std::tuple<Tensor, Tensor> min(const Tensor &self, int64_t dim, bool keepdim = false);
std::tuple<Tensor, Tensor> sort(const Tensor &self, int64_t dim = -1, bool descending = false);
std::tuple<Tensor, Tensor> sort(const Tensor &self, bool stable, int64_t dim, bool descending);
std::tuple<Tensor, Tensor> topk(const Tensor &self, int64_t k, int64_t dim = -1,
                                bool largest = true, bool sorted = true);
std::tuple<Tensor, Tensor> _unique(const Tensor &self, bool sorted = true, bool inverse = false);
std::tuple<Tensor, Tensor, Tensor> _unique2(const Tensor &self, bool sorted = true,
                                            bool inverse = false, bool counts = false);
std::tuple<Tensor, Tensor, Tensor> unique_dim(const Tensor &self, int64_t dim, bool sorted = true,
                                              bool inverse = false, bool counts = false);
std::tuple<Tensor, Tensor, Tensor> unique_consecutive(const Tensor &self, bool inverse = false,
                                                      bool counts = false,
                                                      std::optional<int64_t> dim = {});
std::tuple<Tensor, Tensor, Tensor> native_layer_norm(const Tensor &input, IntArrayRef shape,
                                                     const std::optional<Tensor> &weight,
                                                     const std::optional<Tensor> &bias,
                                                     double epsilon);
int64_t numel(const Tensor &self);
int64_t size(const Tensor &self, int64_t dim);
int64_t stride(const Tensor &self, int64_t dim);
bool is_floating_point(const Tensor &self);
bool is_complex(const Tensor &self);
bool is_signed(const Tensor &self);
bool equal(const Tensor &a, const Tensor &b);
bool allclose(const Tensor &a, const Tensor &b, double rtol = 1e-5, double atol = 1e-8,
              bool equal_nan = false);
bool is_nonzero(const Tensor &self);
ScalarType result_type(const Tensor &a, const Tensor &b);
ScalarType promote_types(ScalarType a, ScalarType b);
ScalarType promoteTypes(ScalarType a, ScalarType b);
bool can_cast(ScalarType from, ScalarType to);
ScalarType typeMetaToScalarType(c10::TypeMeta type);

// One tensor from tensors, with any other arguments; with a braced list of integers second; and
// the form with the destination first.
#define MIGRATE_OP(name) template <class... A> Tensor name(const Tensor &self, const A &...args);
#define MIGRATE_OP_LIST(name)                                                               \
  MIGRATE_OP(name)                                                                          \
  template <class... A>                                                                     \
  Tensor name(const Tensor &self, std::initializer_list<int64_t> list, const A &...args);
#define MIGRATE_OUT(name) \
  template <class... A> Tensor &name##_out(Tensor &out, const Tensor &self, const A &...args);
#define MIGRATE_OPS(name) MIGRATE_OP(name) MIGRATE_OUT(name)
MIGRATE_OPS(abs) MIGRATE_OPS(add) MIGRATE_OPS(addmm) MIGRATE_OPS(addmv) MIGRATE_OPS(argsort)
MIGRATE_OPS(baddbmm) MIGRATE_OPS(bitwise_and) MIGRATE_OPS(bmm) MIGRATE_OPS(clamp)
MIGRATE_OPS(cumprod) MIGRATE_OPS(cumsum) MIGRATE_OPS(div) MIGRATE_OPS(eq) MIGRATE_OPS(exp)
MIGRATE_OPS(floor) MIGRATE_OPS(gather) MIGRATE_OPS(index) MIGRATE_OPS(index_add)
MIGRATE_OPS(index_select) MIGRATE_OPS(linear) MIGRATE_OPS(log) MIGRATE_OPS(logical_and)
MIGRATE_OPS(matmul) MIGRATE_OPS(maximum) MIGRATE_OPS(minimum) MIGRATE_OPS(mm) MIGRATE_OPS(mul)
MIGRATE_OPS(mv) MIGRATE_OPS(neg) MIGRATE_OPS(nonzero) MIGRATE_OPS(pow) MIGRATE_OPS(round)
MIGRATE_OPS(scatter) MIGRATE_OPS(scatter_add) MIGRATE_OPS(searchsorted) MIGRATE_OPS(sigmoid)
MIGRATE_OPS(softmax) MIGRATE_OPS(sqrt) MIGRATE_OPS(sub) MIGRATE_OPS(take) MIGRATE_OPS(tanh)
MIGRATE_OPS(_scaled_mm) MIGRATE_OPS(_int_mm)
MIGRATE_OP(argmax) MIGRATE_OP(argmin) MIGRATE_OP(bincount) MIGRATE_OP(bitwise_or)
MIGRATE_OP(bitwise_xor) MIGRATE_OP(ceil) MIGRATE_OP(clamp_max) MIGRATE_OP(clamp_min)
MIGRATE_OP(clone) MIGRATE_OP(copy) MIGRATE_OP(cos) MIGRATE_OP(cross) MIGRATE_OP(diag)
MIGRATE_OP(diagonal) MIGRATE_OP(diff) MIGRATE_OP(dot) MIGRATE_OP(embedding) MIGRATE_OP(erf)
MIGRATE_OP(expand_copy) MIGRATE_OP(flatten) MIGRATE_OP(fmod) MIGRATE_OP(ge) MIGRATE_OP(gelu)
MIGRATE_OP(glu) MIGRATE_OP(gt) MIGRATE_OP(index_copy) MIGRATE_OP(index_put) MIGRATE_OP(inverse)
MIGRATE_OP(isfinite) MIGRATE_OP(isinf) MIGRATE_OP(isnan) MIGRATE_OP(le) MIGRATE_OP(lerp)
MIGRATE_OP(log2) MIGRATE_OP(log_softmax) MIGRATE_OP(logical_not) MIGRATE_OP(logical_or)
MIGRATE_OP(lt) MIGRATE_OP(masked_fill) MIGRATE_OP(masked_select) MIGRATE_OP(multinomial)
MIGRATE_OP(narrow) MIGRATE_OP(ne) MIGRATE_OP(outer) MIGRATE_OP(prod) MIGRATE_OP(real)
MIGRATE_OP(reciprocal) MIGRATE_OP(relu) MIGRATE_OP(remainder) MIGRATE_OP(repeat_interleave)
MIGRATE_OP(rsqrt) MIGRATE_OP(scatter_reduce) MIGRATE_OP(select) MIGRATE_OP(sign) MIGRATE_OP(silu)
MIGRATE_OP(sin) MIGRATE_OP(slice) MIGRATE_OP(square) MIGRATE_OP(t) MIGRATE_OP(tril) MIGRATE_OP(triu)
MIGRATE_OP(trunc) MIGRATE_OP(unsqueeze) MIGRATE_OP(view_as_complex) MIGRATE_OP(view_as_real)
MIGRATE_OP(_softmax) MIGRATE_OP(_cast_Half) MIGRATE_OP(_cast_Float)
MIGRATE_OP_LIST(all) MIGRATE_OP_LIST(amax) MIGRATE_OP_LIST(amin) MIGRATE_OP_LIST(any)
MIGRATE_OP_LIST(dropout) MIGRATE_OP_LIST(flip) MIGRATE_OP_LIST(layer_norm)
MIGRATE_OP_LIST(logsumexp) MIGRATE_OP_LIST(mean) MIGRATE_OP_LIST(norm) MIGRATE_OP_LIST(pad)
MIGRATE_OP_LIST(permute) MIGRATE_OP_LIST(reshape) MIGRATE_OP_LIST(roll) MIGRATE_OP_LIST(squeeze)
MIGRATE_OP_LIST(std) MIGRATE_OP_LIST(sum) MIGRATE_OP_LIST(tile) MIGRATE_OP_LIST(transpose)
MIGRATE_OP_LIST(var) MIGRATE_OP_LIST(conv1d) MIGRATE_OP_LIST(conv2d)
#undef MIGRATE_OP
#undef MIGRATE_OP_LIST
#undef MIGRATE_OUT
#undef MIGRATE_OPS
template <class... A> Tensor sparse_coo_tensor(const Tensor &indices, const A &...args);
template <class... A> Tensor sparse_csr_tensor(const Tensor &crow, const A &...args);
template <class... A> Tensor einsum(std::string_view equation, TensorList tensors, const A &...);

namespace native {
template <class... A> Tensor empty_cpu(const A &...args);
template <class... A> Tensor empty_cuda(const A &...args);
}  // namespace native
}  // namespace at

#pragma clang force_cuda_host_device end
