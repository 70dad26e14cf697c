#pragma once

/// Functions of float32 without libm: the same bits on every machine, as generated code has them.
namespace emlc::signal {

/// Rising, rounding included: ln x, within 2 units of the last place or 1e-7; of what is below the smallest normal
/// float32 that of it, of infinity and NaN themselves.
float natural_log(float x);
/// e^x for x up to 1, within 3 units of the last place; 0 below -87; NaN of NaN.
float exponential(float x);

}  // namespace emlc::signal
