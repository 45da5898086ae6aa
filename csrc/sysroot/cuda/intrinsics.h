// Device intrinsics. Only their names and result types matter: no host function calls them.
#pragma once

__device__ void __syncthreads();  // a compiler builtin, which clang knows on the device only
#pragma clang force_cuda_host_device begin

int __syncthreads_or(int predicate);
int __syncthreads_and(int predicate);
int __syncthreads_count(int predicate);
void __syncwarp(unsigned mask = 0xffffffff);
void __threadfence();
void __threadfence_block();
void __threadfence_system();
void __nanosleep(unsigned ns);
void __trap();
void __brkpt();
long long clock64();
long long wall_clock64();
unsigned long long __globaltimer();

template <class T> T __ldg(const T *p);
template <class T> T __ldcg(const T *p);
template <class T> T __ldca(const T *p);
template <class T> T __ldcs(const T *p);
template <class T> T __ldlu(const T *p);
template <class T> T __ldcv(const T *p);
template <class T> void __stcg(T *p, T value);
template <class T> void __stcs(T *p, T value);
template <class T> void __stwt(T *p, T value);
template <class T> void __stwb(T *p, T value);

template <class T> T __shfl_sync(unsigned mask, T value, int lane, int width = 32);
template <class T> T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32);
template <class T> T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32);
template <class T> T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32);
template <class T> T __shfl(T value, int lane, int width = 64);
template <class T> T __shfl_xor(T value, int lanes, int width = 64);
template <class T> T __shfl_down(T value, unsigned delta, int width = 64);
template <class T> T __shfl_up(T value, unsigned delta, int width = 64);
unsigned __ballot_sync(unsigned mask, int predicate);
int __any_sync(unsigned mask, int predicate);
int __all_sync(unsigned mask, int predicate);
unsigned long long __ballot(int predicate);
int __any(int predicate);
int __all(int predicate);
unsigned __activemask();
template <class T> unsigned __match_any_sync(unsigned mask, T value);
template <class T> T __reduce_add_sync(unsigned mask, T value);
template <class T> T __reduce_max_sync(unsigned mask, T value);
template <class T> T __reduce_min_sync(unsigned mask, T value);
unsigned __lane_id();

template <class T, class U> T atomicAdd(T *p, U value);
template <class T, class U> T atomicAdd_system(T *p, U value);
template <class T, class U> T atomicSub(T *p, U value);
template <class T, class U> T atomicExch(T *p, U value);
template <class T, class U> T atomicMin(T *p, U value);
template <class T, class U> T atomicMax(T *p, U value);
template <class T, class U> T atomicInc(T *p, U value);
template <class T, class U> T atomicDec(T *p, U value);
template <class T, class U> T atomicAnd(T *p, U value);
template <class T, class U> T atomicOr(T *p, U value);
template <class T, class U> T atomicXor(T *p, U value);
template <class T, class U, class V> T atomicCAS(T *p, U compare, V value);
template <class T, class U> T unsafeAtomicAdd(T *p, U value);

#define MIGRATE_FLOAT_1(name) float name(float);
#define MIGRATE_FLOAT_2(name) float name(float, float);
MIGRATE_FLOAT_1(__expf) MIGRATE_FLOAT_1(__exp10f) MIGRATE_FLOAT_1(__logf) MIGRATE_FLOAT_1(__log2f)
MIGRATE_FLOAT_1(__log10f) MIGRATE_FLOAT_1(__sinf) MIGRATE_FLOAT_1(__cosf) MIGRATE_FLOAT_1(__tanf)
MIGRATE_FLOAT_1(__tanhf) MIGRATE_FLOAT_1(__saturatef) MIGRATE_FLOAT_1(__frcp_rn)
MIGRATE_FLOAT_1(__frcp_rz) MIGRATE_FLOAT_1(__fsqrt_rn) MIGRATE_FLOAT_1(__frsqrt_rn)
MIGRATE_FLOAT_1(rsqrtf) MIGRATE_FLOAT_1(rcbrtf) MIGRATE_FLOAT_1(normcdff) MIGRATE_FLOAT_1(erfinvf)
MIGRATE_FLOAT_1(sinpif) MIGRATE_FLOAT_1(cospif) MIGRATE_FLOAT_1(exp10f)
MIGRATE_FLOAT_2(__fdividef) MIGRATE_FLOAT_2(__powf) MIGRATE_FLOAT_2(__fadd_rn)
MIGRATE_FLOAT_2(__fsub_rn) MIGRATE_FLOAT_2(__fmul_rn) MIGRATE_FLOAT_2(__fmul_rz)
MIGRATE_FLOAT_2(__fdiv_rn) MIGRATE_FLOAT_2(__fadd_rz)
#undef MIGRATE_FLOAT_1
#undef MIGRATE_FLOAT_2
float rsqrt(float);
double rsqrt(double);
float __fmaf_rn(float, float, float);
float __fmaf_rz(float, float, float);
void sincosf(float, float *, float *);
void __sincosf(float, float *, float *);
float2 __fmul2_rn(float2, float2);
float2 __fadd2_rn(float2, float2);
float2 __ffma2_rn(float2, float2, float2);
double __dadd_rn(double, double);
double __dmul_rn(double, double);
double __ddiv_rn(double, double);
double __drcp_rn(double);
float __int_as_float(int);
int __float_as_int(float);
float __uint_as_float(unsigned);
unsigned __float_as_uint(float);
double __longlong_as_double(long long);
long long __double_as_longlong(double);
float __int2float_rn(int);
float __uint2float_rn(unsigned);
int __float2int_rn(float);
int __float2int_rz(float);
int __float2int_rd(float);
int __float2int_ru(float);
unsigned __float2uint_rn(float);
unsigned __float2uint_rz(float);
long long __float2ll_rn(float);
float __double2float_rn(double);
int __double2int_rn(double);

int __clz(int);
int __clzll(long long);
int __ffs(int);
int __ffsll(long long);
int __popc(unsigned);
int __popcll(unsigned long long);
unsigned __brev(unsigned);
unsigned __byte_perm(unsigned, unsigned, unsigned);
unsigned __funnelshift_l(unsigned, unsigned, unsigned);
unsigned __funnelshift_r(unsigned, unsigned, unsigned);
int __mulhi(int, int);
unsigned __umulhi(unsigned, unsigned);
unsigned long long __umul64hi(unsigned long long, unsigned long long);
int __mul24(int, int);
int __umul24(unsigned, unsigned);
int __dp4a(int, int, int);
unsigned __dp4a(unsigned, unsigned, unsigned);
int __vsubss4(int, int);
unsigned __vsub4(unsigned, unsigned);
unsigned __vcmpeq4(unsigned, unsigned);
unsigned __vcmpne4(unsigned, unsigned);
unsigned __vadd4(unsigned, unsigned);
unsigned __bfind(unsigned);
unsigned __sad(int, int, unsigned);
int __sdot4(int, int, int);

size_t __cvta_generic_to_shared(const void *p);
size_t __cvta_generic_to_global(const void *p);
void *__cvta_shared_to_generic(size_t address);
unsigned __isShared(const void *p);
unsigned __isGlobal(const void *p);
void __prof_trigger(int);
void __pipeline_memcpy_async(void *to, const void *from, size_t size, size_t zeroes = 0);
void __pipeline_commit();
void __pipeline_wait_prior(size_t count);

#pragma clang force_cuda_host_device end
