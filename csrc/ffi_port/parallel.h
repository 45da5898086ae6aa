// torch's at::parallel_for and parallel_reduce: chunks by grain size over OpenMP when the file is
// compiled with it, else one chunk. The number of threads is OpenMP's, not one set by
// torch.set_num_threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <vector>

#include "ffi_port/error.h"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace ffi_port {

namespace internal {
/// What torch's own loops hand to parallel_for as the grain size.
constexpr int64_t GRAIN_SIZE = 32768;
}  // namespace internal

inline int64_t divup(int64_t x, int64_t y) { return (x + y - 1) / y; }

inline int get_num_threads() {
#ifdef _OPENMP
  return omp_get_max_threads();
#else
  return 1;
#endif
}

inline bool in_parallel_region() {
#ifdef _OPENMP
  return omp_in_parallel();
#else
  return false;
#endif
}

namespace detail {
inline int& thread_number() {
  thread_local int number = 0;
  return number;
}
struct ThreadNumberGuard {
  int old = thread_number();
  explicit ThreadNumberGuard(int now) { thread_number() = now; }
  ~ThreadNumberGuard() { thread_number() = old; }
};
}  // namespace detail

inline int get_thread_num() { return detail::thread_number(); }

/// Runs f(chunk begin, chunk end); the first exception of a chunk comes out of the call.
template <class F>
void parallel_for(const int64_t begin, const int64_t end, const int64_t grain_size, const F& f) {
  FFI_INTERNAL_ASSERT_DEBUG_ONLY(grain_size >= 0);
  if (begin >= end) return;
#ifdef _OPENMP
  const int64_t count = end - begin;
  const bool parallel =
      count > grain_size && count > 1 && !omp_in_parallel() && omp_get_max_threads() > 1;
  if (parallel) {
    std::atomic_flag failed = ATOMIC_FLAG_INIT;
    std::exception_ptr failure;
#pragma omp parallel
    {
      int64_t threads = omp_get_num_threads();
      if (grain_size > 0) threads = std::min(threads, divup(count, grain_size));
      const int64_t thread = omp_get_thread_num();
      const int64_t chunk = divup(count, threads);
      const int64_t first = begin + thread * chunk;
      if (first < end) {
        try {
          detail::ThreadNumberGuard number(static_cast<int>(thread));
          f(first, std::min(end, first + chunk));
        } catch (...) {
          if (!failed.test_and_set()) failure = std::current_exception();
        }
      }
    }
    if (failure) std::rethrow_exception(failure);
    return;
  }
#endif
  detail::ThreadNumberGuard number(0);
  f(begin, end);
}

/// Reduces chunks of `grain_size` with f(begin, end, identity) and joins the results with `join`.
template <class T, class F, class J>
T parallel_reduce(const int64_t begin, const int64_t end, const int64_t grain_size, const T ident,
                  const F& f, const J& join) {
  if (begin >= end) return ident;
  const int64_t threads = get_num_threads();
  if (end - begin <= grain_size || in_parallel_region() || threads == 1) {
    return f(begin, end, ident);
  }
  std::vector<T> results(static_cast<size_t>(threads), ident);
  parallel_for(begin, end, grain_size, [&](int64_t first, int64_t last) {
    results[static_cast<size_t>(get_thread_num())] = f(first, last, ident);
  });
  T total = ident;
  for (const T& r : results) total = join(total, r);
  return total;
}

}  // namespace ffi_port
