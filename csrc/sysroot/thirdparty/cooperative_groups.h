// Stand-in for CUDA's cooperative groups.
#pragma once
#pragma clang force_cuda_host_device begin

namespace cooperative_groups {
struct thread_group {
  void sync() const;
  unsigned size() const;
  unsigned num_threads() const;
  unsigned thread_rank() const;
  dim3 group_index() const;
  dim3 thread_index() const;
  template <class T> T shfl(T value, int lane) const;
  template <class T> T shfl_xor(T value, unsigned lanes) const;
  template <class T> T shfl_down(T value, unsigned delta) const;
  template <class T> T shfl_up(T value, unsigned delta) const;
  unsigned ballot(int predicate) const;
  int any(int predicate) const;
  int all(int predicate) const;
  unsigned meta_group_rank() const;
  unsigned meta_group_size() const;
};
struct thread_block : thread_group {};
struct grid_group : thread_group {
  unsigned block_rank() const;
};
struct cluster_group : thread_group {
  unsigned block_rank() const;
  template <class T> T *map_shared_rank(T *p, int rank) const;
};
struct coalesced_group : thread_group {};
template <unsigned N, class Parent = void> struct thread_block_tile : thread_group {};
thread_block this_thread_block();
grid_group this_grid();
cluster_group this_cluster();
coalesced_group coalesced_threads();
template <unsigned N, class G> thread_block_tile<N, G> tiled_partition(const G &group);
template <class G> void sync(const G &group);
template <class T> struct plus { T operator()(T a, T b) const; };
template <class T> struct greater { T operator()(T a, T b) const; };
template <class T> struct less { T operator()(T a, T b) const; };
template <class G, class T, class F> T reduce(const G &group, T value, F &&f);
template <class G, class... A> void memcpy_async(const G &group, A &&...args);
template <class G> void wait(const G &group);
}  // namespace cooperative_groups

#pragma clang force_cuda_host_device end
