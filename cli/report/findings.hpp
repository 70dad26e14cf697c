#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/compile/pipeline.hpp"
#include "cli/trial/comparison.hpp"
#include "cli/trial/proof.hpp"
#include "cli/trial/score.hpp"
#include "cli/trial/verify_inputs.hpp"

namespace emlc::cli::report {

/// Answers that were compared with those of a model, set of inputs by set of inputs.
struct Compared {
  const model::Model& model;
  std::vector<Comparison> comparisons;  ///< [sets]
};

/// How good answers are by labels.
struct LabelScores {
  std::string file;  ///< of the inputs
  Score trained, device;
};

/// What verifying an artifact shows.
struct Findings {
  const Source& source;
  const Lowered& lowered;
  std::string artifact;        ///< file
  std::string_view output;     ///< name of what it is
  std::vector<InputSet> sets;  ///< what was tried
  Compared reference;          ///< the model that it has to answer as: after its approximate passes, where it has any
  std::optional<Compared> trained{};  ///< where that is another one
  std::optional<LabelScores> labels{};
  std::optional<Proof> proof{};
  std::vector<std::string> problems{};  ///< one line each; none: faithful
};

/// Tables and sentences for people; whole lines.
std::string findings_text(const Findings& found);

/// The schema emlc.verify/1.
std::string findings_json(const Findings& found);

}  // namespace emlc::cli::report
