// <string>, <string_view>, <charconv>.
#pragma once
#pragma clang force_cuda_host_device begin

namespace migrate_absent {
struct any;  // see absent.h
}

namespace std {
template <class T> struct allocator { using value_type = T; };
template <class C> struct char_traits {};
template <class C, class Tr = char_traits<C>, class A = allocator<C>> class basic_string;

template <class C, class Tr = char_traits<C>> class basic_string_view {
 public:
  using value_type = C;
  using const_iterator = const C *;
  using iterator = const C *;
  static constexpr size_t npos = size_t(-1);
  constexpr basic_string_view() noexcept : data_(nullptr), size_(0) {}
  constexpr basic_string_view(const C *text) : data_(text), size_(__builtin_strlen(text)) {}
  constexpr basic_string_view(const C *text, size_t size) : data_(text), size_(size) {}
  constexpr const C *data() const noexcept { return data_; }
  constexpr size_t size() const noexcept { return size_; }
  constexpr size_t length() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr const C *begin() const noexcept { return data_; }
  constexpr const C *end() const noexcept { return data_ + size_; }
  constexpr const C &operator[](size_t i) const { return data_[i]; }
  const C &at(size_t i) const;
  const C &front() const;
  const C &back() const;
  void remove_prefix(size_t n);
  void remove_suffix(size_t n);
  constexpr basic_string_view substr(size_t from = 0, size_t count = npos) const {
    return {data_ + from, count < size_ - from ? count : size_ - from};
  }
  template <class T> constexpr size_t find(T what, size_t from = 0) const { return npos; }
  template <class T> constexpr size_t rfind(T what, size_t from = npos) const { return npos; }
  template <class T> size_t find_first_of(T what, size_t from = 0) const;
  template <class T> size_t find_last_of(T what, size_t from = npos) const;
  template <class T> size_t find_first_not_of(T what, size_t from = 0) const;
  template <class T> size_t find_last_not_of(T what, size_t from = npos) const;
  template <class T> bool starts_with(T what) const;
  template <class T> bool ends_with(T what) const;
  int compare(basic_string_view other) const;

 private:
  const C *data_;
  size_t size_;
};
using string_view = basic_string_view<char>;

template <class C, class Tr, class A> class basic_string {
 public:
  using value_type = C;
  using size_type = size_t;
  using iterator = C *;
  using const_iterator = const C *;
  static constexpr size_t npos = size_t(-1);
  basic_string();
  basic_string(const C *text);
  basic_string(const C *text, size_t size);
  basic_string(size_t count, C c);
  basic_string(const basic_string &other);
  basic_string(const basic_string &other, size_t from, size_t count = npos);
  basic_string(basic_string &&other) noexcept;
  basic_string(initializer_list<C> list);
  explicit basic_string(basic_string_view<C> view);
  template <class I> requires requires(I i) { *i; ++i; } basic_string(I first, I last);
  basic_string(decltype(nullptr)) = delete;
  ~basic_string();
  basic_string &operator=(const basic_string &other);
  basic_string &operator=(basic_string &&other) noexcept;
  basic_string &operator=(const C *text);
  basic_string &operator=(basic_string_view<C> view);
  basic_string &operator=(C c);
  // Converts to all of the above.
  basic_string &operator=(const ::migrate_absent::any &value);
  operator basic_string_view<C>() const noexcept;
  const C *c_str() const noexcept;
  const C *data() const noexcept;
  C *data() noexcept;
  size_t size() const noexcept;
  size_t length() const noexcept;
  size_t capacity() const noexcept;
  bool empty() const noexcept;
  void clear() noexcept;
  void reserve(size_t n);
  void resize(size_t n, C c = C());
  void shrink_to_fit();
  C &operator[](size_t i);
  const C &operator[](size_t i) const;
  C &at(size_t i);
  const C &at(size_t i) const;
  C &front();
  const C &front() const;
  C &back();
  const C &back() const;
  C *begin() noexcept;
  C *end() noexcept;
  const C *begin() const noexcept;
  const C *end() const noexcept;
  const C *cbegin() const noexcept;
  const C *cend() const noexcept;
  C *rbegin() noexcept;
  C *rend() noexcept;
  void push_back(C c);
  void pop_back();
  basic_string &operator+=(const basic_string &other);
  basic_string &operator+=(const C *text);
  basic_string &operator+=(C c);
  basic_string &operator+=(basic_string_view<C> view);
  template <class... T> basic_string &append(T... what);
  template <class... T> basic_string &assign(T... what);
  template <class... T> basic_string &replace(T... what);
  template <class... T> basic_string &insert(size_t at, T... what);
  template <class... T> C *insert(const C *at, T... what);
  basic_string &erase(size_t from = 0, size_t count = npos);
  C *erase(const C *at);
  C *erase(const C *first, const C *last);
  basic_string substr(size_t from = 0, size_t count = npos) const;
  template <class T> size_t find(const T &what, size_t from = 0) const;
  template <class T> size_t rfind(const T &what, size_t from = npos) const;
  template <class T> size_t find_first_of(const T &what, size_t from = 0) const;
  template <class T> size_t find_last_of(const T &what, size_t from = npos) const;
  template <class T> size_t find_first_not_of(const T &what, size_t from = 0) const;
  template <class T> size_t find_last_not_of(const T &what, size_t from = npos) const;
  template <class T> bool starts_with(const T &what) const;
  template <class T> bool ends_with(const T &what) const;
  template <class... T> int compare(const T &...what) const;
  void swap(basic_string &other) noexcept;
};
using string = basic_string<char>;
using wstring = basic_string<wchar_t>;

template <class C> basic_string<C> operator+(const basic_string<C> &a, const basic_string<C> &b);
template <class C> basic_string<C> operator+(const basic_string<C> &a, const C *b);
template <class C> basic_string<C> operator+(const basic_string<C> &a, C b);
template <class C> basic_string<C> operator+(const C *a, const basic_string<C> &b);
template <class C> basic_string<C> operator+(C a, const basic_string<C> &b);
// One template parameter, so that the other side may convert (string_view against "text").
#define MIGRATE_COMPARE(op)                                                               \
  template <class C> bool operator op(const basic_string<C> &a, const basic_string<C> &b); \
  template <class C> bool operator op(const basic_string<C> &a, const C *b);              \
  template <class C> bool operator op(const C *a, const basic_string<C> &b);              \
  template <class C>                                                                      \
  constexpr bool operator op(basic_string_view<C> a, type_identity_t<basic_string_view<C>> b) { \
    return a.size() op b.size();                                                          \
  }                                                                                       \
  template <class C>                                                                      \
  bool operator op(const C *a, basic_string_view<C> b);
MIGRATE_COMPARE(==) MIGRATE_COMPARE(!=) MIGRATE_COMPARE(<) MIGRATE_COMPARE(>)
MIGRATE_COMPARE(<=) MIGRATE_COMPARE(>=)
#undef MIGRATE_COMPARE

#define MIGRATE_TO_STRING(T) string to_string(T value);
MIGRATE_TO_STRING(int) MIGRATE_TO_STRING(unsigned) MIGRATE_TO_STRING(long)
MIGRATE_TO_STRING(unsigned long) MIGRATE_TO_STRING(long long)
MIGRATE_TO_STRING(unsigned long long) MIGRATE_TO_STRING(float) MIGRATE_TO_STRING(double)
#undef MIGRATE_TO_STRING
int stoi(const string &text, size_t *end = nullptr, int base = 10);
long stol(const string &text, size_t *end = nullptr, int base = 10);
unsigned long stoul(const string &text, size_t *end = nullptr, int base = 10);
long long stoll(const string &text, size_t *end = nullptr, int base = 10);
unsigned long long stoull(const string &text, size_t *end = nullptr, int base = 10);
float stof(const string &text, size_t *end = nullptr);
double stod(const string &text, size_t *end = nullptr);

inline namespace literals {
inline namespace string_literals {
string operator""s(const char *text, size_t size);
}
inline namespace string_view_literals {
constexpr string_view operator""sv(const char *text, size_t size) { return {text, size}; }
}
}  // namespace literals

template <class T> struct hash {
  size_t operator()(const T &value) const noexcept;
};
}  // namespace std

#pragma clang force_cuda_host_device end
