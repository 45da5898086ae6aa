// Message concatenation with the spelling of torch's c10::str: every argument through operator<<,
// enums without one as their number, an empty optional as "std::nullopt".
#pragma once

#include <optional>
#include <sstream>
#include <string>
#include <type_traits>

namespace ffi_port {
namespace detail {

template <class T, class = void>
struct is_streamable : std::false_type {};
template <class T>
struct is_streamable<
    T, std::void_t<decltype(std::declval<std::ostream&>() << std::declval<const T&>())>>
    : std::true_type {};

template <class T>
void put(std::ostream& out, const T& value) {
  if constexpr (std::is_enum_v<T> && !is_streamable<T>::value) {
    put(out, static_cast<std::underlying_type_t<T>>(value));
  } else {
    out << value;
  }
}

template <class T>
void put(std::ostream& out, const std::optional<T>& value) {
  if (value.has_value()) {
    put(out, *value);
  } else {
    out << "std::nullopt";
  }
}

}  // namespace detail

template <class... Args>
std::string str(const Args&... args) {
  std::ostringstream out;
  (detail::put(out, args), ...);
  return out.str();
}

inline std::string str(const std::string& text) { return text; }
inline std::string str(const char* text) { return text; }

}  // namespace ffi_port
