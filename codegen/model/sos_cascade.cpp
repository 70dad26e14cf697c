#include "codegen/model/sos_cascade.hpp"

#include <cmath>

namespace emlc::model {

double pole_radius(const SosSection& section) {
  const double a1 = section.a1 / section.a0;
  const double a2 = section.a2 / section.a0;
  // Roots of z^2 + a1 z + a2: a complex pair has |z|^2 = a2, real ones the usual formula.
  const double discriminant = a1 * a1 - 4.0 * a2;
  if (discriminant < 0.0) return std::sqrt(a2);
  return (std::abs(a1) + std::sqrt(discriminant)) / 2.0;
}

}  // namespace emlc::model
