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

/// Missing values, NaN or a number that stands for them, become a number.
Outcome imputer(const Call& call) {
  const Rows& rows = call.features(0);
  const bool is_whole = call.attribute("imputed_value_int64s") != nullptr;
  const std::string values_key = is_whole ? "imputed_value_int64s" : "imputed_value_floats";
  const double replaced = is_whole ? static_cast<double>(call.integer("replaced_value_int64", 0))
                                   : call.number("replaced_value_float", 0.0);
  model::Impute impute{.values = by_column(call, values_key, call.numbers(values_key), rows.width),
                       .missing = replaced};
  for (const double value : impute.values) {
    if (std::isnan(value)) call.fail("fills in NaN, expected a number");
  }
  return {{behind_step(call, rows, std::move(impute))}, "step: missing values filled in"};
}

Outcome binarizer(const Call& call) {
  const Rows& rows = call.features(0);
  const std::vector<double> thresholds(static_cast<std::size_t>(rows.width), call.number("threshold", 0.0));
  return {{behind_step(call, rows, model::Binarize{thresholds})}, "step: 1 above the threshold"};
}

/// A column of zeros and a single 1 for each category. Categories are whole numbers: ONNX Runtime takes the whole part
/// of others.
Outcome one_hot_encoder(const Call& call) {
  const Rows& rows = call.features(0);
  if (!call.texts("cats_strings").empty()) {
    call.fail("has texts as categories, and the model takes numbers: encode them as whole numbers before");
  }
  std::vector<std::vector<double>> outputs;
  for (const std::int64_t category : call.integers("cats_int64s")) {
    outputs.push_back({static_cast<double>(category)});
  }
  if (outputs.empty()) call.fail("has no categories");
  const model::OneHot one_hot{std::vector<model::Categories>(static_cast<std::size_t>(rows.width), outputs)};
  return {{cast_features(behind_step(call, rows, one_hot), ElementType::float32)},
          "step: one column for each category"};
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

Outcome normalized_input(const Call& call, const Rows& rows, const std::string& norm) {
  if (norm != "L1" && norm != "L2") {
    call.fail(
        fmt::format("divides each row by its norm {}: by the largest number, not the largest magnitude, which the "
                    "model has no place for",
                    printable(norm)));
  }
  const model::Normalize normalize{norm == "L1" ? model::Norm::l1 : model::Norm::l2, rows.width};
  return {{cast_features(behind_step(call, rows, normalize), ElementType::float32)}, "step: divided by the norm"};
}

Outcome normalizer(const Call& call) {
  const Rows& rows = call.rows(0);
  const std::string norm = call.text("norm", "MAX");
  if (is_features(rows)) return normalized_input(call, rows, norm);
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

bool any_steps(const Call& call) {
  for (std::size_t index = 0; index < call.n_inputs(); ++index) {
    const Features& part = call.features(index).features;
    const bool clips = std::any_of(part.scalers.begin(), part.scalers.end(), [](const auto& s) { return s.clip; });
    if (!part.steps.empty() || clips) return true;
  }
  return false;
}

/// A step of a part as one of the row that the part begins at column `first` of, where it has `n` columns of `width`.
model::Step moved(model::Step step, std::size_t first, std::size_t n, std::size_t width) {
  auto* columns = std::get_if<model::Columns>(&step.kind);
  if (columns == nullptr) {
    step.first += static_cast<std::int32_t>(first);
    return step;
  }
  // A choice is one of the whole row.
  std::vector<std::int32_t> indices;
  for (std::size_t i = 0; i < first; ++i) indices.push_back(static_cast<std::int32_t>(i));
  for (const std::int32_t index : columns->indices) indices.push_back(index + static_cast<std::int32_t>(first));
  for (std::size_t i = first + n; i < width; ++i) indices.push_back(static_cast<std::int32_t>(i));
  columns->indices = std::move(indices);
  return step;
}

/// The columns of all parts, then the steps of the last part, of the one before it, and so on: in front of each part
/// there are raw columns alone.
Rows steps_side_by_side(const Call& call, Rows all) {
  std::vector<std::size_t> firsts;
  std::size_t width = 0;
  for (std::size_t index = 0; index < call.n_inputs(); ++index) {
    firsts.push_back(width);
    width += call.features(index).features.columns.size();
  }
  for (std::size_t index = call.n_inputs(); index-- > 0;) {
    const Features& part = call.features(index).features;
    std::vector<model::Step> steps = part.steps;
    for (const model::Scaler& scaler : part.scalers) steps.push_back({.kind = scaler});
    std::size_t n = part.columns.size();
    for (const model::Step& step : steps) {
      all.features.steps.push_back(moved(step, firsts[index], n, width));
      const std::size_t behind = model::width_behind(std::span(&step, 1), n);
      width = width - n + behind;
      n = behind;
    }
  }
  if (all.features.steps.size() > model::most_steps) {
    call.fail(fmt::format("there are {} steps in front of a model, at most {} may be", all.features.steps.size(),
                          model::most_steps));
  }
  all.lineage = {call.new_tensor()};
  return all;
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
  if (any_steps(call)) return steps_side_by_side(call, std::move(all));
  std::size_t first = 0;
  for (std::size_t index = 0; index < call.n_inputs(); ++index) {
    const Features& part = call.features(index).features;
    for (const model::Scaler& scaler : part.scalers) {
      if (scaler.clip) call.fail("puts columns that are clipped beside others, which the model has no place for");
      all.features.scalers.push_back(widened(scaler, first, all.features.columns.size()));
    }
    first += part.columns.size();
  }
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
      Operator{"ai.onnx.ml", "Binarizer", 1, 5, "threshold", binarizer},
      Operator{"ai.onnx.ml", "OneHotEncoder", 1, 5, "cats_int64s cats_strings zeros", one_hot_encoder},
      Operator{"", "Gather", 1, 26, "axis", gather},
      Operator{"", "Concat", 4, 26, "axis", concat},
  };
  return rows;
}

}  // namespace emlc::formats::onnx
