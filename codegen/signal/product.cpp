#include "codegen/signal/product.hpp"

#include <fmt/format.h>

#include <string>

#include "codegen/model/error.hpp"

namespace emlc::signal {
namespace {

[[noreturn]] void refuse(std::string field, std::string_view problem) {
  throw Error({.file = {}, .line = 0, .field = std::move(field)}, problem);
}

void check_names(const Plan& plan, const model::Input& input) {
  const std::size_t n = plan.features.size();
  if (static_cast<std::size_t>(input.n_features) != n) {
    refuse("input.n_features", fmt::format("is {}, the signal has {} features", input.n_features, n));
  }
  if (input.feature_names.empty()) {
    refuse("input", "the key 'feature_names' is missing, expected the names of the features of the signal, in order");
  }
  for (std::size_t i = 0; i < n && i < input.feature_names.size(); ++i) {
    if (input.feature_names[i] == plan.features[i].name) continue;
    refuse(fmt::format("input.feature_names[{}]", i),
         fmt::format("is '{}', feature {} of the signal is '{}'", printable(input.feature_names[i]), i,
                     printable(plan.features[i].name)));
  }
}

/// A type of integers takes all that a feature can be; reals round to their own.
void check_type(const Plan& plan, const model::Input& input) {
  const model::NumberTypeInfo& type = model::info(input.type);
  if (!type.is_integer) return;
  for (const Feature& feature : plan.features) {
    if (!feature.is_integer) {
      refuse("input.dtype", fmt::format("is {}, the feature '{}' is real: expected float32 or float64", type.name,
                                      printable(feature.name)));
    }
    const bool fits = feature.range.lowest >= static_cast<Wide>(type.lowest) &&
                      feature.range.highest <= static_cast<Wide>(type.highest);
    if (fits) continue;
    refuse("input.dtype", fmt::format("is {}, the feature '{}' goes from {} to {}", type.name, printable(feature.name),
                                    text_of(feature.range.lowest), text_of(feature.range.highest)));
  }
}

}  // namespace

void check_product(const Plan& plan, const model::Model& model) {
  if (model.output.task == model::Task::filter) refuse("output.task", "is filter, which takes samples and no features");
  check_names(plan, model.input);
  check_type(plan, model.input);
}

}  // namespace emlc::signal
