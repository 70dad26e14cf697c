#include "codegen/signal/logarithm.hpp"

#include <cmath>

namespace emlc::signal {

double logarithm(double x) {
  constexpr double ln2 = 0x1.62e42fefa39efp-1;
  int exponent = 0;
  const double mantissa = std::frexp(x, &exponent);  // in [1/2, 1)
  // ln m = 2 (s + s^3 / 3 + s^5 / 5 + ...) with s = (m - 1) / (m + 1), of which |s| <= 1/3: 18 terms are 1e-18 away.
  const double s = (mantissa - 1.0) / (mantissa + 1.0), square = s * s;
  double sum = 0.0;
  for (int power = 35; power >= 1; power -= 2) sum = sum * square + 1.0 / power;
  return 2.0 * s * sum + exponent * ln2;
}

}  // namespace emlc::signal
