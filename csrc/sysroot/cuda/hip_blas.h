// hipBLAS, hipBLASLt and rocBLAS: handles and enumerators, calls as C variadics.
#pragma once
#pragma clang force_cuda_host_device begin

enum hipDataType {
  HIP_R_32F = 0, HIP_R_64F = 1, HIP_R_16F = 2, HIP_R_8I = 3, HIP_C_32F = 4, HIP_C_64F = 5,
  HIP_C_16F = 6, HIP_R_8U = 8, HIP_R_32I = 10,
  HIP_R_32U = 12, HIP_R_16BF = 14, HIP_R_4I = 16, HIP_R_4U = 18, HIP_R_16I = 20, HIP_R_16U = 22,
  HIP_R_64I = 24, HIP_R_64U = 26, HIP_R_8F_E4M3 = 28, HIP_R_8F_E5M2 = 29, HIP_R_8F_UE8M0 = 30,
  HIP_R_6F_E2M3 = 31, HIP_R_6F_E3M2 = 32, HIP_R_4F_E2M1 = 33, HIP_R_8F_E4M3_FNUZ = 1000,
  HIP_R_8F_E5M2_FNUZ = 1001, HIP_R_4F_E2M1_EXT = 33, HIP_R_6F_E2M3_EXT = 31, HIP_R_6F_E3M2_EXT = 32
};
typedef hipDataType hipblasDatatype_t;
inline constexpr hipDataType HIPBLAS_R_16F = HIP_R_16F, HIPBLAS_R_16B = HIP_R_16BF,
                             HIPBLAS_R_32F = HIP_R_32F, HIPBLAS_R_8I = HIP_R_8I,
                             HIPBLAS_R_32I = HIP_R_32I;
typedef struct hipblasContext *hipblasHandle_t;
typedef struct hipblasLtContext *hipblasLtHandle_t;
typedef struct hipblasLtMatrixLayoutOpaque *hipblasLtMatrixLayout_t;
typedef struct hipblasLtMatmulDescOpaque *hipblasLtMatmulDesc_t;
typedef struct hipblasLtMatmulPreferenceOpaque *hipblasLtMatmulPreference_t;
struct hipblasLtMatmulAlgo_t {
  uint8_t data[16];
  size_t max_workspace_bytes;
};
enum hipblasStatus_t {
  HIPBLAS_STATUS_SUCCESS, HIPBLAS_STATUS_NOT_INITIALIZED, HIPBLAS_STATUS_ALLOC_FAILED,
  HIPBLAS_STATUS_INVALID_VALUE, HIPBLAS_STATUS_MAPPING_ERROR, HIPBLAS_STATUS_EXECUTION_FAILED,
  HIPBLAS_STATUS_INTERNAL_ERROR, HIPBLAS_STATUS_NOT_SUPPORTED, HIPBLAS_STATUS_ARCH_MISMATCH
};
enum hipblasOperation_t { HIPBLAS_OP_N = 111, HIPBLAS_OP_T = 112, HIPBLAS_OP_C = 113 };
enum hipblasDiagType_t { HIPBLAS_DIAG_NON_UNIT = 131, HIPBLAS_DIAG_UNIT = 132 };
enum hipblasComputeType_t {
  HIPBLAS_COMPUTE_16F, HIPBLAS_COMPUTE_32F = 2, HIPBLAS_COMPUTE_64F = 7, HIPBLAS_COMPUTE_32I = 9
};
enum hipblasLtOrder_t {
  HIPBLASLT_ORDER_COL, HIPBLASLT_ORDER_ROW, HIPBLASLT_ORDER_COL16_4R16 = 100,
  HIPBLASLT_ORDER_COL16_4R8 = 101
};
enum hipblasLtEpilogue_t { HIPBLASLT_EPILOGUE_DEFAULT = 1, HIPBLASLT_EPILOGUE_BIAS = 4 };
enum hipblasLtMatmulMatrixScale_t {
  HIPBLASLT_MATMUL_MATRIX_SCALE_SCALAR_32F, HIPBLASLT_MATMUL_MATRIX_SCALE_OUTER_VEC_32F,
  HIPBLASLT_MATMUL_MATRIX_SCALE_VEC32_UE8M0
};
enum hipblasLtMatmulDescAttributes_t {
  HIPBLASLT_MATMUL_DESC_TRANSA, HIPBLASLT_MATMUL_DESC_TRANSB, HIPBLASLT_MATMUL_DESC_EPILOGUE,
  HIPBLASLT_MATMUL_DESC_BIAS_POINTER, HIPBLASLT_MATMUL_DESC_BIAS_DATA_TYPE,
  HIPBLASLT_MATMUL_DESC_A_SCALE_POINTER, HIPBLASLT_MATMUL_DESC_B_SCALE_POINTER,
  HIPBLASLT_MATMUL_DESC_C_SCALE_POINTER, HIPBLASLT_MATMUL_DESC_D_SCALE_POINTER,
  HIPBLASLT_MATMUL_DESC_A_SCALE_MODE, HIPBLASLT_MATMUL_DESC_B_SCALE_MODE,
  HIPBLASLT_MATMUL_DESC_A_SCALE_POINTER_VEC_EXT, HIPBLASLT_MATMUL_DESC_B_SCALE_POINTER_VEC_EXT
};
enum hipblasLtMatrixLayoutAttribute_t {
  HIPBLASLT_MATRIX_LAYOUT_BATCH_COUNT, HIPBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET,
  HIPBLASLT_MATRIX_LAYOUT_TYPE, HIPBLASLT_MATRIX_LAYOUT_ORDER
};
enum hipblasLtMatmulPreferenceAttributes_t { HIPBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES = 1 };
struct hipblasLtMatmulHeuristicResult_t {
  hipblasLtMatmulAlgo_t algo;
  size_t workspaceSize;
  hipblasStatus_t state;
  float wavesCount;
};
extern "C" {
const char *hipblasStatusToString(hipblasStatus_t status);
hipblasStatus_t hipblasLtCreate(hipblasLtHandle_t *out);
hipblasStatus_t hipblasLtDestroy(hipblasLtHandle_t handle);
hipblasStatus_t hipblasLtGetVersion(hipblasLtHandle_t handle, int *out);
hipblasStatus_t hipblasLtMatmulDescCreate(hipblasLtMatmulDesc_t *out, hipblasComputeType_t compute,
                                          hipDataType scale);
hipblasStatus_t hipblasLtMatmulDescDestroy(hipblasLtMatmulDesc_t desc);
hipblasStatus_t hipblasLtMatmulDescSetAttribute(hipblasLtMatmulDesc_t desc,
                                                hipblasLtMatmulDescAttributes_t attribute,
                                                const void *value, size_t size);
hipblasStatus_t hipblasLtMatrixLayoutCreate(hipblasLtMatrixLayout_t *out, hipDataType type,
                                            uint64_t rows, uint64_t cols, int64_t ld);
hipblasStatus_t hipblasLtMatrixLayoutDestroy(hipblasLtMatrixLayout_t layout);
hipblasStatus_t hipblasLtMatrixLayoutSetAttribute(hipblasLtMatrixLayout_t layout,
                                                  hipblasLtMatrixLayoutAttribute_t attribute,
                                                  const void *value, size_t size);
hipblasStatus_t hipblasLtMatmulPreferenceCreate(hipblasLtMatmulPreference_t *out);
hipblasStatus_t hipblasLtMatmulPreferenceDestroy(hipblasLtMatmulPreference_t preference);
hipblasStatus_t hipblasLtMatmulPreferenceSetAttribute(
    hipblasLtMatmulPreference_t preference, hipblasLtMatmulPreferenceAttributes_t attribute,
    const void *value, size_t size);
hipblasStatus_t hipblasCreate(hipblasHandle_t *handle);
hipblasStatus_t hipblasDestroy(hipblasHandle_t handle);
hipblasStatus_t hipblasSetStream(hipblasHandle_t handle, hipStream_t stream);
hipblasStatus_t hipblasLtMatmulAlgoGetHeuristic(hipblasLtHandle_t handle, ...);
hipblasStatus_t hipblasLtMatmul(hipblasLtHandle_t handle, ...);
}
// hipBLASLt's extension API answers in C++ containers.
namespace hipblaslt_ext {
enum class GemmType { HIPBLASLT_GEMM = 1, HIPBLASLT_GROUPED_GEMM };
template <class... A> hipblasStatus_t getAllAlgos(const A &...args);
template <class... A> hipblasStatus_t getAlgosFromIndex(const A &...args);
template <class... A> hipblasStatus_t matmulIsAlgoSupported(const A &...args);
int getIndexFromAlgo(hipblasLtMatmulAlgo_t &algo);
std::string getSolutionNameFromAlgo(hipblasLtHandle_t handle, hipblasLtMatmulAlgo_t &algo);
std::string getKernelNameFromAlgo(hipblasLtHandle_t handle, hipblasLtMatmulAlgo_t &algo);
}  // namespace hipblaslt_ext

typedef int rocblas_int;
typedef struct _rocblas_handle *rocblas_handle;
enum rocblas_status { rocblas_status_success };
enum rocblas_operation { rocblas_operation_none = 111, rocblas_operation_transpose = 112 };
enum rocblas_datatype {
  rocblas_datatype_f16_r = 150, rocblas_datatype_f32_r = 151, rocblas_datatype_bf16_r = 168
};
enum rocblas_gemm_algo {
  rocblas_gemm_algo_standard = 0, rocblas_gemm_algo_solution_index = 1
};
enum rocblas_gemm_flags {
  rocblas_gemm_flags_none = 0, rocblas_gemm_flags_use_cu_efficiency = 2,
  rocblas_gemm_flags_fp16_alt_impl = 4, rocblas_gemm_flags_check_solution_index = 8,
  rocblas_gemm_flags_fp16_alt_impl_rnz = 16, rocblas_gemm_flags_stochastic_rounding = 32
};
extern "C" {
rocblas_status rocblas_create_handle(rocblas_handle *out);
rocblas_status rocblas_destroy_handle(rocblas_handle handle);
rocblas_status rocblas_set_stream(rocblas_handle handle, hipStream_t stream);
rocblas_status rocblas_gemm_ex(rocblas_handle handle, ...);
rocblas_status rocblas_gemm_ex_get_solutions(rocblas_handle handle, ...);
rocblas_status rocblas_gemm_ex_get_solutions_by_type(rocblas_handle handle, ...);
const char *rocblas_status_to_string(rocblas_status status);
}

#pragma clang force_cuda_host_device end
