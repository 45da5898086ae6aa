// Stand-in for hipCUB, which is CUB under another name.
#pragma once
#define MIGRATE_CUB hipcub
#include "../cub/primitives.inc"
#undef MIGRATE_CUB
