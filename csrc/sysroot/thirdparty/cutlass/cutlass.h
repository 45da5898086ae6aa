// Stand-in for CUTLASS and CuTe: macros, number types, and the few helpers host code names.
#pragma once

#define CUTLASS_HOST_DEVICE inline __host__ __device__
#define CUTLASS_DEVICE inline __device__
#define CUTLASS_HOST inline __host__
#define CUTLASS_GLOBAL __global__ static
#define CUTLASS_PRAGMA_UNROLL
#define CUTLASS_PRAGMA_NO_UNROLL
#define CUTE_HOST_DEVICE inline __host__ __device__
#define CUTE_DEVICE inline __device__
#define CUTE_HOST inline __host__
#define CUTE_UNROLL
#define CUTE_NO_UNROLL
#define CUTE_STATIC_ASSERT(...)
#define CUTE_STATIC_ASSERT_V(...)
#define CUTLASS_CHECK(status) (void)(status)

#pragma clang force_cuda_host_device begin
namespace cutlass {
using half_t = __half;
using bfloat16_t = __nv_bfloat16;
using tfloat32_t = float;
using float_e4m3_t = __nv_fp8_e4m3;
using float_e5m2_t = __nv_fp8_e5m2;
using float_ue8m0_t = __nv_fp8_e8m0;
struct int4b_t { int8_t storage; };
enum class Status { kSuccess, kErrorMisalignedOperand, kErrorNotSupported, kErrorInternal };
const char *cutlassGetStatusString(Status status);
template <class T> struct sizeof_bits { static constexpr int value = sizeof(T) * 8; };
template <class T, int N> struct Array {
  T storage[N];
  T &operator[](int i) { return storage[i]; }
  const T &operator[](int i) const { return storage[i]; }
};
template <class T> struct NumericConverterBase {};
template <class A, class B> constexpr auto ceil_div(A a, B b) { return (a + b - 1) / b; }
template <class A, class B> constexpr auto round_up(A a, B b) { return (a + b - 1) / b * b; }
namespace detail {
struct float_e2m1_unpacksmem_t { uint8_t storage; };
}
namespace layout {
struct RowMajor {};
struct ColumnMajor {};
}  // namespace layout
namespace arch {
struct Sm70 {};
struct Sm75 {};
struct Sm80 {};
struct Sm90 {};
struct Sm100 {};
struct OpClassTensorOp {};
struct OpClassSimt {};
struct ClusterBarrier {
  void init(unsigned count) const;
  void wait(unsigned phase) const;
  bool try_wait(unsigned phase) const;
  template <class... A> void arrive(A... args) const;
};
struct ClusterTransactionBarrier : ClusterBarrier {
  using ValueType = uint64_t;
  template <class... A> void arrive_and_expect_tx(A... args) const;
};
struct NamedBarrier {
  template <class... A> static void sync(A... args);
  template <class... A> static void arrive(A... args);
};
void fence_barrier_init();
void fence_view_async_shared();
template <unsigned N> void warpgroup_reg_alloc();
template <unsigned N> void warpgroup_reg_dealloc();
}  // namespace arch
}  // namespace cutlass

namespace cute {
using std::forward;
using std::is_same_v;
using std::min;
using std::max;
using std::numeric_limits;
using std::conditional_t;
template <auto V> struct C {
  static constexpr auto value = V;
  using value_type = decltype(V);
  constexpr operator value_type() const { return V; }
};
template <int N> using Int = C<N>;
template <class T, T V> using integral_constant = std::integral_constant<T, V>;
template <class... T> using tuple = std::tuple<T...>;
template <class... T> using Shape = std::tuple<T...>;
template <class... T> using Stride = std::tuple<T...>;
template <size_t I, class T> constexpr decltype(auto) get(T &&t) {
  return std::get<I>(std::forward<T>(t));
}
template <class... T> constexpr auto make_shape(T... values) { return std::make_tuple(values...); }
template <class... T> constexpr auto make_stride(T... values) { return std::make_tuple(values...); }
template <class A, class B> constexpr auto ceil_div(A a, B b) { return (a + b - 1) / b; }
namespace UMMA {
enum class Major : uint8_t { K = 0, MN = 1 };
enum class LayoutType : uint8_t { SWIZZLE_NONE, SWIZZLE_128B_BASE32B, SWIZZLE_128B, SWIZZLE_64B,
                                  SWIZZLE_32B };
enum class ScaleIn : int8_t { One = 1, Neg = -1 };
union SmemDescriptor { uint64_t desc_; };
union InstrDescriptor { uint32_t desc_; };
union InstrDescriptorBlockScaled { uint32_t desc_; };
}  // namespace UMMA
namespace GMMA {
enum class Major : uint8_t { K = 0, MN = 1 };
}
union GmmaDescriptor { uint64_t desc_; };
namespace TMA {
enum class CacheHintSm90 : uint64_t { EVICT_NORMAL, EVICT_FIRST, EVICT_LAST };
enum class CacheHintSm100 : uint64_t { EVICT_NORMAL, EVICT_FIRST, EVICT_LAST };
}  // namespace TMA
#define MIGRATE_COPY(name) struct name { template <class... A> static void copy(A... args); };
MIGRATE_COPY(SM90_TMA_LOAD_1D) MIGRATE_COPY(SM90_TMA_LOAD_2D) MIGRATE_COPY(SM90_TMA_LOAD_3D)
MIGRATE_COPY(SM90_TMA_LOAD_MULTICAST_2D) MIGRATE_COPY(SM90_TMA_LOAD_MULTICAST_3D)
MIGRATE_COPY(SM90_TMA_STORE_1D) MIGRATE_COPY(SM90_TMA_STORE_2D) MIGRATE_COPY(SM90_TMA_STORE_3D)
MIGRATE_COPY(SM90_TMA_REDUCE_ADD_2D) MIGRATE_COPY(SM100_TMA_2SM_LOAD_2D)
MIGRATE_COPY(SM100_TMA_2SM_LOAD_3D)
#undef MIGRATE_COPY
unsigned block_rank_in_cluster();
void cluster_sync();
void cluster_arrive_relaxed();
void cluster_wait();
unsigned elect_one_sync();
void tma_store_arrive();
template <int N> void tma_store_wait();
void tma_store_fence();
unsigned canonical_warp_idx_sync();
void prefetch_tma_descriptor(const void *descriptor);
}  // namespace cute
#pragma clang force_cuda_host_device end
