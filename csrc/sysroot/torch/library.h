// The dispatcher's registration API: torch::Library, its macros, torch::RegisterOperators, classes.
// What takes a lambda at namespace scope has a body: such a type has no linkage, and clang demands
// the definition.
#pragma once
#pragma clang force_cuda_host_device begin

namespace c10 {
enum class AliasAnalysisKind { INTERNAL_SPECIAL_CASE, CONSERVATIVE, FROM_SCHEMA, PURE_FUNCTION };
class OperatorHandle {
 public:
  template <class F> OperatorHandle typed() const;
  template <class... A> at::Tensor call(A &&...args) const;
};
class Dispatcher {
 public:
  static Dispatcher &singleton();
  OperatorHandle findSchemaOrThrow(const char *name, const char *overload);
};
class FunctionSchema {};
}  // namespace c10

namespace at {
enum class Tag {
  core, cudagraph_unsafe, data_dependent_output, dynamic_output_shape, flexible_layout, generated,
  inplace_view, maybe_aliasing_or_mutating, needs_contiguous_strides, needs_exact_strides,
  needs_fixed_stride_order, nondeterministic_bitwise, nondeterministic_seeded, out_variant, pointwise,
  pt2_compliant_tag, reduction, view_copy
};
}  // namespace at

namespace torch {
class CppFunction {
 public:
  template <class F> CppFunction(F &&f) {}
  template <auto *F> static CppFunction makeFromBoxedFunction();
  static CppFunction makeFallthrough();
};
template <class K, class F> CppFunction dispatch(K &&key, F &&f) { return f; }
c10::FunctionSchema schema(const char *text, c10::AliasAnalysisKind kind);
c10::FunctionSchema schema(const char *text);
template <class... A> struct init_types {};
template <class... A> init_types<A...> init();
template <class... A> struct type_list {};
struct arg {
  explicit arg(std::string name);
  template <class T> arg operator=(T &&value) const;
  static c10::IValue none();
};

struct CustomClassHolder : c10::intrusive_ptr_target {};
template <class T> class class_ {
 public:
  class_(const std::string &ns, const std::string &name, std::string doc = "");
  template <class... A> class_ &def(A &&...args) { return *this; }
  template <class... A> class_ &def_static(A &&...args) { return *this; }
  template <class... A> class_ &def_pickle(A &&...args) { return *this; }
  template <class... A> class_ &def_property(A &&...args) { return *this; }
  template <class... A> class_ &def_readonly(A &&...args) { return *this; }
  template <class... A> class_ &def_readwrite(A &&...args) { return *this; }
};

enum class _RegisterOrVerify { REGISTER, VERIFY };
class Library {
 public:
  enum Kind { DEF, IMPL, FRAGMENT };
  Library &def(const char *schema, const std::vector<at::Tag> &tags);
  template <class S> Library &def(S &&schema) {
    return *this;
  }
  template <class S, class F>
  Library &def(S &&name_or_schema, F &&f, const std::vector<at::Tag> &tags = {}) {
    return *this;
  }
  template <class S, class F> Library &impl(S &&name, F &&f) {
    return *this;
  }
  template <class S, class K, class F> Library &impl(S &&name, K &&key, F &&f) {
    return *this;
  }
  template <class F> Library &fallback(F &&f) { return *this; }
  template <class T> class_<T> class_(const std::string &name);
  Library &set_python_module(const char *module, const char *context = "");
  Library &impl_abstract_pystub(const char *module, const char *context = "");
};

class RegisterOperators {
 public:
  struct Options {
    template <class... A> Options &&schema(A &&...args) &&;
    template <class K, class... A> Options &&kernel(A &&...args) && {
      return static_cast<Options &&>(*this);
    }
    template <class... A> Options &&kernel(A &&...args) && {
      return static_cast<Options &&>(*this);
    }
    template <auto *F, class... A> Options &&kernel(A &&...args) &&;
    template <class... A> Options &&catchAllKernel(A &&...args) && {
      return static_cast<Options &&>(*this);
    }
    Options &&aliasAnalysis(c10::AliasAnalysisKind kind) &&;
  };
  static Options options();
  RegisterOperators();
  template <class F> RegisterOperators(const std::string &schema, F &&f, Options options = {}) {}
  RegisterOperators &&op(Options options) &&;
  RegisterOperators &&op(const std::string &schema, Options options = {}) &&;
  template <class F> RegisterOperators &&op(const std::string &schema, F &&f, Options = {}) && {
    return static_cast<RegisterOperators &&>(*this);
  }
};
namespace jit {
using RegisterOperators = torch::RegisterOperators;
}
}  // namespace torch
namespace c10 {
using RegisterOperators = torch::RegisterOperators;
}

#define TORCH_FN(f) (&f)
#define TORCH_BOX(f) (f)
#define TORCH_SELECTIVE_SCHEMA(schema) schema
#define TORCH_SELECTIVE_NAME(name) name
#define TORCH_SELECTIVE_CLASS(name) name

// Each block is a function, so that its calls are ordinary expressions. The counter keeps two
// blocks of one namespace apart; the inner macros let a namespace given as a macro expand.
#define MIGRATE_LIBRARY(ns, m, id) static void torch_library_def_##ns##_##id(::torch::Library &m)
#define MIGRATE_FRAGMENT(ns, m, id) \
  static void torch_library_fragment_##ns##_##id(::torch::Library &m)
#define MIGRATE_LIBRARY_IMPL(ns, key, m, id) \
  static void torch_library_impl_##ns##_##key##_##id(::torch::Library &m)
#define MIGRATE_LIBRARY_(ns, m, id) MIGRATE_LIBRARY(ns, m, id)
#define MIGRATE_FRAGMENT_(ns, m, id) MIGRATE_FRAGMENT(ns, m, id)
#define MIGRATE_LIBRARY_IMPL_(ns, key, m, id) MIGRATE_LIBRARY_IMPL(ns, key, m, id)
#define TORCH_LIBRARY(ns, m) MIGRATE_LIBRARY_(ns, m, __COUNTER__)
#define TORCH_LIBRARY_FRAGMENT(ns, m) MIGRATE_FRAGMENT_(ns, m, __COUNTER__)
#define TORCH_LIBRARY_IMPL(ns, key, m) MIGRATE_LIBRARY_IMPL_(ns, key, m, __COUNTER__)
#define TORCH_LIBRARY_EXPAND(ns, m) TORCH_LIBRARY(ns, m)
#define TORCH_LIBRARY_FRAGMENT_EXPAND(ns, m) TORCH_LIBRARY_FRAGMENT(ns, m)
#define TORCH_LIBRARY_IMPL_EXPAND(ns, key, m) TORCH_LIBRARY_IMPL(ns, key, m)

#pragma clang force_cuda_host_device end
