// One argument of a message, without what prints it: error.h is in every file, and the standard
// library's streams and strings would be most of what it costs a compiler. Built-in types,
// std::string and this folder's own types print in runtime/texts.inl and naming.inl.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <type_traits>
#include <utility>

namespace ffi_port {
namespace detail {

/// Whether `out << value` has a meaning here. With <iosfwd> alone the streams' own operators are
/// not known: then an enum without one of its own is not streamable, and prints the same number.
template <class T, class = void>
struct is_streamable : std::false_type {};
template <class T>
struct is_streamable<
    T, std::void_t<decltype(std::declval<std::ostream&>() << std::declval<const T&>())>>
    : std::true_type {};

/// A value of a built-in type: instantiated in texts.inl for each of them.
template <class T>
void put_built_in(std::ostream& out, const void* value);
void put_text(std::ostream& out, const void* text);
void put_string(std::ostream& out, const void* string);
/// What a `char*` or another pointer that lies at `place` points to, and where.
void put_text_at(std::ostream& out, const void* place);
void put_pointer(std::ostream& out, const void* place);
void put_address(std::ostream& out, const void* address);

/// What a stream takes a pointer to for text.
template <class T>
constexpr bool is_text = std::is_same_v<T, char> || std::is_same_v<T, signed char> ||
                         std::is_same_v<T, unsigned char>;

/// Types that a stream prints as the number they convert to.
template <class T, class = void>
struct is_number_like : std::false_type {};
template <class T>
struct is_number_like<T, std::void_t<decltype(+std::declval<const T&>())>>
    : std::is_arithmetic<std::decay_t<decltype(+std::declval<const T&>())>> {};

template <class T>
constexpr bool is_wide =
    std::is_same_v<T, wchar_t> || std::is_same_v<T, char16_t> || std::is_same_v<T, char32_t>;

template <class T>
struct Put {
  static void value(std::ostream& out, const void* object) {
    const T& value = *static_cast<const T*>(object);
    if constexpr (is_streamable<T>::value && !is_wide<T>) {
      out << value;
    } else if constexpr (std::is_enum_v<T>) {
      const auto number = static_cast<std::underlying_type_t<T>>(value);
      put_built_in<std::underlying_type_t<T>>(out, &number);
    } else if constexpr (is_number_like<T>::value) {
      const auto number = +value;
      put_built_in<std::decay_t<decltype(number)>>(out, &number);
    } else if constexpr (std::is_pointer_v<T>) {
      const bool set = value != nullptr;  // of a function: as a stream prints it
      put_built_in<bool>(out, &set);
    } else {
      out << value;
    }
  }
};
template <class T>
struct Put<std::optional<T>> {
  static void value(std::ostream& out, const void* value);
};

/// Any one argument of a message, by reference: what joins them is then no template.
class Piece {
 public:
  using Printer = void (*)(std::ostream&, const void*);
  constexpr Piece(const char* text) : object_(text), put_(&put_text) {}
  Piece(const std::string& string) : object_(&string), put_(&put_string) {}
  template <class T>
  constexpr Piece(const T& value) : object_(address(value)), put_(printer<T>()) {}

  void put(std::ostream& out) const { put_(out, object_); }

 private:
  template <class T>
  static constexpr const void* address(const T& value) {
    if constexpr (std::is_function_v<T>) {
      // Manipulators are functions, which no const void* points to of itself.
      return reinterpret_cast<const void*>(&value);
    } else {
      return __builtin_addressof(value);
    }
  }
  template <class T>
  static constexpr Printer printer() {
    using Pointee = std::remove_cv_t<std::remove_pointer_t<T>>;
    if constexpr (std::is_arithmetic_v<T> && !is_wide<T>) {
      return &put_built_in<T>;
    } else if constexpr (std::is_array_v<T>) {
      return is_text<std::remove_cv_t<std::remove_extent_t<T>>> ? &put_text : &put_address;
    } else if constexpr (std::is_function_v<T>) {
      return &put_function<T>;
    } else if constexpr (std::is_pointer_v<T> && is_text<Pointee>) {
      return &put_text_at;
    } else if constexpr (std::is_pointer_v<T> && !std::is_function_v<Pointee>) {
      return &put_pointer;
    } else {
      return &Put<T>::value;
    }
  }
  template <class T>
  static void put_function(std::ostream& out, const void* function) {
    out << *reinterpret_cast<T*>(const_cast<void*>(function));
  }

  const void* object_;
  Printer put_;
};

template <class T>
void Put<std::optional<T>>::value(std::ostream& out, const void* value) {
  const auto& given = *static_cast<const std::optional<T>*>(value);
  if (given.has_value()) {
    Piece(*given).put(out);
  } else {
    put_text(out, "std::nullopt");
  }
}

}  // namespace detail
}  // namespace ffi_port
