// Stand-in: see ck/ck.hpp.
#pragma once
#include <ck/ck.hpp>
