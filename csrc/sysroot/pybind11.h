// pybind11: handles and objects, function attributes, modules, classes, enumerations, arrays.
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

enum class return_value_policy : uint8_t {
  automatic, automatic_reference, take_ownership, copy, move, reference, reference_internal
};
template <class T> object cast(T &&value, return_value_policy policy = {}, handle parent = {});
template <class T> T cast(const handle &h);
template <return_value_policy P = return_value_policy::automatic_reference, class... A>
tuple make_tuple(A &&...args);
template <class... A> object make_iterator(A &&...args);

struct arg_v;
struct arg {
  explicit arg(const char *name = nullptr);
  template <class T> arg_v operator=(T &&value) const;
  template <class T> arg_v operator=(std::initializer_list<T> value) const;
  arg &noconvert(bool flag = true);
  arg &none(bool flag = true);
};
struct arg_v : arg {
  template <class T> arg_v(const char *name, T &&value, const char *description = nullptr);
  arg_v &noconvert(bool flag = true);
  arg_v &none(bool flag = true);
};
inline namespace literals {
arg operator""_a(const char *name, size_t size);
}
struct is_method { explicit is_method(handle cls); };
struct is_operator {};
struct is_final {};
struct is_setter {};
struct scope { explicit scope(handle s); };
struct doc { explicit doc(const char *text); };
struct name { explicit name(const char *text); };
struct sibling { explicit sibling(handle h); };
template <class T> struct base {};
template <size_t Nurse, size_t Patient> struct keep_alive {};
struct multiple_inheritance {};
struct dynamic_attr {};
struct buffer_protocol {};
struct module_local { explicit module_local(bool value = true); };
struct arithmetic {};
struct prepend {};
struct kw_only {};
struct pos_only {};
struct mod_gil_not_used { explicit mod_gil_not_used(bool flag = true); };
template <class... G> struct call_guard {};
struct const_tag {};
inline constexpr const_tag const_{};
template <class... A> struct overload_cast_impl {
  template <class R> constexpr auto operator()(R (*f)(A...)) const -> decltype(f);
  template <class R, class C>
  constexpr auto operator()(R (C::*f)(A...), std::false_type = {}) const -> decltype(f);
  template <class R, class C>
  constexpr auto operator()(R (C::*f)(A...) const, const_tag) const -> decltype(f);
};
template <class... A> inline constexpr overload_cast_impl<A...> overload_cast{};
class cpp_function : public function {
 public:
  cpp_function();
  template <class F, class... E> cpp_function(F &&f, const E &...extra);
};

class module_ : public object {
 public:
  explicit module_(const char *name, const char *doc = nullptr);
  template <class F, class... E> module_ &def(const char *name, F &&f, const E &...extra);
  module_ def_submodule(const char *name, const char *doc = nullptr);
  static module_ import(const char *name);
  void reload();
  void add_object(const char *name, handle value, bool overwrite = false);
  // Overrides no accessor: m.doc() = "text" is an attribute access, too.
  accessor doc() const;
};
using module = module_;

template <class... A> struct init_constructor {};
template <class... A> init_constructor<A...> init();
template <class F> init_constructor<F> init(F &&f);
template <class F, class G> init_constructor<F, G> init(F &&f, G &&g);
template <class... A> init_constructor<A...> init_alias();
template <class G, class S> init_constructor<G, S> pickle(G &&get, S &&set);
struct self_t {
#define MIGRATE_SELF(op) template <class T> friend self_t operator op(const self_t &, const T &);
  MIGRATE_SELF(+) MIGRATE_SELF(-) MIGRATE_SELF(*) MIGRATE_SELF(/) MIGRATE_SELF(==)
  MIGRATE_SELF(!=) MIGRATE_SELF(<) MIGRATE_SELF(>) MIGRATE_SELF(<=) MIGRATE_SELF(>=)
#undef MIGRATE_SELF
};
inline constexpr self_t self{};

template <class T, class... Options> class class_ : public object {
 public:
  template <class... E> class_(handle scope, const char *name, const E &...extra);
#define MIGRATE_DEF(name) \
  template <class F, class... E> class_ &name(const char *name_, F &&f, const E &...extra);
#define MIGRATE_DEF_2(name) \
  template <class F, class G, class... E> \
  class_ &name(const char *name_, F &&get, G &&set, const E &...extra);
  MIGRATE_DEF(def) MIGRATE_DEF(def_static) MIGRATE_DEF(def_readwrite) MIGRATE_DEF(def_readonly)
  MIGRATE_DEF(def_readwrite_static) MIGRATE_DEF(def_readonly_static)
  MIGRATE_DEF(def_property_readonly) MIGRATE_DEF(def_property_readonly_static)
  MIGRATE_DEF_2(def_property) MIGRATE_DEF_2(def_property_static)
#undef MIGRATE_DEF
#undef MIGRATE_DEF_2
  template <class... A, class... E>
  class_ &def(const init_constructor<A...> &constructor, const E &...extra);
  template <class... E> class_ &def(const self_t &operation, const E &...extra);
  template <class F> class_ &def_buffer(F &&f);
};
template <class T> class enum_ : public class_<T> {
 public:
  template <class... E> enum_(handle scope, const char *name, const E &...extra);
  enum_ &value(const char *name, T value, const char *doc = nullptr);
  enum_ &export_values();
};
template <class T> class exception : public object {
 public:
  exception(handle scope, const char *name, handle base = {});
};
template <class T>
exception<T> &register_exception(handle scope, const char *name, handle base = {});
template <class F> void register_exception_translator(F &&f);
template <class From, class To> void implicitly_convertible();
template <class... A> void bind_vector(A &&...args);
void set_error(handle type, const char *text);
[[noreturn]] void pybind11_fail(const std::string &reason);

namespace detail {
template <class T, class E = void> struct type_caster {};
}
}  // namespace pybind11
namespace py = pybind11;  // torch/extension.h declares it

#define PYBIND11_MODULE_NAMED(name, variable) \
  void pybind11_module_##name([[maybe_unused]] ::pybind11::module_ &variable)
#define PYBIND11_MODULE(name, variable, ...) PYBIND11_MODULE_NAMED(name, variable)
#define PYBIND11_EMBEDDED_MODULE(name, variable, ...) PYBIND11_MODULE_NAMED(name, variable)
#define PYBIND11_DECLARE_HOLDER_TYPE(...)
#define PYBIND11_MAKE_OPAQUE(...)
#define PYBIND11_TYPE_CASTER(type, name) type value
#define PYBIND11_OVERRIDE(result, base, function, ...) return base::function(__VA_ARGS__)
#define PYBIND11_OVERRIDE_PURE(result, base, function, ...) throw ::std::runtime_error("")

#pragma clang force_cuda_host_device end
