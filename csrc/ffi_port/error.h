// Failures and checks with torch's classes, texts and control flow, and no framework: what
// TORCH_CHECK*, AT_ERROR, AT_ASSERT*, TORCH_INTERNAL_ASSERT and C10_THROW_ERROR become.
//
// Measured through a pybind11 extension on torch 2.13: the Python class follows the c10 class
// (c10::Error RuntimeError, ValueError, TypeError, IndexError, NotImplementedError,
// LinAlgError `torch.linalg.LinAlgError`), and str(e) is the message alone, without a C++
// backtrace. Each class therefore carries its Python kind; shim.h turns that into a tvm-ffi error.
#pragma once

#include <initializer_list>

#include "ffi_port/macros.h"
#include "ffi_port/piece.h"

namespace ffi_port {
namespace detail {

/// The classes of exception.h, for code that only throws them.
enum class Failure {
  Error,
  ValueError,
  TypeError,
  IndexError,
  NotImplementedError,
  BufferError,
  SyntaxError,
  LinAlgError,
  OutOfMemoryError,
  AcceleratorError,
};

/// Throws what `failure` names with the pieces as its text; with `standard` where there are none.
[[noreturn]] FFI_PORT_COLD void fail(Failure failure, const char* standard,
                                     std::initializer_list<Piece> given);

}  // namespace detail
}  // namespace ffi_port

#define FFI_PORT_STANDARD_TEXT_(text)                                                         \
  "Expected " text                                                                            \
  " to be true, but got false.  (Could this error message be improved?  If so, please report" \
  " an enhancement request to PyTorch.)"

// A bare `if`, as torch's: usable without a semicolon, and an `else` after it binds the same way.
#define FFI_PORT_CHECK_(error, text, cond, ...)                                                   \
  if (FFI_PORT_UNLIKELY(!(cond))) {                                                               \
    ::ffi_port::detail::fail(::ffi_port::detail::Failure::error, FFI_PORT_STANDARD_TEXT_(text),   \
                             {__VA_ARGS__});                                                      \
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

// Carries file and line, as torch's does; those differ from the original's by nature.
#define FFI_INTERNAL_ASSERT_AS(text, cond, ...)                                          \
  if (FFI_PORT_UNLIKELY(!(cond))) {                                                      \
    ::ffi_port::detail::fail(                                                            \
        ::ffi_port::detail::Failure::Error, "",                                          \
        {text " INTERNAL ASSERT FAILED at " FFI_PORT_STRINGIZE(__FILE__) ":"             \
             FFI_PORT_STRINGIZE(__LINE__) ", please report a bug to PyTorch. ",          \
         ##__VA_ARGS__});                                                                \
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

#define FFI_ERROR(...)                                                                \
  do {                                                                                \
    ::ffi_port::detail::fail(::ffi_port::detail::Failure::Error, "", {__VA_ARGS__});  \
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
#define FFI_THROW_ERROR(error, ...) \
  ::ffi_port::detail::fail(::ffi_port::detail::Failure::error, "", {__VA_ARGS__})
