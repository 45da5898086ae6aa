// cuRAND's device API (hipRAND's is an alias) and what NVTX offers to host code.
#pragma once
#pragma clang force_cuda_host_device begin

struct curandStatePhilox4_32_10_t {};
struct curandState {};
typedef curandState curandState_t;
typedef curandState curandStateXORWOW_t;
typedef curandStatePhilox4_32_10_t hiprandStatePhilox4_32_10_t;
typedef curandState hiprandState;
typedef curandState hiprandState_t;
#define MIGRATE_RANDOM(prefix)                                                                   \
  template <class S> void prefix##_init(unsigned long long seed, unsigned long long sequence,    \
                                        unsigned long long offset, S *state);                    \
  template <class S> unsigned prefix(S *state);                                                  \
  template <class S> uint4 prefix##4(S *state);                                                  \
  template <class S> float prefix##_uniform(S *state);                                           \
  template <class S> float4 prefix##_uniform4(S *state);                                         \
  template <class S> float prefix##_normal(S *state);                                            \
  template <class S> float4 prefix##_normal4(S *state);
MIGRATE_RANDOM(curand)
MIGRATE_RANDOM(hiprand)
#undef MIGRATE_RANDOM

int nvtxRangePushA(const char *text);
int nvtxRangePush(const char *text);
int nvtxRangePop();

#pragma clang force_cuda_host_device end
