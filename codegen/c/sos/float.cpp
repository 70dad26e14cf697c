#include "codegen/c/sos/float.hpp"

#include <array>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"

namespace emlc::c {
namespace {

/// Samples that one turn of the inner loop computes.
int samples_per_turn(Optimize optimize) { return optimize == Optimize::size ? 1 : 4; }

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

/// A function that gives every number of the state a value.
void print_set(Printer& out, const Names& names, std::string_view function, std::size_t n, const std::string& value) {
  out.line("");
  out.line("{} void {}{}(float *z) {{", names.function, names.symbol, function);
  out.line("  for (size_t i = 0; i < {}; ++i) z[i] = {};", n, value);
  out.line("}}");
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
    print_set(out, names, "init_", n, fmt::format("{}READ_F32(&{}initial_state_[i])", names.macro, names.symbol));
  }
  print_set(out, names, "reset_", n, "0.0f");
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

/// Sections that a turn of the loop computes at once, and how many times: with three of them the coefficients, states
/// and samples just fit the 32 registers of a small floating-point unit, and a sample is loaded and stored once for
/// all.
struct Group {
  std::size_t n_sections, first, last;  ///< sections [first, last) in groups of n_sections
};

std::vector<Group> groups_of(std::size_t n_sections) {
  constexpr std::size_t most = 3;
  const std::size_t n_groups = (n_sections + most - 1) / most, size = n_sections / n_groups;
  const std::size_t larger = (n_sections - n_groups * size) * (size + 1);  // sections in groups of size + 1
  std::vector<Group> groups;
  if (larger != 0) groups.push_back({size + 1, 0, larger});
  if (larger != n_sections) groups.push_back({size, larger, n_sections});
  return groups;
}

/// One sample through all sections of a group: x[i] to y[i].
void print_group_step(Printer& out, std::size_t n_sections, int i) {
  out.line("in = x[{}];", i);
  for (std::size_t s = 0; s < n_sections; ++s) {
    out.line("out = b0_{0} * in + z1_{0};", s);
    out.line("z1_{0} = (b1_{0} * in + z2_{0}) - a1_{0} * out;", s);
    out.line("z2_{0} = b2_{0} * in - a2_{0} * out;", s);
    out.line("in = out;");
  }
  out.line("y[{}] = out;", i);
}

void print_group_loop(Printer& out, std::size_t n_sections, int n_samples) {
  out.line("for (; n >= {0}; n -= {0}, x += {0}, y += {0}) {{", n_samples);
  {
    const auto body = out.indent();
    for (int i = 0; i < n_samples; ++i) print_group_step(out, n_sections, i);
  }
  out.line("}}");
}

void print_group(Printer& out, const Names& names, std::size_t n_sections, int n_samples) {
  constexpr std::array<std::string_view, 5> coefficients = {"b0", "b1", "b2", "a1", "a2"};
  out.line("{} void {}sections_{}_(const float *sos, float *z, const float *x, float *y, size_t n) {{", names.function,
           names.symbol, n_sections);
  {
    const auto body = out.indent();
    for (std::size_t s = 0; s < n_sections; ++s) {
      for (std::size_t i = 0; i < coefficients.size(); ++i) {
        out.line("const float {}_{} = {}READ_F32(&sos[{}]);", coefficients[i], s, names.macro, 5 * s + i);
      }
    }
    for (std::size_t s = 0; s < n_sections; ++s)
      out.line("float z1_{0} = z[{1}], z2_{0} = z[{2}];", s, 2 * s, 2 * s + 1);
    out.line("float in, out;");
    print_group_loop(out, n_sections, n_samples);
    print_group_loop(out, n_sections, 1);
    for (std::size_t s = 0; s < n_sections; ++s) {
      out.line("z[{}] = z1_{};", 2 * s, s);
      out.line("z[{}] = z2_{};", 2 * s + 1, s);
    }
  }
  out.line("}}");
  out.line("");
}

void print_grouped_filter(Printer& out, const Names& names, const std::vector<Group>& groups) {
  out.line("{} void {}filter_(float *z, const float *x, float *y, size_t n) {{", names.function, names.symbol);
  {
    const auto body = out.indent();
    for (const Group& group : groups) {
      out.line("for (size_t section = {}; section < {}; section += {}) {{", group.first, group.last, group.n_sections);
      out.line("  {0}sections_{1}_(&{0}sos_[5 * section], &z[2 * section], x, y, n);", names.symbol, group.n_sections);
      out.line("  x = y; /* the next sections filter what these gave */");
      out.line("}}");
    }
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

/// On a Cortex-M0+: every step is five products and four sums of soft floating point, each a call.
std::size_t code_bytes(std::size_t n_sections, const EmitConfig& config) {
  constexpr std::size_t frame = 80, step = 60;
  const auto n_samples = static_cast<std::size_t>(samples_per_turn(config.optimize));
  const std::size_t n_steps = n_samples == 1 ? 1 : n_samples + 1;
  if (config.use_runtime || config.optimize != Optimize::speed) return frame + step * n_steps;
  std::size_t bytes = frame;
  for (const Group& group : groups_of(n_sections)) bytes += step * n_steps * group.n_sections;
  return bytes;
}

}  // namespace

Core emit_sos_float(const model::SosCascade& cascade, const Names& names, const EmitConfig& config) {
  Core core;
  Printer out;
  const std::size_t n_sections = cascade.sections.size();
  const int n_samples = samples_per_turn(config.optimize);
  print_coefficients(out, cascade, names);
  print_init(out, cascade, names);
  if (config.use_runtime) {
    core.headers = {"emlc/sos.h"};
    print_runtime_filter(out, names, n_sections);
  } else if (config.optimize == Optimize::speed) {
    const std::vector<Group> groups = groups_of(n_sections);
    for (const Group& group : groups) print_group(out, names, group.n_sections, n_samples);
    print_grouped_filter(out, names, groups);
  } else {
    print_section(out, names, n_samples);
    print_filter(out, names, n_sections);
  }
  core.definitions = out.text();
  core.parts.push_back({"coefficients", 5 * sizeof(float) * n_sections});
  if (!cascade.initial_state.empty()) core.parts.push_back({"initial state", 2 * sizeof(float) * n_sections});
  core.parts.push_back({std::string(code_part), code_bytes(n_sections, config)});
  core.computes_in_float = true;
  core.ram = 2 * sizeof(float) * n_sections;
  return core;
}

}  // namespace emlc::c
