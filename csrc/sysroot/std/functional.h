// <functional>. What takes a callable has a body: a lambda's type may have no linkage, and clang
// then demands the definition.
#pragma once
#pragma clang force_cuda_host_device begin

namespace std {
template <class F> class function;
template <class R, class... A> class function<R(A...)> {
 public:
  using result_type = R;
  function() noexcept;
  function(decltype(nullptr)) noexcept;
  function(const function &other);
  template <class F> requires(is_invocable_v<F &, A...>) function(F f) {}
  ~function();
  function &operator=(const function &other);
  function &operator=(decltype(nullptr)) noexcept;
  template <class F> function &operator=(F f) { return *this; }
  R operator()(A... args) const;
  explicit operator bool() const noexcept;
};
template <class R, class... A> function(R (*)(A...)) -> function<R(A...)>;
template <class R, class... A> bool operator==(const function<R(A...)> &, decltype(nullptr));
template <class R, class... A> bool operator!=(const function<R(A...)> &, decltype(nullptr));

#define MIGRATE_OPERATOR_2(name, op)                                          \
  template <class T = void> struct name {                                     \
    constexpr auto operator()(const T &a, const T &b) const { return a op b; } \
  };                                                                          \
  template <> struct name<void> {                                             \
    template <class A, class B> constexpr auto operator()(A &&a, B &&b) const { return a op b; } \
  };
MIGRATE_OPERATOR_2(plus, +) MIGRATE_OPERATOR_2(minus, -) MIGRATE_OPERATOR_2(multiplies, *)
MIGRATE_OPERATOR_2(divides, /) MIGRATE_OPERATOR_2(modulus, %) MIGRATE_OPERATOR_2(equal_to, ==)
MIGRATE_OPERATOR_2(not_equal_to, !=) MIGRATE_OPERATOR_2(greater, >) MIGRATE_OPERATOR_2(less, <)
MIGRATE_OPERATOR_2(greater_equal, >=) MIGRATE_OPERATOR_2(less_equal, <=)
MIGRATE_OPERATOR_2(logical_and, &&) MIGRATE_OPERATOR_2(logical_or, ||)
MIGRATE_OPERATOR_2(bit_and, &) MIGRATE_OPERATOR_2(bit_or, |) MIGRATE_OPERATOR_2(bit_xor, ^)
#undef MIGRATE_OPERATOR_2
struct identity {
  template <class T> constexpr T &&operator()(T &&value) const noexcept;
};

// What bind returns takes anything and gives anything: only its use as a callable matters here.
struct bind_result {
  template <class... A> void operator()(A &&...args) const;
};
template <class F, class... A> bind_result bind(F &&f, A &&...args);
template <class R, class C> bind_result mem_fn(R C::*member);
template <class F, class... A> invoke_result_t<F, A...> invoke(F &&f, A &&...args);
namespace placeholders {
struct placeholder {};
inline constexpr placeholder _1{}, _2{}, _3{}, _4{}, _5{}, _6{};
}  // namespace placeholders
}  // namespace std

#pragma clang force_cuda_host_device end
