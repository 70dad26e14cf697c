#include "codegen/c/sos_fixed.hpp"

#include "codegen/c/literal.hpp"
#include "codegen/c/sos.hpp"
#include "codegen/c/sos_plan.hpp"
#include "codegen/c/tables.hpp"
#include "codegen/model/error.hpp"
#include "templates.hpp"

namespace emlc::c {

std::string fill_with(std::string_view text, std::vector<TemplateValue> values,
                      std::initializer_list<TemplateValue> more) {
  values.insert(values.end(), more);
  return fill(text, values);
}

std::vector<std::int64_t> sos_coefficients(const SosPlan& plan, std::int64_t factor) {
  std::vector<std::int64_t> values;
  for (const auto& [b0, b1, b2, a1, a2] : integers(plan.cascade)) {
    for (const std::int64_t c : {b0, b1, b2, -a1, -a2}) values.push_back(c * factor);
  }
  return values;
}

void print_sos_table(Printer& out, const SosPlan& plan, std::string_view type,
                     const std::vector<std::int64_t>& values) {
  std::vector<std::string> literals;
  literals.reserve(values.size());
  for (const std::int64_t value : values) literals.push_back(integer_literal(value));
  print_table(out, plan.names, type, plan.names.symbol + "sos_", literals);
}

std::string sos_filter_text(const SosPlan& plan, std::size_t row) {
  return fill_with(templates::sos_filter_c, plan.values(),
                   {{"word", "uint32_t"},
                    {"sample", filter_types(plan.cascade).sample},
                    {"n_sections", fmt::to_string(plan.n_sections())},
                    {"row", fmt::to_string(row)},
                    {"words", fmt::to_string(fixed_state_words(plan.fixed))}});
}

std::string sos_reset_text(const SosPlan& plan, const std::string& first_rest) {
  const std::size_t words = fixed_state_words(plan.fixed), n = plan.n_sections();
  const std::string first = first_rest.empty() ? ""
                                               : fmt::format("  for (size_t i = 0; i < {}; i += {}) z[i] = {};",
                                                             n * words, words, first_rest);
  return fill_with(templates::sos_reset_c, plan.values(),
                   {{"words", fmt::to_string(n * words)}, {"first_rest", first}});
}

std::size_t fixed_state_words(const model::FixedPoint& fixed) {
  if (info(fixed.arithmetic).sample_bits == 32) return 5;
  return fixed.rounding == model::SosRounding::feedback ? 3 : 2;
}

Core emit_sos_fixed(const model::SosCascade& cascade, const Names& names, const EmitConfig& config) {
  if (config.use_runtime) throw Error({.field = "--use-runtime"}, "the runtime filters in float; leave it out");
  const SosPlan plan{cascade, *cascade.fixed, names, config.optimize};
  Core core;
  Printer out;
  out.line("#if -1 >> 1 != -1");
  out.line("#error \"this filter needs a compiler whose >> keeps the sign\"");
  out.line("#endif");
  out.line("");
  out.line("/* b0 b1 b2 -a1 -a2 of each section, times 2^{}. */", plan.fixed.fraction_bits);
  if (info(plan.fixed.arithmetic).sample_bits == 16) {
    add_sos_16_bits(out, plan, core);
  } else {
    add_sos_32_bits(out, plan, core);
  }
  core.ram = sizeof(std::uint32_t) * fixed_state_words(plan.fixed) * cascade.sections.size();
  return core;
}

}  // namespace emlc::c
