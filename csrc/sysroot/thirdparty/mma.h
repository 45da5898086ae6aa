// Stand-in for CUDA's nvcuda::wmma.
#pragma once
#pragma clang force_cuda_host_device begin

namespace nvcuda::wmma {
struct matrix_a {};
struct matrix_b {};
struct accumulator {};
struct row_major {};
struct col_major {};
namespace precision {
struct tf32 {};
}
enum layout_t { mem_row_major, mem_col_major };
template <class Use, int M, int N, int K, class T, class Layout = void> struct fragment {
  static constexpr int num_elements = 8;
  T x[8];
};
template <class Use, int M, int N, int K, class Layout>
struct fragment<Use, M, N, K, precision::tf32, Layout> {
  static constexpr int num_elements = 8;
  float x[8];
};
template <class F, class T> void fill_fragment(F &fragment, const T &value);
template <class F, class T> void load_matrix_sync(F &fragment, const T *p, unsigned ld);
template <class F, class T>
void load_matrix_sync(F &fragment, const T *p, unsigned ld, layout_t layout);
template <class F, class T>
void store_matrix_sync(T *p, const F &fragment, unsigned ld, layout_t layout);
template <class D, class A, class B, class C>
void mma_sync(D &d, const A &a, const B &b, const C &c);
float __float_to_tf32(float value);
}  // namespace nvcuda::wmma

#pragma clang force_cuda_host_device end
