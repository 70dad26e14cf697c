#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/trial/answers.hpp"
#include "codegen/model/model.hpp"
#include "codegen/signal/plan.hpp"

namespace emlc::cli {

/// Inputs from one source.
/// Whose inputs they are: the test vectors of the model, or others.
enum class Whose { model, others };

struct InputSet {
  std::string name;  ///< as the report calls it
  Inputs inputs;
  std::size_t n_left_out = 0;  ///< inputs that the device's feature type cannot hold
  std::string origin{};        ///< where the numbers of made-up inputs are from; empty for inputs of somebody else
  Whose whose = Whose::others;
};

/// What an artifact is tried on: the test vectors, the file of the user, every threshold of trees at, below and above,
/// and inputs drawn from where the model shows that inputs are (see drawing.hpp); for a filter an impulse, a step and
/// noise. `lowered` is the model after its passes; all values are rounded to its feature type. With a plan the file of
/// the user is a recording.
std::vector<InputSet> verify_inputs(const model::Model& trained, const model::Model& lowered,
                                    const std::optional<std::string>& input_path, const signal::Plan* plan = nullptr);

/// Leaves of all trees, and those of them that some input reaches.
struct ReachedLeaves {
  std::size_t n_reached = 0, n_leaves = 0;
};
/// Of trees; nothing for other models.
std::optional<ReachedLeaves> reached_leaves(const model::Model& lowered, const std::vector<InputSet>& sets);

}  // namespace emlc::cli
