// Operators that each stand for one way in which a migrated extension could differ from its original.
#include <torch/extension.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace py = pybind11;

double first(const at::Tensor& x) { return x.data_ptr<float>()[0]; }

double first_maybe(const std::optional<at::Tensor>& x, std::optional<int64_t> skip) {
  if (!x.has_value()) return skip.has_value() ? static_cast<double>(*skip) : -7.0;
  return x->data_ptr<float>()[skip.value_or(0)];
}

double first_of_all(const std::vector<at::Tensor>& xs) {
  double sum = 0;
  for (const auto& x : xs) sum += x.data_ptr<float>()[0];
  return sum;
}

double first_real(const at::Tensor& x) { return *static_cast<double*>(x.data_ptr()); }

int64_t address(const at::Tensor& x) { return reinterpret_cast<int64_t>(x.data_ptr<float>()); }

at::ScalarType dtype_of(const at::Tensor& x) { return x.scalar_type(); }

int64_t item_bytes(const at::Tensor& x) { return x.element_size(); }

bool contiguous(const at::Tensor& x) { return x.is_contiguous(); }

int64_t stride(const at::Tensor& x, int64_t dim) { return x.stride(dim); }

int64_t rank(const at::Tensor& x) { return x.dim(); }

at::Tensor scaled(const at::Tensor& x, double factor) {
  at::Tensor in = x.contiguous();
  at::Tensor out = at::empty_like(in);
  for (int64_t i = 0; i < in.numel(); ++i) {
    out.data_ptr<float>()[i] = static_cast<float>(in.data_ptr<float>()[i] * factor);
  }
  return out;
}

at::Tensor same(const at::Tensor& x) { return x; }

at::Tensor dense(const at::Tensor& x) { return x.contiguous(); }

std::vector<int64_t> shape(const at::Tensor& x) { return x.sizes().vec(); }

at::Tensor head(const at::Tensor& x, int64_t count) { return x.narrow(0, 0, count); }

at::Tensor fresh(int64_t count) {
  at::Tensor out = at::empty({count}, at::TensorOptions().dtype(at::kFloat));
  std::fill_n(out.data_ptr<float>(), count, 3.0f);
  return out;
}

std::tuple<at::Tensor, at::Tensor> two(const at::Tensor& x) { return {scaled(x, 1), scaled(x, 2)}; }

std::vector<at::Tensor> listed(const at::Tensor& x) { return {scaled(x, 1), scaled(x, 2)}; }

std::string text(const std::string& x) { return x + "!"; }

int32_t int32(int32_t x) { return x; }

uint8_t uint8(uint8_t x) { return x; }

uint64_t uint64(uint64_t x) { return x; }

double number(double x) { return x; }

bool flag(bool x) { return x; }

int64_t total(const std::vector<int64_t>& xs) {
  int64_t sum = 0;
  for (int64_t x : xs) sum += x;
  return sum;
}

// Names that a tvm-ffi module has attributes of.
int64_t kind(int64_t x) { return x + 1; }
int64_t imports(int64_t x) { return x + 2; }
int64_t get_function(int64_t x) { return x + 3; }

int64_t fail(int64_t how) {
  if (how == 0) throw std::invalid_argument("invalid");
  if (how == 1) throw std::out_of_range("range");
  if (how == 2) throw std::bad_alloc();
  if (how == 3) throw 3;
  if (how == 4) TORCH_CHECK(how == 0, "how is ", how, " of " "five", '.');
  if (how == 5) TORCH_CHECK_NOT_IMPLEMENTED(false, "not here");
  if (how == 6) TORCH_CHECK_VALUE(false, "value");
  if (how == 7) TORCH_CHECK_INDEX(false, "index");
  if (how == 8) TORCH_CHECK_TYPE(false, "type");
  if (how == 9) throw std::runtime_error("runtime");
  if (how == 10) TORCH_CHECK_LINALG(false, "singular");
  return how;
}

// Without braces: torch's TORCH_CHECK is an if, so the else belongs to it; AT_ASSERT is a statement.
int64_t brace_less(bool a, bool b) {
  if (a) TORCH_CHECK(b, "m") else return 1;
  return 2;
}
int64_t brace_less_statement(bool a, bool b) {
  if (a) AT_ASSERT(b); else return 1;
  return 2;
}

static int inside = 0;
static int most = 0;
int64_t enter() {
  most = std::max(most, ++inside);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  --inside;
  return most;
}
static int inside_released = 0;
static int most_released = 0;
int64_t enter_released() {
  most_released = std::max(most_released, ++inside_released);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  --inside_released;
  return most_released;
}

// Its own TypeError comes after its effect: such a call must not be made a second time.
static int64_t attempts_made = 0;
int64_t attempt(double scale) {
  ++attempts_made;
  TORCH_CHECK_TYPE(scale < 0, "no scale");
  return 0;
}
int64_t attempts() { return attempts_made; }

// Without the overloads of torch's headers: C's `int abs(int)`, and exp in double.
double magnitude(double x) { return abs(static_cast<float>(x)); }
int64_t distance(int64_t x) { return abs(x); }
double growth(double x) { return exp(static_cast<float>(x)); }

PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {
  m.doc() = "Hazards.";
  m.def("first", &first, "The first element.", py::arg("x"));
  m.def("first_maybe", &first_maybe, py::arg("x") = py::none(), py::arg("skip") = py::none());
  m.def("first_of_all", &first_of_all);
  m.def("first_real", &first_real);
  m.def("address", &address);
  m.def("dtype_of", &dtype_of);
  m.def("item_bytes", &item_bytes);
  m.def("contiguous", &contiguous);
  m.def("stride", &stride, py::arg("x"), py::arg("dim"));
  m.def("rank", &rank);
  m.def("scaled", &scaled, py::arg("x"), py::arg("factor") = 2.0);
  m.def("same", &same);
  m.def("dense", &dense);
  m.def("shape", &shape);
  m.def("head", &head);
  m.def("fresh", &fresh);
  m.def("two", &two);
  m.def("listed", &listed);
  m.def("text", &text);
  m.def("int32", &int32);
  m.def("uint8", &uint8);
  m.def("uint64", &uint64);
  m.def("number", &number);
  m.def("flag", &flag);
  m.def("total", &total);
  m.def("kind", &kind);
  m.def("imports", &imports);
  m.def("get_function", &get_function);
  m.def("fail", &fail);
  m.def("attempt", &attempt);
  m.def("attempts", &attempts);
  m.def("brace_less", &brace_less);
  m.def("brace_less_statement", &brace_less_statement);
  m.def("magnitude", &magnitude);
  m.def("distance", &distance);
  m.def("growth", &growth);
  m.def("enter", &enter);
  m.def("enter_released", &enter_released, py::call_guard<py::gil_scoped_release>());
}
