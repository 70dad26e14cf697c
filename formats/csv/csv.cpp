#include "formats/csv/csv.hpp"

#include <fmt/format.h>

#include <cmath>

#include "codegen/model/error.hpp"
#include "formats/writers.hpp"

namespace emlc::formats {

std::string float_text(double value, std::string_view what) {
  const double narrow = model::round_to(model::NumberType::float32, value);
  if (std::isinf(narrow)) {
    throw Error({.field = std::string(what)}, fmt::format("{} does not fit float32", value));
  }
  return fmt::to_string(static_cast<float>(narrow));
}

layout::Artifact write_csv(const model::Model& model) {
  if (std::holds_alternative<model::TreeEnsemble>(model.predictor)) return write_trees_csv(model);
  if (std::holds_alternative<model::SosCascade>(model.predictor)) return write_sos_csv(model);
  return write_mlp_csv(model);
}

}  // namespace emlc::formats
