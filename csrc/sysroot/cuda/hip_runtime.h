// The HIP runtime: the CUDA runtime under its other prefix, and HIP's own names.
#pragma once
#pragma clang force_cuda_host_device begin

#define HIP_VERSION 60200000
#define HIP_VERSION_MAJOR 6
#define HIP_VERSION_MINOR 2
#define HIP_KERNEL_NAME(...) __VA_ARGS__
#define HIP_DYNAMIC_SHARED(type, name) extern __shared__ type name[];
#define HIP_SYMBOL(symbol) symbol

// A HIP type is its CUDA namesake: one kind of stream, event or error may reach both APIs.
typedef cudaStream_t hipStream_t;
typedef cudaEvent_t hipEvent_t;
typedef cudaGraph_t hipGraph_t;
typedef cudaGraphExec_t hipGraphExec_t;
typedef cudaError_t hipError_t;
typedef cudaMemcpyKind hipMemcpyKind;
typedef cudaDeviceProp hipDeviceProp_t;
typedef cudaDeviceAttr hipDeviceAttribute_t;
typedef cudaFuncAttribute hipFuncAttribute;
typedef cudaFuncAttributes hipFuncAttributes;
typedef cudaFuncCache hipFuncCache_t;
typedef cudaIpcMemHandle_t hipIpcMemHandle_t;
typedef cudaPointerAttributes hipPointerAttribute_t;
typedef cudaStreamCaptureStatus hipStreamCaptureStatus;
typedef cudaStreamCaptureMode hipStreamCaptureMode;
typedef int hipDevice_t;
typedef void *hipDeviceptr_t;
typedef struct ihipModule_t *hipModule_t;
typedef CUfunc_st *hipFunction_t;
typedef struct ihipCtx_t *hipCtx_t;

#define MIGRATE_HIP(name) inline constexpr auto hip##name = cuda##name;
MIGRATE_HIP(Success) MIGRATE_HIP(ErrorInvalidValue) MIGRATE_HIP(ErrorNotReady)
MIGRATE_HIP(ErrorInvalidDevice) MIGRATE_HIP(ErrorNoDevice) MIGRATE_HIP(ErrorUnknown)
MIGRATE_HIP(ErrorPeerAccessAlreadyEnabled) MIGRATE_HIP(ErrorCooperativeLaunchTooLarge)
MIGRATE_HIP(ErrorNotSupported) MIGRATE_HIP(ErrorInvalidConfiguration)
MIGRATE_HIP(MemcpyHostToHost) MIGRATE_HIP(MemcpyHostToDevice) MIGRATE_HIP(MemcpyDeviceToHost)
MIGRATE_HIP(MemcpyDeviceToDevice) MIGRATE_HIP(MemcpyDefault)
MIGRATE_HIP(FuncAttributeMaxDynamicSharedMemorySize)
MIGRATE_HIP(FuncAttributePreferredSharedMemoryCarveout)
MIGRATE_HIP(StreamDefault) MIGRATE_HIP(StreamNonBlocking) MIGRATE_HIP(EventDefault)
MIGRATE_HIP(EventDisableTiming) MIGRATE_HIP(EventInterprocess) MIGRATE_HIP(HostRegisterDefault)
MIGRATE_HIP(HostRegisterMapped) MIGRATE_HIP(IpcMemLazyEnablePeerAccess)
MIGRATE_HIP(StreamCaptureStatusNone) MIGRATE_HIP(StreamCaptureStatusActive)
MIGRATE_HIP(StreamCaptureModeGlobal) MIGRATE_HIP(StreamCaptureModeRelaxed)
MIGRATE_HIP(StreamCaptureModeThreadLocal)
#undef MIGRATE_HIP
inline constexpr hipError_t hipErrorOutOfMemory = cudaErrorMemoryAllocation;
inline constexpr cudaDeviceAttr hipDeviceAttributeWarpSize = cudaDevAttrWarpSize;
inline constexpr cudaDeviceAttr hipDeviceAttributeMultiprocessorCount =
    cudaDevAttrMultiProcessorCount;
inline constexpr cudaDeviceAttr hipDeviceAttributeMaxSharedMemoryPerBlock =
    cudaDevAttrMaxSharedMemoryPerBlock;
inline constexpr cudaDeviceAttr hipDeviceAttributeComputeCapabilityMajor =
    cudaDevAttrComputeCapabilityMajor;
inline constexpr cudaDeviceAttr hipDeviceAttributeComputeCapabilityMinor =
    cudaDevAttrComputeCapabilityMinor;
enum hipPointer_attribute {
  HIP_POINTER_ATTRIBUTE_RANGE_START_ADDR = 11, HIP_POINTER_ATTRIBUTE_DEVICE_ORDINAL = 9
};
enum { hipDeviceMallocDefault = 0, hipDeviceMallocFinegrained = 1, hipDeviceMallocUncached = 3,
       hipHostMallocDefault = 0, hipHostMallocMapped = 2, hipHostMallocCoherent = 0x40000000 };
#define HIP_LAUNCH_PARAM_BUFFER_POINTER ((void *)0x01)
#define HIP_LAUNCH_PARAM_BUFFER_SIZE ((void *)0x02)
#define HIP_LAUNCH_PARAM_END ((void *)0x03)

#define MIGRATE_API(name) hip##name
#include "runtime_api.inc"
#undef MIGRATE_API
template <class T = void> hipError_t hipHostMalloc(T **out, size_t size, unsigned flags = 0);
hipError_t hipHostFree(void *p);
hipError_t hipExtMallocWithFlags(void **out, size_t size, unsigned flags);
hipError_t hipInit(unsigned flags);
hipError_t hipMemcpyHtoD(hipDeviceptr_t to, const void *from, size_t size);
hipError_t hipMemcpyDtoH(void *to, hipDeviceptr_t from, size_t size);
hipError_t hipModuleLoad(hipModule_t *out, const char *path);
hipError_t hipModuleLoadData(hipModule_t *out, const void *image);
hipError_t hipModuleUnload(hipModule_t module);
hipError_t hipModuleGetFunction(hipFunction_t *out, hipModule_t module, const char *name);
hipError_t hipModuleLaunchKernel(hipFunction_t function, unsigned grid_x, unsigned grid_y,
                                 unsigned grid_z, unsigned block_x, unsigned block_y,
                                 unsigned block_z, unsigned shared, hipStream_t stream,
                                 void **args, void **extra);
hipError_t hipExtModuleLaunchKernel(hipFunction_t function, ...);
hipError_t hipDrvGetErrorString(hipError_t error, const char **out);
hipError_t hipPointerGetAttribute(void *out, hipPointer_attribute attribute, hipDeviceptr_t p);
hipError_t hipDeviceGet(hipDevice_t *out, int ordinal);
hipError_t hipDeviceGetName(char *out, int size, hipDevice_t device);
template <class... P, class... A>
void hipLaunchKernelGGL(void (*kernel)(P...), dim3 grid, dim3 block, unsigned shared,
                        hipStream_t stream, A &&...args);

#pragma clang force_cuda_host_device end
