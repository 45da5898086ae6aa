// c10::irange: `for (const auto i : irange(n))`, i in the type of the end. Empty when the end does
// not lie above the beginning.
#pragma once

#include <type_traits>

namespace ffi_port {

template <class I>
class IntegerRange {
 public:
  struct iterator {
    I value;
    constexpr I operator*() const { return value; }
    constexpr iterator& operator++() {
      ++value;
      return *this;
    }
    constexpr bool operator==(const iterator& o) const { return value == o.value; }
    constexpr bool operator!=(const iterator& o) const { return value != o.value; }
  };
  constexpr IntegerRange(I begin, I end) : begin_(begin), end_(begin < end ? end : begin) {}
  constexpr iterator begin() const { return {begin_}; }
  constexpr iterator end() const { return {end_}; }

 private:
  I begin_;
  I end_;
};

template <class A, class B, std::enable_if_t<std::is_integral_v<A>, bool> = true,
          std::enable_if_t<std::is_integral_v<B>, bool> = true>
constexpr IntegerRange<B> irange(A begin, B end) {
  return {static_cast<B>(begin), end};
}
template <class I, std::enable_if_t<std::is_integral_v<I>, bool> = true>
constexpr IntegerRange<I> irange(I end) {
  return {I(), end};
}

}  // namespace ffi_port
