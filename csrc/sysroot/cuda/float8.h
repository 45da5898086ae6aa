// cuda_fp8.h, cuda_fp6.h, cuda_fp4.h and HIP's fp8 header: storage types and conversions.
#pragma once
#pragma clang force_cuda_host_device begin

typedef unsigned char __nv_fp8_storage_t;
typedef unsigned short __nv_fp8x2_storage_t;
typedef unsigned int __nv_fp8x4_storage_t;
typedef unsigned char __nv_fp4_storage_t;
typedef unsigned char __nv_fp4x2_storage_t;
typedef unsigned char __hip_fp8_storage_t;
typedef unsigned short __hip_fp8x2_storage_t;
typedef unsigned int __hip_fp8x4_storage_t;
enum __nv_fp8_interpretation_t { __NV_E4M3, __NV_E5M2 };
enum __nv_fp4_interpretation_t { __NV_E2M1 };
enum __nv_saturation_t { __NV_NOSAT, __NV_SATFINITE };
enum __hip_fp8_interpretation_t { __HIP_E4M3, __HIP_E5M2, __HIP_E4M3_FNUZ, __HIP_E5M2_FNUZ };
enum __hip_saturation_t { __HIP_NOSAT, __HIP_SATFINITE };
enum cudaRoundMode { cudaRoundNearest, cudaRoundZero, cudaRoundPosInf, cudaRoundMinInf };

#define MIGRATE_FLOAT8(name)                                                  \
  struct name {                                                               \
    unsigned char __x;                                                        \
    name() = default;                                                         \
    template <class T> requires(__is_constructible(float, T)) explicit name(T value); \
    operator float() const;                                                   \
    explicit operator __half() const;                                         \
    explicit operator __nv_bfloat16() const;                                  \
  };
#define MIGRATE_FLOAT8_2(name)                                                \
  struct name {                                                               \
    unsigned short __x;                                                       \
    name() = default;                                                         \
    explicit name(float2 value);                                              \
    explicit name(__half2 value);                                             \
    explicit name(__nv_bfloat162 value);                                      \
    explicit operator float2() const;                                         \
    explicit operator __half2() const;                                        \
  };
#define MIGRATE_FLOAT8_4(name)                                                \
  struct name {                                                               \
    unsigned __x;                                                             \
    name() = default;                                                         \
    explicit name(float4 value);                                              \
    explicit name(__half2 low, __half2 high);                                 \
    explicit name(__nv_bfloat162 low, __nv_bfloat162 high);                   \
    explicit operator float4() const;                                         \
  };
MIGRATE_FLOAT8(__nv_fp8_e4m3) MIGRATE_FLOAT8(__nv_fp8_e5m2) MIGRATE_FLOAT8(__nv_fp8_e8m0)
MIGRATE_FLOAT8(__nv_fp4_e2m1)
MIGRATE_FLOAT8(__hip_fp8_e4m3) MIGRATE_FLOAT8(__hip_fp8_e5m2)
MIGRATE_FLOAT8(__hip_fp8_e4m3_fnuz) MIGRATE_FLOAT8(__hip_fp8_e5m2_fnuz)
MIGRATE_FLOAT8_2(__nv_fp8x2_e4m3) MIGRATE_FLOAT8_2(__nv_fp8x2_e5m2)
MIGRATE_FLOAT8_2(__nv_fp4x2_e2m1)
MIGRATE_FLOAT8_2(__hip_fp8x2_e4m3) MIGRATE_FLOAT8_2(__hip_fp8x2_e4m3_fnuz)
MIGRATE_FLOAT8_2(__hip_fp8x2_e5m2_fnuz)
MIGRATE_FLOAT8_4(__nv_fp8x4_e4m3) MIGRATE_FLOAT8_4(__nv_fp8x4_e5m2)
MIGRATE_FLOAT8_4(__nv_fp4x4_e2m1)
MIGRATE_FLOAT8_4(__hip_fp8x4_e4m3) MIGRATE_FLOAT8_4(__hip_fp8x4_e4m3_fnuz)
MIGRATE_FLOAT8_4(__hip_fp8x4_e5m2_fnuz)
#undef MIGRATE_FLOAT8
#undef MIGRATE_FLOAT8_2
#undef MIGRATE_FLOAT8_4

__nv_fp8_storage_t __nv_cvt_float_to_fp8(float, __nv_saturation_t, __nv_fp8_interpretation_t);
__nv_fp8_storage_t __nv_cvt_halfraw_to_fp8(__half_raw, __nv_saturation_t,
                                           __nv_fp8_interpretation_t);
__nv_fp8_storage_t __nv_cvt_bfloat16raw_to_fp8(__nv_bfloat16_raw, __nv_saturation_t,
                                               __nv_fp8_interpretation_t);
__nv_fp8x2_storage_t __nv_cvt_float2_to_fp8x2(float2, __nv_saturation_t,
                                              __nv_fp8_interpretation_t);
__half_raw __nv_cvt_fp8_to_halfraw(__nv_fp8_storage_t, __nv_fp8_interpretation_t);
__half2_raw __nv_cvt_fp8x2_to_halfraw2(__nv_fp8x2_storage_t, __nv_fp8_interpretation_t);
__nv_fp4x2_storage_t __nv_cvt_float2_to_fp4x2(float2, __nv_fp4_interpretation_t, cudaRoundMode);
__hip_fp8_storage_t __hip_cvt_float_to_fp8(float, __hip_saturation_t, __hip_fp8_interpretation_t);
__half_raw __hip_cvt_fp8_to_halfraw(__hip_fp8_storage_t, __hip_fp8_interpretation_t);

#pragma clang force_cuda_host_device end
