// What torch's runtime does for kernels: random numbers, a cuBLAS handle, a side stream, memory.
#include <ATen/cuda/CUDAContext.h>
#include <ATen/cuda/CUDAEvent.h>
#include <ATen/cuda/CUDAGeneratorImpl.h>
#include <ATen/cuda/CUDAGraphsUtils.cuh>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>
#include <curand_kernel.h>
#include <torch/extension.h>

#include <mutex>

__global__ void uniform_kernel(float* out, int64_t n, at::PhiloxCudaState philox) {
  const int64_t i = blockIdx.x * static_cast<int64_t>(blockDim.x) + threadIdx.x;
  const auto seeds = at::cuda::philox::unpack(philox);
  curandStatePhilox4_32_10_t state;
  curand_init(std::get<0>(seeds), i, std::get<1>(seeds), &state);
  if (i < n) out[i] = curand_uniform(&state);
}

at::Tensor uniform(at::Tensor like, c10::optional<at::Generator> generator) {
  const at::cuda::OptionalCUDAGuard guard(device_of(like));
  auto out = at::empty_like(like);
  auto gen = at::get_generator_or_default<at::CUDAGeneratorImpl>(
      generator, at::cuda::detail::getDefaultCUDAGenerator());
  at::PhiloxCudaState state;
  {
    std::lock_guard<std::mutex> lock(gen->mutex_);
    state = gen->philox_cuda_state(3);
  }
  const int64_t n = out.numel();
  uniform_kernel<<<(n + 255) / 256, 256, 0, at::cuda::getCurrentCUDAStream()>>>(
      out.data_ptr<float>(), n, state);
  C10_CUDA_KERNEL_LAUNCH_CHECK();
  return out;
}

void product(at::Tensor a, at::Tensor b, at::Tensor c) {
  const at::cuda::CUDAGuard guard(a.device());
  const float one = 1, zero = 0;
  const int n = a.size(0);
  TORCH_CUDABLAS_CHECK(cublasSgemm(at::cuda::getCurrentCUDABlasHandle(), CUBLAS_OP_N, CUBLAS_OP_N,
                                   n, n, n, &one, b.data_ptr<float>(), n, a.data_ptr<float>(), n,
                                   &zero, c.data_ptr<float>(), n));
}

// Copies through a workspace on a side stream that waits for the caller's, which waits for it.
void copied(at::Tensor from, at::Tensor to) {
  const at::cuda::CUDAGuard guard(from.device());
  auto main = at::cuda::getCurrentCUDAStream();
  auto side = at::cuda::getStreamFromPool(true, from.get_device());
  at::cuda::CUDAEvent before, after;
  before.record(main);
  before.block(side);
  {
    at::cuda::CUDAStreamGuard on_side(side);
    void* scratch = c10::cuda::CUDACachingAllocator::raw_alloc(from.nbytes());
    auto stream = at::cuda::getCurrentCUDAStream();
    C10_CUDA_CHECK(cudaMemcpyAsync(scratch, from.data_ptr(), from.nbytes(),
                                   cudaMemcpyDeviceToDevice, stream));
    C10_CUDA_CHECK(cudaMemcpyAsync(to.data_ptr(), scratch, from.nbytes(),
                                   cudaMemcpyDeviceToDevice, stream));
    c10::cuda::CUDACachingAllocator::raw_delete(scratch);
    after.record(side);
  }
  after.block(main);
}

PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {
  m.def("uniform", &uniform, py::arg("like"), py::arg("generator") = py::none());
  m.def("product", &product);
  m.def("copied", &copied);
}
