// <cmath>: the C names, the overloads C++ and CUDA add to them, and CUDA's global min and max.
#pragma once
#pragma clang force_cuda_host_device begin

#define INFINITY (__builtin_inff())
#define NAN (__builtin_nanf(""))
#define HUGE_VAL (__builtin_huge_val())
#define HUGE_VALF (__builtin_huge_valf())
#define M_E 2.7182818284590452354
#define M_LOG2E 1.4426950408889634074
#define M_LN2 0.69314718055994530942
#define M_PI 3.14159265358979323846
#define M_PI_2 1.57079632679489661923
#define M_PI_4 0.78539816339744830962
#define M_1_PI 0.31830988618379067154
#define M_2_SQRTPI 1.12837916709551257390
#define M_SQRT2 1.41421356237309504880
#define M_SQRT1_2 0.70710678118654752440

namespace migrate_sysroot {
template <bool Condition, class T> struct enable_if {};
template <class T> struct enable_if<true, T> { using type = T; };
template <class T, class R> using if_integral = typename enable_if<__is_integral(T), R>::type;
template <class A, class B> struct wider { using type = double; };
template <> struct wider<float, float> { using type = float; };
template <class A, class B>
using if_arithmetic = typename enable_if<__is_arithmetic(A) && __is_arithmetic(B),
                                         typename wider<A, B>::type>::type;
}  // namespace migrate_sysroot

#define MIGRATE_MATH_1(name)                                                       \
  extern "C" double name(double);                                                  \
  extern "C" float name##f(float);                                                 \
  float name(float);                                                               \
  long double name(long double);                                                   \
  template <class T> ::migrate_sysroot::if_integral<T, double> name(T);            \
  namespace std {                                                                  \
  using ::name;                                                                    \
  using ::name##f;                                                                 \
  }
#define MIGRATE_MATH_2(name)                                                       \
  extern "C" double name(double, double);                                          \
  extern "C" float name##f(float, float);                                          \
  float name(float, float);                                                        \
  template <class A, class B> ::migrate_sysroot::if_arithmetic<A, B> name(A, B);   \
  namespace std {                                                                  \
  using ::name;                                                                    \
  using ::name##f;                                                                 \
  }

MIGRATE_MATH_1(acos) MIGRATE_MATH_1(acosh) MIGRATE_MATH_1(asin) MIGRATE_MATH_1(asinh)
MIGRATE_MATH_1(atan) MIGRATE_MATH_1(atanh) MIGRATE_MATH_1(cbrt) MIGRATE_MATH_1(ceil)
MIGRATE_MATH_1(cos) MIGRATE_MATH_1(cosh) MIGRATE_MATH_1(erf) MIGRATE_MATH_1(erfc)
MIGRATE_MATH_1(exp) MIGRATE_MATH_1(exp2) MIGRATE_MATH_1(expm1) MIGRATE_MATH_1(fabs)
MIGRATE_MATH_1(floor) MIGRATE_MATH_1(lgamma) MIGRATE_MATH_1(log) MIGRATE_MATH_1(log10)
MIGRATE_MATH_1(log1p) MIGRATE_MATH_1(log2) MIGRATE_MATH_1(logb) MIGRATE_MATH_1(nearbyint)
MIGRATE_MATH_1(rint) MIGRATE_MATH_1(round) MIGRATE_MATH_1(sin) MIGRATE_MATH_1(sinh)
MIGRATE_MATH_1(sqrt) MIGRATE_MATH_1(tan) MIGRATE_MATH_1(tanh) MIGRATE_MATH_1(tgamma)
MIGRATE_MATH_1(trunc)
MIGRATE_MATH_2(atan2) MIGRATE_MATH_2(copysign) MIGRATE_MATH_2(fdim) MIGRATE_MATH_2(fmax)
MIGRATE_MATH_2(fmin) MIGRATE_MATH_2(fmod) MIGRATE_MATH_2(hypot) MIGRATE_MATH_2(nextafter)
MIGRATE_MATH_2(pow) MIGRATE_MATH_2(remainder)
#undef MIGRATE_MATH_1
#undef MIGRATE_MATH_2

extern "C" {
int abs(int);
long labs(long);
long long llabs(long long);
double fma(double, double, double);
float fmaf(float, float, float);
double ldexp(double, int);
float ldexpf(float, int);
double scalbn(double, int);
float scalbnf(float, int);
double frexp(double, int *);
float frexpf(float, int *);
double modf(double, double *);
float modff(float, float *);
long lround(double);
long lroundf(float);
long long llround(double);
long lrint(double);
long lrintf(float);
long long llrint(double);
int ilogb(double);
}
long abs(long);
long long abs(long long);
float abs(float);
double abs(double);
float fma(float, float, float);
float ldexp(float, int);
float frexp(float, int *);
float modf(float, float *);
long lround(float);
long lrint(float);
bool isnan(float);
bool isnan(double);
bool isinf(float);
bool isinf(double);
bool isfinite(float);
bool isfinite(double);
bool signbit(float);
bool signbit(double);
bool isnormal(double);

namespace std {
using ::abs, ::labs, ::llabs, ::fma, ::fmaf, ::ldexp, ::scalbn, ::frexp, ::modf, ::lround,
    ::llround, ::lrint, ::llrint, ::ilogb, ::isnan, ::isinf, ::isfinite, ::signbit, ::isnormal;
}  // namespace std

#ifndef MIGRATE_SYSROOT_NO_CUDA
// CUDA and HIP put min and max into the global namespace, one overload a type.
#define MIGRATE_MIN_MAX(T) \
  constexpr T min(T a, T b) { return b < a ? b : a; } \
  constexpr T max(T a, T b) { return a < b ? b : a; }
MIGRATE_MIN_MAX(int) MIGRATE_MIN_MAX(unsigned) MIGRATE_MIN_MAX(long) MIGRATE_MIN_MAX(unsigned long)
MIGRATE_MIN_MAX(long long) MIGRATE_MIN_MAX(unsigned long long) MIGRATE_MIN_MAX(float)
MIGRATE_MIN_MAX(double)
#undef MIGRATE_MIN_MAX
#define MIGRATE_MIN_MAX(A, B, R) \
  constexpr R min(A a, B b) { return (R)b < (R)a ? (R)b : (R)a; } \
  constexpr R max(A a, B b) { return (R)a < (R)b ? (R)b : (R)a; }
MIGRATE_MIN_MAX(int, unsigned, unsigned) MIGRATE_MIN_MAX(unsigned, int, unsigned)
MIGRATE_MIN_MAX(long, unsigned long, unsigned long)
MIGRATE_MIN_MAX(unsigned long, long, unsigned long)
MIGRATE_MIN_MAX(float, double, double) MIGRATE_MIN_MAX(double, float, double)
#undef MIGRATE_MIN_MAX
#endif

#pragma clang force_cuda_host_device end
