// <tuple> and <array>: real storage, because structured bindings and constants use them.
#pragma once
#pragma clang force_cuda_host_device begin

namespace std {
template <class... T> class tuple;

template <size_t I, class T> struct tuple_leaf { T value; };
template <class S, class... T> struct tuple_storage;
template <size_t... I, class... T>
struct tuple_storage<index_sequence<I...>, T...> : tuple_leaf<I, T>... {
  constexpr tuple_storage() : tuple_leaf<I, T>()... {}
  template <class... U>
  constexpr tuple_storage(in_place_t, U &&...u) : tuple_leaf<I, T>{T(forward<U>(u))}... {}
};

template <class... T> class tuple : public tuple_storage<index_sequence_for<T...>, T...> {
  using base = tuple_storage<index_sequence_for<T...>, T...>;

 public:
  constexpr tuple() = default;
  constexpr tuple(const T &...values) requires(sizeof...(T) > 0) : base(in_place, values...) {}
  template <class... U>
    requires(sizeof...(U) == sizeof...(T) && sizeof...(T) > 0 && (__is_constructible(T, U) && ...))
  constexpr tuple(U &&...values) : base(in_place, forward<U>(values)...) {}
  template <class... U> requires(sizeof...(U) == sizeof...(T) && !__is_same(tuple<U...>, tuple))
  tuple(const tuple<U...> &other);
  template <class A, class B> tuple(const pair<A, B> &other);
  template <class... U> tuple &operator=(const tuple<U...> &other);
  template <class A, class B> tuple &operator=(const pair<A, B> &other);
  // std::tie assigns through a tuple of references.
  tuple(const tuple &) = default;
  tuple &operator=(const tuple &other);
  bool operator==(const tuple &other) const;
  bool operator!=(const tuple &other) const;
  bool operator<(const tuple &other) const;
};
template <class... T> tuple(T...) -> tuple<T...>;
template <class A, class B> tuple(pair<A, B>) -> tuple<A, B>;

template <class... T>
struct tuple_size<tuple<T...>> : integral_constant<size_t, sizeof...(T)> {};
template <size_t I, class... T> struct tuple_element<I, tuple<T...>> {
  using type = __type_pack_element<I, T...>;
};
template <size_t I, class... T>
constexpr tuple_element_t<I, tuple<T...>> &get(tuple<T...> &t) noexcept {
  return static_cast<tuple_leaf<I, tuple_element_t<I, tuple<T...>>> &>(t).value;
}
template <size_t I, class... T>
constexpr const tuple_element_t<I, tuple<T...>> &get(const tuple<T...> &t) noexcept {
  return static_cast<const tuple_leaf<I, tuple_element_t<I, tuple<T...>>> &>(t).value;
}
template <size_t I, class... T>
constexpr tuple_element_t<I, tuple<T...>> &&get(tuple<T...> &&t) noexcept {
  using element = tuple_element_t<I, tuple<T...>>;
  return static_cast<element &&>(static_cast<tuple_leaf<I, element> &>(t).value);
}
template <class U, class... T> U &get(tuple<T...> &t) noexcept;
template <class U, class... T> const U &get(const tuple<T...> &t) noexcept;

template <class... T> constexpr tuple<decay_t<T>...> make_tuple(T &&...values) {
  return tuple<decay_t<T>...>(forward<T>(values)...);
}
template <class... T> constexpr tuple<T &...> tie(T &...values) noexcept {
  return tuple<T &...>(values...);
}
template <class... T> constexpr tuple<T &&...> forward_as_tuple(T &&...values) noexcept;
template <class... A, class... B>
tuple<A..., B...> tuple_cat(const tuple<A...> &a, const tuple<B...> &b);
template <class... A, class... B, class... C>
tuple<A..., B..., C...> tuple_cat(const tuple<A...> &, const tuple<B...> &, const tuple<C...> &);
struct ignore_t {
  template <class T> constexpr const ignore_t &operator=(const T &) const { return *this; }
};
inline constexpr ignore_t ignore{};
template <class F, class T, size_t... I>
constexpr decltype(auto) apply_at(F &&f, T &&t, index_sequence<I...>) {
  return forward<F>(f)(get<I>(forward<T>(t))...);
}
template <class F, class T> constexpr decltype(auto) apply(F &&f, T &&t) {
  return apply_at(forward<F>(f), forward<T>(t),
                  make_index_sequence<tuple_size_v<remove_cvref_t<T>>>());
}

template <class T, size_t N> struct array {
  using value_type = T;
  using size_type = size_t;
  using difference_type = ptrdiff_t;
  using reference = T &;
  using const_reference = const T &;
  using iterator = T *;
  using const_iterator = const T *;
  T elements[N == 0 ? 1 : N];
  constexpr T &operator[](size_t i) noexcept { return elements[i]; }
  constexpr const T &operator[](size_t i) const noexcept { return elements[i]; }
  constexpr T &at(size_t i) { return elements[i]; }
  constexpr const T &at(size_t i) const { return elements[i]; }
  constexpr T &front() { return elements[0]; }
  constexpr const T &front() const { return elements[0]; }
  constexpr T &back() { return elements[N - 1]; }
  constexpr const T &back() const { return elements[N - 1]; }
  constexpr T *data() noexcept { return elements; }
  constexpr const T *data() const noexcept { return elements; }
  constexpr size_t size() const noexcept { return N; }
  constexpr bool empty() const noexcept { return N == 0; }
  constexpr T *begin() noexcept { return elements; }
  constexpr T *end() noexcept { return elements + N; }
  constexpr const T *begin() const noexcept { return elements; }
  constexpr const T *end() const noexcept { return elements + N; }
  const T *cbegin() const noexcept;
  const T *cend() const noexcept;
  void fill(const T &value);
  bool operator==(const array &other) const;
  bool operator!=(const array &other) const;
};
template <class T, class... U> array(T, U...) -> array<T, 1 + sizeof...(U)>;
template <class T, size_t N> struct tuple_size<array<T, N>> : integral_constant<size_t, N> {};
template <size_t I, class T, size_t N> struct tuple_element<I, array<T, N>> { using type = T; };
template <size_t I, class T, size_t N> constexpr T &get(array<T, N> &a) noexcept { return a[I]; }
template <size_t I, class T, size_t N> constexpr const T &get(const array<T, N> &a) noexcept {
  return a[I];
}
template <size_t I, class T, size_t N> constexpr T &&get(array<T, N> &&a) noexcept {
  return move(a[I]);
}
template <class T, size_t N> array<remove_cv_t<T>, N> to_array(T (&values)[N]);
}  // namespace std

#pragma clang force_cuda_host_device end
