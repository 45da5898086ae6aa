// <type_traits>, <limits> and the concepts in use, on top of the compiler's own traits.
#pragma once
#pragma clang force_cuda_host_device begin

namespace std {
template <class T, T V> struct integral_constant {
  static constexpr T value = V;
  using value_type = T;
  using type = integral_constant;
  constexpr operator T() const noexcept { return V; }
  constexpr T operator()() const noexcept { return V; }
};
template <bool B> using bool_constant = integral_constant<bool, B>;
using true_type = bool_constant<true>;
using false_type = bool_constant<false>;

// One trait of a compiler builtin: the class and its _v variable.
#define MIGRATE_TRAIT(name, ...)                                              \
  template <class T> struct name : bool_constant<__VA_ARGS__> {};             \
  template <class T> inline constexpr bool name##_v = name<T>::value;
MIGRATE_TRAIT(is_void, __is_void(T))
MIGRATE_TRAIT(is_integral, __is_integral(T))
MIGRATE_TRAIT(is_floating_point, __is_floating_point(T))
MIGRATE_TRAIT(is_arithmetic, __is_arithmetic(T))
MIGRATE_TRAIT(is_fundamental, __is_fundamental(T))
MIGRATE_TRAIT(is_scalar, __is_scalar(T))
MIGRATE_TRAIT(is_signed, __is_signed(T))
MIGRATE_TRAIT(is_unsigned, __is_unsigned(T))
MIGRATE_TRAIT(is_array, __is_array(T))
MIGRATE_TRAIT(is_pointer, __is_pointer(T))
MIGRATE_TRAIT(is_reference, __is_reference(T))
MIGRATE_TRAIT(is_lvalue_reference, __is_lvalue_reference(T))
MIGRATE_TRAIT(is_rvalue_reference, __is_rvalue_reference(T))
MIGRATE_TRAIT(is_function, __is_function(T))
MIGRATE_TRAIT(is_class, __is_class(T))
MIGRATE_TRAIT(is_enum, __is_enum(T))
MIGRATE_TRAIT(is_union, __is_union(T))
MIGRATE_TRAIT(is_const, __is_const(T))
MIGRATE_TRAIT(is_volatile, __is_volatile(T))
MIGRATE_TRAIT(is_empty, __is_empty(T))
MIGRATE_TRAIT(is_final, __is_final(T))
MIGRATE_TRAIT(is_abstract, __is_abstract(T))
MIGRATE_TRAIT(is_polymorphic, __is_polymorphic(T))
MIGRATE_TRAIT(is_aggregate, __is_aggregate(T))
MIGRATE_TRAIT(is_pod, __is_pod(T))
MIGRATE_TRAIT(is_trivial, __is_trivial(T))
MIGRATE_TRAIT(is_trivially_copyable, __is_trivially_copyable(T))
MIGRATE_TRAIT(is_standard_layout, __is_standard_layout(T))
MIGRATE_TRAIT(is_default_constructible, __is_constructible(T))
MIGRATE_TRAIT(is_copy_constructible, __is_constructible(T, const T &))
MIGRATE_TRAIT(is_move_constructible, __is_constructible(T, T))
MIGRATE_TRAIT(is_copy_assignable, __is_assignable(T &, const T &))
MIGRATE_TRAIT(is_move_assignable, __is_assignable(T &, T))
MIGRATE_TRAIT(is_nothrow_move_constructible, __is_nothrow_constructible(T, T))
MIGRATE_TRAIT(is_trivially_destructible, __is_trivially_destructible(T))
MIGRATE_TRAIT(is_null_pointer, __is_same(__remove_cv(T), decltype(nullptr)))
MIGRATE_TRAIT(is_member_pointer, __is_member_pointer(T))
#undef MIGRATE_TRAIT
template <class A, class B> struct is_same : bool_constant<__is_same(A, B)> {};
template <class A, class B> inline constexpr bool is_same_v = __is_same(A, B);
template <class A, class B> struct is_base_of : bool_constant<__is_base_of(A, B)> {};
template <class A, class B> inline constexpr bool is_base_of_v = __is_base_of(A, B);
template <class A, class B> struct is_convertible : bool_constant<__is_convertible_to(A, B)> {};
template <class A, class B> inline constexpr bool is_convertible_v = __is_convertible_to(A, B);
template <class A, class B> struct is_assignable : bool_constant<__is_assignable(A, B)> {};
template <class A, class B> inline constexpr bool is_assignable_v = __is_assignable(A, B);
template <class T, class... A>
struct is_constructible : bool_constant<__is_constructible(T, A...)> {};
template <class T, class... A>
inline constexpr bool is_constructible_v = __is_constructible(T, A...);

// One type transformation of a compiler builtin: the class and its _t alias.
#define MIGRATE_TRANSFORM(name, ...)                                          \
  template <class T> struct name { using type = __VA_ARGS__; };               \
  template <class T> using name##_t = typename name<T>::type;
MIGRATE_TRANSFORM(remove_cv, __remove_cv(T))
MIGRATE_TRANSFORM(remove_const, __remove_const(T))
MIGRATE_TRANSFORM(remove_volatile, __remove_volatile(T))
MIGRATE_TRANSFORM(remove_reference, __remove_reference_t(T))
MIGRATE_TRANSFORM(remove_cvref, __remove_cvref(T))
MIGRATE_TRANSFORM(remove_pointer, __remove_pointer(T))
MIGRATE_TRANSFORM(remove_extent, __remove_extent(T))
MIGRATE_TRANSFORM(remove_all_extents, __remove_all_extents(T))
MIGRATE_TRANSFORM(decay, __decay(T))
MIGRATE_TRANSFORM(make_signed, __make_signed(T))
MIGRATE_TRANSFORM(make_unsigned, __make_unsigned(T))
MIGRATE_TRANSFORM(underlying_type, __underlying_type(T))
MIGRATE_TRANSFORM(add_pointer, __add_pointer(T))
MIGRATE_TRANSFORM(add_lvalue_reference, __add_lvalue_reference(T))
MIGRATE_TRANSFORM(add_rvalue_reference, __add_rvalue_reference(T))
MIGRATE_TRANSFORM(add_const, const T)
MIGRATE_TRANSFORM(type_identity, T)
#undef MIGRATE_TRANSFORM

template <bool B, class T = void> struct enable_if {};
template <class T> struct enable_if<true, T> { using type = T; };
template <bool B, class T = void> using enable_if_t = typename enable_if<B, T>::type;
template <bool B, class T, class F> struct conditional { using type = T; };
template <class T, class F> struct conditional<false, T, F> { using type = F; };
template <bool B, class T, class F> using conditional_t = typename conditional<B, T, F>::type;
template <class...> using void_t = void;
template <class... B> struct conjunction : bool_constant<(bool(B::value) && ...)> {};
template <class... B> struct disjunction : bool_constant<(bool(B::value) || ...)> {};
template <class B> struct negation : bool_constant<!bool(B::value)> {};
template <class... B> inline constexpr bool conjunction_v = conjunction<B...>::value;
template <class... B> inline constexpr bool disjunction_v = disjunction<B...>::value;
template <class B> inline constexpr bool negation_v = negation<B>::value;
template <class T> add_rvalue_reference_t<T> declval() noexcept;
template <class... T> struct common_type;
template <class T> struct common_type<T> { using type = decay_t<T>; };
template <class A, class B> struct common_type<A, B> {
  using type = decay_t<decltype(false ? declval<A>() : declval<B>())>;
};
template <class A, class B, class... C>
struct common_type<A, B, C...> : common_type<typename common_type<A, B>::type, C...> {};
template <class... T> using common_type_t = typename common_type<T...>::type;
template <class T> struct rank : integral_constant<size_t, __array_rank(T)> {};
template <class T, unsigned I = 0>
struct extent : integral_constant<size_t, __array_extent(T, I)> {};
template <class T> struct alignment_of : integral_constant<size_t, alignof(T)> {};
template <size_t Size, size_t Align = 16> struct aligned_storage {
  struct type { alignas(Align) unsigned char data[Size]; };
};
template <size_t Size, size_t Align = 16>
using aligned_storage_t = typename aligned_storage<Size, Align>::type;

template <class F, class... A> using invoke_expression = decltype(declval<F>()(declval<A>()...));
template <class Void, class F, class... A> struct invoke_result_base {
  static constexpr bool callable = false;
};
template <class F, class... A>
struct invoke_result_base<void_t<invoke_expression<F, A...>>, F, A...> {
  static constexpr bool callable = true;
  using type = invoke_expression<F, A...>;
};
template <class F, class... A> struct invoke_result : invoke_result_base<void, F, A...> {};
template <class F, class... A> using invoke_result_t = typename invoke_result<F, A...>::type;
template <class F> struct result_of;
template <class F, class... A> struct result_of<F(A...)> : invoke_result<F, A...> {};
template <class F> using result_of_t = typename result_of<F>::type;
template <class F, class... A>
struct is_invocable : bool_constant<invoke_result<F, A...>::callable> {};
template <class F, class... A> inline constexpr bool is_invocable_v = is_invocable<F, A...>::value;
template <class R, class F, class... A>
inline constexpr bool is_invocable_r_v = is_invocable<F, A...>::value;
constexpr bool is_constant_evaluated() noexcept { return __builtin_is_constant_evaluated(); }
template <class To, class From> constexpr To bit_cast(const From &from) noexcept {
  return __builtin_bit_cast(To, from);
}

template <class A, class B> concept same_as = is_same_v<A, B>;
template <class A, class B> concept derived_from = is_base_of_v<B, A>;
template <class A, class B> concept convertible_to = is_convertible_v<A, B>;
template <class T> concept integral = is_integral_v<T>;
template <class T> concept signed_integral = is_integral_v<T> && is_signed_v<T>;
template <class T> concept unsigned_integral = is_integral_v<T> && is_unsigned_v<T>;
template <class T> concept floating_point = is_floating_point_v<T>;
template <class F, class... A> concept invocable = is_invocable_v<F, A...>;

enum float_round_style { round_indeterminate = -1, round_toward_zero, round_to_nearest };
enum float_denorm_style { denorm_indeterminate = -1, denorm_absent, denorm_present };
// What programs seldom ask of numeric_limits: its values are those of an IEEE type, or nothing.
struct migrate_limits {
  static constexpr bool is_bounded = true, is_modulo = false, traps = false;
  static constexpr bool has_signaling_NaN = false, has_denorm_loss = false, tinyness_before = false;
  static constexpr float_round_style round_style = round_to_nearest;
  static constexpr float_denorm_style has_denorm = denorm_present;
  static constexpr int min_exponent = 0, min_exponent10 = 0, max_exponent = 0, max_exponent10 = 0;
};
template <class T> class numeric_limits : public migrate_limits {
 public:
  static constexpr bool is_specialized = __is_arithmetic(T);
  static constexpr bool is_integer = __is_integral(T);
  static constexpr bool is_signed = __is_signed(T);
  static constexpr bool is_exact = is_integer;
  static constexpr bool has_infinity = __is_floating_point(T);
  static constexpr bool has_quiet_NaN = __is_floating_point(T);
  static constexpr int digits = 0, digits10 = 0, max_digits10 = 0, radix = 2;
  static constexpr T min() noexcept { return integer_min(); }
  static constexpr T lowest() noexcept { return integer_min(); }
  static constexpr T max() noexcept {
    if constexpr (__is_integral(T)) {
      return T(~integer_min());
    } else {
      return T();
    }
  }
  static constexpr T epsilon() noexcept { return T(); }
  static constexpr T infinity() noexcept { return T(); }
  static constexpr T quiet_NaN() noexcept { return T(); }
  static constexpr T denorm_min() noexcept { return T(); }

 private:
  static constexpr T integer_min() noexcept {
    if constexpr (__is_integral(T) && __is_signed(T)) {
      return T(T(1) << (sizeof(T) * 8 - 1));
    } else {
      return T();
    }
  }
};
#define MIGRATE_FLOAT_LIMITS(T, P, S)                                         \
  template <> class numeric_limits<T> : public migrate_limits {               \
   public:                                                                    \
    static constexpr bool is_specialized = true, is_integer = false;          \
    static constexpr bool is_signed = true, is_exact = false, is_iec559 = true; \
    static constexpr bool has_infinity = true, has_quiet_NaN = true;          \
    static constexpr int digits = __##P##_MANT_DIG__, digits10 = __##P##_DIG__; \
    static constexpr int max_digits10 = __##P##_DECIMAL_DIG__, radix = 2;     \
    static constexpr T min() noexcept { return __##P##_MIN__; }               \
    static constexpr T max() noexcept { return __##P##_MAX__; }               \
    static constexpr T lowest() noexcept { return -__##P##_MAX__; }           \
    static constexpr T epsilon() noexcept { return __##P##_EPSILON__; }       \
    static constexpr T denorm_min() noexcept { return __##P##_DENORM_MIN__; } \
    static constexpr T infinity() noexcept { return __builtin_inf##S(); }     \
    static constexpr T quiet_NaN() noexcept { return __builtin_nan##S(""); }  \
    static constexpr T signaling_NaN() noexcept { return __builtin_nans##S(""); } \
  };
MIGRATE_FLOAT_LIMITS(float, FLT, f)
MIGRATE_FLOAT_LIMITS(double, DBL, )
#undef MIGRATE_FLOAT_LIMITS
}  // namespace std

#pragma clang force_cuda_host_device end
