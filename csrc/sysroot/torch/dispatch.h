// AT_DISPATCH_*. One alias and one call of the body: it is in the AST once, with exact extents.
// The types a macro dispatches over are known by its name, so scalar_t is float (int64_t where
// the macro has integers only, Half where it has no float).
#pragma once

#pragma clang force_cuda_host_device begin
namespace detail {  // as torch had it, in no namespace of its own
at::ScalarType scalar_type(at::ScalarType type);
at::ScalarType scalar_type(const at::DeprecatedTypeProperties &type);
}  // namespace detail
#pragma clang force_cuda_host_device end

#define MIGRATE_DISPATCH(T, TYPE, NAME, ...)                                  \
  [&] {                                                                       \
    [[maybe_unused]] const auto &migrate_type = TYPE;                         \
    (void)NAME;                                                               \
    using scalar_t [[maybe_unused]] = T;                                      \
    return __VA_ARGS__();                                                     \
  }()
#define MIGRATE_DISPATCH_1(T, S1, TYPE, NAME, ...) MIGRATE_DISPATCH(T, TYPE, NAME, __VA_ARGS__)
#define MIGRATE_DISPATCH_2(T, S1, S2, TYPE, NAME, ...) MIGRATE_DISPATCH(T, TYPE, NAME, __VA_ARGS__)
#define MIGRATE_DISPATCH_3(T, S1, S2, S3, TYPE, NAME, ...) \
  MIGRATE_DISPATCH(T, TYPE, NAME, __VA_ARGS__)
#define MIGRATE_DISPATCH_4(T, S1, S2, S3, S4, TYPE, NAME, ...) \
  MIGRATE_DISPATCH(T, TYPE, NAME, __VA_ARGS__)
#define MIGRATE_DISPATCH_5(T, S1, S2, S3, S4, S5, TYPE, NAME, ...) \
  MIGRATE_DISPATCH(T, TYPE, NAME, __VA_ARGS__)
#define MIGRATE_DISPATCH_6(T, S1, S2, S3, S4, S5, S6, TYPE, NAME, ...) \
  MIGRATE_DISPATCH(T, TYPE, NAME, __VA_ARGS__)

#define AT_DISPATCH_FLOATING_TYPES(...) MIGRATE_DISPATCH(float, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_TYPES_AND_HALF(...) MIGRATE_DISPATCH(float, __VA_ARGS__)
#define AT_DISPATCH_REDUCED_FLOATING_TYPES(...) MIGRATE_DISPATCH(::c10::Half, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_TYPES_AND(...) MIGRATE_DISPATCH_1(float, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_TYPES_AND2(...) MIGRATE_DISPATCH_2(float, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_TYPES_AND3(...) MIGRATE_DISPATCH_3(float, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_TYPES_AND4(...) MIGRATE_DISPATCH_4(float, __VA_ARGS__)
#define AT_DISPATCH_COMPLEX_TYPES(...) MIGRATE_DISPATCH(::c10::complex<float>, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_AND_COMPLEX_TYPES(...) MIGRATE_DISPATCH(float, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_AND_COMPLEX_TYPES_AND1(...) MIGRATE_DISPATCH_1(float, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_AND_COMPLEX_TYPES_AND2(...) MIGRATE_DISPATCH_2(float, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_AND_COMPLEX_TYPES_AND3(...) MIGRATE_DISPATCH_3(float, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES(...) MIGRATE_DISPATCH(float, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND_HALF(...) MIGRATE_DISPATCH(float, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND(...) MIGRATE_DISPATCH_1(float, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND2(...) MIGRATE_DISPATCH_2(float, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND3(...) MIGRATE_DISPATCH_3(float, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND4(...) MIGRATE_DISPATCH_4(float, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND5(...) MIGRATE_DISPATCH_5(float, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND_COMPLEX(...) MIGRATE_DISPATCH(float, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND_COMPLEX_AND(...) MIGRATE_DISPATCH_1(float, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND_COMPLEX_AND2(...) MIGRATE_DISPATCH_2(float, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND_COMPLEX_AND3(...) MIGRATE_DISPATCH_3(float, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND_COMPLEX_AND4(...) MIGRATE_DISPATCH_4(float, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND_COMPLEX_AND5(...) MIGRATE_DISPATCH_5(float, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES_AND_COMPLEX_AND6(...) MIGRATE_DISPATCH_6(float, __VA_ARGS__)
#define AT_DISPATCH_INTEGRAL_TYPES(...) MIGRATE_DISPATCH(int64_t, __VA_ARGS__)
#define AT_DISPATCH_INTEGRAL_TYPES_AND(...) MIGRATE_DISPATCH_1(int64_t, __VA_ARGS__)
#define AT_DISPATCH_QINT_TYPES(...) MIGRATE_DISPATCH(::c10::qint8, __VA_ARGS__)
#define AT_DISPATCH_V2(TYPE, NAME, BODY, ...) MIGRATE_DISPATCH(float, TYPE, NAME, BODY)
#define THO_DISPATCH_V2(TYPE, NAME, BODY, ...) MIGRATE_DISPATCH(float, TYPE, NAME, BODY)
#define AT_WRAP(...) __VA_ARGS__
#define AT_DISPATCH_INDEX_TYPES(TYPE, NAME, ...)                              \
  [&] {                                                                       \
    [[maybe_unused]] const auto &migrate_type = TYPE;                         \
    (void)NAME;                                                               \
    using index_t [[maybe_unused]] = int64_t;                                 \
    return __VA_ARGS__();                                                     \
  }()

// A real switch, because users write their own macros of cases.
namespace migrate_sysroot {
inline ::c10::ScalarType scalar_type(::c10::ScalarType type) { return type; }
inline ::c10::ScalarType scalar_type(const ::at::DeprecatedTypeProperties &type) {
  return type.scalarType();
}
}  // namespace migrate_sysroot
#define AT_DISPATCH_SWITCH(TYPE, NAME, ...)                                   \
  [&] {                                                                       \
    [[maybe_unused]] ::c10::ScalarType _st = ::migrate_sysroot::scalar_type(TYPE); \
    (void)NAME;                                                               \
    switch (_st) {                                                            \
      __VA_ARGS__                                                             \
      default: throw ::c10::Error("");                                        \
    }                                                                         \
  }()
#define THO_DISPATCH_SWITCH(TYPE, NAME, ...) AT_DISPATCH_SWITCH(TYPE, NAME, __VA_ARGS__)
#define AT_PRIVATE_CASE_TYPE_USING_HINT(KIND, HINT, ...)                      \
  case KIND: {                                                                \
    using HINT [[maybe_unused]] = float;                                      \
    return __VA_ARGS__();                                                     \
  }
#define AT_DISPATCH_CASE(KIND, ...) AT_PRIVATE_CASE_TYPE_USING_HINT(KIND, scalar_t, __VA_ARGS__)
#define THO_DISPATCH_CASE(KIND, ...) AT_DISPATCH_CASE(KIND, __VA_ARGS__)
#define AT_PRIVATE_CASE_TYPE(NAME, KIND, T, ...) AT_DISPATCH_CASE(KIND, __VA_ARGS__)
#define AT_PRIVATE_CHECK_SELECTIVE_BUILD(...)
#define MIGRATE_KIND(kind) ::c10::ScalarType::kind
#define AT_DISPATCH_CASE_FLOATING_TYPES(...)                                  \
  case MIGRATE_KIND(Double):                                                  \
    AT_DISPATCH_CASE(MIGRATE_KIND(Float), __VA_ARGS__)
#define AT_DISPATCH_CASE_FLOATING_TYPES_AND_HALF(...)                         \
  case MIGRATE_KIND(Half):                                                    \
    AT_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__)
#define AT_DISPATCH_CASE_FLOATING_TYPES_AND(S1, ...)                          \
  case S1:                                                                    \
    AT_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__)
#define AT_DISPATCH_CASE_FLOATING_TYPES_AND2(S1, S2, ...)                     \
  case S2:                                                                    \
    AT_DISPATCH_CASE_FLOATING_TYPES_AND(S1, __VA_ARGS__)
#define AT_DISPATCH_CASE_REDUCED_FLOATING_TYPES(...)                          \
  case MIGRATE_KIND(Half):                                                    \
    AT_DISPATCH_CASE(MIGRATE_KIND(BFloat16), __VA_ARGS__)
#define AT_DISPATCH_CASE_INTEGRAL_TYPES(...)                                  \
  case MIGRATE_KIND(Byte):                                                    \
  case MIGRATE_KIND(Char):                                                    \
  case MIGRATE_KIND(Short):                                                   \
  case MIGRATE_KIND(Int):                                                     \
    AT_DISPATCH_CASE(MIGRATE_KIND(Long), __VA_ARGS__)
#define AT_DISPATCH_CASE_INTEGRAL_TYPES_AND(S1, ...)                          \
  case S1:                                                                    \
    AT_DISPATCH_CASE_INTEGRAL_TYPES(__VA_ARGS__)
#define AT_DISPATCH_CASE_ALL_TYPES(...)                                       \
  case MIGRATE_KIND(Double):                                                  \
  case MIGRATE_KIND(Float):                                                   \
    AT_DISPATCH_CASE_INTEGRAL_TYPES(__VA_ARGS__)
#define AT_DISPATCH_CASE_ALL_TYPES_AND(S1, ...)                               \
  case S1:                                                                    \
    AT_DISPATCH_CASE_ALL_TYPES(__VA_ARGS__)
#define AT_DISPATCH_CASE_ALL_TYPES_AND2(S1, S2, ...)                          \
  case S2:                                                                    \
    AT_DISPATCH_CASE_ALL_TYPES_AND(S1, __VA_ARGS__)
