// TORCH_WARN and TORCH_WARN_ONCE. In a pybind11 function torch has no Python warning handler
// installed and writes to standard error; so does this, in the same form but for the time stamp.
#pragma once

#include <cstring>
#include <iostream>
#include <string>

#include "ffi_port/macros.h"
#include "ffi_port/str.h"

namespace ffi_port {

inline void warn(const char* function, const char* file, int line, const std::string& text) {
  const char* slash = std::strrchr(file, '/');
  std::cerr << "[W " << (slash ? slash + 1 : file) << ":" << line << "] Warning: " << text
            << " (function " << function << ")" << std::endl;
}

}  // namespace ffi_port

// Ends in a semicolon of its own, as torch's.
#define FFI_WARN(...) \
  ::ffi_port::warn(__func__, __FILE__, __LINE__, ::ffi_port::str(__VA_ARGS__));
#define FFI_WARN_DEPRECATION(...) FFI_WARN(__VA_ARGS__)
#define FFI_WARN_ONCE(...)                                                                \
  {                                                                                       \
    [[maybe_unused]] static const bool FFI_PORT_CONCAT(ffi_port_warned_, __LINE__) = [&] { \
      FFI_WARN(__VA_ARGS__)                                                               \
      return true;                                                                        \
    }();                                                                                  \
  }
