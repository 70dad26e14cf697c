#include "formats/emlc_json/emlc_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "codegen/signal/product.hpp"
#include "formats/emlc_json/build.hpp"

namespace emlc::formats {
namespace emlc_json {
namespace {

/// Pipelines replaced by their steps, in order.
std::vector<Part> flatten(const Source& source, const Part& whole) {
  std::vector<Part> parts;
  std::vector<Part> pending = {whole};
  while (!pending.empty()) {
    const Part next = pending.back();
    pending.pop_back();
    const std::string wrong_key = wrong_key_of_kind(*next.part);
    if (!wrong_key.empty()) source.fail(next.path, wrong_key);
    std::vector<ModelPart>& steps = next.part->steps;
    if (next.part->kind != Kind::pipeline) {
      parts.push_back(next);
      continue;
    }
    if (steps.empty()) source.fail(next.path + ".steps", "there is no step");
    for (std::size_t index = steps.size(); index-- > 0;) {
      pending.push_back({&steps[index], fmt::format("{}.steps[{}]", next.path, index), next.n_around});
    }
  }
  return parts;
}

void build_part(const Source& source, const Part& part, model::Model& into) {
  switch (part.part->kind) {
    case Kind::tree_ensemble:
      if (part.part->missing_is == MissingIs::number) {
        source.fail(part.path + ".missing", "expected 'none', 'nan' or 'per_node', found a number or null");
      }
      into.predictor = build_trees(source, part, n_columns(into), into.output.n_outputs);
      return;
    case Kind::mlp:
      into.predictor = build_network(source, part);
      return;
    case Kind::sos:
      into.predictor = build_sos(source, part);
      return;
    case Kind::combine:
      into.predictor = build_combination(source, part, into);
      return;
    case Kind::scaler:
    case Kind::columns:
    case Kind::impute:
    case Kind::missing_indicator:
    case Kind::one_hot:
    case Kind::lookup:
    case Kind::bins:
    case Kind::binarize:
    case Kind::function:
    case Kind::power:
    case Kind::quantile:
    case Kind::linear:
    case Kind::polynomial:
    case Kind::normalize:
      append_step(into, build_step(source, part, static_cast<std::size_t>(n_columns(into))));
      return;
    case Kind::pipeline:
      break;
  }
  throw std::logic_error("a pipeline was not replaced by its steps");
}

}  // namespace

void build_model(const Source& source, const Part& whole, model::Model& into) {
  const std::vector<Part> parts = flatten(source, whole);
  for (const Part& part : parts) {
    if (!is_step(part.part->kind) && &part != &parts.back()) {
      source.fail(part.path,
                  fmt::format("a model of kind '{}' has to be the last step of its pipeline", name(part.part->kind)));
    }
    build_part(source, part, into);
  }
}

model::Output build_output(const Source& source, Output& document, const std::string& path) {
  model::Output output = std::move(document.value);
  const bool is_classifier = output.task == model::Task::classification;
  if (!has(document.keys, "targets") && output.task != model::Task::filter) {
    output.targets.push_back({.name = {}, .size = output.n_outputs, .class_names = {}});
  }
  if (!has(document.keys, "decision") && is_classifier) {
    if (output.n_outputs == 1) source.fail(path, "a classification with a single output needs the key 'decision'");
    output.rule = model::DecisionRule::argmax;
  }
  const bool compares =
      output.rule == model::DecisionRule::greater || output.rule == model::DecisionRule::greater_equal;
  if (compares && !has(document.decision_keys, "threshold")) {
    source.fail(path + ".decision", fmt::format("the rule '{}' needs the key 'threshold'", name(output.rule)));
  }
  return output;
}

}  // namespace emlc_json

bool is_emlc_json(std::string_view content) { return json::says_format(content, "emlc-model"); }

namespace {

model::Model build_document(const emlc_json::Source& source, emlc_json::Document& document) {
  using namespace emlc_json;
  model::Model model;
  model.name = std::move(document.name);
  model.input = std::move(document.input);
  model.output = build_output(source, document.output, "output");
  build_model(source, {&document.model, "model"}, model);
  model.test_vectors = std::move(document.test_vectors);
  return model;
}

}  // namespace

namespace {

void refuse_without_signal(const emlc_json::Source& source, const emlc_json::Document& document) {
  constexpr std::string_view problem = "is for windows of samples, but the document has no key 'signal'";
  if (!document.decision.empty()) source.fail("decision", problem);
  if (!document.recordings.empty()) source.fail("test_vectors.recordings", problem);
}

void check_recorded_decisions(const emlc_json::Source& source, const Reading& reading) {
  for (std::size_t index = 0; index < reading.recordings.size(); ++index) {
    if (reading.decision || reading.recordings[index].decisions.empty()) continue;
    source.fail(fmt::format("test_vectors.recordings[{}].decisions", index),
                "are there, but the document has no key 'decision'");
  }
}

}  // namespace

Reading read_emlc_product(std::string_view content, std::string_view file, const Supplement& supplement) {
  refuse_supplement(supplement, file);
  const emlc_json::Source source{content, file};
  emlc_json::Document document;
  json::read(content, file, emlc_json::document_shape(document));
  Reading reading{.model = build_document(source, document)};
  if (document.signal.empty()) {
    refuse_without_signal(source, document);
    return reading;
  }
  reading.signal = emlc_signal::build_inner_plan(source, document.signal.front(), "signal");
  try {
    signal::check_product(*reading.signal, reading.model);
  } catch (const Error& refused) {
    source.fail(refused.where().field, refused.problem());
  }
  if (!document.decision.empty()) {
    reading.decision = emlc_signal::build_decision(source, document.decision.front(), *reading.signal, reading.model);
  }
  reading.recordings = std::move(document.recordings);
  check_recorded_decisions(source, reading);
  return reading;
}

model::Model read_emlc_json(std::string_view content, std::string_view file) {
  return read_emlc_product(content, file, {}).model;
}

}  // namespace emlc::formats
