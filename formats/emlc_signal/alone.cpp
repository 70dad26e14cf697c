#include "formats/emlc_signal/alone.hpp"

#include <utility>

#include "codegen/model/names.hpp"
#include "formats/emlc_signal/emlc_signal.hpp"

namespace emlc::formats {
namespace {

/// A scaler that changes nothing, with the features as its columns.
model::Model features_as_model(const signal::Plan& plan) {
  const std::size_t n = plan.features.size();
  model::Model model;
  if (model::name_problem(plan.name).empty()) model.name = plan.name;
  model.input.n_features = static_cast<std::int32_t>(n);
  for (const signal::Feature& feature : plan.features) model.input.feature_names.push_back(feature.name);
  model.output = {.task = model::Task::transform,
                  .n_outputs = static_cast<std::int32_t>(n),
                  .targets = {{.size = static_cast<std::int32_t>(n)}}};
  model.scalers.push_back({.op = model::ScalerOp::subtract_divide,
                           .offset = std::vector<double>(n, 0.0),
                           .scale = std::vector<double>(n, 1.0)});
  return model;
}

}  // namespace

Reading read_signal_alone(std::string_view content, std::string_view file, const Supplement& supplement) {
  refuse_supplement(supplement, file);
  signal::Plan plan = read_emlc_signal(content, file);
  Reading reading{.model = features_as_model(plan)};
  reading.signal = std::move(plan);
  return reading;
}

}  // namespace emlc::formats
