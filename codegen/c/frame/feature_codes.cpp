#include "codegen/c/frame/feature_codes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/c/common/tables.hpp"
#include "codegen/c/common/template.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

bool has_one_factor(const model::Input& input) {
  return std::all_of(input.grid.begin(), input.grid.end(), [&](double factor) { return factor == input.grid.front(); });
}

/// How a code comes of a value, in words of C.
std::string meaning(const model::Input& input) {
  const std::string factor = has_one_factor(input) ? fmt::to_string(input.grid.front()) : "the factor of the feature";
  const model::NumberTypeInfo& type = model::info(input.type);
  return fmt::format("round(x * {}), halves away from 0, from {} to {}, and 0 for NaN", factor, type.lowest,
                     type.highest);
}

}  // namespace

void add_feature_codes(Core& core, const model::Model& model, const Names& names) {
  const model::Input& input = model.input;
  if (input.grid.empty()) return;
  Printer out;
  if (!has_one_factor(input)) {
    std::vector<std::string> literals;
    for (const double factor : input.grid) literals.push_back(float_literal(factor));
    print_table(out, names, "float", names.symbol + "feature_factors_", literals);
    core.parts.push_back({"feature factors", sizeof(float) * literals.size()});
  }
  const model::NumberTypeInfo& type = model::info(input.type);
  out.text(
      fill(templates::feature_code_c, std::array<TemplateValue, 5>{{{"function", names.function},
                                                                    {"feature", names.feature},
                                                                    {"symbol", names.symbol},
                                                                    {"lowest", fmt::format("{}", type.lowest)},
                                                                    {"highest", fmt::format("{}", type.highest)}}}));
  core.definitions = out.text() + core.definitions;
  core.notes.push_back(fmt::format("Features are codes: {}.", meaning(input)));
}

std::string feature_codes_text(const model::Model& model, const EmitConfig& config, const Names& names) {
  const model::Input& input = model.input;
  if (input.grid.empty()) return "";
  const bool is_c = config.language == Language::c;
  const std::string table =
      fmt::format("{}READ_F32(&{}feature_factors_[i])", names.macro, is_c ? names.symbol : "detail::");
  std::vector<TemplateValue> values = {{"meaning", meaning(input)},
                                       {"factor", has_one_factor(input) ? float_literal(input.grid.front()) : table}};
  if (!is_c) return "\n" + fill(templates::api_feature_codes_hpp, values);
  values.emplace_back("symbol", names.symbol);
  values.emplace_back("macro", names.macro);
  return "\n" + fill(templates::api_feature_codes_h, values);
}

}  // namespace emlc::c
