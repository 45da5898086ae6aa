// TORCH_CHECK and its family. Macros, and with an if, because real code leaves out the semicolon.
#pragma once
#pragma clang force_cuda_host_device begin

namespace migrate_sysroot {
template <class... A> constexpr bool check(const A &...args) { return sizeof...(args) == 0; }
}  // namespace migrate_sysroot

#define TORCH_CHECK(...) if (::migrate_sysroot::check(__VA_ARGS__)) {}
#define TORCH_CHECK_WITH(error, ...) if (::migrate_sysroot::check(__VA_ARGS__)) {}
#define TORCH_CHECK_WITH_MSG(error, ...) if (::migrate_sysroot::check(__VA_ARGS__)) {}
#define TORCH_CHECK_INDEX(...) if (::migrate_sysroot::check(__VA_ARGS__)) {}
#define TORCH_CHECK_VALUE(...) if (::migrate_sysroot::check(__VA_ARGS__)) {}
#define TORCH_CHECK_TYPE(...) if (::migrate_sysroot::check(__VA_ARGS__)) {}
#define TORCH_CHECK_LINALG(...) if (::migrate_sysroot::check(__VA_ARGS__)) {}
#define TORCH_CHECK_NOT_IMPLEMENTED(...) if (::migrate_sysroot::check(__VA_ARGS__)) {}
#define TORCH_CHECK_TENSOR_ALL(...) if (::migrate_sysroot::check(__VA_ARGS__)) {}
#define TORCH_CHECK_ARG(condition, position, ...) \
  if (::migrate_sysroot::check(condition, position, __VA_ARGS__)) {}
#define TORCH_INTERNAL_ASSERT(...) if (::migrate_sysroot::check(__VA_ARGS__)) {}
#define TORCH_INTERNAL_ASSERT_DEBUG_ONLY(...) if (::migrate_sysroot::check(__VA_ARGS__)) {}
#define STD_TORCH_CHECK(...) if (::migrate_sysroot::check(__VA_ARGS__)) {}
#define TORCH_WARN(...) if (::migrate_sysroot::check(__VA_ARGS__)) {}
#define TORCH_WARN_ONCE(...) if (::migrate_sysroot::check(__VA_ARGS__)) {}
#define TORCH_WARN_WITH(category, ...) if (::migrate_sysroot::check(__VA_ARGS__)) {}
#define TORCH_WARN_DEPRECATION(...) if (::migrate_sysroot::check(__VA_ARGS__)) {}

// The older family needs its semicolon, in torch too, and may stand before an else.
#define AT_ERROR(...) do { (void)::migrate_sysroot::check(__VA_ARGS__); } while (false)
#define AT_ASSERT(...) do { (void)::migrate_sysroot::check(__VA_ARGS__); } while (false)
#define AT_ASSERTM(...) do { (void)::migrate_sysroot::check(__VA_ARGS__); } while (false)
#define AT_WARN(...) do { (void)::migrate_sysroot::check(__VA_ARGS__); } while (false)
#define AT_INDEX_ERROR(...) do { (void)::migrate_sysroot::check(__VA_ARGS__); } while (false)
#define C10_THROW_ERROR(error, text) throw ::c10::error(text)
#define TORCH_RETHROW(...) throw
#define C10_LOG_FIRST_N(severity, n) ::std::cerr
#define LOG(severity) ::std::cerr

// Comparisons, which take a streamed message.
#define MIGRATE_CHECK_OP(a, op, b) while (::migrate_sysroot::check((a) op (b))) ::std::cerr
#define TORCH_CHECK_EQ(a, b) MIGRATE_CHECK_OP(a, ==, b)
#define TORCH_CHECK_NE(a, b) MIGRATE_CHECK_OP(a, !=, b)
#define TORCH_CHECK_LE(a, b) MIGRATE_CHECK_OP(a, <=, b)
#define TORCH_CHECK_LT(a, b) MIGRATE_CHECK_OP(a, <, b)
#define TORCH_CHECK_GE(a, b) MIGRATE_CHECK_OP(a, >=, b)
#define TORCH_CHECK_GT(a, b) MIGRATE_CHECK_OP(a, >, b)
#define TORCH_CHECK_NOTNULL(value) (value)
#define TORCH_DCHECK_EQ(a, b) MIGRATE_CHECK_OP(a, ==, b)

#define CUDA_KERNEL_ASSERT(...) ((void)(__VA_ARGS__))
#define CUDA_KERNEL_ASSERT2(...) ((void)(__VA_ARGS__))
#define MIGRATE_STATUS(...) \
  do { [[maybe_unused]] auto migrate_status = (__VA_ARGS__); } while (false)
#define C10_CUDA_CHECK(...) MIGRATE_STATUS(__VA_ARGS__)
#define C10_CUDA_CHECK_WARN(...) MIGRATE_STATUS(__VA_ARGS__)
#define C10_CUDA_IGNORE_ERROR(...) MIGRATE_STATUS(__VA_ARGS__)
#define AT_CUDA_CHECK(...) MIGRATE_STATUS(__VA_ARGS__)
#define AT_CUDA_DRIVER_CHECK(...) MIGRATE_STATUS(__VA_ARGS__)
#define C10_CUDA_DRIVER_CHECK(...) MIGRATE_STATUS(__VA_ARGS__)
#define AT_CUDA_NVRTC_CHECK(...) MIGRATE_STATUS(__VA_ARGS__)
#define TORCH_CUDABLAS_CHECK(...) MIGRATE_STATUS(__VA_ARGS__)
#define TORCH_CUDASPARSE_CHECK(...) MIGRATE_STATUS(__VA_ARGS__)
#define C10_HIP_CHECK(...) MIGRATE_STATUS(__VA_ARGS__)
#define AT_HIP_CHECK(...) MIGRATE_STATUS(__VA_ARGS__)
#define C10_CUDA_KERNEL_LAUNCH_CHECK() MIGRATE_STATUS(::cudaGetLastError())
#define C10_HIP_KERNEL_LAUNCH_CHECK() MIGRATE_STATUS(::hipGetLastError())
#define STD_CUDA_CHECK(...) MIGRATE_STATUS(__VA_ARGS__)
#define STD_CUDA_KERNEL_LAUNCH_CHECK() MIGRATE_STATUS(::cudaGetLastError())
#define THCudaCheck(...) MIGRATE_STATUS(__VA_ARGS__)
#define RECORD_FUNCTION(...)
#define RECORD_PARAM_COMMS_DATA(...)
#define C10_LOG_API_USAGE_ONCE(...)

#pragma clang force_cuda_host_device end
