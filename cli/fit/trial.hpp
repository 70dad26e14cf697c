#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/compile/job.hpp"
#include "cli/compile/target_options.hpp"
#include "cli/fit/dimensions.hpp"
#include "cli/fit/quality.hpp"

namespace emlc::cli::fit {

/// What is searched: a model, the options that stay, the data in its parts, and what may be chosen.
struct Problem {
  Source source;
  Job job;  ///< with the options that the user gave; its data is in the parts
  Measure measure = Measure::accuracy;
  bool has_labels = false;
  std::vector<Dimension> model{}, layout{};
  Part search{}, validation{};
  Measuring measuring{};  ///< of the points in the end, not of every trial
  /// The rows of the search part in two folds: what passes learn from one is tried on the other.
  std::array<std::vector<std::size_t>, 2> folds{};
};

/// What a model does for an input, in whatever form.
struct Work {
  std::optional<double> comparisons{};  ///< of trees, in the worst case
  double operations = 0.0;              ///< on average: see operations_of()
};

/// What a point takes.
struct Costs {
  double flash = 0.0, ram = 0.0;  ///< bytes, of several targets on the one that takes most
  Work work{};
  bool is_known = true;                ///< false where a target has no number, or not all of it
  std::vector<TargetSizes> targets{};  ///< of the job
};

/// A way to lay the model of a trial out.
struct Form {
  Choice layout;
  Costs costs;
};

/// A model after its passes, in all forms.
struct Trial {
  Choice choice;
  std::string problem{};    ///< why there is none: what the passes or the output refuse; else empty
  Loss loss{};              ///< on the search part
  double difference = 0.0;  ///< of the outputs there, see mean_difference()
  std::vector<Form> forms{};
};

/// The options of the job and those chosen.
CompileOptions options_of(const Problem& problem, const std::string& chosen);

/// Runs the passes and lays the model out. Safe to call from several threads.
Trial evaluate(const Problem& problem, const Choice& choice);

/// A model after its passes, and the options that made it.
struct Made {
  CompileOptions options;
  Lowered lowered;
};
/// @param rows  of the search part, that the passes see; nothing: all of them
Made make(const Problem& problem, CompileOptions options, std::optional<std::span<const std::size_t>> rows = {});

Work work_of(const Problem& problem, const Made& made);
/// What the artifact of a model takes.
/// @param sizes  on the targets of the job
Costs costs_of(const Problem& problem, const Work& work, const layout::Artifact& artifact,
               std::vector<TargetSizes> sizes);

/// The loss on the validation part of a model whose passes saw the search part.
Loss validate(const Problem& problem, const Made& made);

}  // namespace emlc::cli::fit
