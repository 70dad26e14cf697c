#include "codegen/c/sos/fixed.hpp"

#include "codegen/c/common/helpers.hpp"
#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"
#include "codegen/c/sos/plan.hpp"
#include "codegen/c/sos/sos.hpp"
#include "codegen/model/error.hpp"
#include "templates.hpp"

namespace emlc::c {

std::string fill_with(std::string_view text, std::vector<TemplateValue> values,
                      std::initializer_list<TemplateValue> more) {
  values.insert(values.end(), more);
  return fill(text, values);
}

std::vector<std::array<std::int64_t, 5>> sos_coefficients(const SosPlan& plan) {
  std::vector<std::array<std::int64_t, 5>> sections;
  for (const auto& [b0, b1, b2, a1, a2] : integers(plan.cascade)) sections.push_back({b0, b1, b2, -a1, -a2});
  return sections;
}

void print_sos_table(Printer& out, const SosPlan& plan, std::string_view type,
                     const std::vector<std::int64_t>& values) {
  std::vector<std::string> literals;
  literals.reserve(values.size());
  for (const std::int64_t value : values) literals.push_back(integer_literal(value));
  print_table(out, plan.names, type, plan.names.symbol + "sos_", literals);
}

namespace {

/// What becomes of the block that the last section gave; empty without a lift.
std::string lift_text(const SosPlan& plan) {
  const int lift = plan.fixed.lift;
  if (lift == 0) return "";
  std::string text =
      fill(templates::sos_lift_c,
           std::vector<TemplateValue>{
               {"sample", filter_types(plan.cascade).sample},
               {"limit", fmt::format("(INT{}_MAX >> {})", info(plan.fixed.arithmetic).sample_bits, lift)},
               {"unit", fmt::to_string(1 << lift)}});
  text.pop_back();  // the template ends the line
  return text;
}

}  // namespace

std::string sos_filter_text(const SosPlan& plan, const SosForm& form) {
  return fill_with(templates::sos_filter_c, plan.values(),
                   {{"word", "uint32_t"},
                    {"sample", filter_types(plan.cascade).sample},
                    {"coefficient", std::string(form.type)},
                    {"all_numbers", fmt::to_string(form.numbers * plan.n_sections())},
                    {"numbers", fmt::to_string(form.numbers)},
                    {"words", fmt::to_string(form.words)},
                    {"lift", lift_text(plan)}});
}

std::string sos_reset_text(const SosPlan& plan, const SosForm& form) {
  const std::size_t all = form.words * plan.n_sections();
  const std::string first = form.first_rest.empty() ? ""
                                                    : fmt::format("  for (size_t i = 0; i < {}; i += {}) z[i] = {};",
                                                                  all, form.words, form.first_rest);
  return fill_with(templates::sos_reset_c, plan.values(), {{"words", fmt::to_string(all)}, {"first_rest", first}});
}

StateWords state_words(const model::FixedPoint& fixed) {
  if (fixed.arithmetic == model::Arithmetic::q31) return {4, 8};
  if (fixed.arithmetic == model::Arithmetic::mixed) return {4, 4};
  return fixed.rounding == model::SosRounding::feedback ? StateWords{3, 3} : StateWords{2, 2};
}

std::string fixed_state_words(const model::FixedPoint& fixed, const Names& names) {
  const auto [wide, narrow] = state_words(fixed);
  return wide == narrow ? fmt::to_string(wide) : names.macro + "STATE_WORDS";
}

Core emit_sos_fixed(const model::SosCascade& cascade, const Names& names, const EmitConfig& config) {
  if (config.use_runtime)
    throw Error({.field = "--use-runtime"}, "filters in integers carry code of their own; leave it out");
  const SosPlan plan{cascade, *cascade.fixed, names, config.optimize};
  Core core;
  Printer out;
  out.line("#if -1 >> 1 != -1");
  out.line("#error \"this filter needs a compiler whose >> keeps the sign\"");
  out.line("#endif");
  out.line("");
  if (info(plan.fixed.arithmetic).sample_bits == 16) {
    add_sos_16_bits(out, plan, core);
  } else {
    add_sos_32_bits(out, plan, core);
  }
  // Inlined, a section would share the registers of its callers, which takes up to a tenth more instructions.
  core.prologue += apart_macro("APART", "all registers are its own", names);
  const auto [wide, narrow] = state_words(plan.fixed);
  core.ram = sizeof(std::uint32_t) * narrow * plan.n_sections();
  if (wide != narrow) {
    core.ram_code =
        fmt::format("({} * {})", sizeof(std::uint32_t) * plan.n_sections(), fixed_state_words(plan.fixed, names));
  }
  return core;
}

}  // namespace emlc::c
