#include "formats/csv/csv.hpp"

#include <fmt/format.h>

#include <cmath>

#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"
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
  return std::visit(model::Overloaded{[&](std::monostate) { return write_mlp_csv(model, model::DenseNetwork{}); },
                                      [&](const model::TreeEnsemble& trees) { return write_trees_csv(model, trees); },
                                      [&](const model::DenseNetwork& network) { return write_mlp_csv(model, network); },
                                      [](const model::SosCascade& cascade) { return write_sos_csv(cascade); }},
                    model.predictor);
}

}  // namespace emlc::formats
