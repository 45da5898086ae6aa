// NVRTC.
#pragma once
#pragma clang force_cuda_host_device begin

typedef struct _nvrtcProgram *nvrtcProgram;
enum nvrtcResult { NVRTC_SUCCESS = 0, NVRTC_ERROR_OUT_OF_MEMORY = 1, NVRTC_ERROR_COMPILATION = 6 };
extern "C" {
const char *nvrtcGetErrorString(nvrtcResult result);
nvrtcResult nvrtcVersion(int *major, int *minor);
nvrtcResult nvrtcCreateProgram(nvrtcProgram *out, const char *source, const char *name, int headers,
                               const char *const *header_sources, const char *const *header_names);
nvrtcResult nvrtcDestroyProgram(nvrtcProgram *program);
nvrtcResult nvrtcCompileProgram(nvrtcProgram program, int count, const char *const *options);
nvrtcResult nvrtcGetPTXSize(nvrtcProgram program, size_t *out);
nvrtcResult nvrtcGetPTX(nvrtcProgram program, char *out);
nvrtcResult nvrtcGetCUBINSize(nvrtcProgram program, size_t *out);
nvrtcResult nvrtcGetCUBIN(nvrtcProgram program, char *out);
nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram program, size_t *out);
nvrtcResult nvrtcGetProgramLog(nvrtcProgram program, char *out);
nvrtcResult nvrtcAddNameExpression(nvrtcProgram program, const char *name);
nvrtcResult nvrtcGetLoweredName(nvrtcProgram program, const char *name, const char **out);
}

#pragma clang force_cuda_host_device end
