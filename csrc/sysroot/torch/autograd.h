// torch::autograd.
#pragma once
#pragma clang force_cuda_host_device begin

namespace torch {
namespace autograd {
using Variable = at::Tensor;
using variable_list = std::vector<Variable>;
using tensor_list = std::vector<Variable>;
struct Node {
  virtual ~Node();
};
struct AutogradContext {
  std::unordered_map<std::string, c10::IValue> saved_data;
  void save_for_backward(variable_list variables);
  variable_list get_saved_variables() const;
  void mark_dirty(const variable_list &inputs);
  void mark_non_differentiable(const variable_list &outputs);
  void set_materialize_grads(bool value);
  bool needs_input_grad(size_t index) const;
};
template <class Derived> struct Function {
  // The result type is that of the derived class's forward.
  template <class D = Derived, class... A>
  static auto apply(A &&...args)
      -> decltype(D::forward(static_cast<AutogradContext *>(nullptr), std::declval<A>()...));
};
variable_list grad(const variable_list &outputs, const variable_list &inputs,
                   const variable_list &grad_outputs = {}, bool retain_graph = false,
                   bool create_graph = false, bool allow_unused = false);
void backward(const variable_list &tensors, const variable_list &grads = {});
void increment_version(const at::Tensor &tensor);
Variable make_variable(const at::Tensor &data, bool requires_grad = false);
void increment_version(const at::Tensor &t);
using GradMode = at::GradMode;
using AutoGradMode = at::AutoGradMode;
}  // namespace autograd
using autograd::Variable;
using autograd::variable_list;
namespace jit {
namespace script {
class Module {};
}
using script::Module;
}  // namespace jit
}  // namespace torch

#pragma clang force_cuda_host_device end
