// <random>, <complex>.
#pragma once
#pragma clang force_cuda_host_device begin

namespace std {
class random_device {
 public:
  using result_type = unsigned;
  unsigned operator()();
};
template <class T, int Tag> class random_engine {
 public:
  using result_type = T;
  random_engine();
  template <class S> explicit random_engine(S &&seed);
  void seed(T value);
  void discard(unsigned long long count);
  T operator()();
  static constexpr T min() { return 0; }
  static constexpr T max() { return ~T(0); }
};
using mt19937 = random_engine<unsigned, 0>;
using mt19937_64 = random_engine<unsigned long, 1>;
using minstd_rand = random_engine<unsigned, 2>;
using default_random_engine = minstd_rand;

#define MIGRATE_DISTRIBUTION(name, Default)                                   \
  template <class T = Default> class name {                                   \
   public:                                                                    \
    using result_type = T;                                                    \
    name();                                                                   \
    explicit name(T a, T b = T());                                            \
    template <class G> T operator()(G &generator);                            \
  };
MIGRATE_DISTRIBUTION(uniform_int_distribution, int)
MIGRATE_DISTRIBUTION(uniform_real_distribution, double)
MIGRATE_DISTRIBUTION(normal_distribution, double)
MIGRATE_DISTRIBUTION(exponential_distribution, double)
#undef MIGRATE_DISTRIBUTION
class bernoulli_distribution {
 public:
  explicit bernoulli_distribution(double p = 0.5);
  template <class G> bool operator()(G &generator);
};

template <class T> class complex {
 public:
  using value_type = T;
  constexpr complex(T real = T(), T imag = T()) : real_(real), imag_(imag) {}
  template <class U>
  constexpr complex(const complex<U> &other) : real_(other.real()), imag_(other.imag()) {}
  constexpr T real() const { return real_; }
  constexpr T imag() const { return imag_; }
  void real(T value);
  void imag(T value);
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

 private:
  T real_, imag_;
};
template <class T> T real(const complex<T> &z);
template <class T> T imag(const complex<T> &z);
template <class T> T abs(const complex<T> &z);
template <class T> T arg(const complex<T> &z);
template <class T> T norm(const complex<T> &z);
template <class T> complex<T> conj(const complex<T> &z);
template <class T> complex<T> polar(T r, T theta);
template <class T> complex<T> exp(const complex<T> &z);
template <class T> complex<T> sqrt(const complex<T> &z);
}  // namespace std

#pragma clang force_cuda_host_device end
