// The one header the parser force-includes: every declaration of the hermetic sysroot, in order.
// MIGRATE_SYSROOT_NO_CUDA leaves out the CUDA/HIP layer, MIGRATE_SYSROOT_NO_TORCH leaves out
// torch and pybind11 (migrated code must parse without them).
#pragma once

// Deliberately not popped: nvcc and hipcc accept these in user code, so they are no errors here.
// Undefined functions are how a sysroot of declarations looks when instantiated with local types.
#pragma clang diagnostic ignored "-Wc++11-narrowing"
#pragma clang diagnostic ignored "-Wundefined-internal"
#pragma clang diagnostic ignored "-Wundefined-internal-type"
#pragma clang diagnostic ignored "-Wundefined-inline"
#pragma clang diagnostic ignored "-Wreserved-user-defined-literal"
#pragma clang diagnostic ignored "-Wregister"
#pragma clang diagnostic ignored "-Winline-namespace-reopened-noninline"

#include "cuda/qualifiers.h"

#include "std/c_library.h"
#include "std/c_math.h"
#include "std/type_traits.h"
#include "std/utility.h"
#include "std/tuple.h"
#include "std/string.h"
#include "std/exception.h"
#include "std/memory.h"
#include "std/functional.h"
#include "std/optional.h"
#include "std/sequence.h"
#include "std/associative.h"
#include "std/algorithm.h"
#include "std/stream.h"
#include "std/chrono_thread.h"
#include "std/filesystem.h"
#include "std/random_complex.h"

#ifndef MIGRATE_SYSROOT_NO_CUDA
#include "cuda/vector_types.h"
#include "cuda/runtime_types.h"
#include "cuda/runtime.h"
#include "cuda/half.h"
#include "cuda/float8.h"
#include "cuda/intrinsics.h"
#include "cuda/driver.h"
#include "cuda/blas.h"
#include "cuda/nvrtc.h"
#include "cuda/rand_pipeline.h"
#include "cuda/hip_runtime.h"
#include "cuda/hip_blas.h"
#endif

#ifndef MIGRATE_SYSROOT_NO_TORCH
#include "torch/macros.h"
#include "torch/numbers.h"
#include "torch/scalar_type.h"
#include "torch/device.h"
#include "torch/array_ref.h"
#include "torch/tensor_options.h"
#include "torch/tensor.h"
#include "torch/functions.h"
#include "torch/context.h"
#include "torch/check.h"
#include "torch/dispatch.h"
#include "torch/autograd.h"
#include "torch/library.h"
#include "torch/stable.h"
#ifndef MIGRATE_SYSROOT_NO_CUDA
#include "torch/cuda.h"
#include "torch/cuda_atomic.h"
#endif
#include "pybind11/python.h"
#include "pybind11/object.h"
#include "pybind11/module.h"
#endif
