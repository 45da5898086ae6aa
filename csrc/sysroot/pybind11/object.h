// pybind11: handles, Python objects, arrays, the GIL, and its exceptions.
#pragma once
#pragma clang force_cuda_host_device begin

#define PYBIND11_VERSION_MAJOR 2
#define PYBIND11_VERSION_MINOR 13
#define PYBIND11_NAMESPACE pybind11

namespace pybind11 {
using ssize_t = Py_ssize_t;
class object;
class str;
class accessor;
class iterator_of_objects;

// Attribute and item access, calls and operators, which every handle has.
class handle {
 public:
  handle();
  handle(PyObject *p);
  PyObject *ptr() const;
  const handle &inc_ref() const;
  const handle &dec_ref() const;
  explicit operator bool() const;
  bool is(handle other) const;
  bool is_none() const;
  bool equal(handle other) const;
  template <class T> T cast() const;
  accessor attr(const char *name) const;
  accessor attr(handle name) const;
  template <class K> accessor operator[](const K &key) const;
  template <class... A> object operator()(A &&...args) const;
  template <class T> bool contains(T &&item) const;
  handle get_type() const;
  ssize_t ref_count() const;
  iterator_of_objects begin() const;
  iterator_of_objects end() const;
  bool operator==(handle other) const;
  bool operator!=(handle other) const;
};
class object : public handle {
 public:
  object();
  object(const object &other);
  object(object &&other) noexcept;
  object(handle h, bool borrowed);
  ~object();
  object &operator=(const object &other);
  handle release();
  template <class T> T cast() const;
};
class accessor : public object {
 public:
  template <class T> accessor &operator=(T &&value);
  template <class T> operator T() const;
};
class iterator_of_objects {
 public:
  handle operator*() const;
  iterator_of_objects &operator++();
  bool operator!=(const iterator_of_objects &other) const;
  bool operator==(const iterator_of_objects &other) const;
};
using iterator = iterator_of_objects;
template <class T> T reinterpret_borrow(handle h);
template <class T> T reinterpret_steal(handle h);

#define MIGRATE_OBJECT(name)                                                  \
  class name : public object {                                                \
   public:                                                                    \
    name();                                                                   \
    name(const object &o);                                                    \
    static bool check_(handle h);
MIGRATE_OBJECT(none) };
MIGRATE_OBJECT(ellipsis) };
MIGRATE_OBJECT(type)
  static handle handle_of(handle h);
  template <class T> static type of();
  static type of(handle h);
};
MIGRATE_OBJECT(iterable) };
MIGRATE_OBJECT(function) bool is_cpp_function() const; };
MIGRATE_OBJECT(bool_) bool_(bool value); operator bool() const; };
MIGRATE_OBJECT(int_)
  template <class T> requires(__is_integral(T)) int_(T value);
  template <class T> requires(__is_integral(T)) operator T() const;
};
MIGRATE_OBJECT(float_) float_(double value); operator double() const; };
MIGRATE_OBJECT(bytes)
  bytes(const char *text);
  bytes(const char *data, size_t size);
  bytes(const std::string &data);
  operator std::string() const;
  size_t size() const;
};
MIGRATE_OBJECT(bytearray) bytearray(const char *data, size_t size); size_t size() const; };
MIGRATE_OBJECT(str)
  str(const char *text);
  str(const char *text, size_t size);
  str(const std::string &text);
  str(std::string_view text);
  explicit str(handle h);
  operator std::string() const;
  template <class... A> str format(A &&...args) const;
};
MIGRATE_OBJECT(capsule)
  capsule(const void *p, void (*destructor)(void *));
  capsule(const void *p, const char *name = nullptr, void (*destructor)(PyObject *) = nullptr);
  capsule(void (*destructor)());
  template <class T> operator T *() const;
  template <class T> T *get_pointer() const;
};
MIGRATE_OBJECT(tuple) explicit tuple(size_t n); size_t size() const; bool empty() const; };
MIGRATE_OBJECT(list)
  explicit list(size_t n);
  size_t size() const;
  bool empty() const;
  void clear() const;
  template <class T> void append(T &&value) const;
  template <class T> void insert(size_t at, T &&value) const;
};
MIGRATE_OBJECT(dict)
  template <class... A> requires(sizeof...(A) > 0 && !(__is_base_of(handle, A) || ...))
  explicit dict(A &&...args);
  size_t size() const;
  bool empty() const;
  struct item_iterator {
    std::pair<handle, handle> operator*() const;
    item_iterator &operator++();
    bool operator!=(const item_iterator &other) const;
  };
  item_iterator begin() const;
  item_iterator end() const;
};
MIGRATE_OBJECT(set) size_t size() const; template <class T> bool add(T &&value); };
MIGRATE_OBJECT(slice)
  slice(ssize_t start, ssize_t stop, ssize_t step);
  bool compute(size_t length, size_t *start, size_t *stop, size_t *step, size_t *count) const;
};
MIGRATE_OBJECT(sequence) size_t size() const; };
class args : public tuple {};
class kwargs : public dict {};
struct buffer_info {
  void *ptr;
  ssize_t itemsize, size, ndim;
  std::string format;
  std::vector<ssize_t> shape, strides;
  bool readonly;
  template <class... A> buffer_info(A &&...args);
};
MIGRATE_OBJECT(buffer) buffer_info request(bool writable = false) const; };
MIGRATE_OBJECT(dtype)
  explicit dtype(const char *format);
  template <class T> static dtype of();
  ssize_t itemsize() const;
  char kind() const;
};
struct array_base {
  ssize_t size() const;
  ssize_t itemsize() const;
  ssize_t nbytes() const;
  ssize_t ndim() const;
  const ssize_t *shape() const;
  ssize_t shape(ssize_t dim) const;
  const ssize_t *strides() const;
  ssize_t strides(ssize_t dim) const;
};
class array : public buffer, public array_base {
 public:
  enum { c_style = 1, f_style = 2, forcecast = 16 };
  array();
  template <class... A> explicit array(A &&...args);
  const void *data() const;
  void *mutable_data();
  pybind11::dtype dtype() const;
};
template <class T, int Flags = array::forcecast> class array_t : public array {
 public:
  array_t();
  template <class... A> explicit array_t(A &&...args);
  template <class I> array_t(std::initializer_list<I> shape, const T *data = nullptr);
  template <class... I> const T *data(I... index) const;
  template <class... I> T *mutable_data(I... index);
  template <class... I> const T &at(I... index) const;
  template <ssize_t N = -1> const T *unchecked() const;
};
#undef MIGRATE_OBJECT

class memoryview : public object {};
template <class T> bool isinstance(handle h);
bool isinstance(handle h, handle type);
bool hasattr(handle h, const char *name);
object getattr(handle h, const char *name);
template <class T> object getattr(handle h, const char *name, T &&fallback);
template <class T> void setattr(handle h, const char *name, T &&value);
size_t len(handle h);
str repr(handle h);
template <class... A> void print(A &&...args);
class module_;
class error_already_set : public std::exception {
 public:
  bool matches(handle type) const;
  void restore();
  const object &value() const;
};
class cast_error : public std::runtime_error { using std::runtime_error::runtime_error; };
class type_error : public std::runtime_error { using std::runtime_error::runtime_error; };
class value_error : public std::runtime_error { using std::runtime_error::runtime_error; };
class key_error : public std::runtime_error { using std::runtime_error::runtime_error; };
class index_error : public std::runtime_error { using std::runtime_error::runtime_error; };
class import_error : public std::runtime_error { using std::runtime_error::runtime_error; };
class stop_iteration : public std::runtime_error { using std::runtime_error::runtime_error; };
class gil_scoped_acquire {
 public:
  gil_scoped_acquire();
  ~gil_scoped_acquire();
};
class gil_scoped_release {
 public:
  explicit gil_scoped_release(bool disassociate = false);
  ~gil_scoped_release();
};
}  // namespace pybind11

#pragma clang force_cuda_host_device end
