#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "formats/tmdl/codes.hpp"
#include "formats/tmdl/step_layers.hpp"

namespace emlc::formats {
namespace {

using Numbers = std::vector<double>;

/// The numbers of a layer, one list after the other.
class StepReader {
 public:
  explicit StepReader(const TmdlLayerView& layer) : layer_(layer), says_(emlc_tmdl_step_at(&layer.header)) {}

  [[nodiscard]] model::StepKind read();

 private:
  /// A column of the run and how many numbers it has, of result i.
  struct List {
    std::size_t column, count;
  };
  [[nodiscard]] List list(std::size_t i) const {
    return {layer_.u16(EMLC_STEP_AT_DATA + 4 * i, "lists"), layer_.u16(EMLC_STEP_AT_DATA + 4 * i + 2, "lists")};
  }
  Numbers take(std::size_t count, std::string_view key) {
    Numbers numbers = layer_.floats(at_, count, key);
    at_ += count * sizeof(float);
    return numbers;
  }
  /// NaN and infinities too.
  Numbers take_any(std::size_t count, std::string_view key) {
    Numbers numbers = layer_.any_floats(at_, count, key);
    at_ += count * sizeof(float);
    return numbers;
  }
  [[nodiscard]] double number_or_none(std::size_t oft, std::string_view key) const {
    return layer_.any_floats(oft, 1, key).front();
  }
  void skip_lists() { at_ += std::size_t{4} * says_.n_results; }
  /// Of a number that lies beyond float32: an infinity counts as the number next to it.
  static double as_number(double value) {
    constexpr double last = std::numeric_limits<double>::max();
    return std::isinf(value) ? std::copysign(last, value) : value;
  }

  model::Scaler scaler();
  model::OneHot one_hot();
  model::Lookup lookup();
  model::Bins bins();
  model::Binarize binarize();
  model::Quantile quantile();
  model::Linear linear();
  model::StepKind products();

  const TmdlLayerView& layer_;
  emlc_tmdl_step says_;
  std::size_t at_ = EMLC_STEP_AT_DATA;
};

model::Scaler StepReader::scaler() {
  const bool multiplies = (says_.step.variant & EMLC_SCALER_MULTIPLY_ADD) != 0;
  const bool clips = (says_.step.variant & EMLC_STEP_CLIPS) != 0;
  model::Scaler scaler;
  scaler.op = multiplies ? model::ScalerOp::multiply_add : model::ScalerOp::subtract_divide;
  scaler.type = model::NumberType::float32;
  for (std::size_t i = 0; i < says_.n_columns; ++i) {
    scaler.offset.push_back(take(1, fmt::format("offset[{}]", i)).front());
    scaler.scale.push_back(take(1, fmt::format("scale[{}]", i)).front());
  }
  if (clips) scaler.clip = {layer_.f32(EMLC_STEP_AT_LOW, "low"), layer_.f32(EMLC_STEP_AT_HIGH, "high")};
  return scaler;
}

model::OneHot StepReader::one_hot() {
  model::OneHot one_hot;
  one_hot.categories.resize(says_.n_columns, std::vector<Numbers>{});
  skip_lists();
  std::size_t last = 0;
  for (std::size_t i = 0; i < says_.n_results; ++i) {
    const auto [column, count] = list(i);
    model::Categories& outputs = one_hot.categories[column];
    const bool passes = count == EMLC_STEP_PASSES;
    if (column < last || !outputs || (passes && !outputs->empty())) {
      layer_.fail(EMLC_STEP_AT_DATA + 4 * i, fmt::format("lists[{}]", i),
                  fmt::format("column {} has to follow those before it, and to pass alone", column));
    }
    last = column;
    if (passes) {
      outputs.reset();
    } else {
      outputs->push_back(take(count, fmt::format("categories[{}]", i)));
    }
  }
  return one_hot;
}

model::Lookup StepReader::lookup() {
  model::Lookup lookup;
  skip_lists();
  for (std::size_t i = 0; i < says_.n_results; ++i) {
    const std::size_t n = list(i).count / 2;
    lookup.from.push_back(take(n, fmt::format("from[{}]", i)));
    lookup.to.push_back(take(n, fmt::format("to[{}]", i)));
    lookup.otherwise.push_back(take_any(1, "otherwise").front());
  }
  return lookup;
}

model::Bins StepReader::bins() {
  model::Bins bins;
  skip_lists();
  for (std::size_t i = 0; i < says_.n_results; ++i) {
    bins.edges.push_back(take_any(list(i).count, fmt::format("edges[{}]", i)));
    for (double& edge : bins.edges.back()) edge = as_number(edge);
  }
  return bins;
}

model::Binarize StepReader::binarize() {
  model::Binarize binarize{take_any(says_.n_columns, "thresholds")};
  for (double& threshold : binarize.thresholds) {
    if (threshold < 0.0) threshold = as_number(threshold);
  }
  return binarize;
}

model::Quantile StepReader::quantile() {
  model::Quantile quantile{.quantiles = {},
                           .references = take(says_.count, "references"),
                           .output = value_of(quantile_codes, says_.step.variant).value()};
  for (std::size_t i = 0; i < says_.n_columns; ++i) {
    quantile.quantiles.push_back(take(says_.count, fmt::format("quantiles[{}]", i)));
  }
  return quantile;
}

model::Linear StepReader::linear() {
  const std::size_t n_weights = std::size_t{says_.n_results} * says_.n_columns;
  model::Linear linear{.n_in = says_.n_columns, .weights = take(n_weights, "weights"), .bias = {}};
  linear.bias = take(says_.n_results, "bias");
  return linear;
}

/// One factor for each result, of a run that is the whole row, is a choice of columns.
model::StepKind StepReader::products() {
  model::Polynomial polynomial{.n_columns = says_.n_columns, .terms = {}};
  for (std::size_t i = 0; i < says_.n_results; ++i) {
    std::vector<std::int32_t> term;
    for (std::size_t k = 0; k < says_.count; ++k) {
      const std::uint16_t column = layer_.u16(EMLC_STEP_AT_DATA + 2 * (i * says_.count + k), "factors");
      if (column == EMLC_STEP_NO_FACTOR) break;
      term.push_back(column);
    }
    polynomial.terms.push_back(std::move(term));
  }
  const bool is_choice = says_.n_columns == layer_.header.n_in &&
                         std::all_of(polynomial.terms.begin(), polynomial.terms.end(),
                                     [](const std::vector<std::int32_t>& term) { return term.size() == 1; });
  if (!is_choice) return polynomial;
  model::Columns columns;
  for (const auto& term : polynomial.terms) columns.indices.push_back(term.front());
  return columns;
}

model::StepKind StepReader::read() {
  const int variant = says_.step.variant;
  switch (says_.step.kind) {
    case EMLC_STEP_SCALER:
      return scaler();
    case EMLC_STEP_IMPUTE:
      return model::Impute{.values = take_any(says_.n_columns, "values"),
                           .missing = number_or_none(EMLC_STEP_AT_LOW, "missing")};
    case EMLC_STEP_MISSING_INDICATOR:
      return model::MissingIndicator{.n_columns = says_.n_columns,
                                     .missing = number_or_none(EMLC_STEP_AT_LOW, "missing")};
    case EMLC_STEP_BINARIZE:
      return binarize();
    case EMLC_STEP_FUNCTION:
      return model::Function{.function = value_of(function_codes, variant).value(), .n_columns = says_.n_columns};
    case EMLC_STEP_POWER:
      return model::Power{.method = value_of(power_codes, variant).value(),
                          .lambdas = take(says_.n_columns, "lambdas")};
    case EMLC_STEP_QUANTILE:
      return quantile();
    case EMLC_STEP_BINS:
      return bins();
    case EMLC_STEP_LOOKUP:
      return lookup();
    case EMLC_STEP_NORMALIZE:
      return model::Normalize{.norm = value_of(norm_codes, variant).value(), .n_columns = says_.n_columns};
    case EMLC_STEP_ONE_HOT:
      return one_hot();
    case EMLC_STEP_PRODUCTS:
      return products();
    case EMLC_STEP_LINEAR:
      return linear();
    default:
      throw std::logic_error("the runtime's check lets a step through that it does not run");
  }
}

}  // namespace

void read_step(const TmdlLayerView& layer, TmdlDraft& draft) {
  if (!is_only_scalers(draft)) layer.fail(0, "", "a step has to come before all other layers but scalers");
  model::Step step{.first = layer.u16(EMLC_STEP_AT_FIRST, "first"), .type = model::NumberType::float32};
  step.kind = StepReader(layer).read();
  const auto problem = model::problem_of(step, layer.header.n_in);
  if (problem) layer.fail(EMLC_STEP_AT_DATA, problem->key, problem->problem);
  append_step(draft.model, std::move(step));
}

}  // namespace emlc::formats
