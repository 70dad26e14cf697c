#include <fmt/format.h>

#include "formats/emlc_json/document.hpp"
#include "formats/reading.hpp"

namespace emlc::formats::emlc_json {
namespace {

using json::Fields;
using json::Presence;
using json::Shape;

json::Choices<model::NumberType> number_types() {
  json::Choices<model::NumberType> choices;
  for (const model::NumberTypeInfo& type : model::all_number_types()) choices.emplace_back(type.name, type.type);
  return choices;
}

/// A signal document inside of this one.
Shape signal_shape(Document& into) {
  return {.take = json::refuse_scalar("an object, as a signal document is one"),
          .object = [&into] { return emlc_signal::document_shape(into.signal.emplace_back()).object(); }};
}

Fields producer_fields() {
  return {.fields = {{"tool", Presence::required, json::any_text()},
                     {"tool_version", Presence::optional, json::any_text()},
                     {"library", Presence::optional, json::any_text()},
                     {"library_version", Presence::optional, json::any_text()},
                     {"estimator", Presence::optional, json::any_text()}}};
}

Fields input_fields(model::Input& into) {
  return {.fields = {{"n_features", Presence::required, json::integer(into.n_features, 1, most_features)},
                     {"dtype", Presence::optional, json::choice(into.type, number_types())},
                     {"feature_names", Presence::optional, json::texts(into.feature_names)},
                     {"feature_min", Presence::optional, json::numbers(into.minimum)},
                     {"feature_max", Presence::optional, json::numbers(into.maximum)}}};
}

Fields target_fields(model::Target& into) {
  return {.fields = {{"name", Presence::optional, json::text(into.name)},
                     {"size", Presence::required, json::integer(into.size, 1, most_outputs)},
                     {"class_names", Presence::optional, json::labels(into.class_names)}}};
}

Fields output_fields(Output& into) {
  using enum model::Task;
  return {
      .fields = {{"task", Presence::required,
                  json::choice(into.value.task, json::named({classification, regression, anomaly, transform, filter}))},
                 {"n_outputs", Presence::required, json::integer(into.value.n_outputs, 1, most_outputs)},
                 {"targets", Presence::optional, json::objects(into.value.targets, target_fields)},
                 {"decision", Presence::optional, json::object(into, decision_fields)}},
      .found = &into.keys};
}

Shape tolerance(double& into) {
  return {.take = [&into](const json::Value& value, const json::Cursor& at) {
    into = json::number_of(value, at);
    if (into < 0.0) at.refuse(value, "a number, 0 or more");
  }};
}

Fields test_vector_fields(Document& document) {
  model::TestVectors& into = document.test_vectors;
  return {.fields = {
              {"inputs", Presence::required, json::matrix(into.inputs, json::NullIs::nan)},
              {"outputs", Presence::required, json::matrix(into.outputs)},
              {"labels", Presence::optional, emlc_signal::label_rows(into.labels)},
              {"atol", Presence::optional, tolerance(into.atol)},
              {"rtol", Presence::optional, tolerance(into.rtol)},
              {"recordings", Presence::optional, json::objects(document.recordings, emlc_signal::recording_fields)}}};
}

Shape decision_filter(Document& into) {
  return {.take = json::refuse_scalar("an object"),
          .object = [&into] { return emlc_signal::decision_fields(into.decision.emplace_back()); }};
}

Fields document_fields(Document& into) {
  return {.fields = {
              {"format", Presence::required, json::only("emlc-model")},
              {"version", Presence::required, json::version(1)},
              {"name", Presence::optional, json::text(into.name)},
              {"description", Presence::optional, json::any_text()},
              {"producer", Presence::optional, {.take = json::refuse_scalar("an object"), .object = producer_fields}},
              {"input", Presence::required, json::object(into.input, input_fields)},
              {"output", Presence::required, json::object(into.output, output_fields)},
              {"signal", Presence::optional, signal_shape(into)},
              {"decision", Presence::optional, decision_filter(into)},
              {"model", Presence::required, json::object(into.model, model_fields)},
              {"test_vectors", Presence::optional, json::object(into, test_vector_fields)}}};
}

}  // namespace

json::Fields decision_fields(Output& into) {
  using enum model::DecisionRule;
  return {.fields = {{"rule", Presence::required,
                      json::choice(into.value.rule, json::named({argmax, greater, greater_equal, none}))},
                     {"threshold", Presence::optional, json::number(into.value.threshold)}},
          .found = &into.decision_keys};
}

json::Shape document_shape(Document& into) { return json::object(into, document_fields); }

}  // namespace emlc::formats::emlc_json
