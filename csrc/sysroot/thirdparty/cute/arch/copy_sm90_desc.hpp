// Stand-in: see cutlass/cutlass.h.
#pragma once
#include <cutlass/cutlass.h>
