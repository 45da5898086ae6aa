// <exception>, <stdexcept>, <system_error>. Host only, unlike the rest of std: users override
// what(), and an override must have the same target.
#pragma once

namespace std {
class exception {
 public:
  exception() noexcept;
  exception(const exception &) noexcept;
  virtual ~exception();
  virtual const char *what() const noexcept;
};
class bad_alloc : public exception {};
class bad_cast : public exception {};
class bad_optional_access : public exception {};
class bad_variant_access : public exception {};
class bad_function_call : public exception {};

#define MIGRATE_EXCEPTION(name, base)                                         \
  class name : public base {                                                  \
   public:                                                                    \
    explicit name(const string &what);                                        \
    explicit name(const char *what);                                          \
  };
MIGRATE_EXCEPTION(logic_error, exception)
MIGRATE_EXCEPTION(invalid_argument, logic_error)
MIGRATE_EXCEPTION(domain_error, logic_error)
MIGRATE_EXCEPTION(length_error, logic_error)
MIGRATE_EXCEPTION(out_of_range, logic_error)
MIGRATE_EXCEPTION(runtime_error, exception)
MIGRATE_EXCEPTION(range_error, runtime_error)
MIGRATE_EXCEPTION(overflow_error, runtime_error)
MIGRATE_EXCEPTION(underflow_error, runtime_error)
#undef MIGRATE_EXCEPTION

enum class errc { invalid_argument = 22, no_such_file_or_directory = 2 };
class error_category {};
class error_code {
 public:
  error_code() noexcept;
  error_code(int value, const error_category &category) noexcept;
  int value() const noexcept;
  string message() const;
  explicit operator bool() const noexcept;
  bool operator==(errc code) const noexcept;
  void clear() noexcept;
};
const error_category &system_category() noexcept;
const error_category &generic_category() noexcept;
class system_error : public runtime_error {
 public:
  system_error(error_code code, const string &what);
  system_error(int value, const error_category &category, const string &what);
  const error_code &code() const noexcept;
};

class exception_ptr {
 public:
  exception_ptr(decltype(nullptr) = nullptr) noexcept;
  explicit operator bool() const noexcept;
};
exception_ptr current_exception() noexcept;
[[noreturn]] void rethrow_exception(exception_ptr error);
template <class E> exception_ptr make_exception_ptr(E error) noexcept;
[[noreturn]] void terminate() noexcept;
int uncaught_exceptions() noexcept;

// <source_location>
struct source_location {
  static constexpr source_location current() noexcept { return {}; }
  constexpr const char *file_name() const noexcept { return ""; }
  constexpr const char *function_name() const noexcept { return ""; }
  constexpr unsigned line() const noexcept { return 0; }
};
}  // namespace std
