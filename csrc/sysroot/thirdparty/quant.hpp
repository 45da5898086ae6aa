// Stand-in: see mask.hpp.
#pragma once
#include "mask.hpp"
