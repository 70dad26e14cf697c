#include "codegen/passes/dense/drop_inputs.hpp"

#include <algorithm>

namespace emlc::passes {

std::vector<char> used_inputs(const model::DenseNetwork& network, const std::vector<char>& is_finite) {
  std::vector<char> is_used(is_finite.size(), 1);
  // Integers of a network have scales of their inputs.
  if (network.integers) return is_used;
  const model::DenseLayer& first = network.layers.front();
  for (std::size_t input = 0; input < is_used.size(); ++input) {
    bool is_zero = is_finite[input] != 0;
    for (std::size_t at = input; at < first.weights.size(); at += is_used.size()) {
      is_zero = is_zero && first.weights[at] == 0.0;
    }
    is_used[input] = is_zero ? 0 : 1;
  }
  return is_used;
}

void keep_inputs(model::DenseNetwork& network, const std::vector<char>& is_used) {
  model::DenseLayer& first = network.layers.front();
  std::vector<double> weights;
  for (std::size_t at = 0; at < first.weights.size(); ++at) {
    if (is_used[at % is_used.size()] != 0) weights.push_back(first.weights[at]);
  }
  first.weights = std::move(weights);
  first.n_in = static_cast<std::int32_t>(std::count(is_used.begin(), is_used.end(), 1));
}

}  // namespace emlc::passes
