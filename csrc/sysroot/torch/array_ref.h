// c10::ArrayRef, SmallVector, symbolic integers, List, and c10::Scalar.
#pragma once
#pragma clang force_cuda_host_device begin

namespace c10 {
template <class T, unsigned N = 6> class SmallVector : public std::vector<T> {
 public:
  using std::vector<T>::vector;
  void append(const T *first, const T *last);
};
template <class T> class ArrayRef {
 public:
  using value_type = T;
  using size_type = size_t;
  using iterator = const T *;
  using const_iterator = const T *;
  constexpr ArrayRef();
  constexpr ArrayRef(const T &one);
  constexpr ArrayRef(const T *data, size_t size);
  constexpr ArrayRef(const T *first, const T *last);
  template <class A> ArrayRef(const std::vector<T, A> &values);
  template <unsigned N> ArrayRef(const SmallVector<T, N> &values);
  template <size_t N> constexpr ArrayRef(const std::array<T, N> &values);
  template <size_t N> constexpr ArrayRef(const T (&values)[N]);
  constexpr ArrayRef(const std::initializer_list<T> &values);
  constexpr const T *begin() const;
  constexpr const T *end() const;
  const T *cbegin() const;
  const T *cend() const;
  const T *rbegin() const;
  const T *rend() const;
  constexpr bool empty() const;
  constexpr const T *data() const;
  constexpr size_t size() const;
  const T &front() const;
  const T &back() const;
  bool equals(ArrayRef other) const;
  ArrayRef slice(size_t from, size_t count) const;
  ArrayRef slice(size_t from) const;
  constexpr const T &operator[](size_t i) const;
  const T &at(size_t i) const;
  std::vector<T> vec() const;
};
template <class T> bool operator==(ArrayRef<T> a, ArrayRef<T> b);
template <class T> bool operator!=(ArrayRef<T> a, ArrayRef<T> b);
template <class T> bool operator==(const std::vector<T> &a, ArrayRef<T> b);
template <class T> bool operator!=(const std::vector<T> &a, ArrayRef<T> b);
template <class T> bool operator==(ArrayRef<T> a, const std::vector<T> &b);
template <class T> bool operator!=(ArrayRef<T> a, const std::vector<T> &b);
template <class T> std::ostream &operator<<(std::ostream &out, ArrayRef<T> values);
using IntArrayRef = ArrayRef<int64_t>;
using IntList = IntArrayRef;
using DimVector = SmallVector<int64_t, 5>;

class SymInt {
 public:
  SymInt(int64_t value = 0);
  operator int64_t() const;
  int64_t expect_int() const;
  int64_t guard_int(const char *file, int64_t line) const;
  std::optional<int64_t> maybe_as_int() const;
};
using SymIntArrayRef = ArrayRef<SymInt>;
template <class T> struct OptionalArrayRef : std::optional<ArrayRef<T>> {
  using std::optional<ArrayRef<T>>::optional;
  OptionalArrayRef(const std::initializer_list<T> &values);
  OptionalArrayRef(const std::vector<T> &values);
};
using OptionalIntArrayRef = OptionalArrayRef<int64_t>;

template <class T> class List : public std::vector<T> {
 public:
  using std::vector<T>::vector;
  List(ArrayRef<T> values);
  T get(size_t i) const;
  void set(size_t i, const T &value) const;
  std::vector<T> vec() const;
};
template <class K, class V> class Dict : public std::unordered_map<K, V> {
 public:
  void insert_or_assign(const K &key, const V &value) const;
  bool contains(const K &key) const;
};

class Scalar {
 public:
  Scalar();
  template <class T> requires(__is_arithmetic(T)) Scalar(T value);
  Scalar(Half value);
  Scalar(BFloat16 value);
  template <class T> Scalar(complex<T> value);
  template <class T> T to() const;
  double toDouble() const;
  float toFloat() const;
  int64_t toLong() const;
  int toInt() const;
  bool toBool() const;
  Half toHalf() const;
  BFloat16 toBFloat16() const;
  bool isFloatingPoint() const;
  bool isIntegral(bool include_bool) const;
  bool isBoolean() const;
  bool isComplex() const;
  bool equal(double value) const;
  Scalar operator-() const;
  ScalarType type() const;
};
std::ostream &operator<<(std::ostream &out, const Scalar &scalar);
}  // namespace c10

#pragma clang force_cuda_host_device end
