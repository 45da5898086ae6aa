// Stand-in for {fmt}.
#pragma once
#pragma clang force_cuda_host_device begin

namespace fmt {
template <class... A> std::string format(std::string_view format, const A &...args);
template <class... A> void print(std::string_view format, const A &...args);
template <class... A> void print(FILE *out, std::string_view format, const A &...args);
template <class... A> void println(std::string_view format, const A &...args);
template <class R> std::string join(const R &range, std::string_view separator);
template <class I> std::string join(I first, I last, std::string_view separator);
template <class T> const T &arg(const char *name, const T &value);
template <class T> const void *ptr(T p);
template <class... A> const char *runtime(const A &...format);
template <class T> std::string to_string(const T &value);
template <class T> struct dynamic_format_arg_store {
  template <class V> void push_back(const V &value);
};
struct format_context {};
}  // namespace fmt

#pragma clang force_cuda_host_device end
