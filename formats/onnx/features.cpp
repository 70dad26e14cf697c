#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "formats/onnx/call.hpp"
#include "formats/onnx/rows.hpp"
#include "formats/reading.hpp"

namespace emlc::formats::onnx {
namespace {

/// One number for all columns, or one for each.
std::vector<double> by_column(const Call& call, std::string_view attribute, std::vector<double> found,
                              std::int32_t width) {
  const auto n = static_cast<std::size_t>(width);
  if (found.size() == 1) found.assign(n, found.front());
  if (found.size() != n)
    call.fail(fmt::format("attribute '{}' has {} entries, expected 1 or {}", attribute, found.size(), n));
  return found;
}

Outcome scaler(const Call& call) {
  Rows rows = call.features(0);
  const auto n = static_cast<std::size_t>(rows.width);
  std::vector<double> offset = by_column(call, "offset", call.numbers("offset"), rows.width);
  for (double& value : offset) value = 0.0 - value;
  rows =
      scaled(std::move(rows),
             {.op = model::ScalerOp::multiply_add, .offset = std::move(offset), .scale = std::vector<double>(n, 1.0)});
  std::vector<double> scale = by_column(call, "scale", call.numbers("scale"), rows.width);
  rows =
      scaled(std::move(rows),
             {.op = model::ScalerOp::multiply_add, .offset = std::vector<double>(n, 0.0), .scale = std::move(scale)});
  rows = cast_features(std::move(rows), ElementType::float32);
  rows.lineage = {call.new_tensor()};
  return {{std::move(rows)}, "scaler: (x - offset) * scale"};
}

/// Missing values become a number. Splits of trees take it for where a missing value goes.
Outcome imputer(const Call& call) {
  Rows rows = call.features(0);
  if (call.attribute("imputed_value_int64s") != nullptr || call.attribute("replaced_value_int64") != nullptr) {
    call.fail("replaces integers, expected missing values (NaN)");
  }
  if (const double replaced = call.number("replaced_value_float", 0.0); !std::isnan(replaced)) {
    call.fail(fmt::format("replaces {}, expected missing values (NaN)", replaced));
  }
  std::vector<double> values =
      by_column(call, "imputed_value_floats", call.numbers("imputed_value_floats"), rows.width);
  for (const double value : values) {
    if (std::isnan(value)) call.fail("fills in NaN, expected a number");
  }
  if (rows.features.imputed.empty()) rows.features.imputed = std::move(values);
  rows.lineage = {call.new_tensor()};
  return {{std::move(rows)}, "where missing values go"};
}

Outcome gather(const Call& call) {
  call.require_columns(call.integer("axis", 0));
  return {{columns_of(call, call.features(0), call.constant(1))}, "columns of the input"};
}

/// Are the numbers 0 or more already, and is their sum 1?
enum class Scores : char { any, positive, probabilities };

Scores scores_of(const Rows& rows) {
  if (!rows.steps.empty()) {
    if (rows.steps.back().kind == StepKind::softmax || rows.steps.back().kind == StepKind::normalize)
      return Scores::probabilities;
    return rows.steps.back().kind == StepKind::sigmoid || rows.steps.back().kind == StepKind::exp ? Scores::positive
                                                                                                  : Scores::any;
  }
  if (rows.layers.empty() || rows.open.form != OpenLayer::Form::nothing) return Scores::any;
  const model::Activation last = rows.layers.back()->activation;
  if (last == model::Activation::softmax) return Scores::probabilities;
  return last == model::Activation::logistic ? Scores::positive : Scores::any;
}

Outcome normalizer(const Call& call) {
  const Rows& rows = call.rows(0);
  const std::string norm = call.text("norm", "MAX");
  if (is_features(rows)) call.fail("divides each row of the input by its norm, which the model has no place for");
  const Scores scores = scores_of(rows);
  if (norm != "L1" || scores == Scores::any || rows.form != Form::plain) {
    call.fail(fmt::format("divides outputs by their norm {}, which the model does for L1 behind a sigmoid or softmax",
                          printable(norm)));
  }
  if (scores == Scores::probabilities) return {{rows}, "nothing: the sum is 1 already"};
  Rows made = stepped(call, rows, {StepKind::normalize});
  made.lineage.insert(made.lineage.begin(), rows.lineage.begin(), rows.lineage.end());
  return {{std::move(made)}, "post-transform: divided by the sum"};
}

/// Numbers for the columns of `all`, with what leaves a number as it is in the other ones.
model::Scaler widened(const model::Scaler& scaler, std::size_t first, std::size_t width) {
  model::Scaler wide{.op = scaler.op,
                     .offset = std::vector<double>(width, 0.0),
                     .scale = std::vector<double>(width, 1.0),
                     .type = scaler.type};
  std::copy(scaler.offset.begin(), scaler.offset.end(), wide.offset.begin() + static_cast<std::ptrdiff_t>(first));
  std::copy(scaler.scale.begin(), scaler.scale.end(), wide.scale.begin() + static_cast<std::ptrdiff_t>(first));
  return wide;
}

/// Columns of inputs side by side.
Rows side_by_side(const Call& call) {
  Rows all = call.features(0);
  for (std::size_t index = 1; index < call.n_inputs(); ++index) {
    const Rows& part = call.features(index);
    if (part.type != all.type) call.fail(fmt::format("puts {} and {} side by side", name(all.type), name(part.type)));
    all.features.columns.insert(all.features.columns.end(), part.features.columns.begin(), part.features.columns.end());
    all.width += part.width;
  }
  if (all.width > most_features) call.fail(fmt::format("gives {} columns, more than {}", all.width, most_features));
  all.features.scalers.clear();
  std::size_t first = 0, n_imputed = 0;
  std::vector<double> imputed;
  for (std::size_t index = 0; index < call.n_inputs(); ++index) {
    const Features& part = call.features(index).features;
    for (const model::Scaler& scaler : part.scalers) {
      if (scaler.clip) call.fail("puts columns that are clipped beside others, which the model has no place for");
      all.features.scalers.push_back(widened(scaler, first, all.features.columns.size()));
    }
    if (!part.imputed.empty()) ++n_imputed;
    imputed.insert(imputed.end(), part.imputed.begin(), part.imputed.end());
    first += part.columns.size();
  }
  if (n_imputed != 0 && n_imputed != call.n_inputs())
    call.fail("puts columns whose missing values are filled in beside others");
  all.features.imputed = std::move(imputed);
  all.lineage = {call.new_tensor()};
  return all;
}

/// Columns of inputs; or 1 - p and p.
Outcome concat(const Call& call) {
  call.require_columns(call.integer("axis", 1));
  const Rows& first = call.rows(0);
  if (first.form != Form::complement) return {{side_by_side(call)}, "columns of the input"};
  if (call.n_inputs() != 2 || call.rows(1).form != Form::plain || call.rows(1).lineage != first.lineage) {
    call.fail("puts 1 - p beside something else than p");
  }
  Rows pair = call.rows(1);
  pair.form = Form::pair;
  pair.width = 2;
  return {{std::move(pair)}, "both probabilities of the single output"};
}

}  // namespace

Rows cast_features(Rows features, ElementType type) {
  const bool is_exact = features.type == type || type != ElementType::float32 || features.type == ElementType::int8 ||
                        features.type == ElementType::uint8 || features.type == ElementType::int16 ||
                        features.type == ElementType::uint16 || features.type == ElementType::boolean;
  features.type = type;
  if (is_exact) return features;
  const auto n = static_cast<std::size_t>(features.width);
  return scaled(std::move(features), {.op = model::ScalerOp::multiply_add,
                                      .offset = std::vector<double>(n, 0.0),
                                      .scale = std::vector<double>(n, 1.0)});
}

std::span<const Operator> feature_operators() {
  static constexpr std::array rows = {
      Operator{"ai.onnx.ml", "Scaler", 1, 5, "offset scale", scaler},
      Operator{"ai.onnx.ml", "Imputer", 1, 5,
               "imputed_value_floats imputed_value_int64s replaced_value_float replaced_value_int64", imputer},
      Operator{"ai.onnx.ml", "Normalizer", 1, 5, "norm", normalizer},
      Operator{"", "Gather", 1, 26, "axis", gather},
      Operator{"", "Concat", 4, 26, "axis", concat},
  };
  return rows;
}

}  // namespace emlc::formats::onnx
