// pybind11: function attributes, modules, classes, enumerations, exceptions, module macros. What
// takes a callable has a body: a lambda's type has no linkage, and clang demands the definition.
#pragma once
#pragma clang force_cuda_host_device begin

namespace pybind11 {
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
  template <class F, class... E> cpp_function(F &&f, const E &...extra) {}
};

class module_ : public object {
 public:
  explicit module_(const char *name, const char *doc = nullptr);
  template <class F, class... E> module_ &def(const char *name, F &&f, const E &...extra) {
    return *this;
  }
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
template <class F> init_constructor<F> init(F &&f) { return {}; }
template <class F, class G> init_constructor<F, G> init(F &&f, G &&g) { return {}; }
template <class... A> init_constructor<A...> init_alias();
template <class G, class S> init_constructor<G, S> pickle(G &&get, S &&set) { return {}; }
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
  template <class F, class... E> class_ &name(const char *name_, F &&f, const E &...extra) { \
    return *this; \
  }
#define MIGRATE_DEF_2(name) \
  template <class F, class G, class... E> \
  class_ &name(const char *name_, F &&get, G &&set, const E &...extra) { return *this; }
  MIGRATE_DEF(def) MIGRATE_DEF(def_static) MIGRATE_DEF(def_readwrite) MIGRATE_DEF(def_readonly)
  MIGRATE_DEF(def_readwrite_static) MIGRATE_DEF(def_readonly_static)
  MIGRATE_DEF(def_property_readonly) MIGRATE_DEF(def_property_readonly_static)
  MIGRATE_DEF_2(def_property) MIGRATE_DEF_2(def_property_static)
#undef MIGRATE_DEF
#undef MIGRATE_DEF_2
  template <class... A, class... E>
  class_ &def(const init_constructor<A...> &constructor, const E &...extra) { return *this; }
  template <class... E> class_ &def(const self_t &operation, const E &...extra);
  template <class F> class_ &def_buffer(F &&f) { return *this; }
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
template <class F> void register_exception_translator(F &&f) {}
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
