#include "cli/compile/reductions/number_options.hpp"

#include <fmt/format.h>

#include <cmath>

#include "codegen/model/error.hpp"
#include "codegen/model/sos/float_sections.hpp"
#include "formats/text/text.hpp"

namespace emlc::cli {

Option* add_arithmetic_option(CommandLine& line, passes::PassConfig& passes) {
  std::vector<Choice<model::Arithmetic>> choices = {{"auto", model::Arithmetic::float32}};
  for (const model::ArithmeticInfo& row : model::all_arithmetics()) choices.push_back({row.name, row.arithmetic});
  return add_choice(
      line, "--arithmetic", passes.arithmetic, "arithmetic", choices,
      "numbers that a filter, or q15 what the spectra of a signal compute with; auto: float, as the document "
      "has it; mixed: samples of 32 bits, coefficients of 16 (integers are approximate)");
}

Option* add_structure_option(CommandLine& line, passes::PassConfig& passes) {
  std::vector<Choice<std::optional<model::SosStructure>>> choices = {{"auto", std::nullopt}};
  for (const model::SosStructureInfo& row : model::all_sos_structures()) choices.push_back({row.name, row.structure});
  return add_choice(line, "--structure", passes.structure, "structure", choices,
                    "how the sections of a filter in float compute; auto: the cheapest that is precise enough");
}

Option* add_headroom_option(CommandLine& line, passes::PassConfig& passes) {
  return add_integer(
      line, "--headroom", passes.headroom, {0, model::max_headroom},
      "a filter in integers has room for outputs up to 2^N times full scale, 0 to 15: its samples are in "
      "steps of 2^N");
}

namespace {

passes::FeatureScale parse_feature_scale(const std::string& text) {
  using Choice = passes::FeatureScale::Choice;
  if (text == "auto") return {.choice = Choice::one};
  if (text == "per-feature") return {.choice = Choice::per_feature};
  const Where where{.file = {}, .line = 0, .field = "--feature-scale"};
  passes::FeatureScale scale{.choice = Choice::given};
  for (const std::string_view cell : formats::split_fields(text, ',')) {
    const double factor = model::round_to(model::NumberType::float32, formats::parse_number(cell, where));
    if (!(factor > 0.0 && std::isfinite(factor))) {
      throw Error(where, fmt::format("expected auto, per-feature or factors above 0, found '{}'", printable(cell)));
    }
    scale.factors.push_back(factor);
  }
  return scale;
}

}  // namespace

Option* add_feature_scale_option(CommandLine& line, passes::PassConfig& passes) {
  return add_parsed(
             line, "--feature-scale",
             [&passes](const std::string& text) { passes.feature_scale = parse_feature_scale(text); },
             "features x become integers round(x * factor) of the type --features: auto, per-feature, or factors: 16 "
             "or "
             "8,0.5,... (approximate)")
      ->takes("FACTORS");
}

Option* add_weights_option(CommandLine& line, passes::PassConfig& passes) {
  return add_choice(
      line, "--weights", passes.weights, "weight type",
      std::vector<Choice<std::optional<model::IntegerWidth>>>{
          {"float", std::nullopt}, {"int8", model::IntegerWidth::bits8}, {"int16", model::IntegerWidth::bits16}},
      "weights and activations of networks; int8, int16: all integers (approximate)");
}

}  // namespace emlc::cli
