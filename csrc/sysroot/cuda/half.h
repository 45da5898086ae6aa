// cuda_fp16.h and cuda_bf16.h; the HIP types are aliases.
#pragma once
#pragma clang force_cuda_host_device begin

#define MIGRATE_SMALL_FLOAT(name, raw_name)                                   \
  struct raw_name { unsigned short x; };                                      \
  struct name {                                                               \
    unsigned short __x;                                                       \
    name() = default;                                                         \
    constexpr name(const raw_name &r) : __x(r.x) {}                           \
    constexpr name(float) : __x(0) {}                                         \
    constexpr name(double) : __x(0) {}                                        \
    template <class T> requires(__is_integral(T)) constexpr name(T) : __x(0) {} \
    operator float() const;                                                   \
    operator raw_name() const;                                                \
    name &operator=(float value);                                             \
    name &operator=(double value);                                            \
    name &operator=(int value);                                               \
    name &operator=(const raw_name &value);                                   \
    name &operator+=(const name &other);                                      \
    name &operator-=(const name &other);                                      \
    name &operator*=(const name &other);                                      \
    name &operator/=(const name &other);                                      \
    name operator-() const;                                                   \
    friend name operator+(const name &a, const name &b);                      \
    friend name operator-(const name &a, const name &b);                      \
    friend name operator*(const name &a, const name &b);                      \
    friend name operator/(const name &a, const name &b);                      \
    friend bool operator==(const name &a, const name &b);                     \
    friend bool operator!=(const name &a, const name &b);                     \
    friend bool operator<(const name &a, const name &b);                      \
    friend bool operator>(const name &a, const name &b);                      \
    friend bool operator<=(const name &a, const name &b);                     \
    friend bool operator>=(const name &a, const name &b);                     \
  };                                                                          \
  struct raw_name##_pair { unsigned short x, y; };                            \
  struct alignas(4) name##2_base {                                            \
    name x, y;                                                                \
    friend name##2_base operator+(const name##2_base &, const name##2_base &); \
    friend name##2_base operator-(const name##2_base &, const name##2_base &); \
    friend name##2_base operator*(const name##2_base &, const name##2_base &); \
    name##2_base &operator+=(const name##2_base &);                           \
    name##2_base &operator*=(const name##2_base &);                           \
  };
MIGRATE_SMALL_FLOAT(__half, __half_raw)
MIGRATE_SMALL_FLOAT(__nv_bfloat16, __nv_bfloat16_raw)
#undef MIGRATE_SMALL_FLOAT
typedef __half half;
typedef __half __half_t;
typedef __half2_base __half2;
typedef __half2_base half2;
typedef __half_raw_pair __half2_raw;
typedef __nv_bfloat16 nv_bfloat16;
typedef __nv_bfloat162_base __nv_bfloat162;
typedef __nv_bfloat162_base nv_bfloat162;
typedef __nv_bfloat16_raw_pair __nv_bfloat162_raw;
typedef __nv_bfloat16 __hip_bfloat16;
typedef __nv_bfloat162 __hip_bfloat162;
typedef __nv_bfloat16_raw __hip_bfloat16_raw;
typedef __nv_bfloat162_raw __hip_bfloat162_raw;
typedef __nv_bfloat16 hip_bfloat16;

// The arithmetic intrinsics: overloaded over both scalar types and both pairs.
#define MIGRATE_H1(name)                                                      \
  __half name(__half);                                                        \
  __nv_bfloat16 name(__nv_bfloat16);
#define MIGRATE_H2(name)                                                      \
  __half name(__half, __half);                                                \
  __nv_bfloat16 name(__nv_bfloat16, __nv_bfloat16);
#define MIGRATE_COMPARE(name)                                                 \
  bool name(__half, __half);                                                  \
  bool name(__nv_bfloat16, __nv_bfloat16);
#define MIGRATE_PAIR1(name)                                                   \
  __half2 name(__half2);                                                      \
  __nv_bfloat162 name(__nv_bfloat162);
#define MIGRATE_PAIR2(name)                                                   \
  __half2 name(__half2, __half2);                                             \
  __nv_bfloat162 name(__nv_bfloat162, __nv_bfloat162);
MIGRATE_H1(__habs) MIGRATE_H1(__hneg) MIGRATE_H1(hexp) MIGRATE_H1(hexp2) MIGRATE_H1(hlog)
MIGRATE_H1(hlog2) MIGRATE_H1(hsqrt) MIGRATE_H1(hrsqrt) MIGRATE_H1(hrcp) MIGRATE_H1(hsin)
MIGRATE_H1(hcos) MIGRATE_H1(htanh) MIGRATE_H1(hfloor) MIGRATE_H1(hceil) MIGRATE_H1(hrint)
MIGRATE_H1(htrunc)
MIGRATE_H2(__hadd) MIGRATE_H2(__hsub) MIGRATE_H2(__hmul) MIGRATE_H2(__hdiv) MIGRATE_H2(__hmax)
MIGRATE_H2(__hmin) MIGRATE_H2(__hadd_sat) MIGRATE_H2(__hmax_nan) MIGRATE_H2(__hmin_nan)
MIGRATE_H2(__hadd_rn) MIGRATE_H2(__hmul_rn) MIGRATE_H2(__hsub_rn)
MIGRATE_COMPARE(__heq) MIGRATE_COMPARE(__hne) MIGRATE_COMPARE(__hlt) MIGRATE_COMPARE(__hle)
MIGRATE_COMPARE(__hgt) MIGRATE_COMPARE(__hge)
MIGRATE_PAIR1(__habs2) MIGRATE_PAIR1(__hneg2) MIGRATE_PAIR1(h2exp) MIGRATE_PAIR1(h2exp2)
MIGRATE_PAIR1(h2log) MIGRATE_PAIR1(h2sqrt) MIGRATE_PAIR1(h2rsqrt) MIGRATE_PAIR1(h2rcp)
MIGRATE_PAIR1(__lowhigh2highlow) MIGRATE_PAIR1(__low2half2) MIGRATE_PAIR1(__high2half2)
MIGRATE_PAIR1(h2tanh)
MIGRATE_PAIR2(__hadd2) MIGRATE_PAIR2(__hsub2) MIGRATE_PAIR2(__hmul2) MIGRATE_PAIR2(__h2div)
MIGRATE_PAIR2(__hmax2) MIGRATE_PAIR2(__hmin2) MIGRATE_PAIR2(__hmax2_nan) MIGRATE_PAIR2(__heq2)
MIGRATE_PAIR2(__hlt2) MIGRATE_PAIR2(__hgt2) MIGRATE_PAIR2(__hadd2_rn) MIGRATE_PAIR2(__hmul2_rn)
#undef MIGRATE_H1
#undef MIGRATE_H2
#undef MIGRATE_COMPARE
#undef MIGRATE_PAIR1
#undef MIGRATE_PAIR2
__half __hfma(__half, __half, __half);
__nv_bfloat16 __hfma(__nv_bfloat16, __nv_bfloat16, __nv_bfloat16);
__half2 __hfma2(__half2, __half2, __half2);
__nv_bfloat162 __hfma2(__nv_bfloat162, __nv_bfloat162, __nv_bfloat162);
bool __hisnan(__half);
bool __hisnan(__nv_bfloat16);
bool __hisinf(__half);

float __half2float(__half);
__half __float2half(float);
__half __float2half_rn(float);
__half __float2half_rz(float);
__half __double2half(double);
__half __int2half_rn(int);
__half __uint2half_rn(unsigned);
int __half2int_rn(__half);
int __half2int_rz(__half);
short __half2short_rn(__half);
__half __short2half_rn(short);
float2 __half22float2(__half2);
__half2 __float22half2_rn(float2);
__half2 __float2half2_rn(float);
__half2 __floats2half2_rn(float, float);
__half2 __half2half2(__half);
__half2 __halves2half2(__half, __half);
__half2 make_half2(__half, __half);
__half __low2half(__half2);
__half __high2half(__half2);
float __low2float(__half2);
float __high2float(__half2);
unsigned short __half_as_ushort(__half);
short __half_as_short(__half);
__half __ushort_as_half(unsigned short);
__half __short_as_half(short);

float __bfloat162float(__nv_bfloat16);
__nv_bfloat16 __float2bfloat16(float);
__nv_bfloat16 __float2bfloat16_rn(float);
__nv_bfloat16 __float2bfloat16_rz(float);
__nv_bfloat16 __double2bfloat16(double);
__nv_bfloat16 __int2bfloat16_rn(int);
float2 __bfloat1622float2(__nv_bfloat162);
__nv_bfloat162 __float22bfloat162_rn(float2);
__nv_bfloat162 __float2bfloat162_rn(float);
__nv_bfloat162 __floats2bfloat162_rn(float, float);
__nv_bfloat162 __bfloat162bfloat162(__nv_bfloat16);
__nv_bfloat162 __halves2bfloat162(__nv_bfloat16, __nv_bfloat16);
__nv_bfloat162 make_bfloat162(__nv_bfloat16, __nv_bfloat16);
__nv_bfloat16 __low2bfloat16(__nv_bfloat162);
__nv_bfloat16 __high2bfloat16(__nv_bfloat162);
float __low2float(__nv_bfloat162);
float __high2float(__nv_bfloat162);
unsigned short __bfloat16_as_ushort(__nv_bfloat16);
__nv_bfloat16 __ushort_as_bfloat16(unsigned short);

#pragma clang force_cuda_host_device end
