#include "cli/trial/verify_inputs.hpp"

#include <algorithm>

#include "cli/trial/drawing.hpp"
#include "cli/trial/recorded_inputs.hpp"
#include "codegen/model/grid.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/model/steps/step_inputs.hpp"

namespace emlc::cli {
namespace {

constexpr std::size_t most_boundary_inputs = 100'000;
constexpr std::size_t most_step_inputs = 10'000;
constexpr std::size_t n_drawn = 1000, n_small = 300;

/// The inputs as the device gets them.
InputSet on_device(std::string name, const Inputs& inputs, const model::Model& lowered) {
  InputSet set{.name = std::move(name), .inputs = {}};
  for (const std::vector<double>& x : inputs) {
    if (!takes_signals(lowered) && !holds(lowered, x)) {
      ++set.n_left_out;
      continue;
    }
    set.inputs.push_back(x);
    for (double& value : set.inputs.back()) value = model::round_to(model::given_type(lowered.input), value);
  }
  return set;
}

InputSet on_device(std::string name, const Drawing& drawing, const model::Model& lowered) {
  InputSet set = on_device(std::move(name), drawing.inputs, lowered);
  set.origin = drawing.origin;
  return set;
}

/// Around the thresholds of all members that take what the combination does.
Inputs inputs_of_members(const model::Model& lowered, const model::Combination& combination) {
  Inputs inputs;
  if (!takes_inputs(lowered) || combination.is_chained) return inputs;
  const std::size_t most_of_each = most_boundary_inputs / combination.members.size();
  for (const model::Member& member : combination.members) {
    const auto* nested = std::get_if<model::Combination>(&member.model.predictor);
    const Inputs of_member = nested != nullptr ? inputs_of_members(member.model, *nested)
                                               : model::boundary_inputs(member.model, most_of_each);
    inputs.insert(inputs.end(), of_member.begin(), of_member.end());
  }
  return inputs;
}

}  // namespace

std::vector<InputSet> verify_inputs(const model::Model& trained, const model::Model& lowered,
                                    const std::optional<std::string>& input_path, const signal::Plan* plan) {
  std::vector<InputSet> sets;
  sets.push_back(on_device("test vectors", trained.test_vectors.inputs, lowered));
  sets.back().whose = Whose::model;
  if (input_path) {
    const Inputs rows = plan == nullptr ? read_inputs(*input_path, trained) : recorded_inputs(*input_path, *plan);
    sets.push_back(on_device(*input_path, rows, lowered));
  }
  const auto add = [&](std::string name, const Drawing& drawing) {
    sets.push_back(on_device(std::move(name), drawing, lowered));
  };
  std::visit(model::Overloaded{[&](std::monostate) { add("drawn", draw_inputs(trained, lowered, n_drawn)); },
                               [&](const model::TreeEnsemble&) {
                                 add("around thresholds", {{}, model::boundary_inputs(lowered, most_boundary_inputs)});
                                 add("drawn", draw_inputs(trained, lowered, n_drawn));
                               },
                               [&](const model::DenseNetwork&) {
                                 add("drawn", draw_inputs(trained, lowered, n_drawn));
                                 const Drawing small = draw_small_inputs(trained, lowered, n_small);
                                 if (!small.inputs.empty()) add("within 1 of 0", small);
                               },
                               [&](const model::SosCascade&) { add("impulse, step, noise", draw_signals(trained)); },
                               [&](const model::Combination& combination) {
                                 add("around thresholds", {{}, inputs_of_members(lowered, combination)});
                                 add("drawn", draw_inputs(trained, lowered, n_drawn));
                               }},
             lowered.predictor);
  if (!trained.steps.empty()) {
    const model::NumberType type = model::given_type(lowered.input);
    add("around the steps", {{}, model::step_inputs(trained, type, most_step_inputs)});
  }
  return sets;
}

std::optional<ReachedLeaves> reached_leaves(const model::Model& lowered, const std::vector<InputSet>& sets) {
  const auto* ensemble = std::get_if<model::TreeEnsemble>(&lowered.predictor);
  if (ensemble == nullptr) return std::nullopt;
  ReachedLeaves leaves;
  for (const model::Tree& tree : ensemble->trees) {
    std::vector<bool> is_reached(tree.nodes.size(), false);
    for (const InputSet& set : sets) {
      for (const std::vector<double>& x : set.inputs) {
        const std::vector<double> z = model::scaled(lowered, x);
        is_reached[static_cast<std::size_t>(model::find_leaf(tree, ensemble->feature_type, z))] = true;
      }
    }
    const auto is_leaf = [](const model::TreeNode& node) { return model::as_leaf(node) != nullptr; };
    leaves.n_leaves += static_cast<std::size_t>(std::count_if(tree.nodes.begin(), tree.nodes.end(), is_leaf));
    leaves.n_reached += static_cast<std::size_t>(std::count(is_reached.begin(), is_reached.end(), true));
  }
  return leaves;
}

}  // namespace emlc::cli
