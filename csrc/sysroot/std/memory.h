// <memory>: smart pointers.
#pragma once
#pragma clang force_cuda_host_device begin

namespace std {
template <class T> struct default_delete { void operator()(T *p) const; };
// Defined, not only declared: the deleter may be a lambda, whose type has no linkage.
template <class T, class D = default_delete<T>> class unique_ptr {
 public:
  using pointer = remove_extent_t<T> *;
  using element_type = remove_extent_t<T>;
  using deleter_type = D;
  unique_ptr() noexcept {}
  unique_ptr(decltype(nullptr)) noexcept {}
  explicit unique_ptr(pointer p) noexcept : p_(p) {}
  template <class E> unique_ptr(pointer p, E &&deleter) noexcept : p_(p) {}
  unique_ptr(unique_ptr &&other) noexcept : p_(other.p_) {}
  template <class U, class E> requires(__is_convertible_to(U *, T *))
  unique_ptr(unique_ptr<U, E> &&other) noexcept {}
  unique_ptr(const unique_ptr &) = delete;
  ~unique_ptr() {}
  unique_ptr &operator=(unique_ptr &&other) noexcept { return *this; }
  template <class U, class E> unique_ptr &operator=(unique_ptr<U, E> &&other) noexcept {
    return *this;
  }
  unique_ptr &operator=(decltype(nullptr)) noexcept { return *this; }
  pointer get() const noexcept { return p_; }
  pointer release() noexcept { return p_; }
  void reset(pointer p = nullptr) noexcept {}
  void swap(unique_ptr &other) noexcept {}
  D &get_deleter() noexcept { return *static_cast<D *>(nullptr); }
  explicit operator bool() const noexcept { return p_; }
  element_type &operator*() const { return *p_; }
  pointer operator->() const noexcept { return p_; }
  element_type &operator[](size_t i) const { return p_[i]; }

 private:
  pointer p_ = nullptr;
};

template <class T> class weak_ptr;
template <class T> class shared_ptr {
 public:
  using element_type = remove_extent_t<T>;
  shared_ptr() noexcept;
  shared_ptr(decltype(nullptr)) noexcept;
  template <class U> requires(__is_convertible_to(U *, element_type *)) explicit shared_ptr(U *p);
  template <class U, class D> shared_ptr(U *p, D deleter) {}
  shared_ptr(const shared_ptr &other) noexcept;
  shared_ptr(shared_ptr &&other) noexcept;
  template <class U> requires(__is_convertible_to(U *, T *))
  shared_ptr(const shared_ptr<U> &other) noexcept;
  template <class U> shared_ptr(const shared_ptr<U> &owner, element_type *p) noexcept;
  template <class U, class D> shared_ptr(unique_ptr<U, D> &&other);
  ~shared_ptr();
  shared_ptr &operator=(const shared_ptr &other) noexcept;
  shared_ptr &operator=(shared_ptr &&other) noexcept;
  template <class U> shared_ptr &operator=(const shared_ptr<U> &other) noexcept;
  template <class U, class D> shared_ptr &operator=(unique_ptr<U, D> &&other);
  element_type *get() const noexcept;
  template <class... U> void reset(U... p) {}
  long use_count() const noexcept;
  explicit operator bool() const noexcept;
  add_lvalue_reference_t<element_type> operator*() const noexcept;
  element_type *operator->() const noexcept;
  add_lvalue_reference_t<element_type> operator[](size_t i) const;
};
template <class T> class weak_ptr {
 public:
  weak_ptr() noexcept;
  weak_ptr(const shared_ptr<T> &other) noexcept;
  shared_ptr<T> lock() const noexcept;
  bool expired() const noexcept;
  void reset() noexcept;
};
template <class T> class enable_shared_from_this {
 public:
  shared_ptr<T> shared_from_this();
  shared_ptr<const T> shared_from_this() const;
};

#define MIGRATE_COMPARE(pointer, op)                                                       \
  template <class... T, class... U>                                                        \
  bool operator op(const pointer<T...> &, const pointer<U...> &) { return {}; }            \
  template <class... T> bool operator op(const pointer<T...> &, decltype(nullptr)) {       \
    return {};                                                                             \
  }                                                                                        \
  template <class... T> bool operator op(decltype(nullptr), const pointer<T...> &) {       \
    return {};                                                                             \
  }
MIGRATE_COMPARE(shared_ptr, ==) MIGRATE_COMPARE(shared_ptr, !=) MIGRATE_COMPARE(shared_ptr, <)
MIGRATE_COMPARE(unique_ptr, ==) MIGRATE_COMPARE(unique_ptr, !=) MIGRATE_COMPARE(unique_ptr, <)
#undef MIGRATE_COMPARE

template <class T, class... A> requires(!__is_array(T)) unique_ptr<T> make_unique(A &&...args);
template <class T> requires(__is_array(T)) unique_ptr<T> make_unique(size_t count);
template <class T, class... A> shared_ptr<T> make_shared(A &&...args);
template <class T, class U> shared_ptr<T> static_pointer_cast(const shared_ptr<U> &p) noexcept;
template <class T, class U> shared_ptr<T> dynamic_pointer_cast(const shared_ptr<U> &p) noexcept;
template <class T, class U> shared_ptr<T> const_pointer_cast(const shared_ptr<U> &p) noexcept;
void *align(size_t alignment, size_t size, void *&p, size_t &space);
}  // namespace std

#pragma clang force_cuda_host_device end
