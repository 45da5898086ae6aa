// Stand-in: see tvm/ffi/tvm_ffi.h.
#pragma once
#include <tvm/ffi/tvm_ffi.h>
