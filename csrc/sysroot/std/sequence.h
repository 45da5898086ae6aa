// <vector>, <deque>, <list>, <queue>, <stack>, <span>, <bitset>.
#pragma once
#pragma clang force_cuda_host_device begin

namespace std {
// What all sequences share. Iterators are pointers: nothing here depends on how they step.
template <class T> struct sequence {
  using value_type = T;
  using size_type = size_t;
  using difference_type = ptrdiff_t;
  using reference = T &;
  using const_reference = const T &;
  using pointer = T *;
  using iterator = T *;
  using const_iterator = const T *;
  T &front();
  const T &front() const;
  T &back();
  const T &back() const;
  T *begin() noexcept;
  T *end() noexcept;
  const T *begin() const noexcept;
  const T *end() const noexcept;
  const T *cbegin() const noexcept;
  const T *cend() const noexcept;
  T *rbegin() noexcept;
  T *rend() noexcept;
  const T *rbegin() const noexcept;
  const T *rend() const noexcept;
  size_t size() const noexcept;
  size_t max_size() const noexcept;
  bool empty() const noexcept;
  void clear() noexcept;
  void resize(size_t n);
  void resize(size_t n, const T &value);
  void push_back(const T &value);
  void pop_back();
  template <class... A> T &emplace_back(A &&...args);
  void push_front(const T &value);
  void pop_front();
  template <class... A> T &emplace_front(A &&...args);
  T *insert(const T *at, const T &value);
  T *insert(const T *at, size_t count, const T &value);
  T *insert(const T *at, initializer_list<T> list);
  template <class I> requires(!__is_integral(I)) T *insert(const T *at, I first, I last);
  template <class... A> T *emplace(const T *at, A &&...args);
  T *erase(const T *at);
  T *erase(const T *first, const T *last);
  void assign(size_t count, const T &value);
  void assign(initializer_list<T> list);
  template <class I> requires(!__is_integral(I)) void assign(I first, I last);
};

#define MIGRATE_SEQUENCE_CONSTRUCTORS(name)                                   \
  name();                                                                     \
  explicit name(size_t count);                                                \
  name(size_t count, const T &value);                                         \
  name(initializer_list<T> list);                                             \
  name(const name &other);                                                    \
  name(name &&other) noexcept;                                                \
  template <class I> requires requires(I i) { *i; ++i; } name(I first, I last); \
  ~name();                                                                    \
  name &operator=(const name &other);                                         \
  name &operator=(name &&other) noexcept;                                     \
  name &operator=(initializer_list<T> list);                                  \
  void swap(name &other) noexcept;                                            \
  bool operator==(const name &other) const;                                   \
  bool operator!=(const name &other) const;                                   \
  bool operator<(const name &other) const;

template <class T, class A = allocator<T>> class vector : public sequence<T> {
 public:
  using allocator_type = A;
  MIGRATE_SEQUENCE_CONSTRUCTORS(vector)
  T &operator[](size_t i);
  const T &operator[](size_t i) const;
  T &at(size_t i);
  const T &at(size_t i) const;
  T *data() noexcept;
  const T *data() const noexcept;
  void reserve(size_t n);
  size_t capacity() const noexcept;
  void shrink_to_fit();
};
template <class I> requires requires(I i) { *i; ++i; }
vector(I, I) -> vector<remove_cvref_t<decltype(*declval<I>())>>;
template <class T> vector(size_t, T) -> vector<T>;

template <class T, class A = allocator<T>> class deque : public sequence<T> {
 public:
  MIGRATE_SEQUENCE_CONSTRUCTORS(deque)
  T &operator[](size_t i);
  const T &operator[](size_t i) const;
  T &at(size_t i);
};
template <class T, class A = allocator<T>> class list : public sequence<T> {
 public:
  MIGRATE_SEQUENCE_CONSTRUCTORS(list)
  template <class... X> void splice(const T *at, X &&...other);
  void remove(const T &value);
  template <class... F> void sort(F... less);
};
#undef MIGRATE_SEQUENCE_CONSTRUCTORS

template <class T, class C = deque<T>> class queue {
 public:
  queue();
  void push(const T &value);
  template <class... A> void emplace(A &&...args);
  void pop();
  T &front();
  T &back();
  T &top();
  size_t size() const;
  bool empty() const;
};
template <class T, class C = deque<T>> class stack : public queue<T, C> {};
template <class T, class C = vector<T>, class L = less<T>> class priority_queue
    : public queue<T, C> {
 public:
  priority_queue();
  template <class... A> explicit priority_queue(const L &less, A &&...container);
};

inline constexpr size_t dynamic_extent = size_t(-1);
template <class T, size_t N = dynamic_extent> class span {
 public:
  using element_type = T;
  using value_type = remove_cv_t<T>;
  using iterator = T *;
  constexpr span() noexcept;
  constexpr span(T *data, size_t size);
  constexpr span(T *first, T *last);
  template <size_t M> constexpr span(T (&values)[M]) noexcept;
  template <class C> requires requires(C &c) { c.data(); c.size(); } constexpr span(C &&c);
  T &operator[](size_t i) const;
  T &front() const;
  T &back() const;
  T *data() const noexcept;
  T *begin() const noexcept;
  T *end() const noexcept;
  size_t size() const noexcept;
  size_t size_bytes() const noexcept;
  bool empty() const noexcept;
  span<T> subspan(size_t from, size_t count = dynamic_extent) const;
  span<T> first(size_t count) const;
  span<T> last(size_t count) const;
};

template <size_t N> class bitset {
 public:
  bitset(unsigned long long value = 0) noexcept;
  bool operator[](size_t i) const;
  bool test(size_t i) const;
  bitset &set(size_t i, bool value = true);
  bitset &reset(size_t i);
  size_t count() const noexcept;
  size_t size() const noexcept;
  string to_string() const;
  unsigned long to_ulong() const;
  unsigned long long to_ullong() const;
};
template <class T, class A, class P> size_t erase_if(vector<T, A> &v, P predicate);
}  // namespace std

#pragma clang force_cuda_host_device end
