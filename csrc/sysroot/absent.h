// What a name from a header outside the tree may be: an object that takes every use of it. The
// parser includes this, and declarations made of it, where such a name keeps a host function from
// being read. It is not part of the prelude.
#pragma once
#pragma clang force_cuda_host_device begin

#define MIGRATE_ABSENT_UNARY(op) constexpr const any &operator op() const { return *this; }
#define MIGRATE_ABSENT_ASSIGN(op)                       \
  template <class T> const any &operator op(T &&) const; \
  template <plain T> friend T &operator op(T &, const any &);
#define MIGRATE_ABSENT_BINARY(op)                              \
  template <class T> const any &operator op(const T &) const;   \
  template <plain T> friend const any &operator op(const T &, const any &);
#define MIGRATE_ABSENT_COMPARE(op)                       \
  template <class T> bool operator op(const T &) const;   \
  template <plain T> friend bool operator op(const T &, const any &);

namespace migrate_absent {
struct any;
template <class T> concept number = std::is_arithmetic_v<T> || std::is_enum_v<T>;
// What may stand on the left of an operator. Others, such as a stream, bring their own.
template <class T>
concept plain = number<T> || std::is_pointer_v<T> || std::is_same_v<T, std::string>;
// Classes that take an object of any type: they convert, the object does not.
template <class T> constexpr bool takes_anything = std::is_same_v<any, T>;
template <> inline constexpr bool takes_anything<struct argument> = true;
template <class F> constexpr bool takes_anything<std::function<F>> = true;
template <class T> constexpr bool takes_anything<std::optional<T>> = true;

// What a call or a braced list is given: anything, braced lists included, to any depth. A type of
// its own, so that nothing becomes an `any` by itself: `c ? 1 : x` would be ambiguous.
struct argument {
  constexpr argument(std::initializer_list<argument>) {}
  template <class A> constexpr argument(A &&) {}
};

// Everything is const, so that a stand-in may be a constant: a template argument, an array's size.
struct any {
  constexpr any() = default;
  constexpr any(std::initializer_list<argument>) {}
  template <class... A> requires(sizeof...(A) > 0) constexpr explicit any(A &&...) {}
  any(argument, argument);
  any(argument, argument, argument);
  any(argument, argument, argument, argument);

  const any &operator=(const any &) const;
  const any &operator=(std::initializer_list<argument>) const;
  template <class T> const any &operator=(T &&) const;

  template <number T> constexpr operator T() const { return T(); }
  template <class T> requires(!number<T> && !takes_anything<T>) operator T() const;
  // A switch looks at no template.
  constexpr operator int() const { return 0; }

  template <class... A> const any &operator()(A &&...) const;
  const any &operator()(argument) const;
  const any &operator()(argument, argument) const;
  const any &operator()(argument, argument, argument) const;
  const any &operator()(argument, argument, argument, argument) const;
  const any &operator()(argument, argument, argument, argument, argument) const;
  const any &operator()(argument, argument, argument, argument, argument, argument) const;
  template <class T> const any &operator[](const T &) const;
  const any *operator->() const;
  template <size_t I> const any &get() const;
  const any *begin() const;
  const any *end() const;
  const any &operator++(int) const;
  const any &operator--(int) const;
  MIGRATE_ABSENT_UNARY(*)
  MIGRATE_ABSENT_UNARY(&)
  MIGRATE_ABSENT_UNARY(+)
  MIGRATE_ABSENT_UNARY(-)
  MIGRATE_ABSENT_UNARY(~)
  MIGRATE_ABSENT_UNARY(++)
  MIGRATE_ABSENT_UNARY(--)
  MIGRATE_ABSENT_ASSIGN(+=)
  MIGRATE_ABSENT_ASSIGN(-=)
  MIGRATE_ABSENT_ASSIGN(*=)
  MIGRATE_ABSENT_ASSIGN(/=)
  MIGRATE_ABSENT_ASSIGN(%=)
  MIGRATE_ABSENT_ASSIGN(|=)
  MIGRATE_ABSENT_ASSIGN(&=)
  MIGRATE_ABSENT_ASSIGN(^=)
  MIGRATE_ABSENT_ASSIGN(<<=)
  MIGRATE_ABSENT_ASSIGN(>>=)
  MIGRATE_ABSENT_BINARY(+)
  MIGRATE_ABSENT_BINARY(-)
  MIGRATE_ABSENT_BINARY(*)
  MIGRATE_ABSENT_BINARY(/)
  MIGRATE_ABSENT_BINARY(%)
  MIGRATE_ABSENT_BINARY(|)
  MIGRATE_ABSENT_BINARY(&)
  MIGRATE_ABSENT_BINARY(^)
  MIGRATE_ABSENT_BINARY(<<)
  MIGRATE_ABSENT_BINARY(>>)
  std::string operator+(const std::string &) const;
  friend std::string operator+(const std::string &, const any &);
  template <class S> requires std::is_base_of_v<std::ostream, S>
  friend S &operator<<(S &, const any &);
  MIGRATE_ABSENT_COMPARE(==)
  MIGRATE_ABSENT_COMPARE(!=)
  MIGRATE_ABSENT_COMPARE(<)
  MIGRATE_ABSENT_COMPARE(>)
  MIGRATE_ABSENT_COMPARE(<=)
  MIGRATE_ABSENT_COMPARE(>=)
#ifdef MIGRATE_ABSENT_MEMBERS
  static const any MIGRATE_ABSENT_MEMBERS;
#endif
};
// The arguments of a macro.
template <class... A> void use(A &&...);
}  // namespace migrate_absent

// `auto [key, value]` of an entry.
namespace std {
template <> struct tuple_size<::migrate_absent::any> : integral_constant<size_t, 2> {};
template <size_t I> struct tuple_element<I, ::migrate_absent::any> {
  using type = const ::migrate_absent::any;
};
}  // namespace std

#pragma clang force_cuda_host_device end
