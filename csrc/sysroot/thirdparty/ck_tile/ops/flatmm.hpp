// Stand-in: see ck_tile/core.hpp.
#pragma once
#include <ck_tile/core.hpp>
