// Stand-in: see thrust/thrust.inc.
#pragma once
#include <thrust/thrust.inc>
