#include "formats/csv/csv.hpp"

#include <emlc/csv_number.h>
#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"
#include "formats/text/text.hpp"
#include "formats/writers.hpp"

namespace emlc::formats {

namespace {

void check_length(std::string_view text, const Where& where) {
  if (text.size() <= EMLC_CSV_DIGITS) return;
  throw Error(where, fmt::format("a number has at most {} characters, this one has {}", +EMLC_CSV_DIGITS, text.size()));
}

}  // namespace

std::string float_text(double value, std::string_view what) {
  const double narrow = model::round_to(model::NumberType::float32, value);
  if (std::isinf(narrow)) {
    throw Error({.field = std::string(what)}, fmt::format("{} does not fit float32", value));
  }
  return fmt::to_string(static_cast<float>(narrow));
}

double parse_float(std::string_view cell, const Where& where) {
  const std::string_view text = trim(cell);
  float value = 0.0F;
  if (emlc_csv_parse_f32(text.data(), text.size(), &value) == EMLC_OK) return static_cast<double>(value);
  check_length(text, where);
  throw Error(where, fmt::format("not a finite float32: '{}'", printable(cell)));
}

std::int64_t parse_whole(std::string_view cell, std::int64_t lowest, std::int64_t highest, const Where& where) {
  check_length(trim(cell), where);
  return parse_integer(cell, lowest, highest, where);
}

void check_count(std::size_t count, std::size_t most, std::string_view what, std::string field) {
  if (count <= most) return;
  throw Error({.field = std::move(field)}, fmt::format("{} {}, a CSV holds at most {}", count, what, most));
}

namespace {

/// What the readers of the form, and the device, would refuse.
void check_limits(const model::Model& model) {
  check_count(static_cast<std::size_t>(model.input.n_features), EMLC_CSV_MOST_FEATURES, "features", "input.n_features");
  check_count(static_cast<std::size_t>(model.output.n_outputs), EMLC_CSV_MOST_OUTPUTS, "outputs", "output.n_outputs");
  check_count(model.scalers.size(), EMLC_CSV_MOST_STEPS, "scalers", "model");
}

}  // namespace

layout::Artifact write_csv(const model::Model& model) {
  if (!model.steps.empty()) {
    throw Error({.file = "", .field = "model"},
                fmt::format("a CSV holds no step '{}', which has to be computed in front of the model; write a header",
                            name(model.steps.back())));
  }
  check_limits(model);
  return std::visit(model::Overloaded{[&](std::monostate) { return write_mlp_csv(model, model::DenseNetwork{}); },
                                      [&](const model::TreeEnsemble& trees) { return write_trees_csv(model, trees); },
                                      [&](const model::DenseNetwork& network) { return write_mlp_csv(model, network); },
                                      [](const model::SosCascade& cascade) { return write_sos_csv(cascade); },
                                      [](const model::Combination& combination) -> layout::Artifact {
                                        throw Error({.file = "", .field = "model"},
                                                    fmt::format("a CSV holds one model, this is a combination of {}; "
                                                                "write a header",
                                                                combination.members.size()));
                                      }},
                    model.predictor);
}

}  // namespace emlc::formats
