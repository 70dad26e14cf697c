#include "codegen/passes/chains/fold_jumps.hpp"

#include <cmath>
#include <iterator>
#include <utility>

#include "codegen/passes/chains/replacement.hpp"
#include "codegen/passes/chains/slices.hpp"

namespace emlc::passes {
namespace {

using Origins = std::span<const std::optional<Origin>>;

/// What a step of each kind becomes in front of which the columns have these origins.
struct Replacing {
  const model::Step& step;
  Origins origins;
  using Result = std::optional<Replacement>;

  Result operator()(const model::Bins& /*step*/) const { return over_levels(step, origins); }
  Result operator()(const model::Binarize& /*step*/) const { return over_levels(step, origins); }
  Result operator()(const model::OneHot& /*step*/) const { return over_levels(step, origins); }
  Result operator()(const model::Lookup& /*step*/) const { return over_levels(step, origins); }
  Result operator()(const model::MissingIndicator& indicator) const {
    // What computes numbers makes none of them missing.
    return std::isnan(indicator.missing) ? std::nullopt : over_levels(step, origins);
  }
  Result operator()(const model::Quantile& quantile) const { return over_quantiles(step, quantile, origins); }
  Result operator()(const model::Scaler& /*step*/) const { return std::nullopt; }
  Result operator()(const model::Columns& /*step*/) const { return std::nullopt; }
  Result operator()(const model::Impute& /*step*/) const { return std::nullopt; }
  Result operator()(const model::Function& /*step*/) const { return std::nullopt; }
  Result operator()(const model::Power& /*step*/) const { return std::nullopt; }
  Result operator()(const model::Linear& /*step*/) const { return std::nullopt; }
  Result operator()(const model::Polynomial& /*step*/) const { return std::nullopt; }
  Result operator()(const model::Normalize& /*step*/) const { return std::nullopt; }
};

/// The steps in front of `index` without what is gone, then those that take its place.
std::vector<model::Step> replaced(const std::vector<model::Step>& steps, std::size_t index, std::size_t n_inputs,
                                  Replacement replacement) {
  std::vector<model::Step> result;
  for (std::size_t at = 0; at < index; ++at) {
    std::vector<char> is_gone(model::run_of(steps[at], model::width_behind(std::span(steps).first(at), n_inputs)).n_in);
    bool is_any = false;
    for (const Place& place : replacement.gone) {
      if (place.step != at) continue;
      is_gone[place.column] = 1;
      is_any = true;
    }
    std::vector<model::Step> kept = is_any ? without_columns(steps[at], is_gone) : std::vector{steps[at]};
    std::move(kept.begin(), kept.end(), std::back_inserter(result));
  }
  std::move(replacement.steps.begin(), replacement.steps.end(), std::back_inserter(result));
  return result;
}

}  // namespace

std::size_t fold_jumps(model::Model& model, model::NumberType type) {
  std::size_t n_changed = 0;
  const auto n_inputs = static_cast<std::size_t>(model.input.n_features);
  std::vector<model::Step>& steps = model.steps;
  for (std::size_t index = 0; index < steps.size(); ++index) {
    const std::size_t width = model::width_behind(std::span(steps).first(index), n_inputs);
    const std::size_t n = model::run_of(steps[index], width).n_in;
    const std::vector<std::optional<Origin>> origins = origins_of(steps, index, n, model.input, type);
    std::optional<Replacement> replacement = std::visit(Replacing{steps[index], origins}, steps[index].kind);
    if (!replacement) continue;
    std::vector<model::Step> front = replaced(steps, index, n_inputs, std::move(*replacement));
    if (front.size() + steps.size() - index - 1 > model::most_steps) continue;
    const std::size_t next = front.size();
    std::move(steps.begin() + static_cast<std::ptrdiff_t>(index) + 1, steps.end(), std::back_inserter(front));
    steps = std::move(front);
    index = next - 1;
    ++n_changed;
  }
  return n_changed;
}

}  // namespace emlc::passes
