#include "cli/fit/trial.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "cli/compile/told/distance.hpp"
#include "cli/fit/operations.hpp"
#include "cli/sizes/target_estimate.hpp"
#include "cli/trial/split.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/comparisons.hpp"

namespace emlc::cli::fit {
namespace {

Made make_choice(const Problem& problem, const Choice& choice,
                 std::optional<std::span<const std::size_t>> rows = std::nullopt) {
  return make(problem, options_of(problem, options_text(problem.model, choice)), rows);
}

/// Of the device's model: by the interpreter, or where the artifact computes in its own way by that.
std::vector<Answer> answers_of(const Problem& problem, const Made& made, const Inputs& inputs) {
  const model::Model& lowered = made.lowered.model;
  if (!has_own_arithmetic(*problem.job.output, lowered)) return reference_answers(lowered, inputs);
  const layout::Artifact artifact = emit(problem.source, made.lowered, *problem.job.output, made.options, {});
  return problem.job.output->run({.file = "fit", .bytes = artifact.bytes, .name = {}}, lowered, inputs);
}

/// Each row by a model whose passes did not see it.
std::vector<Answer> answers_across_folds(const Problem& problem, const Choice& choice) {
  std::vector<Answer> all(problem.search.inputs.size());
  for (std::size_t fold = 0; fold < problem.folds.size(); ++fold) {
    const std::vector<std::size_t>&tried = problem.folds[fold], &seen = problem.folds[1 - fold];
    const Made made = make_choice(problem, choice, seen);
    std::vector<Answer> answers = answers_of(problem, made, rows_at(problem.search.inputs, tried));
    for (std::size_t i = 0; i < tried.size(); ++i) all[tried[i]] = std::move(answers[i]);
  }
  return all;
}

/// What the answers to the search part lose.
void judge(Trial& trial, const Problem& problem, const std::vector<Answer>& answers) {
  const Part& part = problem.search;
  trial.loss = loss_of(problem.measure, part.trained, qualities(problem.source.model, part.labels, answers));
  trial.difference = mean_difference(part.answers, answers);
}

bool is_same(const Costs& a, const Costs& b) { return a.flash == b.flash && a.ram == b.ram; }

/// All choices of the layout, the default first.
std::vector<Choice> layouts_of(const Problem& problem) {
  std::vector<Choice> all = {Choice(problem.layout.size(), 0)};
  for (std::size_t i = 0; i < problem.layout.size(); ++i) {
    const std::size_t n = all.size();
    for (std::size_t value = 1; value < problem.layout[i].values.size(); ++value) {
      for (std::size_t k = 0; k < n; ++k) {
        all.push_back(all[k]);
        all.back()[i] = value;
      }
    }
  }
  return all;
}

/// A large model is smallest in the first of all layouts, and takes long to print.
bool is_large(const std::vector<Form>& forms) {
  constexpr double most_bytes = 16384.0;
  return !forms.empty() && forms.front().costs.flash > most_bytes;
}

std::vector<Form> forms_of(const Problem& problem, const Made& made, const Choice& choice) {
  std::vector<Form> forms;
  const Work work = work_of(problem, made);
  for (const Choice& layout : layouts_of(problem)) {
    const std::string text = options_text(problem.layout, layout);
    if (is_large(forms)) break;
    const std::string model = options_text(problem.model, choice);
    const CompileOptions options = options_of(problem, model.empty() ? text : model + " " + text);
    const layout::Artifact artifact = emit(problem.source, made.lowered, *problem.job.output, options, {});
    std::vector<TargetSizes> sizes;
    for (const Target* target : problem.job.targets) {
      sizes.push_back(estimate_on(*target, artifact,
                                  {.model = made.lowered.model,
                                   .optimize = options.optimize.value_or(c::Optimize::balanced),
                                   .use_runtime = options.use_runtime}));
    }
    const Form form{.layout = layout, .costs = costs_of(problem, work, artifact, std::move(sizes))};
    const bool is_new =
        std::none_of(forms.begin(), forms.end(), [&](const Form& other) { return is_same(other.costs, form.costs); });
    if (is_new) forms.push_back(form);
  }
  return forms;
}

}  // namespace

CompileOptions options_of(const Problem& problem, const std::string& chosen) {
  CompileOptions options = problem.job.compile;
  CommandLine line;
  add_compile_options(line, options);
  take_compile_options(line, chosen);
  return options;
}

Made make(const Problem& problem, CompileOptions options, std::optional<std::span<const std::size_t>> rows) {
  const Part& part = problem.search;
  options.data_path.clear();
  options.data_labels_path.clear();
  options.passes.data = rows ? rows_at(part.inputs, *rows) : part.inputs;
  if (problem.has_labels) options.passes.labels = rows ? labels_at(part.labels, *rows) : part.labels;
  Lowered lowered = lower(problem.source, options);
  return {.options = std::move(options), .lowered = std::move(lowered)};
}

Work work_of(const Problem& problem, const Made& made) {
  Work work{.operations = operations_of(made.lowered.model, problem.search.inputs)};
  if (const auto comparisons = model::count_comparisons(made.lowered.model, {})) {
    work.comparisons = static_cast<double>(comparisons->worst);
  }
  return work;
}

Costs costs_of(const Problem& problem, const Work& work, const layout::Artifact& artifact,
               std::vector<TargetSizes> sizes) {
  Costs costs{
      .flash = static_cast<double>(layout::flash(artifact)), .ram = static_cast<double>(artifact.ram), .work = work};
  if (problem.job.targets.empty()) return costs;
  costs.targets = std::move(sizes);
  double flash = 0.0, ram = 0.0;
  for (const TargetSizes& row : costs.targets) {
    costs.is_known = costs.is_known && row.flash && row.ram && !row.is_incomplete;
    flash = std::max(flash, row.flash ? static_cast<double>(*row.flash) : costs.flash);
    ram = std::max(ram, row.ram ? static_cast<double>(*row.ram) : costs.ram);
  }
  costs.flash = flash;
  costs.ram = ram;
  return costs;
}

Trial evaluate(const Problem& problem, const Choice& choice) {
  Trial trial{.choice = choice};
  try {
    const Made made = make_choice(problem, choice);
    judge(trial, problem, answers_of(problem, made, problem.search.inputs));
    if (learns(problem.model, choice)) {
      // A model of all rows is another one than those of the folds, and may be worse than both.
      Trial across{.choice = choice};
      judge(across, problem, answers_across_folds(problem, choice));
      if (across.loss.loss >= trial.loss.loss)
        std::tie(trial.loss, trial.difference) = std::tie(across.loss, across.difference);
    }
    trial.forms = forms_of(problem, made, choice);
  } catch (const Error& refused) {
    trial.problem = refused.what();
  }
  return trial;
}

Loss validate(const Problem& problem, const Made& made) {
  const Part& part = problem.validation;
  return loss_of(problem.measure, part.trained,
                 qualities(problem.source.model, part.labels, answers_of(problem, made, part.inputs)));
}

}  // namespace emlc::cli::fit
