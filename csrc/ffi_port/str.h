// Message concatenation with the spelling of torch's c10::str: every argument through operator<<,
// enums without one as their number, an empty optional as "std::nullopt".
#pragma once

#include <ostream>
#include <string>

#include "ffi_port/piece.h"

namespace ffi_port {
namespace detail {

std::string join(std::initializer_list<Piece> pieces);

}  // namespace detail

template <class... Args>
std::string str(const Args&... args) {
  return detail::join({args...});
}

inline std::string str(const std::string& text) { return text; }
inline std::string str(const char* text) { return text; }

}  // namespace ffi_port
