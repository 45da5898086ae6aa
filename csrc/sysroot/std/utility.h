// <utility>, <initializer_list>, <new>, <typeinfo>, <iterator>: what every other header needs.
#pragma once
#pragma clang force_cuda_host_device begin

namespace std {
template <class E> class initializer_list {
 public:
  using value_type = E;
  using size_type = size_t;
  using iterator = const E *;
  using const_iterator = const E *;
  constexpr initializer_list() noexcept = default;
  constexpr size_t size() const noexcept { return size_; }
  constexpr const E *begin() const noexcept { return begin_; }
  constexpr const E *end() const noexcept { return begin_ + size_; }

 private:
  const E *begin_ = nullptr;
  size_t size_ = 0;
};

class type_info {
 public:
  virtual ~type_info();
  const char *name() const noexcept;
  size_t hash_code() const noexcept;
  bool operator==(const type_info &other) const noexcept;
};
class type_index {
 public:
  type_index(const type_info &info) noexcept;
  const char *name() const noexcept;
  size_t hash_code() const noexcept;
  bool operator==(const type_index &other) const noexcept;
  bool operator<(const type_index &other) const noexcept;
};
enum class align_val_t : size_t {};
struct nothrow_t {};
inline constexpr nothrow_t nothrow{};

template <class T> constexpr __remove_reference_t(T) &&move(T &&value) noexcept {
  return static_cast<__remove_reference_t(T) &&>(value);
}
template <class T> constexpr T &&forward(__remove_reference_t(T) &value) noexcept {
  return static_cast<T &&>(value);
}
template <class T> constexpr T &&forward(__remove_reference_t(T) &&value) noexcept {
  return static_cast<T &&>(value);
}
template <class T> constexpr const T &as_const(T &value) noexcept { return value; }
template <class T> constexpr T *addressof(T &value) noexcept { return __builtin_addressof(value); }
template <class T> void swap(T &a, T &b);
template <class T, size_t N> void swap(T (&a)[N], T (&b)[N]);
template <class T, class U = T> T exchange(T &target, U &&value);
template <class T> constexpr underlying_type_t<T> to_underlying(T value) noexcept {
  return static_cast<underlying_type_t<T>>(value);
}
[[noreturn]] void unreachable();

struct in_place_t {};
inline constexpr in_place_t in_place{};
template <class T> struct in_place_type_t {};
template <class T> inline constexpr in_place_type_t<T> in_place_type{};
struct piecewise_construct_t {};
inline constexpr piecewise_construct_t piecewise_construct{};
struct monostate {};

template <class T, T... I> struct integer_sequence {
  using value_type = T;
  static constexpr size_t size() noexcept { return sizeof...(I); }
};
template <size_t... I> using index_sequence = integer_sequence<size_t, I...>;
template <class T, T N> using make_integer_sequence = __make_integer_seq<integer_sequence, T, N>;
template <size_t N> using make_index_sequence = make_integer_sequence<size_t, N>;
template <class... T> using index_sequence_for = make_index_sequence<sizeof...(T)>;

template <class T> struct tuple_size;
template <class T> struct tuple_size<const T> : tuple_size<T> {};
template <class T> inline constexpr size_t tuple_size_v = tuple_size<T>::value;
template <size_t I, class T> struct tuple_element;
template <size_t I, class T> struct tuple_element<I, const T> {
  using type = const typename tuple_element<I, T>::type;
};
template <size_t I, class T> using tuple_element_t = typename tuple_element<I, T>::type;

template <class A, class B> struct pair {
  using first_type = A;
  using second_type = B;
  A first;
  B second;
  constexpr pair() : first(), second() {}
  constexpr pair(const A &a, const B &b) : first(a), second(b) {}
  template <class U, class V, class = enable_if_t<__is_constructible(A, U) &&
                                                  __is_constructible(B, V)>>
  constexpr pair(U &&u, V &&v) : first(forward<U>(u)), second(forward<V>(v)) {}
  template <class U, class V, class = enable_if_t<__is_constructible(A, const U &) &&
                                                  __is_constructible(B, const V &)>>
  constexpr pair(const pair<U, V> &other) : first(other.first), second(other.second) {}
  template <class... U, class... V> pair(piecewise_construct_t, U &&...);
  template <class U, class V> pair &operator=(const pair<U, V> &other);
  constexpr bool operator==(const pair &o) const { return first == o.first && second == o.second; }
  constexpr bool operator!=(const pair &o) const { return !(*this == o); }
  constexpr bool operator<(const pair &o) const {
    return first < o.first || (!(o.first < first) && second < o.second);
  }
  bool operator>(const pair &o) const;
  bool operator<=(const pair &o) const;
  bool operator>=(const pair &o) const;
};
template <class A, class B> pair(A, B) -> pair<A, B>;
template <class A, class B> constexpr pair<decay_t<A>, decay_t<B>> make_pair(A &&a, B &&b) {
  return {forward<A>(a), forward<B>(b)};
}
template <class A, class B> struct tuple_size<pair<A, B>> : integral_constant<size_t, 2> {};
template <class A, class B> struct tuple_element<0, pair<A, B>> { using type = A; };
template <class A, class B> struct tuple_element<1, pair<A, B>> { using type = B; };
template <size_t I, class A, class B>
constexpr tuple_element_t<I, pair<A, B>> &get(pair<A, B> &p) noexcept {
  if constexpr (I == 0) { return p.first; } else { return p.second; }
}
template <size_t I, class A, class B>
constexpr const tuple_element_t<I, pair<A, B>> &get(const pair<A, B> &p) noexcept {
  if constexpr (I == 0) { return p.first; } else { return p.second; }
}
template <size_t I, class A, class B>
constexpr tuple_element_t<I, pair<A, B>> &&get(pair<A, B> &&p) noexcept {
  if constexpr (I == 0) { return move(p.first); } else { return move(p.second); }
}

template <class T> class reference_wrapper {
 public:
  reference_wrapper(T &value) noexcept;
  operator T &() const noexcept;
  T &get() const noexcept;
};
template <class T> reference_wrapper<T> ref(T &value) noexcept;
template <class T> reference_wrapper<const T> cref(const T &value) noexcept;

struct input_iterator_tag {};
struct output_iterator_tag {};
struct forward_iterator_tag : input_iterator_tag {};
struct bidirectional_iterator_tag : forward_iterator_tag {};
struct random_access_iterator_tag : bidirectional_iterator_tag {};
template <class I> struct iterator_traits {
  using value_type = typename I::value_type;
  using difference_type = typename I::difference_type;
  using reference = typename I::reference;
  using pointer = typename I::pointer;
  using iterator_category = typename I::iterator_category;
};
template <class T> struct iterator_traits<T *> {
  using value_type = remove_cv_t<T>;
  using difference_type = ptrdiff_t;
  using reference = T &;
  using pointer = T *;
  using iterator_category = random_access_iterator_tag;
};

template <class C> constexpr auto begin(C &c) -> decltype(c.begin()) { return c.begin(); }
template <class C> constexpr auto end(C &c) -> decltype(c.end()) { return c.end(); }
template <class C> constexpr auto begin(const C &c) -> decltype(c.begin()) { return c.begin(); }
template <class C> constexpr auto end(const C &c) -> decltype(c.end()) { return c.end(); }
template <class T, size_t N> constexpr T *begin(T (&a)[N]) noexcept { return a; }
template <class T, size_t N> constexpr T *end(T (&a)[N]) noexcept { return a + N; }
template <class C> constexpr auto size(const C &c) -> decltype(c.size()) { return c.size(); }
template <class T, size_t N> constexpr size_t size(const T (&)[N]) noexcept { return N; }
template <class C> constexpr auto data(C &c) -> decltype(c.data()) { return c.data(); }
template <class C> bool empty(const C &c);
template <class I> I next(I i, ptrdiff_t n = 1);
template <class I> I prev(I i, ptrdiff_t n = 1);
template <class I, class N> void advance(I &i, N n);
template <class I> ptrdiff_t distance(I first, I last);
template <class C> struct insert_iterator {
  using value_type = void;
  using difference_type = ptrdiff_t;
  using reference = void;
  using pointer = void;
  using iterator_category = output_iterator_tag;
  template <class T> insert_iterator &operator=(const T &value);
  insert_iterator &operator*();
  insert_iterator &operator++();
  insert_iterator operator++(int);
};
template <class C> insert_iterator<C> back_inserter(C &c);
template <class C> insert_iterator<C> front_inserter(C &c);
template <class C, class I> insert_iterator<C> inserter(C &c, I at);
template <class I> I make_move_iterator(I i);
template <class I> class reverse_iterator {
 public:
  using value_type = typename iterator_traits<I>::value_type;
  using difference_type = ptrdiff_t;
  using reference = typename iterator_traits<I>::reference;
  using pointer = typename iterator_traits<I>::pointer;
  using iterator_category = bidirectional_iterator_tag;
  constexpr reverse_iterator();
  constexpr explicit reverse_iterator(I i);
  constexpr I base() const;
  constexpr reference operator*() const;
  constexpr pointer operator->() const;
  constexpr reverse_iterator &operator++();
  constexpr reverse_iterator operator++(int);
  constexpr bool operator==(const reverse_iterator &other) const;
};
template <class I> reverse_iterator<I> make_reverse_iterator(I i);
}  // namespace std

void *operator new(size_t, void *p) noexcept;
void *operator new[](size_t, void *p) noexcept;
void *operator new(size_t, const std::nothrow_t &) noexcept;

#pragma clang force_cuda_host_device end
