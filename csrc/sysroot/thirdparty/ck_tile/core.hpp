// Stand-in for Composable Kernel's ck_tile: the types and helpers that host code names.
#pragma once
#pragma clang force_cuda_host_device begin

#define CK_TILE_HOST __host__
#define CK_TILE_DEVICE __device__
#define CK_TILE_HOST_DEVICE __host__ __device__
#define CK_TILE_DEVICE_EXTERN __device__
#define CK_TILE_FLOAT_TO_BFLOAT16_DEFAULT 0

namespace ck_tile {
using index_t = int32_t;
using long_index_t = int64_t;
using int8_t = ::int8_t;
using fp32_t = float;
using half_t = _Float16;
using fp16_t = _Float16;
using bfloat16_t = unsigned short;
using bf16_t = bfloat16_t;
struct fp8_t { uint8_t data; };
struct bf8_t { uint8_t data; };
struct pk_int4_t { uint8_t data; };
struct pk_fp4_t { uint8_t data; };
using pk_fp4_raw_t = uint8_t;
using fp4x2_t = pk_fp4_t;
struct e8m0_t { uint8_t data; };
using e8m0_bexp_t = e8m0_t;

template <class T, int N> struct ext_vector {
  typedef T type __attribute__((ext_vector_type(N)));
};
template <int N> struct ext_vector<fp8_t, N> {
  typedef uint8_t type __attribute__((ext_vector_type(N)));
};
template <int N> struct ext_vector<pk_fp4_t, N> {
  typedef uint8_t type __attribute__((ext_vector_type(N)));
};
template <class T, int N> using ext_vector_t = typename ext_vector<T, N>::type;
template <class T, int N> struct vec_t {
  using type = T;
  T data[N];
  T &operator[](int i);
  const T &operator[](int i) const;
};
template <class T> struct vector_traits {
  using scalar_type = T;
  static constexpr index_t vector_size = 1;
};
using fp32x2_t = ext_vector_t<float, 2>;
using fp32x4_t = ext_vector_t<float, 4>;
using fp16x2_t = ext_vector_t<fp16_t, 2>;
using bf16x2_t = ext_vector_t<bf16_t, 2>;

template <auto V> struct constant {
  using value_type = decltype(V);
  static constexpr value_type value = V;
  constexpr operator value_type() const { return V; }
  constexpr value_type operator()() const { return V; }
};
template <index_t N> using number = constant<N>;
template <class T, T V> struct integral_constant : std::integral_constant<T, V> {};
template <bool B> using bool_constant = constant<B>;
using true_type = bool_constant<true>;
using false_type = bool_constant<false>;
template <index_t... I> struct sequence {
  static constexpr index_t size() { return sizeof...(I); }
  template <class N> constexpr index_t operator[](N) const { return 0; }
  template <index_t N> static constexpr index_t at(number<N>) { return 0; }
};
template <class... T> struct tuple {
  constexpr tuple(T... values) {}
  tuple() = default;
};
template <class... T> constexpr tuple<T...> make_tuple(T... values) { return {values...}; }
template <class T> using remove_cvref_t = std::remove_cvref_t<T>;
template <class T> using remove_cv_t = std::remove_cv_t<T>;
struct identity {
  template <class T> constexpr T operator()(T value) const { return value; }
};
template <index_t Begin, index_t End, index_t Step> struct static_for {
  template <class F> constexpr void operator()(F f) const { f(number<Begin>{}); }
};

template <class A, class B> constexpr auto integer_divide_ceil(A a, B b) { return (a + b - 1) / b; }
template <class A, class B> constexpr auto integer_divide_floor(A a, B b) { return a / b; }
template <class A, class B> constexpr auto integer_least_multiple(A a, B b) {
  return b * integer_divide_ceil(a, b);
}
template <class T> constexpr T max(T a, T b) { return a < b ? b : a; }
template <class T> constexpr T min(T a, T b) { return b < a ? b : a; }
template <class T, class... U> constexpr T max(T a, T b, U... c) { return max(a, max(b, c...)); }
template <class T, class... U> constexpr T min(T a, T b, U... c) { return min(a, min(b, c...)); }
template <class T> constexpr T next_power_of_two(T x) { return x; }
template <class To, class From> constexpr To type_convert(From from) { return To(); }
template <class To, class From> To bit_cast(const From &from);
template <class To, int N, class From> vec_t<To, N> vec_convert(const From &from, float scale = 1);
template <class T> struct numeric {
  static constexpr T max() { return std::numeric_limits<T>::max(); }
  static constexpr T min() { return std::numeric_limits<T>::min(); }
  static constexpr T lowest() { return std::numeric_limits<T>::lowest(); }
  static constexpr T infinity() { return std::numeric_limits<T>::infinity(); }
};
constexpr index_t get_warp_size() { return 64; }
index_t get_lane_id();
index_t get_warp_id();
index_t get_thread_id();
index_t get_block_id();
void block_sync_lds();
template <class T> T sqrt(T x);
template <class T> T abs(T x);
template <class T> T exp(T x);
template <class T> T exp2(T x);
template <class T> T log(T x);
template <class T> T warp_shuffle(T x, index_t lane);

struct stream_config {
  hipStream_t stream_id_ = nullptr;
  bool time_kernel_ = false;
  int log_level_ = 0;
  int cold_niters_ = 3;
  int nrepeat_ = 10;
};
template <int Threads = 256, int Blocks = 1, class K, class... A>
auto make_kernel(K kernel, dim3 grid, dim3 block, size_t lds, A... args) {
  return [=](const stream_config &) {};
}
template <class... F> float launch_kernel(const stream_config &config, F &&...kernels);
struct DeviceMem {
  DeviceMem(size_t size = 0);
  void *GetDeviceBuffer() const;
  void ToDevice(const void *from) const;
  void FromDevice(void *to) const;
  void SetZero() const;
};

enum class BlockAttentionKVCacheMemoryLayoutEnum { VECTORIZED_LAYOUT = 0, LINEAR_LAYOUT = 1 };
enum class BlockAttentionKVCacheLookupTableEnum { VLLM_BLOCK_TABLE_2D, SGLANG_PAGE_TABLE_1D };
enum class GenericAttentionMaskEnum { NO_MASK, MASK_FROM_TOP_LEFT, MASK_FROM_BOTTOM_RIGHT,
                                      MASK_GENERIC };
inline constexpr unsigned CUSTOM_MASK = 1, SLIDING_WINDOW = 2, LOGITS_SOFT_CAP = 4, ALIBI = 8;
template <unsigned Variant> struct ComposedAttention {};
template <class Mask> struct StandardAttentionParams {};
template <class Mask, bool Soft = false> struct LogitsSoftCapParams {};
tuple<index_t, index_t> make_generic_attention_mask_coordinates_from_lr_window(
    index_t left, index_t right, index_t y, index_t x, bool top_left = true);
enum class GemmPipelineScheduler { Default, Intrawave, Interwave };
enum class TailNumber { Odd, Even, Full };
namespace tensor_layout::gemm {
struct RowMajor {};
struct ColumnMajor {};
}  // namespace tensor_layout::gemm
namespace element_wise {
struct PassThrough {};
}
template <int Granularity = 1, int K = 0> struct FlatmmScalePointer {
  FlatmmScalePointer() = default;
  FlatmmScalePointer(const float *p, int length = 0);
};

struct naive_attention_fwd_traits {
  std::string q_type, k_type, v_type, o_type, q_layout, k_layout, v_layout, o_layout;
  int variation, quant_algo;
};
struct naive_attention_fwd_args {
  const void *q_ptr, *k_ptr, *v_ptr;
  void *o_ptr;
  const void *context_len_ptr, *page_table_ptr, *kscale_ptr, *vscale_ptr;
  float scale_s;
  int hdim, hdim_v, batch_q, batch_kv, batch_ratio_kv, seqlen_q, seqlen_kv, nhead_q, nhead_kv;
  int nhead_ratio_kv, page_size, max_pages_per_seq, max_kv_tokens;
};
float naive_attention_fwd(naive_attention_fwd_traits traits, naive_attention_fwd_args args,
                          stream_config config);
}  // namespace ck_tile

#pragma clang force_cuda_host_device end
