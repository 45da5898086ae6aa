// Registers an untouched host function with torch's dispatcher instead of with pybind11.
//
//   TORCH_LIBRARY_FRAGMENT(_ffi_bridge_norm, m) {
//     m.def("layernorm(Tensor input, int rows) -> Tensor", ffi_bridge::bridge(&layernorm));
//   }
//
// The dispatcher hands tensors through as they are: a returned argument is the same Python object,
// and autograd sees every operation inside. Only types that the dispatcher does not have are
// converted, as pybind11 converted them: an int that does not fit is a TypeError.
// Needs libtorch and libc10; no Python.
#pragma once

#include <torch/library.h>

#include <array>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace ffi_bridge {

// What a parameter of type T is kept in during the call, how it is read from the dispatcher's
// value, and how a result of type T is given back. One specialisation per type.
template <class T, class Enable = void>
struct Value;

template <class T>
using stored_t = typename Value<T>::stored;

[[noreturn]] inline void refuse(const std::string& what) {
  throw c10::TypeError({__func__, __FILE__, static_cast<uint32_t>(__LINE__)}, what);
}

#define FFI_BRIDGE_VALUE(TYPE, READ)                                       \
  template <>                                                              \
  struct Value<TYPE> {                                                     \
    using stored = TYPE;                                                   \
    static stored read(const c10::IValue& value) { return value.READ(); }  \
    static c10::IValue write(TYPE result) { return std::move(result); }    \
  };

FFI_BRIDGE_VALUE(at::Tensor, toTensor)
FFI_BRIDGE_VALUE(bool, toBool)
FFI_BRIDGE_VALUE(double, toDouble)
FFI_BRIDGE_VALUE(std::string, toStringRef)
FFI_BRIDGE_VALUE(c10::ScalarType, toScalarType)
FFI_BRIDGE_VALUE(c10::Layout, toLayout)
FFI_BRIDGE_VALUE(c10::MemoryFormat, toMemoryFormat)
FFI_BRIDGE_VALUE(c10::Device, toDevice)
FFI_BRIDGE_VALUE(at::Generator, toGenerator)

#undef FFI_BRIDGE_VALUE

template <>
struct Value<float> {
  using stored = float;
  static stored read(const c10::IValue& value) { return static_cast<float>(value.toDouble()); }
  static c10::IValue write(float result) { return static_cast<double>(result); }
};

template <class T>
struct Value<T, std::enable_if_t<std::is_integral_v<T>>> {
  using stored = T;
  static stored read(const c10::IValue& value) {
    // Only where the schema says Any has True not become 1.
    const int64_t wide = value.isBool() ? value.toBool() : value.toInt();
    bool fits = true;
    if constexpr (std::is_unsigned_v<T> && sizeof(T) == sizeof(int64_t)) {
      fits = wide >= 0;
    } else if constexpr (sizeof(T) < sizeof(int64_t)) {
      fits = wide >= static_cast<int64_t>(std::numeric_limits<T>::min()) &&
          wide <= static_cast<int64_t>(std::numeric_limits<T>::max());
    }
    if (!fits) {
      refuse("incompatible function arguments: " + std::to_string(wide) + " is out of range");
    }
    return static_cast<T>(wide);
  }
  static c10::IValue write(T result) {
    if constexpr (std::is_unsigned_v<T> && sizeof(T) == sizeof(int64_t)) {
      if (result > static_cast<T>(std::numeric_limits<int64_t>::max())) {
        throw std::overflow_error("a result above 2**63 - 1 does not pass torch's dispatcher");
      }
    }
    return static_cast<int64_t>(result);
  }
};

template <>
struct Value<std::string_view> {
  using stored = std::string;
  static stored read(const c10::IValue& value) { return value.toStringRef(); }
  static c10::IValue write(std::string_view result) { return std::string(result); }
};

// None is a null pointer, both ways.
template <>
struct Value<const char*> {
  struct stored {
    std::optional<std::string> text;
    operator const char*() const { return text ? text->c_str() : nullptr; }
  };
  static stored read(const c10::IValue& value) {
    return value.isNone() ? stored{} : stored{value.toStringRef()};
  }
  static c10::IValue write(const char* result) {
    return result ? c10::IValue(std::string(result)) : c10::IValue();
  }
};

template <class T>
struct Value<std::optional<T>> {
  using stored = std::optional<T>;
  static stored read(const c10::IValue& value) {
    if (value.isNone()) {
      return std::nullopt;
    }
    return Value<T>::read(value);
  }
  static c10::IValue write(std::optional<T> result) {
    return result ? Value<T>::write(*std::move(result)) : c10::IValue();
  }
};

template <class Items>
c10::IValue write_list(const Items& items) {
  c10::impl::GenericList list(c10::AnyType::get());
  list.reserve(items.size());
  for (const auto& item : items) {
    list.push_back(Value<typename Items::value_type>::write(item));
  }
  return list;
}

// Tuples come as such or, where all members are of one type, as lists.
inline c10::ArrayRef<c10::IValue> elements(const c10::IValue& value) {
  return value.isTuple() ? value.toTupleRef().elements().asArrayRef() : value.toListRef();
}

template <class T>
struct Value<std::vector<T>> {
  using stored = std::vector<T>;
  static stored read(const c10::IValue& value) {
    stored items;
    for (const c10::IValue& item : elements(value)) {
      items.push_back(Value<T>::read(item));
    }
    return items;
  }
  static c10::IValue write(const std::vector<T>& result) { return write_list(result); }
};

template <class T>
struct Value<c10::ArrayRef<T>> {
  using stored = std::vector<T>;
  static stored read(const c10::IValue& value) { return Value<std::vector<T>>::read(value); }
  static c10::IValue write(c10::ArrayRef<T> result) { return write_list(result.vec()); }
};

inline c10::ArrayRef<c10::IValue> members(const c10::IValue& value, size_t count) {
  const c10::ArrayRef<c10::IValue> items = elements(value);
  if (items.size() != count) {
    refuse("incompatible function arguments: a sequence of " + std::to_string(count) +
           " was expected");
  }
  return items;
}

template <class T, size_t N>
struct Value<std::array<T, N>> {
  using stored = std::array<T, N>;
  static stored read(const c10::IValue& value) {
    return read(members(value, N), std::make_index_sequence<N>());
  }
  template <size_t... I>
  static stored read(c10::ArrayRef<c10::IValue> items, std::index_sequence<I...>) {
    return {Value<T>::read(items[I])...};
  }
  static c10::IValue write(const std::array<T, N>& result) { return write_list(result); }
};

template <class Tuple, class... T>
struct TupleValue {
  using stored = Tuple;
  static stored read(const c10::IValue& value) {
    return read(members(value, sizeof...(T)), std::index_sequence_for<T...>());
  }
  template <size_t... I>
  static stored read(c10::ArrayRef<c10::IValue> items, std::index_sequence<I...>) {
    return stored(Value<T>::read(items[I])...);
  }
  static c10::IValue write(Tuple result) {
    std::vector<c10::IValue> items;
    std::apply(
        [&](auto&... item) {
          (items.push_back(Value<std::decay_t<decltype(item)>>::write(std::move(item))), ...);
        },
        result);
    return c10::ivalue::Tuple::create(std::move(items));
  }
};

template <class... T>
struct Value<std::tuple<T...>> : TupleValue<std::tuple<T...>, T...> {};

template <class A, class B>
struct Value<std::pair<A, B>> : TupleValue<std::pair<A, B>, A, B> {};

// The dispatcher has no variants. What passes is (number of the alternative, its value): the
// adaptor has chosen, as pybind11 does. Parameters only.
template <class... T>
struct Value<std::variant<T...>> {
  using stored = std::variant<T...>;
  static stored read(const c10::IValue& value) {
    const c10::ArrayRef<c10::IValue> chosen = members(value, 2);
    return read(Value<size_t>::read(chosen[0]), chosen[1], std::index_sequence_for<T...>());
  }
  template <size_t... I>
  static stored read(size_t number, const c10::IValue& value, std::index_sequence<I...>) {
    std::optional<stored> result;
    ((number == I ? void(result.emplace(std::in_place_index<I>, Value<T>::read(value))) : void()), ...);
    if (!result) {
      refuse("incompatible function arguments: there is no alternative " + std::to_string(number));
    }
    return *std::move(result);
  }
};

template <class Map>
struct MapValue {
  using key = typename Map::key_type;
  using mapped = typename Map::mapped_type;
  using stored = Map;
  static stored read(const c10::IValue& value) {
    stored map;
    for (const auto& item : value.toGenericDict()) {
      map.emplace(Value<key>::read(item.key()), Value<mapped>::read(item.value()));
    }
    return map;
  }
  static c10::IValue write(const Map& result) {
    c10::impl::GenericDict dict(c10::AnyType::get(), c10::AnyType::get());
    for (const auto& [name, item] : result) {
      dict.insert(Value<key>::write(name), Value<mapped>::write(item));
    }
    return dict;
  }
};

template <class K, class V>
struct Value<std::map<K, V>> : MapValue<std::map<K, V>> {};

template <class K, class V>
struct Value<std::unordered_map<K, V>> : MapValue<std::unordered_map<K, V>> {};

// One return value, or as many as a tuple has members: what a schema calls `-> (A, B)`. A tuple among
// the members is one value.
template <class T>
void push_value(torch::jit::Stack& stack, T& result) {
  stack.push_back(Value<std::decay_t<T>>::write(std::move(result)));
}

template <class T>
void push_result(torch::jit::Stack& stack, T& result) {
  push_value(stack, result);
}

template <class... T>
void push_result(torch::jit::Stack& stack, std::tuple<T...>& result) {
  std::apply([&](auto&... item) { (push_value(stack, item), ...); }, result);
}

template <class A, class B>
void push_result(torch::jit::Stack& stack, std::pair<A, B>& result) {
  push_value(stack, result.first);
  push_value(stack, result.second);
}

// A function that was returned, which the dispatcher does not have: a capsule keeps it, and an
// operator made by `call()` calls it with the rest of its arguments. The capsule dies with the last
// reference, Python's or a running call's; what it keeps holds no Python objects of its own.
class Callable : public torch::CustomClassHolder {
 public:
  virtual void call(torch::jit::Stack& stack, size_t count) = 0;
};

template <class Functor>
class Kept final : public Callable {
 public:
  template <class F>
  explicit Kept(F function) : functor_(std::move(function)) {}
  void call(torch::jit::Stack& stack, size_t count) override {
    if (count != Functor::parameters) {
      refuse("incompatible function arguments: " + std::to_string(count) + " were given");
    }
    functor_.call(stack);
  }

 private:
  Functor functor_;
};

template <class Call, class R, class... A>
class Bridged;

template <class R, class... A>
struct Value<std::function<R(A...)>> {
  static c10::IValue write(std::function<R(A...)> result) {
    if (!result) {
      return c10::IValue();  // None, as pybind11 has it
    }
    using Functor = Bridged<std::function<R(A...)>, R, A...>;
    return c10::IValue::make_capsule(c10::make_intrusive<Kept<Functor>>(std::move(result)));
  }
};

template <class Call, class R, class... A>
class Bridged final : public c10::OperatorKernel {
 public:
  static constexpr size_t parameters = sizeof...(A);

  explicit Bridged(Call call) : call_(std::move(call)) {}

  void operator()(const c10::OperatorHandle&, c10::DispatchKeySet, torch::jit::Stack* stack) {
    call(*stack);
  }

  void call(torch::jit::Stack& stack) { run(stack, std::index_sequence_for<A...>()); }

 private:
  template <size_t... I>
  void run(torch::jit::Stack& stack, std::index_sequence<I...>) {
    const size_t first = stack.size() - sizeof...(A);
    // Braces: read in order, so that the first argument that is refused is the one that is named.
    std::tuple<stored_t<std::decay_t<A>>...> kept{Value<std::decay_t<A>>::read(stack[first + I])...};
    stack.resize(first);
    if constexpr (std::is_void_v<R>) {
      call_(pass<A>(std::get<I>(kept))...);
    } else {
      std::decay_t<R> result = call_(pass<A>(std::get<I>(kept))...);
      push_result(stack, result);
    }
  }

  template <class P, class S>
  static decltype(auto) pass(S& kept) {
    if constexpr (std::is_lvalue_reference_v<P> && std::is_same_v<std::decay_t<P>, S>) {
      return static_cast<P>(kept);
    } else if constexpr (std::is_same_v<std::decay_t<P>, S>) {
      return static_cast<S&&>(kept);
    } else {
      return std::decay_t<P>(kept);  // a view of what is kept, such as an ArrayRef
    }
  }

  Call call_;
};

class Caller final : public c10::OperatorKernel {
 public:
  void operator()(const c10::OperatorHandle& op, c10::DispatchKeySet, torch::jit::Stack* stack) {
    const size_t count = op.schema().arguments().size();
    const auto first = stack->end() - static_cast<std::ptrdiff_t>(count);
    const c10::intrusive_ptr<torch::CustomClassHolder> kept = first->toCapsule();
    stack->erase(first);
    auto* callable = dynamic_cast<Callable*>(kept.get());
    if (callable == nullptr) {
      refuse("incompatible function arguments: it keeps no function");
    }
    callable->call(*stack, count - 1);
  }
};

inline torch::CppFunction call() {
  return torch::CppFunction::makeFromBoxedFunctor(std::make_unique<Caller>());
}

template <class R, class... A>
torch::CppFunction bridge(R (*function)(A...)) {
  using Functor = Bridged<R (*)(A...), R, A...>;
  return torch::CppFunction::makeFromBoxedFunctor(std::make_unique<Functor>(function));
}

template <class Lambda, class C, class R, class... A>
torch::CppFunction bridge_as(Lambda lambda, R (C::*)(A...) const) {
  using Functor = Bridged<Lambda, R, A...>;
  return torch::CppFunction::makeFromBoxedFunctor(std::make_unique<Functor>(std::move(lambda)));
}

template <class Lambda, class C, class R, class... A>
torch::CppFunction bridge_as(Lambda lambda, R (C::*)(A...)) {
  using Functor = Bridged<Lambda, R, A...>;
  return torch::CppFunction::makeFromBoxedFunctor(std::make_unique<Functor>(std::move(lambda)));
}

template <class Lambda, class = decltype(&Lambda::operator())>
torch::CppFunction bridge(Lambda lambda) {
  return bridge_as(std::move(lambda), &Lambda::operator());
}

}  // namespace ffi_bridge
