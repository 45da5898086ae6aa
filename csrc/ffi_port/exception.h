// The classes behind error.h's macros, for code that catches or makes one: c10::Error and its kin.
#pragma once

#include <stdexcept>
#include <string>

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

}  // namespace ffi_port
