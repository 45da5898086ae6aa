// ATen's device helpers that kernels call: gpuAtomicAdd, warp shuffles, CUDA loop macros.
#pragma once
#pragma clang force_cuda_host_device begin

template <class T, class U> T gpuAtomicAdd(T *p, U value);
template <class T, class U> void gpuAtomicAddNoReturn(T *p, U value);
template <class T, class U> T gpuAtomicMul(T *p, U value);
template <class T, class U> T gpuAtomicMax(T *p, U value);
template <class T, class U> T gpuAtomicMin(T *p, U value);
template <class T> T WARP_SHFL(T value, int lane, int width = 32, unsigned mask = 0xffffffff);
template <class T> T WARP_SHFL_XOR(T value, int lanes, int width = 32, unsigned mask = 0xffffffff);
template <class T> T WARP_SHFL_UP(T value, unsigned delta, int width = 32, unsigned mask = ~0u);
template <class T> T WARP_SHFL_DOWN(T value, unsigned delta, int width = 32, unsigned mask = ~0u);
void WARP_SYNC(unsigned mask = 0xffffffff);
unsigned ACTIVE_MASK();
template <class T> T doLdg(const T *p);
unsigned long long WARP_BALLOT(int predicate, unsigned mask = 0xffffffff);

#define CUDA_KERNEL_LOOP_TYPE(i, n, I)                                        \
  for (I i = I(blockIdx.x) * blockDim.x + threadIdx.x; i < (n); i += blockDim.x * gridDim.x)
#define CUDA_KERNEL_LOOP(i, n) CUDA_KERNEL_LOOP_TYPE(i, n, int)

namespace at::cuda {
inline constexpr int MAX_TENSORINFO_DIMS = 25;
}  // namespace at::cuda

#pragma clang force_cuda_host_device end
