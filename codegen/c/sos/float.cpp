#include "codegen/c/sos/float.hpp"

#include <algorithm>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"
#include "codegen/c/sos/float_loops.hpp"
#include "codegen/model/sos/float_sections.hpp"

namespace emlc::c {
namespace {

using model::SosCascade;

void print_coefficients(Printer& out, const SosCascade& cascade, const Names& names) {
  std::vector<std::string> literals;
  for (std::size_t index = 0; index < cascade.sections.size(); ++index) {
    const auto structure = model::structure_of(cascade, index);
    for (const double value : model::coefficients(cascade.sections[index], structure)) {
      literals.push_back(rounded_literal(value, fmt::format("sections[{}]", index)));
    }
  }
  if (model::is_direct(cascade)) {
    out.line("/* b0 b1 b2 a1 a2 of each section; a0 is 1. */");
  } else {
    out.line("/* Of each section b0 b1 b2 a1 a2, where a0 is 1; or, where it computes in d = z - 1,");
    out.line("   f0 f1 f2 e1 e2: b0, 2 b0 + b1, b0 + b1 + b2, 2 + a1, 1 + a1 + a2. */");
  }
  print_table(out, names, "float", names.symbol + "sos_", literals);
}

/// A function that gives every number of the state a value.
void print_set(Printer& out, const Names& names, std::string_view function, std::size_t n, const std::string& value) {
  out.line("");
  out.line("{} void {}{}(float *z) {{", names.function, names.symbol, function);
  out.line("  for (size_t i = 0; i < {}; ++i) z[i] = {};", n, value);
  out.line("}}");
}

void print_init(Printer& out, const SosCascade& cascade, const Names& names, std::size_t words) {
  const std::size_t n = words * cascade.sections.size();
  std::vector<std::string> literals;
  for (std::size_t index = 0; index < cascade.initial_state.size(); ++index) {
    const auto values = model::initial_words(cascade.initial_state[index], model::structure_of(cascade, index));
    for (std::size_t i = 0; i < words; ++i) {
      literals.push_back(rounded_literal(i < values.size() ? values[i] : 0.0, "model.initial_state"));
    }
  }
  if (!literals.empty()) {
    print_table(out, names, "float", names.symbol + "initial_state_", literals);
    print_set(out, names, "init_", n, fmt::format("{}READ_F32(&{}initial_state_[i])", names.macro, names.symbol));
  }
  print_set(out, names, "reset_", n, "0.0f");
  out.line("");
}

/// The code of a filter, and how many floats of state a section has in it.
struct FilterCode {
  std::size_t words;
  void (*print)(Printer&, const Names&, const SosCascade&, Optimize);
};

void print_runtime_filter(Printer& out, const Names& names, const SosCascade& cascade, Optimize /*optimize*/) {
  const std::size_t n_sections = cascade.sections.size();
  const bool is_direct = model::is_direct(cascade);
  if (!is_direct) {
    std::vector<std::string> literals;
    for (std::size_t section = 0; section < n_sections; ++section) {
      literals.push_back("EMLC_SOS_" + upper_case(info(model::structure_of(cascade, section)).name));
    }
    print_table(out, names, "uint8_t", names.symbol + "structures_", literals);
    out.line("");
  }
  out.line("{} void {}filter_(float *z, const float *x, float *y, size_t n) {{", names.function, names.symbol);
  if (is_direct) {
    out.line("  (void)emlc_sos_filter_f32({}sos_, z, {}, x, y, n);", names.symbol, n_sections);
  } else {
    out.line("  (void)emlc_sos_filter_structures_f32({0}structures_, {0}sos_, z, {1}, x, y, n);", names.symbol,
             n_sections);
  }
  out.line("}}");
  out.line("");
}

void print_groups(Printer& out, const Names& names, const SosCascade& cascade, Optimize /*optimize*/) {
  print_grouped_filter(out, names, cascade.sections.size());
}

FilterCode code_for(const SosCascade& cascade, const EmitConfig& config) {
  const std::size_t words = model::state_words(cascade);
  if (config.use_runtime) {
    const std::size_t room = model::is_direct(cascade) ? words : model::most_state_words;
    return {room, print_runtime_filter};
  }
  if (config.optimize == Optimize::speed && model::is_direct(cascade)) {
    return {words, print_groups};
  }
  return {section_filter_words(cascade, config.optimize), print_section_filter};
}

/// A compiler that reorders sums takes out what they lack: the filter would drift, and nobody would see it.
std::string refuse_fast_math(const SosCascade& cascade, const EmitConfig& config) {
  const auto& structures = cascade.structures;
  if (std::none_of(structures.begin(), structures.end(), model::is_compensated)) return "";
  return fmt::format(
      "#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(_M_FP_FAST)\n"
      "#error \"{} keeps what its sums round off, which -ffast-math and -fassociative-math take out: build without "
      "them\"\n"
      "#endif\n",
      config.name);
}

}  // namespace

std::size_t float_state_words(const SosCascade& cascade, const EmitConfig& config) {
  return code_for(cascade, config).words;
}

Core emit_sos_float(const SosCascade& cascade, const Names& names, const EmitConfig& config) {
  const std::size_t n_sections = cascade.sections.size();
  const FilterCode code = code_for(cascade, config);
  Core core;
  Printer out;
  print_coefficients(out, cascade, names);
  print_init(out, cascade, names, code.words);
  code.print(out, names, cascade, config.optimize);
  if (config.use_runtime) core.headers = {"emlc/sos.h"};
  core.definitions = out.text();
  core.prologue = refuse_fast_math(cascade, config);
  core.parts.push_back({"coefficients", 5 * sizeof(float) * n_sections});
  if (!cascade.initial_state.empty()) core.parts.push_back({"initial state", code.words * sizeof(float) * n_sections});
  core.ram = code.words * sizeof(float) * n_sections;
  return core;
}

}  // namespace emlc::c
