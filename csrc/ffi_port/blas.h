// torch's cuBLAS and cuBLASLt handles (hipBLAS on ROCm) and the checks around their calls. As in
// torch a thread keeps one handle for each device; each time it is asked for, it is put on the
// current stream, with torch's workspace for that stream and torch's choice about TF32. A library
// that uses this links to cublas and cublasLt.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "ffi_port/cuda.h"
#include "ffi_port/gpu_data_type.h"
#include "ffi_port/tensor.h"

#if defined(USE_ROCM) || defined(__HIPCC__)
#include <hipblas/hipblas.h>
#else
#include <cublasLt.h>
#include <cublas_v2.h>
#endif

namespace ffi_port {

#if defined(USE_ROCM) || defined(__HIPCC__)
struct BlasApi {
  using Gpu = HipApi;
  using handle_t = hipblasHandle_t;
  using status_t = hipblasStatus_t;
  static constexpr status_t success = HIPBLAS_STATUS_SUCCESS;
  static std::string status_name(status_t s) { return hipblasStatusToString(s); }
  static status_t create(handle_t* handle) { return hipblasCreate(handle); }
  static status_t set_stream(handle_t h, HIPStream s) { return hipblasSetStream(h, s); }
  static status_t set_workspace(handle_t, void*, size_t) { return success; }  // as torch
  static status_t set_tf32(handle_t, bool) { return success; }
};
#else
struct BlasApi {
  using Gpu = CudaApi;
  using handle_t = cublasHandle_t;
  using status_t = cublasStatus_t;
  static constexpr status_t success = CUBLAS_STATUS_SUCCESS;
  static std::string status_name(status_t s) { return cublasGetStatusName(s); }
  static status_t create(handle_t* handle) { return cublasCreate(handle); }
  static status_t set_stream(handle_t h, CUDAStream s) { return cublasSetStream(h, s); }
  static status_t set_workspace(handle_t h, void* memory, size_t size) {
    return cublasSetWorkspace(h, memory, size);
  }
  static status_t set_tf32(handle_t h, bool allowed) {
    return cublasSetMathMode(h, allowed ? CUBLAS_TF32_TENSOR_OP_MATH : CUBLAS_DEFAULT_MATH);
  }
};
#endif

namespace blas {

inline void check(BlasApi::status_t status, const char* call) {
  FFI_CHECK(status == BlasApi::success, "CUDA error: ", BlasApi::status_name(status),
            " when calling `", call, "`");
}

/// Bytes that CUBLAS_WORKSPACE_CONFIG asks for (`:KiB:count`, repeated); 0 where it does not.
inline size_t configured_workspace(const char* text) {
  size_t total = 0;
  while (text && *text == ':') {
    char* end = nullptr;
    const unsigned long long size = std::strtoull(text + 1, &end, 10);
    if (end == text + 1 || *end != ':') return 0;
    text = end;
    const unsigned long long count = std::strtoull(text + 1, &end, 10);
    if (end == text + 1) return 0;
    total += static_cast<size_t>(size * count * 1024);
    text = end;
  }
  return text && *text == '\0' ? total : 0;
}

/// torch's default: what NVIDIA recommends for the architecture.
inline size_t workspace_size() {
  static const size_t chosen = configured_workspace(std::getenv("CUBLAS_WORKSPACE_CONFIG"));
  if (chosen) return chosen;
  const int major = getCurrentDeviceProperties()->major;
  return major == 9 || major == 10 ? 4096 * 8 * 1024 : 4096 * 2 * 1024 + 16 * 8 * 1024;
}

/// The handles of one device that no thread holds. Never destroyed, as torch's: at exit the driver
/// may be gone before them.
class Pool {
 public:
  static Pool& of(DeviceIndex device) {
    static auto* mutex = new std::mutex();
    static auto* pools = new std::map<int, Pool>();
    const std::lock_guard<std::mutex> lock(*mutex);
    return (*pools)[device];
  }
  BlasApi::handle_t take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!free_.empty()) {
      const auto handle = free_.back();
      free_.pop_back();
      return handle;
    }
    BlasApi::handle_t handle{};
    check(BlasApi::create(&handle), "cublasCreate(handle)");
    return handle;
  }
  void give(BlasApi::handle_t handle) {
    const std::lock_guard<std::mutex> lock(mutex_);
    free_.push_back(handle);
  }
  /// The workspace of a handle on a stream, made on its first use there and kept.
  Tensor workspace(BlasApi::handle_t handle, void* stream, Device device) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      const auto found = workspaces_.find({handle, stream});
      if (found != workspaces_.end()) return found->second;
    }
    const int64_t size = static_cast<int64_t>(workspace_size());
    Tensor fresh = runtime::allocate(size, kByte, device);  // the host may wait: not under the lock
    const std::lock_guard<std::mutex> lock(mutex_);
    return workspaces_[{handle, stream}] = std::move(fresh);
  }

 private:
  std::mutex mutex_;
  std::vector<BlasApi::handle_t> free_;
  std::map<std::pair<BlasApi::handle_t, void*>, Tensor> workspaces_;
};

/// What a thread holds; its handles are others' when it ends.
struct Held {
  std::map<int, BlasApi::handle_t> handles;
  ~Held() {
    for (const auto& [device, handle] : handles) {
      Pool::of(static_cast<DeviceIndex>(device)).give(handle);
    }
  }
};

}  // namespace blas

/// `setup` is false where only the handle is wanted, as for cuBLASLt.
inline BlasApi::handle_t getCurrentCUDABlasHandle(bool setup = true) {
  const DeviceIndex device = current_device();
  thread_local blas::Held held;
  blas::Pool& pool = blas::Pool::of(device);
  BlasApi::handle_t& handle = held.handles[device];
  if (!handle) handle = pool.take();
  if (!setup) return handle;
  const auto stream = getCurrentCUDAStream(device);
  blas::check(BlasApi::set_stream(handle, stream), "cublasSetStream(handle, stream)");
#if !defined(USE_ROCM) && !defined(__HIPCC__)
  const Tensor workspace = pool.workspace(handle, stream.stream(), stream.device());
  blas::check(BlasApi::set_workspace(handle, workspace.data_ptr(), workspace.nbytes()),
              "cublasSetWorkspace(handle, workspace, size)");
#endif
  blas::check(BlasApi::set_tf32(handle, runtime::allow_tf32()), "cublasSetMathMode(handle, mode)");
  return handle;
}
#if defined(USE_ROCM) || defined(__HIPCC__)
inline BlasApi::handle_t getCurrentHIPBlasHandle() { return getCurrentCUDABlasHandle(); }
#else
/// A cuBLAS handle is a cuBLASLt handle.
inline cublasLtHandle_t getCurrentCUDABlasLtHandle() {
  return reinterpret_cast<cublasLtHandle_t>(getCurrentCUDABlasHandle());
}
#endif

}  // namespace ffi_port

#define FFI_CUDABLAS_CHECK(EXPR) ::ffi_port::blas::check(EXPR, #EXPR)
