// <optional>, <variant>, <any>, <expected>.
#pragma once
#pragma clang force_cuda_host_device begin

namespace std {
struct nullopt_t {
  constexpr explicit nullopt_t(int) {}
};
inline constexpr nullopt_t nullopt{0};

template <class T> class optional {
 public:
  using value_type = T;
  constexpr optional() noexcept;
  constexpr optional(nullopt_t) noexcept;
  optional(const optional &other);
  optional(optional &&other) noexcept;
  template <class U = T>
    requires(__is_constructible(T, U) && !__is_same(__remove_cvref(U), optional) &&
             !__is_same(__remove_cvref(U), in_place_t))
  constexpr explicit(!__is_convertible_to(U, T)) optional(U &&value);
  template <class U> requires(__is_constructible(T, const U &) && !__is_same(T, U))
  optional(const optional<U> &other);
  template <class... A> explicit optional(in_place_t, A &&...args);
  ~optional();
  optional &operator=(nullopt_t) noexcept;
  optional &operator=(const optional &other);
  optional &operator=(optional &&other);
  template <class U = T> requires(!__is_same(__remove_cvref(U), optional))
  optional &operator=(U &&value);
  constexpr bool has_value() const noexcept;
  constexpr explicit operator bool() const noexcept;
  T &value() &;
  const T &value() const &;
  T &&value() &&;
  T &operator*() & noexcept;
  const T &operator*() const & noexcept;
  T &&operator*() && noexcept;
  T *operator->() noexcept;
  const T *operator->() const noexcept;
  template <class U = T> T value_or(U &&other) const;
  template <class... A> T &emplace(A &&...args);
  template <class U, class... A> T &emplace(initializer_list<U> list, A &&...args);
  void reset() noexcept;
  void swap(optional &other);
};
template <class T> optional(T) -> optional<T>;
template <class T> optional<decay_t<T>> make_optional(T &&value);
template <class T, class... A> optional<T> make_optional(A &&...args);
#define MIGRATE_COMPARE(op)                                                                  \
  template <class T, class U> bool operator op(const optional<T> &a, const optional<U> &b);  \
  template <class T> bool operator op(const optional<T> &a, nullopt_t);                      \
  template <class T> bool operator op(nullopt_t, const optional<T> &b);                      \
  template <class T, class U> bool operator op(const optional<T> &a, const U &b);            \
  template <class T, class U> bool operator op(const U &a, const optional<T> &b);
MIGRATE_COMPARE(==) MIGRATE_COMPARE(!=) MIGRATE_COMPARE(<) MIGRATE_COMPARE(>)
MIGRATE_COMPARE(<=) MIGRATE_COMPARE(>=)
#undef MIGRATE_COMPARE

inline constexpr size_t variant_npos = size_t(-1);
template <class... T> class variant {
 public:
  variant();
  variant(const variant &other);
  template <class U>
    requires((__is_convertible_to(U, T) || ...) && !__is_same(__remove_cvref(U), variant))
  variant(U &&value);
  template <class U, class... A> explicit variant(in_place_type_t<U>, A &&...args);
  ~variant();
  variant &operator=(const variant &other);
  template <class U> requires((__is_convertible_to(U, T) || ...)) variant &operator=(U &&value);
  template <class U, class... A> U &emplace(A &&...args);
  size_t index() const noexcept;
  bool valueless_by_exception() const noexcept;
  bool operator==(const variant &other) const;
  bool operator!=(const variant &other) const;
};
template <class U, class... T> bool holds_alternative(const variant<T...> &v) noexcept;
template <class U, class... T> U &get(variant<T...> &v);
template <class U, class... T> const U &get(const variant<T...> &v);
template <class U, class... T> U &&get(variant<T...> &&v);
template <size_t I, class... T> __type_pack_element<I, T...> &get(variant<T...> &v);
template <size_t I, class... T> const __type_pack_element<I, T...> &get(const variant<T...> &v);
template <class U, class... T> U *get_if(variant<T...> *v) noexcept;
template <class U, class... T> const U *get_if(const variant<T...> *v) noexcept;
template <size_t I, class... T> __type_pack_element<I, T...> *get_if(variant<T...> *v) noexcept;
template <class T> struct variant_size;
template <class... T>
struct variant_size<variant<T...>> : integral_constant<size_t, sizeof...(T)> {};
template <class T> inline constexpr size_t variant_size_v = variant_size<T>::value;
template <size_t I, class T> struct variant_alternative;
template <size_t I, class... T> struct variant_alternative<I, variant<T...>> {
  using type = __type_pack_element<I, T...>;
};
template <size_t I, class T>
using variant_alternative_t = typename variant_alternative<I, T>::type;
// The result is that of the first alternatives; every other one must return the same anyway.
template <class F, class... V>
constexpr decltype(auto) visit(F &&f, V &&...v) {
  return forward<F>(f)(get<0>(forward<V>(v))...);
}

class any {
 public:
  any() noexcept;
  any(const any &other);
  template <class T> requires(!__is_same(__remove_cvref(T), any)) any(T &&value);
  bool has_value() const noexcept;
  void reset() noexcept;
  const type_info &type() const noexcept;
};
template <class T> T any_cast(const any &a);
template <class T> T *any_cast(any *a) noexcept;
}  // namespace std

#pragma clang force_cuda_host_device end
