// The callables that a library's host handed over through `__ffi_port_set_host`, by name (runtime.h
// lists them), and calls of them. Used by runtime.inl.
#pragma once

#include <tvm/ffi/any.h>
#include <tvm/ffi/function.h>
#include <tvm/ffi/string.h>

#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ffi_port/error.h"

namespace ffi_port {
namespace services {

using tvm::ffi::Any;
using tvm::ffi::AnyView;
using tvm::ffi::Function;
using tvm::ffi::String;

// Never destroyed: the callables belong to a Python that may be gone by then.
inline std::mutex& host_mutex() {
  static auto* mutex = new std::mutex();
  return *mutex;
}

/// A callable of the host. Called with a list: a Function's own call operator is compiled anew for
/// each set of types.
class Service {
 public:
  Service(std::string name, Function function)
      : name_(std::move(name)), function_(std::move(function)) {}
  const std::string& name() const { return name_; }
  Any operator()(std::initializer_list<AnyView> arguments) const {
    Any answer;
    function_.CallPacked(arguments.begin(), static_cast<int32_t>(arguments.size()), &answer);
    return answer;
  }

 private:
  std::string name_;
  Function function_;
};

inline std::vector<Service>& known_services() {
  static auto* services = new std::vector<Service>();
  return *services;
}

inline void set_host(const String& name, const Function& function) {
  Service service(std::string(name), function);
  const std::lock_guard<std::mutex> lock(host_mutex());
  for (Service& known : known_services()) {
    if (known.name() == service.name()) return std::swap(known, service);
  }
  known_services().push_back(std::move(service));
}

inline std::optional<Service> find_host(const char* name) {
  const std::lock_guard<std::mutex> lock(host_mutex());
  for (const Service& known : known_services()) {
    if (known.name() == name) return known;
  }
  return std::nullopt;
}

inline Service host(const char* name) {
  auto found = find_host(name);
  FFI_CHECK_NOT_IMPLEMENTED(found.has_value(), "'", name,
                            "' needs a framework: call this library through its torch adaptor, "
                            "which provides it");
  return *std::move(found);
}

inline int64_t integer(const Any& answer) { return answer.cast<int64_t>(); }
inline bool truth(const Any& answer) { return answer.cast<bool>(); }

}  // namespace services
}  // namespace ffi_port
