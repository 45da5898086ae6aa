// Probe cases, written against torch. `test_ffi_port.py` renames the tokens through a table (as
// the migration does) and runs the same cases on ffi_port; `torch_answers.json` holds what torch
// answered. A case returns text or throws; both the text and the exception are compared.
#pragma once
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

using Cases = std::map<std::string, std::function<std::string()>>;

template <class... A>
std::string text(const A&... a) {
  std::ostringstream out;
  ((out << a), ...);
  return out.str();
}

inline std::string shape_of(const torch::Tensor& t) {
  return text(t.sizes(), t.strides(), " ", t.scalar_type(), " ", t.is_contiguous());
}

enum class Plain { A = 3 };
struct Odd : std::exception {
  const char* what() const noexcept override { return "odd"; }
};

inline torch::Tensor make(c10::IntArrayRef sizes, torch::ScalarType dtype = torch::kFloat) {
  return torch::empty(sizes, torch::TensorOptions().dtype(dtype));
}

inline torch::Tensor& two_by_three() {
  static torch::Tensor t = make({2, 3});
  return t;
}

#define CASE(name) cases[name] = [=]() -> std::string

inline void check_cases(Cases& cases) {
  CASE("check.plain") { int x = 1; TORCH_CHECK(x == 2); return "no"; };
  CASE("check.comma") { TORCH_CHECK((std::is_same<int, long>::value)); return "no"; };
  CASE("check.text") { TORCH_CHECK(false, "plain text"); return "no"; };
  CASE("check.string") { TORCH_CHECK(false, std::string("a string")); return "no"; };
  CASE("check.empty_text") { TORCH_CHECK(false, ""); return "no"; };
  CASE("check.number") { TORCH_CHECK(false, 7); return "no"; };
  CASE("check.no_semicolon") { TORCH_CHECK(true, "x") return "yes"; };
  CASE("check.else") {
    std::string r = "none";
    for (int a = 0; a < 2; ++a)
      for (int b = 0; b < 2; ++b) {
        if (a) TORCH_CHECK(true, "m") else r += text(" else", a, b);
        if (a) { r += "A"; } else TORCH_CHECK(true, "m");
      }
    return r;
  };
  CASE("check.many") {
    auto t = make({2, 3});
    TORCH_CHECK(false, "s=", t.sizes(), " d=", t.scalar_type(), " t=", t.dtype(), " dev=",
                t.device(), " b=", true, false, " c=", 'q', " f=", 1.5f, " g=", 0.1, " i8=",
                static_cast<int8_t>(65), " u8=", static_cast<uint8_t>(66), " e=",
                Plain::A, " o=", std::optional<int64_t>(4), std::optional<int>(), " l=",
                t.layout(), " dt=", t.device().type(), " str=", std::string("x"), " sv=",
                std::string_view("y"), " i64=", int64_t(-5), " u64=", ~uint64_t(0), " h=",
                at::Half(1.5f), " bf=", at::BFloat16(2.5f));
    return "no";
  };
  CASE("check.value") { TORCH_CHECK_VALUE(1 == 2, "v ", 1); return "no"; };
  CASE("check.type") { TORCH_CHECK_TYPE(1 == 2, "t ", 1); return "no"; };
  CASE("check.index") { TORCH_CHECK_INDEX(1 == 2, "i ", 1); return "no"; };
  CASE("check.not_implemented") { TORCH_CHECK_NOT_IMPLEMENTED(1 == 2, "n ", 1); return "no"; };
  CASE("check.linalg") { TORCH_CHECK_LINALG(1 == 2, "n ", 1); return "no"; };
  CASE("check.with") { TORCH_CHECK_WITH(ValueError, 1 == 2, "w ", 1); return "no"; };
  CASE("check.arg") { TORCH_CHECK_ARG(1 == 2, 3, "w ", 1); return "no"; };
  CASE("check.eq") { int a = 1, b = 2; TORCH_CHECK_EQ(a, b); return "no"; };
  CASE("check.lt") { int a = 3, b = 2; TORCH_CHECK_LT(a, b) << "more " << 4; return "no"; };
  CASE("check.ge") { int a = 3, b = 2; TORCH_CHECK_GE(a, b) << "more"; return "yes"; };
  CASE("error.at_error") { AT_ERROR("bad ", 3, " ", torch::kHalf) ; return "no"; };
  CASE("error.at_assertm") { AT_ASSERTM(1 == 2, "must ", 5); return "no"; };
  CASE("error.throw") { C10_THROW_ERROR(ValueError, "thrown"); return "no"; };
  CASE("error.internal") { TORCH_INTERNAL_ASSERT(1 == 2, "why ", 3); return "no"; };
  CASE("error.internal_plain") { TORCH_INTERNAL_ASSERT(1 == 2); return "no"; };
  CASE("error.catch_as_std") {
    try { TORCH_CHECK(false, "inner"); } catch (const std::exception& e) {
      return std::string(e.what()).substr(0, 5);
    }
    return "no";
  };
  CASE("error.catch_as_c10") {
    try { TORCH_CHECK_VALUE(false, "inner"); } catch (const c10::Error& e) {
      return e.what_without_backtrace() + std::string("|") + e.msg();
    }
    return "no";
  };
}

inline void throw_cases(Cases& cases) {
  CASE("throw.runtime_error") { throw std::runtime_error("m"); };
  CASE("throw.invalid_argument") { throw std::invalid_argument("m"); };
  CASE("throw.domain_error") { throw std::domain_error("m"); };
  CASE("throw.length_error") { throw std::length_error("m"); };
  CASE("throw.out_of_range") { throw std::out_of_range("m"); };
  CASE("throw.range_error") { throw std::range_error("m"); };
  CASE("throw.overflow_error") { throw std::overflow_error("m"); };
  CASE("throw.underflow_error") { throw std::underflow_error("m"); };
  CASE("throw.logic_error") { throw std::logic_error("m"); };
  CASE("throw.bad_alloc") { throw std::bad_alloc(); };
  CASE("throw.odd") { throw Odd(); };
  CASE("throw.int") { throw 3; };
  CASE("throw.bad_optional") { return text(std::optional<int>().value()); };
  CASE("throw.vector_at") { return text(std::vector<int>().at(1)); };
  CASE("throw.empty_function") { return std::function<std::string()>()(); };
}

template <class T>
void data_ptr_case(Cases& cases, const char* name) {
  for (int s = 0; s < 46; ++s) {
    auto dtype = static_cast<torch::ScalarType>(s);
    if ((s >= 12 && s <= 14) || (s >= 16 && s <= 22) || (s >= 30 && s <= 43)) continue;
    CASE(text("data_ptr.", name, ".", dtype)) {
      auto t = make({2}, dtype);
      return text(t.data_ptr<T>() == t.data_ptr(), t.const_data_ptr<T>() == t.data_ptr(),
                  t.mutable_data_ptr<T>() == t.data_ptr());
    };
  }
}

inline void tensor_error_cases(Cases& cases) {
  CASE("size.5") { return text(make({2, 3}).size(5)); };
  CASE("size.-3") { return text(make({2, 3}).size(-3)); };
  CASE("size.scalar0") { return text(make({}).size(0)); };
  CASE("size.scalar-1") { return text(make({}).size(-1)); };
  CASE("stride.2") { return text(make({2, 3}).stride(2)); };
  CASE("stride.scalar") { return text(make({}).stride(0)); };
  CASE("view.bad") { return shape_of(make({2, 3}).view({4, 2})); };
  CASE("view.two_inferred") { return shape_of(make({2, 3}).view({-1, -1})); };
  CASE("view.indivisible") { return shape_of(make({2, 3}).view({-1, 4})); };
  CASE("view.negative") { return shape_of(make({2, 3}).view({-2, 3})); };
  CASE("view.noncontiguous") { return shape_of(make({2, 3}).t().view({6})); };
  CASE("view.zero_infer") { return shape_of(make({0, 3}).view({-1, 0})); };
  CASE("view.zero_ok") { return shape_of(make({0, 3}).view({-1, 3})); };
  CASE("view.dtype") { return shape_of(make({2, 3}).view(torch::kInt)); };
  CASE("view.dtype_small") { return shape_of(make({2, 3}).view(torch::kByte)); };
  CASE("view.dtype_big") { return shape_of(make({2, 4}, torch::kByte).view(torch::kInt)); };
  CASE("view.dtype_big_bad") { return shape_of(make({2, 3}, torch::kByte).view(torch::kInt)); };
  CASE("view.dtype_big_0d") { return shape_of(make({}, torch::kByte).view(torch::kInt)); };
  CASE("view.dtype_big_stride") {
    return shape_of(make({4, 4}, torch::kByte).t().view(torch::kInt)); };
  CASE("view.dtype_big_outer") {
    return shape_of(make({4, 6}, torch::kByte).narrow(1, 0, 4).view(torch::kInt)); };
  CASE("view.dtype_small_stride") { return shape_of(make({4, 4}).t().view(torch::kByte)); };
  CASE("reshape.t") { return shape_of(make({2, 3}).reshape({3, -1})); };
  CASE("reshape.bad") { return shape_of(make({2, 3}).reshape({5})); };
  CASE("select.range") { return shape_of(make({2, 3}).select(0, 2)); };
  CASE("select.-3") { return shape_of(make({2, 3}).select(0, -3)); };
  CASE("select.scalar") { return shape_of(make({}).select(0, 0)); };
  CASE("select.dim") { return shape_of(make({2, 3}).select(2, 0)); };
  CASE("select.-1") { return shape_of(make({2, 3}).select(-1, -1)); };
  CASE("index.2") { return shape_of(make({2, 3})[2]); };
  CASE("index.1") { return shape_of(make({2, 3})[1]); };
  CASE("narrow.start") { return shape_of(make({4, 3}).narrow(0, 5, 1)); };
  CASE("narrow.length") { return shape_of(make({4, 3}).narrow(0, 2, 3)); };
  CASE("narrow.negative") { return shape_of(make({4, 3}).narrow(0, 2, -1)); };
  CASE("narrow.scalar") { return shape_of(make({}).narrow(0, 0, 0)); };
  CASE("narrow.-2") { return shape_of(make({4, 3}).narrow(0, -2, 2)); };
  CASE("narrow.-5") { return shape_of(make({4, 3}).narrow(0, -5, 2)); };
  CASE("narrow.end") { return shape_of(make({4, 3}).narrow(0, 4, 0)); };
  CASE("slice.step0") { return shape_of(make({4, 3}).slice(0, 0, 2, 0)); };
  CASE("slice.step-1") { return shape_of(make({4, 3}).slice(0, 0, 2, -1)); };
  CASE("slice.scalar") { return shape_of(make({}).slice(0, 0, 2, 1)); };
  CASE("slice.all") { return shape_of(make({4, 3}).slice(1)); };
  CASE("slice.range") { return shape_of(make({4, 3}).slice(0, -9, 99, 3)); };
  CASE("slice.reverse") { return shape_of(make({4, 3}).slice(0, 3, 1)); };
  CASE("slice.null") { return shape_of(make({4, 3}).slice(0, std::nullopt, 2)); };
  CASE("transpose.dim") { return shape_of(make({4, 3}).transpose(0, 2)); };
  CASE("transpose.scalar") { return shape_of(make({}).transpose(0, -1)); };
  CASE("transpose.-1") { return shape_of(make({4, 3, 2}).transpose(0, -1)); };
  CASE("t.3d") { return shape_of(make({4, 3, 2}).t()); };
  CASE("t.1d") { return shape_of(make({4}).t()); };
  CASE("t.0d") { return shape_of(make({}).t()); };
  CASE("permute.count") { return shape_of(make({4, 3}).permute({0})); };
  CASE("permute.repeat") { return shape_of(make({4, 3}).permute({0, 0})); };
  CASE("permute.range") { return shape_of(make({4, 3}).permute({0, 2})); };
  CASE("permute.-1") { return shape_of(make({4, 3, 2}).permute({-1, 0, 1})); };
  CASE("squeeze") { return shape_of(make({1, 3, 1}).squeeze()); };
  CASE("squeeze.0") { return shape_of(make({1, 3, 1}).squeeze(0)); };
  CASE("squeeze.1") { return shape_of(make({1, 3, 1}).squeeze(1)); };
  CASE("squeeze.range") { return shape_of(make({1, 3, 1}).squeeze(3)); };
  CASE("unsqueeze.0") { return shape_of(make({4, 3}).unsqueeze(0)); };
  CASE("unsqueeze.-1") { return shape_of(make({4, 3}).unsqueeze(-1)); };
  CASE("unsqueeze.range") { return shape_of(make({4, 3}).unsqueeze(3)); };
  CASE("unsqueeze.-4") { return shape_of(make({4, 3}).unsqueeze(-4)); };
  CASE("flatten") { return shape_of(make({4, 3, 2}).flatten()); };
  CASE("flatten.12") { return shape_of(make({4, 3, 2}).flatten(1, 2)); };
  CASE("flatten.order") { return shape_of(make({4, 3, 2}).flatten(2, 1)); };
  CASE("flatten.scalar") { return shape_of(make({}).flatten()); };
  CASE("flatten.zero") { return shape_of(make({4, 0, 2}).flatten(0, 1)); };
  CASE("unflatten") { return shape_of(make({4, 6}).unflatten(1, {2, 3})); };
  CASE("unflatten.infer") { return shape_of(make({4, 6}).unflatten(-1, {2, -1})); };
  CASE("unflatten.bad") { return shape_of(make({4, 6}).unflatten(1, {2, 2})); };
  CASE("expand") { return shape_of(make({1, 3}).expand({4, -1})); };
  CASE("expand.front") { return shape_of(make({1, 3}).expand({5, 4, 3})); };
  CASE("expand.bad") { return shape_of(make({2, 3}).expand({4, 3})); };
  CASE("expand.few") { return shape_of(make({2, 3}).expand({3})); };
  CASE("expand.-1new") { return shape_of(make({2, 3}).expand({-1, 2, 3})); };
  CASE("expand_as") { return shape_of(make({1, 3}).expand_as(make({4, 3}))); };
  CASE("view_as") { return shape_of(make({2, 3}).view_as(make({6}))); };
  CASE("as_strided") { return shape_of(make({4, 3}).as_strided({2, 2}, {3, 1})); };
  CASE("as_strided.count") { return shape_of(make({4, 3}).as_strided({2, 2}, {3})); };
  CASE("as_strided.big") { return shape_of(make({4, 3}).as_strided({9, 9}, {3, 1})); };
  CASE("as_strided.negative") { return shape_of(make({4, 3}).as_strided({2, 2}, {-3, 1})); };
  CASE("as_strided.offset") { return shape_of(make({4, 3}).as_strided({2, 2}, {3, 1}, 1)); };
  CASE("detach") { return shape_of(make({4, 3}).detach()); };
  CASE("accessor.dims") { auto a = two_by_three().accessor<float, 3>(); return text(a.size(0)); };
  CASE("accessor.dtype") { auto a = two_by_three().accessor<int, 2>(); return text(a.size(0)); };
  CASE("accessor.ok") {
    auto t = torch::ones({2, 3}, torch::kFloat);
    auto a = t.accessor<float, 2>();
    a[1][2] = 5;
    return text(a.size(0), a.size(1), a.stride(0), a[1][2], a[0][0], t.data_ptr<float>()[5],
                a.sizes(), a[1].size(0));
  };
  CASE("packed.dims") {
    return text(two_by_three().packed_accessor32<float, 3>().size(0)); };
  CASE("packed.ok") {
    auto a = two_by_three().packed_accessor32<float, 2>();
    return text(a.size(0), a.size(1), a.stride(0), a.transpose(0, 1).size(0));
  };
  CASE("packed.64") { return text(two_by_three().packed_accessor64<float, 2>().stride(0)); };
  CASE("packed.transpose") {
    auto a = two_by_three().packed_accessor32<float, 2>();
    return text(a.transpose(0, 2).size(0));
  };
  CASE("undefined.dim") { return text(torch::Tensor().dim()); };
  CASE("undefined.defined") { return text(torch::Tensor().defined()); };
  CASE("undefined.numel") { return text(torch::Tensor().numel()); };
  CASE("undefined.sizes") { return text(torch::Tensor().sizes()); };
  CASE("undefined.size") { return text(torch::Tensor().size(0)); };
  CASE("undefined.strides") { return text(torch::Tensor().strides()); };
  CASE("undefined.scalar_type") { return text(torch::Tensor().scalar_type()); };
  CASE("undefined.dtype") { return text(torch::Tensor().dtype()); };
  CASE("undefined.device") { return text(torch::Tensor().device()); };
  CASE("undefined.is_cuda") { return text(torch::Tensor().is_cuda()); };
  CASE("undefined.data_ptr") { return text(torch::Tensor().data_ptr() == nullptr); };
  CASE("undefined.data_ptr_t") { return text(torch::Tensor().data_ptr<float>() == nullptr); };
  CASE("undefined.contiguous") { return text(torch::Tensor().is_contiguous()); };
  CASE("undefined.view") { return text(torch::Tensor().view({1}).dim()); };
  CASE("no_dimensions.size_read_unchecked") {
    auto t = torch::ones({});
    return text(t.sizes().size(), t.sizes()[0] != 77, t.sizes()[2] != 77);
  };
  CASE("meta.all") {
    auto t = make({2, 3}, torch::kHalf);
    return text(t.dim(), t.ndimension(), t.numel(), t.nbytes(), t.element_size(), t.itemsize(),
                t.is_cuda(), t.is_cpu(), int(t.get_device()), t.sizes().vec().size(),
                t.dtype().name(),
                t.dtype().itemsize(), t.is_same(t), t.storage_offset(),
                int(t.device().index()), t.device().str(), t.is_floating_point(), t.is_complex());
  };
}

inline void index_cases(Cases& cases) {
  using torch::indexing::Ellipsis, torch::indexing::None, torch::indexing::Slice;
  CASE("empty.type") {
    auto of = torch::empty({3}, make({4, 3}).type());
    return text(of.sizes(), " ", of.dtype(), " ", of.device());
  };
  CASE("index.slice") { return shape_of(make({4, 3}).index({Slice(1, 3), Slice()})); };
  CASE("index.step") { return shape_of(make({9, 3}).index({Slice(None, None, 2)})); };
  CASE("index.none") { return shape_of(make({4, 3}).index({Slice(), None, 2})); };
  CASE("index.ellipsis") { return shape_of(make({4, 3, 2}).index({Ellipsis, 1})); };
  CASE("index.text") { return shape_of(make({4, 3, 2}).index({"...", Slice(0, 1)})); };
  CASE("index.integers") { return shape_of(make({4, 3}).index({-1, 2})); };
  CASE("index.range") { return shape_of(make({4, 3}).index({0, 5})); };
  CASE("index.too_many") { return shape_of(make({4, 3}).index({0, 0, 0})); };
  CASE("index.step0") { return shape_of(make({4, 3}).index({Slice(0, 2, 0)})); };
  CASE("index.step-1") { return shape_of(make({4, 3}).index({Slice(0, 2, -1)})); };
  CASE("index.after") {
    return shape_of(make({4, 3, 2}).index({1, "...", None, Slice(None, -1)})); };
}

inline void factory_cases(Cases& cases) {
  CASE("empty.negative") { return shape_of(torch::empty({2, -3})); };
  CASE("empty.default") { return shape_of(torch::empty({2, 3})); };
  CASE("empty.vector") { return shape_of(torch::empty(std::vector<int64_t>{2, 3}, torch::kInt)); };
  CASE("empty.scalar") {
    return shape_of(torch::empty({}, at::device(at::kCPU).dtype(at::kLong))); };
  CASE("empty.one") { return shape_of(torch::empty({4}, at::kBool)); };
  CASE("empty.int") { int n = 4; return shape_of(torch::empty({n, n + 1}, at::kBool)); };
  CASE("empty.overflow") { return shape_of(torch::empty({1LL << 40, 1LL << 40})); };
  CASE("empty_like") { return shape_of(torch::empty_like(make({2, 3}, at::kShort))); };
  CASE("empty_like.t") { return shape_of(torch::empty_like(make({2, 3}).t())); };
  CASE("empty_like.options") {
    return shape_of(torch::empty_like(make({2, 3}), torch::TensorOptions().dtype(at::kInt))); };
  CASE("empty_like.expand") { return shape_of(torch::empty_like(make({1, 3}).expand({4, 3}))); };
  CASE("empty_like.gap") { return shape_of(torch::empty_like(make({4, 8}).narrow(1, 0, 3))); };
  CASE("empty_like.perm") {
    return shape_of(torch::empty_like(make({2, 3, 4}).permute({2, 0, 1}))); };
  CASE("empty_like.contiguous") {
    return shape_of(torch::empty_like(make({2, 3}).t(), at::MemoryFormat::Contiguous)); };
  CASE("empty_strided") { return shape_of(torch::empty_strided({2, 3}, {1, 2})); };
  CASE("empty_strided.count") { return shape_of(torch::empty_strided({2, 3}, {1})); };
  CASE("new_empty") { return shape_of(make({2, 3}, at::kHalf).new_empty({5})); };
  CASE("new_zeros") { auto t = make({2}, at::kInt).new_zeros({5});
    return text(shape_of(t), t.data_ptr<int>()[4]); };
  CASE("resize.grow") { auto t = torch::empty({2}, at::kInt); t.data_ptr<int>()[1] = 7;
    auto same = t; t.resize_({2, 3}); return text(shape_of(same), same.data_ptr<int>()[1]); };
  CASE("resize.shrink") { auto t = torch::ones({2, 3}); auto* p = t.data_ptr<float>();
    t.resize_({2}); auto shrunk = shape_of(t); t.resize_({3, 2});
    return text(shrunk, shape_of(t), t.data_ptr<float>() == p, p[5]); };
  CASE("resize.empty") { auto t = torch::empty({0}, at::kByte); t.resize_({(long long)5});
    return text(shape_of(t), t.contiguous().data_ptr() != nullptr); };
  CASE("resize.negative") { return shape_of(torch::empty({2}).resize_({-2})); };
  CASE("resize.overflow") { return shape_of(torch::empty({2}).resize_({1LL << 40, 1LL << 40})); };
  CASE("zeros") { auto t = torch::zeros({3}); return text(shape_of(t), t.data_ptr<float>()[2]); };
  CASE("ones.long") { auto t = torch::ones({3}, at::kLong);
    return text(shape_of(t), t.data_ptr<int64_t>()[2]); };
  CASE("ones.half") { auto t = torch::ones({3}, at::kHalf);
    return text(shape_of(t), t.data_ptr<at::Half>()[2]); };
  CASE("full.float") { auto t = torch::full({2}, 2.5, at::kFloat);
    return text(shape_of(t), t.data_ptr<float>()[1]); };
  CASE("full.infer_double") { return shape_of(torch::full({2}, 2.5)); };
  CASE("full.infer_int") { return shape_of(torch::full({2}, 2)); };
  CASE("full.infer_bool") { return shape_of(torch::full({2}, true)); };
  CASE("full.int_from_float") { auto t = torch::full({2}, -2.9, at::kInt);
    return text(shape_of(t), t.data_ptr<int>()[1]); };
  CASE("full.byte") { auto t = torch::full({2}, 255, at::kByte);
    return text(shape_of(t), int(t.data_ptr<uint8_t>()[1])); };
  CASE("full.byte_overflow") { auto t = torch::full({2}, 300, at::kByte);
    return text(shape_of(t), int(t.data_ptr<uint8_t>()[1])); };
  CASE("full.byte_minus1") { auto t = torch::full({2}, -1, at::kByte);
    return text(shape_of(t), int(t.data_ptr<uint8_t>()[1])); };
  CASE("full.bool") { auto t = torch::full({2}, 3, at::kBool);
    return text(shape_of(t), t.data_ptr<bool>()[1]); };
  CASE("full.bf16_inf") {
    auto t = torch::full({2}, -std::numeric_limits<float>::infinity(), at::kBFloat16);
    return text(shape_of(t), t.data_ptr<at::BFloat16>()[1]); };
  CASE("full.half_overflow") { auto t = torch::full({2}, 1e6, at::kHalf);
    return text(shape_of(t), t.data_ptr<at::Half>()[1]); };
  CASE("fill_") { auto t = make({3}); t.fill_(2); return text(t.data_ptr<float>()[2]); };
  CASE("zero_") { auto t = torch::ones({3}); t.zero_(); return text(t.data_ptr<float>()[2]); };
  CASE("from_blob") {
    static float data[6] = {1, 2, 3, 4, 5, 6};
    auto t = torch::from_blob(data, {2, 3}, torch::kFloat);
    return text(shape_of(t), t[1][2].data_ptr<float>() - data);
  };
  CASE("from_blob.strides") {
    static float data[6] = {1, 2, 3, 4, 5, 6};
    auto t = torch::from_blob(data, {3, 2}, {1, 3}, torch::kFloat);
    return text(shape_of(t));
  };
  CASE("from_blob.deleter") {
    static float data[6] = {};
    int gone = 0;
    {
      auto t = torch::from_blob(data, {3}, [&](void*) { ++gone; }, torch::kFloat);
      auto u = t[0];
    }
    return text(gone);
  };
  CASE("options.merge") {
    auto o = make({2}, at::kHalf).options().dtype(at::kInt).device(at::kCPU).requires_grad(false);
    return text(c10::typeMetaToScalarType(o.dtype()), o.device(), o.pinned_memory(),
                o.requires_grad());
  };
  CASE("item.float") { return text(torch::full({1}, 2.5, at::kFloat).item<float>()); };
  CASE("item.int") { return text(torch::full({}, 7, at::kInt).item<int64_t>()); };
  CASE("item.many") { return text(torch::full({2}, 7, at::kInt).item<int>()); };
  CASE("item.scalar") { return text(torch::full({1}, 2.5, at::kHalf).item().toDouble()); };
}

#define DISPATCH_CASE(macro_name, call)                                    \
  CASE(text("dispatch.", macro_name, ".", dtype)) {                        \
    std::string r;                                                         \
    call;                                                                  \
    return r;                                                              \
  };
#define NAMED [&] { r = text(c10::CppTypeToScalarType<scalar_t>::value, sizeof(scalar_t)); }

inline void dispatch_cases(Cases& cases) {
  for (int s = 0; s < 47; ++s) {
    auto dtype = static_cast<torch::ScalarType>(s);
    using torch::kHalf, torch::kBFloat16, torch::kBool, torch::kLong, torch::kFloat8_e4m3fn;
    DISPATCH_CASE("f", AT_DISPATCH_FLOATING_TYPES(dtype, "f", NAMED))
    DISPATCH_CASE("fh", AT_DISPATCH_FLOATING_TYPES_AND_HALF(dtype, "fh", NAMED))
    DISPATCH_CASE("r", AT_DISPATCH_REDUCED_FLOATING_TYPES(dtype, "r", NAMED))
    DISPATCH_CASE("f1", AT_DISPATCH_FLOATING_TYPES_AND(kHalf, dtype, "f1", NAMED))
    DISPATCH_CASE("f2", AT_DISPATCH_FLOATING_TYPES_AND2(kHalf, kBFloat16, dtype, "f2", NAMED))
    DISPATCH_CASE("f3", AT_DISPATCH_FLOATING_TYPES_AND3(kHalf, kBFloat16, kBool, dtype, "f3",
                                                        NAMED))
    DISPATCH_CASE("f4", AT_DISPATCH_FLOATING_TYPES_AND4(kHalf, kBFloat16, kBool, kLong, dtype,
                                                        "f4", NAMED))
    DISPATCH_CASE("a", AT_DISPATCH_ALL_TYPES(dtype, "a", NAMED))
    DISPATCH_CASE("a1", AT_DISPATCH_ALL_TYPES_AND(kHalf, dtype, "a1", NAMED))
    DISPATCH_CASE("a2", AT_DISPATCH_ALL_TYPES_AND2(kHalf, kBFloat16, dtype, "a2", NAMED))
    DISPATCH_CASE("a3", AT_DISPATCH_ALL_TYPES_AND3(kHalf, kBFloat16, kBool, dtype, "a3", NAMED))
    DISPATCH_CASE("a4", AT_DISPATCH_V2(dtype, "a4", AT_WRAP(NAMED), AT_EXPAND(AT_ALL_TYPES),
                                       kHalf, kBFloat16, kBool))
    DISPATCH_CASE("i", AT_DISPATCH_INTEGRAL_TYPES(dtype, "i", NAMED))
    DISPATCH_CASE("i1", AT_DISPATCH_INTEGRAL_TYPES_AND(kBool, dtype, "i1", NAMED))
    DISPATCH_CASE("c", AT_DISPATCH_COMPLEX_TYPES(dtype, "c", NAMED))
    DISPATCH_CASE("fc", AT_DISPATCH_FLOATING_AND_COMPLEX_TYPES(dtype, "fc", NAMED))
    DISPATCH_CASE("fc2", AT_DISPATCH_FLOATING_AND_COMPLEX_TYPES_AND2(kHalf, kBFloat16, dtype,
                                                                     "fc2", NAMED))
    DISPATCH_CASE("ac", AT_DISPATCH_ALL_TYPES_AND_COMPLEX(dtype, "ac", NAMED))
    DISPATCH_CASE("ac2", AT_DISPATCH_ALL_TYPES_AND_COMPLEX_AND2(kHalf, kBool, dtype, "ac2", NAMED))
    DISPATCH_CASE("ac3", AT_DISPATCH_ALL_TYPES_AND_COMPLEX_AND3(kHalf, kBool, kBFloat16, dtype,
                                                                "ac3", NAMED))
    DISPATCH_CASE("x", AT_DISPATCH_INDEX_TYPES(dtype, "x", [&] { r = text(sizeof(index_t)); }))
    DISPATCH_CASE("s", AT_DISPATCH_SWITCH(dtype, "s",
        AT_DISPATCH_CASE(kHalf, NAMED) AT_DISPATCH_CASE(kFloat8_e4m3fn, NAMED)
        AT_DISPATCH_CASE_FLOATING_TYPES(NAMED)))
    CASE(text("scalar_type.", s)) {
      return text(dtype, " ", torch::toString(dtype), c10::isFloatingType(dtype),
                  c10::isIntegralType(dtype, false), c10::isIntegralType(dtype, true),
                  c10::isComplexType(dtype), s < 46 ? c10::elementSize(dtype) : 0);
    };
    const bool opaque = (s >= 12 && s <= 14) || (s >= 16 && s <= 22) || (s >= 30 && s <= 43);
    if (opaque) continue;
    CASE(text("type_meta.", s)) {
      auto meta = c10::scalarTypeToTypeMeta(dtype);
      return text(meta, " ", meta.name(), meta.itemsize(), meta == dtype, dtype == meta,
                  meta != torch::kFloat, torch::kFloat != meta, meta.toScalarType());
    };
  }
}

template <class T>
void limits_case(Cases& cases, const char* name) {
  CASE(text("limits.", name)) {
    using L = std::numeric_limits<T>;
    return text(L::is_signed, L::is_integer, L::has_infinity, L::has_quiet_NaN, L::digits, ",",
                L::digits10, ",", L::max_digits10, ",", L::radix, ",", L::min_exponent, ",",
                L::max_exponent, ",", L::min_exponent10, ",", L::max_exponent10, ",",
                float(L::min()), ",", float(L::max()), ",", float(L::lowest()), ",",
                float(L::epsilon()), ",", float(L::denorm_min()), ",", float(L::quiet_NaN()), ",",
                float(L::round_error()), ",", L::is_iec559, int(L::round_style));
  };
}

template <class T>
void arithmetic_case(Cases& cases, const char* name) {
  CASE(text("arithmetic.", name)) {
    T a(1.5f), b(2.25f);
    T c = a;
    c += b;
    c *= a;
    float f = 1.0f;
    f += a;
    return text(a + b, " ", a - b, " ", a * b, " ", a / b, " ", -a, " ", a < b, a == b, " ", c,
                " ", f, " ", std::is_same<decltype(a + 1.0f), float>::value,
                std::is_same<decltype(a + 1.0), double>::value,
                std::is_same<decltype(a + 1), T>::value,
                std::is_same<decltype(a + int64_t(1)), T>::value,
                std::is_same<decltype(1 - a), T>::value,
                std::is_same<decltype(a * b), T>::value, " ", a * 3, " ", 3 / a, " ", a + 0.1,
                " ", T(7), " ", static_cast<int>(b), " ", sizeof(T), alignof(T));
  };
}

inline uint32_t next_random(uint64_t& state) {
  state = state * 6364136223846793005ull + 1442695040888963407ull;
  return static_cast<uint32_t>(state >> 32);
}
inline uint32_t bits_of(float f) {
  uint32_t u;
  std::memcpy(&u, &f, 4);
  return u;
}
inline float float_of(uint32_t u) {
  float f;
  std::memcpy(&f, &u, 4);
  return f;
}

// Checksums over every bit pattern and many random ones: equal only if every bit is.
template <class T, class Bits>
void bits_case(Cases& cases, const char* name) {
  const auto mix = [](uint64_t& h, uint64_t v) { h = (h ^ v) * 1099511628211ull; };
  const int patterns = 1 << (8 * sizeof(Bits));
  CASE(text("bits.", name, ".to_float")) {
    uint64_t h = 1469598103934665603ull;
    for (int i = 0; i < patterns; ++i) {
      T v(static_cast<Bits>(i), T::from_bits());
      mix(h, bits_of(static_cast<float>(v)));
    }
    return text(h);
  };
  CASE(text("bits.", name, ".from_float")) {
    uint64_t h = 1469598103934665603ull;
    for (uint64_t u = 0; u < (1ull << 32); u += 1021) mix(h, T(float_of(uint32_t(u))).x);
    for (int i = 0; i < patterns; ++i) {
      // Around every representable value: the value, its float neighbours, the midpoints.
      const uint32_t f = bits_of(static_cast<float>(T(static_cast<Bits>(i), T::from_bits())));
      for (int64_t d : {-1, 0, 1, 0x7FF, 0x800, 0xFFF, 0x1000, 0x1001, 0x7FFF, 0x8000, 0x8001,
                        0x7FFFF, 0x80000, 0x80001, 0xFFFFF, 0x100000, 0x100001}) {
        mix(h, T(float_of(static_cast<uint32_t>(f + d))).x);
      }
    }
    return text(h);
  };
}
template <class T, class Bits>
void bits_arithmetic_case(Cases& cases, const char* name) {
  CASE(text("bits.", name, ".arithmetic")) {
    uint64_t h = 1469598103934665603ull;
    uint64_t state = 42;
    const auto mix = [&](T v) { h = (h ^ v.x) * 1099511628211ull; };
    for (int i = 0; i < 400000; ++i) {
      const uint32_t r = next_random(state);
      T a(static_cast<Bits>(r), T::from_bits());
      T b(static_cast<Bits>(r >> 16), T::from_bits());
      mix(a + b);
      mix(a - b);
      mix(a * b);
      mix(a / b);
      mix(-a);
      mix(a * 3);
      mix(T(a * 0.3f));
      a += b;
      mix(a);
      h = (h ^ static_cast<uint64_t>(a < b)) * 1099511628211ull;
    }
    return text(h);
  };
}

inline void type_cases(Cases& cases) {
  bits_case<at::Half, uint16_t>(cases, "Half");
  bits_case<at::BFloat16, uint16_t>(cases, "BFloat16");
  bits_case<at::Float8_e4m3fn, uint8_t>(cases, "e4m3fn");
  bits_case<at::Float8_e5m2, uint8_t>(cases, "e5m2");
  bits_case<at::Float8_e4m3fnuz, uint8_t>(cases, "e4m3fnuz");
  bits_case<at::Float8_e5m2fnuz, uint8_t>(cases, "e5m2fnuz");
  bits_case<at::Float8_e8m0fnu, uint8_t>(cases, "e8m0fnu");
  bits_arithmetic_case<at::Half, uint16_t>(cases, "Half");
  bits_arithmetic_case<at::BFloat16, uint16_t>(cases, "BFloat16");
  bits_arithmetic_case<at::Float8_e4m3fn, uint8_t>(cases, "e4m3fn");
  bits_arithmetic_case<at::Float8_e5m2, uint8_t>(cases, "e5m2");
  bits_arithmetic_case<at::Float8_e4m3fnuz, uint8_t>(cases, "e4m3fnuz");
  bits_arithmetic_case<at::Float8_e5m2fnuz, uint8_t>(cases, "e5m2fnuz");
  limits_case<at::Half>(cases, "Half");
  limits_case<at::BFloat16>(cases, "BFloat16");
  limits_case<at::Float8_e4m3fn>(cases, "e4m3fn");
  limits_case<at::Float8_e5m2>(cases, "e5m2");
  limits_case<at::Float8_e4m3fnuz>(cases, "e4m3fnuz");
  limits_case<at::Float8_e5m2fnuz>(cases, "e5m2fnuz");
  arithmetic_case<at::Half>(cases, "Half");
  arithmetic_case<at::BFloat16>(cases, "BFloat16");
  arithmetic_case<at::Float8_e4m3fn>(cases, "e4m3fn");
  arithmetic_case<at::Float8_e5m2>(cases, "e5m2");
  arithmetic_case<at::Float8_e4m3fnuz>(cases, "e4m3fnuz");
  arithmetic_case<at::Float8_e5m2fnuz>(cases, "e5m2fnuz");
  CASE("complex.float") {
    c10::complex<float> a(1, 2), b(3, -4);
    a *= b;
    return text(a, a + b, a - b, a * b, a / b, a == b, std::abs(b), std::conj(b), a.real(),
                a.imag(), a * 2.0f, 2.0f / a, -a, sizeof(a), alignof(c10::complex<double>));
  };
  CASE("complex.half") {
    c10::complex<at::Half> a(1, 2);
    return text(float(a.real()), float(a.imag()), sizeof(a));
  };
  CASE("acc_type") {
    using c10::CppTypeToScalarType;
    return text(CppTypeToScalarType<at::acc_type<float, true>>::value,
                CppTypeToScalarType<at::acc_type<float, false>>::value,
                CppTypeToScalarType<at::acc_type<at::Half, true>>::value,
                CppTypeToScalarType<at::acc_type<at::Half, false>>::value,
                CppTypeToScalarType<at::acc_type<at::BFloat16, false>>::value,
                CppTypeToScalarType<at::acc_type<double, true>>::value,
                CppTypeToScalarType<at::acc_type<int, true>>::value,
                CppTypeToScalarType<at::acc_type<uint8_t, false>>::value,
                CppTypeToScalarType<at::acc_type<bool, false>>::value,
                CppTypeToScalarType<at::acc_type<c10::complex<float>, false>>::value,
                CppTypeToScalarType<at::opmath_type<at::Half>>::value,
                CppTypeToScalarType<at::opmath_type<float>>::value,
                CppTypeToScalarType<at::opmath_type<int>>::value,
                at::toAccumulateType(at::kFloat, false), at::toAccumulateType(at::kHalf, true));
  };
  CASE("ceil_div") { return text(at::ceil_div(7, 3), at::ceil_div<int64_t>(6, 3),
                                 at::round_up(7, 4)); };
  CASE("array_ref") {
    std::vector<int64_t> v{1, 2, 3, 4};
    c10::IntArrayRef r(v);
    return text(r, r.size(), r[2], r.front(), r.back(), r.slice(1, 2), r.slice(2), r.equals({1}),
                r == c10::IntArrayRef({1, 2, 3, 4}), r.vec().size(), r.empty(),
                c10::IntArrayRef(),
                c10::IntArrayRef(7), r.at(1), make({2, 3}).sizes() == r,
                make({2, 3}).sizes() == std::vector<int64_t>{2, 3},
                torch::ArrayRef<float>({1.5f}));
  };
  CASE("array_ref.at") { return text(c10::IntArrayRef({1, 2}).at(3)); };
  CASE("array_ref.front") { return text(c10::IntArrayRef().front()); };
  CASE("array_ref.slice") { return text(c10::IntArrayRef({1, 2}).slice(1, 3)); };
  CASE("device") {
    at::Device d(at::kCUDA, 1), c("cuda:1"), e(at::kCPU);
    return text(d, c == d, e, e != d, d.is_cuda(), d.is_cpu(), int(d.index()), d.has_index(),
                d.type(),
                at::Device(at::kCUDA), int(at::Device("cpu").index()), int(at::kCUDA),
                int(at::kHIP),
                at::DeviceType::Meta, at::Device("cuda").str());
  };
  CASE("device.bad") { return text(at::Device("nonsense")); };
  CASE("device.bad2") { return text(at::Device("cuda:-1")); };
  CASE("device.cpu1") { return text(at::Device(at::kCPU, 1)); };
  CASE("parallel_for") {
    std::vector<int> seen(1000);
    at::parallel_for(0, 1000, 10, [&](int64_t a, int64_t b) {
      for (auto i = a; i < b; ++i) seen[i]++;
    });
    int bad = 0;
    for (int s : seen) bad += s != 1;
    std::string r;
    at::parallel_for(0, 5, 10, [&](int64_t a, int64_t b) { r += text(a, "-", b); });
    at::parallel_for(5, 5, 10, [&](int64_t, int64_t) { r += "never"; });
    return text(bad, r, at::in_parallel_region(), at::get_thread_num());
  };
  CASE("parallel_for.throw") {
    at::parallel_for(0, 100, 1, [&](int64_t, int64_t) { TORCH_CHECK_VALUE(false, "inside"); });
    return "no";
  };
  CASE("scalar") {
    at::Scalar i(3), f(2.5), b(true);
    return text(i.to<int>(), f.to<double>(), f.toFloat(), i.isIntegral(false), f.isFloatingPoint(),
                b.isBoolean(), i.type(), f.type(), b.type(), f.to<int>());
  };
}

// Made on first use: there is no allocator before a test has passed a tensor.
struct Arguments {
  torch::Tensor a = make({2, 3}), b = make({2, 3}, torch::kInt), c = make({2, 3}).t(),
                d = make({2}), u;
  at::TensorArg A{a, "a", 1}, B{b, "b", 2}, C{c, "c", 3}, D{d, "d", 4}, U{u, "u", 5}, Z{a, "z", 0};
};
inline const Arguments& arguments() {
  static const Arguments all;
  return all;
}

inline void check_argument_cases(Cases& cases) {
#define PASSES(name, ...) CASE("argument." name) { \
    const auto& x = arguments(); __VA_ARGS__; return "passed"; }
  PASSES("dim", at::checkDim("from", x.A, 2));
  PASSES("dim.bad", at::checkDim("from", x.A, 3));
  PASSES("dim.no_position", at::checkDim("from", x.Z, 3));
  PASSES("dim.named", at::checkDim("from", x.a, "name", 7, 3));
  PASSES("dim.undefined", at::checkDim("from", x.U, 3));
  PASSES("range", at::checkDimRange("from", x.A, 2, 3));
  PASSES("range.bad", at::checkDimRange("from", x.A, 3, 5));
  PASSES("same_dim", at::checkSameDim("from", x.A, x.D));
  PASSES("contiguous", at::checkContiguous("from", x.A));
  PASSES("contiguous.bad", at::checkContiguous("from", x.C));
  PASSES("contiguous.undefined", at::checkContiguous("from", x.U));
  PASSES("all_contiguous", at::checkAllContiguous("from", {x.A, x.U, x.B}));
  PASSES("all_contiguous.bad", at::checkAllContiguous("from", {x.A, x.U, x.C}));
  PASSES("size", at::checkSize("from", x.A, {2, 3}));
  PASSES("size.bad", at::checkSize("from", x.A, {2, 4}));
  PASSES("size.rank", at::checkSize("from", x.A, {2}));
  PASSES("size.at", at::checkSize("from", x.A, 1, 3));
  PASSES("size.at.bad", at::checkSize("from", x.A, -1, 5));
  PASSES("size.at.range", at::checkSize("from", x.A, 7, 5));
  PASSES("numel", at::checkNumel("from", x.A, 5));
  PASSES("same_numel", at::checkSameNumel("from", x.A, x.D));
  PASSES("all_same_numel", at::checkAllSameNumel("from", {x.A, x.U, x.B, x.D}));
  PASSES("scalar_type", at::checkScalarType("from", x.A, at::kFloat));
  PASSES("scalar_type.bad", at::checkScalarType("from", x.A, at::kInt));
  PASSES("scalar_type.undefined", at::checkScalarType("from", x.U, at::kInt));
  PASSES("scalar_types", at::checkScalarTypes("from", x.A, {at::kInt, at::kFloat}));
  PASSES("scalar_types.bad", at::checkScalarTypes("from", x.A, {at::kInt, at::kLong, at::kHalf}));
  PASSES("gpu.cpu", at::checkSameGPU("from", x.A, x.B));
  PASSES("gpu.undefined", at::checkSameGPU("from", x.U, x.A));
  PASSES("all_gpu.cpu", at::checkAllSameGPU("from", {x.A, x.U, x.B}));
  PASSES("all_gpu.one", at::checkAllSameGPU("from", {x.U, x.A}));
  PASSES("type", at::checkSameType("from", x.A, x.C));
  PASSES("type.bad", at::checkSameType("from", x.A, x.B));
  PASSES("type.undefined", at::checkSameType("from", x.U, x.B));
  PASSES("all_types", at::checkAllSameType("from", {x.U, x.A, x.C, x.U, x.B}));
  PASSES("same_size", at::checkSameSize("from", x.A, x.D));
  PASSES("all_sizes", at::checkAllSameSize("from", {x.C, x.B, x.D}));
  PASSES("defined", at::checkDefined("from", x.A));
  PASSES("defined.bad", at::checkDefined("from", x.U));
  PASSES("all_defined.bad", at::checkAllDefined("from", {x.A, x.U}));
  PASSES("device_type", at::checkDeviceType("from", {x.a, x.u, x.b}, at::DeviceType::CPU));
  PASSES("device_type.bad", at::checkDeviceType("from", {x.a, x.b}, at::DeviceType::CUDA));
  PASSES("layout.bad", at::checkLayout("from", x.a, at::Layout::Sparse));
#undef PASSES
}

inline torch::Tensor counting(c10::IntArrayRef sizes, torch::ScalarType type = torch::kFloat) {
  torch::Tensor t = make(sizes, type);
  for (int64_t i = 0; i < t.numel(); ++i) {
    if (type == torch::kFloat) t.data_ptr<float>()[i] = 1.5f * static_cast<float>(i + 1);
    if (type == torch::kInt) t.data_ptr<int>()[i] = static_cast<int>(i + 1);
  }
  return t;
}
inline std::string elements(const torch::Tensor& t) {
  std::string out;
  const torch::Tensor whole = t.contiguous();
  for (int64_t i = 0; i < t.numel(); ++i) {
    if (t.scalar_type() == torch::kFloat) out += text(whole.data_ptr<float>()[i], " ");
    if (t.scalar_type() == torch::kInt) out += text(whole.data_ptr<int>()[i], " ");
    if (t.scalar_type() == torch::kLong) out += text(whole.data_ptr<int64_t>()[i], " ");
  }
  return out;
}

inline void write_cases(Cases& cases) {
  CASE("write.row") { auto t = counting({2, 3}); t[0] = t[1]; return elements(t); };
  CASE("write.rebinds") {
    auto t = counting({2, 3}), kept = t;
    t = t[0];
    return elements(t) + elements(kept);
  };
  CASE("write.number") { auto t = counting({2, 3}); t[1][2] = 7; return elements(t); };
  CASE("write.select") { auto t = counting({2, 3}); t.select(1, 0) = -1.5; return elements(t); };
  CASE("write.broadcast") {
    auto t = counting({2, 3});
    t.slice(0, 0, 2) = counting({3});
    return elements(t);
  };
  CASE("write.shape") { auto t = counting({2, 3}); t[0] = make({2}); return "no"; };
  CASE("write.wider") { auto t = counting({2, 3}); t[0] = make({2, 3}); return "no"; };
  CASE("write.index") { auto t = counting({2, 3}); t[5] = make({3}); return "no"; };
  CASE("write.undefined") { auto t = counting({2, 3}); t[0] = torch::Tensor(); return "no"; };
  CASE("write.expanded") { make({1, 3}).expand({2, 3}).slice(0, 0, 2) = make({3}); return "no"; };
  CASE("write.expanded_number") {
    auto t = counting({1, 3});
    t.expand({2, 3})[1] = 3;
    return elements(t);
  };
  CASE("write.overlap") {
    auto t = counting({4});
    t.slice(0, 0, 3) = t.slice(0, 1, 4);
    return "no";
  };
  CASE("write.itself") { auto t = counting({4}); t.slice(0, 0, 4) = t; return elements(t); };
  CASE("update.tensors") {
    auto t = counting({2, 3});
    t[0] += t[1];
    t[1] -= t[0];
    t[0] *= t[1];
    t[1] /= t[0];
    return elements(t);
  };
  CASE("update.numbers") {
    auto t = counting({2, 3});
    t[0] += 2;
    t[1][0] -= 0.1;
    t[1] *= 3.3f;
    t /= 7;
    return elements(t);
  };
  CASE("update.ints") {
    auto t = counting({2, 3}, torch::kInt);
    t[0] += 2147483647;
    t[1] *= t[1];
    return elements(t);
  };
  CASE("update.minus_true") { auto t = counting({2}); t -= true; return "no"; };
  CASE("update.columns") {
    auto t = counting({3, 3});
    t.select(1, 0) += t.select(1, 2);
    return elements(t);
  };
  CASE("update.methods") {
    auto t = counting({2, 3});
    t.add_(t).sub_(counting({3})).mul_(2).div_(counting({2, 1}));
    return elements(t);
  };
  CASE("update.shape") { counting({2, 3})[0] += make({2}); return "no"; };
  CASE("update.wider") { counting({3}) += make({2, 3}); return "no"; };
  CASE("update.divide_ints") { auto t = counting({3}, torch::kInt); t /= t; return "no"; };
  CASE("update.divide_int") { auto t = counting({3}, torch::kInt); t /= 2; return "no"; };
  CASE("update.int_by_float") { auto t = counting({3}, torch::kInt); t += 2.5; return "no"; };
  CASE("update.expanded") { counting({1}).expand({3}) += counting({3}); return "no"; };
  CASE("update.expanded_number") { counting({1}).expand({3}) += 1; return "no"; };
  CASE("update.overlap") {
    auto t = counting({4}), part = t.slice(0, 0, 3);
    part += t.slice(0, 1, 4);
    return "no";
  };
  CASE("update.undefined") { torch::Tensor t; t += 1; return "no"; };
  CASE("update.by_undefined") { auto t = counting({4}); t += torch::Tensor(); return "no"; };
  CASE("arange") {
    const auto a = torch::arange(5), b = torch::arange(1, 9, 3),
               c = torch::arange(3, -2, -2, torch::kInt);
    return text(elements(a), a.dtype(), elements(b), elements(c), c.dtype());
  };
  CASE("arange.sign") { torch::arange(3, 1); return "no"; };
  CASE("arange.step") { torch::arange(1, 3, 0); return "no"; };
  CASE("promote") {
    std::string out;
    const std::vector<torch::ScalarType> all{
        torch::kByte, torch::kChar, torch::kShort, torch::kInt, torch::kLong, torch::kHalf,
        torch::kFloat, torch::kDouble, torch::kComplexHalf, torch::kComplexFloat,
        torch::kComplexDouble, torch::kBool, torch::kBFloat16, torch::kFloat8_e5m2,
        torch::kFloat8_e4m3fn, at::kFloat8_e8m0fnu, torch::kUInt16, torch::kUInt64,
        at::ScalarType::Undefined, at::kQInt8};
    for (auto a : all) {
      for (auto b : all) {
        try {
          out += text(a, " ", b, " ", torch::promote_types(a, b), "\n");
        } catch (const std::exception& e) {
          out += std::string(e.what()).substr(0, std::string(e.what()).find('\n')) + "\n";
        }
      }
    }
    return out;
  };
  CASE("short_names") {
    return text(torch::kU8, torch::kI8, torch::kI16, torch::kI32, torch::kI64, torch::kF16,
                torch::kF32, torch::kF64);
  };
}

#undef CASE

inline const Cases& all_cases() {
  static const Cases cases = [] {
    Cases c;
    check_cases(c);
    throw_cases(c);
    data_ptr_case<float>(c, "float");
    data_ptr_case<double>(c, "double");
    data_ptr_case<int>(c, "int");
    data_ptr_case<int64_t>(c, "int64");
    data_ptr_case<uint8_t>(c, "uint8");
    data_ptr_case<bool>(c, "bool");
    data_ptr_case<at::Half>(c, "half");
    data_ptr_case<at::BFloat16>(c, "bf16");
    data_ptr_case<at::Float8_e4m3fn>(c, "e4m3fn");
    tensor_error_cases(c);
    index_cases(c);
    factory_cases(c);
    dispatch_cases(c);
    type_cases(c);
    check_argument_cases(c);
    write_cases(c);
    return c;
  }();
  return cases;
}
