// CUDA's vector types, dim3, and the built-in variables of device code.
#pragma once
#pragma clang force_cuda_host_device begin

#define MIGRATE_VECTOR(T, name, align2, align4)                                           \
  struct name##1 { T x; };                                                                \
  struct alignas(align2) name##2 { T x, y; };                                             \
  struct name##3 { T x, y, z; };                                                          \
  struct alignas(align4) name##4 { T x, y, z, w; };                                       \
  constexpr name##1 make_##name##1(T x) { return {x}; }                                   \
  constexpr name##2 make_##name##2(T x, T y) { return {x, y}; }                           \
  constexpr name##3 make_##name##3(T x, T y, T z) { return {x, y, z}; }                   \
  constexpr name##4 make_##name##4(T x, T y, T z, T w) { return {x, y, z, w}; }
MIGRATE_VECTOR(signed char, char, 2, 4)
MIGRATE_VECTOR(unsigned char, uchar, 2, 4)
MIGRATE_VECTOR(short, short, 4, 8)
MIGRATE_VECTOR(unsigned short, ushort, 4, 8)
MIGRATE_VECTOR(int, int, 8, 16)
MIGRATE_VECTOR(unsigned, uint, 8, 16)
MIGRATE_VECTOR(long, long, 16, 16)
MIGRATE_VECTOR(unsigned long, ulong, 16, 16)
MIGRATE_VECTOR(long long, longlong, 16, 16)
MIGRATE_VECTOR(unsigned long long, ulonglong, 16, 16)
MIGRATE_VECTOR(float, float, 8, 16)
MIGRATE_VECTOR(double, double, 16, 16)
#undef MIGRATE_VECTOR

struct dim3 {
  unsigned x, y, z;
  constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
  constexpr dim3(uint3 v) : x(v.x), y(v.y), z(v.z) {}
  constexpr operator uint3() const { return {x, y, z}; }
};

#ifdef __HIP__
// HIP's vector types have arithmetic; CUDA's have none, and users define their own there.
#define MIGRATE_VECTOR_OPERATOR(V, op) \
  V operator op(const V &a, const V &b); \
  V &operator op##=(V &a, const V &b);
#define MIGRATE_VECTOR_OPERATORS(V)                                                       \
  MIGRATE_VECTOR_OPERATOR(V, +) MIGRATE_VECTOR_OPERATOR(V, -) MIGRATE_VECTOR_OPERATOR(V, *) \
  MIGRATE_VECTOR_OPERATOR(V, /)
MIGRATE_VECTOR_OPERATORS(float2) MIGRATE_VECTOR_OPERATORS(float3) MIGRATE_VECTOR_OPERATORS(float4)
MIGRATE_VECTOR_OPERATORS(int2) MIGRATE_VECTOR_OPERATORS(int4)
#undef MIGRATE_VECTOR_OPERATORS
#undef MIGRATE_VECTOR_OPERATOR
#endif

extern __device__ const uint3 threadIdx;
extern __device__ const uint3 blockIdx;
extern __device__ const dim3 blockDim;
extern __device__ const dim3 gridDim;
inline constexpr int warpSize = 32;

#pragma clang force_cuda_host_device end
