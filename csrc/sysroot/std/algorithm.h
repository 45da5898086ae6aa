// <algorithm>, <numeric>, <bit>. What takes a callable has a body, however empty: a lambda's type
// may have no linkage, and clang then demands the definition.
#pragma once
#pragma clang force_cuda_host_device begin

namespace std {
template <class T> constexpr const T &min(const T &a, const T &b) { return b < a ? b : a; }
template <class T> constexpr const T &max(const T &a, const T &b) { return a < b ? b : a; }
template <class T, class F> constexpr const T &min(const T &a, const T &b, F less) {
  return less(b, a) ? b : a;
}
template <class T, class F> constexpr const T &max(const T &a, const T &b, F less) {
  return less(a, b) ? b : a;
}
template <class T> constexpr T min(initializer_list<T> list) {
  T least = *list.begin();
  for (const T &item : list) least = item < least ? item : least;
  return least;
}
template <class T> constexpr T max(initializer_list<T> list) {
  T most = *list.begin();
  for (const T &item : list) most = most < item ? item : most;
  return most;
}
template <class T> constexpr const T &clamp(const T &value, const T &low, const T &high) {
  return value < low ? low : (high < value ? high : value);
}
template <class T> pair<const T &, const T &> minmax(const T &a, const T &b);

template <class I, class... F> void sort(I first, I last, F... less) {}
template <class I, class... F> void stable_sort(I first, I last, F... less) {}
template <class I, class... F> void partial_sort(I first, I middle, I last, F... less) {}
template <class I, class... F> void nth_element(I first, I nth, I last, F... less) {}
template <class I, class... F> bool is_sorted(I first, I last, F... less) { return {}; }
template <class I> void reverse(I first, I last);
template <class I> I rotate(I first, I middle, I last);
template <class I, class G> void shuffle(I first, I last, G &&generator) {}
template <class I, class... F> I unique(I first, I last, F... equal) { return first; }
template <class I, class T> I find(I first, I last, const T &value);
template <class I, class P> I find_if(I first, I last, P predicate) { return first; }
template <class I, class P> I find_if_not(I first, I last, P predicate) { return first; }
template <class I, class J> I search(I first, I last, J from, J to);
template <class I, class T> ptrdiff_t count(I first, I last, const T &value);
template <class I, class P> ptrdiff_t count_if(I first, I last, P predicate) { return {}; }
template <class I, class P> bool any_of(I first, I last, P predicate) { return {}; }
template <class I, class P> bool all_of(I first, I last, P predicate) { return {}; }
template <class I, class P> bool none_of(I first, I last, P predicate) { return {}; }
template <class I, class F> F for_each(I first, I last, F f) { return f; }
template <class I, class T> void fill(I first, I last, const T &value);
template <class I, class N, class T> I fill_n(I first, N count, const T &value);
template <class I, class F> void generate(I first, I last, F f) {}
template <class I, class O> O copy(I first, I last, O out);
template <class I, class N, class O> O copy_n(I first, N count, O out);
template <class I, class O, class P> O copy_if(I first, I last, O out, P predicate) { return out; }
template <class I, class O> O copy_backward(I first, I last, O out);
template <class I, class O> O move(I first, I last, O out);
template <class I, class O, class F> O transform(I first, I last, O out, F f) { return out; }
template <class I, class J, class O, class F>
O transform(I first, I last, J other, O out, F f) { return out; }
template <class I, class T> I remove(I first, I last, const T &value);
template <class I, class P> I remove_if(I first, I last, P predicate) { return first; }
template <class I, class T> void replace(I first, I last, const T &from, const T &to);
template <class I, class P> I partition(I first, I last, P predicate) { return first; }
template <class I, class T, class... F>
I lower_bound(I first, I last, const T &value, F... less) { return first; }
template <class I, class T, class... F>
I upper_bound(I first, I last, const T &value, F... less) { return first; }
template <class I, class T, class... F>
bool binary_search(I first, I last, const T &value, F... less) { return {}; }
template <class I, class... F> I max_element(I first, I last, F... less) { return first; }
template <class I, class... F> I min_element(I first, I last, F... less) { return first; }
template <class I, class... F>
pair<I, I> minmax_element(I first, I last, F... less) { return {first, first}; }
template <class I, class J, class... F>
bool equal(I first, I last, J other, F... equal) { return {}; }
template <class I, class J, class... F>
pair<I, J> mismatch(I first, I last, J other, F... equal) { return {first, other}; }
template <class I, class J> bool lexicographical_compare(I first, I last, J from, J to);
template <class I, class... F> void make_heap(I first, I last, F... less) {}
template <class I, class... F> void push_heap(I first, I last, F... less) {}
template <class I, class... F> void pop_heap(I first, I last, F... less) {}
template <class I> void iter_swap(I a, I b);

template <class I, class T> T accumulate(I first, I last, T start);
template <class I, class T, class F> T accumulate(I first, I last, T start, F f) { return start; }
template <class I, class T, class... F> T reduce(I first, I last, T start, F... f) { return start; }
template <class I, class J, class T> T inner_product(I first, I last, J other, T start);
template <class I, class O, class... F>
O partial_sum(I first, I last, O out, F... f) { return out; }
template <class I, class O, class T, class... F>
O exclusive_scan(I first, I last, O out, T start, F... f) { return out; }
template <class I, class O, class... F>
O inclusive_scan(I first, I last, O out, F... f) { return out; }
template <class I, class T> void iota(I first, I last, T start);
template <class A, class B> constexpr common_type_t<A, B> gcd(A a, B b) {
  return b == 0 ? common_type_t<A, B>(a) : gcd(common_type_t<A, B>(b), common_type_t<A, B>(a % b));
}
template <class A, class B> constexpr common_type_t<A, B> lcm(A a, B b) {
  return a / gcd(a, b) * b;
}
template <class T> constexpr T midpoint(T a, T b) { return a + (b - a) / 2; }

template <class T> constexpr bool has_single_bit(T x) { return x != 0 && (x & (x - 1)) == 0; }
template <class T> constexpr T bit_ceil(T x) {
  T result = 1;
  while (result < x) result *= 2;
  return result;
}
template <class T> constexpr int countl_zero(T x) {
  return x ? __builtin_clzll(x) - int(64 - sizeof(T) * 8) : int(sizeof(T) * 8);
}
template <class T> constexpr int countr_zero(T x) { return x ? __builtin_ctzll(x) : 64; }
template <class T> constexpr int popcount(T x) { return __builtin_popcountll(x); }
template <class T> constexpr int bit_width(T x) { return int(sizeof(T) * 8) - countl_zero(x); }
}  // namespace std

#pragma clang force_cuda_host_device end
