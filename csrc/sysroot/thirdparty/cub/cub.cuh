// Stand-in for CUB: block and warp primitives as declarations. hipCUB is the same under its name.
#pragma once
#define CUB_WARP_THREADS(arch) 32
#define CUB_PTX_WARP_THREADS 32
#define CUB_LOG_WARP_THREADS(arch) 5
#define CUB_MAX(a, b) ((a) < (b) ? (b) : (a))
#define CUB_MIN(a, b) ((b) < (a) ? (b) : (a))
#define MIGRATE_CUB cub
#include "primitives.inc"
#undef MIGRATE_CUB
