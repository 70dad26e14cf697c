#include "codegen/py/common/columns.hpp"

#include <fmt/format.h>

namespace emlc::py {

std::string each_column(std::string_view value) {
  return fmt::format("for i, v in enumerate(out):\n    out[i] = {}\n", value);
}

std::string divided_by_sum() {
  // Python raises where devices say infinity, or NaN.
  return "a = sum(out)\n" + each_column("v / a if a else v * 1e999");
}

std::string softmax_columns() { return "a = max(out)\n" + each_column("_exp(v - a)") + divided_by_sum(); }

std::string sigmoid_columns() { return each_column("1.0 / (1.0 + _exp(-v))"); }

std::string log1p_exp_columns() {
  // Where 1 + exp(v) has no digits left for exp(v), or none for the 1.
  return each_column("v if v > 37.0 else _exp(v) if v < -15.0 else math.log(1.0 + _exp(v))");
}

}  // namespace emlc::py
