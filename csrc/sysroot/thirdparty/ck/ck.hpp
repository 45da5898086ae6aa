// Stand-in for Composable Kernel's classic API: number types, layouts, enumerators, sequences.
#pragma once
#pragma clang force_cuda_host_device begin

namespace ck {
using index_t = int32_t;
using long_index_t = int64_t;
using half_t = _Float16;
using bhalf_t = unsigned short;
struct f8_t { uint8_t data; };
struct bf8_t { uint8_t data; };
struct pk_i4_t { uint8_t data; };
struct f4x2_pk_t { uint8_t data; };
struct e8m0_bexp_t { uint8_t data; };
using int4_t = pk_i4_t;
template <index_t... I> struct Sequence {
  static constexpr index_t Size() { return sizeof...(I); }
};
template <class... T> struct Tuple {
  static constexpr index_t Size() { return sizeof...(T); }
};
template <class... T> constexpr Tuple<T...> make_tuple(T &&...values) { return {}; }
template <index_t N> struct Number {
  static constexpr index_t value = N;
  constexpr operator index_t() const { return N; }
};
template <class A, class B> inline constexpr bool is_same_v = std::is_same_v<A, B>;
template <bool B, class T = void> using enable_if_t = std::enable_if_t<B, T>;
template <class To, class From> constexpr To type_convert(From from) { return To(); }
enum class BlockGemmPipelineVersion { v1, v2, v3, v4, v5 };
enum class BlockGemmPipelineScheduler { Intrawave, Interwave };
enum class TailNumber { Odd, Even, Full };
namespace math {
template <class A, class B> constexpr auto integer_divide_ceil(A a, B b) { return (a + b - 1) / b; }
template <class T> constexpr T max(T a, T b) { return a < b ? b : a; }
template <class T> constexpr T min(T a, T b) { return b < a ? b : a; }
}  // namespace math
namespace tensor_layout::gemm {
struct RowMajor {};
struct ColumnMajor {};
struct MFMA {};
}  // namespace tensor_layout::gemm
namespace tensor_operation {
namespace element_wise {
struct PassThrough {};
struct MultiplyMultiply {};
struct Add {};
}  // namespace element_wise
namespace device {
enum class GemmSpecialization {
  Default, MPadding, NPadding, KPadding, MNPadding, MKPadding, NKPadding, MNKPadding
};
}  // namespace device
}  // namespace tensor_operation
}  // namespace ck
struct StreamConfig {
  hipStream_t stream_id_ = nullptr;
  bool time_kernel_ = false;
  int log_level_ = 0, cold_niters_ = 5, nrepeat_ = 50;
  bool flush_cache = false;
  int rotating_count = 1;
};
struct DeviceMem {
  DeviceMem(size_t size = 0);
  void *GetDeviceBuffer() const;
  void ToDevice(const void *from) const;
  void FromDevice(void *to) const;
  void SetZero() const;
};

#pragma clang force_cuda_host_device end
