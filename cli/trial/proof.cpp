#include "cli/trial/proof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "cli/console/terminal.hpp"
#include "codegen/model/kind.hpp"
#include "formats/format.hpp"

namespace emlc::cli {
namespace {

constexpr std::size_t most_steps = 100'000'000;
constexpr double tolerance = 1e-4;  ///< of the largest leaf value of an output

/// [n_outputs] what two leaf values may differ by; float32 has no digits below its smallest normal number.
std::vector<double> tolerances_of(const model::TreeEnsemble& ensemble) {
  std::vector<double> tolerances(static_cast<std::size_t>(ensemble.n_outputs), std::numeric_limits<float>::min());
  model::for_each_value(ensemble, [&](std::size_t output, std::size_t at) {
    tolerances[output] = std::max(tolerances[output], tolerance * std::abs(ensemble.leaf_values[at]));
  });
  return tolerances;
}

Proof prove_trees(const WrittenFile& artifact, const model::TreeEnsemble& reference, const model::Input& input) {
  const model::Model read = formats::recognise(artifact.bytes, artifact.file).read(artifact.bytes, artifact.file);
  const auto* trees = std::get_if<model::TreeEnsemble>(&read.predictor);
  if (trees == nullptr) return {model::Verdict::different, fmt::format("it holds a {}", model::kind_name(read))};
  const model::Equivalence found = model::compare_trees(reference, *trees, input, tolerances_of(reference), most_steps);
  switch (found.verdict) {
    case model::Verdict::equal:
      return {found.verdict,
              fmt::format("every {} input reaches the same leaf in each of {} ({}), leaf values within {:.3g}",
                          model::info(input.type).name, count(reference.trees.size(), "tree"),
                          count(found.n_paths, "path"), found.largest_difference)};
    case model::Verdict::different:
      return {found.verdict, fmt::format("not the same trees: {}", found.reason)};
    case model::Verdict::undecided:
      break;
  }
  return {found.verdict, fmt::format("none: {}", found.reason)};
}

}  // namespace

std::optional<Proof> prove(const WrittenFile& artifact, const model::Model& reference, const model::Input& input) {
  using Result = std::optional<Proof>;
  return std::visit(
      model::Overloaded{[](std::monostate) -> Result { return {}; },
                        [&](const model::TreeEnsemble& trees) -> Result { return prove_trees(artifact, trees, input); },
                        [](const model::DenseNetwork&) -> Result { return {}; },
                        [](const model::SosCascade&) -> Result { return {}; }},
      reference.predictor);
}

}  // namespace emlc::cli
