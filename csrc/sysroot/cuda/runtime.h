// The CUDA runtime's functions, and what the compiler itself needs for <<<...>>>.
#pragma once
#pragma clang force_cuda_host_device begin

// The names under which clang looks for the launch configuration, old and new, CUDA and HIP.
extern "C" {
int cudaConfigureCall(dim3 grid, dim3 block, size_t shared = 0, cudaStream_t stream = nullptr);
unsigned __cudaPushCallConfiguration(dim3 grid, dim3 block, size_t shared = 0,
                                     cudaStream_t stream = nullptr);
int hipConfigureCall(dim3 grid, dim3 block, size_t shared = 0, cudaStream_t stream = nullptr);
unsigned __hipPushCallConfiguration(dim3 grid, dim3 block, size_t shared = 0,
                                    cudaStream_t stream = nullptr);
}

#define MIGRATE_API(name) cuda##name
#include "runtime_api.inc"
#undef MIGRATE_API

template <class... P, class... A>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t *config, void (*kernel)(P...), A &&...args);
template <class... A>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t *config, cudaKernel_t kernel, A &&...args);
cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t *config, const void *kernel, void **args);
template <class T>
cudaError_t cudaOccupancyMaxActiveClusters(int *out, T *kernel, const cudaLaunchConfig_t *config);
cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t *out, int device);
cudaError_t cudaCtxResetPersistingL2Cache();
cudaError_t cudaProfilerStart();
cudaError_t cudaProfilerStop();
cudaError_t cudaLibraryLoadFromFile(cudaLibrary_t *out, const char *path, ...);
cudaError_t cudaLibraryLoadData(cudaLibrary_t *out, const void *code, ...);
cudaError_t cudaLibraryGetKernel(cudaKernel_t *out, cudaLibrary_t library, const char *name);
cudaError_t cudaLibraryUnload(cudaLibrary_t library);
enum cudaDriverEntryPointQueryResult { cudaDriverEntryPointSuccess };
cudaError_t cudaGetDriverEntryPoint(const char *name, void **out, unsigned long long flags,
                                    cudaDriverEntryPointQueryResult *status = nullptr);
cudaError_t cudaGetDriverEntryPointByVersion(const char *name, void **out, unsigned version,
                                             unsigned long long flags,
                                             cudaDriverEntryPointQueryResult *status = nullptr);
enum { cudaEnableDefault = 0 };
void cudaGridDependencySynchronize();
void cudaTriggerProgrammaticLaunchCompletion();

#pragma clang force_cuda_host_device end
