// <chrono>, <ratio>, <thread>, <mutex>, <condition_variable>, <future>, <atomic>.
#pragma once
#pragma clang force_cuda_host_device begin

namespace std {
template <intmax_t N, intmax_t D = 1> struct ratio {
  static constexpr intmax_t num = N, den = D;
};
using nano = ratio<1, 1000000000>;
using micro = ratio<1, 1000000>;
using milli = ratio<1, 1000>;

namespace chrono {
template <class R, class P = ratio<1>> class duration {
 public:
  using rep = R;
  using period = P;
  constexpr duration() = default;
  template <class T> requires(__is_arithmetic(T)) constexpr explicit duration(T count);
  template <class R2, class P2> constexpr duration(const duration<R2, P2> &other);
  constexpr R count() const;
  duration &operator+=(const duration &other);
  duration &operator-=(const duration &other);
};
using nanoseconds = duration<long, nano>;
using microseconds = duration<long, micro>;
using milliseconds = duration<long, milli>;
using seconds = duration<long>;
using minutes = duration<long, ratio<60>>;
using hours = duration<long, ratio<3600>>;
template <class A, class B, class C, class D>
duration<common_type_t<A, C>, B> operator+(const duration<A, B> &, const duration<C, D> &);
template <class A, class B, class C, class D>
duration<common_type_t<A, C>, B> operator-(const duration<A, B> &, const duration<C, D> &);
template <class A, class B, class C, class D>
bool operator<(const duration<A, B> &, const duration<C, D> &);
template <class A, class B, class C, class D>
bool operator>(const duration<A, B> &, const duration<C, D> &);
template <class A, class B, class C, class D>
bool operator<=(const duration<A, B> &, const duration<C, D> &);
template <class A, class B, class C, class D>
bool operator>=(const duration<A, B> &, const duration<C, D> &);
template <class To, class R, class P> To duration_cast(const duration<R, P> &from);

template <class C, class D = nanoseconds> class time_point {
 public:
  D time_since_epoch() const;
  bool operator<(const time_point &other) const;
  bool operator>(const time_point &other) const;
  bool operator<=(const time_point &other) const;
  bool operator>=(const time_point &other) const;
};
template <class C, class D> D operator-(const time_point<C, D> &a, const time_point<C, D> &b);
template <class C, class D, class R, class P>
time_point<C, D> operator+(const time_point<C, D> &a, const duration<R, P> &b);
template <class To, class C, class D>
time_point<C, To> time_point_cast(const time_point<C, D> &from);
#define MIGRATE_CLOCK(name)                                                   \
  struct name {                                                               \
    using duration = nanoseconds;                                             \
    using time_point = chrono::time_point<name>;                              \
    static time_point now();                                                  \
    static time_t to_time_t(const time_point &when);                          \
  };
MIGRATE_CLOCK(system_clock)
MIGRATE_CLOCK(steady_clock)
MIGRATE_CLOCK(high_resolution_clock)
#undef MIGRATE_CLOCK
}  // namespace chrono
inline namespace literals {
inline namespace chrono_literals {
chrono::milliseconds operator""ms(unsigned long long);
chrono::seconds operator""s(unsigned long long);
}  // namespace chrono_literals
}  // namespace literals

class mutex {
 public:
  constexpr mutex() noexcept;
  mutex(const mutex &) = delete;
  void lock();
  bool try_lock();
  void unlock();
  void lock_shared();
  void unlock_shared();
};
class recursive_mutex : public mutex {};
class shared_mutex : public mutex {};
class timed_mutex : public mutex {};
struct defer_lock_t {};
inline constexpr defer_lock_t defer_lock{};
template <class... M> class scoped_lock {
 public:
  explicit scoped_lock(M &...mutexes);
  ~scoped_lock();
};
template <class M> class lock_guard {
 public:
  explicit lock_guard(M &mutex);
  lock_guard(const lock_guard &) = delete;
  ~lock_guard();
};
template <class M> class unique_lock {
 public:
  unique_lock();
  explicit unique_lock(M &mutex);
  unique_lock(M &mutex, defer_lock_t);
  unique_lock(unique_lock &&other);
  ~unique_lock();
  void lock();
  bool try_lock();
  void unlock();
  bool owns_lock() const;
};
template <class M> class shared_lock : public unique_lock<M> {
 public:
  explicit shared_lock(M &mutex);
};
struct once_flag {};
template <class F, class... A> void call_once(once_flag &flag, F &&f, A &&...args) {}

class condition_variable {
 public:
  void notify_one() noexcept;
  void notify_all() noexcept;
  template <class L, class... P> void wait(L &lock, P... predicate);
  template <class L, class D, class... P> bool wait_for(L &lock, const D &time, P... predicate);
};
class thread {
 public:
  class id {
   public:
    bool operator==(const id &other) const;
  };
  thread() noexcept;
  template <class F, class... A> explicit thread(F &&f, A &&...args) {}
  thread(thread &&other) noexcept;
  thread &operator=(thread &&other) noexcept;
  void join();
  void detach();
  bool joinable() const;
  id get_id() const;
  static unsigned hardware_concurrency();
};
namespace this_thread {
thread::id get_id();
void yield();
template <class D> void sleep_for(const D &time);
}  // namespace this_thread
template <class T> class future {
 public:
  T get();
  void wait() const;
  bool valid() const;
};
template <class T> class promise {
 public:
  future<T> get_future();
  template <class... U> void set_value(U &&...value);
  void set_exception(exception_ptr error);
};
enum class launch { async = 1, deferred = 2 };
template <class F, class... A> future<invoke_result_t<F, A...>> async(F &&f, A &&...args);
template <class F, class... A> auto async(launch policy, F &&f, A &&...args)
    -> future<invoke_result_t<F, A...>>;

enum memory_order { memory_order_relaxed, memory_order_consume, memory_order_acquire,
                    memory_order_release, memory_order_acq_rel, memory_order_seq_cst };
template <class T> class atomic {
 public:
  constexpr atomic() noexcept;
  constexpr atomic(T value) noexcept;
  atomic(const atomic &) = delete;
  T load(memory_order order = memory_order_seq_cst) const;
  void store(T value, memory_order order = memory_order_seq_cst);
  T exchange(T value, memory_order order = memory_order_seq_cst);
  bool compare_exchange_weak(T &expected, T value, memory_order = {}, memory_order = {});
  bool compare_exchange_strong(T &expected, T value, memory_order = {}, memory_order = {});
  template <class U> T fetch_add(U value, memory_order order = memory_order_seq_cst);
  template <class U> T fetch_sub(U value, memory_order order = memory_order_seq_cst);
  operator T() const;
  T operator=(T value);
  T operator++();
  T operator++(int);
  T operator--();
  T operator--(int);
  template <class U> T operator+=(U value);
  template <class U> T operator-=(U value);
};
struct atomic_flag {
  bool test_and_set(memory_order order = memory_order_seq_cst);
  bool test(memory_order order = memory_order_seq_cst) const;
  void clear(memory_order order = memory_order_seq_cst);
};
#define ATOMIC_FLAG_INIT {}
using atomic_int = atomic<int>;
using atomic_bool = atomic<bool>;
void atomic_thread_fence(memory_order order);
}  // namespace std

#pragma clang force_cuda_host_device end
