#pragma once

namespace emlc::signal {

/// The natural logarithm of x > 0 by sums and products alone, so that it is the same on every computer; right to a few
/// steps of double.
double logarithm(double x);

}  // namespace emlc::signal
