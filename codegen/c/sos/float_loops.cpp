#include "codegen/c/sos/float_loops.hpp"

#include <array>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/sos/float_sections.hpp"

namespace emlc::c {
namespace {

using model::SosStructure;

constexpr std::size_t frame_bytes = 80;

/// The text of a structure: its coefficients, its state, and what a sample does.
struct SectionForm {
  SosStructure structure;
  std::string_view function;  ///< without prefix and last underscore
  std::array<std::string_view, 5> coefficients;
  std::vector<std::string_view> state;
  std::string_view more_variables;  ///< besides state, in and out
  std::vector<std::string_view> sample;
  std::size_t bytes;  ///< of a sample on a Cortex-M0+, an estimate
};

constexpr std::array<std::string_view, 5> direct_names = {"b0", "b1", "b2", "a1", "a2"};
constexpr std::array<std::string_view, 5> delta_names = {"f0", "f1", "f2", "e1", "e2"};

/// The next z1. Unrolled, it pays to add z2 first: two fused multiply-adds. In a loop of one sample the copy of z2 that
/// this needs costs more than it saves (Cortex-M4F: 12.3 instructions instead of 11.3).
std::string_view next_z1(int n_samples) {
  return n_samples == 1 ? "z1 = b1 * in - a1 * out + z2;" : "z1 = (b1 * in + z2) - a1 * out;";
}

SectionForm form_of(SosStructure structure, int n_samples) {
  switch (structure) {
    case SosStructure::direct:
      return {structure,
              "section",
              direct_names,
              {"z1", "z2"},
              "",
              {"out = b0 * in + z1;", next_z1(n_samples), "z2 = b2 * in - a2 * out;"},
              60};
    case SosStructure::delta:
      return {structure,   "delta",
              delta_names, {"s1", "s2"},
              "",          {"out = f0 * in + s1;", "s1 += (f1 * in + s2) - e1 * out;", "s2 += f2 * in - e2 * out;"},
              72};
    case SosStructure::compensated:
      return {structure,
              "compensated",
              delta_names,
              {"s1", "s2", "c2"},
              ", step, sum",
              {"out = f0 * in + s1;", "s1 += (f1 * in + s2) - e1 * out;", "step = (f2 * in + c2) - e2 * out;",
               "sum = s2 + step;", "c2 = step - (sum - s2);", "s2 = sum;"},
              92};
    case SosStructure::pairs:
      return {structure,
              "pairs",
              delta_names,
              {"s1", "s2", "c2", "c1"},
              ", step, sum",
              {"out = f0 * in + (s1 + c1);", "step = (f1 * in + (s2 + c1)) - e1 * out;", "sum = s1 + step;",
               "c1 = step - (sum - s1);", "s1 = sum;", "step = (f2 * in + c2) - e2 * out;", "sum = s2 + step;",
               "c2 = step - (sum - s2);", "s2 = sum;"},
              116};
  }
  throw std::logic_error("structure without a text");
}

/// One sample of one section: x[i] to y[i].
void print_step(Printer& out, int i, const SectionForm& form) {
  out.line("in = x[{}];", i);
  for (const std::string_view statement : form.sample) out.line("{}", statement);
  out.line("y[{}] = out;", i);
}

void print_loop(Printer& out, int n_samples, const SectionForm& form) {
  if (n_samples == 1) {
    out.line("for (; left != 0; --left, ++x, ++y) {{");
  } else {
    out.line("for (; left >= {0}; left -= {0}, x += {0}, y += {0}) {{", n_samples);
  }
  {
    const auto body = out.indent();
    for (int i = 0; i < n_samples; ++i) print_step(out, i, form);
  }
  out.line("}}");
}

void print_section(Printer& out, const Names& names, const SectionForm& form, int n_samples) {
  out.line("{} void {}{}_(const float *sos, float *z, const float *x, float *y, size_t n) {{", names.function,
           names.symbol, form.function);
  {
    const auto body = out.indent();
    for (std::size_t i = 0; i < form.coefficients.size(); ++i) {
      out.line("const float {} = {}READ_F32(&sos[{}]);", form.coefficients[i], names.macro, i);
    }
    std::string state;
    for (std::size_t i = 0; i < form.state.size(); ++i) state += fmt::format("{} = z[{}], ", form.state[i], i);
    out.line("float {}in, out{};", state, form.more_variables);
    out.line("size_t left = n;");
    // One formula in both loops: how a signal is cut into blocks makes no difference.
    print_loop(out, n_samples, form);
    if (n_samples > 1) print_loop(out, 1, form);
    for (std::size_t i = 0; i < form.state.size(); ++i) out.line("z[{}] = {};", i, form.state[i]);
  }
  out.line("}}");
  out.line("");
}

/// Sections in a row that have one structure.
struct Run {
  SosStructure structure;
  std::size_t first, last;  ///< sections [first, last)
};

std::vector<Run> runs_of(const model::SosCascade& cascade) {
  std::vector<Run> runs;
  for (std::size_t section = 0; section < cascade.sections.size(); ++section) {
    const SosStructure structure = model::structure_of(cascade, section);
    if (runs.empty() || runs.back().structure != structure) runs.push_back({structure, section, section});
    ++runs.back().last;
  }
  return runs;
}

std::set<SosStructure> structures_of(const model::SosCascade& cascade) {
  std::set<SosStructure> used;
  for (const Run& run : runs_of(cascade)) used.insert(run.structure);
  return used;
}

void print_run(Printer& out, const Names& names, const Run& run, std::size_t words) {
  out.line("for (size_t section = {}; section < {}; ++section) {{", run.first, run.last);
  {
    const auto loop = out.indent();
    out.line("{0}{1}_(&{0}sos_[5 * section], &z[{2} * section], x, y, n);", names.symbol,
             form_of(run.structure, 1).function, words);
    out.line("x = y; /* the next section filters what this one gave */");
  }
  out.line("}}");
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
  out.line("{} void {}sections_{}_(const float *sos, float *z, const float *x, float *y, size_t n) {{", names.function,
           names.symbol, n_sections);
  {
    const auto body = out.indent();
    for (std::size_t s = 0; s < n_sections; ++s) {
      for (std::size_t i = 0; i < direct_names.size(); ++i) {
        out.line("const float {}_{} = {}READ_F32(&sos[{}]);", direct_names[i], s, names.macro, 5 * s + i);
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

/// Steps that the code spells out: a turn of the loop, and one sample for the rest.
std::size_t n_steps(int n_samples) { return n_samples == 1 ? 1 : static_cast<std::size_t>(n_samples) + 1; }

}  // namespace

int samples_per_turn(Optimize optimize) { return optimize == Optimize::size ? 1 : 4; }

void print_section_filter(Printer& out, const Names& names, const model::SosCascade& cascade, Optimize optimize) {
  const int n_samples = samples_per_turn(optimize);
  for (const SosStructure structure : structures_of(cascade)) {
    print_section(out, names, form_of(structure, n_samples), n_samples);
  }
  out.line("{} void {}filter_(float *z, const float *x, float *y, size_t n) {{", names.function, names.symbol);
  {
    const auto body = out.indent();
    for (const Run& run : runs_of(cascade)) print_run(out, names, run, model::state_words(cascade));
  }
  out.line("}}");
  out.line("");
}

void print_grouped_filter(Printer& out, const Names& names, std::size_t n_sections) {
  const std::vector<Group> groups = groups_of(n_sections);
  for (const Group& group : groups) print_group(out, names, group.n_sections, samples_per_turn(Optimize::speed));
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

std::size_t section_filter_bytes(const model::SosCascade& cascade, Optimize optimize) {
  std::size_t bytes = frame_bytes;
  for (const SosStructure structure : structures_of(cascade)) {
    bytes += form_of(structure, 1).bytes * n_steps(samples_per_turn(optimize));
  }
  return bytes;
}

std::size_t grouped_filter_bytes(std::size_t n_sections) {
  std::size_t bytes = frame_bytes;
  const std::size_t step = form_of(SosStructure::direct, 1).bytes * n_steps(samples_per_turn(Optimize::speed));
  for (const Group& group : groups_of(n_sections)) bytes += step * group.n_sections;
  return bytes;
}

}  // namespace emlc::c
