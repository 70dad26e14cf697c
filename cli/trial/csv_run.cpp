#include <emlc/csv.h>
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "cli/trial/artifact_run.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/grid.hpp"
#include "codegen/model/kind.hpp"
#include "formats/csv/csv.hpp"

namespace emlc::cli {
namespace {

void require_ok(emlc_status status, const WrittenFile& artifact, std::size_t line) {
  if (status != EMLC_OK) throw Error({.file = artifact.file, .line = line}, emlc_status_text(status));
}

std::size_t n_lines(const std::string& text) {
  return 1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// At least as many as there are numbers in the file: leaf rows separate theirs with blanks.
std::size_t n_fields(const std::string& text) {
  const auto separates = [](char c) { return c == ',' || c == ' '; };
  return n_lines(text) + static_cast<std::size_t>(std::count_if(text.begin(), text.end(), separates));
}

void check_shape(const emlc_csv_head& head, const model::Model& model, const WrittenFile& artifact) {
  if (head.n_features == model.input.n_features && head.n_outputs == model.output.n_outputs) return;
  throw Error({.file = artifact.file},
              fmt::format("holds a model with {} features and {} outputs, the model has {} and {}", head.n_features,
                          head.n_outputs, model.input.n_features, model.output.n_outputs));
}

Answer answer(const emlc_csv_head& head, const std::vector<float>& out, const model::Model& model,
              const WrittenFile& artifact) {
  Answer answer{.outputs = {out.begin(), out.end()}, .classes = {}};
  if (model.output.rule == model::DecisionRule::none) return answer;
  answer.classes.resize(head.n_targets);
  require_ok(emlc_csv_decide(&head, out.data(), answer.classes.data()), artifact, 0);
  return answer;
}

/// The target sizes of a model in the runtime's memory; there are as many as outputs at most.
struct Targets {
  std::vector<std::uint16_t> sizes;
  explicit Targets(const std::string& text)
      : sizes(std::min<std::size_t>(n_fields(text), std::numeric_limits<std::uint16_t>::max())) {}
  template <class Memory>
  void give(Memory& memory) {
    memory.target_sizes = sizes.data();
    memory.max_targets = static_cast<std::uint16_t>(sizes.size());
  }
};

/// Trees in arrays that are large enough for any file of this length.
struct Trees {
  std::vector<emlc_csv_node> nodes;
  std::vector<std::int32_t> thresholds;
  std::vector<emlc_csv_root> roots;
  std::vector<float> values;
  Targets targets;
  emlc_csv_trees model{};

  explicit Trees(const WrittenFile& artifact)
      : nodes(n_lines(artifact.bytes)),
        thresholds(nodes.size()),
        roots(nodes.size()),
        values(n_fields(artifact.bytes)),
        targets(artifact.bytes) {
    emlc_csv_trees_memory memory{};
    memory.nodes = nodes.data();
    memory.thresholds32 = thresholds.data();
    memory.max_nodes = nodes.size();
    memory.roots = roots.data();
    memory.max_trees = roots.size();
    memory.values = values.data();
    memory.max_values = values.size();
    targets.give(memory);
    emlc_csv_trees_loader loader;
    require_ok(emlc_csv_trees_begin(&loader, &model, &memory), artifact, 0);
    emlc_csv_trees_feed(&loader, artifact.bytes.data(), artifact.bytes.size());
    const emlc_status status = emlc_csv_trees_end(&loader);
    require_ok(status, artifact, loader.text.line);
  }

  [[nodiscard]] emlc_status predict(const std::vector<double>& x, std::vector<float>& out) const {
    if (model.head.type == EMLC_CSV_INT32) {  // a float would lose digits
      return emlc_csv_trees_predict_i32(&model, std::vector<std::int32_t>(x.begin(), x.end()).data(), out.data());
    }
    return emlc_csv_trees_predict(&model, std::vector<float>(x.begin(), x.end()).data(), out.data());
  }
};

/// A network and its working memory.
struct Network {
  std::vector<emlc_csv_step> steps;
  std::vector<float> values, work;
  Targets targets;
  emlc_csv_network model{};

  explicit Network(const WrittenFile& artifact)
      : steps(n_lines(artifact.bytes)), values(n_fields(artifact.bytes)), targets(artifact.bytes) {
    emlc_csv_network_memory memory{};
    memory.steps = steps.data();
    memory.max_steps = steps.size();
    memory.values = values.data();
    memory.max_values = values.size();
    targets.give(memory);
    emlc_csv_network_loader loader;
    require_ok(emlc_csv_network_begin(&loader, &model, &memory), artifact, 0);
    emlc_csv_network_feed(&loader, artifact.bytes.data(), artifact.bytes.size());
    const emlc_status status = emlc_csv_network_end(&loader);
    require_ok(status, artifact, loader.text.line);
    work.resize(emlc_csv_network_work(&model) + 1);
  }

  emlc_status predict(const std::vector<double>& x, std::vector<float>& out) {
    return emlc_csv_network_predict(&model, std::vector<float>(x.begin(), x.end()).data(), out.data(), work.data(),
                                    work.size());
  }
};

template <class Device>
std::vector<Answer> run_predictor(const WrittenFile& artifact, const model::Model& model, const Inputs& inputs) {
  Device device(artifact);
  check_shape(device.model.head, model, artifact);
  std::vector<float> out(device.model.head.n_outputs);
  std::vector<Answer> answers;
  for (const std::vector<double>& x : inputs) {
    require_ok(device.predict(model::encoded(model.input, x), out), artifact, 0);
    answers.push_back(answer(device.model.head, out, model, artifact));
  }
  return answers;
}

/// As CMSIS-DSP computes; the arithmetic is the model's, the coefficients are the file's.
std::vector<Answer> run_filter_q15(const WrittenFile& artifact, const model::FixedPoint& fixed, const Inputs& inputs) {
  const std::vector<model::SosIntegers> sections = formats::read_sos_q15_csv(artifact.bytes, artifact.file);
  std::vector<Answer> answers;
  for (const std::vector<double>& signal : inputs) {
    std::vector<std::int64_t> samples;
    samples.reserve(signal.size());
    for (const double x : signal) samples.push_back(model::to_sample(fixed, x));
    answers.emplace_back();
    for (const std::int64_t y : model::filter_integers(fixed, sections, samples)) {
      answers.back().outputs.push_back(model::from_sample(fixed, y));
    }
  }
  return answers;
}

std::vector<Answer> run_filter(const WrittenFile& artifact, const Inputs& inputs) {
  std::vector<float> sos(n_lines(artifact.bytes) * EMLC_SOS_COEFFICIENTS);
  std::size_t n_sections = 0;
  emlc_csv_sos_loader loader;
  require_ok(emlc_csv_sos_begin(&loader, sos.data(), n_lines(artifact.bytes)), artifact, 0);
  emlc_csv_sos_feed(&loader, artifact.bytes.data(), artifact.bytes.size());
  const emlc_status status = emlc_csv_sos_end(&loader, &n_sections);
  require_ok(status, artifact, loader.text.line);
  std::vector<Answer> answers;
  for (const std::vector<double>& signal : inputs) {
    std::vector<float> samples(signal.begin(), signal.end()), state(n_sections * EMLC_SOS_STATE);
    require_ok(emlc_sos_reset_f32(state.data(), n_sections, nullptr), artifact, 0);
    if (!samples.empty()) {
      require_ok(
          emlc_sos_filter_f32(sos.data(), state.data(), n_sections, samples.data(), samples.data(), samples.size()),
          artifact, 0);
    }
    answers.push_back({.outputs = {samples.begin(), samples.end()}, .classes = {}});
  }
  return answers;
}

}  // namespace

std::vector<Answer> run_csv(const WrittenFile& artifact, const model::Model& model, const Inputs& inputs) {
  return std::visit(
      model::Overloaded{[&](std::monostate) { return run_predictor<Network>(artifact, model, inputs); },
                        [&](const model::TreeEnsemble&) { return run_predictor<Trees>(artifact, model, inputs); },
                        [&](const model::DenseNetwork&) { return run_predictor<Network>(artifact, model, inputs); },
                        [&](const model::SosCascade& cascade) {
                          return cascade.fixed ? run_filter_q15(artifact, *cascade.fixed, inputs)
                                               : run_filter(artifact, inputs);
                        },
                        [&](const model::Combination&) -> std::vector<Answer> {
                          throw Error({.file = artifact.file}, "is a CSV, which holds no combination of models");
                        }},
      model.predictor);
}

}  // namespace emlc::cli
