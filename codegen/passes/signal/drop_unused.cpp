#include <fmt/format.h>

#include <algorithm>

#include "codegen/model/kind.hpp"
#include "codegen/passes/dense/drop_inputs.hpp"
#include "codegen/passes/signal/signal_pass.hpp"
#include "codegen/passes/trees/columns.hpp"

namespace emlc::passes {
namespace {

using signal::Folded;

/// Statistics of integers are never infinite, and never NaN; powers of long ones may be beyond float32.
std::vector<char> finite_features(const signal::Plan& plan) {
  std::vector<char> is_finite;
  for (const signal::Feature& feature : plan.features) {
    const signal::Signal& signal = plan.signals[static_cast<std::size_t>(feature.of)];
    constexpr int most_bits = 32;
    const bool is_short = feature.statistic != signal::Statistic::spectral || bits_of(signal.range) <= most_bits;
    is_finite.push_back(is_short && signal.is_integer ? 1 : 0);
  }
  return is_finite;
}

std::vector<char> used_features(const Folded& folded) {
  const std::size_t n = folded.plan.features.size();
  std::vector<char> all(n, 1);
  if (!takes_inputs(folded.model)) return all;
  return std::visit(
      model::Overloaded{
          [&](std::monostate) { return all; },
          [&](const model::TreeEnsemble& ensemble) { return used_columns(ensemble, n); },
          [&](const model::DenseNetwork& network) { return used_inputs(network, finite_features(folded.plan)); },
          [&](const model::SosCascade&) { return all; }, [&](const model::Combination&) { return all; }},
      folded.model.predictor);
}

/// The elements whose place `is_used`.
template <class Element>
void keep(std::vector<Element>& elements, const std::vector<char>& is_used) {
  if (elements.size() != is_used.size()) return;  // not given
  std::size_t n = 0;
  for (std::size_t index = 0; index < elements.size(); ++index) {
    if (is_used[index] == 0) continue;
    if (n != index) elements[n] = std::move(elements[index]);
    ++n;
  }
  elements.resize(n);
}

void keep_columns(model::Model& model, const std::vector<char>& is_used, const std::vector<std::int32_t>& numbers) {
  keep(model.input.feature_names, is_used);
  keep(model.input.minimum, is_used);
  keep(model.input.maximum, is_used);
  keep(model.input.grid, is_used);
  for (std::vector<double>& row : model.test_vectors.inputs) keep(row, is_used);
  model.input.n_features = static_cast<std::int32_t>(std::count(is_used.begin(), is_used.end(), 1));
  std::visit(model::Overloaded{[](std::monostate) {},
                               [&](model::TreeEnsemble& ensemble) {
                                 renumber(ensemble, numbers);
                                 ensemble.n_features = model.input.n_features;
                               },
                               [&](model::DenseNetwork& network) { keep_inputs(network, is_used); },
                               [](model::SosCascade&) {}, [](model::Combination&) {}},
             model.predictor);
}

/// The new numbers of what `is_used`.
std::vector<std::int32_t> numbers_of(const std::vector<char>& is_used) {
  std::vector<std::int32_t> numbers;
  std::int32_t next = 0;
  for (const char used : is_used) numbers.push_back(used != 0 ? next++ : -1);
  return numbers;
}

}  // namespace

std::size_t drop_signals(Folded& folded) {
  signal::Plan& plan = folded.plan;
  std::vector<char> is_used(plan.signals.size(), 0);
  const auto use = [&](std::int32_t index) {
    if (index >= 0) is_used[static_cast<std::size_t>(index)] = 1;
  };
  for (std::size_t channel = 0; channel < plan.input.channels.size(); ++channel) is_used[channel] = 1;
  for (const signal::Feature& feature : plan.features) {
    use(feature.of);
    use(feature.other);
  }
  for (const signal::Key& key : folded.keys) {
    if (key.part != signal::Part::feature) use(key.of);
  }
  for (std::size_t index = plan.signals.size(); index-- > 0;) {
    if (is_used[index] == 0) continue;
    for (const std::int32_t from : plan.signals[index].from) use(from);
  }
  const std::vector<std::int32_t> numbers = numbers_of(is_used);
  const auto move = [&](std::int32_t& index) {
    if (index >= 0) index = numbers[static_cast<std::size_t>(index)];
  };
  const std::size_t n_before = plan.signals.size();
  keep(plan.signals, is_used);
  for (signal::Signal& signal : plan.signals) std::for_each(signal.from.begin(), signal.from.end(), move);
  for (signal::Feature& feature : plan.features) {
    move(feature.of);
    move(feature.other);
  }
  for (signal::Key& key : folded.keys) {
    if (key.part != signal::Part::feature) move(key.of);
  }
  return n_before - plan.signals.size();
}

PassResult drop_unused(Folded& folded, SignalFigures& figures) {
  std::vector<char> is_used = used_features(folded);
  // A model without an input is none.
  if (std::find(is_used.begin(), is_used.end(), 1) == is_used.end()) is_used.front() = 1;
  const auto n_features = static_cast<std::size_t>(std::count(is_used.begin(), is_used.end(), 0));
  PassResult result;
  if (n_features != 0) {
    keep_columns(folded.model, is_used, numbers_of(is_used));
    keep(folded.plan.features, is_used);
  }
  const std::size_t n_signals = drop_signals(folded);
  figures.features_dropped += n_features;
  figures.signals_dropped += n_signals;
  figures.features_left = folded.plan.features.size();
  result.changes = n_features + n_signals;
  if (result.changes != 0) {
    result.notes.push_back(fmt::format("{} of {} features and {} of {} signals that nothing looks at", n_features,
                                       figures.n_features, n_signals, figures.n_signals));
  }
  return result;
}

}  // namespace emlc::passes
