// <map>, <set>, <unordered_map>, <unordered_set>.
#pragma once
#pragma clang force_cuda_host_device begin

namespace std {
template <class V> struct node_iterator {
  using value_type = V;
  using difference_type = ptrdiff_t;
  using reference = V &;
  using pointer = V *;
  using iterator_category = bidirectional_iterator_tag;
  node_iterator();
  // An iterator converts to the iterator over the constant value.
  template <class U> requires(__is_convertible_to(U *, V *)) node_iterator(node_iterator<U> other);
  V &operator*() const;
  V *operator->() const;
  node_iterator &operator++();
  node_iterator operator++(int);
  node_iterator &operator--();
  node_iterator operator--(int);
  template <class U> bool operator==(const node_iterator<U> &other) const;
  template <class U> bool operator!=(const node_iterator<U> &other) const;
};

// K is the key, V what an iterator shows.
template <class K, class V> struct associative {
  using key_type = K;
  using value_type = V;
  using size_type = size_t;
  using iterator = node_iterator<V>;
  using const_iterator = node_iterator<const V>;
  iterator begin() noexcept;
  iterator end() noexcept;
  const_iterator begin() const noexcept;
  const_iterator end() const noexcept;
  const_iterator cbegin() const noexcept;
  const_iterator cend() const noexcept;
  iterator rbegin() noexcept;
  iterator rend() noexcept;
  size_t size() const noexcept;
  bool empty() const noexcept;
  void clear() noexcept;
  void reserve(size_t n);
  size_t bucket_count() const noexcept;
  void max_load_factor(float factor);
  template <class Q> requires(__is_constructible(K, const Q &)) iterator find(const Q &key);
  template <class Q> requires(__is_constructible(K, const Q &))
  const_iterator find(const Q &key) const;
  iterator find(const K &key);
  const_iterator find(const K &key) const;
  size_t count(const K &key) const;
  bool contains(const K &key) const;
  iterator lower_bound(const K &key);
  iterator upper_bound(const K &key);
  const_iterator lower_bound(const K &key) const;
  const_iterator upper_bound(const K &key) const;
  pair<iterator, iterator> equal_range(const K &key);
  size_t erase(const K &key);
  iterator erase(iterator at);
  iterator erase(const_iterator at) requires(!__is_same(const V, V));
  iterator erase(iterator first, iterator last);
  pair<iterator, bool> insert(const V &value);
  void insert(initializer_list<V> list);
  template <class I> void insert(I first, I last);
  template <class... A> pair<iterator, bool> emplace(A &&...args);
};
template <class K, class T> struct dictionary : associative<K, pair<const K, T>> {
  using mapped_type = T;
  using iterator = node_iterator<pair<const K, T>>;
  T &operator[](const K &key);
  T &at(const K &key);
  const T &at(const K &key) const;
  template <class... A> pair<iterator, bool> try_emplace(const K &key, A &&...args);
  template <class U> pair<iterator, bool> insert_or_assign(const K &key, U &&value);
};

#define MIGRATE_CONSTRUCTORS(name, V)                                         \
  name();                                                                     \
  template <class... X> explicit name(size_t buckets, X &&...);               \
  name(initializer_list<V> list);                                             \
  template <class... X> name(initializer_list<V> list, size_t buckets, X &&...); \
  template <class I> name(I first, I last);                                   \
  name(const name &other);                                                    \
  name(name &&other) noexcept;                                                \
  ~name();                                                                    \
  name &operator=(const name &other);                                         \
  name &operator=(name &&other) noexcept;                                     \
  name &operator=(initializer_list<V> list);                                  \
  void swap(name &other);                                                     \
  bool operator==(const name &other) const;                                   \
  bool operator!=(const name &other) const;
#define MIGRATE_MAP(name, ...)                                                \
  template <class K, class T, __VA_ARGS__, class A = allocator<K>>            \
  class name : public dictionary<K, T> {                                      \
    using entry = pair<const K, T>;                                           \
                                                                              \
   public:                                                                    \
    MIGRATE_CONSTRUCTORS(name, entry)                                         \
  };
#define MIGRATE_SET(name, ...)                                                \
  template <class K, __VA_ARGS__, class A = allocator<K>>                     \
  class name : public associative<K, const K> {                               \
   public:                                                                    \
    MIGRATE_CONSTRUCTORS(name, K)                                             \
  };
MIGRATE_MAP(map, class Less = less<K>)
MIGRATE_MAP(multimap, class Less = less<K>)
MIGRATE_MAP(unordered_map, class Hash = hash<K>, class Equal = equal_to<K>)
MIGRATE_MAP(unordered_multimap, class Hash = hash<K>, class Equal = equal_to<K>)
MIGRATE_SET(set, class Less = less<K>)
MIGRATE_SET(multiset, class Less = less<K>)
MIGRATE_SET(unordered_set, class Hash = hash<K>, class Equal = equal_to<K>)
#undef MIGRATE_MAP
#undef MIGRATE_SET
#undef MIGRATE_CONSTRUCTORS
}  // namespace std

#pragma clang force_cuda_host_device end
