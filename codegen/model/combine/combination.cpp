#include "codegen/model/combine/combination.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "codegen/model/model.hpp"

namespace emlc::model {

Combination::Combination() = default;
Combination::Combination(const Combination& other) = default;
Combination::Combination(Combination&& other) noexcept = default;
Combination& Combination::operator=(const Combination& other) = default;
Combination& Combination::operator=(Combination&& other) noexcept = default;
Combination::~Combination() = default;

std::string_view name(CombineRule rule) {
  switch (rule) {
    case CombineRule::mean:
      return "mean";
    case CombineRule::votes:
      return "votes";
    case CombineRule::one_vs_one:
      return "one_vs_one";
    case CombineRule::concatenate:
      return "concatenate";
  }
  throw std::logic_error("rule of a combination without a name");
}

std::string_view name(CalibrationMethod method) {
  switch (method) {
    case CalibrationMethod::sigmoid:
      return "sigmoid";
    case CalibrationMethod::isotonic:
      return "isotonic";
  }
  throw std::logic_error("calibration without a name");
}

double calibrate(const Calibration& calibration, double value) {
  if (std::isnan(value)) return value;
  if (calibration.method == CalibrationMethod::sigmoid) {
    return 1.0 / (1.0 + std::exp(calibration.slope * value + calibration.offset));
  }
  const std::vector<double>&x = calibration.x, &y = calibration.y;
  if (value <= x.front()) return y.front();
  if (value >= x.back()) return y.back();
  const auto above = static_cast<std::size_t>(std::upper_bound(x.begin(), x.end(), value) - x.begin());
  const double slope = (y[above] - y[above - 1]) / (x[above] - x[above - 1]);
  return y[above - 1] + slope * (value - x[above - 1]);
}

}  // namespace emlc::model
