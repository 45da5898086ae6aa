// c10's number types: Half, BFloat16, the 8- and 4-bit floats, complex, quantised integers.
#pragma once
#pragma clang force_cuda_host_device begin

namespace c10 {
// The conversions to and from CUDA's own types exist, as in torch, only where CUDA's header does.
#ifdef MIGRATE_SYSROOT_NO_CUDA
#define MIGRATE_NATIVE(name, native)
#else
#define MIGRATE_NATIVE(name, native) \
  name(const native &value);         \
  operator native() const;
#endif
#define MIGRATE_NUMBER(name, storage, members)                                \
  struct name {                                                               \
    storage x;                                                                \
    struct from_bits_t {};                                                    \
    static constexpr from_bits_t from_bits() { return {}; }                   \
    name() = default;                                                         \
    constexpr name(storage bits, from_bits_t) : x(bits) {}                    \
    constexpr name(float) : x() {}                                            \
    operator float() const;                                                   \
    bool isnan() const;                                                       \
    members                                                                   \
  };
MIGRATE_NUMBER(Half, unsigned short, MIGRATE_NATIVE(Half, __half))
MIGRATE_NUMBER(BFloat16, unsigned short, MIGRATE_NATIVE(BFloat16, __nv_bfloat16))
MIGRATE_NUMBER(Float8_e4m3fn, uint8_t, )
MIGRATE_NUMBER(Float8_e5m2, uint8_t, )
MIGRATE_NUMBER(Float8_e4m3fnuz, uint8_t, )
MIGRATE_NUMBER(Float8_e5m2fnuz, uint8_t, )
#undef MIGRATE_NUMBER
#undef MIGRATE_NATIVE

// Their arithmetic: with themselves and integers it stays in the type, with float or double not.
template <class T> concept small_float =
    __is_same(T, Half) || __is_same(T, BFloat16) || __is_same(T, Float8_e4m3fn) ||
    __is_same(T, Float8_e5m2) || __is_same(T, Float8_e4m3fnuz) || __is_same(T, Float8_e5m2fnuz);
template <class T, class U> using arithmetic_result =
    std::conditional_t<__is_floating_point(U), U, T>;
#define MIGRATE_ARITHMETIC(op)                                                                   \
  template <small_float T> T operator op(T a, T b);                                              \
  template <small_float T, class U> requires(__is_arithmetic(U))                                 \
  arithmetic_result<T, U> operator op(T a, U b);                                                 \
  template <class U, small_float T> requires(__is_arithmetic(U))                                 \
  arithmetic_result<T, U> operator op(U a, T b);                                                 \
  template <small_float T> T &operator op##=(T &a, const T &b);
MIGRATE_ARITHMETIC(+) MIGRATE_ARITHMETIC(-) MIGRATE_ARITHMETIC(*) MIGRATE_ARITHMETIC(/)
#undef MIGRATE_ARITHMETIC
template <small_float T> T operator-(const T &a);
template <small_float T> std::ostream &operator<<(std::ostream &out, const T &value);
float &operator+=(float &a, const Half &b);
float &operator+=(float &a, const BFloat16 &b);

struct Float8_e8m0fnu {
  uint8_t x;
  Float8_e8m0fnu() = default;
  explicit Float8_e8m0fnu(float value);
  operator float() const;
};
struct Float4_e2m1fn_x2 {
  uint8_t val_;
  Float4_e2m1fn_x2() = default;
  explicit Float4_e2m1fn_x2(uint8_t value);
};
struct qint8 { int8_t val_; };
struct quint8 { uint8_t val_; };
struct qint32 { int32_t val_; };
struct quint4x2 { uint8_t val_; };
struct quint2x4 { uint8_t val_; };

template <class T> struct complex {
  using value_type = T;
  T real_, imag_;
  constexpr complex(T real = T(), T imag = T()) : real_(real), imag_(imag) {}
  template <class U> constexpr complex(const complex<U> &other)
      : real_(other.real_), imag_(other.imag_) {}
  constexpr T real() const { return real_; }
  constexpr T imag() const { return imag_; }
  complex &operator+=(const complex &other);
  complex &operator-=(const complex &other);
  complex &operator*=(const complex &other);
  complex &operator/=(const complex &other);
  friend complex operator+(const complex &a, const complex &b);
  friend complex operator-(const complex &a, const complex &b);
  friend complex operator*(const complex &a, const complex &b);
  friend complex operator/(const complex &a, const complex &b);
  friend complex operator-(const complex &a);
  friend bool operator==(const complex &a, const complex &b);
  friend bool operator!=(const complex &a, const complex &b);
};
}  // namespace c10
template <class T> struct std::is_floating_point<c10::complex<T>> : std::false_type {};
template <class T> T real(const c10::complex<T> &z);
template <class T> T imag(const c10::complex<T> &z);
namespace std {
template <class T> c10::complex<T> conj(const c10::complex<T> &z);
template <class T> c10::complex<T> exp(const c10::complex<T> &z);
template <class T> T abs(const c10::complex<T> &z);
template <class T> T real(const c10::complex<T> &z);
template <class T> T imag(const c10::complex<T> &z);
#define MIGRATE_LIMITS(T)                                                     \
  template <> class numeric_limits<T> {                                       \
   public:                                                                    \
    static constexpr bool is_specialized = true, is_signed = true, is_integer = false; \
    static constexpr bool has_infinity = true, has_quiet_NaN = true;          \
    static constexpr T min() { return T(0.f); }                               \
    static constexpr T max() { return T(0.f); }                               \
    static constexpr T lowest() { return T(0.f); }                            \
    static constexpr T epsilon() { return T(0.f); }                           \
    static constexpr T infinity() { return T(0.f); }                          \
    static constexpr T quiet_NaN() { return T(0.f); }                         \
  };
MIGRATE_LIMITS(c10::Half)
MIGRATE_LIMITS(c10::BFloat16)
MIGRATE_LIMITS(c10::Float8_e4m3fn)
MIGRATE_LIMITS(c10::Float8_e5m2)
MIGRATE_LIMITS(c10::Float8_e4m3fnuz)
MIGRATE_LIMITS(c10::Float8_e5m2fnuz)
#undef MIGRATE_LIMITS
}  // namespace std

#pragma clang force_cuda_host_device end
