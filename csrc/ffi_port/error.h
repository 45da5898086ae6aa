// Failures and checks with torch's classes, texts and control flow, and no framework: what
// TORCH_CHECK*, AT_ERROR, AT_ASSERT*, TORCH_INTERNAL_ASSERT and C10_THROW_ERROR become.
//
// Measured through a pybind11 extension on torch 2.13: the Python class follows the c10 class
// (c10::Error RuntimeError, ValueError, TypeError, IndexError, NotImplementedError,
// LinAlgError `torch.linalg.LinAlgError`), and str(e) is the message alone, without a C++
// backtrace. Each class therefore carries its Python kind; shim.h turns that into a tvm-ffi error.
#pragma once

#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

#include "ffi_port/macros.h"
#include "ffi_port/str.h"

namespace ffi_port {

class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, const char* kind = "RuntimeError")
      : std::runtime_error(message), message_(message), kind_(kind) {}
  /// Name of the Python class a caller sees.
  const char* kind() const noexcept { return kind_; }
  const std::string& msg() const noexcept { return message_; }
  const char* what_without_backtrace() const noexcept { return what(); }

 private:
  std::string message_;
  const char* kind_;
};

#define FFI_PORT_ERROR_CLASS_(name, kind)                             \
  class name : public Error {                                         \
   public:                                                            \
    explicit name(const std::string& message) : Error(message, kind) {} \
  }
FFI_PORT_ERROR_CLASS_(ValueError, "ValueError");
FFI_PORT_ERROR_CLASS_(TypeError, "TypeError");
FFI_PORT_ERROR_CLASS_(IndexError, "IndexError");
FFI_PORT_ERROR_CLASS_(NotImplementedError, "NotImplementedError");
FFI_PORT_ERROR_CLASS_(BufferError, "BufferError");
FFI_PORT_ERROR_CLASS_(SyntaxError, "SyntaxError");
FFI_PORT_ERROR_CLASS_(LinAlgError, "LinAlgError");
FFI_PORT_ERROR_CLASS_(OutOfMemoryError, "OutOfMemoryError");
FFI_PORT_ERROR_CLASS_(AcceleratorError, "AcceleratorError");
#undef FFI_PORT_ERROR_CLASS_

namespace detail {

/// A check's text: `standard` where none is given, else its pieces. No template, because every
/// check of every file ends here.
FFI_PORT_COLD inline std::string check_text(const char* standard,
                                            std::initializer_list<Piece> given) {
  return given.size() == 0 ? std::string(standard) : join(given);
}

template <class E>
[[noreturn]] FFI_PORT_COLD void fail(const char* standard, std::initializer_list<Piece> given) {
  throw E(check_text(standard, given));
}

// What a failing `FFI_CHECK_EQ(a, b) << more` collects; throws when the statement ends.
class FailedComparison {
 public:
  FailedComparison(const char* file, int line) {
    const char* slash = std::strrchr(file, '/');
    text_ << "[F " << (slash ? slash + 1 : file) << ":" << line << "] ";
  }
  ~FailedComparison() noexcept(false) { throw Error(text_.str() + "\n"); }
  std::ostream& stream() { return text_; }

 private:
  std::ostringstream text_;
};
struct DropStream {
  void operator&(std::ostream& /*unused*/) const {}
};

}  // namespace detail
}  // namespace ffi_port

#define FFI_PORT_STANDARD_TEXT_(text)                                                         \
  "Expected " text                                                                            \
  " to be true, but got false.  (Could this error message be improved?  If so, please report" \
  " an enhancement request to PyTorch.)"

// A bare `if`, as torch's: usable without a semicolon, and an `else` after it binds the same way.
#define FFI_PORT_CHECK_(error, text, cond, ...)                                                   \
  if (FFI_PORT_UNLIKELY(!(cond))) {                                                               \
    ::ffi_port::detail::fail<::ffi_port::error>(FFI_PORT_STANDARD_TEXT_(text), {__VA_ARGS__}); \
  }

// One macro more than needed, as in torch: macros inside the condition print expanded.
#define FFI_CHECK_WITH(error, cond, ...) FFI_PORT_CHECK_(error, #cond, cond, ##__VA_ARGS__)
#define FFI_CHECK(cond, ...) FFI_CHECK_WITH(Error, cond, ##__VA_ARGS__)
#define FFI_CHECK_VALUE(cond, ...) FFI_CHECK_WITH(ValueError, cond, ##__VA_ARGS__)
#define FFI_CHECK_TYPE(cond, ...) FFI_CHECK_WITH(TypeError, cond, ##__VA_ARGS__)
#define FFI_CHECK_INDEX(cond, ...) FFI_CHECK_WITH(IndexError, cond, ##__VA_ARGS__)
#define FFI_CHECK_LINALG(cond, ...) FFI_CHECK_WITH(LinAlgError, cond, ##__VA_ARGS__)
#define FFI_CHECK_BUFFER(cond, ...) FFI_CHECK_WITH(BufferError, cond, ##__VA_ARGS__)
#define FFI_CHECK_NOT_IMPLEMENTED(cond, ...) \
  FFI_CHECK_WITH(NotImplementedError, cond, ##__VA_ARGS__)
#define FFI_CHECK_ARG(cond, n, ...) FFI_CHECK(cond, "invalid argument ", n, ": ", __VA_ARGS__)

// The same with the condition's spelling given: migrated code renames tokens inside a condition,
// and the default text must still show what the original source said.
#define FFI_CHECK_AS(text, cond, ...) FFI_PORT_CHECK_(Error, text, cond, ##__VA_ARGS__)
#define FFI_CHECK_VALUE_AS(text, cond, ...) FFI_PORT_CHECK_(ValueError, text, cond, ##__VA_ARGS__)
#define FFI_CHECK_TYPE_AS(text, cond, ...) FFI_PORT_CHECK_(TypeError, text, cond, ##__VA_ARGS__)
#define FFI_CHECK_INDEX_AS(text, cond, ...) FFI_PORT_CHECK_(IndexError, text, cond, ##__VA_ARGS__)
#define FFI_CHECK_LINALG_AS(text, cond, ...) \
  FFI_PORT_CHECK_(LinAlgError, text, cond, ##__VA_ARGS__)
#define FFI_CHECK_BUFFER_AS(text, cond, ...) \
  FFI_PORT_CHECK_(BufferError, text, cond, ##__VA_ARGS__)
#define FFI_CHECK_NOT_IMPLEMENTED_AS(text, cond, ...) \
  FFI_PORT_CHECK_(NotImplementedError, text, cond, ##__VA_ARGS__)

#define FFI_CHECK_OP_AS(text, a, b, op)                                                  \
  ((a)op(b)) ? (void)0                                                                   \
             : ::ffi_port::detail::DropStream() &                                        \
                   ::ffi_port::detail::FailedComparison(__FILE__, __LINE__).stream()     \
                       << "Check failed: " text " (" << (a) << " vs. " << (b) << "). "
#define FFI_CHECK_EQ(a, b) FFI_CHECK_OP_AS(#a " == " #b, a, b, ==)
#define FFI_CHECK_NE(a, b) FFI_CHECK_OP_AS(#a " != " #b, a, b, !=)
#define FFI_CHECK_LE(a, b) FFI_CHECK_OP_AS(#a " <= " #b, a, b, <=)
#define FFI_CHECK_LT(a, b) FFI_CHECK_OP_AS(#a " < " #b, a, b, <)
#define FFI_CHECK_GE(a, b) FFI_CHECK_OP_AS(#a " >= " #b, a, b, >=)
#define FFI_CHECK_GT(a, b) FFI_CHECK_OP_AS(#a " > " #b, a, b, >)

// Carries file and line, as torch's does; those differ from the original's by nature.
#define FFI_INTERNAL_ASSERT_AS(text, cond, ...)                                          \
  if (FFI_PORT_UNLIKELY(!(cond))) {                                                      \
    ::ffi_port::detail::fail<::ffi_port::Error>(                                         \
        "", {text " INTERNAL ASSERT FAILED at " FFI_PORT_STRINGIZE(__FILE__) ":"         \
             FFI_PORT_STRINGIZE(__LINE__) ", please report a bug to PyTorch. ",          \
             ::ffi_port::str(__VA_ARGS__)});                                             \
  }
#define FFI_INTERNAL_ASSERT(cond, ...) FFI_INTERNAL_ASSERT_AS(#cond, cond, ##__VA_ARGS__)
#ifdef NDEBUG
#define FFI_INTERNAL_ASSERT_DEBUG_ONLY(...) \
  while (false) FFI_INTERNAL_ASSERT(__VA_ARGS__)
#define FFI_INTERNAL_ASSERT_DEBUG_ONLY_AS(text, ...) \
  while (false) FFI_INTERNAL_ASSERT_AS(text, __VA_ARGS__)
#else
#define FFI_INTERNAL_ASSERT_DEBUG_ONLY(...) FFI_INTERNAL_ASSERT(__VA_ARGS__)
#define FFI_INTERNAL_ASSERT_DEBUG_ONLY_AS(text, ...) FFI_INTERNAL_ASSERT_AS(text, __VA_ARGS__)
#endif

#define FFI_ERROR(...)                               \
  do {                                               \
    FFI_CHECK(false, ::ffi_port::str(__VA_ARGS__));  \
  } while (false)
#define FFI_ASSERT(...)                \
  do {                                 \
    FFI_INTERNAL_ASSERT(__VA_ARGS__);  \
  } while (false)
#define FFI_ASSERTM(cond, ...)                \
  do {                                        \
    FFI_INTERNAL_ASSERT(cond, ##__VA_ARGS__); \
  } while (false)
#define FFI_ASSERT_AS(text, cond, ...)                     \
  do {                                                     \
    FFI_INTERNAL_ASSERT_AS(text, cond, ##__VA_ARGS__);     \
  } while (false)
#define FFI_ASSERTM_AS(text, cond, ...) FFI_ASSERT_AS(text, cond, ##__VA_ARGS__)
#define FFI_THROW_ERROR(error, text) throw ::ffi_port::error(text)
