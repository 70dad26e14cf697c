#include "codegen/c/sos.hpp"

#include <array>

#include "codegen/c/literal.hpp"
#include "codegen/c/tables.hpp"

namespace emlc::c {
namespace {

/// Samples that one turn of the inner loop computes.
int samples_per_turn(Optimize optimize) {
  return optimize == Optimize::size ? 1 : (optimize == Optimize::speed ? 8 : 4);
}

void print_coefficients(Printer& out, const model::SosCascade& cascade, const Names& names) {
  std::vector<std::string> literals;
  for (std::size_t index = 0; index < cascade.sections.size(); ++index) {
    const model::SosSection& s = cascade.sections[index];
    for (const double value : {s.b0, s.b1, s.b2, s.a1, s.a2}) {
      literals.push_back(rounded_literal(value / s.a0, fmt::format("sections[{}]", index)));
    }
  }
  out.line("/* b0 b1 b2 a1 a2 of each section; a0 is 1. */");
  print_table(out, names, "float", names.symbol + "sos_", literals);
}

void print_init(Printer& out, const model::SosCascade& cascade, const Names& names) {
  const std::size_t n = 2 * cascade.sections.size();
  if (!cascade.initial_state.empty()) {
    std::vector<std::string> literals;
    for (const auto& [z1, z2] : cascade.initial_state) {
      literals.push_back(rounded_literal(z1, "model.initial_state"));
      literals.push_back(rounded_literal(z2, "model.initial_state"));
    }
    print_table(out, names, "float", names.symbol + "initial_state_", literals);
  }
  out.line("");
  out.line("{} void {}init_(float *z) {{", names.function, names.symbol);
  out.line("  for (size_t i = 0; i < {}; ++i) z[i] = {};", n,
           cascade.initial_state.empty() ? "0.0f"
                                         : fmt::format("{}READ_F32(&{}initial_state_[i])", names.macro, names.symbol));
  out.line("}}");
  out.line("");
}

/// The next z1. Unrolled, it pays to add z2 first: two fused multiply-adds. In a loop of one sample the copy of z2 that
/// this needs costs more than it saves (Cortex-M4F: 12.3 instructions instead of 11.3).
std::string_view next_z1(int n_samples) {
  return n_samples == 1 ? "b1 * in - a1 * out + z2" : "(b1 * in + z2) - a1 * out";
}

/// One sample of one section: x[i] to y[i].
void print_step(Printer& out, int i, std::string_view z1) {
  out.line("in = x[{}];", i);
  out.line("out = b0 * in + z1;");
  out.line("z1 = {};", z1);
  out.line("z2 = b2 * in - a2 * out;");
  out.line("y[{}] = out;", i);
}

void print_loop(Printer& out, int n_samples, std::string_view z1) {
  if (n_samples == 1) {
    out.line("for (; left != 0; --left, ++x, ++y) {{");
  } else {
    out.line("for (; left >= {0}; left -= {0}, x += {0}, y += {0}) {{", n_samples);
  }
  {
    const auto body = out.indent();
    for (int i = 0; i < n_samples; ++i) print_step(out, i, z1);
  }
  out.line("}}");
}

void print_section(Printer& out, const Names& names, int n_samples) {
  constexpr std::array<std::string_view, 5> coefficients = {"b0", "b1", "b2", "a1", "a2"};
  out.line("{} void {}section_(const float *sos, float *z, const float *x, float *y, size_t n) {{", names.function,
           names.symbol);
  {
    const auto body = out.indent();
    for (std::size_t i = 0; i < coefficients.size(); ++i) {
      out.line("const float {} = {}READ_F32(&sos[{}]);", coefficients[i], names.macro, i);
    }
    out.line("float z1 = z[0], z2 = z[1], in, out;");
    out.line("size_t left = n;");
    // One formula in both loops: how a signal is cut into blocks makes no difference.
    print_loop(out, n_samples, next_z1(n_samples));
    if (n_samples > 1) print_loop(out, 1, next_z1(n_samples));
    out.line("z[0] = z1;");
    out.line("z[1] = z2;");
  }
  out.line("}}");
  out.line("");
}

void print_filter(Printer& out, const Names& names, std::size_t n_sections) {
  out.line("{} void {}filter_(float *z, const float *x, float *y, size_t n) {{", names.function, names.symbol);
  {
    const auto body = out.indent();
    out.line("for (size_t section = 0; section < {}; ++section) {{", n_sections);
    {
      const auto loop = out.indent();
      out.line("{0}section_(&{0}sos_[5 * section], &z[2 * section], x, y, n);", names.symbol);
      out.line("x = y; /* the next section filters what this one gave */");
    }
    out.line("}}");
  }
  out.line("}}");
  out.line("");
}

void print_runtime_filter(Printer& out, const Names& names, std::size_t n_sections) {
  out.line("{} void {}filter_(float *z, const float *x, float *y, size_t n) {{", names.function, names.symbol);
  out.line("  (void)emlc_sos_filter_f32({}sos_, z, {}, x, y, n);", names.symbol, n_sections);
  out.line("}}");
  out.line("");
}

}  // namespace

Core emit_sos(const model::SosCascade& cascade, const Names& names, const EmitConfig& config) {
  Core core;
  Printer out;
  const std::size_t n_sections = cascade.sections.size();
  const int n_samples = samples_per_turn(config.optimize);
  print_coefficients(out, cascade, names);
  print_init(out, cascade, names);
  if (config.use_runtime) {
    core.headers = {"emlc/sos.h"};
    print_runtime_filter(out, names, n_sections);
  } else {
    print_section(out, names, n_samples);
    print_filter(out, names, n_sections);
  }
  core.definitions = out.text();
  core.parts.push_back({"coefficients", 5 * sizeof(float) * n_sections});
  if (!cascade.initial_state.empty()) core.parts.push_back({"initial state", 2 * sizeof(float) * n_sections});
  core.parts.push_back({std::string(code_part), 100 + 32 * static_cast<std::size_t>(n_samples)});
  core.ram = 2 * sizeof(float) * n_sections;
  core.facts.push_back({"n_sections", n_sections, "second-order sections"});
  if (cascade.sample_rate) core.facts.push_back({"sample_rate", 0, "Hz", cascade.sample_rate});
  return core;
}

}  // namespace emlc::c
