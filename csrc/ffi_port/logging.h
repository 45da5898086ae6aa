// TORCH_CHECK_EQ and its kin, which print both operands and take more of the text by `<<`.
#pragma once

#include <cstring>
#include <ostream>
#include <sstream>

#include "ffi_port/exception.h"

namespace ffi_port {
namespace detail {

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
