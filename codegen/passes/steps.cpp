#include "codegen/passes/steps.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "codegen/passes/dense/fold_into_layer.hpp"

namespace emlc::passes {
namespace {

/// Keeps the results of a step that are used, where its kind can do without the others.
struct Keeping {
  std::span<const char> is_used;  ///< of the results

  bool operator()(model::Linear& linear) const {
    const auto n_in = static_cast<std::size_t>(linear.n_in);
    model::Linear kept{.n_in = linear.n_in, .weights = {}, .bias = {}};
    for (std::size_t row = 0; row < linear.bias.size(); ++row) {
      if (is_used[row] == 0) continue;
      const auto weights = linear.weights.begin() + static_cast<std::ptrdiff_t>(row * n_in);
      kept.weights.insert(kept.weights.end(), weights, weights + linear.n_in);
      kept.bias.push_back(linear.bias[row]);
    }
    linear = std::move(kept);
    return true;
  }
  bool operator()(model::Polynomial& polynomial) const {
    std::vector<std::vector<std::int32_t>> terms;
    for (std::size_t i = 0; i < polynomial.terms.size(); ++i) {
      if (is_used[i] != 0) terms.push_back(std::move(polynomial.terms[i]));
    }
    polynomial.terms = std::move(terms);
    return true;
  }
  bool operator()(const model::Scaler& /*step*/) const { return false; }
  bool operator()(const model::Columns& /*step*/) const { return false; }
  bool operator()(const model::Impute& /*step*/) const { return false; }
  bool operator()(const model::MissingIndicator& /*step*/) const { return false; }
  bool operator()(const model::OneHot& /*step*/) const { return false; }
  bool operator()(const model::Lookup& /*step*/) const { return false; }
  bool operator()(const model::Bins& /*step*/) const { return false; }
  bool operator()(const model::Binarize& /*step*/) const { return false; }
  bool operator()(const model::Function& /*step*/) const { return false; }
  bool operator()(const model::Power& /*step*/) const { return false; }
  bool operator()(const model::Quantile& /*step*/) const { return false; }
  bool operator()(const model::Normalize& /*step*/) const { return false; }
};

/// A scaler of exactly the columns that the linear step takes, as part of it.
bool fold(model::Step& before, model::Step& step) {
  auto* scaler = std::get_if<model::Scaler>(&before.kind);
  auto* linear = std::get_if<model::Linear>(&step.kind);
  const bool is_same = scaler != nullptr && linear != nullptr && before.first == step.first &&
                       std::cmp_equal(scaler->offset.size(), linear->n_in);
  if (!is_same) return false;
  model::DenseLayer layer{.n_in = linear->n_in,
                          .n_out = static_cast<std::int32_t>(linear->bias.size()),
                          .weights = linear->weights,
                          .bias = linear->bias};
  model::Scaler rest = *scaler;
  if (fold_far_scaler(rest, layer) != Fold::all) return false;
  linear->weights = std::move(layer.weights);
  linear->bias = std::move(layer.bias);
  return true;
}

}  // namespace

std::vector<std::int32_t> drop_results(model::Model& model, const std::vector<char>& is_used) {
  std::vector<std::int32_t> numbers(is_used.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  model::Step& step = model.steps.back();
  const std::size_t width = model::width_behind(std::span(model.steps).first(model.steps.size() - 1),
                                                static_cast<std::size_t>(model.input.n_features));
  const model::Run run = model::run_of(step, width);
  const auto first = static_cast<std::size_t>(step.first);
  const auto results = std::span(is_used).subspan(first, run.n_out);
  const auto n_used =
      static_cast<std::size_t>(std::count_if(results.begin(), results.end(), [](char u) { return u != 0; }));
  if (n_used == run.n_out || width - run.n_in + n_used == 0) return numbers;
  if (!std::visit(Keeping{results}, step.kind)) return numbers;
  std::int32_t next = 0;
  for (std::size_t column = 0; column < is_used.size(); ++column) {
    const bool is_gone = column >= first && column < first + run.n_out && is_used[column] == 0;
    numbers[column] = next;
    if (!is_gone) ++next;
  }
  return numbers;
}

std::size_t simplify(std::vector<model::Step>& steps) {
  std::size_t n_gone = 0;
  for (std::size_t index = 0; index + 1 < steps.size();) {
    if (fold(steps[index], steps[index + 1])) {
      steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(index));
      ++n_gone;
    } else {
      ++index;
    }
  }
  return n_gone;
}

}  // namespace emlc::passes
