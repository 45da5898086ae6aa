// Message concatenation with the spelling of torch's c10::str: every argument through operator<<,
// enums without one as their number, an empty optional as "std::nullopt".
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <type_traits>

#include "ffi_port/macros.h"

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

/// Any one argument of a message, by reference: what joins them is then no template.
class Piece {
 public:
  constexpr Piece(const char* text) : object_(text), put_(&put_text) {}
  template <class T>
  constexpr Piece(const T& value) : object_(address(value)), put_(&put_as<T>) {}

  void put(std::ostream& out) const { put_(out, object_); }

 private:
  static void put_text(std::ostream& out, const void* text) {
    out << static_cast<const char*>(text);
  }
  // Manipulators are functions, which no const void* points to of itself.
  template <class T>
  static constexpr const void* address(const T& value) {
    if constexpr (std::is_function_v<T>) {
      return reinterpret_cast<const void*>(&value);
    } else {
      return std::addressof(value);
    }
  }
  template <class T>
  static void put_as(std::ostream& out, const void* object) {
    if constexpr (std::is_function_v<T>) {
      out << *reinterpret_cast<T*>(const_cast<void*>(object));
    } else {
      detail::put(out, *static_cast<const T*>(object));
    }
  }

  const void* object_;
  void (*put_)(std::ostream&, const void*);
};

FFI_PORT_COLD inline std::string join(std::initializer_list<Piece> pieces) {
  std::ostringstream out;
  for (const Piece& piece : pieces) piece.put(out);
  return out.str();
}

}  // namespace detail

template <class... Args>
std::string str(const Args&... args) {
  return detail::join({args...});
}

inline std::string str(const std::string& text) { return text; }
inline std::string str(const char* text) { return text; }

}  // namespace ffi_port
