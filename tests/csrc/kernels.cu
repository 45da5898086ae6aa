// A launcher as migrated code has them: everything device-side of ffi_port, compiled by nvcc and,
// with cuda names changed to hip, by hipcc. Never run.
#include "ffi_port/accessor.h"
#include "ffi_port/accumulate.h"
#include "ffi_port/bfloat16.h"
#include "ffi_port/ceil_div.h"
#include "ffi_port/complex.h"
#include "ffi_port/cuda.h"
#include "ffi_port/dispatch.h"
#include "ffi_port/factory.h"
#include "ffi_port/float8.h"
#include "ffi_port/half.h"

template <typename scalar_t>
__global__ void scale(
    const scalar_t* a, scalar_t* b, int64_t n,
    ffi_port::PackedTensorAccessor32<scalar_t, 2, ffi_port::RestrictPtrTraits> c) {
  using acc_t = ffi_port::acc_type<scalar_t, true>;
  const int64_t i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  const acc_t x = static_cast<acc_t>(a[i]);
  b[i] = static_cast<scalar_t>(x * x) + a[i] * a[i];
  c[0][i] = -b[i] + c[0][i] * 2;
  if (a[i] > b[i]) b[i] = std::numeric_limits<scalar_t>::lowest();
}

__global__ void native(const __half* h, ffi_port::Half* o) {
  o[0] = h[0];
  const __half x = o[1];
  o[2] = x;
}

__global__ void others(ffi_port::Float8_e4m3fn* a, ffi_port::Float8_e5m2fnuz* b,
                       ffi_port::complex<float>* c, ffi_port::Half* h) {
  a[0] = a[1] + a[2];
  b[0] = static_cast<float>(a[0]);
  c[0] = c[1] * c[2] / c[3] + std::conj(c[4]);
  c[1] = std::abs(c[0]);
#ifdef __CUDACC__
  h[0] = __ldg(h + 1);
#endif
}

ffi_port::Tensor launch(const ffi_port::Tensor& a, ffi_port::Tensor& b) {
  FFI_CHECK(a.is_cuda(), "a must be on the device, not ", a.device());
  const ffi_port::OptionalCUDAGuard guard(device_of(a));
  const ffi_port::CUDAGuard by_device(a.device());
  const ffi_port::CUDAGuard by_index(a.get_device());
  const ffi_port::DeviceGuard any(a.device());
  auto stream = ffi_port::getCurrentCUDAStream();
  auto out = ffi_port::empty_like(a);
  FFI_DISPATCH_FLOATING_TYPES_AND2(
      ffi_port::ScalarType::Half, ffi_port::ScalarType::BFloat16, a.scalar_type(), "scale", [&] {
        scale<scalar_t><<<ffi_port::ceil_div<int64_t>(a.numel(), 256), 256, 0, stream>>>(
            a.data_ptr<scalar_t>(), out.data_ptr<scalar_t>(), a.numel(),
            b.packed_accessor32<scalar_t, 2, ffi_port::RestrictPtrTraits>());
      });
  FFI_CUDA_KERNEL_LAUNCH_CHECK();
  FFI_CUDA_CHECK(cudaMemsetAsync(b.data_ptr(), 0, b.nbytes(), stream.stream()));
  FFI_CHECK(ffi_port::getCurrentDeviceProperties()->multiProcessorCount > 0);
  return out;
}
