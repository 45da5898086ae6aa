// torch's c10::complex without torch: two adjacent numbers, aligned as one, with c10's formulas
// (multiplication without the C99 infinity rules, division scaled by the larger part).
// Conversions to thrust::complex and the transcendental functions are not carried.
#pragma once

#include <cmath>
#include <complex>
#include <ostream>
#include <type_traits>

#include "ffi_port/half.h"
#include "ffi_port/macros.h"

namespace ffi_port {

template <class T>
struct alignas(sizeof(T) * 2) complex {
  using value_type = T;

  T real_ = T(0);
  T imag_ = T(0);

  constexpr complex() = default;
  FFI_HD constexpr complex(const T& re, const T& im = T()) : real_(re), imag_(im) {}
  template <class U>
  explicit constexpr complex(const std::complex<U>& other) : complex(other.real(), other.imag()) {}
  // Widening is implicit, narrowing is not.
  template <class U = T>
  FFI_HD explicit constexpr complex(
      const std::enable_if_t<std::is_same_v<U, float>, complex<double>>& other)
      : real_(other.real_), imag_(other.imag_) {}
  template <class U = T>
  FFI_HD constexpr complex(
      const std::enable_if_t<std::is_same_v<U, double>, complex<float>>& other)
      : real_(other.real_), imag_(other.imag_) {}

  FFI_HD constexpr T real() const { return real_; }
  FFI_HD constexpr T imag() const { return imag_; }
  FFI_HD constexpr void real(T value) { real_ = value; }
  FFI_HD constexpr void imag(T value) { imag_ = value; }

  FFI_HD constexpr complex& operator=(T re) {
    real_ = re;
    imag_ = 0;
    return *this;
  }
  FFI_HD constexpr complex& operator+=(T re) {
    real_ += re;
    return *this;
  }
  FFI_HD constexpr complex& operator-=(T re) {
    real_ -= re;
    return *this;
  }
  FFI_HD constexpr complex& operator*=(T re) {
    real_ *= re;
    imag_ *= re;
    return *this;
  }
  FFI_HD constexpr complex& operator/=(T re) {
    real_ /= re;
    imag_ /= re;
    return *this;
  }

  template <class U>
  FFI_HD constexpr complex& operator=(const complex<U>& o) {
    real_ = o.real();
    imag_ = o.imag();
    return *this;
  }
  template <class U>
  constexpr complex& operator=(const std::complex<U>& o) {
    real_ = o.real();
    imag_ = o.imag();
    return *this;
  }
  template <class U>
  FFI_HD constexpr complex& operator+=(const complex<U>& o) {
    real_ += o.real();
    imag_ += o.imag();
    return *this;
  }
  template <class U>
  FFI_HD constexpr complex& operator-=(const complex<U>& o) {
    real_ -= o.real();
    imag_ -= o.imag();
    return *this;
  }
  template <class U>
  FFI_HD constexpr complex& operator*=(const complex<U>& o) {
    const T re = real_;
    const U ore = o.real();
    const U oim = o.imag();
    real_ = re * ore - imag_ * oim;
    imag_ = re * oim + imag_ * ore;
    return *this;
  }
  template <class U>
  FFI_HD constexpr complex& operator/=(const complex<U>& o) {
    const T re = real_;
    const T im = imag_;
    const U c = o.real();
    const U d = o.imag();
    const U abs_c = c < 0 ? -c : c;
    const U abs_d = d < 0 ? -d : d;
    if (abs_c >= abs_d) {
      if (abs_c == U(0) && abs_d == U(0)) {
        real_ = re / abs_c;
        imag_ = im / abs_d;
      } else {
        const auto ratio = d / c;
        const auto scale = U(1.0) / (c + d * ratio);
        real_ = (re + im * ratio) * scale;
        imag_ = (im - re * ratio) * scale;
      }
    } else {
      const auto ratio = c / d;
      const auto scale = U(1.0) / (d + c * ratio);
      real_ = (re * ratio + im) * scale;
      imag_ = (im * ratio - re) * scale;
    }
    return *this;
  }

  template <class U>
  explicit constexpr operator std::complex<U>() const {
    return std::complex<U>(std::complex<T>(real(), imag()));
  }
  FFI_HD explicit constexpr operator bool() const { return real() || imag(); }
};

// ComplexHalf: storage and conversion to and from complex<float>, and += -= *= are all c10 has.
template <>
struct alignas(4) complex<Half> {
  Half real_;
  Half imag_;

  complex() = default;
  FFI_HD explicit complex(const Half& real, const Half& imag) : real_(real), imag_(imag) {}
  FFI_HD complex(const complex<float>& value) : real_(value.real()), imag_(value.imag()) {}
  FFI_HD operator complex<float>() const { return {real_, imag_}; }
  FFI_HD constexpr Half real() const { return real_; }
  FFI_HD constexpr Half imag() const { return imag_; }
  FFI_HD complex& operator+=(const complex& o) {
    real_ = static_cast<float>(real_) + static_cast<float>(o.real_);
    imag_ = static_cast<float>(imag_) + static_cast<float>(o.imag_);
    return *this;
  }
  FFI_HD complex& operator-=(const complex& o) {
    real_ = static_cast<float>(real_) - static_cast<float>(o.real_);
    imag_ = static_cast<float>(imag_) - static_cast<float>(o.imag_);
    return *this;
  }
  FFI_HD complex& operator*=(const complex& o) {
    const float a = real_, b = imag_, c = o.real_, d = o.imag_;
    real_ = a * c - b * d;
    imag_ = a * d + b * c;
    return *this;
  }
};

template <class T>
FFI_HD constexpr complex<T> operator+(const complex<T>& value) {
  return value;
}
template <class T>
FFI_HD constexpr complex<T> operator-(const complex<T>& value) {
  return complex<T>(-value.real(), -value.imag());
}

// Complex with complex, with its own part type, and with integers, on either side.
#define FFI_PORT_COMPLEX_OPERATOR_(op)                                                         \
  template <class T>                                                                           \
  FFI_HD constexpr complex<T> operator op(const complex<T>& a, const complex<T>& b) {          \
    complex<T> result = a;                                                                     \
    return result op##= b;                                                                     \
  }                                                                                            \
  template <class T>                                                                           \
  FFI_HD constexpr complex<T> operator op(const complex<T>& a, const T& b) {                   \
    complex<T> result = a;                                                                     \
    return result op##= b;                                                                     \
  }                                                                                            \
  template <class T, class I, std::enable_if_t<std::is_integral_v<I>, int> = 0>                \
  FFI_HD constexpr complex<T> operator op(const complex<T>& a, const I& b) {                   \
    return a op static_cast<T>(b);                                                             \
  }                                                                                            \
  template <class T, class I, std::enable_if_t<std::is_integral_v<I>, int> = 0>                \
  FFI_HD constexpr complex<T> operator op(const I& a, const complex<T>& b) {                   \
    return static_cast<T>(a) op b;                                                             \
  }
template <class T>
FFI_HD constexpr complex<T> operator+(const T& a, const complex<T>& b) {
  return complex<T>(a + b.real(), b.imag());
}
template <class T>
FFI_HD constexpr complex<T> operator-(const T& a, const complex<T>& b) {
  complex<T> result = -b;
  return result += a;
}
template <class T>
FFI_HD constexpr complex<T> operator*(const T& a, const complex<T>& b) {
  complex<T> result = b;
  return result *= a;
}
template <class T>
FFI_HD constexpr complex<T> operator/(const T& a, const complex<T>& b) {
  complex<T> result(a, T());
  return result /= b;
}
FFI_PORT_COMPLEX_OPERATOR_(+)
FFI_PORT_COMPLEX_OPERATOR_(-)
FFI_PORT_COMPLEX_OPERATOR_(*)
FFI_PORT_COMPLEX_OPERATOR_(/)
#undef FFI_PORT_COMPLEX_OPERATOR_

template <class T>
FFI_HD constexpr bool operator==(const complex<T>& a, const complex<T>& b) {
  return a.real() == b.real() && a.imag() == b.imag();
}
template <class T>
FFI_HD constexpr bool operator==(const complex<T>& a, const T& b) {
  return a.real() == b && a.imag() == T();
}
template <class T>
FFI_HD constexpr bool operator==(const T& a, const complex<T>& b) {
  return b == a;
}
template <class T, class U>
FFI_HD constexpr auto operator!=(const complex<T>& a, const U& b) -> decltype(!(a == b)) {
  return !(a == b);
}
template <class T>
FFI_HD constexpr bool operator!=(const T& a, const complex<T>& b) {
  return !(a == b);
}

template <class T>
std::ostream& operator<<(std::ostream& out, const complex<T>& value) {
  return out << static_cast<std::complex<T>>(value);
}

template <class T>
FFI_HD complex<T> polar(const T& r, const T& theta = T()) {
  return complex<T>(r * std::cos(theta), r * std::sin(theta));
}

}  // namespace ffi_port

namespace std {
template <class T>
FFI_HD constexpr T real(const ffi_port::complex<T>& z) {
  return z.real();
}
template <class T>
FFI_HD constexpr T imag(const ffi_port::complex<T>& z) {
  return z.imag();
}
template <class T>
FFI_HD T abs(const ffi_port::complex<T>& z) {
  return hypot(z.real(), z.imag());
}
template <class T>
FFI_HD T arg(const ffi_port::complex<T>& z) {
  return atan2(z.imag(), z.real());
}
template <class T>
FFI_HD constexpr T norm(const ffi_port::complex<T>& z) {
  return z.real() * z.real() + z.imag() * z.imag();
}
template <class T>
FFI_HD constexpr ffi_port::complex<T> conj(const ffi_port::complex<T>& z) {
  return ffi_port::complex<T>(z.real(), -z.imag());
}
}  // namespace std
